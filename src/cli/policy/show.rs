//! `trailproof policy show`.

use std::path::PathBuf;

use clap::Args;

use super::super::error::CliError;
use super::super::judge::loaded;
use super::super::output::to_stdout;
use crate::emit::{pack_document, rule_document};
use crate::policy::nearest;

/// Show a rule or a pack as a page.
#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// The rule, or the pack
    #[arg(value_name = "ID")]
    id: String,
    /// A folder of rules, added to the built-in ones
    #[arg(long, value_name = "DIR")]
    policies: Vec<PathBuf>,
}

impl Show {
    pub(in crate::cli) fn run(self) -> Result<u8, CliError> {
        let policies = loaded(&self.policies)?;
        let page = match (policies.get(&self.id), policies.pack(&self.id)) {
            (Some(rule), _) => rule_document(&policies, rule),
            (None, Some(pack)) => pack_document(&policies, pack),
            (None, None) => {
                let near = nearest(&self.id, policies.ids().chain(policies.packs()));
                let help = match near {
                    Some(near) => format!("; did you mean `{near}`?"),
                    None => "; `trailproof policy list` lists the rules".to_owned(),
                };
                return Err(CliError::Usage(format!("there is no rule and no pack `{}`{help}", self.id)));
            }
        };
        to_stdout(|style, writer| page.write(style, writer)).map_err(CliError::Stdout)?;
        Ok(0)
    }
}
