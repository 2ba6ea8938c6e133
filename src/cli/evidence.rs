//! `--evidence DIR`: all that a verdict rests on, kept in a folder, so that others can judge it again.

mod folder;
mod judging;
mod manifest;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::error::CliError;
use super::gate::Gate;
use super::input;
use super::judge::Rules;
use crate::collect::AnswerLog;
use crate::emit::write_json;
use crate::evaluate::Report;
use crate::snapshot::Snapshot;

use folder::NewFolder;
pub(super) use folder::differences;
pub(super) use judging::Judging;
pub(super) use manifest::{Manifest, ManifestError};

/// Where the snapshot is.
pub(super) const SNAPSHOT: &str = "snapshot.json";
/// Where the report is.
pub(super) const REPORT: &str = "report.json";
/// Where the raw answers are, a file for each run that was merged.
pub(super) const ANSWERS: &str = "answers";

/// Where evidence is kept.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct EvidenceArguments {
    /// Keep all that the verdicts rest on in a new folder, for `trailproof verify`: raw answers, snapshot, rules, settings,
    /// report, and a manifest with the hash of each
    #[arg(long, value_name = "DIR", env = "TRAILPROOF_EVIDENCE")]
    evidence: Option<PathBuf>,
}

impl EvidenceArguments {
    /// Whether evidence is asked for.
    pub(super) fn is_asked_for(&self) -> bool {
        self.evidence.is_some()
    }

    /// Begins the folder, where one is asked for.
    ///
    /// # Errors
    /// Where it cannot be made, or holds something.
    pub(super) fn begin(&self) -> Result<Option<Evidence>, CliError> {
        self.evidence.as_deref().map(Evidence::begin).transpose()
    }
}

/// A folder of evidence while it is written.
#[derive(Debug)]
pub(super) struct Evidence {
    folder: NewFolder,
    answers: Option<Arc<AnswerLog>>,
}

impl Evidence {
    fn begin(path: &Path) -> Result<Self, CliError> {
        Ok(Self { folder: NewFolder::make(path)?, answers: None })
    }

    /// Begins to keep raw answers.
    pub(super) fn answers(&mut self) -> Result<Arc<AnswerLog>, CliError> {
        let path = self.folder.place(&format!("{ANSWERS}/1.jsonl"))?;
        let log = AnswerLog::begin(&path).map_err(|source| self.folder.failed(&path, source))?;
        let log = Arc::new(log);
        self.answers = Some(Arc::clone(&log));
        Ok(log)
    }

    /// Takes over the raw answers that a snapshot was read from.
    pub(super) fn take(&self, answers: &[PathBuf]) -> Result<(), CliError> {
        for (index, from) in answers.iter().enumerate() {
            let to = self.folder.place(&format!("{ANSWERS}/{}.jsonl", index + 1))?;
            fs::copy(from, &to).map_err(|source| self.folder.failed(&to, source))?;
        }
        Ok(())
    }

    /// Keeps the rules and settings by which it will be judged. Before anything is read: what cannot be kept is an error
    /// then.
    pub(super) fn judging(&self, rules: &Rules, gate: &Gate) -> Result<(), CliError> {
        judging::keep(&self.folder, rules, gate)
    }

    /// Keeps the snapshot and the report, where there is one, and at last the manifest; says where all is.
    pub(super) fn finish(self, snapshot: &Snapshot, report: Option<&Report>) -> Result<(), CliError> {
        if let Some(log) = &self.answers {
            let path = self.folder.path().join(ANSWERS);
            log.close().map_err(|source| self.folder.failed(&path, source))?;
        }
        self.folder.write(SNAPSHOT, |writer| snapshot.write_json(writer))?;
        if let Some(report) = report {
            self.folder.write(REPORT, |writer| write_json(report, writer))?;
        }
        let sha256 = self.folder.seal(snapshot)?;
        let path = self.folder.path().display();
        anstream::eprintln!("evidence: {path}, manifest {sha256}; check it: trailproof verify {path}");
        Ok(())
    }
}

/// A snapshot, and the raw answers that it was read from, where they are known.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) snapshot: Snapshot,
    pub(super) answers: Vec<PathBuf>,
}

impl Reading {
    /// Reads a snapshot: from a file, or from a folder of evidence that is as it was written.
    pub(super) fn of(path: &Path) -> Result<Self, CliError> {
        if !path.is_dir() {
            return Ok(Self { snapshot: input::read_snapshot(path)?, answers: Vec::new() });
        }
        let damaged = |what: String| CliError::Usage(format!("{}: {what}", path.display()));
        let manifest = Manifest::read(path).map_err(|error| damaged(error.to_string()))?;
        if let Some(first) = folder::differences(path, &manifest).first() {
            return Err(damaged(format!("{first}; trailproof verify names all that differs")));
        }
        let snapshot = input::read_snapshot(&path.join(SNAPSHOT))?;
        Ok(Self { snapshot, answers: answers_of(path, &manifest) })
    }
}

/// The files of raw answers of a folder.
pub(super) fn answers_of(path: &Path, manifest: &Manifest) -> Vec<PathBuf> {
    let files = manifest.files.iter().filter(|file| file.path.starts_with(ANSWERS));
    files.map(|file| path.join(&file.path)).collect()
}
