//! Log buckets, over whole runs.

use std::collections::BTreeSet;

use crate::simulated::{ARCHIVE, BUCKET, MANAGEMENT, MEMBER, TRAIL, good_world};
use crate::{find_each, not_passed, report, set};
use serde_json::json;
use trailproof::evaluate::Outcome;
use trailproof::simulator::{Denial, PolicyKind, Trail, TrailStatus, World, log_bucket_policy};

/// One thing is broken at a time, and only what is about it fails.
#[test]
fn each_defect_is_found_by_its_rule_alone() {
    find_each(&[
        (
            "versioning off",
            |world| world.buckets[0].versioning = None,
            &["log-bucket-versioning fail example-trail-logs"],
        ),
        ("no lifecycle", |world| world.buckets[0].lifecycle = None, &["log-bucket-lifecycle fail example-trail-logs"]),
        (
            "no lock",
            |world| world.buckets[0].object_lock = None,
            &[
                "log-bucket-deny-delete fail example-trail-logs",
                "log-bucket-mfa-delete fail example-trail-logs",
                "log-bucket-object-lock-retention fail example-trail-logs",
            ],
        ),
        (
            "short retention",
            |world| {
                world.buckets[0].object_lock = None;
                world.buckets[0].lifecycle = Some(json!({ "Rules": [{
                    "ID": "short", "Status": "Enabled", "Filter": { "Prefix": "" }, "Expiration": { "Days": 364 },
                }] }));
            },
            &[
                "log-bucket-deny-delete fail example-trail-logs",
                "log-bucket-mfa-delete fail example-trail-logs",
                "log-bucket-object-lock-retention fail example-trail-logs",
                "log-bucket-retention fail example-trail-logs",
            ],
        ),
        (
            "no access logs",
            |world| world.buckets[0].logging = None,
            &["log-bucket-access-logging fail example-trail-logs"],
        ),
        (
            "no encryption",
            |world| world.buckets[0].encryption = None,
            &["log-bucket-encryption fail example-trail-logs"],
        ),
        (
            "no block of public access",
            |world| {
                world.buckets[0].public_access_block = None;
                for account in &mut world.accounts {
                    account.public_access_block = None;
                }
            },
            &["log-bucket-bpa-effective fail example-trail-logs"],
        ),
        (
            "everybody reads, with TLS",
            |world| {
                let allow = json!({ "Sid": "Pub", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
                    "Resource": format!("arn:aws:s3:::{BUCKET}/*"), "Condition": { "Bool": { "aws:SecureTransport": "true" } } });
                add_statement(world, allow);
                world.buckets[0].public_access_block = None;
            },
            &[
                "log-bucket-bpa-effective fail example-trail-logs",
                "log-bucket-external-access fail example-trail-logs",
                "log-bucket-not-public fail example-trail-logs",
            ],
        ),
        (
            "a stranger reads",
            |world| add_statement(world, allow("arn:aws:iam::999999999999:root", "s3:GetObject")),
            &["log-bucket-external-access fail example-trail-logs"],
        ),
        (
            "a member deletes",
            |world| add_statement(world, allow(&format!("arn:aws:iam::{MEMBER}:role/ops"), "s3:DeleteObject")),
            &["log-bucket-policy-write fail example-trail-logs"],
        ),
        (
            "AWS Config writes too",
            |world| {
                let mut shared = allow("", "s3:PutObject");
                shared["Principal"] = json!({ "Service": "config.amazonaws.com" });
                shared["Condition"] = json!({ "StringEquals": { "aws:SourceOrgID": "o-exampleorg" } });
                add_statement(world, shared);
            },
            &["log-bucket-dedicated fail example-trail-logs"],
        ),
        (
            "for any account's trail",
            |world| {
                let policy = world.buckets[0].policy.as_deref().unwrap();
                let mut policy: serde_json::Value = serde_json::from_str(policy).unwrap();
                let statement = &mut policy["Statement"];
                statement[1]["Condition"]["StringEquals"].as_object_mut().unwrap().remove("aws:SourceArn");
                statement[2]["Condition"]["StringEquals"].as_object_mut().unwrap().remove("aws:SourceArn");
                world.buckets[0].policy = Some(policy.to_string());
            },
            &["log-bucket-policy-source-arn fail example-trail-logs"],
        ),
        (
            "a path without the organization",
            |world| world.buckets[0].policy = Some(log_bucket_policy(BUCKET, TRAIL, None).to_string()),
            &["log-bucket-policy-path fail example-trail-logs"],
        ),
        (
            "digests are refused",
            |world| {
                add_statement(
                    world,
                    json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
                    "Resource": format!("arn:aws:s3:::{BUCKET}/AWSLogs/*/CloudTrail-Digest/*") }),
                );
            },
            &[
                "log-bucket-allows-digest-encryption fail example-trail-logs",
                "log-bucket-policy-path fail example-trail-logs",
            ],
        ),
        (
            "without TLS",
            |world| {
                let policy = world.buckets[0].policy.as_deref().unwrap();
                let mut policy: serde_json::Value = serde_json::from_str(policy).unwrap();
                policy["Statement"].as_array_mut().unwrap().retain(|statement| statement["Effect"] == "Allow");
                world.buckets[0].policy = Some(policy.to_string());
            },
            &["log-bucket-deny-insecure-transport fail example-trail-logs"],
        ),
        (
            "requesters pay",
            |world| world.buckets[0].payer = Some("Requester".to_owned()),
            &["log-bucket-not-requester-pays fail example-trail-logs"],
        ),
        (
            "a policy that is no JSON",
            |world| world.buckets[0].policy = Some("{".to_owned()),
            &[
                "log-bucket-allows-digest-encryption unknown example-trail-logs",
                "log-bucket-dedicated unknown example-trail-logs",
                "log-bucket-deny-insecure-transport unknown example-trail-logs",
                "log-bucket-external-access unknown example-trail-logs",
                "log-bucket-policy-path unknown example-trail-logs",
                "log-bucket-policy-source-arn unknown example-trail-logs",
                "log-bucket-policy-write unknown example-trail-logs",
            ],
        ),
        (
            "bucket gone",
            |world| world.buckets.retain(|bucket| bucket.name != BUCKET),
            &["log-bucket-exists-and-owned fail example-trail-logs"],
        ),
    ]);
}

