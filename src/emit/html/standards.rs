//! The results by framework, and by rule.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::Page;
use super::findings::rule_name;
use super::parts::{badge, line, number, scrolling, text};
use crate::evaluate::{ControlResult, Framework, Outcome, Status};

pub(super) fn sections(page: &Page<'_>) -> Markup {
    html! {
        @if !page.report.frameworks.is_empty() {
            section #frameworks aria-labelledby="frameworks-title" {
                h2 #frameworks-title { "Results by framework" }
                @for framework in &page.report.frameworks { (of_framework(framework)) }
            }
        }
        (rules(page))
    }
}

fn of_framework(framework: &Framework) -> Markup {
    let count = |status| framework.controls.iter().filter(|control| control.status == status).count();
    html! {
        h3 { (text(&framework.title)) }
        p.about {
            "pack " code { (text(&framework.pack)) } " version " (framework.version)
            @for status in Status::ALL.into_iter().filter(|status| count(*status) > 0) {
                " · " (number(count(status))) " " (in_words(status))
            }
        }
        (scrolling(&format!("Controls of {}", framework.pack), &controls(framework)))
    }
}

fn controls(framework: &Framework) -> Markup {
    html! {
        table.controls {
            thead { tr { th scope="col" { "control" } th scope="col" { "result" } th scope="col" { "demands" } th scope="col" { "proved by" } } }
            tbody { @for control in &framework.controls { (row(control)) } }
        }
    }
}

fn row(control: &ControlResult) -> Markup {
    html! {
        tr {
            th scope="row" { (text(&control.id)) }
            td { span class={ "status " (control.status.as_str()) } { (in_words(control.status)) } }
            td { (line(&control.title)) @if let Some(reason) = &control.reason { p.reason { (line(reason)) } } }
            td.proof {
                @for rule in &control.rules {
                    p { code { (text(&rule.edge.rule)) } " "
                        span.counts { (counts(&[(rule.counts.pass, "pass"), (rule.counts.fail, "fail"), (rule.counts.unknown, "not known"), (rule.counts.waived, "waived"), (rule.counts.not_applicable, "not applicable")])) }
                    }
                }
            }
        }
    }
}

fn counts(counts: &[(usize, &str)]) -> String {
    let told: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{} {word}", number(*count)))
        .collect();
    told.join(", ")
}

fn in_words(status: Status) -> &'static str {
    match status {
        Status::NotCovered => "not covered",
        Status::NotApplicable => "not applicable",
        Status::Unknown => "not known",
        Status::Manual => "by hand",
        other => other.as_str(),
    }
}

/// Every rule that was judged, and its results in numbers: what passes is told here, and nowhere else.
fn rules(page: &Page<'_>) -> Markup {
    let mut counts: BTreeMap<&str, [usize; 5]> = BTreeMap::new();
    for judgement in &page.report.judgements {
        let column = match judgement.outcome {
            Outcome::Pass => 0,
            Outcome::Fail => 1,
            Outcome::Unknown { .. } => 2,
            Outcome::Waived { .. } => 3,
            Outcome::NotApplicable { .. } => 4,
        };
        counts.entry(judgement.policy.as_str()).or_default()[column] += 1;
    }
    let table = html! {
        table.rules {
            thead { tr {
                th scope="col" { "rule" } th scope="col" { "severity" }
                @for head in ["pass", "fail", "not known", "waived", "not applicable"] { th.number scope="col" { (head) } }
            } }
            tbody {
                @for rule in &page.report.policies {
                    @let of_rule = counts.get(rule.policy.id.as_str()).copied().unwrap_or_default();
                    tr {
                        th scope="row" { span.title { (text(&rule.policy.title)) } " " (rule_name(&rule.policy)) }
                        td { (badge(rule.severity)) }
                        @for (column, count) in of_rule.into_iter().enumerate() {
                            td class={ "number" @if column == 1 && count > 0 { " has" } } {
                                @if count == 0 { span.nil { "–" } } @else { (number(count)) }
                            }
                        }
                    }
                }
            }
        }
    };
    html! {
        section #rules aria-labelledby="rules-title" {
            h2 #rules-title { "Every rule that was judged" }
            (scrolling("Results by rule", &table))
        }
    }
}
