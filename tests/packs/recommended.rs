//! The recommended pack is quiet on a good organization of Control Tower on its first run, and loud on a bad one: both are
//! simulated, read and judged as a scan does it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::json;
use trailproof::evaluate::{Outcome, Question, Report, evaluate};
use trailproof::policy::{Setting, Severity, load};
use trailproof::simulator::{
    Account, Bucket, Identity, LogGroup, PublicAccessBlock, Role, Simulator, Trail, TrailStatus, World,
};

use crate::simulated::{ARCHIVE, MANAGEMENT, MEMBER, ROLE, read};

const AUDIT: &str = "444444444444";
const LOGS: &str = "aws-controltower-logs-222222222222-us-east-1";
const ACCESS_LOGS: &str = "aws-controltower-s3-access-logs-222222222222-us-east-1";
const GROUP: &str = "arn:aws:logs:us-east-1:111111111111:log-group:aws-controltower/CloudTrailLogs";
const ORGANIZATION: &str = "o-exampleorg";

fn report(world: World, settings: &[&str]) -> Report {
    let loaded = load(&[]);
    let settings: Vec<Setting> = settings.iter().map(|text| Setting::parse(text, &loaded.policies).unwrap()).collect();
    let question = Question {
        policies: &loaded.policies,
        packs: vec!["recommended".to_owned()],
        settings: &settings,
        fail_on: Some(Severity::Medium),
        allow_incomplete: false,
    };
    evaluate(&read(&Simulator::new(world)), String::new(), &question)
}

/// The rules that fail somewhere, of a severity or above.
fn failing(report: &Report, severity: Severity) -> BTreeSet<&str> {
    let failing = report.judgements.iter().filter(|judgement| judgement.outcome == Outcome::Fail);
    failing
        .filter(|judgement| judgement.severity.is_at_least(severity))
        .map(|judgement| judgement.policy.as_str())
        .collect()
}

/// The accounts that landing zones have, and one workload.
fn accounts() -> World {
    let mut world = World::with_organization(ORGANIZATION, MANAGEMENT);
    for (id, name) in [(ARCHIVE, "log-archive"), (AUDIT, "audit"), (MEMBER, "payments")] {
        world.accounts.push(Account::new(id, name).with_role(Role::new(ROLE, MANAGEMENT)));
    }
    world
}

/// What Control Tower sets up: one organization trail with S3's own encryption into the log archive, a copy in a log
/// group, and buckets that keep log files for a year and access logs for ten.
///
/// Source: Control Tower User Guide, "About logging in AWS Control Tower" and "Resources created in the shared accounts".
fn control_tower() -> World {
    let mut world = accounts();
    let mut trail = Trail::new(MANAGEMENT, "aws-controltower-BaselineCloudTrail", "us-east-1", LOGS)
        .of_organization()
        .validated()
        .copying_to(GROUP)
        .with_status(TrailStatus::logging(Timestamp::now()));
    trail.prefix = Some(ORGANIZATION.to_owned());
    world.trails.push(trail);
    let role = Identity::log_role("cloudtrail-to-cloudwatch", GROUP, Some(ORGANIZATION));
    world.account_mut(MANAGEMENT).unwrap().identities.roles.push(role);
    world.log_groups.push(LogGroup::new(GROUP));
    let role = Identity::log_role("cloudtrail-to-cloudwatch", GROUP, Some(ORGANIZATION));
    world.account_mut(MANAGEMENT).unwrap().identities.roles.push(role);
    world.buckets.push(kept_for(
        365,
        Bucket::new(LOGS, ARCHIVE, "us-east-1").with_policy(&policy()).logging_to(ACCESS_LOGS, ""),
    ));
    world.buckets.push(kept_for(3650, Bucket::new(ACCESS_LOGS, ARCHIVE, "us-east-1")));
    world
}

fn kept_for(days: u32, bucket: Bucket) -> Bucket {
    let mut bucket = bucket.versioned().with_lifecycle(json!({ "Rules": [{
        "ID": "RetentionRule", "Status": "Enabled", "Filter": {},
        "Expiration": { "Days": days }, "NoncurrentVersionExpiration": { "NoncurrentDays": days },
    }] }));
    bucket.public_access_block = Some(PublicAccessBlock::ALL);
    bucket
}

