//! `trailproof merge`: the shards of one organization, as one snapshot.

use std::path::PathBuf;

use clap::Args;

use super::collect::{summed_up, write_snapshot};
use super::error::CliError;
use super::input::read_snapshot;
use crate::snapshot::merge;

/// Join the snapshots of all shards to that of one run.
#[derive(Debug, Args)]
pub(super) struct Merge {
    /// The snapshots that `trailproof collect --shard` wrote, in any order
    #[arg(value_name = "SNAPSHOT", required = true)]
    snapshots: Vec<PathBuf>,
    /// The merged snapshot's file; .gz compresses
    #[arg(long, short, value_name = "PATH")]
    output: PathBuf,
    /// Merge though shards are missing: their accounts are not observed, what rests on them is unknown, and no report of it
    /// is complete
    #[arg(long)]
    allow_missing: bool,
}

impl Merge {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let mut parts = Vec::new();
        for path in &self.snapshots {
            parts.push((path.display().to_string(), read_snapshot(path)?));
        }
        let snapshot = merge(parts, self.allow_missing)?;
        write_snapshot(&snapshot, &self.output)?;
        if let Some(shards) = &snapshot.selection.shards {
            let missing: Vec<String> = shards.missing().iter().map(u32::to_string).collect();
            anstream::eprintln!("missing: shards {} of {}", missing.join(", "), shards.count);
        }
        Ok(summed_up(&snapshot, &self.output))
    }
}
