//! `trailproof check`: only judge.

use std::io::Read;
use std::path::PathBuf;

use clap::Args;

use super::arguments::JudgingArguments;
use super::error::CliError;
use super::judge::{Rules, judge};
use super::output::OutputArguments;
use crate::snapshot::Snapshot;

/// Only judge: a snapshot, without credentials.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The snapshot, plain or compressed; - for stdin
    #[arg(value_name = "SNAPSHOT")]
    snapshot: PathBuf,
    #[command(flatten)]
    judging: JudgingArguments,
    #[command(flatten)]
    output: OutputArguments,
}

impl Check {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let outputs = self.output.outputs()?;
        let rules = Rules::load(&self.judging.rules)?;
        let bytes =
            self.read().map_err(|source| CliError::SnapshotUnreadable { path: self.snapshot.clone(), source })?;
        let refused = |source| CliError::SnapshotRefused { path: self.snapshot.clone(), source };
        let snapshot = Snapshot::from_document(&bytes).map_err(refused)?;
        let digest = super::judge::digest(&snapshot);
        let report = judge(&snapshot, digest, &rules, &self.judging)?;
        outputs.write(&report)?;
        Ok(report.gate.exit_code)
    }

    fn read(&self) -> std::io::Result<Vec<u8>> {
        if self.snapshot.as_os_str() == "-" {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes)?;
            return Ok(bytes);
        }
        std::fs::read(&self.snapshot)
    }
}
