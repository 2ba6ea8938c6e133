//! Whether each link lets the one before it send: topics, their keys and subscriptions, and buses of other accounts.

use serde_json::{Value, json};
use trailproof::evaluate::Report;
use trailproof::simulator::{Denial, EventBus, EventRule, PolicyKind, Subscription, Topic, World};

use crate::simulated::{ALERTS, ARCHIVE, BUS, MANAGEMENT, TRAIL_CHANGES, good_world};
use crate::{of, report, rules, watch};

const RULE: &str = "tamper-alert-path";
const EVENTS: &str = "events.amazonaws.com";
const RULE_ARN: &str = "arn:aws:events:us-east-1:111111111111:rule/trail-changes";
const ALARM_ARN: &str = "arn:aws:cloudwatch:us-east-1:111111111111:alarm:tamper";
const ROLE: &str = "arn:aws:iam::111111111111:role/send";

/// A name, what is done to the world, the outcome, and what the evidence says.
type Case<'a> = (&'a str, fn(&mut World), &'a str, &'a str);

fn check(world: fn() -> World, cases: &[Case<'_>]) {
    for (name, change, expected, told) in cases {
        let mut world = world();
        change(&mut world);
        told_of(&report(world, &[]), name, expected, told);
    }
}

fn told_of(report: &Report, name: &str, expected: &str, told: &str) {
    let judgement = of(report, RULE);
    let evidence = format!("{:?}", judgement.evidence);
    assert_eq!(judgement.outcome.as_str(), expected, "{name}: {evidence}");
    assert!(evidence.contains(told), "{name}: {evidence}");
}

fn topic(world: &mut World) -> &mut Topic {
    world.topics.iter_mut().find(|topic| topic.arn == ALERTS).unwrap()
}

/// The topic, with a policy of these statements about publishing to it.
fn policy<const N: usize>(world: &mut World, statements: [Value; N]) {
    let statements = statements.map(|mut statement| {
        statement["Action"] = json!("sns:Publish");
        statement["Resource"] = json!(ALERTS);
        statement
    });
    topic(world).policy = json!({ "Version": "2012-10-17", "Statement": statements.to_vec() }).to_string();
}

fn service(name: &str) -> Value {
    json!({ "Effect": "Allow", "Principal": { "Service": name } })
}

fn only(mut statement: Value, operator: &str, key: &str, value: &str) -> Value {
    statement["Condition"] = json!({ operator: { key: value } });
    statement
}

fn deny(world: &mut World, action: &str) {
    let denial = Denial::explicit(PolicyKind::ServiceControl, action);
    world.account_mut(MANAGEMENT).unwrap().denials.push(denial);
}

#[test]
fn the_topic_lets_eventbridge_publish() {
    let cases: [Case<'_>; 15] = [
        (
            "as SNS makes it",
            |world| *topic(world) = topic(world).clone().as_made(),
            "fail",
            "the policy of the topic alerts does not let events.amazonaws.com publish: statement 1 \
             (\\\"__default_statement_ID\\\") allows events.amazonaws.com sns:Publish only where AWS:SourceOwner",
        ),
        (
            "the account",
            |world| {
                let root = json!({ "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111111111111:root" } });
                policy(world, [root]);
            },
            "fail",
            "no statement allows events.amazonaws.com sns:Publish",
        ),
        ("the service", |world| policy(world, [service(EVENTS)]), "pass", "topic alerts → email"),
        (
            "another service",
            |world| policy(world, [service("cloudwatch.amazonaws.com")]),
            "fail",
            "no statement allows",
        ),
        (
            "anybody",
            |world| policy(world, [json!({ "Effect": "Allow", "Principal": "*" })]),
            "pass",
            "topic alerts → email",
        ),
        (
            "for the rule",
            |world| policy(world, [only(service(EVENTS), "ArnEquals", "aws:SourceArn", RULE_ARN)]),
            "unknown",
            "its conditions name the rule or its account, and AWS does not say that EventBridge does",
        ),
        (
            "for another rule",
            |world| {
                policy(world, [only(service(EVENTS), "ArnEquals", "aws:SourceArn", &RULE_ARN.replace("trail-", ""))])
            },
            "fail",
            "only where aws:SourceArn",
        ),
        (
            "for an address",
            |world| policy(world, [only(service(EVENTS), "IpAddress", "aws:SourceIp", "192.0.2.0/24")]),
            "unknown",
            "under conditions of which it is not known whether they hold",
        ),
        (
            "denied",
            |world| policy(world, [service(EVENTS), json!({ "Effect": "Deny", "Principal": "*" })]),
            "fail",
            "statement 2 denies events.amazonaws.com sns:Publish",
        ),
        (
            "denied without TLS",
            |world| {
                let deny = json!({ "Effect": "Deny", "Principal": "*" });
                policy(world, [service(EVENTS), only(deny, "Bool", "aws:SecureTransport", "false")]);
            },
            "pass",
            "topic alerts → email",
        ),
        ("not a policy", |world| topic(world).policy = "{".to_owned(), "unknown", "it cannot be read"),
        ("policy refused", |world| deny(world, "sns:GetTopicAttributes"), "unknown", "could not be read"),
        (
            "by a role",
            |world| rules(world)[0].targets[0].role = Some(ROLE.to_owned()),
            "unknown",
            "whether the role arn:aws:iam::111111111111:role/send may publish to the topic alerts is not read",
        ),
        (
            "elsewhere",
            |world| {
                let arn = ALERTS.replace("us-east-1", "eu-west-1");
                rules(world)[0].targets[0].arn.clone_from(&arn);
                world.topics.push(Topic::new(&arn).letting(EVENTS).heard_by("email", "oncall@example.com"));
            },
            "fail",
            "the topic alerts is in eu-west-1",
        ),
        (
            "of another account",
            |world| {
                let arn = ALERTS.replace(MANAGEMENT, ARCHIVE);
                rules(world)[0].targets[0].arn.clone_from(&arn);
                world.topics.push(Topic::new(&arn).letting(EVENTS).heard_by("email", "oncall@example.com"));
            },
            "unknown",
            "of another account without a role is not documented",
        ),
    ];
    check(good_world, &cases);
}

