//! What lifecycle rules do to log objects: how early one can be gone, and whether all of them are managed.
//!
//! Source: S3 User Guide, "Managing the lifecycle of objects", "Lifecycle configuration elements".

use super::log_keys::{LogKeys, Reach};
use crate::snapshot::{Lifecycle, LifecycleFilter, LifecycleRule, ObjectLock};

/// The earliest day on which a lifecycle rule lets some log object go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expiry {
    /// Days after the object was written (or became noncurrent); none where no rule lets any go.
    pub earliest_days: Option<i64>,
    /// Rules that may match log objects by tag or size, by their ids: named, not judged.
    pub filtered: Vec<String>,
    /// Rules of which it is not known whether they match log objects, by their ids.
    pub undecided: Vec<String>,
}

/// The earliest day on which an enabled rule lets a log object of these trails go, current or noncurrent.
///
/// A rule with a date lets objects go from that day on, however young they are, so it counts as day 0: "the action
/// becomes applicable to objects … and S3 continues to apply it as long as the rule is Enabled".
pub fn expiry(lifecycle: &Lifecycle, trails: &[LogKeys]) -> Expiry {
    let mut read = Expiry::default();
    for rule in lifecycle.rules.iter().filter(|rule| rule.status == "Enabled") {
        let Some(days) = days_of(rule) else { continue };
        match reach(rule, trails) {
            Reach::None => {}
            Reach::Undecided => read.undecided.push(name_of(rule)),
            Reach::All | Reach::Some if is_filtered(rule) => read.filtered.push(name_of(rule)),
            Reach::All | Reach::Some => {
                read.earliest_days = Some(read.earliest_days.map_or(days, |earliest| earliest.min(days)));
            }
        }
    }
    read
}

/// Whether enabled rules take every log object of these trails in and move it to a colder class or expire it; nothing
/// where a filter by tag or size, or an organization that is not known, leaves it open.
///
/// `folders` are those that each trail writes to, such as `CloudTrail/` and `CloudTrail-Digest/`.
pub fn covers_all(lifecycle: &Lifecycle, trails: &[(LogKeys, Vec<&str>)]) -> Option<bool> {
    let managing: Vec<&LifecycleRule> =
        lifecycle.rules.iter().filter(|rule| rule.status == "Enabled" && manages(rule)).collect();
    let mut open = false;
    for (keys, folders) in trails {
        for folder in folders {
            let reaches = |rule: &&&LifecycleRule| keys.reach_in_folder(prefix_of(rule), folder);
            if managing.iter().any(|rule| reaches(&rule) == Reach::All && !is_filtered(rule)) {
                continue;
            }
            let may = |rule: &&&LifecycleRule| match reaches(rule) {
                Reach::All => is_filtered(rule),
                Reach::Undecided => true,
                Reach::Some | Reach::None => false,
            };
            if !managing.iter().any(|rule| may(&rule)) {
                return Some(false);
            }
            open = true;
        }
    }
    if open { None } else { Some(true) }
}

/// The days of a default retention, where Object Lock has one: a year counts 365 days.
pub fn lock_days(lock: &ObjectLock) -> Option<i64> {
    let years = lock.years.map(|years| i64::from(years) * 365);
    lock.days.map(i64::from).or(years).filter(|_| lock.enabled)
}

fn name_of(rule: &LifecycleRule) -> String {
    rule.id.clone().unwrap_or_else(|| "(without an id)".to_owned())
}

fn prefix_of(rule: &LifecycleRule) -> &str {
    rule.filter.as_ref().and_then(|filter| filter.prefix.as_deref()).unwrap_or("")
}

fn is_filtered(rule: &LifecycleRule) -> bool {
    let by_more = |filter: &LifecycleFilter| {
        !filter.tags.is_empty()
            || filter.size_greater_than.is_some_and(|bytes| bytes > 0)
            || filter.size_less_than.is_some()
    };
    rule.filter.as_ref().is_some_and(by_more)
}

fn reach(rule: &LifecycleRule, trails: &[LogKeys]) -> Reach {
    let reaches: Vec<Reach> = trails.iter().map(|keys| keys.reach_of(prefix_of(rule))).collect();
    if reaches.iter().any(|reach| matches!(reach, Reach::All | Reach::Some)) {
        Reach::Some
    } else if reaches.contains(&Reach::Undecided) {
        Reach::Undecided
    } else {
        Reach::None
    }
}

/// After how many days a rule lets an object, or a version that has become noncurrent, go.
fn days_of(rule: &LifecycleRule) -> Option<i64> {
    let current = rule.expiration.as_ref().and_then(|expiration| match (expiration.date, expiration.days) {
        (Some(_), _) => Some(0),
        (None, days) => days.map(i64::from),
    });
    let noncurrent = rule.noncurrent_expiration.as_ref().and_then(|expiration| expiration.days.map(i64::from));
    current.into_iter().chain(noncurrent).min()
}

