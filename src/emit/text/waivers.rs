//! What is waived, which waivers somebody should look after, and what became of the findings of an earlier report.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::summary::plural;
use super::{Page, clean, pad};
use crate::evaluate::{EarlierFinding, KnownState, WaiverStanding, WaiverState};

/// At most this many lines of a kind are written; the report as JSON has all.
const LINES: usize = 25;

/// What is waived: for each waiver how many results, until when, by whom and why.
pub(super) fn waived(page: &Page<'_>, writer: &mut dyn Write) -> io::Result<()> {
    let waives = |standing: &&WaiverStanding| standing.waived > 0;
    let standings: Vec<&WaiverStanding> = page.report.waivers.iter().filter(waives).collect();
    if standings.is_empty() {
        return Ok(());
    }
    writeln!(writer, "{}", page.styled("Waived", Style::new().bold()))?;
    for standing in standings.iter().take(LINES) {
        let (waiver, count) = (&standing.waiver, standing.waived);
        let said = [&waiver.owner, &waiver.ticket, &waiver.reason].map(|text| clean(text.trim()));
        let (results, expires, [owner, ticket, reason]) = (plural("result", count), waiver.expires, said);
        writeln!(writer, "  {}", clean(&waiver.subject()))?;
        writeln!(writer, "    {count} {results} until {expires} by {owner}, {ticket}: {reason}")?;
    }
    more(standings.len(), writer)?;
    writeln!(writer)
}

/// The waivers that have ended or end soon, that cover nothing, or that live too long.
pub(super) fn to_look_after(page: &Page<'_>, writer: &mut dyn Write) -> io::Result<()> {
    let mut standings: Vec<&WaiverStanding> =
        page.report.waivers.iter().filter(|standing| standing.state.wants_care()).collect();
    if standings.is_empty() {
        return Ok(());
    }
    standings.sort_by_key(|standing| standing.state);
    writeln!(writer, "{}", page.styled("Waivers to look after", Style::new().bold()))?;
    for standing in standings.iter().take(LINES) {
        let word = page.styled(standing.state.as_str(), Style::new().fg_color(Some(AnsiColor::Yellow.into())));
        let word = pad(&word, standing.state.as_str().len(), 9);
        let waiver = &standing.waiver;
        let (subject, owner) = (clean(&waiver.subject()), clean(&waiver.owner));
        let place = page.styled(&format!("{}:{}", clean(&waiver.file), waiver.line), Style::new().dimmed());
        writeln!(writer, "  {word}  {subject}: {} ({owner})  {place}", what(standing))?;
    }
    more(standings.len(), writer)?;
    writeln!(writer)
}

/// What is to be said of a waiver.
pub(in crate::emit) fn what(standing: &WaiverStanding) -> String {
    let counted = |count: usize| format!("{count} {}", plural("result", count));
    let (covers, waives) = (counted(standing.covered), counted(standing.waived));
    let expires = standing.waiver.expires;
    match standing.state {
        WaiverState::Expired => format!("ended on {expires}, and waives nothing of {covers}"),
        WaiverState::TooLong => {
            format!("runs until {expires}, longer than waivers may, and waives nothing of {covers}")
        }
        WaiverState::Unmatched => "there is nothing that it covers".to_owned(),
        WaiverState::Open => "what it covers is not known: tags of accounts were not read".to_owned(),
        WaiverState::Expiring => match standing.days_left {
            0 => format!("ends today, and waives {waives}"),
            1 => format!("ends tomorrow, and waives {waives}"),
            days => format!("ends in {days} days, and waives {waives}"),
        },
        WaiverState::Active => format!("waives {waives} until {expires}"),
        WaiverState::Ignored => format!("left aside; it covers {covers}"),
    }
}

/// What became of the findings of an earlier report.
pub(super) fn known(page: &Page<'_>, writer: &mut dyn Write) -> io::Result<()> {
    let Some(known) = &page.report.known else { return Ok(()) };
    let title = format!("Since the report of {:.0}", known.taken_at);
    writeln!(writer, "{}", page.styled(&title, Style::new().bold()))?;
    writeln!(writer, "  {} new, {} unchanged, {} fixed", known.new, known.unchanged, known.fixed)?;
    listed(page, "fixed?", "it is not known whether they are fixed", &known.unobserved, writer)?;
    listed(page, "gone", "they are judged no more", &known.gone, writer)?;
    writeln!(writer)
}

fn listed(
    page: &Page<'_>,
    word: &str,
    why: &str,
    findings: &[EarlierFinding],
    writer: &mut dyn Write,
) -> io::Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    writeln!(writer, "  {}  {}: {why}", page.styled(word, Style::new().dimmed()), findings.len())?;
    for finding in findings.iter().take(LINES) {
        let resource = finding.resource.as_deref().unwrap_or("organization");
        writeln!(writer, "    {}  {}", clean(&finding.policy), clean(resource))?;
    }
    more(findings.len(), writer)
}

/// What is said of a finding beside an earlier report.
pub(super) fn mark(state: Option<KnownState>) -> String {
    state.map_or_else(String::new, |state| format!(" ({})", state.as_str()))
}

fn more(count: usize, writer: &mut dyn Write) -> io::Result<()> {
    match count.saturating_sub(LINES) {
        0 => Ok(()),
        more => writeln!(writer, "  and {more} more; the report as JSON lists all"),
    }
}

/// What the last line says of waivers, of what was known, and of the age of the snapshot.
pub(super) fn in_short(page: &Page<'_>) -> String {
    let report = page.report;
    let waived = report.judgements.iter().filter(|judgement| !judgement.outcome.waivers().is_empty()).count();
    let mut line = String::new();
    if waived > 0 {
        line.push_str(&format!("; {waived} waived"));
    }
    let count = |state| report.waivers.iter().filter(|standing| standing.state == state).count();
    for (state, words) in [
        (WaiverState::Expired, "expired"),
        (WaiverState::TooLong, "too long"),
        (WaiverState::Expiring, "ending soon"),
        (WaiverState::Unmatched, "covering nothing"),
        (WaiverState::Open, "covering what is not known"),
        (WaiverState::Ignored, "left aside"),
    ] {
        match count(state) {
            0 => {}
            count => line.push_str(&format!("; {count} {} {words}", plural("waiver", count))),
        }
    }
    if let Some(known) = &report.known {
        line.push_str(&format!("; {} new since {:.0}", known.new, known.taken_at));
    }
    if let Some(days) = report.stale_days {
        line.push_str(&format!("; the snapshot is {days} days old"));
    }
    line
}
