//! What became of the examples of rules.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::text::TextStyle;
use crate::expr::Explained;
use crate::policy::{ExampleResult, Policy};

/// Writes what became of the examples of rules: of those that do not hold, what every part of the conditions comes to.
///
/// # Errors
/// Where the writer fails.
pub fn write_example_results(
    rules: &[(&Policy, Vec<ExampleResult>)],
    style: TextStyle,
    writer: &mut dyn Write,
) -> io::Result<()> {
    for (rule, results) in rules {
        let failures = results.iter().zip(&rule.examples).filter(|(result, _)| result.failure.is_some());
        for (result, example) in failures {
            let reason = result.failure.as_deref().unwrap_or_default();
            let red = AnsiColor::Red.on_default().bold();
            writeln!(writer, "{} {}: {}: {reason}", style.dressed("failed", red), rule.id, result.name)?;
            for (condition, parts) in example.explain(rule) {
                writeln!(writer, "  {}", style.dressed(condition, Style::new().dimmed()))?;
                parts.iter().try_for_each(|part| write_part(part, style, writer))?;
            }
            writeln!(writer)?;
        }
    }
    for (rule, _) in rules.iter().filter(|(_, results)| results.is_empty()) {
        writeln!(writer, "{} has no example: nothing shows that it judges rightly", rule.id)?;
    }
    let all: usize = rules.iter().map(|(_, results)| results.len()).sum();
    let failed = rules.iter().flat_map(|(_, results)| results).filter(|result| result.failure.is_some()).count();
    let (count, examples) = (named(rules.len(), "rule"), named(all, "example"));
    match failed {
        0 => writeln!(writer, "{count}, {examples}: all hold"),
        failed => writeln!(writer, "{count}, {examples}: {failed} failed"),
    }
}

fn write_part(part: &Explained, style: TextStyle, writer: &mut dyn Write) -> io::Result<()> {
    let indent = " ".repeat(4 + 2 * part.depth);
    writeln!(writer, "{indent}{}  {} {}", part.source, style.dressed("is", Style::new().dimmed()), part.value)
}

fn named(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
