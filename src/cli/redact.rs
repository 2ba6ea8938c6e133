//! `--redact`: outputs in which accounts, names and ARNs are pseudonyms.

use std::path::PathBuf;

use clap::Args;

use super::error::CliError;
use super::input;
use crate::evaluate::Report;
use crate::redact::{RedactionKey, ShortKey, redact};
use crate::snapshot::Snapshot;

/// The variable that holds the key itself.
const KEY: &str = "TRAILPROOF_REDACT_KEY";

/// Whether outputs tell of whom they are.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct RedactArguments {
    /// Replace account ids, names, e-mail addresses, organization ids, and the accounts and names in ARNs by pseudonyms, in
    /// every output. They are made with a secret key: that of --redact-key, or of the variable TRAILPROOF_REDACT_KEY, or
    /// one of this run alone
    #[arg(long, env = "TRAILPROOF_REDACT")]
    redact: bool,
    /// The file of the key of pseudonyms, 16 bytes or more: the same key gives the same pseudonyms
    #[arg(long, value_name = "FILE", env = "TRAILPROOF_REDACT_KEY_FILE", requires = "redact")]
    redact_key: Option<PathBuf>,
}

impl RedactArguments {
    /// The key, where outputs are redacted. `whole` are the options that were given for outputs which tell everything.
    ///
    /// # Errors
    /// Where there are some, and where the key cannot be read or is too short.
    pub(super) fn redaction(&self, whole: &[(&str, bool)]) -> Result<Redaction, CliError> {
        if !self.redact {
            return Ok(Redaction(None));
        }
        if let Some((option, _)) = whole.iter().find(|(_, is_given)| *is_given) {
            let message = format!("{option} keeps what was read as it was read: not together with --redact");
            return Err(CliError::Usage(message));
        }
        let short = |from: &str, error: ShortKey| CliError::Usage(format!("{from}: {error}"));
        let key = match (&self.redact_key, std::env::var(KEY).ok().filter(|key| !key.is_empty())) {
            (Some(path), _) => {
                let name = format!("--redact-key {}", path.display());
                let bytes = input::read(path).map_err(|error| CliError::Usage(format!("{name}: {error}")))?;
                RedactionKey::of(&bytes).map_err(|error| short(&name, error))?
            }
            (None, Some(key)) => RedactionKey::of(key.as_bytes()).map_err(|error| short(KEY, error))?,
            (None, None) => {
                anstream::eprintln!(
                    "redacted with a key of this run alone: pseudonyms and fingerprints differ from run to run; \
                     --redact-key FILE keeps them"
                );
                RedactionKey::random().ok_or_else(|| {
                    CliError::Usage("--redact: the system gives no random numbers: give --redact-key".to_owned())
                })?
            }
        };
        Ok(Redaction(Some(key)))
    }
}

/// The key of pseudonyms, where outputs are redacted.
#[derive(Debug)]
pub(super) struct Redaction(Option<RedactionKey>);

impl Redaction {
    /// A report as it is shown.
    pub(super) fn shown(&self, report: Report, snapshot: &Snapshot) -> Report {
        match &self.0 {
            Some(key) => redact(report, snapshot, key),
            None => report,
        }
    }
}
