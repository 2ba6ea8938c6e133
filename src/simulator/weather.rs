//! What goes wrong between a request and its answer: rules that a test sets, the same on every run.

mod damage;

pub(super) use damage::damage;

use super::answer::Heard;
use super::glob::covers;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What happens to a request or its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The answer comes later.
    Latency(Duration),
    /// The service's own throttling error.
    Throttle,
    /// An HTTP status, with the service's own error for 500 and 503.
    Status(u16),
    /// An error in the service's own form.
    Refuse {
        /// The HTTP status.
        status: u16,
        /// The code.
        code: String,
        /// The message.
        message: String,
    },
    /// The service's own "access denied", with a message.
    Deny(String),
    /// No connection comes about; on a socket it is closed at once.
    ConnectionRefused,
    /// The connection breaks before the answer.
    ResetBeforeAnswer,
    /// The connection breaks in the middle of the body.
    ResetInBody,
    /// No answer, ever.
    NeverAnswers,
    /// The first half of the body, as if it were all of it.
    HalfAnswer,
    /// The body under another content type.
    ContentType(String),
    /// A body that is neither JSON nor XML.
    MalformedBody,
    /// No body.
    EmptyBody,
    /// A body blown up to so many bytes, with blanks that a parser must skip.
    HugeBody(usize),
    /// A redirect to the one of two Regions that was not asked.
    RedirectLoop(String, String),
    /// The answer without a field, wherever it stands.
    WithoutField(String),
    /// A word that no service of AWS uses in the place of every value that looks like one of an enumeration.
    UnknownWords,
    /// Every page says that the next one is the first.
    LoopingToken,
    /// Every page says that there is another one, by a token that was never seen before.
    EndlessTokens,
    /// Another body.
    RawBody(String),
}

/// When a rule applies to the requests that it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Always,
    First(u64),
    After(u64),
    Every(u64),
    /// Out of a hundred, chosen by a seed.
    Rate(u64, u64),
}

impl When {
    /// Whether the rule applies to the request with a number, counted from 0.
    fn is_due(self, number: u64) -> bool {
        match self {
            Self::Always => true,
            Self::First(count) => number < count,
            Self::After(count) => number >= count,
            Self::Every(step) => (number + 1).is_multiple_of(step.max(1)),
            Self::Rate(percent, seed) => mix(seed ^ number) % 100 < percent,
        }
    }
}

/// SplitMix64: spreads a number evenly, the same on every machine.
fn mix(number: u64) -> u64 {
    let z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A rule: which requests, when, and what happens to them. Patterns know `*` and `?`.
///
/// ```
/// use trailproof::simulator::{Effect, Weather};
/// // The first two DescribeTrails in each account and Region are throttled.
/// let rule = Weather::new(Effect::Throttle).on("cloudtrail", "DescribeTrails").in_region("eu-*").first(2).each_place();
/// # let _ = rule;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weather {
    service: String,
    operation: String,
    account: String,
    region: String,
    when: When,
    each_place: bool,
    effect: Effect,
}

impl Weather {
    /// An effect on every request.
    pub fn new(effect: Effect) -> Self {
        let all = || "*".to_owned();
        let (service, operation, account, region) = (all(), all(), all(), all());
        Self { service, operation, account, region, when: When::Always, each_place: false, effect }
    }

    /// The rule, for a service and operation.
    #[must_use]
    pub fn on(mut self, service: &str, operation: &str) -> Self {
        self.service = service.to_owned();
        self.operation = operation.to_owned();
        self
    }

    /// The rule, for requests of an account.
    #[must_use]
    pub fn in_account(mut self, pattern: impl std::fmt::Display) -> Self {
        self.account = pattern.to_string();
        self
    }

    /// The rule, for requests to a Region.
    #[must_use]
    pub fn in_region(mut self, pattern: impl std::fmt::Display) -> Self {
        self.region = pattern.to_string();
        self
    }

    /// The rule, for the first requests only.
    #[must_use]
    pub fn first(mut self, count: u64) -> Self {
        self.when = When::First(count);
        self
    }

    /// The rule, once so many requests have passed.
    #[must_use]
    pub fn after(mut self, count: u64) -> Self {
        self.when = When::After(count);
        self
    }

    /// The rule, for every so-manieth request.
    #[must_use]
    pub fn every(mut self, step: u64) -> Self {
        self.when = When::Every(step);
        self
    }

    /// The rule, for a share of the requests, chosen by a seed.
    #[must_use]
    pub fn percent(mut self, share: u64, seed: u64) -> Self {
        self.when = When::Rate(share, seed);
        self
    }

    /// The rule, counting separately for each account, Region, service and operation, so that the order in which
    /// concurrent requests arrive does not matter.
    #[must_use]
    pub fn each_place(mut self) -> Self {
        self.each_place = true;
        self
    }
}

/// The rules, and how often each has matched.
#[derive(Debug, Default)]
pub(super) struct Forecast {
    rules: Vec<(Weather, Count)>,
}

#[derive(Debug, Default)]
struct Count {
    together: AtomicU64,
    by_place: Mutex<HashMap<String, u64>>,
}

impl Forecast {
    pub(super) fn new(rules: Vec<Weather>) -> Self {
        Self { rules: rules.into_iter().map(|rule| (rule, Count::default())).collect() }
    }

    pub(super) fn rules(&self) -> Vec<Weather> {
        self.rules.iter().map(|(rule, _)| rule.clone()).collect()
    }

    /// What happens to a request, in the order of the rules.
    pub(super) fn effects(&self, heard: &Heard<'_>) -> Vec<&Effect> {
        let due = self.rules.iter().filter(|(rule, count)| {
            covers(&rule.service, &heard.service_name)
                && covers(&rule.operation, &heard.operation)
                && covers(&rule.account, heard.account())
                && covers(&rule.region, heard.region)
                && rule.when.is_due(count.next(rule, heard))
        });
        due.map(|(rule, _)| &rule.effect).collect()
    }
}

impl Count {
    fn next(&self, rule: &Weather, heard: &Heard<'_>) -> u64 {
        if rule.when == When::Always {
            return 0;
        }
        if !rule.each_place {
            return self.together.fetch_add(1, Ordering::Relaxed);
        }
        let place = format!("{}/{}/{}/{}", heard.account(), heard.region, heard.service_name, heard.operation);
        let mut counts = self.by_place.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(place).or_default();
        *count += 1;
        *count - 1
    }
}

#[cfg(test)]
mod tests {
    use super::When;

    fn due(when: When) -> Vec<u64> {
        (0..8).filter(|&number| when.is_due(number)).collect()
    }

    #[test]
    fn when_rules_are_due() {
        assert_eq!(due(When::First(2)), [0, 1]);
        assert_eq!(due(When::After(6)), [6, 7]);
        assert_eq!(due(When::Every(3)), [2, 5]);
        assert_eq!(due(When::Every(0)).len(), 8);
        assert!(due(When::Rate(0, 1)).is_empty());
        assert_eq!(due(When::Rate(100, 1)).len(), 8);
        let half = (0..10_000).filter(|&number| When::Rate(50, 7).is_due(number)).count();
        assert!((4_800..5_200).contains(&half), "{half}");
    }
}
