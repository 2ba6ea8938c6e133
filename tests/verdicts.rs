//! Verdicts on simulated organizations: what was planted is found, and nothing else.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;
mod verdicts {
    mod data_events;
    mod recorded;
    mod selectors;
}

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::json;
use simulated::{
    ARCHIVE, BUCKET, KEY, LOG_GROUP, MANAGEMENT, MEMBER, TOPIC, TRAIL, good_world, read, settings, try_read,
};
use trailproof::evaluate::{Outcome, Question, Report, evaluate};
use trailproof::policy::{Setting, Severity, load};
use trailproof::simulator::{
    Account, Denial, Key, PolicyKind, Simulator, Trail, TrailStatus, World, demo_organization, log_bucket_policy,
    trail_key_policy,
};
use trailproof::snapshot::Snapshot;

fn judge(snapshot: &Snapshot, pack: &str) -> Report {
    judge_set(snapshot, pack, &[])
}

/// Judges with parameters set, each as `RULE.PARAM=VALUE`.
fn judge_set(snapshot: &Snapshot, pack: &str, set: &[&str]) -> Report {
    let policies = load(&[]).policies;
    let settings: Vec<Setting> = set.iter().map(|text| Setting::parse(text, &policies).unwrap()).collect();
    let question = Question {
        policies: &policies,
        packs: vec![pack.into()],
        settings: &settings,
        fail_on: Some(Severity::Medium),
        allow_incomplete: false,
    };
    evaluate(snapshot, String::new(), &question)
}

fn report(world: World) -> Report {
    judge(&read(&Simulator::new(world)), "recommended")
}

/// The rules that fail or are unknown: `rule outcome name`.
fn not_passed(report: &Report) -> BTreeSet<String> {
    let judgements = report.judgements.iter();
    let judgements =
        judgements.filter(|judgement| matches!(judgement.outcome, Outcome::Fail | Outcome::Unknown { .. }));
    judgements
        .map(|judgement| {
            let resource = judgement.resource.as_deref().unwrap_or("none");
            let name = resource.rsplit([':', '/']).next().unwrap_or("");
            let account = judgement.account.map(|account| account.to_string()).unwrap_or_default();
            let name = if name == "root" { account.as_str() } else { name };
            format!("{} {} {name}", judgement.policy, judgement.outcome.as_str())
        })
        .collect()
}

fn set(expected: &[&str]) -> BTreeSet<String> {
    expected.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_good_organization_passes_everything() {
    let report = report(good_world());
    assert_eq!(not_passed(&report), set(&[]));
    assert_eq!(report.gate.exit_code, 0);
    let judged: BTreeSet<&str> = report.judgements.iter().map(|judgement| judgement.policy.as_str()).collect();
    assert_eq!(judged.len(), load(&[]).policies.pack("recommended").unwrap().rules.len());
}

#[test]
fn the_demo_is_judged_as_it_was_planted() {
    let mut settings = settings();
    settings.entrance.as_mut().unwrap().role_name = "trailproof-audit".to_owned();
    let snapshot = try_read(&Simulator::new(demo_organization(jiff::Timestamp::now())), &settings).unwrap();
    let mut table = String::new();
    for judgement in judge(&snapshot, "recommended").judgements {
        if judgement.outcome == Outcome::Pass {
            continue;
        }
        let resource = judgement.resource.unwrap_or_default();
        let outcome = judgement.outcome.as_str();
        let severity = judgement.severity.as_str();
        writeln!(table, "{outcome:<14} {severity:<8} {:<28} {resource}", judgement.policy.to_string()).unwrap();
    }
    insta::assert_snapshot!(table);
}

/// A name, what is broken, and what must be found.
type Defect<'a> = (&'a str, fn(&mut World), &'a [&'a str]);

