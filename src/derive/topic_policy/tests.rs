use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::derive::policy_document::Organization;
use crate::id::AccountId;

const TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main";
const TOPIC: &str = "arn:aws:sns:eu-west-1:222233334444:trail";

fn judge(text: Option<&str>, complete: bool) -> TopicPolicyVerdict {
    let accounts: BTreeSet<AccountId> = ["111122223333", "222233334444"].iter().map(|id| id.parse().unwrap()).collect();
    let trusted = BTreeSet::new();
    let organization = Organization { id: Some("o-own"), accounts: &accounts, complete };
    let (topic, arn) = (TOPIC.parse().unwrap(), TRAIL.parse().unwrap());
    let trails = [LogTrail {
        arn: &arn,
        prefix: None,
        is_organization: Some(false),
        organization: Some("o-own"),
        validation: Some(true),
        kms_key: None,
    }];
    let scope = Scope { owner: None, organization, trusted: &trusted };
    topic_policy(&TopicPolicyInputs { policy: text, topic: &topic, scope, trails: &trails })
}

fn of(statements: &[Value]) -> TopicPolicyVerdict {
    judge(Some(&json!({ "Version": "2012-10-17", "Statement": statements }).to_string()), true)
}

fn statement(effect: &str, principal: Value, action: Value, condition: Value) -> Value {
    json!({ "Sid": "S", "Effect": effect, "Principal": principal, "Action": action, "Resource": TOPIC,
        "Condition": condition })
}

fn allow(principal: Value, action: Value, condition: Value) -> Value {
    statement("Allow", principal, action, condition)
}

fn publish(condition: Value) -> Value {
    allow(json!({ "Service": "cloudtrail.amazonaws.com" }), json!("SNS:Publish"), condition)
}

/// The statement that SNS makes a topic with.
fn default() -> Value {
    let actions = ["AddPermission", "DeleteTopic", "GetTopicAttributes", "ListSubscriptionsByTopic", "Publish"];
    let more = ["RemovePermission", "SetTopicAttributes", "Subscribe"];
    let actions: Vec<String> = actions.iter().chain(&more).map(|action| format!("SNS:{action}")).collect();
    allow(json!({ "AWS": "*" }), json!(actions), json!({ "StringEquals": { "AWS:SourceOwner": "222233334444" } }))
}

fn pinned() -> Value {
    publish(json!({ "StringEquals": { "aws:SourceArn": TRAIL } }))
}

/// Whether CloudTrail's publishing is pinned, and whether the topic is open.
fn known(verdict: &TopicPolicyVerdict) -> (Option<bool>, Option<bool>) {
    (verdict.publish_is_pinned.known(), verdict.is_open.known())
}

#[test]
fn the_policy_of_the_guide_beside_that_of_sns() {
    let verdict = of(&[default(), pinned()]);
    assert_eq!(known(&verdict), (Some(true), Some(false)), "{verdict:?}");
    assert_eq!((&verdict.notes, &verdict.outsiders), (&vec![], &vec![]));
}

#[test]
fn what_pins_cloudtrail_and_what_does_not() {
    let cases = [
        (json!({ "StringEquals": { "aws:SourceArn": TRAIL } }), true),
        (json!({ "ArnLike": { "aws:SourceArn": "arn:aws:cloudtrail:*:111122223333:trail/*" } }), true),
        (json!({ "StringEquals": { "aws:SourceAccount": ["111122223333", "222233334444"] } }), true),
        (json!({ "StringEquals": { "aws:SourceOrgID": "o-own" } }), true),
        (json!({}), false),
        (json!({ "StringLike": { "aws:SourceAccount": "*" } }), false),
        (json!({ "ArnLike": { "aws:SourceArn": "arn:aws:cloudtrail:*:*:trail/*" } }), false),
        (json!({ "StringEqualsIfExists": { "aws:SourceArn": TRAIL } }), false),
        (json!({ "StringEquals": { "aws:PrincipalOrgID": "o-own" } }), false),
    ];
    for (condition, expected) in cases {
        let verdict = of(&[publish(condition.clone())]);
        assert_eq!(verdict.publish_is_pinned.known(), Some(expected), "{condition}: {verdict:?}");
    }
    let because = of(&[publish(json!({}))]).publish_is_pinned.because();
    assert_eq!(because, ["statement 1 (\"S\") allows cloudtrail.amazonaws.com sns:Publish, for whichever account"]);
}

