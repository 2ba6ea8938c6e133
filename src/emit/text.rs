//! The report as text for people: failures first, worst first, each rule once; then what was not observed; then one
//! line that sums it up.

mod coverage;
mod frameworks;
mod grid;
mod picture;
mod summary;
mod waivers;

use std::collections::BTreeMap;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use self::coverage::Table;
use super::hyperlink::hyperlink;
use super::website::rule_address;
use crate::evaluate::{Judgement, Outcome, Report};
use crate::id::AccountId;
use crate::policy::{Policy, Severity};

pub use self::picture::write_coverage_text;
pub(in crate::emit) use self::waivers::what;

/// How text is dressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextStyle {
    /// Letters only.
    Plain,
    /// With ANSI colours.
    Colour,
    /// With ANSI colours, and links that a terminal opens (OSC 8).
    Linked,
}

impl TextStyle {
    /// A text in a look, where text is dressed at all.
    pub(super) fn dressed(self, text: &str, look: Style) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Colour | Self::Linked => format!("{look}{text}{look:#}"),
        }
    }
}

/// At most this many subjects of one rule are listed; the rest are counted.
fn subjects_listed(severity: Severity) -> usize {
    if severity == Severity::Info { 3 } else { 25 }
}

/// At most this many rows of the table of coverage are written; `trailproof coverage` writes all.
const ROWS: usize = 20;

/// Writes a report as text.
///
/// # Errors
/// Where the writer fails.
pub fn write_text(report: &Report, style: TextStyle, writer: &mut dyn Write) -> io::Result<()> {
    let page = Page { report, names: names(report), style };
    page.heading(writer)?;
    page.findings(writer)?;
    Table::of(&report.coverage, &page.names).write(ROWS, style, writer)?;
    frameworks::write(&page, writer)?;
    summary::declared(&page, writer)?;
    waivers::waived(&page, writer)?;
    waivers::to_look_after(&page, writer)?;
    waivers::known(&page, writer)?;
    summary::unknown(&page, writer)?;
    summary::unobserved(&page, writer)?;
    summary::endings(&page, writer)?;
    summary::last_line(&page, writer)
}

/// What all parts of the text need.
pub(super) struct Page<'a> {
    pub(super) report: &'a Report,
    names: BTreeMap<AccountId, &'a str>,
    style: TextStyle,
}

fn names(report: &Report) -> BTreeMap<AccountId, &str> {
    report.accounts.iter().filter_map(|account| Some((account.id, account.name.as_deref()?))).collect()
}

