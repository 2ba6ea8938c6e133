//! `trailproof scan`: read and judge.

use std::path::PathBuf;

use clap::Args;

use super::arguments::{ConnectionArguments, JudgingArguments, SelectionArguments, settings};
use super::collect::{collect, write_snapshot};
use super::error::CliError;
use super::evidence::{Evidence, EvidenceArguments};
use super::journal::{self, JournalArguments};
use super::judge::{Rules, judge};
use super::output::OutputArguments;
use super::redact::RedactArguments;
use crate::collect::Settings;

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
    #[command(flatten)]
    evidence: EvidenceArguments,
    #[command(flatten)]
    redact: RedactArguments,
    /// Keep what was read; .gz compresses
    #[arg(long, value_name = "PATH", env = "TRAILPROOF_SNAPSHOT", help_heading = "Output")]
    snapshot: Option<PathBuf>,
}

impl Scan {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let (rules, gate) = Rules::load_judging(&self.judging)?;
        let outputs = self.output.outputs(&rules)?;
        let whole = [("--snapshot", self.snapshot.is_some()), ("--evidence", self.evidence.is_asked_for())];
        let redaction = self.redact.redaction(&whole)?;
        let settings = settings(&self.connection, &self.selection, rules.organization(), rules.needs())?;
        let mut evidence = self.evidence.begin()?;
        if let Some(evidence) = &evidence {
            evidence.judging(&rules, &gate)?;
        }
        let journal = self.journal.open(self.snapshot.as_deref())?;
        let answers = evidence.as_mut().map(Evidence::answers).transpose()?;
        let settings = Settings { journal: journal.clone(), answers, ..settings };
        let snapshot = collect(&self.connection, settings)?;
        let kept = self.snapshot.as_ref().map_or(Ok(()), |path| write_snapshot(&snapshot, path));
        let digest = super::judge::digest(&snapshot);
        let report = judge(&snapshot, digest, &rules, &gate)?;
        let exit_code = report.gate.exit_code;
        let report = redaction.shown(outputs.with_trend(report)?, &snapshot)?;
        outputs.write(&report, &snapshot)?;
        kept?;
        evidence.map_or(Ok(()), |evidence| evidence.finish(&snapshot, Some(&report)))?;
        journal::close(journal.as_deref(), &snapshot);
        Ok(exit_code)
    }
}
