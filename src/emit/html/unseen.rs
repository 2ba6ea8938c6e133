//! What is not known, and what was not observed.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::Page;
use super::findings::rule_name;
use super::parts::{accounts, badge, count, line, number, scrolling, text};
use crate::evaluate::{JudgedPolicy, Judgement, Outcome};
use crate::id::AccountId;
use crate::policy::Severity;
use crate::snapshot::{Cause, Gap};

pub(super) fn section(page: &Page<'_>) -> Markup {
    html! {
        section #unseen aria-labelledby="unseen-title" {
            h2 #unseen-title { "What was not observed" }
            @if page.report.gaps.is_empty() {
                p.lead { "Every question was answered." }
            } @else {
                p.lead { (count(page.report.gaps.len(), "question")) " had no answer. What rests on them is not known: it neither passes nor fails." }
                (scrolling("Questions without an answer", &gaps(page)))
            }
            (unknown(page))
        }
    }
}

/// Gaps with the same cause and call.
fn gaps(page: &Page<'_>) -> Markup {
    let mut found: BTreeMap<(&Cause, &str), Vec<&Gap>> = BTreeMap::new();
    for gap in &page.report.gaps {
        found.entry((&gap.cause, &gap.operation)).or_default().push(gap);
    }
    html! {
        table.gaps {
            thead { tr { th scope="col" { "cause" } th scope="col" { "call" } th scope="col" { "accounts" } th scope="col" { "answer, and what to do" } } }
            tbody {
                @for ((cause, operation), gaps) in &found {
                    tr {
                        th scope="row" { (cause.as_str()) }
                        td { code { (text(operation)) } @if gaps.len() > 1 { " " span.times { "× " (number(gaps.len())) } } }
                        td {
                            @let ids: Vec<AccountId> = gaps.iter().filter_map(|gap| gap.account).collect::<BTreeSet<_>>().into_iter().collect();
                            @if !ids.is_empty() { (accounts(&ids, &page.names)) }
                            (places(gaps))
                        }
                        td {
                            @if let Some(first) = gaps.first() { p.said { (text(&first.message)) } }
                            @if let Some(remedy) = cause.remedy() { p.remedy { (line(remedy)) } }
                        }
                    }
                }
            }
        }
    }
}

/// The Regions and resources of gaps, a few of them.
fn places(gaps: &[&Gap]) -> Markup {
    const SHOWN: usize = 20;
    let found: BTreeSet<&str> = gaps
        .iter()
        .flat_map(|gap| [gap.region.as_ref().map(|region| region.as_str()), gap.resource.as_deref()])
        .flatten()
        .collect();
    html! {
        @if !found.is_empty() {
            p.places {
                @for (at, place) in found.iter().take(SHOWN).enumerate() { @if at > 0 { ", " } (text(place)) }
                @if found.len() > SHOWN { " and " (number(found.len() - SHOWN)) " more" }
            }
        }
    }
}

fn unknown(page: &Page<'_>) -> Markup {
    let mut found: BTreeMap<(Severity, &str), Vec<&Judgement>> = BTreeMap::new();
    for judgement in page.report.judgements.iter().filter(|one| matches!(one.outcome, Outcome::Unknown { .. })) {
        found.entry((judgement.severity, judgement.policy.as_str())).or_default().push(judgement);
    }
    let rule =
        |id: &str| -> Option<&JudgedPolicy> { page.report.policies.iter().find(|one| one.policy.id.as_str() == id) };
    let table = html! {
        table.unknown {
            caption { "Results that are not known" }
            thead { tr { th scope="col" { "rule" } th.number scope="col" { "results" } th scope="col" { "of" } th scope="col" { "waits for" } } }
            tbody {
                @for ((severity, id), judgements) in &found {
                    tr {
                        th scope="row" { (badge(*severity)) " " @if let Some(rule) = rule(id) { (rule_name(&rule.policy)) } }
                        td.number { (number(judgements.len())) }
                        td { (of(page, judgements)) }
                        td { p.said { (text(&judgements.first().and_then(|one| one.outcome.reason()).unwrap_or_default())) } }
                    }
                }
            }
        }
    };
    html! { @if !found.is_empty() { (scrolling("Results that are not known", &table)) } }
}

fn of(page: &Page<'_>, judgements: &[&Judgement]) -> Markup {
    let ids: BTreeSet<AccountId> = judgements.iter().filter_map(|judgement| judgement.account).collect();
    let ids: Vec<AccountId> = ids.into_iter().collect();
    html! { @if ids.is_empty() { "the organization" } @else { (accounts(&ids, &page.names)) } }
}
