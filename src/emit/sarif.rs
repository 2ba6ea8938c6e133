//! The report as SARIF 2.1.0, for GitHub code scanning: failures only, each at a place in the repository.
//!
//! Sources: OASIS SARIF 2.1.0; GitHub, "SARIF support for code scanning". GitHub refuses a whole file in which one
//! result has no location, so a result is made by [`result`] alone, which cannot make one without.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};
use serde_sarif::sarif;

use super::place::{SourceRoot, place};
use super::website::rule_address;
use crate::evaluate::{JudgedPolicy, Judgement, Outcome, Report};
use crate::policy::{Policy, Severity};
use crate::snapshot::Gap;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes a report as SARIF; locations are relative to a source root.
///
/// # Errors
/// Where the writer fails.
pub fn write_sarif(report: &Report, root: &SourceRoot, writer: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *writer, &document(report, root))?;
    writer.write_all(b"\n")
}

fn document(report: &Report, root: &SourceRoot) -> sarif::Sarif {
    let rules: Vec<sarif::ReportingDescriptor> = report.policies.iter().map(rule).collect();
    let index: BTreeMap<&str, usize> =
        report.policies.iter().enumerate().map(|(index, rule)| (rule.policy.id.as_str(), index)).collect();
    let failures = report.judgements.iter().filter(|judgement| judgement.outcome == Outcome::Fail);
    let results: Vec<sarif::Result> = failures
        .filter_map(|judgement| {
            let index = *index.get(judgement.policy.as_str())?;
            Some(result(judgement, &report.policies[index].policy, index, root))
        })
        .collect();
    let run = sarif::Run::builder()
        .tool(sarif::Tool::builder().driver(driver(rules)).build())
        .automation_details(sarif::RunAutomationDetails::builder().id(category(report)).build())
        .invocations(vec![invocation(report)])
        .column_kind(json!("utf16CodeUnits"))
        .original_uri_base_ids(source_root())
        .results(results)
        .build();
    sarif::Sarif::builder().schema(SCHEMA).version(json!("2.1.0")).runs(vec![run]).build()
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

/// An incomplete run is said not to have succeeded, so that no alert is closed because nobody could look.
fn invocation(report: &Report) -> sarif::Invocation {
    let notifications: Vec<sarif::Notification> = report.gaps.iter().map(notification).collect();
    sarif::Invocation::builder()
        .execution_successful(report.gate.complete)
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

fn result(judgement: &Judgement, policy: &Policy, index: usize, root: &SourceRoot) -> sarif::Result {
    let place = place(judgement, policy, root);
    let line = i64::try_from(place.line).unwrap_or(1);
    let region = sarif::Region::builder().start_line(line).start_column(1).end_line(line).end_column(2).build();
    let artifact = sarif::ArtifactLocation::builder().uri(place.uri).uri_base_id("%SRCROOT%").build();
    let physical = sarif::PhysicalLocation::builder().artifact_location(artifact).region(region).build();
    let location =
        sarif::Location::builder().physical_location(physical).logical_locations(vec![logical(judgement)]).build();
    let fingerprint = ("primaryLocationLineHash".to_owned(), format!("{}:1", judgement.fingerprint));
    let properties: BTreeMap<String, Value> = [
        ("anchor", json!(place.anchor)),
        ("severity", json!(judgement.severity.as_str())),
        ("account", json!(judgement.account.map(|account| account.to_string()))),
        ("region", json!(judgement.region.as_ref().map(ToString::to_string))),
        ("related", json!(*judgement.related)),
        ("notes", json!(judgement.notes)),
        ("evidence", json!(judgement.evidence)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    sarif::Result::builder()
        .rule_id(judgement.policy.to_string())
        .rule_index(i64::try_from(index).unwrap_or(-1))
        .level(level(judgement.severity))
        .kind(sarif::ResultKind::Fail)
        .message(message(judgement))
        .locations(vec![location])
        .partial_fingerprints(BTreeMap::from([fingerprint]))
        .properties(sarif::PropertyBag::builder().additional_properties(properties).build())
        .build()
}

/// GitHub shows the text; other viewers look the id up in the rule and put the argument in.
fn message(judgement: &Judgement) -> sarif::Message {
    sarif::Message::builder()
        .text(format!("{}.", judgement.message.trim_end_matches('.')))
        .id("found")
        .arguments(vec![judgement.message.trim_end_matches('.').to_owned()])
        .build()
}

fn logical(judgement: &Judgement) -> sarif::LogicalLocation {
    let resource = judgement.resource.as_deref().unwrap_or_default().to_owned();
    sarif::LogicalLocation::builder().fully_qualified_name(resource).kind("resource").build()
}

fn rule(judged: &JudgedPolicy) -> sarif::ReportingDescriptor {
    let (policy, severity) = (&*judged.policy, judged.severity);
    let text = |text: &str| sarif::MultiformatMessageString::builder().text(text.to_owned()).build();
    let help = sarif::MultiformatMessageString::builder().text(help(policy)).markdown(help_markdown(policy)).build();
    let tags = ["security", "aws", "cloudtrail"].map(str::to_owned).to_vec();
    let properties: BTreeMap<String, Value> = [
        ("security-severity", json!(security_severity(severity))),
        ("precision", json!("very-high")),
        ("problem.severity", json!(problem_severity(severity))),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    let reported = level_name(severity);
    let mut descriptor = sarif::ReportingDescriptor::builder()
        .id(policy.id.to_string())
        .name(pascal_case(policy.id.as_str()))
        .short_description(text(&policy.title))
        .full_description(text(policy.why.trim()))
        .help(help)
        .message_strings(BTreeMap::from([("found".to_owned(), text("{0}."))]))
        .default_configuration(sarif::ReportingConfiguration::builder().level(json!(reported)).build())
        .properties(sarif::PropertyBag::builder().tags(tags).additional_properties(properties).build())
        .build();
    descriptor.help_uri = rule_address(policy);
    descriptor
}

fn help(policy: &Policy) -> String {
    let mut text = format!("{}\n\n{}", policy.why.trim(), policy.fix.text.trim());
    for reference in &policy.references {
        text.push_str(&format!("\n{reference}"));
    }
    if let Some(address) = rule_address(policy) {
        text.push_str(&format!("\n{address}"));
    }
    text
}

fn help_markdown(policy: &Policy) -> String {
    let mut text = format!("**{}**\n\n{}\n\n### Fix\n\n{}\n", policy.title, policy.why.trim(), policy.fix.text.trim());
    if let Some(terraform) = &policy.fix.terraform {
        text.push_str(&format!("\n```hcl\n{}\n```\n", terraform.trim()));
    }
    let page = rule_address(policy);
    if !policy.references.is_empty() || page.is_some() {
        text.push_str("\n### References\n\n");
    }
    if let Some(address) = page {
        text.push_str(&format!("- [{}]({address}): what it asks, its parameters and its controls\n", policy.id));
    }
    for reference in &policy.references {
        text.push_str(&format!("- <{reference}>\n"));
    }
    text
}

/// The number by which GitHub ranks a rule: above 9 critical, from 7 high, from 4 medium, above 0 low.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "1.0",
    }
}

fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "recommendation",
    }
}

fn level_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

fn level(severity: Severity) -> sarif::ResultLevel {
    match severity {
        Severity::Critical | Severity::High => sarif::ResultLevel::Error,
        Severity::Medium => sarif::ResultLevel::Warning,
        Severity::Low | Severity::Info => sarif::ResultLevel::Note,
    }
}

fn pascal_case(id: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    id.split('-').map(word).collect()
}
