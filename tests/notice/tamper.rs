//! Changes of trails: who is told of them, and by what.

use trailproof::evaluate::Outcome;
use trailproof::policy::{Setting, load};
use trailproof::simulator::{
    Alarm, Denial, EventBus, EventRule, MetricFilter, PolicyKind, Subscription, Topic, Trail, TrailStatus, World,
};

use crate::simulated::{ALERTS, ARCHIVE, BUCKET, BUS, MANAGEMENT, MEMBER, TRAIL_CHANGES, good_world};
use crate::{metric, of, report, rules, watch};

const EVENTS: &str = "events.amazonaws.com";
const RULE: &str = "tamper-alert-path";
const CHANGES: &str = r#"{ ($.eventSource = "cloudtrail.amazonaws.com") && (($.eventName = "StopLogging") ||
    ($.eventName = "DeleteTrail") || ($.eventName = "UpdateTrail") || ($.eventName = "Put*")) }"#;

/// A name, what is done to the world, the outcome, and what the evidence says.
type Case<'a> = (&'a str, fn(&mut World), &'a str, &'a str);

fn check(world: fn() -> World, cases: &[Case<'_>]) {
    for (name, change, expected, told) in cases {
        let mut world = world();
        change(&mut world);
        let report = report(world, &[]);
        let judgement = of(&report, RULE);
        let evidence = format!("{:?}", judgement.evidence);
        assert_eq!(judgement.outcome.as_str(), *expected, "{name}: {evidence}");
        assert!(evidence.contains(told), "{name}: {evidence}");
    }
}

fn topic(world: &mut World) -> &mut Topic {
    world.topics.iter_mut().find(|topic| topic.arn == ALERTS).unwrap()
}

fn pattern(names: &str) -> String {
    format!(r#"{{ "source": ["aws.cloudtrail"], "detail": {{ "eventName": [{names}] }} }}"#)
}

/// The good world's rule, moved to another bus.
fn moved(world: &mut World, bus: &str) {
    let moved = std::mem::take(rules(world));
    world.event_buses.push(EventBus { rules: moved, ..EventBus::new(bus) });
}

fn deny(world: &mut World, action: &str) {
    let denial = Denial::explicit(PolicyKind::ServiceControl, action);
    world.account_mut(MANAGEMENT).unwrap().denials.push(denial);
}

#[test]
fn a_rule_of_the_owners_bus_at_the_trails_home_tells_somebody() {
    let cases: [Case<'_>; 15] = [
        ("as it is", |_| {}, "pass", "topic alerts → email …@example.com"),
        ("no rule", |world| rules(world).clear(), "fail", "no enabled rule of the event bus default"),
        ("disabled", |world| rules(world)[0].state = "DISABLED".to_owned(), "fail", "no enabled rule"),
        (
            "selectors forgotten",
            |world| rules(world)[0].pattern = Some(pattern(r#""StopLogging", "DeleteTrail", "UpdateTrail""#)),
            "fail",
            "org-trail (PutEventSelectors, PutInsightSelectors): ",
        ),
        (
            "by prefix and suffix",
            |world| {
                let names = r#"{ "prefix": "Put" }, { "suffix": "Trail" }, { "equals-ignore-case": "stoplogging" }"#;
                rules(world)[0].pattern = Some(pattern(names));
            },
            "pass",
            "trail-changes",
        ),
        (
            "for one way of naming the trail",
            |world| {
                let pattern = TRAIL_CHANGES.trim_end().trim_end_matches("} }").to_owned();
                rules(world)[0].pattern = Some(pattern + r#", "requestParameters": { "name": ["org-trail"] } } }"#);
            },
            "fail",
            "all changes",
        ),
        ("no target", |world| rules(world)[0].targets.clear(), "fail", "it sends events nowhere"),
        (
            "a function",
            |world| rules(world)[0].targets[0].arn = "arn:aws:lambda:us-east-1:111111111111:function:page".to_owned(),
            "unknown",
            "function:page is there and tells anybody is not read",
        ),
        ("no topic", |world| world.topics.retain(|topic| topic.arn != ALERTS), "fail", "does not exist"),
        ("no subscriber", |world| topic(world).subscriptions.clear(), "fail", "nobody has subscribed"),
        (
            "unconfirmed",
            |world| topic(world).subscriptions.iter_mut().for_each(|one: &mut Subscription| one.confirmed = false),
            "fail",
            "nobody has confirmed",
        ),
        ("elsewhere", |world| moved(world, &BUS.replace("us-east-1", "eu-west-1")), "fail", "no enabled rule"),
        ("in a member", |world| moved(world, &BUS.replace(MANAGEMENT, MEMBER)), "fail", "no enabled rule"),
        ("rules refused", |world| deny(world, "events:ListRules"), "unknown", "could not be read"),
        ("subscribers refused", |world| deny(world, "sns:ListSubscriptionsByTopic"), "unknown", "could not be read"),
    ];
    check(good_world, &cases);
}

#[test]
fn events_are_followed_to_another_bus_and_no_further() {
    let to = |world: &mut World, from: &str, to: &str| {
        let bus =
            EventBus::new(from).with_rule(EventRule::new("forward", r#"{ "source": ["aws.cloudtrail"] }"#).to(to));
        world.event_buses.push(bus);
    };
    let second = BUS.replace(MANAGEMENT, MEMBER);
    let third = BUS.replace(MANAGEMENT, ARCHIVE);
    let outcome = |buses: &[&str]| {
        let mut world = good_world();
        world.event_buses.clear();
        for pair in buses.windows(2) {
            to(&mut world, pair[0], pair[1]);
        }
        let last = buses.last().unwrap();
        let topic = ALERTS.replace(MANAGEMENT, last.split(':').nth(4).unwrap());
        world.event_buses.push(EventBus::new(last).with_rule(EventRule::new("told", TRAIL_CHANGES).to(&topic)));
        for bus in &mut world.event_buses[1..] {
            *bus = bus.clone().letting(MANAGEMENT);
        }
        world.topics.push(Topic::new(&topic).letting(EVENTS).heard_by("email", "oncall@example.com"));
        of(&report(world, &[]), RULE).outcome.as_str()
    };
    assert_eq!(outcome(&[BUS, &second]), "pass");
    assert_eq!(outcome(&[BUS, &second, &third]), "fail");
}

/// A world without EventBridge: a filter of the log group notices changes, and an alarm tells of them.
fn alarmed() -> World {
    let mut world = good_world();
    world.event_buses.clear();
    watch(&mut world, "tamper", CHANGES, ALERTS);
    world
}

fn filter(world: &mut World) -> &mut MetricFilter {
    &mut world.log_groups[0].metric_filters[0]
}

#[test]
fn an_alarm_on_the_trails_log_group_tells_somebody() {
    let cases: [Case<'_>; 17] = [
        ("as it is", |_| {}, "pass", "filter tamper: metric CIS/tamper → alarm tamper → topic alerts → email"),
        (
            "selectors forgotten",
            |world| filter(world).pattern = CHANGES.replace("Put*", "CreateTrail"),
            "fail",
            "org-trail (PutEventSelectors, PutInsightSelectors): no metric filter of trail matches",
        ),
        ("not a pattern", |world| filter(world).pattern = "{ $.eventName = ".to_owned(), "unknown", "cannot be read"),
        ("no filter", |world| world.log_groups[0].metric_filters.clear(), "fail", "has no metric filter"),
        ("no alarm", |world| world.alarms.clear(), "fail", "no alarm of 111111111111 in us-east-1 watches"),
        (
            "another Region's alarm",
            |world| world.alarms[0].arn = world.alarms[0].arn.replace("us-east-1", "eu-west-1"),
            "fail",
            "no alarm of 111111111111 in us-east-1 watches",
        ),
        (
            "another account's alarm",
            |world| world.alarms[0].arn = world.alarms[0].arn.replace(MANAGEMENT, MEMBER),
            "fail",
            "no alarm of 111111111111 in us-east-1 watches",
        ),
        ("another metric", |world| metric(&mut world.alarms[0]).namespace.push('2'), "fail", "no alarm"),
        ("five at once", |world| metric(&mut world.alarms[0]).threshold = 5.0, "fail", "one event does not reach"),
        ("disabled", |world| world.alarms[0].actions_enabled = false, "fail", "has its actions disabled"),
        ("idle", |world| world.alarms[0].actions.clear(), "fail", "does nothing when it goes off"),
        ("nobody hears", |world| topic(world).subscriptions.clear(), "fail", "nobody has subscribed"),
        (
            "nothing comes to the group",
            |world| world.trails[0].status.log_group_error = Some("AccessDenied".to_owned()),
            "fail",
            "events do not come to the log group: AccessDenied",
        ),
        ("no log group", |world| world.trails[0].log_group = None, "fail", "the trail has no log group"),
        ("alarms refused", |world| deny(world, "cloudwatch:DescribeAlarms"), "unknown", "could not be read"),
        ("filters refused", |world| deny(world, "logs:DescribeMetricFilters"), "unknown", "could not be read"),
        (
            "an alarm on the alarm",
            |world| {
                world.alarms[0].actions.clear();
                let arn = world.alarms[0].arn.replace(":tamper", ":any");
                world.alarms.push(Alarm::on_alarms(&arn, r#"ALARM("other") OR ALARM("tamper")"#).telling(ALERTS));
            },
            "pass",
            "alarm tamper → alarm any → topic alerts",
        ),
    ];
    check(alarmed, &cases);
}

/// What one way cannot tell, the other may prove.
#[test]
fn either_way_is_enough() {
    let mut world = alarmed();
    world.event_buses = good_world().event_buses;
    deny(&mut world, "events:ListRules");
    assert_eq!(of(&report(world, &[]), RULE).outcome, Outcome::Pass);
}

#[test]
fn trails_are_judged_that_log_and_are_not_redundant() {
    let outcome = |change: fn(&mut World)| {
        let mut world = good_world();
        change(&mut world);
        of(&report(world, &[]), RULE).outcome.as_str().to_owned()
    };
    let beside: fn(&mut World) = |world| {
        let status = TrailStatus::logging(jiff::Timestamp::now());
        world.trails.push(Trail::new(MEMBER, "leftover", "eu-west-1", BUCKET).with_status(status));
    };
    assert_eq!(outcome(beside), "pass", "the organization's trail records all that it does");
    let data = |world: &mut World| {
        let own = world.trails.last_mut().unwrap();
        *own = own.clone().selecting([serde_json::json!({ "ReadWriteType": "All", "IncludeManagementEvents": true,
            "DataResources": [{ "Type": "AWS::S3::Object", "Values": ["arn:aws:s3"] }] })]);
    };
    let mut world = good_world();
    beside(&mut world);
    data(&mut world);
    let judged = report(world, &[]);
    assert_eq!(of(&judged, RULE).outcome, Outcome::Fail);
    assert!(format!("{:?}", of(&judged, RULE).evidence).contains("leftover (all changes): the trail has no log group"));
    assert_eq!(
        outcome(|world| world.trails[0].status = TrailStatus::stopped(jiff::Timestamp::now())),
        "not-applicable"
    );
    assert_eq!(outcome(|world| world.trails.clear()), "not-applicable");
}

#[test]
fn what_is_declared_is_listed_and_no_pass() {
    const SIEM: &str = "our SIEM, security team, 2026-11-20";
    let set = format!("{RULE}.declared={SIEM}");
    let mut silent = good_world();
    silent.event_buses.clear();
    let declared = Outcome::NotApplicable { reason: format!("declared: {SIEM}").into() };
    assert_eq!(of(&report(silent, &[&set]), RULE).outcome, declared);
    let mut refused = good_world();
    deny(&mut refused, "events:ListRules");
    assert_eq!(of(&report(refused, &[&set]), RULE).outcome, declared);
    assert_eq!(of(&report(good_world(), &[&set]), RULE).outcome, Outcome::Pass);
    let policies = load(&[]).policies;
    for vague in ["our SIEM", "our SIEM, security team", "our SIEM, security team, soon", ", team, 2026-11-20"] {
        let error = Setting::parse(&format!("{RULE}.declared={vague}"), &policies).unwrap_err();
        assert!(error.contains("by whom and when"), "{error}");
    }
}