fn allow(principal: &str, action: &str) -> serde_json::Value {
    json!({ "Sid": "Extra", "Effect": "Allow", "Principal": { "AWS": principal }, "Action": action,
        "Resource": format!("arn:aws:s3:::{BUCKET}/*") })
}

fn add_statement(world: &mut World, statement: serde_json::Value) {
    let policy = world.buckets[0].policy.as_deref().unwrap();
    let mut policy: serde_json::Value = serde_json::from_str(policy).unwrap();
    policy["Statement"].as_array_mut().unwrap().push(statement);
    world.buckets[0].policy = Some(policy.to_string());
}

/// A denied read makes unknown what rests on it, and nothing else.
#[test]
fn what_could_not_be_read_of_a_bucket_or_key_is_unknown() {
    let bucket = |rules: &[&str]| -> BTreeSet<String> {
        rules.iter().map(|rule| format!("log-bucket-{rule} unknown {BUCKET}")).collect()
    };
    let cases: [(&str, BTreeSet<String>); 4] = [
        (
            "s3:GetBucketPolicy",
            bucket(&[
                "allows-digest-encryption",
                "dedicated",
                "deny-insecure-transport",
                "external-access",
                "policy-path",
                "policy-source-arn",
                "policy-write",
            ]),
        ),
        ("s3:GetBucketRequestPayment", bucket(&["not-requester-pays"])),
        ("s3:GetBucketPolicyStatus", bucket(&[])),
        ("kms:GetKeyPolicy", set(&["kms-key-policy unknown 00000000-0000-0000-0000-000000000001"])),
    ];
    for (action, expected) in cases {
        let mut world = good_world();
        let archive = world.accounts.iter_mut().find(|account| account.id == ARCHIVE).unwrap();
        *archive = archive.clone().with_denial(Denial::explicit(PolicyKind::Identity, action));
        assert_eq!(not_passed(&report(world)), expected, "{action}");
    }
}

