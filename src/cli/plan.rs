//! `trailproof plan`: what a scan will take, before it.

use clap::{Args, ValueEnum};

use super::arguments::{ConnectionArguments, RuleArguments, SelectionArguments, settings};
use super::collect::until_interrupted;
use super::error::CliError;
use super::judge::Rules;
use super::output::to_stdout;
use crate::collect::Network;
use crate::emit::write_plan;

/// Say what a scan will take: calls by API, time, memory, and what binds. It lists the accounts, and enters none.
#[derive(Debug, Args)]
pub(super) struct PlanArguments {
    #[command(flatten)]
    connection: ConnectionArguments,
    #[command(flatten)]
    selection: SelectionArguments,
    #[command(flatten)]
    rules: RuleArguments,
    /// For `collect --everything`, not only for these rules
    #[arg(long, help_heading = "Rules")]
    everything: bool,
    /// As what
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl PlanArguments {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let rules = Rules::load(&self.rules)?;
        let needs = if self.everything { rules.everything() } else { rules.needs() };
        let settings = settings(&self.connection, &self.selection, rules.organization(), needs)?;
        let (organization, plan) = until_interrupted(|| None, async {
            let http = Network::from_environment()?.client();
            let base = super::connection::load(&self.connection, http.clone()).await;
            Ok(crate::collect::plan(&base, http, &settings).await?)
        })?;
        to_stdout(|_, writer| match self.format {
            Format::Text => write_plan(&plan, organization.as_ref().map(|listed| listed.id.as_str()), writer),
            Format::Json => {
                serde_json::to_writer_pretty(&mut *writer, &plan)?;
                writeln!(writer)
            }
        })
        .map_err(CliError::Stdout)?;
        Ok(if plan.accounts == 0 { 4 } else { 0 })
    }
}
