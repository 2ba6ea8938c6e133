//! The results as JSON Lines: one result a line, as in the report, for tools that read a stream.

use std::io::{self, Write};

use crate::evaluate::Report;

/// Writes each result of a report as a line of JSON, with the keys that it has in the report.
///
/// # Errors
/// Where the writer fails.
pub fn write_json_lines(report: &Report, writer: &mut dyn Write) -> io::Result<()> {
    for judgement in &report.judgements {
        serde_json::to_writer(&mut *writer, &super::result(judgement))?;
        writer.write_all(b"\n")?;
    }
    Ok(())
}
