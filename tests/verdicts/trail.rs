//! Trails, and where they deliver to, over whole runs.

use crate::simulated::{BUCKET, LOG_GROUP, MANAGEMENT, MEMBER, TOPIC, TRAIL, good_world};
use crate::{find_each, not_passed, report, set};
use serde_json::json;
use trailproof::evaluate::Outcome;
use trailproof::policy::Severity;
use trailproof::simulator::{
    Denial, Identity, LogGroup, PolicyKind, Topic, Trail, TrailStatus, World, log_bucket_policy,
};

/// One thing is broken at a time, and only what is about it fails.
#[test]
fn each_defect_is_found_by_its_rule_alone() {
    find_each(&[
        (
            "validation off",
            |world| world.trails[0].log_file_validation = false,
            &["log-file-validation fail org-trail"],
        ),
        ("no key", |world| world.trails[0].kms_key = None, &["kms-cmk-encryption fail org-trail"]),
        ("no topic", |world| world.trails[0].topic = None, &["sns-notifications fail org-trail"]),
        ("topic gone", |world| world.topics.retain(|topic| topic.arn != TOPIC), &["sns-notifications fail org-trail"]),
        ("nobody is told of changes", |world| world.event_buses.clear(), &["tamper-alert-path fail o-exampleorg"]),
        (
            "no delivery is announced",
            |world| world.trails[0].status.notification_error = Some("AuthorizationError".to_owned()),
            &["sns-delivery-error fail org-trail"],
        ),
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
            "no trusted access",
            |world| world.organization.as_mut().unwrap().trusted_services.clear(),
            &["org-trusted-access fail o-exampleorg"],
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
    ]);
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

#[test]
fn a_log_group_and_a_topic_are_found_at_their_owners() {
    let mut world = good_world();
    let elsewhere = |arn: &str| arn.replace(MANAGEMENT, MEMBER);
    world.trails[0] = world.trails[0].clone().announcing_to(&elsewhere(TOPIC)).copying_to(&elsewhere(LOG_GROUP));
    world.account_mut(MANAGEMENT).unwrap().identities.roles =
        vec![Identity::role("cloudtrail-to-cloudwatch", "cloudtrail.amazonaws.com").with_policy(
            "write",
            &json!({
            "Version": "2012-10-17", "Statement": { "Effect": "Allow", "Action": "logs:*",
                "Resource": format!("{}:*", elsewhere(LOG_GROUP)) } }),
        )];
    world.topics.push(Topic::new(&elsewhere(TOPIC)));
    world.log_groups = vec![LogGroup::new(&elsewhere(LOG_GROUP))];
    assert_eq!(not_passed(&report(world)), set(&[]));
}
