//! What the policy of a log bucket means: as AWS writes such policies, as people get them wrong, and for every policy.

#![allow(clippy::unwrap_used)] // Helpers of tests, where clippy does not see that they are.

#[path = "bucket_policy/delivery.rs"]
mod delivery;
#[path = "bucket_policy/denies.rs"]
mod denies;
#[path = "bucket_policy/properties.rs"]
mod properties;
#[path = "public_access/statements.rs"]
mod statements;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use trailproof::derive::bucket_policy::{BucketPolicyInputs, BucketPolicyVerdict, LogTrail, bucket_policy};
use trailproof::derive::policy_document::{Organization, Scope};
use trailproof::id::{AccountId, TrailArn};
use trailproof::snapshot::BucketPolicy;

const OWN: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/own";
const ORGANIZATION: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/organization";
const KEY: &str = "arn:aws:kms:eu-west-1:111122223333:key/1";

fn ids(ids: &[&str]) -> BTreeSet<AccountId> {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

fn trail(arn: &TrailArn) -> LogTrail<'_> {
    let is_organization = arn.as_str() == ORGANIZATION;
    let (prefix, validation) = (is_organization.then_some("logs/"), Some(true));
    let (is_organization, organization) = (Some(is_organization), Some("o-own"));
    LogTrail { arn, prefix, is_organization, organization, validation, kms_key: None }
}

/// The verdict on a policy, with changes to what is known.
fn judge(
    text: Option<&str>,
    arn: &str,
    change: impl Fn(&mut BucketPolicyInputs<'_>, &mut LogTrail<'_>),
) -> BucketPolicyVerdict {
    let (accounts, trusted) = (ids(&["111122223333", "222233334444"]), ids(&["777788889999"]));
    let organization = Organization { id: Some("o-own"), accounts: &accounts, complete: true };
    let scope = Scope { owner: "222233334444".parse().ok(), organization, trusted: &trusted };
    let (bucket, partition, arn) = ("logs-bucket".parse().unwrap(), "aws".parse().unwrap(), arn.parse().unwrap());
    let policy = text.map(|text| BucketPolicy { document: (text != "none").then(|| text.to_owned()) });
    let mut inputs =
        BucketPolicyInputs { policy: policy.as_ref(), bucket: &bucket, partition: &partition, scope, trails: &[] };
    let mut trail = trail(&arn);
    change(&mut inputs, &mut trail);
    let trails = [trail];
    bucket_policy(&BucketPolicyInputs { trails: &trails, ..inputs })
}

fn document(statements: &[Value]) -> String {
    json!({ "Version": "2012-10-17", "Statement": statements }).to_string()
}

fn own(statements: &[Value]) -> BucketPolicyVerdict {
    judge(Some(&document(statements)), OWN, |_, _| {})
}

fn allow(principal: Value, action: &str, condition: Value) -> Value {
    json!({ "Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition,
            "Resource": ["arn:aws:s3:::logs-bucket", "arn:aws:s3:::logs-bucket/*"] })
}

fn deny(principal: Value, action: Value, condition: Value) -> Value {
    json!({ "Effect": "Deny", "Principal": principal, "Action": action, "Condition": condition,
            "Resource": ["arn:aws:s3:::logs-bucket", "arn:aws:s3:::logs-bucket/*"] })
}

fn put(keys: &str, condition: Value) -> Value {
    json!({ "Sid": "Write", "Effect": "Allow", "Principal": { "Service": "cloudtrail.amazonaws.com" }, "Action": "s3:PutObject",
            "Resource": format!("arn:aws:s3:::logs-bucket/{keys}"), "Condition": condition })
}

