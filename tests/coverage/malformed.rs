//! Answers of odd shape.

use super::world::{
    EUROPE, LEADER, MANAGEMENT, MEMBER, account, advanced, all, arn, at, basic, causes, multi, objects, one_account,
    regional, snapshot, trail, with,
};
use serde_json::json;
use trailproof::derive::coverage::coverage_of;
use trailproof::snapshot::Cause;

#[test]
fn a_status_without_is_logging_is_no_answer() {
    let odd = with(multi(trail(&arn(MEMBER, LEADER, "t"), all())), "/status/value", json!({}));
    let (coverage, open) = one_account(vec![odd]);
    let cell = at(&coverage, MEMBER, EUROPE);
    assert_eq!(regional(cell), "?? ?? ??");
    assert_eq!(causes(&open, &cell.kms.write.gaps), [("cloudtrail:GetTrailStatus".into(), Cause::MalformedAnswer)]);
}

#[test]
fn a_trail_that_is_seen_and_not_described_may_record_anything() {
    let seen = arn(MANAGEMENT, LEADER, "ghost");
    let (coverage, _) = coverage_of(&snapshot(vec![account(MEMBER, &[&seen])], vec![], vec![]));
    assert_eq!(regional(at(&coverage, MEMBER, EUROPE)), "?? ?? ??");
}

#[test]
fn a_trail_that_does_not_say_whether_it_is_multi_region_counts_where_it_is_seen() {
    let mut odd = trail(&arn(MEMBER, LEADER, "t"), all());
    odd["configuration"]["value"].as_object_mut().unwrap().remove("is_multi_region_trail");
    let (coverage, _) = one_account(vec![odd]);
    assert_eq!(regional(at(&coverage, MEMBER, EUROPE)), "++ ++ ++");
}

#[test]
fn what_selectors_say_beyond_the_documentation_is_unknown() {
    let odd = advanced(&[&[("eventCategory", "equals", "Management"), ("colour", "equals", "red")]]);
    let (coverage, open) = one_account(vec![multi(trail(&arn(MEMBER, LEADER, "t"), odd))]);
    let cell = at(&coverage, MEMBER, EUROPE);
    assert_eq!((regional(cell).as_str(), objects(cell).as_str()), ("?? ?? ??", "--"));
    let id = cell.management.read.gaps.iter().next().unwrap();
    let gap = open.gap(id).unwrap();
    assert_eq!(gap.cause, Cause::Unsupported);
    assert!(gap.message.contains("selector 1") && gap.message.contains("colour"), "{}", gap.message);
    let (coverage, _) = one_account(vec![multi(trail(&arn(MEMBER, LEADER, "t"), basic(json!([]))))]);
    assert_eq!(regional(at(&coverage, MEMBER, EUROPE)), "?? ?? ??");
}
