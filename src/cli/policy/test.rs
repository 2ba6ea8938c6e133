//! `trailproof policy test`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::super::error::CliError;
use super::super::judge::loaded;
use super::super::output::to_stdout;
use crate::emit::write_example_results;
use crate::policy::Policy;

/// Run the examples of rules, and show of those that do not hold what every part of the conditions comes to.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 all examples hold · 1 some do not · 2 a file has mistakes")]
pub(in crate::cli) struct Test {
    /// Files and folders of rules; without any, the built-in rules
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl Test {
    pub(in crate::cli) fn run(self) -> Result<u8, CliError> {
        let policies = loaded(&self.paths)?;
        let tested = policies.rules().filter(|rule| self.paths.is_empty() || policies.is_own(rule.id.as_str()));
        let tested: Vec<&Arc<Policy>> = tested.collect();
        if tested.is_empty() {
            return Err(CliError::Usage("there is no rule in these files and folders".to_owned()));
        }
        let results: Vec<_> = tested.iter().map(|rule| (&***rule, rule.run_examples())).collect();
        to_stdout(|style, writer| write_example_results(&results, style, writer)).map_err(CliError::Stdout)?;
        let fails = results.iter().flat_map(|(_, results)| results).any(|result| result.failure.is_some());
        Ok(u8::from(fails))
    }
}
