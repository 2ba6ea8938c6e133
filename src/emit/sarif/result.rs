//! The results of a SARIF log. GitHub refuses a whole file in which one result has no location: a result is made here
//! alone, and cannot be made without one.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use serde_sarif::sarif;

use super::rule::{REST, level, shortened};
use crate::anchor::{Anchors, Place, Rung};
use crate::emit::cause::Finding;
use crate::evaluate::{JudgedPolicy, Judgement, KnownState, Outcome};
use crate::policy::{Severity, Waiver};

/// At most this many letters of a message.
const MESSAGE: usize = 2_000;

/// A failure, or those of accounts with one cause, for GitHub.
pub(super) fn of_finding(finding: &Finding<'_>, rule: &JudgedPolicy, index: usize, anchors: &Anchors) -> sarif::Result {
    let accounts = finding.accounts();
    let judgement = finding.judgement;
    let mut result = bare(judgement, rule, index, anchors);
    if accounts.is_empty() {
        return result;
    }
    let first = judgement.account.map(|id| id.to_string()).unwrap_or_default();
    let said = judgement.message.trim_end_matches('.');
    let told = format!("{} accounts, among them {first}: {said}", accounts.len());
    result.message = message(&told);
    let place = anchors.place_of_many(&rule.policy);
    let anchor = place.rung.as_str();
    result.locations = Some(vec![location(place, format!("{} accounts", accounts.len()))]);
    result.partial_fingerprints = Some(fingerprints(&finding.fingerprint()));
    let listed: Vec<String> = accounts.iter().map(ToString::to_string).collect();
    if let Some(properties) = result.properties.as_mut() {
        properties.additional_properties.insert("anchor".to_owned(), json!(anchor));
        properties.additional_properties.insert("account".to_owned(), Value::Null);
        properties.additional_properties.insert("accounts".to_owned(), json!(listed));
    }
    result
}

/// Any judgement, for the profile that holds all; `compared` is whether an earlier report was given.
pub(super) fn of_judgement(
    judgement: &Judgement,
    rule: &JudgedPolicy,
    index: usize,
    anchors: &Anchors,
    compared: bool,
) -> sarif::Result {
    let mut result = bare(judgement, rule, index, anchors);
    let (kind, level) = match judgement.outcome.beneath() {
        Outcome::Pass => (sarif::ResultKind::Pass, sarif::ResultLevel::None),
        Outcome::NotApplicable { .. } => (sarif::ResultKind::NotApplicable, sarif::ResultLevel::None),
        Outcome::Unknown { .. } => (sarif::ResultKind::Open, sarif::ResultLevel::None),
        Outcome::Fail | Outcome::Waived { .. } => (sarif::ResultKind::Fail, level(judgement.severity)),
    };
    (result.kind, result.level) = (Some(kind), Some(level));
    let waivers = judgement.outcome.waivers();
    if !waivers.is_empty() {
        result.suppressions = Some(waivers.iter().map(|waiver| suppression(waiver)).collect());
    }
    if compared {
        let state = match judgement.known {
            Some(KnownState::New) => "new",
            Some(KnownState::Fixed) => "updated",
            Some(KnownState::Unchanged) | None => "unchanged",
        };
        result.baseline_state = Some(json!(state));
    }
    if let Some(properties) = result.properties.as_mut() {
        let properties = &mut properties.additional_properties;
        properties.insert("outcome".to_owned(), json!(judgement.outcome.as_str()));
        properties.insert("reason".to_owned(), json!(judgement.outcome.reason()));
        properties.insert("parameters".to_owned(), json!(*judgement.parameters));
    }
    result
}

/// What says that there are more findings than GitHub shows, by how many of each severity.
pub(super) fn of_rest(left: &BTreeMap<Severity, usize>, index: usize) -> sarif::Result {
    let told: Vec<String> = left.iter().map(|(severity, count)| format!("{count} {}", severity.as_str())).collect();
    let count: usize = left.values().sum();
    let properties = BTreeMap::from([("anchor".to_owned(), json!(Rung::Stable.as_str()))]);
    let rest = Place { uri: "aws/organization".to_owned(), line: 1, rung: Rung::Stable };
    let text = format!("{count} more findings are not shown here: {}", told.join(", "));
    sarif::Result::builder()
        .rule_id(REST)
        .rule_index(i64::try_from(index).unwrap_or(-1))
        .level(sarif::ResultLevel::Note)
        .kind(sarif::ResultKind::Fail)
        .message(message(&text))
        .properties(sarif::PropertyBag::builder().additional_properties(properties).build())
        .locations(vec![location(rest, "rest".to_owned())])
        .partial_fingerprints(fingerprints("0000000000000000"))
        .build()
}

fn bare(judgement: &Judgement, rule: &JudgedPolicy, index: usize, anchors: &Anchors) -> sarif::Result {
    let place = anchors.place(judgement, &rule.policy);
    let anchor = place.rung.as_str();
    let resource = judgement.resource.as_deref().unwrap_or_default().to_owned();
    let location = location(place, resource);
    let properties: BTreeMap<String, Value> = [
        ("anchor", json!(anchor)),
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
        .message(message(judgement.message.trim_end_matches('.')))
        .locations(vec![location])
        .partial_fingerprints(fingerprints(&judgement.fingerprint.to_string()))
        .properties(sarif::PropertyBag::builder().additional_properties(properties).build())
        .build()
}

fn fingerprints(fingerprint: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("primaryLocationLineHash".to_owned(), format!("{fingerprint}:1"))])
}

fn location(place: Place, resource: String) -> sarif::Location {
    let (uri, line) = (place.uri, i64::try_from(place.line).unwrap_or(1));
    let region = sarif::Region::builder().start_line(line).start_column(1).end_line(line).end_column(2).build();
    let artifact = sarif::ArtifactLocation::builder().uri(uri).uri_base_id("%SRCROOT%").build();
    let physical = sarif::PhysicalLocation::builder().artifact_location(artifact).region(region).build();
    let logical = sarif::LogicalLocation::builder().fully_qualified_name(resource).kind("resource").build();
    sarif::Location::builder().physical_location(physical).logical_locations(vec![logical]).build()
}

/// GitHub shows the text; other viewers look the id up in the rule and put the argument in.
fn message(text: &str) -> sarif::Message {
    let text = shortened(text, MESSAGE);
    sarif::Message::builder().text(format!("{text}.")).id("found").arguments(vec![text]).build()
}

fn suppression(waiver: &Waiver) -> sarif::Suppression {
    let properties: BTreeMap<String, Value> = [
        ("owner", json!(waiver.owner)),
        ("ticket", json!(waiver.ticket)),
        ("expires", json!(waiver.expires.to_string())),
        ("file", json!(waiver.file)),
        ("line", json!(waiver.line)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    sarif::Suppression::builder()
        .kind(json!("external"))
        .status(json!("accepted"))
        .justification(waiver.reason.clone())
        .properties(sarif::PropertyBag::builder().additional_properties(properties).build())
        .build()
}
