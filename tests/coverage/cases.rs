//! Selectors on which the tools of the field disagree.

use super::world::{
    EUROPE, LEADER, MANAGEMENT, MEMBER, account, advanced, all, arn, at, basic, multi, objects, of_kind, one_account,
    organization, regional, signs, snapshot, stopped, trail, without_kms,
};
use serde_json::{Value, json};
use trailproof::derive::coverage::coverage_of;

const DATA: (&str, &str, &str) = ("eventCategory", "equals", "Data");
const MGMT: (&str, &str, &str) = ("eventCategory", "equals", "Management");
const OBJECTS: (&str, &str, &str) = ("resources.type", "equals", "AWS::S3::Object");

fn of(selectors: Vec<Value>) -> (String, String) {
    let trails = selectors.into_iter().enumerate();
    let trails = trails.map(|(at, selectors)| multi(trail(&arn(MEMBER, LEADER, &format!("t{at}")), selectors)));
    let (coverage, _) = one_account(trails.collect());
    let cell = at(&coverage, MEMBER, EUROPE);
    (regional(cell), objects(cell))
}

fn management(selectors: Value) -> String {
    of(vec![selectors]).0
}

fn reads() -> (&'static str, &'static str, &'static str) {
    ("readOnly", "equals", "true")
}

fn writes() -> (&'static str, &'static str, &'static str) {
    ("readOnly", "equals", "false")
}

/// The test vectors on which the tools of the field disagree.
#[test]
fn the_sixteen() {
    assert_eq!(management(all()), "++ ++ ++");
    assert_eq!(management(of_kind("WriteOnly")), "-+ -+ -+");
    let split = json!([{ "read_write_type": "ReadOnly" }, { "read_write_type": "WriteOnly" }]);
    assert_eq!(management(basic(split)), "++ ++ ++");
    let data_only = json!([{ "read_write_type": "All", "include_management_events": false,
        "data_resources": [{ "resource_type": "AWS::S3::Object", "values": ["arn:aws:s3"] }] }]);
    assert_eq!(of(vec![basic(data_only)]), ("-- -- --".into(), "++".into()));
    assert_eq!(management(without_kms()), "++ -- ++");
    assert_eq!(management(advanced(&[&[MGMT]])), "++ ++ ++");
    let mut renamed = advanced(&[&[MGMT]]);
    renamed["advanced"][0]["name"] = "something else".into();
    assert_eq!(management(renamed), "++ ++ ++");
    let not_kms = ("eventSource", "not_equals", "kms.amazonaws.com");
    assert_eq!(management(advanced(&[&[MGMT, not_kms]])), "++ -- ++");
    assert_eq!(management(advanced(&[&[MGMT, writes()]])), "-+ -+ -+");
    assert_eq!(management(advanced(&[&[MGMT, reads()], &[MGMT, writes()]])), "++ ++ ++");
    assert_eq!(of(vec![advanced(&[&[DATA, OBJECTS]])]), ("-- -- --".into(), "++".into()));
    let (coverage, _) = one_account(vec![stopped(multi(trail(&arn(MEMBER, LEADER, "t"), all())))]);
    assert_eq!(regional(at(&coverage, MEMBER, EUROPE)), "-- -- --");
    assert_eq!(of(vec![without_kms(), all()]).0, "++ ++ ++");
    let organization_trail = arn(MANAGEMENT, LEADER, "org");
    let trails = vec![organization(trail(&organization_trail, all()))];
    let member = account(MEMBER, &[&organization_trail]);
    let (coverage, _) = coverage_of(&snapshot(vec![member], trails, vec![]));
    assert_eq!(regional(at(&coverage, MEMBER, EUROPE)), "++ ++ ++");
    assert_eq!(of(vec![advanced(&[&[DATA, OBJECTS, writes()]])]).1, "-+");
    let scoped = ("resources.ARN", "starts_with", "arn:aws:s3:::one-bucket/");
    assert_eq!(of(vec![advanced(&[&[DATA, OBJECTS, scoped]])]).1, "~~");
}

#[test]
fn trails_cover_together() {
    assert_eq!(of(vec![of_kind("ReadOnly"), of_kind("WriteOnly")]).0, "++ ++ ++");
    let logs = "arn:aws:s3:::logs/";
    let halves = ["starts_with", "not_starts_with"]
        .map(|operator| advanced(&[&[DATA, OBJECTS, ("resources.ARN", operator, logs)]]));
    assert_eq!(of(halves.to_vec()).1, "++");
}

#[test]
fn what_is_missing_is_said() {
    let selectors = advanced(&[&[DATA, OBJECTS, ("resources.ARN", "not_starts_with", "arn:aws:s3:::logs/")]]);
    let (coverage, _) = one_account(vec![multi(trail(&arn(MEMBER, LEADER, "t"), selectors))]);
    let covered = &at(&coverage, MEMBER, EUROPE).data["AWS::S3::Object"].read;
    assert!(covered.missing.as_ref().unwrap().contains("arn:aws:s3:::logs/"));
}

#[test]
fn types_that_a_trail_names_are_told_everywhere() {
    let queues = advanced(&[&[DATA, ("resources.type", "equals", "AWS::SQS::Queue")]]);
    let (coverage, _) = one_account(vec![trail(&arn(MEMBER, LEADER, "t"), queues)]);
    assert_eq!(signs(&at(&coverage, MEMBER, LEADER).data["AWS::SQS::Queue"]), "++");
    assert_eq!(signs(&at(&coverage, MEMBER, EUROPE).data["AWS::SQS::Queue"]), "--");
    assert_eq!(signs(&at(&coverage, MEMBER, EUROPE).data["AWS::Lambda::Function"]), "--");
}