#[test]
fn subscribers_are_given_what_the_topic_takes() {
    let filtered = |policy: &str| {
        let mut one = Subscription::new("email", "filtered@example.org");
        one.filter_policy = Some(policy.to_owned());
        one
    };
    let outcome = |subscriptions: Vec<Subscription>, told: &str| {
        let mut world = good_world();
        topic(&mut world).subscriptions = subscriptions;
        let report = report(world, &[]);
        let judgement = of(&report, RULE);
        let evidence = format!("{:?}", judgement.evidence);
        assert!(evidence.contains(told), "{evidence}");
        judgement.outcome.as_str()
    };
    let high = r#"{"severity":["high"]}"#;
    assert_eq!(outcome(vec![filtered(high)], "whether the filter policy of email …@example.org lets"), "unknown");
    assert_eq!(outcome(vec![filtered("{}")], "topic alerts → email …@example.org"), "pass");
    let other = Subscription::new("sqs", "arn:aws:sqs:us-east-1:111111111111:siem");
    let told = "topic alerts → sqs arn:aws:sqs:us-east-1:111111111111:siem\"";
    assert_eq!(outcome(vec![filtered(high), other], told), "pass");
    let refused: Case<'_> = (
        "refused",
        |world| deny(world, "sns:GetSubscriptionAttributes"),
        "unknown",
        "whether email …@example.com is given all that the topic alerts is sent could not be read",
    );
    check(good_world, &[refused]);
}

#[test]
fn the_key_of_the_topic_lets_the_service_in() {
    let cases: [Case<'_>; 2] = [
        (
            "the key that AWS manages",
            |world| topic(world).kms_key = Some("alias/aws/sns".to_owned()),
            "fail",
            "is encrypted with alias/aws/sns, whose policy does not let events.amazonaws.com in",
        ),
        (
            "another key",
            |world| topic(world).kms_key = Some("alias/alerts".to_owned()),
            "unknown",
            "whether the key alias/alerts of the topic alerts lets events.amazonaws.com encrypt is not read",
        ),
    ];
    check(good_world, &cases);
}

/// A world without EventBridge: an alarm tells of changes.
fn alarmed() -> World {
    const CHANGES: &str = r#"{ ($.eventSource = "cloudtrail.amazonaws.com") && (($.eventName = "*Trail") ||
        ($.eventName = "StopLogging") || ($.eventName = "Put*")) }"#;
    let mut world = good_world();
    world.event_buses.clear();
    watch(&mut world, "tamper", CHANGES, ALERTS);
    world
}

#[test]
fn the_topic_lets_alarms_publish() {
    const CLOUDWATCH: &str = "cloudwatch.amazonaws.com";
    let cases: [Case<'_>; 8] = [
        ("as SNS makes it", |world| *topic(world) = topic(world).clone().as_made(), "pass", "topic alerts → email"),
        (
            "CloudTrail alone",
            |world| policy(world, [service("cloudtrail.amazonaws.com")]),
            "fail",
            "the policy of the topic alerts does not let cloudwatch.amazonaws.com publish",
        ),
        (
            "EventBridge alone",
            |world| policy(world, [service(EVENTS)]),
            "fail",
            "does not let cloudwatch.amazonaws.com",
        ),
        (
            "for the alarm",
            |world| policy(world, [only(service(CLOUDWATCH), "ArnLike", "aws:SourceArn", ALARM_ARN)]),
            "pass",
            "topic alerts → email",
        ),
        (
            "for another alarm",
            |world| {
                policy(world, [only(service(CLOUDWATCH), "ArnLike", "aws:SourceArn", "arn:aws:cloudwatch:*:*:alarm:x")])
            },
            "fail",
            "only where aws:SourceArn",
        ),
        (
            "for the account",
            |world| policy(world, [only(service(CLOUDWATCH), "StringEquals", "aws:SourceAccount", MANAGEMENT)]),
            "pass",
            "topic alerts → email",
        ),
        (
            "as SNS makes it, in another account",
            |world| {
                let arn = ALERTS.replace(MANAGEMENT, ARCHIVE);
                world.alarms[0].actions = vec![arn.clone()];
                world.topics.push(Topic::new(&arn).as_made().heard_by("email", "oncall@example.com"));
            },
            "fail",
            "only where AWS:SourceOwner 222222222222",
        ),
        (
            "the key that AWS manages",
            |world| topic(world).kms_key = Some("alias/aws/sns".to_owned()),
            "fail",
            "whose policy does not let cloudwatch.amazonaws.com in",
        ),
    ];
    check(alarmed, &cases);
}