/// One thing is broken at a time, and only what is about it fails.
#[test]
fn each_defect_is_found_by_its_rule_alone() {
    let cases: Vec<Defect<'_>> = vec![
        (
            "validation off",
            |world| world.trails[0].log_file_validation = false,
            &["log-file-validation fail org-trail"],
        ),
        ("no key", |world| world.trails[0].kms_key = None, &["kms-cmk-encryption fail org-trail"]),
        ("no topic", |world| world.trails[0].topic = None, &["sns-notifications fail org-trail"]),
        ("topic gone", |world| world.topics.retain(|topic| topic.arn != TOPIC), &["sns-notifications fail org-trail"]),
        (
            "log group gone",
            |world| world.log_groups.clear(),
            &["cloudwatch-logs-integration fail org-trail", "log-group-exists fail trail"],
        ),
        (
            "delivery error",
            |world| world.trails[0].status.delivery_error = Some("AccessDenied".to_owned()),
            &["s3-delivery-no-error fail org-trail"],
        ),
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
                "log-bucket-deny-delete unknown example-trail-logs",
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
                "log-bucket-deny-delete unknown example-trail-logs",
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
            "key disabled",
            |world| world.keys[0].state = "Disabled".to_owned(),
            &["kms-key-usable fail 00000000-0000-0000-0000-000000000001"],
        ),
        (
            "no rotation",
            |world| world.keys[0] = world.keys[0].clone().unrotated(),
            &["kms-key-rotation fail 00000000-0000-0000-0000-000000000001"],
        ),
        ("key gone", |world| world.keys.clear(), &["kms-key-usable fail 00000000-0000-0000-0000-000000000001"]),
        (
            "no trusted access",
            |world| world.organization.as_mut().unwrap().trusted_services.clear(),
            &["org-trusted-access fail o-exampleorg"],
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
            "stopped last week",
            |world| {
                world.trails[0].status.stopped = Some(jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * 7))
            },
            &["logging-gap fail org-trail"],
        ),
        (
            "stale delivery",
            |world| {
                world.trails[0].status.delivered = Some(jiff::Timestamp::now() - jiff::SignedDuration::from_hours(30));
                world.trails[0].status.digest_delivered =
                    Some(jiff::Timestamp::now() - jiff::SignedDuration::from_hours(7));
            },
            &["digest-delivery-healthy fail org-trail", "s3-delivery-recent fail org-trail"],
        ),
        (
            "digests bounce",
            |world| world.trails[0].status.digest_error = Some("AccessDenied".to_owned()),
            &["digest-delivery-healthy fail org-trail"],
        ),
        (
            "events bounce",
            |world| world.trails[0].status.log_group_error = Some("AccessDenied".to_owned()),
            &["cloudwatch-delivery-healthy fail org-trail"],
        ),
        (
            "logs in the management account",
            |world| {
                for bucket in &mut world.buckets {
                    bucket.owner = MANAGEMENT.to_owned();
                }
            },
            &["log-archive-separate-account fail org-trail"],
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
                "log-bucket-policy-path unknown example-trail-logs",
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
            "anybody decrypts",
            |world| {
                let mut policy = trail_key_policy(ARCHIVE, TRAIL);
                let open = json!({ "Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt", "Resource": "*" });
                policy["Statement"].as_array_mut().unwrap().push(open);
                world.keys[0] = world.keys[0].clone().with_policy(&policy);
            },
            &["kms-key-policy fail 00000000-0000-0000-0000-000000000001"],
        ),
        (
            "the key encrypts for any trail",
            |world| {
                let mut policy = trail_key_policy(ARCHIVE, TRAIL);
                policy["Statement"][1].as_object_mut().unwrap().remove("Condition");
                world.keys[0] = world.keys[0].clone().with_policy(&policy);
            },
            &["kms-key-policy fail 00000000-0000-0000-0000-000000000001"],
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
    ];
    for (name, plant, expected) in cases {
        let mut world = good_world();
        plant(&mut world);
        assert_eq!(not_passed(&report(world)), set(expected), "{name}");
    }
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

#[test]
fn a_stopped_trail_records_nobody() {
    let mut world = good_world();
    world.trails[0].status = TrailStatus::stopped(jiff::Timestamp::now());
    let found = not_passed(&report(world));
    for rule in ["trail-exists-and-logging", "multi-region-trail"] {
        for account in [MANAGEMENT, MEMBER] {
            assert!(found.contains(&format!("{rule} fail {account}")), "{found:?}");
        }
    }
    assert!(found.iter().any(|line| line.starts_with("organization-trail fail")));
    assert!(!found.iter().any(|line| line.starts_with("s3-delivery-no-error")), "it is not applicable: {found:?}");
}