/// Control Tower's policy of the log bucket: AWS Config writes beside CloudTrail, for the organization alone.
fn policy() -> serde_json::Value {
    let arn = format!("arn:aws:s3:::{LOGS}");
    let both = json!({ "Service": ["cloudtrail.amazonaws.com", "config.amazonaws.com"] });
    let put = |service: &str| {
        json!({
            "Effect": "Allow", "Principal": { "Service": [service] }, "Action": "s3:PutObject",
            "Resource": [format!("{arn}/{ORGANIZATION}/AWSLogs/*/*")],
            "Condition": { "StringEquals": { "aws:SourceOrgID": ORGANIZATION } },
        })
    };
    json!({ "Version": "2012-10-17", "Statement": [
        { "Sid": "AllowSSLRequestsOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
          "Resource": [arn.clone(), format!("{arn}/*")], "Condition": { "Bool": { "aws:SecureTransport": "false" } } },
        { "Sid": "AWSBucketPermissionsCheck", "Effect": "Allow", "Principal": both.clone(), "Action": "s3:GetBucketAcl",
          "Resource": [arn.clone()] },
        { "Sid": "AWSConfigBucketExistenceCheck", "Effect": "Allow", "Principal": both, "Action": "s3:ListBucket",
          "Resource": [arn] },
        put("config.amazonaws.com"),
        put("cloudtrail.amazonaws.com"),
    ] })
}

#[test]
fn a_good_organization_of_control_tower_is_quiet() {
    // Control Tower itself tells nobody of changes of the trail: a SIEM does, and that is declared.
    assert_eq!(
        failing(&report(control_tower(), &[]), Severity::Medium),
        BTreeSet::from(["tamper-alert-path"]),
        "all that is asked of it"
    );
    let siem = "tamper-alert-path.declared=SIEM over the log bucket, security team, 2026-11-20";
    let report = report(control_tower(), &[siem]);
    assert_eq!(report.gaps, vec![]);
    assert_eq!(failing(&report, Severity::Medium), BTreeSet::new());
    assert_eq!((report.gate.exit_code, report.gate.complete), (0, true));
    // What it does not do is worth a word, and no more.
    let low = failing(&report, Severity::Low);
    assert!(low.contains("kms-cmk-encryption") && low.contains("log-bucket-object-lock-retention"), "{low:?}");
    assert!(low.len() <= 8, "{low:?}");
}

#[test]
fn a_bad_organization_is_loud() {
    let mut world = accounts();
    // One trail, of one Region and without signatures, into a bucket of the workload that everybody may read, and that
    // forgets after a month; one that was stopped; and two accounts that nothing records.
    world.trails.push(
        Trail::new(MEMBER, "own", "us-east-1", "payments-logs").with_status(TrailStatus::logging(Timestamp::now())),
    );
    world
        .trails
        .push(Trail::new(MANAGEMENT, "old", "us-east-1", "gone").with_status(TrailStatus::stopped(Timestamp::now())));
    let arn = "arn:aws:s3:::payments-logs";
    let mut bucket = kept_for(30, Bucket::new("payments-logs", MEMBER, "us-east-1")).with_policy(&json!({
        "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": format!("{arn}/*") },
            { "Effect": "Allow", "Principal": { "Service": "cloudtrail.amazonaws.com" }, "Action": "s3:GetBucketAcl", "Resource": arn },
            { "Effect": "Allow", "Principal": { "Service": "cloudtrail.amazonaws.com" }, "Action": "s3:PutObject",
              "Resource": format!("{arn}/*") },
        ] }));
    bucket.versioning = None;
    bucket.public_access_block = None;
    world.buckets.push(bucket);
    let report = report(world, &[]);
    assert_eq!(report.gate.exit_code, 1);
    let critical = failing(&report, Severity::Critical);
    assert_eq!(critical, BTreeSet::from(["log-bucket-exists-and-owned", "log-bucket-not-public"]));
    let expected = [
        "log-bucket-external-access",
        "log-bucket-retention",
        "management-events-read-write",
        "multi-region-trail",
        "organization-trail",
        "trail-exists-and-logging",
    ];
    let high = failing(&report, Severity::High);
    assert!(high.is_superset(&BTreeSet::from(expected)), "{high:?}");
    let medium = failing(&report, Severity::Medium);
    for rule in [
        "log-archive-separate-account",
        "log-bucket-bpa-effective",
        "log-bucket-policy-source-arn",
        "log-bucket-versioning",
        "log-file-validation",
        "logging-gap",
    ] {
        assert!(medium.contains(rule), "{rule}: {medium:?}");
    }
}
