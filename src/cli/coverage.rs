//! `trailproof coverage`: what is recorded where, without rules.

use std::path::PathBuf;

use clap::Args;

use super::error::CliError;
use super::input::read_snapshot;
use super::judge::{digest, ensure_anything};
use super::output::{PlainFormat, PlainOutputArguments, write_each};
use crate::emit::{write_coverage_json, write_coverage_text};
use crate::evaluate::coverage_report;

/// Say which trails record what, account by Region: a snapshot, without credentials and without rules.
#[derive(Debug, Args)]
pub(super) struct Coverage {
    /// The snapshot, plain or compressed; - for stdin
    #[arg(value_name = "SNAPSHOT")]
    snapshot: PathBuf,
    #[command(flatten)]
    output: PlainOutputArguments,
}

impl Coverage {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let outputs = self.output.outputs()?;
        let snapshot = read_snapshot(&self.snapshot)?;
        ensure_anything(&snapshot)?;
        let report = coverage_report(&snapshot, digest(&snapshot));
        write_each(&outputs, |format, style, writer| match format {
            PlainFormat::Text => write_coverage_text(&report, style, writer),
            PlainFormat::Json => write_coverage_json(&report, writer),
        })?;
        Ok(0)
    }
}
