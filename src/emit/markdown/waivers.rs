//! What is waived, which waivers somebody should look after, and what became of the findings of an earlier report.

use super::{SUBJECTS, owner, shortened};
use crate::emit::document::{Document, Words};
use crate::emit::text::what;
use crate::evaluate::Report;

/// At most this many rows are written in all.
const ROWS: usize = 200;

/// Every waived result, with who accepted it, until when and why.
pub(super) fn waived(report: &Report, page: &mut Document) {
    let waived: Vec<_> = report.judgements.iter().filter(|one| !one.outcome.waivers().is_empty()).collect();
    if waived.is_empty() {
        return;
    }
    page.heading("Waived");
    let names = super::names(report);
    let mut rows = Vec::new();
    for of_rule in waived.chunk_by(|left, right| left.policy == right.policy) {
        let shown = of_rule.len().min(SUBJECTS).min(ROWS.saturating_sub(rows.len()));
        for judgement in &of_rule[..shown] {
            let said = |part: fn(&crate::policy::Waiver) -> String| {
                let said: Vec<String> = judgement.outcome.waivers().iter().map(|waiver| part(waiver)).collect();
                Words::new().text(shortened(&said.join("; ")))
            };
            rows.push(vec![
                Words::code_alone(judgement.policy.as_str()),
                Words::new().text(owner(judgement, &names)),
                Words::new().text(shortened(judgement.resource.as_deref().unwrap_or("organization"))),
                Words::new().text(judgement.outcome.beneath().as_str()),
                said(|waiver| waiver.expires.to_string()),
                said(|waiver| format!("{}, {}", waiver.owner, waiver.ticket)),
                said(|waiver| waiver.reason.clone()),
            ]);
        }
        if of_rule.len() > shown {
            let more = format!("and {} more; the report as JSON lists all", of_rule.len() - shown);
            let mut row = vec![Words::new(); 7];
            row[0] = Words::code_alone(of_rule[0].policy.as_str());
            row[2] = Words::new().text(more);
            rows.push(row);
        }
    }
    page.table(&["rule", "account", "resource", "beneath", "until", "accepted by", "because"], rows);
}

/// The waivers that have ended or end soon, that cover nothing, or that live too long.
pub(super) fn to_look_after(report: &Report, page: &mut Document) {
    let mut standings: Vec<_> = report.waivers.iter().filter(|standing| standing.state.wants_care()).collect();
    if standings.is_empty() {
        return;
    }
    standings.sort_by_key(|standing| standing.state);
    page.heading("Waivers to look after");
    let row = |standing: &&crate::evaluate::WaiverStanding| {
        let waiver = &standing.waiver;
        vec![
            Words::new().text(standing.state.as_str()),
            Words::new().text(shortened(&waiver.subject())),
            Words::new().text(what(standing)),
            Words::new().text(shortened(&format!("{}, {}", waiver.owner, waiver.ticket))),
            Words::code_alone(&shortened(&format!("{}:{}", waiver.file, waiver.line))),
        ]
    };
    page.table(&["state", "waiver", "so", "accepted by", "place"], standings.iter().take(ROWS).map(row).collect());
    if standings.len() > ROWS {
        page.paragraph(Words::new().text(format!("{} more are in the report as JSON.", standings.len() - ROWS)));
    }
}

/// What became of the findings of an earlier report.
pub(super) fn known(report: &Report, page: &mut Document) {
    let Some(known) = &report.known else { return };
    page.heading("Since the earlier report");
    let row = |(what, count): (&str, usize)| vec![Words::new().text(what), Words::new().text(count.to_string())];
    let counts = [
        ("new", known.new),
        ("unchanged", known.unchanged),
        ("fixed", known.fixed),
        ("judged no more", known.gone.len()),
        ("not known whether fixed", known.unobserved.len()),
    ];
    page.paragraph(Words::new().text(format!("That report is of {:.0}.", known.taken_at)));
    page.table(&["since then", "findings"], counts.into_iter().map(row).collect());
}
