//! `--journal`, `--resume`, `--max-age`: going on with a run that ended early.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use jiff::SignedDuration;

use super::error::CliError;
use crate::collect::Journal;
use crate::snapshot::{Cause, Snapshot};

/// How a run that ended early is gone on with.
#[derive(Debug, Args)]
#[command(next_help_heading = "Going on")]
pub(super) struct JournalArguments {
    /// Where answers are kept until the run is at its end, so that one that ended early can go on [default: beside the
    /// snapshot that is written, with .journal at its end]
    #[arg(long, value_name = "FILE", env = "TRAILPROOF_JOURNAL")]
    journal: Option<PathBuf>,
    /// Go on with the journal: what it holds is not asked again. Where there is none, begin
    #[arg(long, env = "TRAILPROOF_RESUME")]
    resume: bool,
    /// With --resume, ask again what was read longer ago, such as 90m or 2d
    #[arg(long, value_name = "DURATION", env = "TRAILPROOF_MAX_AGE", default_value = "24h")]
    max_age: SignedDuration,
}

impl JournalArguments {
    /// Opens the journal of a run that writes this snapshot; nothing where it keeps none.
    pub(super) fn open(&self, snapshot: Option<&Path>) -> Result<Option<Arc<Journal>>, CliError> {
        let beside = |path: &Path| {
            let mut name = path.as_os_str().to_owned();
            name.push(".journal");
            PathBuf::from(name)
        };
        let regular = |path: &&Path| path.as_os_str() != "-" && (!path.exists() || path.is_file());
        let path = self.journal.clone().or_else(|| snapshot.filter(regular).map(beside));
        let Some(path) = path else {
            let message = "--resume needs the journal of the run that ended early: name it with --journal, or give the \
                           --snapshot of that run";
            return if self.resume { Err(CliError::Usage(message.to_owned())) } else { Ok(None) };
        };
        let journal = if self.resume { self.go_on(&path)? } else { begin(&path)? };
        Ok(Some(Arc::new(journal)))
    }

    fn go_on(&self, path: &Path) -> Result<Journal, CliError> {
        let journal = Journal::resume(path, self.max_age)?;
        let (held, path) = (journal.held(), path.display());
        match journal.damaged() {
            _ if held == 0 => anstream::eprintln!("{path} holds no answer that can be used: everything is asked"),
            0 => anstream::eprintln!("going on with {held} answers of {path}, begun {:.0}", journal.begun_at()),
            damaged => anstream::eprintln!(
                "going on with {held} answers of {path}, begun {:.0}; {damaged} more were cut short and are asked again",
                journal.begun_at()
            ),
        }
        Ok(journal)
    }
}

fn begin(path: &Path) -> Result<Journal, CliError> {
    if path.exists() {
        anstream::eprintln!(
            "a run that ended early left {}; it is begun anew: --resume would go on with it",
            path.display()
        );
    }
    Ok(Journal::begin(path)?)
}

/// What to say when a run is interrupted.
pub(super) fn how_to_go_on(journal: Option<&Journal>) -> String {
    match journal {
        Some(journal) => {
            journal.sync();
            let kept = journal.added() + journal.held() as u64;
            format!("{kept} answers are kept in {}: the same command with --resume goes on", journal.path().display())
        }
        None => "nothing is kept: with --journal FILE, the next run can go on where it is interrupted".to_owned(),
    }
}

/// Removes the journal of a run that is at its end, unless another one would learn more by it.
pub(super) fn close(journal: Option<&Journal>, snapshot: &Snapshot) {
    let Some(journal) = journal else { return };
    journal.sync();
    if let Some(kind) = journal.failed() {
        anstream::eprintln!("warning: {} was not written to its end: {kind}", journal.path().display());
    }
    let passing = snapshot.gaps.iter().filter(|gap| passes(&gap.cause)).count();
    if passing > 0 {
        anstream::eprintln!(
            "{passing} questions were not answered for causes that pass: the same command with --resume asks them again, \
             and takes the rest from {}",
            journal.path().display()
        );
    } else if let Err(error) = journal.remove() {
        anstream::eprintln!("warning: {} cannot be removed: {error}", journal.path().display());
    }
}

/// Whether a question may be answered when it is put again, though nothing was changed in AWS.
fn passes(cause: &Cause) -> bool {
    matches!(
        cause,
        Cause::ExpiredToken
            | Cause::ClockSkew
            | Cause::Throttled
            | Cause::Timeout
            | Cause::Unreachable
            | Cause::NotAttempted
    )
}
