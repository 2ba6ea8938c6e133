//! How the report was made: so that another can make it again.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::Page;
use super::findings::value;
use super::parts::{count, number, scrolling, text};
use crate::policy::Severity;

pub(super) fn section(page: &Page<'_>) -> Markup {
    html! {
        section #made aria-labelledby="made-title" {
            h2 #made-title { "How it was made" }
            p.lead {
                "The same version, snapshot, policies and parameters give the same verdicts: "
                code { "trailproof check SNAPSHOT" } " judges it again, without access to AWS."
            }
            (facts(page))
            (parameters(page))
            (calls(page))
        }
    }
}

fn facts(page: &Page<'_>) -> Markup {
    let report = page.report;
    let (snapshot, run, selection) = (&report.snapshot, &report.run, &report.selection);
    let joined = |list: Vec<String>| if list.is_empty() { "all".to_owned() } else { list.join(", ") };
    let accounts = joined(selection.accounts.iter().map(ToString::to_string).collect());
    let regions = joined(selection.regions.iter().map(ToString::to_string).collect());
    html! {
        dl.made {
            div { dt { "tool" } dd { "trailproof " (env!("CARGO_PKG_VERSION")) } }
            div { dt { "packs" } dd { (text(&report.packs.join(", "))) ", " (count(report.policies.len(), "rule")) } }
            div { dt { "policies, SHA-256" } dd { code { (text(&report.policies_sha256)) } } }
            div { dt { "snapshot, SHA-256" } dd { code { (text(&snapshot.sha256)) } } }
            div { dt { "snapshot taken" } dd { (snapshot.taken_at.to_string()) } }
            div { dt { "read from" } dd { (run.started_at.to_string()) " to " (run.finished_at.to_string()) } }
            div { dt { "read by" } dd { code { (text(&snapshot.caller)) } } }
            @if let Some(role) = &selection.role_name { div { dt { "role in members" } dd { code { (text(role)) } } } }
            div { dt { "partition" } dd { (text(&snapshot.partition.to_string())) } }
            @if let Some(management) = snapshot.management_account { div { dt { "management account" } dd { (management) } } }
            div { dt { "accounts" } dd { (text(&accounts)) @if !selection.exclude_accounts.is_empty() { " but " (joined(selection.exclude_accounts.iter().map(ToString::to_string).collect())) } } }
            @if !selection.ous.is_empty() { div { dt { "organizational units" } dd { (text(&selection.ous.join(", "))) } } }
            div { dt { "Regions" } dd { (text(&regions)) } }
            @if let Some(shards) = &selection.shards { div { dt { "only shards" } dd { (shards.to_string()) } } }
            div { dt { "gate" } dd { (report.gate.fail_on.map_or("none", Severity::as_str)) ", exit code " (report.gate.exit_code) } }
            div { dt { "requests" } dd { (number(usize::try_from(run.requests).unwrap_or(usize::MAX))) ", " (run.throttles) " throttled" } }
        }
    }
}

/// The parameters that rules were judged with, each value once.
fn parameters(page: &Page<'_>) -> Markup {
    let mut found: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    for judgements in page.report.judgements.chunk_by(|left, right| {
        left.policy == right.policy && std::sync::Arc::ptr_eq(&left.parameters, &right.parameters)
    }) {
        let Some(first) = judgements.first() else { continue };
        for (name, set) in first.parameters.iter() {
            found.entry((first.policy.as_str(), name)).or_default().insert(set.to_string());
        }
    }
    let table = html! {
        table.parameters {
            caption { "Parameters of rules" }
            thead { tr { th scope="col" { "rule" } th scope="col" { "parameter" } th scope="col" { "value" } } }
            tbody {
                @for ((rule, name), values) in &found {
                    tr {
                        th scope="row" { code { (text(rule)) } }
                        td { code { (text(name)) } }
                        td { @for set in values { (value(&serde_json::from_str(set).unwrap_or_default())) } }
                    }
                }
            }
        }
    };
    html! { @if !found.is_empty() { (scrolling("Parameters of rules", &table)) } }
}

fn calls(page: &Page<'_>) -> Markup {
    let run = &page.report.run;
    html! {
        @if !run.calls.is_empty() {
            details.calls {
                summary { (count(run.calls.len(), "kind")) " of calls were made, all of which only read" }
                ul { @for operation in run.calls.keys() { li { code { (text(operation)) } } } }
            }
        }
    }
}
