//! What rules may say of the events of an account: lines, or what hides them.

use super::world::{
    AT, EUROPE, LEADER, MANAGEMENT, MEMBER, OTHER, account, advanced, all, arn, basic, gap, multi, of_kind,
    organization, snapshot, stopped, trail, with, without, without_kms,
};
use serde_json::{Value, json};
use trailproof::derive::subjects;
use trailproof::expr::Fact;
use trailproof::snapshot::{Cause, Snapshot};

/// A fact of an account: its lines, or the causes that hide it.
fn told(read: &Snapshot, id: &str, group: &str, field: &str) -> Result<Vec<String>, Vec<Cause>> {
    let derived = subjects(read);
    let of_account = |resource: &str| resource.ends_with(&format!(":{id}:root"));
    let subject = derived.subjects.iter().find(|subject| subject.resource.as_deref().is_some_and(of_account)).unwrap();
    match subject.facts.field(group).unwrap().field(field).unwrap() {
        Fact::List(lines) => Ok(lines.iter().map(|line| text(line).to_owned()).collect()),
        Fact::Bool(value) => Ok(vec![value.to_string()]),
        Fact::Gap(gaps) => Err(gaps.iter().map(|id| derived.open.gap(id).unwrap().cause.clone()).collect()),
        other => panic!("{other:?}"),
    }
}

fn text(fact: &Fact) -> &str {
    match fact {
        Fact::String(text) => text,
        other => panic!("{other:?}"),
    }
}

/// The facts of management events: what is missing, excluded, whether all of KMS and RDS Data is there, failing, copies.
fn management(read: &Snapshot, field: &str) -> Result<Vec<String>, Vec<Cause>> {
    told(read, MEMBER, "management_events", field)
}

fn objects(read: &Snapshot, field: &str) -> Result<Vec<String>, Vec<Cause>> {
    told(read, MEMBER, "s3_data_events", field)
}

fn of(trails: Vec<Value>) -> Snapshot {
    let mut seen: Vec<String> = trails.iter().map(|trail| trail["arn"].as_str().unwrap().to_owned()).collect();
    seen.sort();
    let seen: Vec<&str> = seen.iter().map(String::as_str).collect();
    snapshot(vec![account(MEMBER, &seen)], trails, vec![])
}

fn one(selectors: Value) -> Value {
    multi(trail(&arn(MEMBER, LEADER, "t"), selectors))
}

fn lines(texts: &[&str]) -> Result<Vec<String>, Vec<Cause>> {
    Ok(texts.iter().map(|text| (*text).to_owned()).collect())
}

#[test]
fn a_whole_record_has_nothing_to_tell() {
    let read = of(vec![one(all())]);
    for field in ["missing", "excluded", "failing", "copies"] {
        assert_eq!(management(&read, field), lines(&[]), "{field}");
    }
    assert_eq!(management(&read, "kms_and_rds_data_recorded"), lines(&["true"]));
}

#[test]
fn without_trails_everything_is_missing_and_nothing_excluded() {
    let read = of(vec![]);
    assert_eq!(
        management(&read, "missing"),
        lines(&["read and write events in all 2 Regions: no logging trail reaches them"])
    );
    assert_eq!(management(&read, "excluded"), lines(&[]));
    assert_eq!(management(&read, "kms_and_rds_data_recorded"), lines(&["false"]));
    assert_eq!(
        objects(&read, "reads_missing"),
        lines(&["S3 object read events in all 2 Regions: no logging trail reaches them"])
    );
}

#[test]
fn regions_are_named_where_they_differ() {
    let home = trail(&arn(MEMBER, EUROPE, "home"), all());
    let read = of(vec![home.clone(), stopped(one(all()))]);
    assert_eq!(
        management(&read, "missing"),
        lines(&["read and write events in us-east-1: no logging trail reaches it (t is stopped)"])
    );
    let read = of(vec![home, one(of_kind("WriteOnly"))]);
    assert_eq!(
        management(&read, "missing"),
        lines(&["read events in us-east-1: t takes writes alone (selector 1)"]),
        "global service events are among them"
    );
    assert_eq!(management(&read, "copies"), lines(&["write events in eu-west-1: home and t"]));
}

