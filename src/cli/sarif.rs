//! What is said in SARIF of a run that could not look everywhere.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::error::CliError;
use crate::emit::{EarlierAlerts, Incomplete};
use crate::evaluate::Report;

/// What is said in SARIF of a run that could not look everywhere.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct SarifArguments {
    /// What SARIF says of a run that could not look everywhere. GitHub takes nothing of a run that did not succeed, and
    /// closes each alert that a run does not repeat. `carry` repeats the alerts of what could not be looked at from
    /// --sarif-carry-from; `accept` lets them close; `refuse` says that the run did not succeed [default: carry where
    /// there is something to carry from, else accept]
    #[arg(long, value_name = "HOW", env = "TRAILPROOF_SARIF_INCOMPLETE")]
    sarif_incomplete: Option<Choice>,
    /// The SARIF of the run before; on a first run there is none, and that is no error
    #[arg(long, value_name = "SARIF", env = "TRAILPROOF_SARIF_CARRY_FROM")]
    sarif_carry_from: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    Carry,
    Accept,
    Refuse,
}

/// What was chosen, and read.
#[derive(Debug)]
pub(super) struct SarifSettings {
    refuse: bool,
    earlier: Option<EarlierAlerts>,
}

impl SarifArguments {
    /// Reads what alerts are carried from, before anything else is done.
    pub(super) fn settings(&self) -> Result<SarifSettings, CliError> {
        let choice = self.sarif_incomplete;
        let path = match (choice, &self.sarif_carry_from) {
            (Some(Choice::Carry), None) => {
                let message = "--sarif-incomplete carry needs --sarif-carry-from: the SARIF of the run before";
                return Err(CliError::Usage(message.to_owned()));
            }
            (Some(Choice::Accept | Choice::Refuse), Some(_)) => {
                let message = "--sarif-carry-from is for --sarif-incomplete carry";
                return Err(CliError::Usage(message.to_owned()));
            }
            (_, path) => path,
        };
        let refuse = choice == Some(Choice::Refuse);
        let Some(path) = path else { return Ok(SarifSettings { refuse, earlier: None }) };
        let wrong = |error: String| CliError::Usage(format!("--sarif-carry-from {}: {error}", path.display()));
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            // The first run.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                anstream::eprintln!(
                    "--sarif-carry-from {}: there is no such file, so nothing is carried",
                    path.display()
                );
                return Ok(SarifSettings { refuse, earlier: None });
            }
            Err(error) => return Err(wrong(error.to_string())),
        };
        let earlier = EarlierAlerts::read(&bytes).map_err(wrong)?;
        Ok(SarifSettings { refuse, earlier: Some(earlier) })
    }
}

impl SarifSettings {
    /// What is said of a report.
    ///
    /// # Errors
    /// Where alerts of another organization were given: all of them would seem to be new.
    pub(super) fn incomplete(&self, report: &Report) -> Result<Incomplete<'_>, CliError> {
        match &self.earlier {
            _ if self.refuse => Ok(Incomplete::Refuse),
            None => Ok(Incomplete::Accept),
            Some(earlier) if earlier.is_of(report) => Ok(Incomplete::Carry(earlier)),
            Some(_) => {
                let message = "--sarif-carry-from: that SARIF is of another organization or account";
                Err(CliError::Usage(message.to_owned()))
            }
        }
    }
}
