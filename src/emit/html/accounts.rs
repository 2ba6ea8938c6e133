//! Findings by account: who has to do something.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::Page;
use super::parts::{account, number, scrolling};
use crate::evaluate::Outcome;
use crate::id::AccountId;
use crate::policy::Severity;

/// At most this many accounts are listed, the worst first.
const LISTED: usize = 500;

/// An account's failures by severity, the worst first, and how many of its results are not known.
#[derive(Default)]
struct Standing {
    failures: [usize; 5],
    unknown: usize,
}

pub(super) fn section(page: &Page<'_>) -> Markup {
    let mut standings: BTreeMap<AccountId, Standing> = BTreeMap::new();
    for judgement in &page.report.judgements {
        let Some(id) = judgement.account else { continue };
        match judgement.outcome {
            Outcome::Fail => standings.entry(id).or_default().failures[judgement.severity as usize] += 1,
            Outcome::Unknown { .. } => standings.entry(id).or_default().unknown += 1,
            _ => {}
        }
    }
    let mut listed: Vec<(AccountId, Standing)> = standings.into_iter().collect();
    listed.sort_by(|left, right| {
        (right.1.failures, right.1.unknown, left.0).cmp(&(left.1.failures, left.1.unknown, right.0))
    });
    let clean = page.report.accounts.iter().filter(|one| one.active).count().saturating_sub(listed.len());
    html! {
        section #accounts aria-labelledby="accounts-title" {
            h2 #accounts-title { "Findings by account" }
            @if listed.is_empty() {
                p.lead { "No account has a finding." }
            } @else {
                (scrolling("Table of findings by account", &table(page, &listed)))
                @if listed.len() > LISTED {
                    p.more { (number(listed.len() - LISTED)) " more accounts have findings that are fewer or less bad." }
                }
                @if clean > 0 { p.more { (number(clean)) " more have none." } }
            }
        }
    }
}

fn table(page: &Page<'_>, listed: &[(AccountId, Standing)]) -> Markup {
    html! {
        table.standings {
            thead { tr {
                th scope="col" { "account" }
                @for severity in Severity::ALL { th.number scope="col" { (severity.as_str()) } }
                th.number scope="col" { "not known" }
            } }
            tbody {
                @for (id, standing) in listed.iter().take(LISTED) {
                    tr {
                        th scope="row" { a.find href="#findings" data-find=(id) { (account(*id, &page.names)) } }
                        @for (severity, count) in Severity::ALL.iter().zip(standing.failures) { (cell(severity.as_str(), count)) }
                        (cell("unknown", standing.unknown))
                    }
                }
            }
        }
    }
}

fn cell(class: &str, count: usize) -> Markup {
    html! {
        @if count == 0 { td.number { span.nil { "–" } } }
        @else { td class={ "number has " (class) } { (number(count)) } }
    }
}
