//! Which trails reach which places.

use super::world::{
    AT, EUROPE, LEADER, MANAGEMENT, MEMBER, OTHER, account, all, arn, at, causes, multi, one_account, organization,
    regional, signs, snapshot, trail, with,
};
use serde_json::json;
use trailproof::derive::coverage::coverage_of;
use trailproof::snapshot::Cause;

#[test]
fn without_trails_nothing_is_recorded() {
    let (coverage, _) = one_account(vec![]);
    assert_eq!(regional(at(&coverage, MEMBER, EUROPE)), "-- -- --");
    assert_eq!(signs(at(&coverage, MEMBER, LEADER).global.as_ref().unwrap()), "--");
    assert_eq!(at(&coverage, MEMBER, EUROPE).global, None);
    assert!(coverage.parts().all(|part| !part.covered.failing && part.covered.trails.is_empty()));
    let (nothing, _) = coverage_of(&snapshot(vec![], vec![], vec![]));
    assert!(nothing.rows.is_empty() && nothing.shown().is_empty());
}

#[test]
fn a_single_region_trail_covers_its_home() {
    let home = arn(MEMBER, EUROPE, "t");
    let (coverage, _) = one_account(vec![trail(&home, all())]);
    assert_eq!(regional(at(&coverage, MEMBER, EUROPE)), "++ ++ ++");
    assert_eq!(regional(at(&coverage, MEMBER, LEADER)), "-- -- --");
    assert_eq!(signs(at(&coverage, MEMBER, LEADER).global.as_ref().unwrap()), "--");
    assert_eq!(at(&coverage, MEMBER, EUROPE).kms.read.trails[0].to_string(), home);
}

#[test]
fn a_multi_region_trail_covers_every_region() {
    let (coverage, _) = one_account(vec![multi(trail(&arn(MEMBER, EUROPE, "t"), all()))]);
    for region in [EUROPE, LEADER] {
        assert_eq!(regional(at(&coverage, MEMBER, region)), "++ ++ ++");
    }
    assert_eq!(signs(at(&coverage, MEMBER, LEADER).global.as_ref().unwrap()), "++");
}

#[test]
fn global_service_events_need_the_flag() {
    let flag = "/configuration/value/include_global_service_events";
    let off = with(trail(&arn(MEMBER, LEADER, "t"), all()), flag, false.into());
    let (coverage, _) = one_account(vec![off]);
    assert_eq!(regional(at(&coverage, MEMBER, LEADER)), "++ ++ ++");
    assert_eq!(signs(at(&coverage, MEMBER, LEADER).global.as_ref().unwrap()), "--");
    let mut lacking = trail(&arn(MEMBER, LEADER, "t"), all());
    lacking["configuration"]["value"].as_object_mut().unwrap().remove("include_global_service_events");
    let (coverage, open) = one_account(vec![lacking]);
    let global = at(&coverage, MEMBER, LEADER).global.as_ref().unwrap();
    assert_eq!(signs(global), "??");
    assert_eq!(causes(&open, &global.read.gaps), [("cloudtrail:DescribeTrails".into(), Cause::MalformedAnswer)]);
}

#[test]
fn an_organization_trail_covers_members_that_see_it() {
    let trail_arn = arn(MANAGEMENT, LEADER, "org");
    let mut half = account(OTHER, &[]);
    half["sightings"] = json!([
        { "regions": [EUROPE], "trails": [], "read_at": AT },
        { "regions": [LEADER], "trails": [trail_arn], "read_at": AT },
    ]);
    let accounts = vec![account(MANAGEMENT, &[&trail_arn]), account(MEMBER, &[&trail_arn]), half];
    let (coverage, _) = coverage_of(&snapshot(accounts, vec![organization(trail(&trail_arn, all()))], vec![]));
    assert_eq!(regional(at(&coverage, MANAGEMENT, EUROPE)), "++ ++ ++");
    assert_eq!(regional(at(&coverage, MEMBER, EUROPE)), "++ ++ ++");
    assert_eq!(regional(at(&coverage, OTHER, EUROPE)), "-- -- --");
    assert_eq!(regional(at(&coverage, OTHER, LEADER)), "++ ++ ++");
    assert_eq!(signs(at(&coverage, OTHER, LEADER).global.as_ref().unwrap()), "++");
}

#[test]
fn only_active_accounts_and_selected_regions_have_cells() {
    let mut gone = account(OTHER, &[]);
    gone["state"] = "SUSPENDED".into();
    let mut read = snapshot(vec![account(MEMBER, &[]), gone], vec![], vec![]);
    read.selection.regions = vec![EUROPE.parse().unwrap()];
    let (coverage, _) = coverage_of(&read);
    assert_eq!(coverage.rows.len(), 1);
    assert_eq!(coverage.account(OTHER.parse().unwrap()).count(), 0);
    assert!(coverage.cell(MEMBER.parse().unwrap(), &LEADER.parse().unwrap()).is_none());
}
