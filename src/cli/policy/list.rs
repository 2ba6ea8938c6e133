//! `trailproof policy list`.

use std::path::PathBuf;

use clap::Args;

use super::super::error::CliError;
use super::super::judge::{ensure_packs, loaded};
use super::super::output::{PlainFormat, PlainOutputArguments, write_each};
use crate::emit::{RuleList, RuleRow, write_rule_list};
use crate::evaluate::Question;
use crate::facts::Scope;
use crate::policy::{Policies, Severity};

/// List rules, of a pack, a scope or a severity.
#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Only the rules of this pack, with its severities; may be repeated
    #[arg(long = "pack", value_name = "NAME")]
    packs: Vec<String>,
    /// Only rules of this scope; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<Scope>,
    /// Only rules of this severity; may be repeated
    #[arg(long = "severity", value_name = "SEVERITY")]
    severities: Vec<Severity>,
    /// A folder of rules, added to the built-in ones
    #[arg(long, value_name = "DIR")]
    policies: Vec<PathBuf>,
    #[command(flatten)]
    output: PlainOutputArguments,
}

impl List {
    pub(in crate::cli) fn run(self) -> Result<u8, CliError> {
        let outputs = self.output.outputs()?;
        let policies = loaded(&self.policies)?;
        ensure_packs(&self.packs, &policies)?;
        let list = RuleList::new(self.rows(&policies));
        write_each(&outputs, |format, style, writer| match format {
            PlainFormat::Text => write_rule_list(&list, style, writer),
            PlainFormat::Json => list.write_json(writer),
        })?;
        Ok(0)
    }

    /// The rules that are listed, by id. A rule that packs judge with several parameters has its highest severity.
    fn rows(&self, policies: &Policies) -> Vec<RuleRow> {
        let packs = self.packs.clone();
        let question = Question { policies, packs, settings: &[], fail_on: None, allow_incomplete: false };
        let chosen = if self.packs.is_empty() { question.all() } else { question.chosen() };
        let severity = |id: &str| {
            let same = chosen.iter().filter(|chosen| chosen.policy.id.as_str() == id);
            // The worst comes first in the order.
            same.map(|chosen| chosen.severity()).min()
        };
        let rules = policies.rules().filter_map(|rule| Some((rule, severity(rule.id.as_str())?)));
        let wanted = rules.filter(|(rule, severity)| {
            (self.scopes.is_empty() || self.scopes.contains(&rule.scope))
                && (self.severities.is_empty() || self.severities.contains(severity))
        });
        wanted.map(|(rule, severity)| RuleRow::new(policies, rule, severity)).collect()
    }
}
