//! Questions about one class of events in one place.

use super::world::{
    EUROPE, LEADER, MEMBER, OTHER, account, all, arn, basic, causes, gap, multi, one_account, sign, snapshot, trail,
};
use serde_json::{Value, json};
use trailproof::derive::OpenQuestions;
use trailproof::derive::coverage::{ClassQuestion, Coverage, Covered, coverage_of};
use trailproof::derive::selector::{Access, EventClass};
use trailproof::id::TrailArn;
use trailproof::snapshot::Cause;

/// What is recorded of the objects of a bucket, reads and writes.
fn of_bucket(found: &mut (Coverage, OpenQuestions), account: &str, region: &str, without: &[&str]) -> [Covered; 2] {
    let without: Vec<TrailArn> = without.iter().map(|arn| arn.parse().unwrap()).collect();
    let without: Vec<&TrailArn> = without.iter().collect();
    [Access::Read, Access::Write].map(|access| {
        let class = EventClass::objects("aws", "ledger", access);
        let (account, region) = (account.parse().unwrap(), region.parse().unwrap());
        found.0.of_class(&ClassQuestion { class: &class, account, region: &region, without: &without }, &mut found.1)
    })
}

fn shown(covered: &[Covered; 2]) -> String {
    covered.iter().map(|covered| sign(covered.state)).collect()
}

fn objects_under(prefix: &str, kind: &str) -> Value {
    basic(json!([{ "read_write_type": kind, "include_management_events": false,
        "data_resources": [{ "resource_type": "AWS::S3::Object", "values": [prefix] }] }]))
}

#[test]
fn the_objects_of_a_bucket_are_recorded_where_its_owner_is_reached() {
    let home = arn(MEMBER, EUROPE, "data");
    let mut found = one_account(vec![trail(&home, objects_under("arn:aws:s3:::ledger/", "All"))]);
    let covered = of_bucket(&mut found, MEMBER, EUROPE, &[]);
    assert_eq!(shown(&covered), "++");
    assert_eq!(covered[0].trails.iter().map(ToString::to_string).collect::<Vec<_>>(), [home.as_str()]);
    assert_eq!(shown(&of_bucket(&mut found, MEMBER, LEADER, &[])), "--", "another Region");
    assert_eq!(shown(&of_bucket(&mut found, MEMBER, EUROPE, &[home.as_str()])), "--", "the only one does not count");
    assert_eq!(shown(&of_bucket(&mut found, OTHER, EUROPE, &[])), "??", "an account that was not looked at");
}

#[test]
fn a_part_is_told_from_all_and_none() {
    let of = |prefix: &str, kind: &str| {
        let mut found = one_account(vec![multi(trail(&arn(MEMBER, LEADER, "t"), objects_under(prefix, kind)))]);
        let covered = of_bucket(&mut found, MEMBER, EUROPE, &[]);
        (shown(&covered), covered[1].missing.clone())
    };
    assert_eq!(of("arn:aws:s3", "All").0, "++");
    assert_eq!(of("arn:aws:s3:::ledger/", "WriteOnly").0, "-+");
    assert_eq!(of("arn:aws:s3:::led", "All").0, "??", "a bucket without a slash is refused by AWS");
    assert_eq!(of("arn:aws:s3:::other/", "All").0, "--");
    let (signs, missing) = of("arn:aws:s3:::ledger/2026/", "All");
    assert_eq!(signs, "~~");
    assert!(missing.unwrap().contains("bulk deletion"));
}

#[test]
fn a_region_that_was_not_selected_is_proven_by_a_multi_region_trail_alone() {
    let of = |selectors: Value, is_multi: bool| {
        let home = trail(&arn(MEMBER, EUROPE, "t"), selectors);
        let home = if is_multi { multi(home) } else { home };
        let mut read = snapshot(vec![account(MEMBER, &[home["arn"].as_str().unwrap()])], vec![home], vec![]);
        read.selection.regions = vec![EUROPE.parse().unwrap()];
        let mut found = coverage_of(&read);
        let covered = of_bucket(&mut found, MEMBER, LEADER, &[]);
        (shown(&covered), causes(&found.1, &covered[0].gaps))
    };
    assert_eq!(of(objects_under("arn:aws:s3", "All"), true).0, "++");
    let not_read = vec![("cloudtrail:DescribeTrails".to_owned(), Cause::NotCollected)];
    assert_eq!(of(objects_under("arn:aws:s3", "All"), false), ("??".to_owned(), not_read));
    assert_eq!(of(all(), true).0, "??");
}

#[test]
fn an_account_that_could_not_be_entered_is_unknown() {
    let closed = json!({ "id": MEMBER, "state": "ACTIVE" });
    let mut found = coverage_of(&snapshot(vec![closed], vec![], vec![gap(MEMBER, None, "sts:AssumeRole", None)]));
    let covered = of_bucket(&mut found, MEMBER, EUROPE, &[]);
    assert_eq!(shown(&covered), "??");
    assert_eq!(causes(&found.1, &covered[0].gaps), [("sts:AssumeRole".into(), Cause::Scp)]);
}