/// The policy of CloudTrail's guide for one account's trail.
fn guide() -> Vec<Value> {
    let check = json!({ "Effect": "Allow", "Principal": { "Service": "cloudtrail.amazonaws.com" }, "Action": "s3:GetBucketAcl",
                        "Resource": "arn:aws:s3:::logs-bucket", "Condition": { "StringEquals": { "aws:SourceArn": OWN } } });
    let condition = json!({ "StringEquals": { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": OWN } });
    vec![check, put("AWSLogs/111122223333/*", condition)]
}

/// Control Tower's policy: AWS Config writes beside CloudTrail, and the checks have no condition.
fn control_tower() -> Vec<Value> {
    let both = json!({ "Service": ["cloudtrail.amazonaws.com", "config.amazonaws.com"] });
    let pinned = json!({ "StringEquals": { "aws:SourceOrgID": "o-own" } });
    let config = json!({ "Effect": "Allow", "Principal": { "Service": ["config.amazonaws.com"] }, "Action": "s3:PutObject",
                         "Resource": ["arn:aws:s3:::logs-bucket/logs/AWSLogs/*/*"], "Condition": pinned.clone() });
    vec![
        deny(json!("*"), json!("s3:*"), json!({ "Bool": { "aws:SecureTransport": false } })),
        allow(both.clone(), "s3:GetBucketAcl", json!({})),
        allow(both, "s3:ListBucket", json!({})),
        config,
        put("logs/AWSLogs/*/*", pinned),
    ]
}

#[test]
fn the_policy_of_the_guide() {
    let verdict = own(&guide());
    assert_eq!(verdict.others_can_write.known(), Some(false));
    assert_eq!(verdict.outsiders_have_access.known(), Some(false));
    assert_eq!(verdict.others_write.known(), Some(false));
    assert_eq!(verdict.put_is_pinned.known(), Some(true));
    assert_eq!(
        verdict.deliveries[0].path_fits.because()[0],
        "statement 2 (\"Write\") allows cloudtrail.amazonaws.com s3:PutObject"
    );
    assert_eq!(verdict.deliveries[0].digests_pass.known(), Some(true));
    assert_eq!(verdict.denies_insecure_transport.known(), Some(false));
    assert_eq!(verdict.denies_deletes.known(), Some(false));
    assert_eq!(verdict.notes, []);
}

#[test]
fn the_policy_of_control_tower_is_quiet() {
    let verdict = judge(Some(&document(&control_tower())), ORGANIZATION, |_, _| {});
    assert_eq!(verdict.others_can_write.known(), Some(false), "{:?}", verdict.others_can_write);
    assert_eq!(verdict.outsiders_have_access.known(), Some(false), "{:?}", verdict.outsiders_have_access);
    assert_eq!(verdict.put_is_pinned.known(), Some(true));
    assert_eq!(verdict.deliveries[0].path_fits.known(), Some(true), "{:?}", verdict.deliveries);
    assert_eq!(verdict.deliveries[0].notes, []);
    assert_eq!(verdict.denies_insecure_transport.known(), Some(true));
    assert_eq!(verdict.others_write.known(), Some(true));
    assert_eq!(verdict.notes.len(), 2);
}

#[test]
fn nothing_read_nothing_there_and_nonsense() {
    for (text, known) in
        [(None, None), (Some("{"), None), (Some(r#"{"Statement": [7]}"#), None), (Some("none"), Some(false))]
    {
        let verdict = judge(text, OWN, |_, _| {});
        assert_eq!(verdict.others_can_write.known(), known, "{text:?}");
        assert_eq!(verdict.outsiders_have_access.known(), known, "{text:?}");
        assert_eq!(verdict.deliveries[0].path_fits.known(), known, "{text:?}");
        assert_eq!(verdict.denies_deletes.known(), known, "{text:?}");
        assert_eq!(verdict.denies_insecure_transport.known(), known, "{text:?}");
        assert_eq!(verdict.others_write.known(), known, "{text:?}");
    }
}

#[test]
fn who_else_can_write() {
    let member = json!({ "AWS": "arn:aws:iam::222233334444:role/admin" });
    let config = || json!({ "Service": "config.amazonaws.com" });
    let cases = [
        (allow(member.clone(), "s3:DeleteObject", json!({})), Some(true)),
        (allow(member.clone(), "s3:PutLifecycleConfiguration", json!({})), Some(true)),
        (allow(member.clone(), "s3:BypassGovernance*", json!({})), Some(true)),
        (allow(member.clone(), "s3:PutBucketNotification", json!({})), Some(true)),
        (allow(member.clone(), "s3:PutObjectTagging", json!({})), Some(true)),
        (allow(member, "s3:GetObject", json!({})), Some(false)),
        (
            allow(json!("*"), "s3:PutBucketPolicy", json!({ "StringEquals": { "aws:PrincipalOrgID": "o-own" } })),
            Some(true),
        ),
        (allow(json!({ "AWS": "AROAEXAMPLE0EXAMPLE0" }), "s3:*", json!({})), Some(false)),
        (allow(config(), "s3:PutObject", json!({})), Some(true)),
        (
            allow(config(), "s3:PutObject", json!({ "StringEquals": { "aws:SourceAccount": "222233334444" } })),
            Some(false),
        ),
        (
            allow(config(), "s3:PutObject", json!({ "StringEquals": { "aws:SourceAccount": "999999999999" } })),
            Some(true),
        ),
        (
            allow(config(), "s3:PutObject", json!({ "StringEqualsIfExists": { "aws:SourceAccount": "222233334444" } })),
            Some(true),
        ),
        // A strange account is outside, whatever network it comes from.
        (
            allow(
                config(),
                "s3:PutObject",
                json!({ "StringEquals": { "aws:SourceAccount": "999999999999", "aws:SourceVpce": "vpce-1" } }),
            ),
            Some(true),
        ),
        (allow(config(), "s3:PutObject", json!({ "StringEquals": { "aws:SourceVpce": "vpce-1" } })), None),
        (allow(json!({ "Service": "cloudtrail.amazonaws.com" }), "s3:PutObject", json!({})), Some(false)),
        (allow(json!({ "Service": "cloudtrail.amazonaws.com" }), "s3:*", json!({})), Some(true)),
        (
            json!({ "Effect": "Allow", "NotPrincipal": { "AWS": "222233334444" }, "NotAction": "s3:Get*", "NotResource": "x" }),
            Some(true),
        ),
        (
            json!({ "Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::other/*" }),
            Some(false),
        ),
        (json!({ "Effect": "Allow", "Principal": 7 }), None),
    ];
    for (statement, expected) in cases {
        assert_eq!(own(std::slice::from_ref(&statement)).others_can_write.known(), expected, "{statement}");
    }
}

#[test]
fn who_outside_the_organization_has_access() {
    let outside = || json!({ "AWS": "arn:aws:iam::999999999999:role/reader" });
    let cases = [
        (allow(outside(), "s3:GetObject", json!({})), Some(true)),
        (allow(outside(), "s3:GetObject", json!({ "StringEquals": { "aws:PrincipalOrgID": "o-own" } })), Some(false)),
        (allow(json!({ "AWS": "777788889999" }), "s3:GetObject", json!({})), Some(false)),
        (allow(json!({ "AWS": "111122223333" }), "s3:*", json!({})), Some(false)),
        (
            allow(
                json!({ "CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" }),
                "s3:GetObject",
                json!({}),
            ),
            None,
        ),
        (allow(json!("*"), "s3:ListBucket", json!({})), Some(true)),
        (
            allow(
                json!("*"),
                "s3:GetObject",
                json!({ "StringEquals": { "aws:PrincipalOrgID": ["o-own", "o-other"] } }),
            ),
            Some(true),
        ),
        (
            allow(
                json!("*"),
                "s3:GetObject",
                json!({ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-own/*" } }),
            ),
            Some(false),
        ),
        (
            allow(
                json!("*"),
                "s3:GetObject",
                json!({ "ForAllValues:StringLike": { "aws:PrincipalOrgPaths": "o-own/*" } }),
            ),
            Some(true),
        ),
        (allow(json!("*"), "s3:GetObject", json!({ "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } })), Some(true)),
        (allow(json!("*"), "s3:GetObject", json!({ "StringEquals": { "aws:SourceVpce": "vpce-1" } })), None),
        (allow(json!({ "Service": "cloudfront.amazonaws.com" }), "s3:GetObject", json!({})), Some(true)),
        (
            allow(
                json!({ "Service": "cloudfront.amazonaws.com" }),
                "s3:GetObject",
                json!({ "ArnLike": { "aws:SourceArn": "arn:aws:cloudfront::222233334444:distribution/*" } }),
            ),
            Some(false),
        ),
        (allow(outside(), "s3:GetBucketLocation", json!({})), Some(false)),
    ];
    for (statement, expected) in cases {
        assert_eq!(own(std::slice::from_ref(&statement)).outsiders_have_access.known(), expected, "{statement}");
    }
    // A trusted account is known by the statement's principal, or by what its conditions let through.
    let accounts = |statement: Value| -> Vec<Option<String>> {
        own(&[statement]).outsiders.iter().map(|outsider| outsider.account.map(|account| account.to_string())).collect()
    };
    let named = |id: &str| Some(id.to_owned());
    assert_eq!(accounts(allow(outside(), "s3:GetObject", json!({}))), [named("999999999999")]);
    assert_eq!(accounts(allow(json!("*"), "s3:GetObject", json!({}))), [None]);
    let bound = |key: &str, values: Value| json!({ "StringEquals": { key: values } });
    let two = json!(["999999999999", "222233334444", "888888888888"]);
    assert_eq!(
        accounts(allow(json!("*"), "s3:GetObject", bound("aws:PrincipalAccount", two))),
        [named("888888888888"), named("999999999999")]
    );
    let service = json!({ "Service": "cloudfront.amazonaws.com" });
    let source = bound("aws:SourceAccount", json!("999999999999"));
    assert_eq!(accounts(allow(service, "s3:GetObject", source)), [named("999999999999")]);
    assert_eq!(accounts(allow(json!("*"), "s3:GetObject", bound("aws:PrincipalOrgID", json!("o-other")))), [None]);
    // From wherever an outsider comes.
    let by_endpoint = allow(outside(), "s3:GetObject", json!({ "StringEquals": { "aws:SourceVpce": "vpce-1" } }));
    assert_eq!(own(&[by_endpoint]).outsiders_have_access.known(), Some(true));
    // While some account is unread, a strange account may be one's own.
    let reader = document(&[allow(outside(), "s3:GetObject", json!({}))]);
    let partly = judge(Some(&reader), OWN, |inputs, _| inputs.scope.organization.complete = false);
    assert_eq!(partly.outsiders_have_access.known(), None);
}

/// A reason can be read, however much is allowed.
#[test]
fn many_actions_are_not_all_named() {
    let open = own(&[allow(json!("*"), "s3:*", json!({}))]).outsiders_have_access.because();
    assert!(open[0].starts_with("statement 1 allows * s3:GetObject,") && open[0].contains(" more"), "{open:?}");
    assert!(open[0].len() < 160, "{open:?}");
}