/// Whether rules cover the folder of Insights matters only where a trail writes there.
#[test]
fn a_lifecycle_that_leaves_insights_out_is_unknown_while_they_are() {
    let judged = |refused: bool| {
        let mut world = good_world();
        world.trails[0] = Trail::new(MANAGEMENT, "org-trail", "us-east-1", BUCKET)
            .multi_region()
            .validated()
            .with_insights([json!({ "InsightType": "ApiCallRateInsight" })]);
        let own = |folder: &str| {
            json!({ "ID": folder, "Status": "Enabled", "Expiration": { "Days": 2555 },
                "Filter": { "Prefix": format!("AWSLogs/{MANAGEMENT}/{folder}/") } })
        };
        world.buckets[0].lifecycle = Some(json!({ "Rules": [own("CloudTrail"), own("CloudTrail-Digest")] }));
        if refused {
            let denial = Denial::explicit(PolicyKind::Identity, "cloudtrail:GetInsightSelectors");
            world.accounts[0] = world.accounts[0].clone().with_denial(denial);
        }
        let found = report(world);
        let of = |judgement: &&trailproof::evaluate::Judgement| judgement.policy.as_str() == "log-bucket-lifecycle";
        found.judgements.iter().find(of).unwrap().outcome.as_str().to_owned()
    };
    assert_eq!((judged(false).as_str(), judged(true).as_str()), ("fail", "unknown"));
}

/// What S3 itself says of a policy is noted where it differs, and does not decide.
#[test]
fn a_disagreement_with_s3_is_noted() {
    let mut world = good_world();
    world.buckets[0].policy_is_public = Some(true);
    let report = report(world);
    let judgement = report.judgements.iter().find(|judgement| judgement.policy.as_str() == "log-bucket-not-public");
    let judgement = judgement.unwrap();
    assert_eq!(judgement.outcome, Outcome::Pass);
    assert!(judgement.notes[0].starts_with("S3 itself calls the policy public"), "{:?}", judgement.notes);
}

/// Data events of the log bucket, as another trail records them, are as good as access logs; its own are not.
#[test]
fn data_events_of_a_log_bucket_are_recorded_by_another_trail() {
    let of = |selectors: serde_json::Value, target: &str| {
        let mut world = good_world();
        world.buckets[0].logging = None;
        let status = TrailStatus::logging(jiff::Timestamp::now());
        let watch = Trail::new(ARCHIVE, "watch", "us-east-1", target).with_status(status);
        world.trails.push(watch.selecting_advanced([json!({ "FieldSelectors": selectors })]));
        not_passed(&report(world)).contains(&format!("log-bucket-access-logging fail {BUCKET}"))
    };
    let objects = |more: serde_json::Value| {
        let mut fields = vec![
            json!({ "Field": "eventCategory", "Equals": ["Data"] }),
            json!({ "Field": "resources.type", "Equals": ["AWS::S3::Object"] }),
        ];
        fields.extend(more.as_object().map(|_| more.clone()));
        json!(fields)
    };
    let elsewhere = "example-access-logs";
    assert!(!of(objects(json!(null)), elsewhere));
    assert!(of(objects(json!(null)), BUCKET), "a trail does not watch over its own bucket");
    let named = json!({ "Field": "resources.ARN", "StartsWith": [format!("arn:aws:s3:::{BUCKET}/")] });
    assert!(!of(objects(named), elsewhere));
    let other = json!({ "Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::other/"] });
    assert!(of(objects(other), elsewhere));
    assert!(of(objects(json!({ "Field": "readOnly", "Equals": ["false"] })), elsewhere), "reads are missing");
}
