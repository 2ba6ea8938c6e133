//! `trailproof merge`: the shards of one organization, as one snapshot.

use std::path::PathBuf;

use clap::Args;

use super::collect::{summed_up, write_snapshot};
use super::error::CliError;
use super::evidence::{EvidenceArguments, Reading};
use crate::snapshot::merge;

/// Join the snapshots of all shards to that of one run.
#[derive(Debug, Args)]
pub(super) struct Merge {
    /// The snapshots that `trailproof collect --shard` wrote, or its folders of evidence, in any order
    #[arg(value_name = "SNAPSHOT", required = true)]
    snapshots: Vec<PathBuf>,
    /// The merged snapshot's file; .gz compresses
    #[arg(long, short, value_name = "PATH")]
    output: PathBuf,
    /// Merge though shards are missing: their accounts are not observed, what rests on them is unknown, and no report of it
    /// is complete
    #[arg(long)]
    allow_missing: bool,
    #[command(flatten)]
    evidence: EvidenceArguments,
}

impl Merge {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let (mut parts, mut all_answers) = (Vec::new(), Vec::new());
        for path in &self.snapshots {
            let Reading { snapshot, answers } = Reading::of(path)?;
            if self.evidence.is_asked_for() && answers.is_empty() {
                let from = path.display();
                let message =
                    format!("--evidence: {from} holds no raw answers: name the folders that --evidence wrote");
                return Err(CliError::Usage(message));
            }
            all_answers.extend(answers);
            parts.push((path.display().to_string(), snapshot));
        }
        let evidence = self.evidence.begin()?;
        let snapshot = merge(parts, self.allow_missing)?;
        write_snapshot(&snapshot, &self.output)?;
        if let Some(evidence) = evidence {
            evidence.take(&all_answers)?;
            evidence.finish(&snapshot, None)?;
        }
        if let Some(shards) = &snapshot.selection.shards {
            let missing: Vec<String> = shards.missing().iter().map(u32::to_string).collect();
            anstream::eprintln!("missing: shards {} of {}", missing.join(", "), shards.count);
        }
        Ok(summed_up(&snapshot, &self.output))
    }
}
