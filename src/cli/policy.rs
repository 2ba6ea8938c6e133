//! `trailproof policy`: rules for those who read and write them.

mod docs;
mod list;
mod new;
mod schema;
mod show;
mod test;

use clap::Subcommand;

use super::error::CliError;

/// List, show, write and test rules.
#[derive(Debug, Subcommand)]
pub(super) enum Policy {
    /// List rules, of a pack, a scope or a severity
    List(list::List),
    /// Show a rule or a pack as a page
    Show(show::Show),
    /// Write a rule to begin with: it loads, and its examples hold
    New(new::New),
    /// Run the examples of rules: of files and folders, or of the built-in rules
    Test(test::Test),
    /// Print the JSON Schema of rules or packs, by which editors complete and check
    Schema(schema::SchemaArguments),
    /// Write the pages of all built-in rules and packs
    #[command(hide = true)]
    Docs(docs::Docs),
}

impl Policy {
    pub(super) fn run(self) -> Result<u8, CliError> {
        match self {
            Self::List(list) => list.run(),
            Self::Show(show) => show.run(),
            Self::New(new) => new.run(),
            Self::Test(test) => test.run(),
            Self::Schema(schema) => schema.run(),
            Self::Docs(docs) => docs.run(),
        }
    }
}
