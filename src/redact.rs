//! Redaction: a report in which every account, organization, ARN and name is a stable pseudonym.
//!
//! A pseudonym is made with a secret key, so that nobody finds an account by trying all twelve-digit numbers. It keeps the
//! shape of what it stands for: outputs stay valid. The same key gives the same pseudonyms, and so the same fingerprints.
//! What is public stays: Regions, services, rules, and what AWS itself names.

mod arn;
mod key;
mod report;
mod text;
mod words;

pub use key::{RedactionKey, ShortKey};

use crate::evaluate::Report;
use crate::snapshot::Snapshot;

use text::Redactor;
use words::Words;

/// Replaces what a report tells of whom it is about by pseudonyms. The names are those that stand in the snapshot; ids,
/// ARNs and addresses are known by their shape, whoever wrote them.
///
/// # Errors
/// Where the names of the snapshot cannot be found out: nothing is shown then.
pub fn redact(report: Report, snapshot: &Snapshot, key: &RedactionKey) -> Result<Report, serde_json::Error> {
    let mut words = Words::default();
    words.of_snapshot(snapshot)?;
    words.of_report(&report);
    Ok(Redactor::new(key, words).report(report))
}
