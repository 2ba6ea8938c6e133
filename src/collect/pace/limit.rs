//! The rate at which requests of one scope go out: slower after a throttle, as far as that helps, and faster again.

use std::time::Duration;

use super::LONGEST_WAIT;

/// A time, since 1970.
pub(super) type Moment = Duration;

/// What a scope that was throttled begins again with, in requests a second.
const AFTER_A_THROTTLE: f64 = 5.0;

/// No request is so far ahead of its time but for a clock that was set back.
const FAR: Duration = Duration::from_secs(600);

/// Throttles within so long of one another are of requests that were under way together.
const TOGETHER: Duration = Duration::from_millis(250);

/// The slowest, in requests a second.
const SLOWEST: f64 = 1.0;

/// The fastest that a limit is let to be: beyond it is none.
const FASTEST: f64 = 500.0;

/// What a throttle leaves of the rate, and what an answer makes of it. A fifth of all requests may be throttled for reasons
/// that are not ours, and the rate holds; where more are, it falls.
const AFTER_EACH: (f64, f64) = (0.96, 1.02);

/// Of the last sixteen answers, so many throttles halve the rate: most are, so it is far too fast.
const JAM: u32 = 12;

/// A rate that falls with throttles, and rises with answers.
#[derive(Debug)]
pub(super) struct Limit {
    rate: f64,
    burst: f64,
    /// What the rate never rises above.
    most: f64,
    /// When all that went out has been earned.
    earned: Moment,
    /// Nothing goes out before.
    pause: Moment,
    /// When the rate was last halved.
    pub(super) slowed: Option<Moment>,
    /// The last sixteen answers, a bit each: set for a throttle.
    last: u16,
}

impl Limit {
    pub(super) fn new(rate: f64, burst: f64, now: Moment) -> Self {
        Self { rate, burst, most: FASTEST, earned: now, pause: now, slowed: None, last: 0 }
    }

    /// The same, with a rate that it never rises above.
    pub(super) fn at_most(self, most: f64) -> Self {
        Self { most, ..self }
    }

    /// No limit, of a scope in which there was a throttle: the SDK asks again, and that is all, until most are.
    pub(super) fn none(now: Moment) -> Self {
        Self::new(f64::INFINITY, 1.0, now)
    }

    /// When the next request may go out.
    pub(super) fn next(&mut self, now: Moment) -> Moment {
        let each = Duration::try_from_secs_f64(1.0 / self.rate).unwrap_or_default();
        let ahead = each.mul_f64((self.burst - 1.0).max(0.0));
        // A clock that was set back is none to wait by.
        if self.earned > now + FAR {
            (self.earned, self.pause) = (now, now);
        }
        self.earned = self.earned.max(now);
        let at = self.earned.saturating_sub(ahead).max(now).max(self.pause.min(now + LONGEST_WAIT));
        self.earned += each;
        at
    }

    /// A throttle: a little slower, and half as fast where most are, once for all requests that were under way together;
    /// waits as long as was asked for.
    pub(super) fn throttled(&mut self, hint: Duration, now: Moment) {
        self.last = (self.last << 1) | 1;
        self.pause = self.pause.max(now + hint);
        self.rate = (self.rate * AFTER_EACH.0).max(SLOWEST);
        let together = self.slowed.is_some_and(|slowed| now.saturating_sub(slowed) < TOGETHER);
        if !together && self.last.count_ones() >= JAM {
            self.slow_down(now);
        }
    }

    /// Those that wait take turns anew.
    fn slow_down(&mut self, now: Moment) {
        let rate = if self.rate.is_finite() { self.rate } else { 2.0 * AFTER_A_THROTTLE };
        self.rate = (rate / 2.0).max(SLOWEST);
        self.burst = 1.0;
        self.slowed = Some(now);
        self.earned = now;
        self.pause = self.pause.max(now + Duration::from_secs_f64(1.0 / self.rate));
        self.last = 0;
    }

