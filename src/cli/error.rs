//! What goes wrong on the command line, in the words that the user reads.

use std::io::Write;
use std::path::PathBuf;

use crate::collect::{CollectError, JournalError, NetworkError};
use crate::earlier::EarlierError;
use crate::snapshot::{MergeError, SnapshotError};

use super::destination::DestinationError;

/// Why a command ended before its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    #[error("{0}")]
    Usage(String),
    #[error("{rendered}")]
    Policies { rendered: String, arguments: Vec<String> },
    #[error("{rendered}")]
    Accounts { rendered: String },
    #[error("{message}")]
    Collect { message: String, help: Option<String> },
    #[error("cannot read the snapshot {}: {source}", .path.display())]
    SnapshotUnreadable { path: PathBuf, source: std::io::Error },
    #[error("{} is no snapshot that can be read: {source}", .path.display())]
    SnapshotRefused { path: PathBuf, source: SnapshotError },
    #[error("cannot read the report {}: {source}", .path.display())]
    ReportUnreadable { path: PathBuf, source: std::io::Error },
    #[error("{} is no report that can be read: {source}", .path.display())]
    ReportRefused { path: PathBuf, source: EarlierError },
    #[error("{0}")]
    Merge(#[from] MergeError),
    #[error("{message}")]
    Event { message: String, help: Option<String> },
    #[error("nothing could be read: {0}")]
    NothingRead(String),
    #[error("no account is selected")]
    NothingSelected,
    #[error(transparent)]
    Output(#[from] DestinationError),
    #[error("{0}")]
    Inventory(String),
    #[error("cannot write to stdout: {0}")]
    Stdout(std::io::Error),
    #[error("the evidence is not complete: cannot write {}: {source}", .path.display())]
    Evidence { path: PathBuf, source: std::io::Error },
    #[error("interrupted")]
    Interrupted { how_to_go_on: Option<String> },
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Network(#[from] NetworkError),
    #[error("cannot start: {0}")]
    Start(std::io::Error),
}

impl CliError {
    /// The exit code of design's table.
    pub(super) fn exit_code(&self) -> u8 {
        match self {
            Self::NothingSelected => 4,
            Self::Output(_) | Self::Inventory(_) | Self::Stdout(_) | Self::Evidence { .. } => 5,
            Self::Interrupted { .. } => 130,
            Self::Usage(_)
            | Self::Policies { .. }
            | Self::Accounts { .. }
            | Self::Collect { .. }
            | Self::SnapshotUnreadable { .. }
            | Self::SnapshotRefused { .. }
            | Self::ReportUnreadable { .. }
            | Self::ReportRefused { .. }
            | Self::Merge(_)
            | Self::Event { .. }
            | Self::Journal(_)
            | Self::Network(_)
            | Self::NothingRead(_)
            | Self::Start(_) => 2,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Collect { help, .. } | Self::Event { help, .. } => help.clone(),
            Self::Interrupted { how_to_go_on } => how_to_go_on.clone(),
            Self::Journal(JournalError::Version { .. }) => {
                Some("without --resume, a new run begins in its place".to_owned())
            }
            Self::Journal(_) => Some("--journal FILE names another place".to_owned()),
            Self::Network(error) => Some(error.remedy().to_owned()),
            Self::Merge(error) => help_with(error),
            Self::SnapshotRefused { .. } => Some("`trailproof collect -o snapshot.json` writes one".to_owned()),
            Self::ReportRefused { source: EarlierError::Edited { .. }, .. } => {
                Some("use the report as it was written; what is accepted is said by a waiver".to_owned())
            }
            Self::ReportRefused { .. } => {
                Some("`trailproof check snapshot.json --output json=report.json` writes one".to_owned())
            }
            Self::NothingSelected => {
                Some("every account that the options choose is not ACTIVE, or excluded".to_owned())
            }
            _ => None,
        }
    }
}

/// What to do where snapshots cannot be merged.
fn help_with(error: &MergeError) -> Option<String> {
    let help = match error {
        MergeError::Whole(_) => "`trailproof check` judges it as it is",
        MergeError::Unsound { .. } => "collect that shard again",
        MergeError::Overlap { .. } => "name each shard once; of two readings, leave the older out",
        MergeError::Mixed { .. } => "collect all shards with one version and the same options, but for --shard",
        MergeError::Missing { .. } => {
            "name their snapshots too, or collect them; with --allow-missing their accounts are not observed"
        }
        _ => return None,
    };
    Some(help.to_owned())
}

impl From<CollectError> for CliError {
    fn from(error: CollectError) -> Self {
        Self::Collect { message: error.to_string(), help: error.remedy().map(str::to_owned) }
    }
}

/// Prints an error, and what to try, to stderr.
pub(super) fn print(error: &CliError) {
    let mut stderr = anstream::stderr().lock();
    let red = anstyle::AnsiColor::Red.on_default().bold();
    let _ = match error {
        CliError::Policies { rendered, arguments } => {
            let arguments: String = arguments.iter().map(|wrong| format!("{red}error{red:#}: {wrong}\n\n")).collect();
            write!(stderr, "{arguments}{rendered}")
        }
        CliError::Accounts { rendered } => write!(stderr, "{rendered}"),
        CliError::Stdout(source) if source.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => writeln!(stderr, "{red}error{red:#}: {other}"),
    };
    if let Some(help) = error.help() {
        let _ = writeln!(stderr, "  help: {help}");
    }
}