#[test]
fn several_trails_give_several_reasons() {
    let second = |name: &str, selectors| multi(trail(&arn(MEMBER, LEADER, name), selectors));
    let read = of(vec![
        second("a", of_kind("WriteOnly")),
        second(
            "b",
            basic(json!([{ "read_write_type": "All", "include_management_events": false,
            "data_resources": [{ "resource_type": "AWS::S3::Object", "values": ["arn:aws:s3"] }] }])),
        ),
        second("c", of_kind("WriteOnly")),
    ]);
    let why = "a takes writes alone (selector 1); c takes writes alone (selector 1); not selected by b";
    assert_eq!(management(&read, "missing"), Ok(vec![format!("read events in all 2 Regions: {why}")]));
}

/// Where the general events of a place are not recorded, its exclusions are not told.
#[test]
fn an_exclusion_counts_where_the_other_events_are_recorded() {
    let excluding = basic(json!([{ "read_write_type": "WriteOnly", "include_management_events": true,
        "exclude_management_event_sources": ["kms.amazonaws.com", "rdsdata.amazonaws.com"] }]));
    let read = of(vec![one(excluding)]);
    assert_eq!(
        management(&read, "excluded"),
        lines(&["KMS and RDS Data write events in all 2 Regions: excluded by t (selector 1)"])
    );
    let not_kms = ("eventSource", "not_equals", "kms.amazonaws.com");
    let read = of(vec![one(advanced(&[&[("eventCategory", "equals", "Management"), not_kms]]))]);
    assert_eq!(management(&read, "excluded"), lines(&["KMS events in all 2 Regions: excluded by t (selector 1)"]));
}

#[test]
fn failing_deliveries_are_told_where_no_other_trail_records_the_same() {
    let status = json!({ "is_logging": true, "latest_delivery_error": "NoSuchBucket" });
    let failing = with(one(all()), "/status/value", status);
    let expected = [
        "management events in all 2 Regions: recorded only by t (NoSuchBucket), whose latest delivery failed",
        "global service events in us-east-1: recorded only by t (NoSuchBucket), whose latest delivery failed",
    ];
    assert_eq!(management(&of(vec![failing.clone()]), "failing"), lines(&expected));
    let beside = multi(trail(&arn(MEMBER, LEADER, "u"), all()));
    assert_eq!(management(&of(vec![failing, beside]), "failing"), lines(&[]));
}

#[test]
fn what_was_refused_hides_the_lines_and_what_is_proven_is_told_all_the_same() {
    let org = arn(MANAGEMENT, LEADER, "org");
    let refused = || gap(MEMBER, Some(EUROPE), "cloudtrail:DescribeTrails", None);
    let half = |selectors: Value| {
        let mut half = account(MEMBER, &[&org]);
        half["sightings"][0]["regions"] = json!([LEADER]);
        let accounts = vec![account(MANAGEMENT, &[&org]), half];
        snapshot(accounts, vec![organization(trail(&org, selectors))], vec![refused()])
    };
    let read = half(all());
    assert_eq!(management(&read, "missing"), lines(&[]));
    assert_eq!(management(&read, "copies"), Err(vec![Cause::Scp]), "a trail of that Region may be a second one");
    let read = half(without_kms());
    assert_eq!(management(&read, "excluded"), lines(&["KMS events in us-east-1: excluded by org (selector 1)"]));
    let read = half(of_kind("WriteOnly"));
    assert_eq!(management(&read, "missing"), lines(&["read events in us-east-1: org takes writes alone (selector 1)"]));
    let closed = json!({ "id": MEMBER, "state": "ACTIVE" });
    let read = snapshot(vec![closed], vec![], vec![gap(MEMBER, None, "sts:AssumeRole", None)]);
    for field in ["missing", "excluded", "copies", "kms_and_rds_data_recorded"] {
        assert_eq!(management(&read, field), Err(vec![Cause::Scp]), "{field}");
    }
    assert_eq!(objects(&read, "writes_missing"), Err(vec![Cause::Scp]));
    let read = of(vec![without(one(without_kms()), "status")]);
    assert_eq!(management(&read, "missing"), Err(vec![Cause::NotCollected]));
    assert_eq!(management(&read, "excluded"), Err(vec![Cause::NotCollected]), "unless it logs, nothing is excluded");
}

