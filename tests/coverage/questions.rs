//! What falls out of coverage.

use super::world::{
    AT, EUROPE, LEADER, MANAGEMENT, MEMBER, OTHER, account, all, arn, at, basic, is_redundant, multi, of_kind,
    one_account, organization, snapshot, stopped, trail, with, without, without_kms,
};
use serde_json::{Value, json};
use trailproof::derive::coverage::{Kind, State, coverage_of};
use trailproof::expr::Known;
use trailproof::id::TrailArn;

#[test]
fn a_cell_is_failing_where_no_trail_of_it_delivers() {
    let fails = |name: &str| {
        let status = json!({ "is_logging": true, "latest_delivery_error": "AccessDenied" });
        with(multi(trail(&arn(MEMBER, LEADER, name), all())), "/status/value", status)
    };
    let (coverage, _) = one_account(vec![fails("a"), fails("b")]);
    let covered = at(&coverage, MEMBER, EUROPE).management.read.clone();
    assert_eq!((covered.state, covered.failing), (State::All, true));
    assert!(!at(&coverage, MEMBER, EUROPE).data["AWS::S3::Object"].read.failing, "nobody records it");
    let (coverage, _) = one_account(vec![fails("a"), multi(trail(&arn(MEMBER, LEADER, "b"), all()))]);
    assert!(!at(&coverage, MEMBER, EUROPE).management.read.failing);
}

#[test]
fn holes_sole_covers_and_copies() {
    let two =
        vec![multi(trail(&arn(MEMBER, LEADER, "a"), all())), trail(&arn(MEMBER, EUROPE, "b"), of_kind("WriteOnly"))];
    let (coverage, _) = one_account(two);
    let copies: Vec<_> = coverage.duplicates().map(|found| (found.kind, found.covered.trails.len())).collect();
    assert_eq!(copies, [(Kind::Management, 2), (Kind::Kms, 2), (Kind::RdsData, 2)]);
    assert!(coverage.duplicates().all(|found| found.row.regions.len() == 1));
    assert!(coverage.holes().all(|found| matches!(found.kind, Kind::Data(_))));
    let sole = coverage.sole_covers().filter(|found| found.kind == Kind::Management);
    assert_eq!(sole.count(), 3, "reads in both Regions, writes in the leader's");
}

#[test]
fn a_trail_beside_an_organization_trail_is_redundant_if_that_gives_all_that_it_gives() {
    let organization_trail = arn(MANAGEMENT, LEADER, "org");
    let local = arn(MEMBER, EUROPE, "local");
    let ask = |org: Value, own: Value| {
        let seen = [local.as_str(), organization_trail.as_str()];
        let mut seen = seen.to_vec();
        seen.sort_unstable();
        let accounts = vec![account(MANAGEMENT, &[&organization_trail]), account(MEMBER, &seen)];
        let (coverage, _) = coverage_of(&snapshot(accounts, vec![org, own], vec![]));
        assert_eq!(is_redundant(&coverage, &organization_trail), Some(false));
        is_redundant(&coverage, &local)
    };
    let org = |selectors| organization(trail(&organization_trail, selectors));
    let own = |selectors| trail(&local, selectors);
    assert_eq!(ask(org(all()), own(all())), Some(true));
    assert_eq!(ask(org(all()), multi(own(all()))), Some(true));
    assert_eq!(ask(org(without_kms()), own(all())), Some(false));
    assert_eq!(ask(org(without_kms()), own(without_kms())), Some(true));
    assert_eq!(ask(org(all()), own(of_kind("WriteOnly"))), Some(true));
    assert_eq!(ask(stopped(org(all())), own(all())), Some(false));
    assert_eq!(ask(org(all()), stopped(own(all()))), Some(true));
    assert_eq!(ask(without(org(all()), "status"), own(all())), None);
    assert_eq!(ask(org(all()), without(own(all()), "event_selectors")), None);
    let data = basic(json!([{ "read_write_type": "All",
        "data_resources": [{ "resource_type": "AWS::S3::Object", "values": ["arn:aws:s3"] }] }]));
    assert_eq!(ask(org(all()), own(data)), Some(false), "nobody else has the data events");
    let (coverage, _) = one_account(vec![own(all())]);
    assert_eq!(is_redundant(&coverage, &local), Some(false), "there is no organization trail");
    let unheard: TrailArn = arn(OTHER, EUROPE, "x").parse().unwrap();
    assert_eq!(coverage.is_redundant(&unheard), Known::Is(false));
}

/// With every Region asked, a failure of one Region marks that Region alone.
#[test]
fn a_delivery_that_fails_in_one_region_is_marked_there() {
    let status =
        |error: Option<&str>| json!({ "read_at": AT, "value": { "is_logging": true, "latest_delivery_error": error } });
    let failing = |home: Option<&str>, elsewhere: Option<&str>| {
        let mut trail = multi(trail(&arn(MEMBER, LEADER, "t"), all()));
        trail["status"] = status(home);
        trail["regional_status"] = json!({ EUROPE: status(elsewhere) });
        let (coverage, _) = one_account(vec![trail]);
        [LEADER, EUROPE].map(|region| at(&coverage, MEMBER, region).management.read.failing)
    };
    assert_eq!(failing(None, None), [false, false]);
    assert_eq!(failing(None, Some("AccessDenied")), [false, true]);
    assert_eq!(failing(Some("AccessDenied"), None), [true, false]);
    assert_eq!(failing(Some("AccessDenied"), Some("AccessDenied")), [true, true]);
}
