//! `trailproof diff`: what changed between two reports, or two snapshots.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Deserialize;

use super::arguments::RuleArguments;
use super::error::CliError;
use super::gate::Gate;
use super::input;
use super::judge::{Rules, digest, judge};
use super::output::{DiffFormat, DiffOutputArguments, write_each};
use crate::compare::Difference;
use crate::earlier::EarlierReport;
use crate::emit::{write_difference_json, write_difference_markdown, write_difference_text, write_json};
use crate::snapshot::Snapshot;

/// Say what changed between two reports, or two snapshots: 0 nothing, 1 something, 2 an error.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The older report or snapshot, plain or compressed
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The newer one, of the same kind
    #[arg(value_name = "NEW")]
    new: PathBuf,
    #[command(flatten)]
    rules: RuleArguments,
    #[command(flatten)]
    output: DiffOutputArguments,
}

/// A report, or a snapshot and its report.
enum Document {
    Report(Box<EarlierReport>),
    Snapshot(Box<Snapshot>),
}

impl Diff {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let outputs = self.output.outputs()?;
        let difference = match (read(&self.old)?, read(&self.new)?) {
            (Document::Report(old), Document::Report(new)) => Difference::of_reports(&old, &new),
            (Document::Snapshot(old), Document::Snapshot(new)) => {
                let rules = Rules::load(&self.rules)?;
                let reports = (judged(&old, &rules, &self.old)?, judged(&new, &rules, &self.new)?);
                Difference::of_snapshots((&old, &reports.0), (&new, &reports.1)).map_err(|error| {
                    let (old, new) = (self.old.display(), self.new.display());
                    CliError::Usage(format!("cannot compare {old} and {new}: {error}"))
                })?
            }
            _ => {
                let message = "one of them is a report and the other a snapshot: give two of a kind; \
                               `trailproof check` makes a report of a snapshot";
                return Err(CliError::Usage(message.to_owned()));
            }
        };
        write_each(&outputs, |format, style, writer| match format {
            DiffFormat::Text => write_difference_text(&difference, style, writer),
            DiffFormat::Markdown => write_difference_markdown(&difference, writer),
            DiffFormat::Json => write_difference_json(&difference, writer),
        })?;
        Ok(u8::from(!difference.is_empty()))
    }
}

/// Reads what it says that it is: a report or a snapshot.
fn read(path: &Path) -> Result<Document, CliError> {
    #[derive(Deserialize)]
    struct Head {
        schema: Option<String>,
    }
    let bytes = input::read(path).map_err(|source| CliError::ReportUnreadable { path: path.to_owned(), source })?;
    let plain = input::decompressed(&bytes);
    let head: Option<Head> = serde_json::from_slice(plain.as_deref().unwrap_or(&bytes)).ok();
    let schema = head.and_then(|head| head.schema).unwrap_or_default();
    if schema.starts_with("trailproof.snapshot/") {
        let snapshot = Snapshot::from_document(&bytes);
        let refused = |source| CliError::SnapshotRefused { path: path.to_owned(), source };
        return Ok(Document::Snapshot(Box::new(snapshot.map_err(refused)?)));
    }
    let report = EarlierReport::from_document(&bytes);
    let refused = |source| CliError::ReportRefused { path: path.to_owned(), source };
    Ok(Document::Report(Box::new(report.map_err(refused)?)))
}

/// The report of a snapshot, as it would be written and read back: one comparison serves both.
fn judged(snapshot: &Snapshot, rules: &Rules, path: &Path) -> Result<EarlierReport, CliError> {
    let report = judge(snapshot, digest(snapshot), rules, &Gate::default())?;
    let mut bytes = Vec::new();
    let written = write_json(&report, &mut bytes).map_err(CliError::Stdout);
    written?;
    let refused = |source| CliError::ReportRefused { path: path.to_owned(), source };
    EarlierReport::from_document(&bytes).map_err(refused)
}
