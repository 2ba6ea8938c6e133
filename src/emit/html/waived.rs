//! What is accepted for a while: by whom, why, until when, and what it covers.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::Page;
use super::findings::rule_name;
use super::parts::{account, badge, count, number, scrolling, text};
use crate::emit::text::what;
use crate::evaluate::{Judgement, Outcome, WaiverStanding};

/// At most this many waived results are listed.
const LISTED: usize = 1_000;

pub(super) fn section(page: &Page<'_>) -> Markup {
    let waived: Vec<&Judgement> =
        page.report.judgements.iter().filter(|one| matches!(one.outcome, Outcome::Waived { .. })).collect();
    html! {
        @if !page.report.waivers.is_empty() {
            section #waivers aria-labelledby="waivers-title" {
                h2 #waivers-title { "What is waived" }
                p.lead { (count(waived.len(), "result")) " would fail or are not known, and were accepted for a while." }
                (scrolling("Waivers", &waivers(&page.report.waivers)))
                @if !waived.is_empty() { (scrolling("Waived results", &results(page, &waived))) }
                @if waived.len() > LISTED { p.more { "and " (number(waived.len() - LISTED)) " more; the report as JSON lists all" } }
            }
        }
    }
}

fn waivers(standings: &[WaiverStanding]) -> Markup {
    html! {
        table.waivers {
            thead { tr {
                th scope="col" { "waiver" } th scope="col" { "why" } th scope="col" { "accepted by" }
                th scope="col" { "state" } th scope="col" { "from" }
            } }
            tbody {
                @for standing in standings {
                    @let waiver = &*standing.waiver;
                    tr {
                        th scope="row" { (text(&waiver.subject())) }
                        td { (text(&waiver.reason)) }
                        td { (text(&waiver.owner)) ", " (text(&waiver.ticket)) }
                        td { span.state { (standing.state.as_str()) } p.reason { (text(&what(standing))) } }
                        td { code { (text(&waiver.file)) ":" (waiver.line) } }
                    }
                }
            }
        }
    }
}

fn results(page: &Page<'_>, waived: &[&Judgement]) -> Markup {
    // What lies beneath comes with the worst first.
    let mut sorted: BTreeMap<_, Vec<&Judgement>> = BTreeMap::new();
    for judgement in waived.iter().take(LISTED) {
        sorted.entry((judgement.severity, judgement.policy.as_str())).or_default().push(judgement);
    }
    html! {
        table.waived {
            caption { "What lies beneath" }
            thead { tr { th scope="col" { "rule" } th scope="col" { "account" } th scope="col" { "finding" } th scope="col" { "beneath" } } }
            tbody {
                @for judgement in sorted.values().flatten() {
                    tr {
                        th scope="row" { (badge(judgement.severity)) " "
                            @match page.report.policy(&judgement.policy) { Some(rule) => { (rule_name(&rule.policy)) } None => {} }
                        }
                        td { @match judgement.account { Some(id) => { (account(id, &page.names)) } None => { "the organization" } } }
                        td { p.message { (text(&judgement.message)) }
                            @if let Some(resource) = &judgement.resource { p.resource { code { (text(resource)) } } } }
                        td { (judgement.outcome.beneath().as_str()) }
                    }
                }
            }
        }
    }
}
