//! The findings: by severity, then rule; each with what was read and what to do.

use std::collections::BTreeMap;
use std::io::{self, Write};

use maud::{Markup, html};
use serde_json::Value;

use super::Page;
use super::parts::{account, accounts, badge, count, line, named, number, prose, scrolling, text};
use crate::emit::cause::{Finding, findings};
use crate::emit::website::rule_address;
use crate::evaluate::{JudgedPolicy, Judgement};
use crate::policy::{Policy, Severity};

/// At most this many findings of one rule and severity are listed.
const OF_A_RULE: usize = 500;
/// At most this many findings are listed in all: a browser still turns the page.
const IN_ALL: usize = 10_000;
/// At most this many letters of a value are shown.
const VALUE: usize = 2_000;

type Grouped<'a> = BTreeMap<(Severity, &'a str), (&'a JudgedPolicy, Vec<Finding<'a>>)>;

pub(super) fn section(page: &Page<'_>, writer: &mut dyn Write) -> io::Result<()> {
    let grouped = grouped(page);
    let opening = html! {
        h2 #findings-title { "Findings" }
        @if grouped.is_empty() { p.lead { "No rule fails." } } @else { (controls(&grouped)) }
    };
    writer.write_all(b"<section id=\"findings\" aria-labelledby=\"findings-title\">")?;
    super::write(writer, &opening)?;
    let (mut last, mut left) = (None, IN_ALL);
    for ((severity, _), (rule, found)) in &grouped {
        if last != Some(*severity) {
            let results: usize = grouped
                .iter()
                .filter(|((of, _), _)| of == severity)
                .flat_map(|(_, (_, found))| found)
                .map(|finding| finding.all.len())
                .sum();
            let heading = html! {
                h3 class={ "severity " (severity.as_str()) } { (severity.as_str()) " " span.count { (number(results)) } }
            };
            super::write(writer, &heading)?;
            last = Some(*severity);
        }
        let shown = found.len().min(OF_A_RULE).min(left);
        left -= shown;
        super::write(writer, &of_rule(page, *severity, rule, found, shown))?;
    }
    super::write(writer, &html! { p #nothing hidden { "Nothing matches." } })?;
    writer.write_all(b"</section>")
}

fn grouped<'a>(page: &Page<'a>) -> Grouped<'a> {
    let mut grouped: Grouped<'a> = BTreeMap::new();
    for judgements in page.report.judgements.chunk_by(|left, right| left.policy == right.policy) {
        let rule =
            judgements.first().and_then(|first| page.report.policies.iter().find(|one| one.policy.id == first.policy));
        let Some(rule) = rule else { continue };
        for finding in findings(judgements) {
            let key = (finding.judgement.severity, rule.policy.id.as_str());
            grouped.entry(key).or_insert_with(|| (rule, Vec::new())).1.push(finding);
        }
    }
    grouped
}

/// The filter: shown by the script, for without it there is nothing that would filter.
fn controls(grouped: &Grouped<'_>) -> Markup {
    html! {
        form #filter hidden role="search" {
            label for="search" { "Search findings" }
            input #search type="search" placeholder="account, trail, bucket, rule …" autocomplete="off" spellcheck="false";
            fieldset {
                legend { "Severity" }
                @for severity in Severity::ALL.iter().filter(|severity| grouped.keys().any(|(of, _)| of == *severity)) {
                    label class={ "pick " (severity.as_str()) } {
                        input type="checkbox" name="severity" value=(severity.as_str()) checked; (severity.as_str())
                    }
                }
            }
            p #matched role="status" aria-live="polite" {}
        }
    }
}

fn of_rule(page: &Page<'_>, severity: Severity, rule: &JudgedPolicy, found: &[Finding<'_>], shown: usize) -> Markup {
    let policy = &*rule.policy;
    let results: usize = found.iter().map(|finding| finding.all.len()).sum();
    html! {
        article.rule data-severity=(severity.as_str()) {
            h4 { (text(&policy.title)) }
            p.about {
                (badge(severity)) " " (rule_name(policy)) " · " (count(results, "result"))
            }
            div.why { (prose(&policy.why)) }
            (scrolling(&format!("{} findings of {}", severity.as_str(), policy.id), &table(page, &found[..shown])))
            @if found.len() > shown {
                p.more { "and " (number(found.len() - shown)) " more; the report as JSON lists all" }
            }
            (fix(policy))
            @if let Some(first) = found.first() { (controls_of(first.judgement)) }
        }
    }
}

