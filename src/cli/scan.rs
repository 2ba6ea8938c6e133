//! `trailproof scan`: read and judge.

use std::path::PathBuf;

use clap::Args;

use super::arguments::{ConnectionArguments, JudgingArguments, SelectionArguments, settings};
use super::collect::{collect, write_snapshot};
use super::error::CliError;
use super::journal::{self, JournalArguments};
use super::judge::{Rules, judge};
use super::output::OutputArguments;

/// Read the trails of an organization, or of one account, and judge them.
#[derive(Debug, Args)]
pub(super) struct Scan {
    #[command(flatten)]
    connection: ConnectionArguments,
    #[command(flatten)]
    selection: SelectionArguments,
    #[command(flatten)]
    judging: JudgingArguments,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    journal: JournalArguments,
    /// Keep what was read; .gz compresses
    #[arg(long, value_name = "PATH", env = "TRAILPROOF_SNAPSHOT", help_heading = "Output")]
    snapshot: Option<PathBuf>,
}

impl Scan {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let (rules, gate) = Rules::load_judging(&self.judging)?;
        let outputs = self.output.outputs(&rules)?;
        let settings = settings(&self.connection, &self.selection, rules.organization(), rules.needs())?;
        let journal = self.journal.open(self.snapshot.as_deref())?;
        let snapshot = collect(&self.connection, settings, journal.clone())?;
        let kept = self.snapshot.as_ref().map_or(Ok(()), |path| write_snapshot(&snapshot, path));
        let digest = super::judge::digest(&snapshot);
        let report = outputs.with_trend(judge(&snapshot, digest, &rules, &gate)?)?;
        outputs.write(&report, &snapshot)?;
        kept?;
        journal::close(journal.as_deref(), &snapshot);
        Ok(report.gate.exit_code)
    }
}
