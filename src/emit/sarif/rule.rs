//! The rules of a SARIF log: their texts, as long as GitHub takes them, and the controls that they bear on.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use serde_sarif::sarif;

use crate::emit::website::rule_address;
use crate::evaluate::JudgedPolicy;
use crate::policy::{Policy, Severity};

/// At most this many letters of a description: GitHub refuses more.
const DESCRIPTION: usize = 1_024;

/// A rule, with its relationships to controls.
pub(super) fn rule(
    judged: &JudgedPolicy,
    relationships: Vec<sarif::ReportingDescriptorRelationship>,
) -> sarif::ReportingDescriptor {
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
        .short_description(text(&shortened(&policy.title, DESCRIPTION)))
        .full_description(text(&shortened(policy.why.trim(), DESCRIPTION)))
        .help(help)
        .message_strings(BTreeMap::from([("found".to_owned(), text("{0}."))]))
        .default_configuration(sarif::ReportingConfiguration::builder().level(json!(reported)).build())
        .properties(sarif::PropertyBag::builder().tags(tags).additional_properties(properties).build())
        .build();
    descriptor.help_uri = rule_address(policy);
    descriptor.relationships = (!relationships.is_empty()).then_some(relationships);
    descriptor
}

/// A text of at most so many letters.
pub(super) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some(_) => text.chars().take(most - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

/// The rule under which GitHub shows how many findings it was not given.
pub(super) fn rest_rule() -> sarif::ReportingDescriptor {
    let text = |text: &str| sarif::MultiformatMessageString::builder().text(text.to_owned()).build();
    let properties = BTreeMap::from([
        ("precision".to_owned(), json!("very-high")),
        ("problem.severity".to_owned(), json!("recommendation")),
        ("security-severity".to_owned(), json!("1.0")),
    ]);
    let tags = ["security", "aws", "cloudtrail"].map(str::to_owned).to_vec();
    sarif::ReportingDescriptor::builder()
        .id(REST)
        .name(pascal_case(REST))
        .short_description(text("All findings are shown"))
        .full_description(text(
            "Code scanning shows 5,000 results of a run. The worst are here; the report as JSON has all.",
        ))
        .help(text("Read the report as JSON, HTML or SARIF of the profile full, or narrow what is scanned."))
        .message_strings(BTreeMap::from([("found".to_owned(), text("{0}."))]))
        .default_configuration(sarif::ReportingConfiguration::builder().level(json!("note")).build())
        .properties(sarif::PropertyBag::builder().tags(tags).additional_properties(properties).build())
        .build()
}

/// The id of that rule.
pub(super) const REST: &str = "results-left-out";

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

pub(super) fn level(severity: Severity) -> sarif::ResultLevel {
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
