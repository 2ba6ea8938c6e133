//! `trailproof policy schema`.

use std::io;

use clap::{Args, ValueEnum};

use super::super::error::CliError;
use super::super::output::to_stdout;
use crate::policy::{pack_schema, rule_schema};

/// Print the JSON Schema of rules or packs, by which editors complete and check.
#[derive(Debug, Args)]
pub(in crate::cli) struct SchemaArguments {
    /// Of which files
    #[arg(long, value_name = "KIND", default_value = "rule")]
    of: Kind,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Rule,
    Pack,
}

impl SchemaArguments {
    pub(in crate::cli) fn run(self) -> Result<u8, CliError> {
        let schema = match self.of {
            Kind::Rule => rule_schema(),
            Kind::Pack => pack_schema(),
        };
        let text = serde_json::to_string_pretty(&schema).map_err(io::Error::from).map_err(CliError::Stdout)?;
        to_stdout(|_, writer| writeln!(writer, "{text}")).map_err(CliError::Stdout)?;
        Ok(0)
    }
}