    /// An answer: a little faster again.
    pub(super) fn answered(&mut self) {
        self.last <<= 1;
        if self.rate.is_finite() {
            self.rate = (self.rate * AFTER_EACH.1).min(self.most);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Duration::from_secs(1_800_000_000);

    fn second(second: u64) -> Moment {
        NOW + Duration::from_secs(second)
    }

    fn after(limit: &mut Limit, now: Moment) -> Duration {
        limit.next(now).saturating_sub(now)
    }

    #[test]
    fn a_burst_goes_out_at_once_and_the_rest_as_it_is_earned() {
        let mut limit = Limit::new(5.0, 8.0, NOW);
        let waits: Vec<u128> = (0..10).map(|_| after(&mut limit, NOW).as_millis()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 0, 0, 0, 200, 400]);
    }

    #[test]
    fn many_throttles_halve_the_rate_once_for_all_at_a_time_and_answers_restore_it() {
        let mut limit = Limit::new(100.0, 20.0, NOW);
        for _ in 0..15 {
            limit.throttled(Duration::ZERO, NOW);
        }
        let halved = limit.rate;
        assert!(halved > 25.0 && halved < 50.0, "{halved}");
        for _ in 0..100 {
            limit.answered();
        }
        assert!(limit.rate > 100.0, "{}", limit.rate);
        for at in 1..400 {
            limit.throttled(Duration::ZERO, second(at));
        }
        assert_eq!(limit.rate, 1.0);
    }

    #[test]
    fn answers_lift_no_rate_above_its_most() {
        let mut limit = Limit::new(5.0, 8.0, NOW).at_most(5.0);
        (0..100).for_each(|_| limit.answered());
        assert_eq!(limit.rate, 5.0);
        limit.throttled(Duration::ZERO, NOW);
        assert!(limit.rate < 5.0);
        (0..100).for_each(|_| limit.answered());
        assert_eq!(limit.rate, 5.0);
    }

    /// A fifth of all requests is throttled, whatever the rate.
    #[test]
    fn a_fifth_of_throttles_does_not_slow_down() {
        let mut limit = Limit::new(100.0, 20.0, NOW);
        let (mut at, mut slowest) = (NOW, limit.rate);
        for number in 0..2_000_u32 {
            at += Duration::from_millis(20);
            match number.wrapping_mul(2_654_435_761) % 5 {
                0 => limit.throttled(Duration::ZERO, at),
                _ => limit.answered(),
            }
            slowest = slowest.min(limit.rate);
        }
        assert!(slowest > 80.0, "{slowest}");
    }

    /// More than a quota allows is throttled, and nothing below it.
    #[test]
    fn a_quota_slows_down_to_what_it_allows() {
        let (quota, mut limit) = (25.0, Limit::new(100.0, 20.0, NOW));
        let (mut left, mut at, mut throttles, mut sent) = (quota, NOW, 0_u32, 0_u32);
        while at < second(120) {
            let next = limit.next(at);
            left = f64::min(quota, left + next.saturating_sub(at).as_secs_f64() * quota);
            at = next.max(at + Duration::from_micros(1));
            sent += 1;
            if left >= 1.0 {
                left -= 1.0;
                limit.answered();
            } else {
                throttles += 1;
                limit.throttled(Duration::ZERO, at);
            }
        }
        assert!(throttles * 5 < sent * 2, "{throttles} of {sent}");
        assert!(f64::from(sent - throttles) > 120.0 * quota * 0.9, "{sent}");
    }

    #[test]
    fn some_throttles_in_a_scope_without_a_limit_make_none() {
        let mut limit = Limit::none(NOW);
        for at in 1..u64::from(JAM) {
            limit.throttled(Duration::ZERO, second(at));
        }
        assert!(limit.rate.is_infinite() && after(&mut limit, second(15)) == Duration::ZERO);
        limit.throttled(Duration::ZERO, second(16));
        assert_eq!(limit.rate, AFTER_A_THROTTLE);
    }

    #[test]
    fn a_hint_is_honoured() {
        let mut limit = Limit::new(100.0, 20.0, NOW);
        limit.throttled(Duration::from_secs(3), NOW);
        assert!(after(&mut limit, NOW) >= Duration::from_secs(3));
        let mut limit = Limit::none(NOW);
        limit.throttled(Duration::from_secs(3), NOW);
        assert!(after(&mut limit, NOW) >= Duration::from_secs(3));
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nothing() {
        let mut limit = Limit::new(5.0, 1.0, second(7_200));
        assert_eq!(after(&mut limit, NOW), Duration::ZERO);
    }
}
