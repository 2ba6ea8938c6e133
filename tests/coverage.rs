//! What the trails of an organization cover: account by account and Region by Region.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use serde_json::{Value, json};
use trailproof::derive::OpenQuestions;
use trailproof::derive::coverage::{Cell, ClassQuestion, Coverage, Covered, Kind, ReadWrite, State, coverage_of};
use trailproof::derive::selector::{Access, EventClass};
use trailproof::expr::{Gaps, Known};
use trailproof::id::TrailArn;
use trailproof::snapshot::{Cause, Snapshot};

const AT: &str = "2026-01-01T00:00:00Z";
const MANAGEMENT: &str = "111111111111";
const MEMBER: &str = "222222222222";
const OTHER: &str = "333333333333";
const LEADER: &str = "us-east-1";
const EUROPE: &str = "eu-west-1";

fn arn(account: &str, region: &str, name: &str) -> String {
    format!("arn:aws:cloudtrail:{region}:{account}:trail/{name}")
}

fn basic(selectors: Value) -> Value {
    json!({ "basic": selectors })
}

fn all() -> Value {
    basic(json!([{ "read_write_type": "All", "include_management_events": true }]))
}

fn of_kind(kind: &str) -> Value {
    basic(json!([{ "read_write_type": kind, "include_management_events": true }]))
}

fn without_kms() -> Value {
    basic(json!([{ "read_write_type": "All", "include_management_events": true,
        "exclude_management_event_sources": ["kms.amazonaws.com"] }]))
}

fn advanced(selectors: &[&[(&str, &str, &str)]]) -> Value {
    let selectors = selectors.iter().map(|fields| {
        let fields = fields.iter().map(|(field, operator, value)| {
            let mut object = json!({ "field": field });
            object[*operator] = json!([value]);
            object
        });
        json!({ "name": "Management events selector", "field_selectors": fields.collect::<Vec<_>>() })
    });
    json!({ "advanced": selectors.collect::<Vec<_>>() })
}

/// A logging single-Region trail.
fn trail(arn: &str, selectors: Value) -> Value {
    json!({
        "arn": arn, "described_by": MANAGEMENT, "described_in": LEADER,
        "configuration": { "read_at": AT, "value": {
            "s3_bucket_name": "logs", "include_global_service_events": true, "is_multi_region_trail": false,
            "is_organization_trail": false, "has_custom_event_selectors": true } },
        "status": { "read_at": AT, "value": { "is_logging": true } },
        "event_selectors": { "read_at": AT, "value": selectors },
    })
}

fn multi(mut trail: Value) -> Value {
    trail["configuration"]["value"]["is_multi_region_trail"] = true.into();
    trail
}

fn organization(trail: Value) -> Value {
    let mut trail = multi(trail);
    trail["configuration"]["value"]["is_organization_trail"] = true.into();
    trail
}

fn with(mut trail: Value, path: &str, value: Value) -> Value {
    *trail.pointer_mut(path).unwrap() = value;
    trail
}

fn without(mut trail: Value, name: &str) -> Value {
    trail.as_object_mut().unwrap().remove(name);
    trail
}

fn stopped(trail: Value) -> Value {
    with(trail, "/status/value/is_logging", false.into())
}

/// An account of two Regions that sees the same trails in both.
fn account(id: &str, seen: &[&str]) -> Value {
    json!({
        "id": id, "state": "ACTIVE",
        "regions": { "read_at": AT, "value": { "enabled_by_default": [EUROPE, LEADER] } },
        "sightings": [{ "regions": [EUROPE, LEADER], "trails": seen, "read_at": AT }],
    })
}

fn gap(account: &str, region: Option<&str>, operation: &str, resource: Option<&str>) -> Value {
    let mut gap = json!({ "account": account, "operation": operation, "cause": "scp", "message": "denied" });
    for (name, value) in [("region", region), ("resource", resource)] {
        if let Some(value) = value {
            gap[name] = value.into();
        }
    }
    gap
}

fn snapshot(accounts: Vec<Value>, trails: Vec<Value>, gaps: Vec<Value>) -> Snapshot {
    let mut snapshot: Snapshot = serde_json::from_value(json!({
        "schema": "trailproof.snapshot/1", "tool_version": "0", "taken_at": AT,
        "caller": { "arn": "arn:aws:iam::111111111111:user/x", "account": MANAGEMENT, "partition": "aws" },
        "selection": { "breadth": "organization" },
        "organization": { "id": "o-x", "arn": "arn:aws:organizations::111111111111:organization/o-x",
            "management_account": MANAGEMENT, "read_at": AT, "accounts_total": accounts.len() },
        "accounts": accounts, "trails": trails, "buckets": [], "keys": [], "topics": [], "log_groups": [], "gaps": gaps,
        "run": { "started_at": AT, "finished_at": AT, "calls": {}, "requests": 0, "throttles": 0 },
    }))
    .unwrap();
    snapshot.sort();
    snapshot
}

