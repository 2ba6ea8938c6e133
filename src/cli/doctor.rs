//! `trailproof doctor`: what would keep a scan from seeing everything, before it.

use clap::{Args, ValueEnum};

use super::arguments::{ConnectionArguments, RuleArguments, SelectionArguments, settings};
use super::collect::until_interrupted;
use super::error::CliError;
use super::judge::Rules;
use super::output::to_stdout;
use crate::collect::{Examined, Network, examine};
use crate::emit::{write_checks, write_checks_json};

/// Check before a scan: credentials, organization, role, Regions, endpoints, proxy and clock. Each line says that it is
/// well, or what to do. Give it the options of the scan.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 all is well · 1 something is not · 2 usage or configuration")]
pub(super) struct Doctor {
    #[command(flatten)]
    connection: ConnectionArguments,
    #[command(flatten)]
    selection: SelectionArguments,
    #[command(flatten)]
    rules: RuleArguments,
    /// Enter so many accounts, evenly spread and always the same, and those of --log-archive
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..), help_heading = "What is checked")]
    sample: u32,
    /// Enter all accounts that are selected
    #[arg(long, conflicts_with = "sample", help_heading = "What is checked")]
    all: bool,
    /// As what
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Doctor {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let rules = Rules::load(&self.rules)?;
        let settings = settings(&self.connection, &self.selection, rules.organization(), rules.needs())?;
        let sample = usize::try_from(self.sample).ok().filter(|_| !self.all);
        let wanted = self.connection.partition.clone();
        let examined = until_interrupted(|| None, async {
            let network = match Network::from_environment() {
                Ok(network) => network,
                Err(error) => return Ok(Examined::without_network(&error)),
            };
            let http = network.client();
            let base = super::connection::load(&self.connection, http.clone()).await;
            Ok(examine(&base, &network, http, &settings, wanted.as_ref(), sample).await)
        })?;
        to_stdout(|style, writer| match self.format {
            Format::Text => write_checks(&examined, style, writer),
            Format::Json => write_checks_json(&examined, writer),
        })
        .map_err(CliError::Stdout)?;
        Ok(u8::from(!examined.is_well()))
    }
}
