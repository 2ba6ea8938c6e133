//! The alarms of the CIS benchmark on the log groups of trails.

use trailproof::evaluate::{Outcome, Report};
use trailproof::event::CisAlarm;
use trailproof::simulator::{Denial, LogGroup, PolicyKind, TrailStatus, World};

use crate::simulated::{ALERTS, LOG_GROUP, MANAGEMENT, MEMBER, good_world};
use crate::{metric, of, report, watch};

/// The pattern that a rule's page tells to set.
fn prescribed(id: &str) -> String {
    let path = format!("{}/policies/{id}.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let (_, rest) = text.split_once("--filter-pattern '").unwrap();
    let (pattern, _) = rest.split_once("'\n").unwrap();
    pattern.replace("{{", "{").replace("}}", "}")
}

fn ids() -> impl Iterator<Item = &'static str> {
    CisAlarm::ALL.iter().map(|alarm| alarm.id)
}

/// A world in which all is done that the rules' pages tell to do.
fn benchmarked() -> World {
    let mut world = good_world();
    for id in ids() {
        watch(&mut world, id, &prescribed(id), ALERTS);
    }
    world
}

/// The alarms that are not passed, with their outcomes.
fn not_passed(report: &Report) -> Vec<(&str, &str)> {
    ids().map(|id| (id, of(report, id).outcome.as_str())).filter(|(_, outcome)| *outcome != "pass").collect()
}

#[test]
fn what_the_pages_tell_to_do_is_enough() {
    let report = report(benchmarked(), &[]);
    assert_eq!(not_passed(&report), []);
    assert_eq!(of(&report, "alarm-actionable").outcome, Outcome::Pass);
}

#[test]
fn without_filters_every_alarm_is_missing() {
    let report = report(good_world(), &[]);
    assert!(ids().all(|id| of(&report, id).outcome == Outcome::Fail));
    assert!(of(&report, "alarm-vpc-change").message.contains("the log group trail has no metric filter"));
    assert_eq!(of(&report, "alarm-actionable").outcome.as_str(), "not-applicable");
}

/// One alarm at a time lacks something, and that one alone fails.
#[test]
fn each_alarm_that_lacks_something_is_found_by_its_rule_alone() {
    for (at, id) in ids().enumerate() {
        let mut world = benchmarked();
        // Each in another way, in turn.
        match at % 4 {
            0 => world.log_groups[0].metric_filters[at].pattern = narrowed(&prescribed(id)),
            1 => world.log_groups[0].metric_filters[at].metric.push_str("-2"),
            2 => world.alarms[at].actions.clear(),
            _ => world.alarms[at].actions = vec![format!("{ALERTS}-gone")],
        }
        assert_eq!(not_passed(&report(world, &[])), [(id, "fail")]);
    }
}

/// The pattern, for the events of one account alone.
fn narrowed(pattern: &str) -> String {
    let inner = pattern.trim().trim_start_matches('{').trim_end_matches('}');
    format!(r#"{{ ({inner}) && ($.recipientAccountId = "{MEMBER}") }}"#)
}

#[test]
fn one_filter_must_match_all_the_events() {
    let mut world = benchmarked();
    let at = ids().position(|id| id == "alarm-nacl-change").unwrap();
    world.log_groups[0].metric_filters[at].pattern = "{ $.eventName = CreateNetworkAcl* }".to_owned();
    watch(&mut world, "rest", "{ $.eventName = DeleteNetworkAcl* || $.eventName = ReplaceNetworkAcl* }", ALERTS);
    let report = report(world, &[]);
    assert_eq!(not_passed(&report), [("alarm-nacl-change", "fail")]);
    assert!(
        of(&report, "alarm-nacl-change").message.contains("it misses"),
        "{}",
        of(&report, "alarm-nacl-change").message
    );
}

/// Written otherwise, it means the same.
#[test]
fn patterns_are_asked_what_they_match_and_not_how_they_are_written() {
    let mut world = benchmarked();
    let mut write = |id: &str, pattern: &str| {
        let at = ids().position(|other| other == id).unwrap();
        world.log_groups[0].metric_filters[at].pattern = pattern.to_owned();
    };
    write("alarm-nacl-change", r#"{ $.eventName = "*NetworkAcl*" }"#);
    write("alarm-root-usage", r#"{ ($.userIdentity.type = "Root") }"#);
    write("alarm-unauthorized-api", "{ $.errorCode = * }");
    write("alarm-cloudtrail-change", "");
    assert_eq!(not_passed(&report(world, &[])), []);
}

#[test]
fn alarms_that_cannot_be_relied_on_are_found() {
    type Change = fn(&mut World);
    let cases: [(&str, Change, &str, &str); 7] = [
        ("disabled", |world| world.alarms[0].actions_enabled = false, "fail", "its actions are disabled"),
        ("idle", |world| world.alarms[0].actions.clear(), "fail", "it does nothing when it goes off"),
        (
            "downwards",
            |world| metric(&mut world.alarms[0]).comparison = "LessThanThreshold".to_owned(),
            "fail",
            "it goes off when there are few events",
        ),
        (
            "counts nothing",
            |world| world.log_groups[0].metric_filters[0].value = "0".to_owned(),
            "fail",
            "an event adds 0 to the metric",
        ),
        ("many at once", |world| metric(&mut world.alarms[0]).threshold = 10.0, "pass", ""),
        (
            "another matter",
            |world| {
                watch(world, "other", "{ $.eventName = DescribeInstances }", ALERTS);
                world.alarms.last_mut().unwrap().actions.clear();
            },
            "pass",
            "",
        ),
        (
            "refused",
            |world| {
                let denial = Denial::explicit(PolicyKind::ServiceControl, "cloudwatch:DescribeAlarms");
                world.account_mut(MANAGEMENT).unwrap().denials.push(denial);
            },
            "unknown",
            "",
        ),
    ];
    for (name, change, expected, told) in cases {
        let mut world = benchmarked();
        change(&mut world);
        let report = report(world, &[]);
        let judgement = of(&report, "alarm-actionable");
        assert_eq!(judgement.outcome.as_str(), expected, "{name}: {:?}", judgement.evidence);
        assert!(judgement.message.contains(told), "{name}: {}", judgement.message);
    }
}

#[test]
fn log_groups_are_judged_that_trails_feed() {
    let mut stopped = benchmarked();
    stopped.trails[0].status = TrailStatus::stopped(jiff::Timestamp::now());
    let said = report(stopped, &[]);
    let of_rule = |report: &Report| -> Vec<(bool, &str)> {
        let all = report.judgements.iter().filter(|judgement| judgement.policy.as_str() == "alarm-vpc-change");
        all.map(|one| (one.resource.as_deref() == Some(LOG_GROUP), one.outcome.as_str())).collect()
    };
    let said = of_rule(&said);
    assert!(said.contains(&(true, "not-applicable")) && said.contains(&(false, "fail")), "{said:?}");
    // Nothing is found in a log group that no trail feeds.
    let mut beside = good_world();
    beside.log_groups.push(LogGroup::new(&format!("{LOG_GROUP}-2")));
    assert_eq!(of_rule(&report(beside, &[])), [(true, "fail")]);
}

#[test]
fn filters_that_could_not_be_read_are_unknown() {
    let mut world = benchmarked();
    let denial = Denial::explicit(PolicyKind::ServiceControl, "logs:DescribeMetricFilters");
    world.account_mut(MANAGEMENT).unwrap().denials.push(denial);
    let report = report(world, &[]);
    assert!(ids().all(|id| of(&report, id).outcome.as_str() == "unknown"));
}
