//! The report as JSON, schema `trailproof.report/1`: structs of its own, so that a change inside changes nothing here.

mod coverage;
mod frameworks;
mod known;
mod lines;
mod waivers;

use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::evaluate::{BaselineStanding, Gate, Judgement, KnownState, Outcome, Report, SnapshotIdentity};
use crate::expr::Evidence;
use crate::policy::Severity;
use crate::snapshot::{CallCount, Endings, Gap, Plan, Reused, ShardRun};

pub use self::coverage::{COVERAGE_SCHEMA, JsonCoverage, write_coverage_json};
pub use self::lines::write_json_lines;

/// The schema of the reports that this version writes.
pub const REPORT_SCHEMA: &str = "trailproof.report/1";

/// A report as it is written. Every key is always there, null where there is nothing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JsonReport<'a> {
    /// Always [`REPORT_SCHEMA`].
    schema: &'static str,
    tool: Tool<'a>,
    snapshot: Snapshot<'a>,
    run: Run<'a>,
    summary: Summary,
    #[serde(serialize_with = "results")]
    #[schemars(with = "Vec<JsonResult<'a>>")]
    results: &'a [Judgement],
    /// The chosen packs that have controls, in the order in which they were named.
    frameworks: Vec<frameworks::JsonFramework<'a>>,
    gaps: Vec<JsonGap<'a>>,
    /// What some accounts were held to instead of what the rest was, in the order in which it counts.
    baselines: Vec<JsonBaseline<'a>>,
    /// What was accepted for a while, and how each of it stands, in the order in which it was given.
    waivers: Vec<waivers::JsonWaiver<'a>>,
    /// What became of the findings of an earlier report; nothing where none was given.
    known: Option<known::JsonKnown<'a>>,
    /// Which trails record what, account by Region; sorted by accounts, then Regions.
    coverage: Vec<coverage::JsonRow<'a>>,
}

/// The tool that judged.
#[derive(Debug, Serialize, JsonSchema)]
struct Tool<'a> {
    name: &'static str,
    version: &'static str,
    /// The SHA-256 of all policies and packs.
    policies_sha256: &'a str,
}

/// The snapshot that was judged.
#[derive(Debug, Serialize, JsonSchema)]
struct Snapshot<'a> {
    sha256: &'a str,
    taken_at: String,
    partition: String,
    organization: Option<&'a str>,
    management_account: Option<String>,
}

/// What differs from run to run without a change in AWS.
#[derive(Debug, Serialize, JsonSchema)]
struct Run<'a> {
    started_at: String,
    finished_at: String,
    calls: &'a BTreeMap<String, CallCount>,
    /// How the questions ended, each a call put to an account in a Region about a resource.
    endings: &'a Endings,
    /// What the journal of a run that ended early answered, by operation.
    reused: &'a BTreeMap<String, Reused>,
    requests: u64,
    throttles: u64,
    /// The shards whose accounts were visited, such as `2/4`, where those of others were not.
    only_shards: Option<String>,
    /// The runs that were merged.
    shards: &'a [ShardRun],
    /// What was expected before any account was entered; `calls` is what came of it.
    plan: Option<&'a Plan>,
}

/// The report in numbers.
#[derive(Debug, Serialize, JsonSchema)]
struct Summary {
    accounts: Accounts,
    outcomes: Outcomes,
    findings: Findings,
    gate: JsonGate,
}

/// Selected accounts.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct Accounts {
    /// Those that are ACTIVE.
    total: usize,
    /// Those whose planned calls were all answered.
    observed: usize,
    unobserved: usize,
    /// Those that are not ACTIVE, and were not scanned.
    inactive: usize,
}

/// Results by outcome.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct Outcomes {
    pass: usize,
    fail: usize,
    unknown: usize,
    not_applicable: usize,
    waived: usize,
}

/// Failures by severity.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct Findings {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    info: usize,
}

/// What the report means for a gate.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonGate {
    /// A severity, or `none`.
    fail_on: &'static str,
    /// The day by which waivers were judged, in UTC.
    as_of: String,
    complete: bool,
    exit_code: u8,
}

/// One rule, judged over one subject.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonResult<'a> {
    policy: &'a str,
    severity: &'static str,
    scope: &'static str,
    account: Option<String>,
    region: Option<String>,
    resource: Option<&'a str>,
    related: &'a [String],
    /// `pass`, `fail`, `unknown`, `not-applicable` or `waived`.
    outcome: &'static str,
    message: &'a str,
    reason: Option<String>,
    /// What is waived, and by what; nothing where nothing is.
    waived: Option<waivers::JsonWaived<'a>>,
    /// `new`, `unchanged` or `fixed` since an earlier report; nothing where none was given, or neither fails.
    known: Option<&'static str>,
    /// The baseline that the account is held to; nothing where it is held to none.
    baseline: Option<&'a str>,
    /// What does not decide, and should be known.
    notes: &'a [String],
    evidence: &'a Evidence,
    parameters: &'a BTreeMap<String, Value>,
    packs: &'a [String],
    fingerprint: String,
    /// The controls that the rule proves, or a part of each, by the ids of all built-in packs.
    controls: &'a BTreeMap<String, Vec<String>>,
}

/// What some accounts were held to.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonBaseline<'a> {
    name: &'a str,
    /// The file and the line that hold it.
    file: &'a str,
    line: usize,
    packs: &'a [String],
    /// A severity, or `none`.
    fail_on: &'static str,
    /// Sorted.
    accounts: Vec<String>,
    /// The accounts that may be held to it: their tags decide, and were not read. Sorted.
    open: Vec<String>,
}