#[test]
fn a_refused_region_is_proven_by_a_multi_region_trail_and_unknown_without_one() {
    let refuse = |world: &mut World| {
        let member = world.accounts.iter_mut().find(|account| account.id == MEMBER).unwrap();
        *member =
            member.clone().with_denial(Denial::explicit(PolicyKind::ServiceControl, "cloudtrail:*").in_region("ap-*"));
    };
    let mut world = good_world();
    refuse(&mut world);
    assert_eq!(not_passed(&report(world)), set(&[]));
    let mut world = good_world();
    refuse(&mut world);
    world.trails[0].status = TrailStatus::stopped(jiff::Timestamp::now());
    let found = not_passed(&report(world));
    assert!(found.contains(&format!("trail-exists-and-logging unknown {MEMBER}")), "{found:?}");
    assert!(found.contains(&format!("trail-exists-and-logging fail {MANAGEMENT}")), "{found:?}");
}

#[test]
fn leftovers_beside_a_good_organization_trail_do_not_shout() {
    let mut world = good_world();
    let status = TrailStatus::logging(jiff::Timestamp::now());
    world.trails.push(Trail::new(MEMBER, "leftover", "eu-west-1", BUCKET).with_status(status));
    let arn = format!("arn:aws:cloudtrail:eu-west-1:{MEMBER}:trail/leftover");
    let policy = |trail: &str| log_bucket_policy(BUCKET, trail, Some("o-exampleorg"))["Statement"].clone();
    let statements = [policy(TRAIL), policy(&arn)].map(|both| both.as_array().unwrap().clone()).concat();
    world.buckets[0].policy = Some(json!({ "Version": "2012-10-17", "Statement": statements }).to_string());
    let report = report(world);
    assert!(report.judgements.iter().any(|judgement| judgement.outcome == Outcome::Fail));
    let loud = |severity: Severity| severity.is_at_least(Severity::Low);
    let shouting =
        report.judgements.iter().filter(|judgement| judgement.outcome == Outcome::Fail && loud(judgement.severity));
    assert_eq!(shouting.count(), 0);
}

/// Nothing that one account fails to answer changes what rests on the others.
#[test]
fn an_account_that_cannot_be_entered_changes_no_other_result() {
    let whole = report(good_world());
    let mut world = good_world();
    world.accounts.push(Account::new("444444444444", "closed-door"));
    let holed = report(world);
    // What is said of all trails there are rests on every account.
    for judgement in whole.judgements.iter().filter(|judgement| judgement.policy.as_str() != "tamper-alert-path") {
        assert!(holed.judgements.contains(judgement), "{judgement:?}");
    }
    assert_eq!(not_passed(&holed).len(), 6);
    assert_eq!((holed.gate.complete, holed.gate.exit_code), (false, 3));
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

#[test]
fn a_log_group_and_a_topic_are_found_at_their_owners() {
    let mut world = good_world();
    let elsewhere = |arn: &str| arn.replace(MANAGEMENT, MEMBER);
    world.trails[0] = world.trails[0].clone().announcing_to(&elsewhere(TOPIC)).copying_to(&elsewhere(LOG_GROUP));
    world.topics.push(trailproof::simulator::Topic::new(&elsewhere(TOPIC)));
    world.log_groups = vec![trailproof::simulator::LogGroup::new(&elsewhere(LOG_GROUP))];
    assert_eq!(not_passed(&report(world)), set(&[]));
}

#[test]
fn a_key_in_another_region_than_the_bucket_is_not_usable() {
    let mut world = good_world();
    let elsewhere = KEY.replace("us-east-1", "eu-west-1");
    world.keys = vec![Key::new(&elsewhere).with_policy(&trail_key_policy(ARCHIVE, TRAIL))];
    world.trails[0] = world.trails[0].clone().encrypted_with(&elsewhere);
    assert_eq!(not_passed(&report(world)), set(&["kms-key-usable fail 00000000-0000-0000-0000-000000000001"]));
}
