//! `trailproof check`: only judge.

use std::path::PathBuf;

use clap::Args;

use super::arguments::JudgingArguments;
use super::error::CliError;
use super::input::read_snapshot;
use super::judge::{Rules, judge};
use super::output::OutputArguments;

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
        let (rules, gate) = Rules::load_judging(&self.judging)?;
        let outputs = self.output.outputs(&rules)?;
        let snapshot = read_snapshot(&self.snapshot)?;
        let digest = super::judge::digest(&snapshot);
        let report = outputs.with_trend(judge(&snapshot, digest, &rules, &gate)?)?;
        outputs.write(&report, &snapshot)?;
        Ok(report.gate.exit_code)
    }
}
