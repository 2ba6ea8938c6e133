//! Topics that hear of deliveries, over whole runs.

use std::collections::BTreeMap;

use crate::simulated::{MANAGEMENT, TOPIC, TRAIL, good_world, read};
use crate::{find_each, judge_set, not_passed, report, set};
use serde_json::{Value, json};
use trailproof::evaluate::Outcome;
use trailproof::simulator::{Denial, PolicyKind, Simulator, World};

/// A topic's policy: what CloudTrail may, and another statement.
fn topic_policy(statements: &[Value]) -> String {
    let mut all = vec![json!({ "Effect": "Allow", "Principal": { "Service": "cloudtrail.amazonaws.com" },
        "Action": "SNS:Publish", "Resource": TOPIC, "Condition": { "StringEquals": { "aws:SourceArn": TRAIL } } })];
    all.extend_from_slice(statements);
    json!({ "Version": "2012-10-17", "Statement": all }).to_string()
}

fn allow(principal: Value, action: &str, condition: Value) -> Value {
    json!({ "Effect": "Allow", "Principal": principal, "Action": action, "Resource": TOPIC, "Condition": condition })
}

/// One thing is broken at a time, and only what is about it fails.
#[test]
fn each_defect_is_found_by_its_rule_alone() {
    find_each(&[
        (
            "CloudTrail publishes for anybody",
            |world| {
                let anybody = allow(json!({ "Service": "cloudtrail.amazonaws.com" }), "SNS:Publish", json!({}));
                world.topics[0].policy = topic_policy(&[anybody]);
            },
            &["sns-topic-policy fail trail"],
        ),
        (
            "anybody subscribes",
            |world| world.topics[0].policy = topic_policy(&[allow(json!("*"), "sns:Subscribe", json!({}))]),
            &["sns-topic-policy fail trail"],
        ),
        (
            "a stranger publishes",
            |world| {
                let stranger = allow(json!({ "AWS": "999999999999" }), "sns:Publish", json!({}));
                world.topics[0].policy = topic_policy(&[stranger]);
            },
            &["sns-topic-policy fail trail"],
        ),
        (
            "a policy that is no JSON",
            |world| world.topics[0].policy = "{".to_owned(),
            &["sns-topic-policy unknown trail"],
        ),
        (
            "a topic that cannot be read",
            |world| {
                let denial = Denial::explicit(PolicyKind::Identity, "sns:GetTopicAttributes");
                world.accounts[0] = world.accounts[0].clone().with_denial(denial);
            },
            &[
                "sns-notifications unknown org-trail",
                "sns-topic-policy unknown trail",
                "tamper-alert-path unknown o-exampleorg",
            ],
        ),
    ]);
}

/// The statement that SNS makes a topic with, and the organization's own accounts.
#[test]
fn those_of_the_organization_are_let_in() {
    let owner = json!({ "StringEquals": { "AWS:SourceOwner": MANAGEMENT } });
    let organization = json!({ "StringEquals": { "aws:PrincipalOrgID": "o-exampleorg" } });
    let mut world = good_world();
    world.topics[0].policy = topic_policy(&[
        allow(json!({ "AWS": "*" }), "SNS:*", owner),
        allow(json!("*"), "sns:Subscribe", organization),
        allow(json!({ "AWS": "arn:aws:iam::333333333333:root" }), "sns:Subscribe", json!({})),
    ]);
    assert_eq!(not_passed(&report(world)), set(&[]));
}

#[test]
fn whom_a_parameter_trusts_may_subscribe_and_no_more() {
    let judged = |action: &str| {
        let mut world: World = good_world();
        world.topics[0].policy = topic_policy(&[allow(json!({ "AWS": "999999999999" }), action, json!({}))]);
        let trust = "sns-topic-policy.trusted_accounts=999999999999";
        let report = judge_set(&read(&Simulator::new(world)), "recommended", &[trust]);
        let judgements = report.judgements.into_iter();
        let of: BTreeMap<String, Outcome> = judgements.map(|found| (found.policy.to_string(), found.outcome)).collect();
        of["sns-topic-policy"].clone()
    };
    assert_eq!((judged("sns:Subscribe"), judged("sns:Publish")), (Outcome::Pass, Outcome::Fail));
}
