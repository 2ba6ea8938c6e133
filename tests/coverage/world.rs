//! Snapshots of small organizations, and what their coverage looks like in signs.

use serde_json::{Value, json};
use trailproof::derive::OpenQuestions;
use trailproof::derive::coverage::{Cell, Coverage, ReadWrite, State, coverage_of};
use trailproof::expr::Gaps;
use trailproof::id::TrailArn;
use trailproof::snapshot::{Cause, Snapshot};

pub(crate) const AT: &str = "2026-01-01T00:00:00Z";
pub(crate) const MANAGEMENT: &str = "111111111111";
pub(crate) const MEMBER: &str = "222222222222";
pub(crate) const OTHER: &str = "333333333333";
pub(crate) const LEADER: &str = "us-east-1";
pub(crate) const EUROPE: &str = "eu-west-1";

pub(crate) fn arn(account: &str, region: &str, name: &str) -> String {
    format!("arn:aws:cloudtrail:{region}:{account}:trail/{name}")
}

pub(crate) fn basic(selectors: Value) -> Value {
    json!({ "basic": selectors })
}

pub(crate) fn all() -> Value {
    basic(json!([{ "read_write_type": "All", "include_management_events": true }]))
}

pub(crate) fn of_kind(kind: &str) -> Value {
    basic(json!([{ "read_write_type": kind, "include_management_events": true }]))
}

pub(crate) fn without_kms() -> Value {
    basic(json!([{ "read_write_type": "All", "include_management_events": true,
        "exclude_management_event_sources": ["kms.amazonaws.com"] }]))
}

pub(crate) fn advanced(selectors: &[&[(&str, &str, &str)]]) -> Value {
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
pub(crate) fn trail(arn: &str, selectors: Value) -> Value {
    json!({
        "arn": arn, "described_by": MANAGEMENT, "described_in": LEADER,
        "configuration": { "read_at": AT, "value": {
            "s3_bucket_name": "logs", "include_global_service_events": true, "is_multi_region_trail": false,
            "is_organization_trail": false, "has_custom_event_selectors": true } },
        "status": { "read_at": AT, "value": { "is_logging": true } },
        "event_selectors": { "read_at": AT, "value": selectors },
    })
}

pub(crate) fn multi(mut trail: Value) -> Value {
    trail["configuration"]["value"]["is_multi_region_trail"] = true.into();
    trail
}

pub(crate) fn organization(trail: Value) -> Value {
    let mut trail = multi(trail);
    trail["configuration"]["value"]["is_organization_trail"] = true.into();
    trail
}

pub(crate) fn with(mut trail: Value, path: &str, value: Value) -> Value {
    *trail.pointer_mut(path).unwrap() = value;
    trail
}

pub(crate) fn without(mut trail: Value, name: &str) -> Value {
    trail.as_object_mut().unwrap().remove(name);
    trail
}

pub(crate) fn stopped(trail: Value) -> Value {
    with(trail, "/status/value/is_logging", false.into())
}

/// An account of two Regions that sees the same trails in both.
pub(crate) fn account(id: &str, seen: &[&str]) -> Value {
    json!({
        "id": id, "state": "ACTIVE",
        "regions": { "read_at": AT, "value": { "enabled_by_default": [EUROPE, LEADER] } },
        "sightings": [{ "regions": [EUROPE, LEADER], "trails": seen, "read_at": AT }],
    })
}

pub(crate) fn gap(account: &str, region: Option<&str>, operation: &str, resource: Option<&str>) -> Value {
    let mut gap = json!({ "account": account, "operation": operation, "cause": "scp", "message": "denied" });
    for (name, value) in [("region", region), ("resource", resource)] {
        if let Some(value) = value {
            gap[name] = value.into();
        }
    }
    gap
}

pub(crate) fn snapshot(accounts: Vec<Value>, trails: Vec<Value>, gaps: Vec<Value>) -> Snapshot {
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

pub(crate) fn one_account(trails: Vec<Value>) -> (Coverage, OpenQuestions) {
    let seen: Vec<String> = trails.iter().map(|trail| trail["arn"].as_str().unwrap().to_owned()).collect();
    let mut seen: Vec<&str> = seen.iter().map(String::as_str).collect();
    seen.sort_unstable();
    coverage_of(&snapshot(vec![account(MEMBER, &seen)], trails, vec![]))
}

pub(crate) fn at<'a>(coverage: &'a Coverage, account: &str, region: &str) -> &'a Cell {
    coverage.cell(account.parse().unwrap(), &region.parse().unwrap()).unwrap()
}

pub(crate) fn sign(state: State) -> char {
    match state {
        State::All => '+',
        State::Part => '~',
        State::None => '-',
        State::Unknown => '?',
    }
}

pub(crate) fn signs(both: &ReadWrite) -> String {
    [both.read.state, both.write.state].map(sign).into_iter().collect()
}

/// Management, KMS and RDS Data, each read and write.
pub(crate) fn regional(cell: &Cell) -> String {
    [&cell.management, &cell.kms, &cell.rdsdata].map(signs).join(" ")
}

pub(crate) fn objects(cell: &Cell) -> String {
    signs(&cell.data["AWS::S3::Object"])
}

pub(crate) fn causes(open: &OpenQuestions, gaps: &Gaps) -> Vec<(String, Cause)> {
    let gaps = gaps.iter().map(|id| open.gap(id).unwrap());
    gaps.map(|gap| (gap.operation.clone(), gap.cause.clone())).collect()
}

pub(crate) fn is_redundant(coverage: &Coverage, trail: &str) -> Option<bool> {
    let arn: TrailArn = trail.parse().unwrap();
    coverage.is_redundant(&arn).known().copied()
}
