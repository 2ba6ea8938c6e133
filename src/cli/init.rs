//! `trailproof init`: a commented configuration to begin with.

use std::path::PathBuf;

use clap::Args;

use super::destination::write_file;
use super::error::CliError;
use crate::policy::CONFIGURATION_FILE;

/// What is written: it loads as it is, and with all that is commented out.
const TEMPLATE: &str = include_str!("init/trailproof.yaml");

/// Write a commented configuration to begin with.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The file; one that is there is left as it is
    #[arg(long, short, value_name = "PATH", default_value = CONFIGURATION_FILE)]
    output: PathBuf,
}

impl Init {
    pub(super) fn run(self) -> Result<u8, CliError> {
        if self.output.symlink_metadata().is_ok() {
            return Err(CliError::Usage(format!("{} is there already", self.output.display())));
        }
        write_file(&self.output, |writer| writer.write_all(TEMPLATE.as_bytes()))?;
        anstream::eprintln!("{} is written: trailproof scan reads it from here on", self.output.display());
        Ok(0)
    }
}
