//! The report as Markdown, for the summary of a CI job and the appendix of an audit: what fails, what is not known, what
//! was not observed, and how each framework stands.
//!
//! GitHub shows no summary of more than a mebibyte: subjects beyond the first of each rule are counted. Source: GitHub
//! Docs, "Workflow commands for GitHub Actions", "Step isolation and limits".

mod waivers;

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::document::{Document, Target, Words};
use super::text::clean;
use super::website::rule_address;
use crate::evaluate::{Framework, JudgedPolicy, Judgement, Outcome, Report, Standing, Status};
use crate::id::AccountId;
use crate::policy::Severity;
use crate::snapshot::{Cause, Gap};

/// At most this many subjects of a rule are listed.
const SUBJECTS: usize = 50;

/// At most this many findings are listed in all.
const FINDINGS: usize = 1_000;

/// At most this many earlier reports are listed.
const TREND: usize = 100;

/// At most this many letters of a message are written.
const LETTERS: usize = 500;

/// Writes a report as Markdown.
///
/// # Errors
/// Where the writer fails.
pub fn write_markdown(report: &Report, writer: &mut dyn Write) -> io::Result<()> {
    writer.write_all(page(report).markdown("").as_bytes())
}

fn page(report: &Report) -> Document {
    let whole = report.snapshot.organization.clone();
    let only = || report.accounts.first().map_or_else(String::new, |account| format!("account {}", account.id));
    let mut page = Document::new(Words::new().text(format!("trailproof: {}", whole.unwrap_or_else(only))));
    page.paragraph(verdict(report));
    page.table(&["severity", "findings"], counts(report));
    findings(report, &mut page);
    waivers::waived(report, &mut page);
    waivers::to_look_after(report, &mut page);
    waivers::known(report, &mut page);
    unknown(report, &mut page);
    unobserved(report, &mut page);
    trend(report, &mut page);
    for framework in &report.frameworks {
        section(framework, &mut page);
    }
    baselines(report, &mut page);
    page.heading("How it was made");
    let made = format!(
        "trailproof {}, packs {}, snapshot of {} (SHA-256 ",
        env!("CARGO_PKG_VERSION"),
        report.packs.join(", "),
        report.snapshot.taken_at
    );
    let policies = Words::new().text(made).code(&report.snapshot.sha256).text("), policies (SHA-256 ");
    page.paragraph(policies.code(&report.policies_sha256).text(")"));
    page
}

/// How things stood in earlier reports, the latest first.
fn trend(report: &Report, page: &mut Document) {
    if report.trend.is_empty() {
        return;
    }
    page.heading("Trend");
    let row = |one: &Standing| {
        let of = |severity| one.findings.get(&severity).copied().unwrap_or(0).to_string();
        let other = if one.by_other_rules { " (other rules)" } else { "" };
        let mut cells = vec![format!("{}{other}", one.taken_at.strftime("%Y-%m-%d %H:%M"))];
        cells.extend(Severity::ALL.map(of));
        cells.extend([one.unknown.to_string(), format!("{} of {}", one.observed, one.accounts)]);
        cells.into_iter().map(|cell| Words::new().text(cell)).collect()
    };
    let head = ["read on", "critical", "high", "medium", "low", "info", "not known", "accounts observed"];
    page.table(&head, report.trend.iter().rev().take(TREND).map(row).collect());
}

fn baselines(report: &Report, page: &mut Document) {
    if report.baselines.is_empty() {
        return;
    }
    page.heading("Baselines");
    let row = |of: &crate::evaluate::BaselineStanding| {
        vec![
            Words::new().text(shortened(&of.name)),
            Words::new().text(of.packs.join(", ")),
            Words::new().text(of.fail_on.map_or("none", Severity::as_str)),
            Words::new().text(match of.open.len() {
                0 => of.accounts.len().to_string(),
                open => format!("{}, and {open} may be: their tags were not read", of.accounts.len()),
            }),
        ]
    };
    page.table(&["baseline", "packs", "gate", "accounts"], report.baselines.iter().map(row).collect());
}

fn verdict(report: &Report) -> Words {
    let active = || report.accounts.iter().filter(|account| account.active);
    let (total, observed) = (active().count(), active().filter(|account| account.observed).count());
    let gate = match (report.gate.fail_on, report.gate.failed, report.gate.complete) {
        (None, ..) => "There is no gate.".to_owned(),
        (Some(severity), true, _) => format!("The gate at {} fails.", severity.as_str()),
        (Some(severity), false, true) => format!("The gate at {} passes.", severity.as_str()),
        (Some(severity), false, false) => format!("Nothing fails at {}, but not all is known.", severity.as_str()),
    };
    Words::new().text(format!("{gate} {observed} of {total} accounts were observed in full."))
}

fn counts(report: &Report) -> Vec<Vec<Words>> {
    let mut counts: BTreeMap<Severity, usize> = BTreeMap::new();
    for judgement in failures(report) {
        *counts.entry(judgement.severity).or_default() += 1;
    }
    let row = |(severity, count): (Severity, usize)| {
        vec![Words::new().text(severity.as_str()), Words::new().text(count.to_string())]
    };
    counts.into_iter().map(row).collect()
}