#[test]
fn who_else_gets_in() {
    let everybody = json!("*");
    let owner = json!({ "StringEquals": { "AWS:SourceOwner": "999988887777" } });
    let cases = [
        (allow(everybody.clone(), json!("sns:Subscribe"), json!({})), Some(true)),
        (allow(everybody.clone(), json!("sns:*"), owner), Some(true)),
        (allow(json!({ "AWS": "999988887777" }), json!("sns:Publish"), json!({})), Some(true)),
        (allow(json!({ "AWS": "111122223333" }), json!("sns:Publish"), json!({})), Some(false)),
        (allow(everybody.clone(), json!("sns:GetTopicAttributes"), json!({})), Some(false)),
        (allow(json!({ "Service": "s3.amazonaws.com" }), json!("sns:Publish"), json!({})), Some(true)),
        (
            allow(
                json!({ "Service": "events.amazonaws.com" }),
                json!("sns:Publish"),
                json!({ "StringEquals": { "aws:SourceAccount": "111122223333" } }),
            ),
            Some(false),
        ),
        (allow(json!({ "Service": "cloudtrail.amazonaws.com" }), json!("sns:*"), json!({})), Some(true)),
        (allow(everybody, json!("sns:Publish"), json!({ "StringEquals": { "aws:SourceVpce": "vpce-1" } })), None),
    ];
    for (given, expected) in cases {
        let verdict = of(&[pinned(), given.clone()]);
        assert_eq!(verdict.is_open.known(), expected, "{given}: {verdict:?}");
    }
}

#[test]
fn a_deny_takes_back_what_is_allowed() {
    let open = allow(json!("*"), json!("sns:Subscribe"), json!({}));
    let fence =
        statement("Deny", json!("*"), json!("sns:*"), json!({ "StringNotEquals": { "aws:PrincipalOrgID": "o-own" } }));
    assert_eq!(of(&[pinned(), open.clone()]).is_open.known(), Some(true));
    assert_eq!(of(&[pinned(), open.clone(), fence]).is_open.known(), Some(false));
    let all = statement("Deny", json!("*"), json!("sns:Subscribe"), json!({}));
    assert_eq!(of(&[pinned(), open, all]).is_open.known(), Some(false));
}

#[test]
fn that_cloudtrail_cannot_publish_is_noted() {
    let notes = |statements: &[Value]| of(statements).notes.iter().map(Reason::to_string).collect::<Vec<_>>();
    let none = format!("no statement allows cloudtrail.amazonaws.com sns:Publish for {TRAIL}");
    assert_eq!(notes(&[]), std::slice::from_ref(&none));
    let other = publish(json!({ "StringEquals": { "aws:SourceArn": format!("{TRAIL}-2") } }));
    assert_eq!(notes(&[other]), [none]);
    let deny = statement("Deny", json!("*"), json!("sns:Publish"), json!({}));
    assert_eq!(notes(&[pinned(), deny]), ["statement 2 (\"S\") denies cloudtrail.amazonaws.com sns:Publish"]);
}

#[test]
fn nothing_read_nonsense_and_a_part_that_is_nonsense() {
    for text in [None, Some("<"), Some(r#"{"Statement": [7]}"#)] {
        assert_eq!(known(&judge(text, true)), (None, None), "{text:?}");
    }
    assert_eq!(known(&judge(Some(r#"{"Statement": []}"#), true)), (Some(true), Some(false)));
    let verdict = of(&[json!(7), publish(json!({}))]);
    assert_eq!(known(&verdict), (Some(false), None), "what is proven stays proven: {verdict:?}");
}

#[test]
fn an_organization_that_was_not_read_in_full_leaves_strangers_open() {
    let stranger = allow(json!({ "AWS": "999988887777" }), json!("sns:Subscribe"), json!({}));
    let text = json!({ "Statement": [pinned(), stranger] }).to_string();
    assert_eq!(known(&judge(Some(&text), false)), (Some(true), None));
    assert_eq!(known(&judge(Some(&text), true)), (Some(true), Some(true)));
}