/// The controls that a rule proves, or a part of each, in all frameworks.
fn controls_of(judgement: &Judgement) -> Markup {
    html! {
        @if !judgement.controls.is_empty() {
            details.code {
                summary { "controls of " (count(judgement.controls.len(), "framework")) }
                dl.mapping {
                    @for (pack, ids) in judgement.controls.iter() {
                        div { dt { (text(pack)) } dd { (text(&ids.join(", "))) } }
                    }
                }
            }
        }
    }
}

/// A rule by its id, which leads to its page.
pub(super) fn rule_name(policy: &Policy) -> Markup {
    html! {
        @match rule_address(policy) {
            Some(address) => { a.rule href=(address) rel="noreferrer" { code { (policy.id) } } }
            None => { code { (text(policy.id.as_str())) } }
        }
    }
}

fn table(page: &Page<'_>, found: &[Finding<'_>]) -> Markup {
    html! {
        table.findings {
            thead { tr { th scope="col" { "account" } th scope="col" { "finding" } } }
            tbody { @for finding in found { (row(page, finding)) } }
        }
    }
}

fn row(page: &Page<'_>, finding: &Finding<'_>) -> Markup {
    let judgement = finding.judgement;
    let together = finding.accounts();
    html! {
        tr.finding {
            th scope="row" {
                @match (judgement.account, together.is_empty()) {
                    (_, false) => { (accounts(&together, &page.names)) }
                    (Some(id), true) => { (account(id, &page.names)) }
                    (None, true) => { "the organization" }
                }
                @if let Some(region) = &judgement.region { " " span.region { (region.as_str()) } }
            }
            td {
                p.message {
                    @if let Some(id) = judgement.account.filter(|_| !together.is_empty()) { "Such as " (named(id, &page.names)) ": " }
                    (text(&judgement.message))
                }
                @for note in &judgement.notes { p.note { (text(note)) } }
                @if together.is_empty() && let Some(resource) = &judgement.resource { p.resource { code { (text(resource)) } } }
                @if !judgement.related.is_empty() { p.related { "used by " (count(judgement.related.len(), "trail")) } }
                (evidence(judgement, &finding.fingerprint()))
            }
        }
    }
}

fn evidence(judgement: &Judgement, fingerprint: &str) -> Markup {
    let facts = serde_json::to_value(&judgement.evidence).unwrap_or_default();
    html! {
        details.evidence {
            summary { "evidence" }
            dl {
                @for (path, fact) in facts.as_object().into_iter().flatten() {
                    div { dt { code { (text(path)) } } dd { (value(fact)) } }
                }
                @for trail in judgement.related.iter().take(50) { div { dt { "used by" } dd { code { (text(trail)) } } } }
                @for (name, set) in judgement.parameters.iter() {
                    div { dt { "parameter " code { (text(name)) } } dd { (value(set)) } }
                }
                div { dt { "fingerprint" } dd { code { (fingerprint) } } }
            }
        }
    }
}

/// A value as people read it: lists line by line.
pub(super) fn value(value: &Value) -> Markup {
    html! {
        @match value {
            Value::Array(list) if list.is_empty() => { span.nil { "none" } }
            Value::Array(list) => { ul { @for one in list.iter().take(100) { li { (inline(one)) } } @if list.len() > 100 { li { "and " (number(list.len() - 100)) " more" } } } }
            other => { (inline(other)) }
        }
    }
}

fn inline(value: &Value) -> String {
    let all = match value {
        Value::String(said) => said.clone(),
        other => other.to_string(),
    };
    let short: String = all.chars().take(VALUE).collect();
    text(&short)
}

fn fix(policy: &Policy) -> Markup {
    html! {
        div.fix {
            h5 { "What to do" }
            p { (line(&policy.fix.text)) }
            @if let Some(cli) = &policy.fix.cli { (code("With the AWS CLI", &cli.to_string())) }
            @if let Some(terraform) = &policy.fix.terraform { (code("In Terraform", terraform)) }
            @if !policy.references.is_empty() {
                p.references { "See "
                    @for (at, address) in policy.references.iter().enumerate() {
                        @if at > 0 { ", " }
                        (reference(address))
                    }
                }
            }
        }
    }
}

/// A reference, as a link where it is an address: nothing else may stand in one.
fn reference(address: &str) -> Markup {
    let shown = address.trim_start_matches("https://");
    html! {
        @if address.starts_with("https://") { a href=(address) rel="noreferrer" { (text(shown)) } }
        @else { (text(address)) }
    }
}

fn code(title: &str, lines: &str) -> Markup {
    html! { details.code { summary { (title) } pre { code { (lines.trim()) } } } }
}
