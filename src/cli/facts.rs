//! `trailproof facts`: every name that a rule may use.

use clap::Args;

use super::error::CliError;
use super::output::{PlainFormat, PlainOutputArguments, write_each};
use crate::emit::{FactList, fact_document, write_fact_list};
use crate::facts::Scope;

/// Print every name that a rule may use: its type, what it means, the calls that it rests on and the permission that
/// each needs.
#[derive(Debug, Args)]
pub(super) struct Facts {
    /// Only those of rules of this scope
    #[arg(long, value_name = "SCOPE")]
    scope: Option<Scope>,
    #[command(flatten)]
    output: PlainOutputArguments,
}

impl Facts {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let outputs = self.output.outputs()?;
        let list = FactList::new(self.scope);
        let page = fact_document(&list);
        write_each(&outputs, |format, style, writer| match format {
            PlainFormat::Text => page.write(style, writer),
            PlainFormat::Json => write_fact_list(&list, writer),
        })?;
        Ok(0)
    }
}
