//! A section for each chosen pack that has controls: what fails and what is not known by its rules, the rest by id.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{Page, clean, pad};
use crate::evaluate::{ControlResult, Framework, Status};

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
    for status in [Status::Fail, Status::Unknown] {
        for control in controls(framework, status) {
            detail(page, control, width, writer)?;
        }
    }
    for status in [Status::Pass, Status::NotApplicable, Status::Manual, Status::NotCovered] {
        ids(page, status, framework, writer)?;
    }
    writeln!(writer)
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
        Status::NotApplicable => "not applicable",
        Status::Manual => "for a human to check",
        Status::NotCovered => "not covered",
    }
}

/// A control that fails or is not known, and the rules by which it is so.
fn detail(page: &Page<'_>, control: &ControlResult, width: usize, writer: &mut dyn Write) -> io::Result<()> {
    let status = control.status;
    let colour = if status == Status::Fail { AnsiColor::Red } else { AnsiColor::Yellow };
    let word = page.styled(status.as_str(), Style::new().fg_color(Some(colour.into())));
    let id = clean(&control.id);
    let id = pad(&id, id.chars().count(), width);
    writeln!(writer, "  {} {id}  {}", pad(&word, status.as_str().len(), 8), clean(&control.title))?;
    let counted = control.rules.iter().filter_map(|rule| {
        let count = if status == Status::Fail { rule.counts.fail } else { rule.counts.unknown };
        (count > 0).then(|| format!("{} ({count})", rule.edge.rule))
    });
    let rules = counted.collect::<Vec<_>>().join(", ");
    let because = [Some(rules), control.reason.clone()].into_iter().flatten().filter(|text| !text.is_empty());
    for line in because {
        writeln!(writer, "  {}  {}", " ".repeat(width + 9), page.styled(&clean(&line), Style::new().dimmed()))?;
    }
    Ok(())
}

/// The ids of all controls of a status.
fn ids(page: &Page<'_>, status: Status, framework: &Framework, writer: &mut dyn Write) -> io::Result<()> {
    let label = in_words(status);
    let indent = label.len() + 4;
    let mut line = format!("  {}  ", page.styled(label, Style::new().dimmed()));
    let mut used = indent;
    for (index, control) in controls(framework, status).enumerate() {
        let id = clean(&control.id);
        let length = id.chars().count() + 2;
        if index > 0 {
            line.push(',');
            if used + length > WIDTH {
                writeln!(writer, "{line}")?;
                line = " ".repeat(indent);
                used = indent;
            } else {
                line.push(' ');
            }
        }
        line.push_str(&id);
        used += length;
    }
    if used > indent { writeln!(writer, "{line}") } else { Ok(()) }
}
