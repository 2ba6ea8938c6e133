//! What was refused.

use super::world::{
    EUROPE, LEADER, MANAGEMENT, MEMBER, account, all, arn, at, causes, gap, multi, objects, of_kind, one_account,
    organization, regional, snapshot, stopped, trail, with, without, without_kms,
};
use serde_json::json;
use trailproof::derive::coverage::coverage_of;
use trailproof::snapshot::Cause;

#[test]
fn a_region_that_refused_is_unknown_unless_a_known_trail_gives_all() {
    let refused = || gap(MEMBER, Some(EUROPE), "cloudtrail:DescribeTrails", None);
    let seen_in_leader = |seen: &[&str]| {
        let mut account = account(MEMBER, seen);
        account["sightings"][0]["regions"] = json!([LEADER]);
        account
    };
    let (coverage, open) = coverage_of(&snapshot(vec![seen_in_leader(&[])], vec![], vec![refused()]));
    let cell = at(&coverage, MEMBER, EUROPE);
    assert_eq!(regional(cell), "?? ?? ??");
    assert_eq!(causes(&open, &cell.management.read.gaps), [("cloudtrail:DescribeTrails".into(), Cause::Scp)]);
    assert_eq!(regional(at(&coverage, MEMBER, LEADER)), "-- -- --");
    let organization_trail = arn(MANAGEMENT, LEADER, "org");
    let accounts = vec![account(MANAGEMENT, &[&organization_trail]), seen_in_leader(&[&organization_trail])];
    let trails = vec![organization(trail(&organization_trail, without_kms()))];
    let (coverage, _) = coverage_of(&snapshot(accounts, trails, vec![refused()]));
    assert_eq!(regional(at(&coverage, MEMBER, EUROPE)), "++ ?? ++", "nothing speaks of KMS there");
    assert_eq!(regional(at(&coverage, MEMBER, LEADER)), "++ -- ++");
}

#[test]
fn an_account_that_could_not_be_entered_is_unknown() {
    let organization_trail = arn(MANAGEMENT, LEADER, "org");
    let closed = json!({ "id": MEMBER, "state": "ACTIVE" });
    let accounts = vec![account(MANAGEMENT, &[&organization_trail]), closed];
    let gaps = vec![gap(MEMBER, None, "sts:AssumeRole", None)];
    let trails = vec![organization(trail(&organization_trail, all()))];
    let (coverage, open) = coverage_of(&snapshot(accounts, trails, gaps));
    for region in [EUROPE, LEADER] {
        let cell = at(&coverage, MEMBER, region);
        assert_eq!(regional(cell), "?? ?? ??");
        assert_eq!(causes(&open, &cell.kms.write.gaps), [("sts:AssumeRole".into(), Cause::Scp)]);
    }
    let alone = json!({ "id": MEMBER, "state": "ACTIVE" });
    let (coverage, open) = coverage_of(&snapshot(vec![alone], vec![], vec![]));
    assert_eq!(coverage.rows.len(), 1);
    assert!(coverage.rows[0].regions.is_empty(), "which Regions it has is not known");
    let gaps = &coverage.rows[0].cell.management.read.gaps;
    assert_eq!(causes(&open, gaps), [("account:ListRegions".into(), Cause::NotCollected)]);
}

#[test]
fn a_trail_whose_status_is_refused_may_log() {
    let unread = without(multi(trail(&arn(MEMBER, LEADER, "t"), of_kind("WriteOnly"))), "status");
    let (coverage, open) = one_account(vec![unread.clone()]);
    let cell = at(&coverage, MEMBER, EUROPE);
    assert_eq!(regional(cell), "-? -? -?", "it records no reads in any case");
    assert_eq!(causes(&open, &cell.kms.write.gaps), [("cloudtrail:GetTrailStatus".into(), Cause::NotCollected)]);
    let (coverage, _) = one_account(vec![unread, multi(trail(&arn(MEMBER, LEADER, "u"), all()))]);
    let cell = at(&coverage, MEMBER, EUROPE);
    assert_eq!(regional(cell), "++ ++ ++");
    assert_eq!(cell.kms.write.trails.len(), 1);
    assert!(cell.kms.read.beyond.is_empty() && !cell.kms.write.beyond.is_empty());
}

#[test]
fn selectors_that_were_refused_may_record_anything() {
    let unread = without(multi(trail(&arn(MEMBER, LEADER, "t"), all())), "event_selectors");
    let (coverage, open) = one_account(vec![unread.clone()]);
    let cell = at(&coverage, MEMBER, EUROPE);
    assert_eq!((regional(cell).as_str(), objects(cell).as_str()), ("?? ?? ??", "??"));
    let operation = "cloudtrail:GetEventSelectors".to_owned();
    assert_eq!(causes(&open, &cell.kms.write.gaps), [(operation, Cause::NotCollected)]);
    let (coverage, _) = one_account(vec![stopped(unread.clone())]);
    assert_eq!(regional(at(&coverage, MEMBER, EUROPE)), "-- -- --");
    let default = with(unread, "/configuration/value/has_custom_event_selectors", false.into());
    let (coverage, _) = one_account(vec![default]);
    assert_eq!(regional(at(&coverage, MEMBER, EUROPE)), "++ ++ ++");
}
