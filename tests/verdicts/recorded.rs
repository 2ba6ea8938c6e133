//! What is recorded of the accounts' events: the rules that rest on coverage, over whole runs.

use std::collections::{BTreeMap, BTreeSet};

use crate::simulated::{ARCHIVE, BUCKET, MANAGEMENT, MEMBER, good_world, read};
use crate::{judge, not_passed, report, set};
use serde_json::{Value, json};
use trailproof::evaluate::{Judgement, Outcome, Report};
use trailproof::simulator::{Denial, PolicyKind, Simulator, Trail, TrailStatus, World};

/// Rules that the pack `recommended` does not have.
const EXTRA: [&str; 3] = ["duplicate-management-trails", "s3-data-events-read", "s3-data-events-write"];

/// A report on all rules.
fn extra(world: World) -> Report {
    judge(&read(&Simulator::new(world)), "all")
}

/// What a rule says of every account: its outcome, and its message where it fails.
fn of(report: &Report, rule: &str) -> BTreeMap<String, String> {
    let found = report.judgements.iter().filter(|judgement| judgement.policy.as_str() == rule);
    found.map(|judgement| (judgement.account.unwrap().to_string(), said(judgement))).collect()
}

fn said(judgement: &Judgement) -> String {
    match &judgement.outcome {
        Outcome::Fail => judgement.message.to_string(),
        outcome => outcome.as_str().to_owned(),
    }
}

/// The same for each of the three accounts.
fn all(text: &str) -> BTreeMap<String, String> {
    [MANAGEMENT, ARCHIVE, MEMBER].map(|account| (account.to_owned(), text.to_owned())).into()
}

fn with(text: &str, account: &str, other: &str) -> BTreeMap<String, String> {
    let mut all = all(text);
    all.insert(account.to_owned(), other.to_owned());
    all
}

fn basic(kind: &str, excluded: &[&str]) -> Value {
    json!({ "ReadWriteType": kind, "IncludeManagementEvents": true, "ExcludeManagementEventSources": excluded,
        "DataResources": [] })
}

fn select(world: &mut World, selectors: impl IntoIterator<Item = Value>) {
    world.trails[0].event_selectors = selectors.into_iter().collect();
}

fn select_advanced(world: &mut World, selectors: &[&[(&str, &str, &str)]]) {
    let selectors = selectors.iter().map(|fields| {
        let fields = fields.iter().map(|(field, operator, value)| {
            let mut field = json!({ "Field": field });
            field[*operator] = json!([value]);
            field
        });
        json!({ "FieldSelectors": fields.collect::<Vec<_>>() })
    });
    world.trails[0].advanced_event_selectors = selectors.collect();
}

const MANAGED: (&str, &str, &str) = ("eventCategory", "Equals", "Management");
const DATA: (&str, &str, &str) = ("eventCategory", "Equals", "Data");
const OBJECTS: (&str, &str, &str) = ("resources.type", "Equals", "AWS::S3::Object");

fn member(world: &mut World) -> &mut trailproof::simulator::Account {
    world.accounts.iter_mut().find(|account| account.id == MEMBER).unwrap()
}

fn own_trail<'a>(world: &'a mut World, name: &str) -> &'a mut Trail {
    let status = TrailStatus::logging(jiff::Timestamp::now());
    world.trails.push(Trail::new(MEMBER, name, "eu-west-1", BUCKET).with_status(status));
    world.trails.last_mut().unwrap()
}

const EVERYBODY: [&str; 3] = [MANAGEMENT, ARCHIVE, MEMBER];

/// What every account fails.
fn everybody(rule: &str) -> BTreeSet<String> {
    EVERYBODY.iter().map(|account| format!("{rule} fail {account}")).collect()
}

