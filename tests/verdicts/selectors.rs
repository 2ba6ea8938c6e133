//! What selectors do that nobody meant: traps, and trails that record their own deliveries.

use serde_json::{Value, json};
use trailproof::evaluate::{Outcome, Report};
use trailproof::simulator::{Denial, PolicyKind, Trail, TrailStatus, World};

use crate::simulated::{ARCHIVE, BUCKET, MANAGEMENT, good_world};
use crate::{not_passed, report, set};

/// A trail of all management events, and of the data events of objects that satisfy other fields.
fn with_objects(trail: &Trail, fields: &[Value]) -> Trail {
    let management = json!({ "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Management"] }] });
    let objects = [
        json!({ "Field": "eventCategory", "Equals": ["Data"] }),
        json!({ "Field": "resources.type", "Equals": ["AWS::S3::Object"] }),
    ];
    let fields: Vec<&Value> = objects.iter().chain(fields).collect();
    trail.clone().selecting_advanced([management, json!({ "FieldSelectors": fields })])
}

/// The organization, its trail recording objects that satisfy some fields.
fn world(fields: &[Value]) -> World {
    let mut world = good_world();
    world.trails[0] = with_objects(&world.trails[0], fields);
    world
}

fn arn(operator: &str, value: &str) -> Value {
    let mut field = json!({ "Field": "resources.ARN" });
    field[operator] = json!([value]);
    field
}

fn found(world: World) -> std::collections::BTreeSet<String> {
    not_passed(&report(world))
}

fn message(report: &Report, rule: &str) -> String {
    let found = report.judgements.iter().find(|one| one.policy.as_str() == rule && one.outcome == Outcome::Fail);
    found.unwrap().message.to_string()
}

#[test]
fn each_trap_is_found_and_named() {
    let traps = [
        (arn("StartsWith", "arn:aws:s3:::ledger/2026/"), "does not record DeleteObjects on ledger"),
        (arn("Equals", "arn:aws:s3:::ledger/"), "Equals arn:aws:s3:::ledger/ equals the ARN of no object"),
        (arn("StartsWith", "arn:aws:s3:::led*/"), "there are no wildcards"),
        (arn("StartsWith", "arn:aws:s3:::ledger"), "has no slash at its end"),
    ];
    for (field, told) in traps {
        let report = report(world(std::slice::from_ref(&field)));
        assert_eq!(not_passed(&report), set(&["selector-blind-spots fail org-trail"]), "{field}");
        let message = message(&report, "selector-blind-spots");
        assert!(message.contains("selector 2: ") && message.contains(told), "{message}");
    }
    assert_eq!(found(world(&[arn("StartsWith", "arn:aws:s3:::ledger/")])), set(&[]));
}

#[test]
fn what_aws_does_not_document_is_no_known_trap_and_no_pass() {
    let field = json!({ "Field": "requestParameters.key", "Equals": ["x"] });
    let unknown = ["log-bucket-self-logging unknown example-trail-logs", "selector-blind-spots unknown org-trail"];
    assert_eq!(found(world(&[field])), set(&unknown));
}

#[test]
fn selectors_that_were_refused_are_unknown() {
    let mut world = world(&[]);
    let account = world.accounts.iter_mut().find(|account| account.id == MANAGEMENT).unwrap();
    *account = account.clone().with_denial(Denial::explicit(PolicyKind::Identity, "cloudtrail:GetEventSelectors"));
    let found = found(world);
    for rule in ["log-bucket-self-logging unknown example-trail-logs", "selector-blind-spots unknown org-trail"] {
        assert!(found.contains(rule), "{found:?}");
    }
}

#[test]
fn a_trail_that_selects_its_own_bucket_records_its_deliveries() {
    let fails = |world: World| found(world).contains("log-bucket-self-logging fail example-trail-logs");
    let own = format!("arn:aws:s3:::{BUCKET}/");
    let files = format!("{own}AWSLogs/o-exampleorg/");
    assert!(fails(world(&[])));
    assert!(fails(world(&[arn("StartsWith", &own)])));
    assert!(fails(world(&[arn("StartsWith", &files)])));
    assert!(!fails(world(&[arn("NotStartsWith", &own)])));
    assert!(!fails(world(&[arn("StartsWith", &format!("{own}AWSLogs/o-other/"))])));
    assert!(!fails(world(&[json!({ "Field": "readOnly", "Equals": ["true"] })])));
    assert!(!fails(world(&[json!({ "Field": "eventName", "Equals": ["DeleteObject"] })])));
    assert!(fails(world(&[json!({ "Field": "eventName", "Equals": ["PutObject"] })])));

    let mut without = world(&[]);
    without.trails[0].recursive_logging = Some(false);
    assert_eq!(found(without), set(&[]));
    let mut stopped = world(&[]);
    stopped.trails[0].status = TrailStatus::stopped(jiff::Timestamp::now());
    assert!(!fails(stopped));
}

/// The owner of a bucket receives its data events: a trail of another account sees them only as an organization trail.
#[test]
fn deliveries_into_another_accounts_bucket_are_not_its_own_trails_events() {
    let of = |owner: &str, home: &str| {
        let mut world = good_world();
        let status = TrailStatus::logging(jiff::Timestamp::now());
        let trail = Trail::new(owner, "objects", home, BUCKET).with_status(status);
        world.trails.push(with_objects(&trail, &[]));
        found(world).contains("log-bucket-self-logging fail example-trail-logs")
    };
    assert!(!of(MANAGEMENT, "us-east-1"));
    assert!(of(ARCHIVE, "us-east-1"));
    assert!(!of(ARCHIVE, "eu-west-1"), "the bucket is in us-east-1");
}