/// Whether a rule moves current objects to a colder class or expires them.
fn manages(rule: &LifecycleRule) -> bool {
    let expires =
        rule.expiration.as_ref().is_some_and(|expiration| expiration.days.is_some() || expiration.date.is_some());
    let moves = rule.transitions.iter().any(|transition| transition.days.is_some() || transition.date.is_some());
    expires || moves
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::{Expiration, NoncurrentExpiration, Transition};

    fn keys() -> LogKeys {
        LogKeys::new(None, "111122223333".parse().unwrap(), Some(false), None)
    }

    fn rule(prefix: &str) -> LifecycleRule {
        let filter = LifecycleFilter { prefix: Some(prefix.to_owned()), ..LifecycleFilter::default() };
        LifecycleRule { status: "Enabled".into(), filter: Some(filter), ..LifecycleRule::default() }
    }

    fn expires(prefix: &str, days: i32) -> LifecycleRule {
        LifecycleRule { expiration: Some(Expiration { days: Some(days), ..Expiration::default() }), ..rule(prefix) }
    }

    fn earliest(rules: Vec<LifecycleRule>) -> Option<i64> {
        expiry(&Lifecycle { rules }, &[keys()]).earliest_days
    }

    #[test]
    fn the_earliest_of_all_rules_that_meet_the_logs_counts() {
        assert_eq!(earliest(vec![]), None);
        assert_eq!(earliest(vec![expires("", 400), expires("AWSLogs/111122223333/CloudTrail-Digest/", 90)]), Some(90));
        assert_eq!(earliest(vec![expires("tmp/", 1)]), None);
        assert_eq!(earliest(vec![LifecycleRule { status: "Disabled".into(), ..expires("", 1) }]), None);
    }

    #[test]
    fn noncurrent_versions_count_and_dates_are_day_zero() {
        let noncurrent = NoncurrentExpiration { days: Some(30), newer_versions_kept: None };
        assert_eq!(
            earliest(vec![LifecycleRule { noncurrent_expiration: Some(noncurrent), ..expires("", 400) }]),
            Some(30)
        );
        let date = Expiration { date: Some("2030-01-01T00:00:00Z".parse().unwrap()), ..Expiration::default() };
        assert_eq!(earliest(vec![LifecycleRule { expiration: Some(date), ..rule("") }]), Some(0));
    }

    #[test]
    fn tags_and_sizes_are_named_and_not_judged() {
        let mut filtered = expires("", 1);
        filtered.filter.as_mut().unwrap().size_less_than = Some(1000);
        filtered.id = Some("small".into());
        let read = expiry(&Lifecycle { rules: vec![filtered] }, &[keys()]);
        assert_eq!((read.earliest_days, read.filtered), (None, vec!["small".to_owned()]));
    }

    #[test]
    fn delete_markers_and_unfinished_uploads_let_no_log_go() {
        let marker = Expiration { expired_object_delete_marker: Some(true), ..Expiration::default() };
        let rules = vec![
            LifecycleRule { expiration: Some(marker), ..rule("") },
            LifecycleRule { abort_incomplete_upload_days: Some(1), ..rule("") },
        ];
        assert_eq!(earliest(rules.clone()), None);
        assert_eq!(covers_all(&Lifecycle { rules }, &[(keys(), vec!["CloudTrail/"])]), Some(false));
    }

    #[test]
    fn all_folders_must_be_managed() {
        let folders = vec!["CloudTrail/", "CloudTrail-Digest/"];
        let covers = |rules: Vec<LifecycleRule>| covers_all(&Lifecycle { rules }, &[(keys(), folders.clone())]);
        let moves = |prefix: &str| LifecycleRule {
            transitions: vec![Transition { days: Some(30), date: None, storage_class: Some("GLACIER".into()) }],
            ..rule(prefix)
        };
        assert_eq!(covers(vec![]), Some(false));
        assert_eq!(covers(vec![moves("")]), Some(true));
        assert_eq!(covers(vec![moves("AWSLogs/111122223333/CloudTrail/")]), Some(false));
        let both =
            vec![moves("AWSLogs/111122223333/CloudTrail/"), expires("AWSLogs/111122223333/CloudTrail-Digest/", 999)];
        assert_eq!(covers(both), Some(true));
        let mut tagged = moves("");
        tagged.filter.as_mut().unwrap().tags.insert("class".into(), "log".into());
        assert_eq!(covers(vec![tagged]), None);
    }

    #[test]
    fn a_lock_is_counted_in_days() {
        let lock = ObjectLock { enabled: true, mode: None, days: None, years: Some(7) };
        assert_eq!(lock_days(&lock), Some(2555));
        assert_eq!(lock_days(&ObjectLock { enabled: false, ..lock }), None);
    }
}
