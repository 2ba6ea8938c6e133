//! What changed, as Markdown: for the comment on a pull request.

use std::io::{self, Write};

use super::super::document::{Document, Words};
use super::{by_subject, heading, last_line, setting, verdict};
use crate::compare::Difference;

/// At most this many rows are written.
const ROWS: usize = 500;

/// Writes what changed as Markdown.
///
/// # Errors
/// Where the writer fails.
pub fn write_difference_markdown(difference: &Difference, writer: &mut dyn Write) -> io::Result<()> {
    let mut page = Document::new(Words::new().text(heading(difference)));
    page.paragraph(Words::new().text(last_line(difference)));
    if difference.is_by_other_rules() {
        let text = "The two were judged by other rules or versions: verdicts may differ for that alone.";
        page.paragraph(Words::new().text(text));
    }
    let mut rows = Vec::new();
    for ((account, subject), changes) in by_subject(difference) {
        let mut take = |kind: &str, what: String| {
            rows.push(vec![
                Words::new().text(account.unwrap_or("organization")),
                Words::new().text(if Some(subject) == account { "" } else { subject }),
                Words::new().text(kind),
                Words::new().text(what),
            ]);
        };
        changes.settings.iter().for_each(|change| take(change.kind.as_str(), setting(change)));
        changes.verdicts.iter().for_each(|change| take(change.kind.as_str(), verdict(change)));
    }
    let more = rows.len().saturating_sub(ROWS);
    rows.truncate(ROWS);
    if !rows.is_empty() {
        page.heading("Changes");
        page.table(&["account", "subject", "change", "what"], rows);
    }
    if more > 0 {
        page.paragraph(Words::new().text(format!("{more} more are in the difference as JSON.")));
    }
    writer.write_all(page.markdown("").as_bytes())
}