fn one_account(trails: Vec<Value>) -> (Coverage, OpenQuestions) {
    let seen: Vec<String> = trails.iter().map(|trail| trail["arn"].as_str().unwrap().to_owned()).collect();
    let mut seen: Vec<&str> = seen.iter().map(String::as_str).collect();
    seen.sort_unstable();
    coverage_of(&snapshot(vec![account(MEMBER, &seen)], trails, vec![]))
}

fn at<'a>(coverage: &'a Coverage, account: &str, region: &str) -> &'a Cell {
    coverage.cell(account.parse().unwrap(), &region.parse().unwrap()).unwrap()
}

fn sign(state: State) -> char {
    match state {
        State::All => '+',
        State::Part => '~',
        State::None => '-',
        State::Unknown => '?',
    }
}

fn signs(both: &ReadWrite) -> String {
    [both.read.state, both.write.state].map(sign).into_iter().collect()
}

/// Management, KMS and RDS Data, each read and write.
fn regional(cell: &Cell) -> String {
    [&cell.management, &cell.kms, &cell.rdsdata].map(signs).join(" ")
}

fn objects(cell: &Cell) -> String {
    signs(&cell.data["AWS::S3::Object"])
}

fn causes(open: &OpenQuestions, gaps: &Gaps) -> Vec<(String, Cause)> {
    let gaps = gaps.iter().map(|id| open.gap(id).unwrap());
    gaps.map(|gap| (gap.operation.clone(), gap.cause.clone())).collect()
}

fn is_redundant(coverage: &Coverage, trail: &str) -> Option<bool> {
    let arn: TrailArn = trail.parse().unwrap();
    coverage.is_redundant(&arn).known().copied()
}

mod places {
    use super::*;

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
}

mod denied {
    use super::*;

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
}

mod malformed {
    use super::*;

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
}

mod cases {
    use super::*;

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
}

mod questions {
    use super::*;

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
        let two = vec![
            multi(trail(&arn(MEMBER, LEADER, "a"), all())),
            trail(&arn(MEMBER, EUROPE, "b"), of_kind("WriteOnly")),
        ];
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
}

mod rows {
    use super::*;

    fn large() -> Snapshot {
        let organization_trail = arn(MANAGEMENT, LEADER, "org");
        let mut accounts = vec![account(MANAGEMENT, &[&organization_trail])];
        let mut gaps = Vec::new();
        for number in 0..40 {
            let id = format!("4{number:011}");
            accounts.push(account(&id, &[&organization_trail]));
            if number % 10 == 0 {
                let last = accounts.last_mut().unwrap();
                *last = json!({ "id": id, "state": "ACTIVE" });
                gaps.push(gap(&id, None, "sts:AssumeRole", None));
            }
        }
        snapshot(accounts, vec![organization(trail(&organization_trail, all()))], gaps)
    }

    #[test]
    fn equal_cells_are_one_row() {
        let (coverage, _) = coverage_of(&large());
        assert_eq!(
            coverage.rows.len(),
            2 + 2 * 4,
            "a Region with global services, one without; so for each refused account"
        );
        let shown = coverage.shown();
        assert_eq!(shown.len(), 4, "refusals look alike");
        assert_eq!(shown.iter().map(|row| row.accounts.len() * row.regions.len()).sum::<usize>(), 41 * 2);
    }

    #[test]
    fn the_order_of_the_snapshot_does_not_matter() {
        let read = large();
        let mut turned = read.clone();
        turned.accounts.reverse();
        let (a, b) = (coverage_of(&read).0, coverage_of(&turned).0);
        let places = |coverage: &Coverage| {
            let rows = coverage.shown().into_iter();
            rows.map(|row| (row.accounts, row.regions, row.cell)).collect::<Vec<_>>()
        };
        assert_eq!(places(&a), places(&b));
        assert_eq!(coverage_of(&read).0, a);
    }
}

mod classes {
    use super::*;

    /// What is recorded of the objects of a bucket, reads and writes.
    fn of_bucket(found: &mut (Coverage, OpenQuestions), account: &str, region: &str, without: &[&str]) -> [Covered; 2] {
        let without: Vec<TrailArn> = without.iter().map(|arn| arn.parse().unwrap()).collect();
        let without: Vec<&TrailArn> = without.iter().collect();
        [Access::Read, Access::Write].map(|access| {
            let class = EventClass::objects("aws", "ledger", access);
            let (account, region) = (account.parse().unwrap(), region.parse().unwrap());
            found
                .0
                .of_class(&ClassQuestion { class: &class, account, region: &region, without: &without }, &mut found.1)
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
        assert_eq!(
            shown(&of_bucket(&mut found, MEMBER, EUROPE, &[home.as_str()])),
            "--",
            "the only one does not count"
        );
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
}