impl Page<'_> {
    /// What was scanned, and by which rules.
    fn heading(&self, writer: &mut dyn Write) -> io::Result<()> {
        let active = self.report.accounts.iter().filter(|account| account.active);
        let accounts = active.clone().count();
        let regions = active.map(|account| account.regions).max().unwrap_or(0);
        let scanned = match &self.report.snapshot.organization {
            Some(organization) => format!("{organization} · {accounts} accounts × {regions} Regions"),
            None => {
                let account = self.report.accounts.first().map_or_else(String::new, |account| account.id.to_string());
                format!("account {account} alone, no organization was listed · {regions} Regions")
            }
        };
        let rules = self.report.policies.len();
        let (word, packs) =
            (if self.report.packs.len() == 1 { "pack" } else { "packs" }, self.report.packs.join(" + "));
        writeln!(writer, "{scanned} · {word} {packs}, {rules} rules")?;
        if !self.report.baselines.is_empty() {
            let counted = self.report.baselines.iter().map(|of| {
                let accounts = of.accounts.len();
                let may_be = match of.open.len() {
                    0 => String::new(),
                    open => format!(", and {open} may be: tags not read"),
                };
                format!("{} ({accounts} {}{may_be})", clean(&of.name), summary::plural("account", accounts))
            });
            writeln!(writer, "held to baselines: {}", counted.collect::<Vec<_>>().join(", "))?;
        }
        writeln!(writer)
    }

    fn findings(&self, writer: &mut dyn Write) -> io::Result<()> {
        let mut groups: BTreeMap<(Severity, &str), Vec<&Judgement>> = BTreeMap::new();
        for judgement in self.report.judgements.iter().filter(|judgement| judgement.outcome == Outcome::Fail) {
            groups.entry((judgement.severity, judgement.policy.as_str())).or_default().push(judgement);
        }
        for ((severity, id), judgements) in groups {
            if let Some(policy) = self.report.policies.iter().find(|rule| rule.policy.id.as_str() == id) {
                self.group(severity, &policy.policy, &judgements, writer)?;
            }
        }
        Ok(())
    }

    fn group(
        &self,
        severity: Severity,
        policy: &Policy,
        judgements: &[&Judgement],
        writer: &mut dyn Write,
    ) -> io::Result<()> {
        let label = severity.as_str().to_uppercase();
        let heading = self.styled(&label, colour_of(severity).bold());
        let title = self.styled(&format!("not met: {}", policy.title), Style::new().bold());
        let id = self.styled(policy.id.as_str(), Style::new().dimmed());
        let id = hyperlink(&id, rule_address(policy).as_deref(), self.style);
        writeln!(writer, "{heading:<9} {title}  {id}", heading = pad(&heading, label.len(), 8))?;
        let who: Vec<String> = judgements.iter().map(|judgement| self.account(judgement.account)).collect();
        let width = who.iter().map(|name| name.chars().count()).max().unwrap_or(0).min(44);
        let listed = subjects_listed(severity);
        for (judgement, who) in judgements.iter().zip(&who).take(listed) {
            let where_used = match judgement.related.len() {
                0 | 1 => String::new(),
                users => format!(" (used by {users} trails)"),
            };
            let (who, mark) = (pad(who, who.chars().count(), width), waivers::mark(judgement.known));
            writeln!(writer, "  {who}  {}{where_used}{mark}", clean(&judgement.message))?;
            for note in &judgement.notes {
                writeln!(writer, "    {}  {}", self.styled("note", Style::new().dimmed()), clean(note))?;
            }
        }
        if judgements.len() > listed {
            writeln!(writer, "  and {} more", judgements.len() - listed)?;
        }
        writeln!(writer, "  {}  {}", self.styled("why", Style::new().dimmed()), first_sentence(&policy.why))?;
        writeln!(writer, "  {}  {}", self.styled("fix", Style::new().dimmed()), first_sentence(&policy.fix.text))?;
        writeln!(writer)
    }

    /// An account by name and id, as far as they are known.
    pub(super) fn account(&self, id: Option<AccountId>) -> String {
        let Some(id) = id else { return "organization".to_owned() };
        match self.names.get(&id) {
            Some(name) => format!("{} {id}", clean(name)),
            None => id.to_string(),
        }
    }

    /// A text in a style, where text is dressed at all.
    pub(super) fn styled(&self, text: &str, style: Style) -> String {
        self.style.dressed(text, style)
    }
}

/// The colour of a severity.
pub(super) fn colour_of(severity: Severity) -> Style {
    let colour = match severity {
        Severity::Critical => AnsiColor::Magenta,
        Severity::High => AnsiColor::Red,
        Severity::Medium => AnsiColor::Yellow,
        Severity::Low => AnsiColor::Cyan,
        Severity::Info => AnsiColor::White,
    };
    Style::new().fg_color(Some(colour.into()))
}

/// A text followed by blanks up to a width, whatever invisible letters it holds.
pub(super) fn pad(text: &str, visible: usize, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(visible)))
}

/// A name without the letters that could move the cursor or turn the direction of writing.
pub(crate) fn clean(text: &str) -> String {
    let hostile = |letter: char| {
        letter.is_control()
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|letter| if hostile(letter) { '\u{fffd}' } else { letter }).collect()
}

fn first_sentence(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.find(". ") {
        Some(end) => line[..=end].to_owned(),
        None => line,
    }
}
