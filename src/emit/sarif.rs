//! The report as SARIF 2.1.0. For GitHub code scanning: failures only, each at a place in the repository, and nothing that
//! GitHub would refuse. In full: every result, with what is waived and how it stands to an earlier report.
//!
//! Sources: OASIS SARIF 2.1.0; GitHub, "SARIF support for code scanning" and "SARIF results exceed one or more limits":
//! 5,000 results of a run are shown, descriptions have at most 1,024 letters.

mod carried;
mod result;
mod rule;
mod taxonomy;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde_json::json;
use serde_sarif::sarif;

pub use self::carried::EarlierAlerts;

use self::result::{of_finding, of_judgement, of_rest};
use self::taxonomy::Taxonomies;
use super::cause::{Finding, findings};
use crate::anchor::Anchors;
use crate::evaluate::Report;
use crate::policy::Severity;
use crate::snapshot::Gap;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// At most this many results of a run are shown by GitHub.
const SHOWN: usize = 5_000;

/// What a log says of a run that could not look everywhere. GitHub takes nothing from a log of a run that did not succeed:
/// no alert is closed, and none is opened.
#[derive(Debug, Clone, Copy)]
pub enum Incomplete<'a> {
    /// The run succeeded, with a notification for each gap; alerts of what nobody could look at are closed.
    Accept,
    /// The same, but those alerts are repeated from an earlier log.
    Carry(&'a EarlierAlerts),
    /// The run did not succeed.
    Refuse,
}

/// Writes a report as SARIF for GitHub code scanning; locations are relative to the root of the anchors.
///
/// # Errors
/// Where the writer fails.
pub fn write_sarif(
    report: &Report,
    anchors: &Anchors,
    incomplete: Incomplete<'_>,
    writer: &mut dyn Write,
) -> io::Result<()> {
    let all = all_findings(report);
    let carried = match incomplete {
        Incomplete::Carry(earlier) => {
            let open = all.iter().map(|(_, finding)| format!("{}:1", finding.fingerprint())).collect();
            earlier.of_unobserved(report, &open)
        }
        Incomplete::Accept | Incomplete::Refuse => Vec::new(),
    };
    // What is repeated has been seen before, and stays.
    let (chosen, left) = chosen(all, SHOWN.saturating_sub(carried.len()));
    let mut rules: Vec<_> = report.policies.iter().map(|judged| rule::rule(judged, Vec::new())).collect();
    if !left.is_empty() {
        rules.push(rule::rest_rule());
    }
    let rest = rules.len().saturating_sub(1);
    let run = run(report, rules, incomplete, &left);
    let mut results = Results::begin(&run, writer)?;
    for (index, finding) in &chosen {
        if let Some(rule) = report.policies.get(*index) {
            results.write(&of_finding(finding, rule, *index, anchors))?;
        }
    }
    for alert in carried.iter().take(SHOWN - 1) {
        results.write(alert)?;
    }
    if !left.is_empty() {
        results.write(&of_rest(&left, rest))?;
    }
    results.end()
}

/// Writes all results of a report as SARIF, for viewers that know passes, waivers and earlier reports.
///
/// # Errors
/// Where the writer fails.
pub fn write_full_sarif(report: &Report, anchors: &Anchors, writer: &mut dyn Write) -> io::Result<()> {
    let taxonomies = Taxonomies::of(report);
    let relationships = |id: &str| taxonomies.relationships(id);
    let rules = report.policies.iter().map(|judged| rule::rule(judged, relationships(judged.policy.id.as_str())));
    let mut run = run(report, rules.collect(), Incomplete::Refuse, &BTreeMap::new());
    let components = taxonomies.components();
    if !components.is_empty() {
        run.taxonomies = Some(components);
        run.tool.driver.supported_taxonomies = Some(taxonomies.supported());
    }
    let compared = report.judgements.iter().any(|judgement| judgement.known.is_some());
    let mut results = Results::begin(&run, writer)?;
    for judgements in report.judgements.chunk_by(|left, right| left.policy == right.policy) {
        let first = judgements.first().map(|first| &first.policy);
        let index = first.and_then(|id| report.policies.binary_search_by(|rule| rule.policy.id.cmp(id)).ok());
        let Some((index, rule)) = index.and_then(|index| Some((index, report.policies.get(index)?))) else { continue };
        for judgement in judgements {
            results.write(&of_judgement(judgement, rule, index, anchors, compared))?;
        }
    }
    results.end()
}

/// A finding, and the number of its rule.
type Numbered<'a> = (usize, Finding<'a>);

/// All findings, in the order of the report.
fn all_findings(report: &Report) -> Vec<Numbered<'_>> {
    let mut all = Vec::new();
    for judgements in report.judgements.chunk_by(|left, right| left.policy == right.policy) {
        let first = judgements.first().map(|first| &first.policy);
        let index = first.and_then(|id| report.policies.binary_search_by(|rule| rule.policy.id.cmp(id)).ok());
        all.extend(index.into_iter().flat_map(|index| findings(judgements).into_iter().map(move |one| (index, one))));
    }
    all
}

