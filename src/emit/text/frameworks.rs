//! A section for each chosen pack that has controls: what fails and what is not known by its rules, the rest by id.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{Page, clean, pad};
use crate::evaluate::{ControlResult, Counts, Framework, Status};

/// No line of ids is longer.
const WIDTH: usize = 110;

/// Writes all sections.
pub(super) fn write(page: &Page<'_>, writer: &mut dyn Write) -> io::Result<()> {
    page.report.frameworks.iter().try_for_each(|framework| section(page, framework, writer))
}

fn section(page: &Page<'_>, framework: &Framework, writer: &mut dyn Write) -> io::Result<()> {
    let title = page.styled(&clean(&framework.title), Style::new().bold());
    let pack = page.styled(&format!("{}, version {}", framework.pack, framework.version), Style::new().dimmed());
    writeln!(writer, "{title}  {pack}")?;
    writeln!(writer, "  {}", summary(framework))?;
    let width = framework.controls.iter().map(|control| control.id.chars().count()).max().unwrap_or(0);
    for kind in [Kind::Fails, Kind::NotKnown, Kind::AskedAndFails] {
        let shown: Vec<&ControlResult> =
            framework.controls.iter().filter(|control| Kind::of(control) == kind).collect();
        for alike in shown.chunk_by(|left, right| because(left) == because(right) && left.reason == right.reason) {
            alike.iter().try_for_each(|control| head(page, control, width, writer))?;
            alike.last().map_or(Ok(()), |control| detail(page, control, width, writer))?;
        }
    }
    for (kind, label) in LISTED {
        let listed = framework.controls.iter().filter(|control| Kind::of(control) == kind);
        ids(page, label, listed, writer)?;
    }
    writeln!(writer)
}

/// How a control is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fails,
    NotKnown,
    /// A human must look, and a rule that helps fails or is not known.
    AskedAndFails,
    Passes,
    /// It would fail or be unknown, and that is waived.
    Waived,
    /// A human must look, and the rules that help pass.
    AskedAndPasses,
    NotApplicable,
    Asked,
    NotCovered,
}

/// Those that are shown by id alone.
const LISTED: [(Kind, &str); 6] = [
    (Kind::Waived, "waived"),
    (Kind::Passes, "pass"),
    (Kind::AskedAndPasses, "rules pass, for a human to check beyond them"),
    (Kind::NotApplicable, "not applicable"),
    (Kind::Asked, "for a human to check"),
    (Kind::NotCovered, "not covered"),
];

impl Kind {
    fn of(control: &ControlResult) -> Self {
        let any = |count: fn(&Counts) -> usize| control.rules.iter().any(|rule| count(&rule.counts) > 0);
        match control.status {
            Status::Fail => Self::Fails,
            Status::Unknown => Self::NotKnown,
            Status::Pass => Self::Passes,
            Status::Waived => Self::Waived,
            Status::NotApplicable => Self::NotApplicable,
            Status::NotCovered => Self::NotCovered,
            Status::Manual if any(|counts| counts.fail + counts.unknown) => Self::AskedAndFails,
            Status::Manual if any(|counts| counts.pass) => Self::AskedAndPasses,
            Status::Manual => Self::Asked,
        }
    }
}

fn controls(framework: &Framework, status: Status) -> impl Iterator<Item = &ControlResult> {
    framework.controls.iter().filter(move |control| control.status == status)
}

fn summary(framework: &Framework) -> String {
    let count = |status: Status| (controls(framework, status).count(), in_words(status));
    let counts = Status::ALL.map(count);
    let counted = counts.iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}"));
    let counted = counted.collect::<Vec<_>>().join(", ");
    format!("{} controls: {counted}; a control is judged as far as its rules go", framework.controls.len())
}

fn in_words(status: Status) -> &'static str {
    match status {
        Status::Fail => "fail",
        Status::Unknown => "not known",
        Status::Pass => "pass",
        Status::Waived => "waived",
        Status::NotApplicable => "not applicable",
        Status::Manual => "for a human to check",
        Status::NotCovered => "not covered",
    }
}

/// A control that fails or is not known, or that a human must look at and a rule fails.
fn head(page: &Page<'_>, control: &ControlResult, width: usize, writer: &mut dyn Write) -> io::Result<()> {
    let status = control.status;
    let colour = if status == Status::Fail { AnsiColor::Red } else { AnsiColor::Yellow };
    let word = page.styled(status.as_str(), Style::new().fg_color(Some(colour.into())));
    let id = clean(&control.id);
    let id = pad(&id, id.chars().count(), width);
    writeln!(writer, "  {} {id}  {}", pad(&word, status.as_str().len(), 8), clean(&control.title))
}

/// Why controls stand as they do: the rules by which it is so, and what else there is to say.
fn detail(page: &Page<'_>, control: &ControlResult, width: usize, writer: &mut dyn Write) -> io::Result<()> {
    let indent = width + 13;
    for line in lines(because(control).into_iter(), WIDTH.saturating_sub(indent)) {
        writeln!(writer, "{}{}", " ".repeat(indent), page.styled(&line, Style::new().dimmed()))?;
    }
    let reason = control.reason.as_ref().filter(|_| control.status != Status::Manual);
    for line in reason.into_iter().map(|reason| clean(reason)) {
        writeln!(writer, "{}{}", " ".repeat(indent), page.styled(&line, Style::new().dimmed()))?;
    }
    Ok(())
}

/// The rules that fail, or that are not known where none does, with how many results.
fn because(control: &ControlResult) -> Vec<String> {
    let counted = |count: fn(&Counts) -> usize| {
        let rules = control.rules.iter().map(move |rule| (&rule.edge.rule, count(&rule.counts)));
        rules.filter(|(_, count)| *count > 0).map(|(rule, count)| format!("{} ({count})", clean(rule))).collect()
    };
    let failing: Vec<String> = counted(|counts| counts.fail);
    match control.status {
        Status::Unknown => counted(|counts| counts.unknown),
        Status::Manual if failing.is_empty() => {
            let unknown: Vec<String> = counted(|counts| counts.unknown);
            unknown.into_iter().map(|rule| format!("not known: {rule}")).collect()
        }
        _ => failing,
    }
}

/// The ids of all controls of a kind.
fn ids<'a>(
    page: &Page<'_>,
    label: &str,
    controls: impl Iterator<Item = &'a ControlResult>,
    writer: &mut dyn Write,
) -> io::Result<()> {
    let indent = label.len() + 4;
    for (index, line) in
        lines(controls.map(|control| clean(&control.id)), WIDTH.saturating_sub(indent)).into_iter().enumerate()
    {
        match index {
            0 => writeln!(writer, "  {}  {line}", page.styled(label, Style::new().dimmed()))?,
            _ => writeln!(writer, "{}{line}", " ".repeat(indent))?,
        }
    }
    Ok(())
}

/// Items with commas between them, in lines of at most `width`; an item that is longer has a line of its own.
fn lines(items: impl Iterator<Item = String>, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        match lines.last_mut() {
            Some(line) if line.chars().count() + item.chars().count() + 2 <= width => {
                line.push_str(", ");
                line.push_str(&item);
            }
            Some(line) => {
                line.push(',');
                lines.push(item);
            }
            None => lines.push(item),
        }
    }
    lines
}