/// What was asked and not answered.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct JsonGap<'a> {
    account: Option<String>,
    region: Option<String>,
    operation: &'a str,
    resource: Option<&'a str>,
    cause: &'a str,
    message: &'a str,
}

/// Writes a report as JSON.
///
/// # Errors
/// Where the writer fails.
pub fn write_json(report: &Report, writer: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *writer, &document(report))?;
    writer.write_all(b"\n")
}

fn document(report: &Report) -> JsonReport<'_> {
    JsonReport {
        schema: REPORT_SCHEMA,
        tool: Tool { name: "trailproof", version: env!("CARGO_PKG_VERSION"), policies_sha256: &report.policies_sha256 },
        snapshot: identity(&report.snapshot),
        run: Run {
            started_at: report.run.started_at.to_string(),
            finished_at: report.run.finished_at.to_string(),
            calls: &report.run.calls,
            endings: &report.run.endings,
            reused: &report.run.reused,
            requests: report.run.requests,
            throttles: report.run.throttles,
            only_shards: report.selection.shards.as_ref().map(ToString::to_string),
            shards: &report.run.shards,
            plan: report.run.plan.as_ref(),
        },
        summary: summary(report),
        results: &report.judgements,
        frameworks: frameworks::frameworks(&report.frameworks),
        gaps: report.gaps.iter().map(gap).collect(),
        baselines: report.baselines.iter().map(baseline).collect(),
        waivers: report.waivers.iter().map(waivers::waiver).collect(),
        known: report.known.as_ref().map(known::known),
        coverage: coverage::rows(&report.coverage),
    }
}

/// Each result is made when it is written: all of them at once would take more than the judgements.
fn results<S: Serializer>(judgements: &&[Judgement], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(judgements.iter().map(result))
}

fn identity(snapshot: &SnapshotIdentity) -> Snapshot<'_> {
    Snapshot {
        sha256: &snapshot.sha256,
        taken_at: snapshot.taken_at.to_string(),
        partition: snapshot.partition.to_string(),
        organization: snapshot.organization.as_deref(),
        management_account: snapshot.management_account.map(|id| id.to_string()),
    }
}

fn summary(report: &Report) -> Summary {
    let mut accounts = Accounts::default();
    for account in &report.accounts {
        match (account.active, account.observed) {
            (false, _) => accounts.inactive += 1,
            (true, true) => (accounts.total, accounts.observed) = (accounts.total + 1, accounts.observed + 1),
            (true, false) => (accounts.total, accounts.unobserved) = (accounts.total + 1, accounts.unobserved + 1),
        }
    }
    let mut outcomes = Outcomes::default();
    let mut findings = Findings::default();
    for judgement in &report.judgements {
        match &judgement.outcome {
            Outcome::Pass => outcomes.pass += 1,
            Outcome::NotApplicable { .. } => outcomes.not_applicable += 1,
            Outcome::Unknown { .. } => outcomes.unknown += 1,
            Outcome::Waived { .. } => outcomes.waived += 1,
            Outcome::Fail => {
                outcomes.fail += 1;
                *findings.of(judgement.severity) += 1;
            }
        }
    }
    let fail_on = report.gate.fail_on.map_or("none", Severity::as_str);
    let Gate { complete, exit_code, as_of, .. } = report.gate;
    let gate = JsonGate { fail_on, as_of: as_of.to_string(), complete, exit_code };
    Summary { accounts, outcomes, findings, gate }
}

impl Findings {
    fn of(&mut self, severity: Severity) -> &mut usize {
        match severity {
            Severity::Critical => &mut self.critical,
            Severity::High => &mut self.high,
            Severity::Medium => &mut self.medium,
            Severity::Low => &mut self.low,
            Severity::Info => &mut self.info,
        }
    }
}

fn result(judgement: &Judgement) -> JsonResult<'_> {
    JsonResult {
        policy: judgement.policy.as_str(),
        severity: judgement.severity.as_str(),
        scope: judgement.scope.name(),
        account: judgement.account.map(|id| id.to_string()),
        region: judgement.region.as_ref().map(ToString::to_string),
        resource: judgement.resource.as_deref(),
        related: &judgement.related,
        outcome: judgement.outcome.as_str(),
        message: &judgement.message,
        reason: judgement.outcome.reason(),
        waived: waivers::waived(&judgement.outcome),
        known: judgement.known.map(KnownState::as_str),
        baseline: judgement.baseline.as_deref(),
        notes: &judgement.notes,
        evidence: &judgement.evidence,
        parameters: &judgement.parameters,
        packs: &judgement.packs,
        fingerprint: judgement.fingerprint.to_string(),
        controls: &judgement.controls,
    }
}

fn baseline(standing: &BaselineStanding) -> JsonBaseline<'_> {
    JsonBaseline {
        name: &standing.name,
        file: &standing.place.0,
        line: standing.place.1,
        packs: &standing.packs,
        fail_on: standing.fail_on.map_or("none", Severity::as_str),
        accounts: standing.accounts.iter().map(ToString::to_string).collect(),
        open: standing.open.iter().map(ToString::to_string).collect(),
    }
}

pub(super) fn gap(gap: &Gap) -> JsonGap<'_> {
    JsonGap {
        account: gap.account.map(|id| id.to_string()),
        region: gap.region.as_ref().map(ToString::to_string),
        operation: &gap.operation,
        resource: gap.resource.as_deref(),
        cause: gap.cause.as_str(),
        message: &gap.message,
    }
}