#[test]
fn odd_answers_hide_the_lines() {
    let without_flag = with(one(all()), "/status/value", json!({}));
    assert_eq!(management(&of(vec![without_flag]), "missing"), Err(vec![Cause::MalformedAnswer]));
    let undocumented = advanced(&[&[("eventCategory", "equals", "Management"), ("colour", "equals", "red")]]);
    assert_eq!(management(&of(vec![one(undocumented)]), "missing"), Err(vec![Cause::Unsupported]));
    assert_eq!(management(&of(vec![one(basic(json!([])))]), "excluded"), Err(vec![Cause::Unsupported]));
}

/// Nothing is proven where no Region was looked at.
#[test]
fn an_account_without_a_selected_region_is_not_known() {
    let mut read = of(vec![one(all())]);
    read.selection.regions = vec!["me-central-1".parse().unwrap()];
    for field in ["missing", "excluded", "copies", "kms_and_rds_data_recorded"] {
        assert_eq!(management(&read, field), Err(vec![Cause::NotCollected]), "{field}");
    }
    assert_eq!(objects(&read, "reads_missing"), Err(vec![Cause::NotCollected]));
}

mod log_buckets {
    use super::*;

    fn but(bucket: &str) -> Value {
        let objects = [("eventCategory", "equals", "Data"), ("resources.type", "equals", "AWS::S3::Object")];
        let named = ("resources.ARN", "not_starts_with", bucket);
        one(advanced(&[&[objects[0], objects[1], named]]))
    }

    /// A bucket that receives logs, or not, and where its access logs go.
    fn with_bucket(mut read: Snapshot, name: &str, target: Option<Option<&str>>) -> Snapshot {
        let mut bucket = json!({ "name": name, "region": LEADER, "existence": { "read_at": AT, "value": "present" } });
        if let Some(target) = target {
            let value = target.map_or(json!({}), |target| json!({ "target_bucket": target }));
            bucket["access_logging"] = json!({ "read_at": AT, "value": value });
        }
        read.buckets.push(serde_json::from_value(bucket).unwrap());
        read.sort();
        read
    }

    #[test]
    fn a_log_bucket_may_be_left_out_and_no_other() {
        let read = of(vec![but("arn:aws:s3:::logs/")]);
        assert_eq!(objects(&read, "reads_missing"), lines(&[]), "the trail delivers there");
        assert_eq!(objects(&read, "writes_missing"), lines(&[]));
        let part = objects(&of(vec![but("arn:aws:s3:::ledger/")]), "reads_missing").unwrap();
        assert!(part[0].contains("recorded in part by t; missing: ") && part[0].contains("ledger"), "{part:?}");
        let spilling = objects(&of(vec![but("arn:aws:s3:::logs")]), "reads_missing").unwrap();
        assert!(spilling[0].contains("recorded in part"), "it takes logs-of-others with it: {spilling:?}");
    }

    #[test]
    fn a_bucket_for_access_logs_may_be_left_out_where_it_is_known_to_be_one() {
        let read = || of(vec![but("arn:aws:s3:::access/")]);
        let told = |target| objects(&with_bucket(read(), "logs", target), "writes_missing");
        assert_eq!(told(Some(Some("access"))), lines(&[]));
        assert!(told(Some(None)).is_ok_and(|lines| lines.len() == 1));
        assert!(told(Some(Some("other"))).is_ok_and(|lines| lines.len() == 1));
        assert_eq!(told(None), Err(vec![Cause::NotCollected]), "it may be one");
    }

    #[test]
    fn another_trail_may_record_what_one_leaves_out() {
        let second = |prefix: &str| {
            let selectors = basic(json!([{ "read_write_type": "All", "include_management_events": false,
                "data_resources": [{ "resource_type": "AWS::S3::Object", "values": [prefix] }] }]));
            multi(trail(&arn(OTHER, LEADER, "u"), selectors))
        };
        let of_both = |prefix: &str| {
            let trails = vec![but("arn:aws:s3:::ledger/"), second(prefix)];
            let seen = [arn(MEMBER, LEADER, "t"), arn(OTHER, LEADER, "u")];
            let seen: Vec<&str> = seen.iter().map(String::as_str).collect();
            objects(&snapshot(vec![account(MEMBER, &seen)], trails, vec![]), "reads_missing")
        };
        assert_eq!(of_both("arn:aws:s3:::ledger/"), lines(&[]));
        assert!(of_both("arn:aws:s3:::ledger/a/").unwrap()[0].contains("recorded in part by t and u"));
    }
}