/// A world that sends changes to the bus of another account, where a rule tells of them.
fn forwarded() -> World {
    let mut world = good_world();
    let (other, topic) = (BUS.replace(MANAGEMENT, ARCHIVE), ALERTS.replace(MANAGEMENT, ARCHIVE));
    world.event_buses = vec![
        EventBus::new(BUS).with_rule(EventRule::new("trail-changes", TRAIL_CHANGES).to(&other)),
        EventBus::new(&other).letting(MANAGEMENT).with_rule(EventRule::new("tell", TRAIL_CHANGES).to(&topic)),
    ];
    world.topics.push(Topic::new(&topic).letting(EVENTS).heard_by("email", "oncall@example.com"));
    world
}

/// The policy of the other bus, of one statement.
fn other_bus(world: &mut World, principal: &Value, condition: Option<Value>) {
    let mut statement = json!({ "Effect": "Allow", "Action": "events:PutEvents", "Principal": principal, "Resource": world.event_buses[1].arn });
    if let Some(condition) = condition {
        statement["Condition"] = condition;
    }
    world.event_buses[1].policy = Some(json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string());
}

#[test]
fn the_bus_of_another_account_lets_the_rule_send() {
    let cases: [Case<'_>; 10] = [
        ("as it is", |_| {}, "pass", "topic alerts → email"),
        (
            "no policy",
            |world| world.event_buses[1].policy = None,
            "fail",
            "the policy of the event bus default of 222222222222 in us-east-1 does not let 111111111111 send events: it has none",
        ),
        (
            "another account",
            |world| other_bus(world, &json!({ "AWS": "444444444444" }), None),
            "fail",
            "no statement allows 111111111111 events:PutEvents",
        ),
        ("everybody", |world| other_bus(world, &json!("*"), None), "pass", "topic alerts → email"),
        (
            "the organization",
            |world| {
                let ours = json!({ "StringEquals": { "aws:PrincipalOrgID": "o-exampleorg" } });
                other_bus(world, &json!("*"), Some(ours));
            },
            "unknown",
            "under conditions of which it is not known whether they hold",
        ),
        (
            "the rule",
            |world| {
                let rule = json!({ "ArnEquals": { "aws:SourceArn": RULE_ARN } });
                other_bus(world, &json!({ "AWS": MANAGEMENT }), Some(rule));
            },
            "pass",
            "topic alerts → email",
        ),
        (
            "another rule",
            |world| {
                let rule = json!({ "ArnEquals": { "aws:SourceArn": RULE_ARN.replace("changes", "x") } });
                other_bus(world, &json!({ "AWS": MANAGEMENT }), Some(rule));
            },
            "fail",
            "only where aws:SourceArn",
        ),
        (
            "by a role",
            |world| world.event_buses[0].rules[0].targets[0].role = Some(ROLE.to_owned()),
            "unknown",
            "whether the role arn:aws:iam::111111111111:role/send may send events to the event bus default",
        ),
        (
            "by a role, and no policy",
            |world| {
                world.event_buses[0].rules[0].targets[0].role = Some(ROLE.to_owned());
                world.event_buses[1].policy = None;
            },
            "fail",
            "does not let 111111111111 send events",
        ),
        (
            "policy refused",
            |world| {
                let denial = Denial::explicit(PolicyKind::ServiceControl, "events:DescribeEventBus");
                world.account_mut(ARCHIVE).unwrap().denials.push(denial);
            },
            "unknown",
            "the policy of the event bus default of 222222222222 in us-east-1 could not be read",
        ),
    ];
    check(forwarded, &cases);
}

/// The bus of a trail's own account is asked for its policy only where events are sent to it.
#[test]
fn another_bus_of_the_account_is_not_taken_for_open() {
    let mut world = forwarded();
    let other = BUS.replace("default", "security");
    world.event_buses[0].rules[0].targets[0].arn.clone_from(&other);
    world.event_buses[1] = EventBus::new(&other).with_rule(EventRule::new("tell", TRAIL_CHANGES).to(ALERTS));
    told_of(&report(world.clone(), &[]), "no policy", "unknown", "without a role and a policy is not documented");
    world.event_buses[1] = world.event_buses[1].clone().letting(MANAGEMENT);
    told_of(&report(world, &[]), "let in", "pass", "topic alerts → email");
}
