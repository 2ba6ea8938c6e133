//! Coverage as JSON: in the report, and on its own with what falls out of it, schema `trailproof.coverage/1`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::{JsonGap, Snapshot, gap, identity};
use crate::derive::coverage::{Covered, ReadWrite, Row};
use crate::evaluate::{CoverageReport, Remark, SoleCover};

/// The schema of the coverage that this version writes.
pub const COVERAGE_SCHEMA: &str = "trailproof.coverage/1";

/// A coverage as it is written. Every key is always there, null where there is nothing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JsonCoverage<'a> {
    /// Always [`COVERAGE_SCHEMA`].
    schema: &'static str,
    tool: CoverageTool,
    snapshot: Snapshot<'a>,
    /// Which trails record what, account by Region; sorted by accounts, then Regions.
    coverage: Vec<JsonRow<'a>>,
    /// Management events that are not recorded in full.
    missing: Vec<JsonRemark<'a>>,
    /// Data events that are recorded in part.
    parts: Vec<JsonRemark<'a>>,
    /// What only trails record whose latest delivery failed.
    failing: Vec<JsonRemark<'a>>,
    /// Management events of which it is not known whether they are recorded.
    unknown: Vec<JsonRemark<'a>>,
    /// Management events that more than one logging trail records: every copy but the first is billed.
    copies: Vec<JsonRemark<'a>>,
    /// What single trails record of management events: without them, there is a hole.
    sole_covers: Vec<JsonSoleCover<'a>>,
    gaps: Vec<JsonGap<'a>>,
}

/// The tool that worked it out.
#[derive(Debug, Serialize, JsonSchema)]
struct CoverageTool {
    name: &'static str,
    version: &'static str,
}

/// Something that is said of accounts.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonRemark<'a> {
    accounts: Vec<String>,
    /// Empty where an account did not say which Regions it has.
    regions: Vec<&'a str>,
    /// The events in words, such as `write events` or `KMS and RDS Data events`.
    events: &'a str,
    /// What is said of them.
    what: &'a str,
}

/// What one trail alone records of management events.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonSoleCover<'a> {
    trail: &'a str,
    /// How many accounts.
    accounts: usize,
    /// How many places, each an account and one of its Regions.
    places: usize,
}

/// Writes what a coverage says as JSON.
///
/// # Errors
/// Where the writer fails.
pub fn write_coverage_json(report: &CoverageReport, writer: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *writer, &document(report))?;
    writer.write_all(b"\n")
}

fn document(report: &CoverageReport) -> JsonCoverage<'_> {
    JsonCoverage {
        schema: COVERAGE_SCHEMA,
        tool: CoverageTool { name: "trailproof", version: env!("CARGO_PKG_VERSION") },
        snapshot: identity(&report.snapshot),
        coverage: rows(&report.rows),
        missing: report.missing.iter().map(remark).collect(),
        parts: report.parts.iter().map(remark).collect(),
        failing: report.failing.iter().map(remark).collect(),
        unknown: report.unknown.iter().map(remark).collect(),
        copies: report.copies.iter().map(remark).collect(),
        sole_covers: report.sole_covers.iter().map(sole_cover).collect(),
        gaps: report.gaps.iter().map(gap).collect(),
    }
}

fn remark(remark: &Remark) -> JsonRemark<'_> {
    JsonRemark {
        accounts: remark.accounts.iter().map(ToString::to_string).collect(),
        regions: remark.line.regions.iter().map(|region| region.as_str()).collect(),
        events: &remark.line.events,
        what: &remark.line.what,
    }
}

fn sole_cover(sole: &SoleCover) -> JsonSoleCover<'_> {
    JsonSoleCover { trail: sole.trail.as_str(), accounts: sole.accounts, places: sole.places }
}

/// Accounts and Regions in which the same is recorded by the same trails.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct JsonRow<'a> {
    accounts: Vec<String>,
    /// Empty where an account did not say which Regions it has.
    regions: Vec<&'a str>,
    /// Management events but those of KMS and RDS Data.
    management: JsonReadWrite<'a>,
    /// Global service events; null but in the partition's leader Region.
    global: Option<JsonReadWrite<'a>>,
    /// Management events of KMS.
    kms: JsonReadWrite<'a>,
    /// Management events of the RDS Data API.
    rdsdata: JsonReadWrite<'a>,
    /// Data events, by type of resource.
    data: BTreeMap<&'a str, JsonReadWrite<'a>>,
}

/// The reads and the writes of a class of events.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonReadWrite<'a> {
    read: JsonCovered<'a>,
    write: JsonCovered<'a>,
}

/// What logging trails record of a class of events.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonCovered<'a> {
    /// `all`, `part`, `none` or `unknown`.
    state: &'static str,
    /// The ARNs of the logging trails that record it or a part of it.
    trails: Vec<&'a str>,
    /// Whether there are such trails, and the latest delivery of each of them failed.
    failing: bool,
}

/// The rows of a coverage.
pub(super) fn rows(rows: &[Row]) -> Vec<JsonRow<'_>> {
    rows.iter().map(row).collect()
}

fn row(row: &Row) -> JsonRow<'_> {
    JsonRow {
        accounts: row.accounts.iter().map(ToString::to_string).collect(),
        regions: row.regions.iter().map(|region| region.as_str()).collect(),
        management: both(&row.cell.management),
        global: row.cell.global.as_ref().map(both),
        kms: both(&row.cell.kms),
        rdsdata: both(&row.cell.rdsdata),
        data: row.cell.data.iter().map(|(name, data)| (name.as_str(), both(data))).collect(),
    }
}

fn both(both: &ReadWrite) -> JsonReadWrite<'_> {
    JsonReadWrite { read: covered(&both.read), write: covered(&both.write) }
}

fn covered(covered: &Covered) -> JsonCovered<'_> {
    JsonCovered {
        state: covered.state.as_str(),
        trails: covered.trails.iter().map(|arn| arn.as_str()).collect(),
        failing: covered.failing,
    }
}