/// The findings for which there is room, in the order of the report, and how many of each severity there are beyond. Where
/// there are too many, the worst stay, and of those that are equally bad the first.
fn chosen(all: Vec<Numbered<'_>>, room: usize) -> (Vec<Numbered<'_>>, BTreeMap<Severity, usize>) {
    let mut left = BTreeMap::new();
    if all.len() <= room {
        return (all, left);
    }
    let mut order: Vec<(Severity, usize)> =
        all.iter().enumerate().map(|(at, (_, finding))| (finding.judgement.severity, at)).collect();
    order.sort_unstable();
    // One place is for the result that tells of the rest.
    let room = room.saturating_sub(1);
    let kept: BTreeSet<usize> = order.iter().take(room).map(|(_, at)| *at).collect();
    for (severity, _) in order.iter().skip(room) {
        *left.entry(*severity).or_default() += 1;
    }
    let chosen = all.into_iter().enumerate().filter(|(at, _)| kept.contains(at)).map(|(_, one)| one).collect();
    (chosen, left)
}

/// The results, one after another: there may be very many.
struct Results<'w> {
    writer: &'w mut dyn Write,
    first: bool,
}

impl<'w> Results<'w> {
    /// Writes all of a log before its results.
    fn begin(run: &sarif::Run, writer: &'w mut dyn Write) -> io::Result<Self> {
        let run = serde_json::to_string(run)?;
        let open = run.strip_suffix('}').unwrap_or(&run);
        write!(writer, "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{open},\"results\":[")?;
        Ok(Self { writer, first: true })
    }

    fn write(&mut self, result: &sarif::Result) -> io::Result<()> {
        self.writer.write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        serde_json::to_writer(&mut *self.writer, result).map_err(io::Error::from)
    }

    fn end(self) -> io::Result<()> {
        self.writer.write_all(b"\n]}]}\n")
    }
}

/// A run without its results.
fn run(
    report: &Report,
    rules: Vec<sarif::ReportingDescriptor>,
    incomplete: Incomplete<'_>,
    left: &BTreeMap<Severity, usize>,
) -> sarif::Run {
    sarif::Run::builder()
        .tool(sarif::Tool::builder().driver(driver(rules)).build())
        .automation_details(sarif::RunAutomationDetails::builder().id(category(report)).build())
        .invocations(vec![invocation(report, incomplete, left)])
        .column_kind(json!("utf16CodeUnits"))
        .original_uri_base_ids(source_root())
        .build()
}

fn driver(rules: Vec<sarif::ReportingDescriptor>) -> sarif::ToolComponent {
    sarif::ToolComponent::builder()
        .name("trailproof")
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .rules(rules)
        .build()
}

/// The category under which alerts are opened and closed: the organization, never a date or a version.
fn category(report: &Report) -> String {
    let whole = report.snapshot.organization.clone();
    let only = || report.accounts.first().map_or_else(|| "none".to_owned(), |account| account.id.to_string());
    format!("trailproof/{}/", whole.unwrap_or_else(only))
}

fn source_root() -> BTreeMap<String, sarif::ArtifactLocation> {
    let text = "The root of the repository; a path that is not in it stands for a resource of the cloud.";
    let description = sarif::Message::builder().text(text).build();
    BTreeMap::from([("%SRCROOT%".to_owned(), sarif::ArtifactLocation::builder().description(description).build())])
}

/// How the run went: what was not observed is told, whatever it means for its success; so are findings that are left out.
fn invocation(report: &Report, incomplete: Incomplete<'_>, left: &BTreeMap<Severity, usize>) -> sarif::Invocation {
    let mut notifications: Vec<sarif::Notification> = report.gaps.iter().map(notification).collect();
    let left: usize = left.values().sum();
    if left > 0 {
        let text = format!("{left} findings are left out: code scanning shows {SHOWN} results of a run.");
        let message = sarif::Message::builder().text(text).build();
        notifications.push(sarif::Notification::builder().level(json!("warning")).message(message).build());
    }
    sarif::Invocation::builder()
        .execution_successful(report.gate.complete || !matches!(incomplete, Incomplete::Refuse))
        .exit_code(i64::from(report.gate.exit_code))
        .tool_execution_notifications(notifications)
        .build()
}

fn notification(gap: &Gap) -> sarif::Notification {
    let place: Vec<String> = [
        gap.account.map(|account| account.to_string()),
        gap.region.as_ref().map(ToString::to_string),
        gap.resource.clone(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let text = format!("{} was not answered ({}; {}): {}", gap.operation, place.join(", "), gap.cause, gap.message);
    sarif::Notification::builder().level(json!("warning")).message(sarif::Message::builder().text(text).build()).build()
}
