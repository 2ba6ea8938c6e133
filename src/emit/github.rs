//! The failures as workflow commands, which GitHub Actions shows as annotations: worst first, for it shows the first ten
//! of a kind in a step.
//!
//! Source: GitHub Docs, "Workflow commands for GitHub Actions" (`::error file=,line=,title=::message`); the escapes are
//! those of the toolkit, `packages/core/src/command.ts`.

use std::io::{self, Write};
use std::path::Path;

use super::text::what;
use crate::anchor::Anchors;
use crate::evaluate::{Judgement, Outcome, Report};
use crate::policy::Severity;

/// Writes the failures of a report as workflow commands; what is not known is told in one warning, and each waiver that
/// somebody should look after at its own line.
///
/// # Errors
/// Where the writer fails.
pub fn write_github(report: &Report, anchors: &Anchors, writer: &mut dyn Write) -> io::Result<()> {
    let mut failures: Vec<&Judgement> =
        report.judgements.iter().filter(|judgement| judgement.outcome == Outcome::Fail).collect();
    // The worst comes first in the order; what is equally bad stays as it is.
    failures.sort_by_key(|judgement| (judgement.severity, judgement.known));
    for judgement in failures {
        let Some(rule) = report.policies.iter().find(|rule| rule.policy.id == judgement.policy) else { continue };
        let place = anchors.place(judgement, &rule.policy);
        let since = judgement.known.map_or_else(String::new, |known| format!(", {}", known.as_str()));
        let title = format!("{} ({}{since})", judgement.policy, judgement.severity.as_str());
        let fix: Vec<&str> = rule.policy.fix.text.split_whitespace().collect();
        let owner = judgement.account.map(|id| format!("{id}: ")).unwrap_or_default();
        writeln!(
            writer,
            "::{} file={},line={},title={}::{}",
            kind(judgement.severity),
            property(&place.uri),
            place.line,
            property(&title),
            data(&format!("{owner}{}. {}", judgement.message, fix.join(" ")))
        )?;
    }
    for standing in report.waivers.iter().filter(|standing| standing.state.wants_care()) {
        let waiver = &standing.waiver;
        let file = anchors.root().relative(Path::new(&waiver.file));
        let place = file.map_or_else(String::new, |uri| format!("file={},line={},", property(&uri), waiver.line));
        let message = format!("{}: {} ({}, {})", waiver.subject(), what(standing), waiver.owner, waiver.ticket);
        writeln!(writer, "::warning {place}title=waiver {}::{}", standing.state.as_str(), data(&message))?;
    }
    let unknown = report.judgements.iter().filter(|judgement| matches!(judgement.outcome, Outcome::Unknown { .. }));
    match unknown.count() {
        0 => Ok(()),
        count => writeln!(
            writer,
            "::warning title=not known::{count} results are not known: {} calls were not answered",
            report.gaps.len()
        ),
    }
}

fn kind(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium | Severity::Low => "warning",
        Severity::Info => "notice",
    }
}

/// A message, in which line breaks and percent signs are escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, in which what separates properties is escaped too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_early() {
        assert_eq!(data("100%\r\n::error::x"), "100%25%0D%0A::error::x");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