fn failures(report: &Report) -> impl Iterator<Item = &Judgement> {
    report.judgements.iter().filter(|judgement| judgement.outcome == Outcome::Fail)
}

fn findings(report: &Report, page: &mut Document) {
    let names = names(report);
    let mut by_rule: BTreeMap<(Severity, &str), Vec<&Judgement>> = BTreeMap::new();
    for judgement in failures(report) {
        by_rule.entry((judgement.severity, judgement.policy.as_str())).or_default().push(judgement);
    }
    if by_rule.is_empty() {
        return;
    }
    page.heading("Findings");
    let (mut rows, mut left) = (Vec::new(), FINDINGS);
    for ((severity, id), judgements) in by_rule {
        let Some(rule) = report.policies.iter().find(|rule| rule.policy.id.as_str() == id) else { continue };
        let shown = judgements.len().min(SUBJECTS).min(left);
        left -= shown;
        for judgement in &judgements[..shown] {
            let known = judgement.known.map_or_else(String::new, |known| format!(" ({})", known.as_str()));
            rows.push(row(
                severity,
                rule,
                owner(judgement, &names),
                &format!("{}{known}", shortened(&judgement.message)),
            ));
        }
        if judgements.len() > shown {
            let more = format!("and {} more; the report as JSON lists all", judgements.len() - shown);
            rows.push(row(severity, rule, String::new(), &more));
        }
    }
    page.table(&["severity", "rule", "account", "finding"], rows);
}

fn row(severity: Severity, rule: &JudgedPolicy, owner: String, message: &str) -> Vec<Words> {
    let id = rule.policy.id.as_str();
    let named = match rule_address(&rule.policy) {
        Some(address) => Words::new().link(id, Target::Address(address)),
        None => Words::code_alone(id),
    };
    vec![Words::new().text(severity.as_str()), named, Words::new().text(owner), Words::new().text(shortened(message))]
}

fn names(report: &Report) -> BTreeMap<AccountId, &str> {
    report.accounts.iter().filter_map(|account| Some((account.id, account.name.as_deref()?))).collect()
}

fn owner(judgement: &Judgement, names: &BTreeMap<AccountId, &str>) -> String {
    match judgement.account {
        Some(id) => names.get(&id).map_or_else(|| id.to_string(), |name| format!("{} {id}", shortened(name))),
        None => String::new(),
    }
}

fn shortened(text: &str) -> String {
    let text = clean(text);
    match text.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn unknown(report: &Report, page: &mut Document) {
    let mut counts: BTreeMap<(Severity, &str), usize> = BTreeMap::new();
    for judgement in report.judgements.iter().filter(|judgement| matches!(judgement.outcome, Outcome::Unknown { .. })) {
        *counts.entry((judgement.severity, judgement.policy.as_str())).or_default() += 1;
    }
    if counts.is_empty() {
        return;
    }
    page.heading("Not known");
    let row = |((severity, id), count): ((Severity, &str), usize)| {
        vec![Words::new().text(severity.as_str()), Words::code_alone(id), Words::new().text(count.to_string())]
    };
    page.table(&["severity", "rule", "results"], counts.into_iter().map(row).collect());
}

fn unobserved(report: &Report, page: &mut Document) {
    let mut by_cause: BTreeMap<(&Cause, &str), Vec<&Gap>> = BTreeMap::new();
    for gap in &report.gaps {
        by_cause.entry((&gap.cause, &gap.operation)).or_default().push(gap);
    }
    if by_cause.is_empty() {
        return;
    }
    page.heading("Not observed");
    let row = |((cause, operation), gaps): ((&Cause, &str), Vec<&Gap>)| {
        let mut accounts: Vec<String> = gaps.iter().filter_map(|gap| gap.account.map(|id| id.to_string())).collect();
        accounts.dedup();
        let more = accounts.len().saturating_sub(10);
        accounts.truncate(10);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let first = gaps.first().map_or("", |gap| gap.message.as_str());
        vec![
            Words::new().text(cause.to_string()),
            Words::code_alone(operation),
            Words::new().text(format!("{}{more}", accounts.join(", "))),
            Words::new().text(shortened(first)),
        ]
    };
    page.table(&["cause", "call", "accounts", "answer"], by_cause.into_iter().map(row).collect());
}

fn section(framework: &Framework, page: &mut Document) {
    page.heading(&framework.title);
    let row = |control: &crate::evaluate::ControlResult| {
        let rules = control.rules.iter().map(|rule| Words::code_alone(rule.edge.rule.as_str()));
        vec![
            Words::new().text(clean(&control.id)),
            Words::new().text(in_words(control.status)),
            Words::joined(rules, ", "),
            Words::new().text(clean(&control.title)),
        ]
    };
    page.table(&["control", "result", "rules", "demands"], framework.controls.iter().map(row).collect());
}

fn in_words(status: Status) -> &'static str {
    match status {
        Status::NotCovered => "not covered",
        Status::NotApplicable => "not applicable",
        Status::Unknown => "not known",
        other => other.as_str(),
    }
}
