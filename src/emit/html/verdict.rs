//! The first thing on the page: what the gate says, and how much of the organization was seen.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::Page;
use super::parts::{accounts, count, number, text};
use crate::evaluate::{Outcome, Report};
use crate::id::AccountId;
use crate::policy::Severity;
use crate::snapshot::{Cause, Gap};

pub(super) fn section(page: &Page<'_>) -> Markup {
    let report = page.report;
    let (class, word) = word(report);
    html! {
        section #verdict class={ "verdict " (class) } aria-labelledby="verdict-title" {
            h2 #verdict-title { span.mark aria-hidden="true" {} (word) }
            p.lead { (what(report)) }
            @if let Some(known) = &report.known {
                p.complete {
                    "Since the report of " (known.taken_at.strftime("%-d %B %Y").to_string()) ": "
                    (number(known.new)) " new, " (number(known.unchanged)) " unchanged, " (number(known.fixed)) " fixed. New findings alone close the gate."
                }
            }
            (completeness(page))
            (figures(report))
        }
    }
}

fn word(report: &Report) -> (&'static str, String) {
    let at = report.gate.fail_on.map_or("none", Severity::as_str);
    match (report.gate.fail_on, report.gate.failed, report.gate.complete) {
        (None, ..) => ("open", "No gate was set".to_owned()),
        (_, true, true) => ("fails", format!("Does not hold, at the gate {at}")),
        (_, true, false) => ("fails", format!("Does not hold, at the gate {at}, and not all is known")),
        (_, false, true) => ("holds", format!("Holds, at the gate {at}")),
        (_, false, false) => ("open", format!("Nothing fails at the gate {at}, but not all is known")),
    }
}

fn what(report: &Report) -> String {
    let counts = by_severity(report);
    let told: Vec<String> =
        counts.iter().map(|(severity, count)| format!("{} {}", number(*count), severity.as_str())).collect();
    let found = match (told.as_slice(), counts.values().sum::<usize>()) {
        ([], _) => "No rule fails".to_owned(),
        (told, 1) => format!("One finding: {}", told.concat()),
        ([first @ .., last], all) if !first.is_empty() => {
            format!("{} findings: {} and {last}", number(all), first.join(", "))
        }
        (told, all) => format!("{} findings: {}", number(all), told.concat()),
    };
    let unknown = report.judgements.iter().filter(|one| matches!(one.outcome, Outcome::Unknown { .. })).count();
    match unknown {
        0 => format!("{found}."),
        1 => format!("{found}. One result is not known."),
        many => format!("{found}. {} results are not known.", number(many)),
    }
}

fn by_severity(report: &Report) -> BTreeMap<Severity, usize> {
    let mut counts = BTreeMap::new();
    for judgement in report.judgements.iter().filter(|judgement| judgement.outcome == Outcome::Fail) {
        *counts.entry(judgement.severity).or_default() += 1;
    }
    counts
}

/// How many accounts were observed, and why the others were not.
fn completeness(page: &Page<'_>) -> Markup {
    let active = || page.report.accounts.iter().filter(|account| account.active);
    let (total, observed) = (active().count(), active().filter(|account| account.observed).count());
    let inactive = page.report.accounts.len() - total;
    let unobserved: BTreeSet<AccountId> = active().filter(|account| !account.observed).map(|one| one.id).collect();
    let reasons = reasons(&page.report.gaps, &unobserved);
    html! {
        p.complete {
            strong { (number(observed)) " of " (count(total, "account")) " observed in full" }
            @if inactive > 0 { "; " (number(inactive)) " more " @if inactive == 1 { "is" } @else { "are" } " not active" }
            @match unobserved.len() {
                0 => { "." }
                1 => { ". This one was not, because:" }
                many => { ". These " (number(many)) " were not, because:" }
            }
        }
        @if !reasons.is_empty() {
            ul.reasons {
                @for (cause, (ids, gap)) in &reasons {
                    li { (accounts(ids, &page.names)) " – " (said(cause, gap)) }
                }
            }
        }
    }
}

/// Why accounts were not observed: by cause, the accounts, and the first that was said.
fn reasons<'a>(gaps: &'a [Gap], unobserved: &BTreeSet<AccountId>) -> BTreeMap<&'a Cause, (Vec<AccountId>, &'a Gap)> {
    let mut found: BTreeMap<&Cause, (BTreeSet<AccountId>, &Gap)> = BTreeMap::new();
    for gap in gaps.iter().filter(|gap| gap.cause != Cause::NotCollected) {
        if let Some(account) = gap.account.filter(|account| unobserved.contains(account)) {
            found.entry(&gap.cause).or_insert_with(|| (BTreeSet::new(), gap)).0.insert(account);
        }
    }
    found.into_iter().map(|(cause, (ids, gap))| (cause, (ids.into_iter().collect(), gap))).collect()
}

fn said(cause: &Cause, gap: &Gap) -> Markup {
    html! { strong { (cause.as_str()) } ": " code { (text(&gap.operation)) } " " span.said { (text(&gap.message)) } }
}

fn figures(report: &Report) -> Markup {
    let counts = by_severity(report);
    let outcomes = |name: &str| report.judgements.iter().filter(|one| one.outcome.as_str() == name).count();
    html! {
        dl.figures {
            @for severity in Severity::ALL {
                @let count = counts.get(&severity).copied().unwrap_or(0);
                div class={ "figure " (severity.as_str()) @if count == 0 { " none" } } {
                    dt { (severity.as_str()) } dd { (number(count)) }
                }
            }
        }
        p.outcomes {
            (count(report.judgements.len(), "result")) ": "
            @for (at, (name, said)) in OUTCOMES.iter().filter(|(name, _)| outcomes(name) > 0).enumerate() {
                @if at > 0 { ", " }
                (number(outcomes(name))) " " (said)
            }
        }
    }
}

const OUTCOMES: [(&str, &str); 5] = [
    ("pass", "pass"),
    ("fail", "fail"),
    ("waived", "are waived"),
    ("unknown", "are not known"),
    ("not-applicable", "do not apply"),
];