/// A hole's name, and what makes it.
type Hole = (&'static str, fn(&mut World));

#[test]
fn each_hole_is_found_by_its_rule_alone() {
    let read_write: [Hole; 4] = [
        ("writes alone", |world| select(world, [basic("WriteOnly", &[])])),
        ("reads alone", |world| select_advanced(world, &[&[MANAGED, ("readOnly", "Equals", "true")]])),
        ("data alone", |world| {
            select_advanced(world, &[&[DATA, OBJECTS, ("resources.ARN", "StartsWith", "arn:aws:s3:::b/")]])
        }),
        ("no global services", |world| world.trails[0].global_events = false),
    ];
    for (name, plant) in read_write {
        let mut world = good_world();
        plant(&mut world);
        let mut expected = everybody("management-events-read-write");
        // EventBridge is told of no change that no trail records.
        if ["reads alone", "data alone"].contains(&name) {
            expected.insert("tamper-alert-path fail o-exampleorg".to_owned());
        }
        assert_eq!(not_passed(&report(world)), expected, "{name}");
    }
    let excluded: [Hole; 2] = [
        ("KMS", |world| select(world, [basic("All", &["kms.amazonaws.com"])])),
        ("RDS Data", |world| {
            select_advanced(world, &[&[MANAGED, ("eventSource", "NotEquals", "rdsdata.amazonaws.com")]])
        }),
    ];
    for (name, plant) in excluded {
        let mut world = good_world();
        plant(&mut world);
        assert_eq!(not_passed(&report(world)), everybody("management-events-no-exclusions"), "{name}");
    }
}

#[test]
fn holes_name_events_regions_and_reasons() {
    let told = |plant: fn(&mut World), rule: &str| {
        let mut world = good_world();
        plant(&mut world);
        of(&report(world), rule)
    };
    let rule = "management-events-read-write";
    assert_eq!(
        told(|world| select(world, [basic("WriteOnly", &[])]), rule),
        all("read events in all 17 Regions: org-trail takes writes alone (selector 1)")
    );
    assert_eq!(
        told(|world| select_advanced(world, &[&[DATA, OBJECTS]]), rule),
        all("read and write events in all 17 Regions: not selected by org-trail")
    );
    assert_eq!(
        told(|world| world.trails[0].global_events = false, rule),
        all("global service events in us-east-1: left out by org-trail (IncludeGlobalServiceEvents is false)")
    );
    assert_eq!(
        told(|world| world.trails.clear(), rule),
        all("read and write events in all 17 Regions: no logging trail reaches them")
    );
    let stopped = told(|world| world.trails[0].status = TrailStatus::stopped(jiff::Timestamp::now()), rule);
    let expected = "read and write events in all 17 Regions: no logging trail reaches them (org-trail is stopped)";
    assert_eq!(stopped, all(expected));
    let rule = "management-events-no-exclusions";
    let both = &["kms.amazonaws.com", "rdsdata.amazonaws.com"];
    let mut world = good_world();
    select(&mut world, [basic("All", both)]);
    assert_eq!(
        of(&report(world), rule),
        all("KMS and RDS Data events in all 17 Regions: excluded by org-trail (selector 1)")
    );
    let half = told(|world| select(world, [basic("WriteOnly", &["kms.amazonaws.com"])]), rule);
    assert_eq!(half, all("KMS write events in all 17 Regions: excluded by org-trail (selector 1)"));
}

/// An account that the organization's trail does not reach has what its own trails record.
#[test]
fn an_account_that_is_not_reached_has_its_own_trails_alone() {
    let mut world = good_world();
    member(&mut world).awaits_organization_trails = true;
    let expected = [
        "management-events-read-write fail 333333333333",
        "multi-region-trail fail 333333333333",
        "org-trail-member-coverage fail 333333333333",
        "trail-exists-and-logging fail 333333333333",
    ];
    assert_eq!(
        not_passed(&report(world.clone())),
        set(&expected),
        "exclusions are not judged where nothing is recorded"
    );
    own_trail(&mut world, "own");
    let told = of(&report(world.clone()), "management-events-read-write");
    let expected = "read and write events in all Regions but eu-west-1: no logging trail reaches them";
    assert_eq!(told, with("pass", MEMBER, expected));
    let judged = of(&report(world.clone()), "management-events-no-exclusions");
    assert_eq!(judged, with("pass", MEMBER, "not-applicable"));
    world.trails[1].multi_region = true;
    assert_eq!(of(&report(world), "management-events-read-write"), all("pass"));
}

#[test]
fn two_trails_record_together_what_neither_records_alone() {
    let mut world = good_world();
    select(&mut world, [basic("WriteOnly", &[])]);
    let mut other = world.trails[0].clone();
    other.name = "reads".to_owned();
    other.event_selectors = vec![basic("ReadOnly", &[])];
    world.trails.push(other);
    let report = report(world);
    for rule in ["management-events-read-write", "management-events-no-exclusions"] {
        assert_eq!(of(&report, rule), all("pass"));
    }
}

/// Failed deliveries have rules of their own: coverage marks them, and the evidence names trail and error.
#[test]
fn a_trail_that_does_not_deliver_is_named_in_the_evidence() {
    let mut world = good_world();
    world.trails[0].status.delivery_error = Some("AccessDenied".to_owned());
    let report = report(world);
    assert_eq!(of(&report, "management-events-read-write"), all("pass"));
    let judged = report.judgements.iter().find(|judged| judged.policy.as_str() == "management-events-read-write");
    let judged = judged.unwrap();
    let evidence = serde_json::to_value(&judged.evidence).unwrap();
    let failing =
        "management events in all 17 Regions: recorded only by org-trail (AccessDenied), whose latest delivery failed";
    let global =
        "global service events in us-east-1: recorded only by org-trail (AccessDenied), whose latest delivery failed";
    assert_eq!(evidence["account.management_events.failing"], json!([failing, global]));
    assert_eq!(judged.notes, [failing, global]);
    assert!(report.coverage.iter().all(|row| row.cell.management.read.failing));
}

#[test]
fn what_was_refused_is_unknown_and_a_region_that_a_trail_covers_is_not() {
    let refuse = |world: &mut World, account: &str, action: &str, region: &str| {
        let denial = Denial::explicit(PolicyKind::ServiceControl, action).in_region(region);
        let account = world.accounts.iter_mut().find(|entry| entry.id == account).unwrap();
        *account = account.clone().with_denial(denial);
    };
    let rules = ["management-events-read-write", "management-events-no-exclusions"];
    let mut world = good_world();
    refuse(&mut world, MEMBER, "cloudtrail:*", "sa-east-1");
    for rule in rules {
        assert_eq!(of(&report(world.clone()), rule), all("pass"));
    }
    let copies = of(&extra(world.clone()), "duplicate-management-trails");
    assert_eq!(copies, with("pass", MEMBER, "unknown"), "a trail of that Region may be a second one");
    select(&mut world, [basic("All", &["kms.amazonaws.com"])]);
    let hole = "KMS events in all 17 Regions: excluded by org-trail (selector 1)";
    let known = "KMS events in all Regions but sa-east-1: excluded by org-trail (selector 1)";
    assert_eq!(of(&report(world), rules[1]), with(hole, MEMBER, known));
    let mut world = good_world();
    world
        .account_mut(MANAGEMENT)
        .unwrap()
        .denials
        .push(Denial::explicit(PolicyKind::ServiceControl, "cloudtrail:GetEventSelectors"));
    world.trails[0].event_selectors = vec![basic("All", &[])];
    for rule in rules {
        assert_eq!(of(&report(world.clone()), rule), all("unknown"));
    }
    for rule in EXTRA {
        assert_eq!(of(&extra(world.clone()), rule), all("unknown"));
    }
}

#[test]
fn data_events_of_all_objects_are_asked_for_and_log_buckets_may_be_left_out() {
    let told = |selectors: &[&[(&str, &str, &str)]]| {
        let mut world = good_world();
        let management: &[(&str, &str, &str)] = &[MANAGED];
        select_advanced(&mut world, &[&[management], selectors].concat());
        let report = extra(world);
        (of(&report, "s3-data-events-read"), of(&report, "s3-data-events-write"))
    };
    let missing = |access: &str, why: &str| all(&format!("S3 object {access} events in all 17 Regions: {why}"));
    let nobody = "not selected by org-trail";
    assert_eq!(told(&[]), (missing("read", nobody), missing("write", nobody)));
    assert_eq!(told(&[&[DATA, OBJECTS]]), (all("pass"), all("pass")));
    let writes = told(&[&[DATA, OBJECTS, ("readOnly", "Equals", "false")]]);
    assert_eq!(writes, (missing("read", "org-trail takes writes alone (selector 2)"), all("pass")));
    let but = |bucket: &'static str| told(&[&[DATA, OBJECTS, ("resources.ARN", "NotStartsWith", bucket)]]);
    assert_eq!(but("arn:aws:s3:::example-trail-logs/"), (all("pass"), all("pass")), "the log bucket");
    assert_eq!(but("arn:aws:s3:::example-access-logs/"), (all("pass"), all("pass")), "the bucket of its access logs");
    for narrower in ["arn:aws:s3:::ledger/", "arn:aws:s3:::example-trail-logs", "arn:aws:s3:::example"] {
        let (read, write) = but(narrower);
        for told in [&read[MEMBER], &write[MEMBER]] {
            assert!(told.contains("recorded in part by org-trail; missing: ") && told.contains(narrower), "{told}");
        }
    }
    let one = told(&[&[DATA, OBJECTS, ("resources.ARN", "StartsWith", "arn:aws:s3:::example-trail-logs/")]]);
    assert!(one.0[MEMBER].contains("recorded in part"), "{one:?}");
}

#[test]
fn copies_of_management_events_are_told_with_their_trails() {
    let rule = "duplicate-management-trails";
    assert_eq!(of(&extra(good_world()), rule), all("pass"));
    let mut world = good_world();
    own_trail(&mut world, "own").event_selectors = vec![basic("WriteOnly", &[])];
    let copied = "recorded more than once: write events in eu-west-1: org-trail and own";
    assert_eq!(of(&extra(world.clone()), rule), with("pass", MEMBER, copied));
    world.trails[1].event_selectors.clear();
    world.trails[1].advanced_event_selectors = vec![json!({ "FieldSelectors": [
        { "Field": "eventCategory", "Equals": ["Data"] }, { "Field": "resources.type", "Equals": ["AWS::S3::Object"] },
    ] })];
    assert_eq!(of(&extra(world.clone()), rule), all("pass"), "data events are no copies");
    world.trails[1] = Trail { multi_region: true, advanced_event_selectors: Vec::new(), ..world.trails[1].clone() };
    let copied = "recorded more than once: read and write events in all 17 Regions: org-trail and own";
    assert_eq!(of(&extra(world.clone()), rule), with("pass", MEMBER, copied));
    world.trails[1].status = TrailStatus::stopped(jiff::Timestamp::now());
    assert_eq!(of(&extra(world), rule), all("pass"));
}
