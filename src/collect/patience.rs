//! How long a run waits for AWS, and how much it takes from it.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;

/// How long a run waits for an answer, how often it asks again, and how long an answer may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// At most so long for a call, all its attempts and the waits between them included: after it, the call is a gap.
    pub call: Duration,
    /// At most so long for one attempt.
    pub attempt: Duration,
    /// At most so long between two parts of an answer.
    pub read: Duration,
    /// At most so long until a connection stands.
    pub connect: Duration,
    /// At most so many attempts.
    pub attempts: u32,
    /// At most so long between the first attempt and the second, at most twice as long before the third, and so on.
    pub first_pause: Duration,
    /// At most so long between two attempts.
    pub pause: Duration,
    /// At most so many bytes in an answer: AWS's pages hold some hundred kilobytes.
    pub largest_answer: usize,
    /// At most so many pages of one listing: what has more is a gap. The longest that AWS has are the tables of a database
    /// in Athena, 200,000 at 50 a page (AWS Glue endpoints and quotas), and the accounts of a unit, 20 a page.
    pub most_pages: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            call: Duration::from_secs(120),
            attempt: Duration::from_secs(30),
            read: Duration::from_secs(20),
            connect: Duration::from_secs(5),
            attempts: 13,
            first_pause: Duration::from_millis(20),
            pause: Duration::from_secs(1),
            largest_answer: 32 << 20,
            most_pages: 5_000,
        }
    }
}

impl Patience {
    /// The patience of a call that may take so long altogether.
    ///
    /// ```
    /// use std::time::Duration;
    /// use trailproof::collect::Patience;
    ///
    /// let hasty = Patience::of_call(Duration::from_secs(8));
    /// assert!(hasty.attempt < hasty.call && hasty.call < Patience::default().call);
    /// ```
    pub fn of_call(call: Duration) -> Self {
        let usual = Self::default();
        let at_most = |share: u32, usual: Duration| usual.min(call / share);
        Self {
            call,
            attempt: at_most(2, usual.attempt),
            read: at_most(2, usual.read),
            connect: at_most(4, usual.connect),
            pause: at_most(4, usual.pause),
            ..usual
        }
    }

    /// Settings that all clients share, laid over the user's: bounded attempts and bounded waits.
    pub(super) fn over(self, base: SdkConfig) -> SdkConfig {
        let retry = RetryConfig::standard()
            .with_max_attempts(self.attempts)
            .with_initial_backoff(self.first_pause)
            .with_max_backoff(self.pause);
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(self.connect)
            .read_timeout(self.read)
            .operation_attempt_timeout(self.attempt)
            .operation_timeout(self.call)
            .build();
        // The SDK's own watch over slow answers would take for one of them a request that waits for its turn.
        let unwatched = StalledStreamProtectionConfig::disabled();
        base.into_builder().retry_config(retry).timeout_config(timeouts).stalled_stream_protection(unwatched).build()
    }
}
