//! `trailproof check`: only judge.

use std::path::PathBuf;

use clap::Args;

use super::arguments::JudgingArguments;
use super::error::CliError;
use super::evidence::{EvidenceArguments, Reading};
use super::judge::{Rules, judge};
use super::output::OutputArguments;
use super::redact::RedactArguments;

/// Only judge: a snapshot, without credentials.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The snapshot, plain or compressed; - for stdin; or a folder of evidence, whose snapshot is judged
    #[arg(value_name = "SNAPSHOT")]
    snapshot: PathBuf,
    #[command(flatten)]
    judging: JudgingArguments,
    #[command(flatten)]
    output: OutputArguments,
    #[command(flatten)]
    evidence: EvidenceArguments,
    #[command(flatten)]
    redact: RedactArguments,
}

impl Check {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let (rules, gate) = Rules::load_judging(&self.judging)?;
        let outputs = self.output.outputs(&rules)?;
        let redaction = self.redact.redaction(&[("--evidence", self.evidence.is_asked_for())])?;
        let Reading { snapshot, answers } = Reading::of(&self.snapshot)?;
        let evidence = self.evidence.begin()?;
        if let Some(evidence) = &evidence {
            evidence.judging(&rules, &gate)?;
            evidence.take(&answers)?;
        }
        let digest = super::judge::digest(&snapshot);
        let report = judge(&snapshot, digest, &rules, &gate)?;
        let exit_code = report.gate.exit_code;
        let report = redaction.shown(outputs.with_trend(report)?, &snapshot)?;
        outputs.write(&report, &snapshot)?;
        evidence.map_or(Ok(()), |evidence| evidence.finish(&snapshot, Some(&report)))?;
        Ok(exit_code)
    }
}
