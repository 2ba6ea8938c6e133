//! `trailproof explain`: what holds for an account, and what made it so.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::arguments::JudgingArguments;
use super::error::CliError;
use super::gate::Gate;
use super::input::read_snapshot;
use super::judge::Rules;
use super::output::to_stdout;
use crate::emit::clean;
use crate::evaluate::{Chosen, Held, Question, baseline_of};
use crate::id::AccountId;
use crate::policy::{Change, Covers, Severity};
use crate::snapshot::{Account, Snapshot};

/// Say what holds for an account, and which entry of the configuration made it so.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The account: its id, or with a snapshot its name
    #[arg(value_name = "ACCOUNT")]
    account: String,
    /// A snapshot, which knows the account's name and organizational units; without one, baselines that match by those match
    /// nothing
    #[arg(long, value_name = "SNAPSHOT")]
    snapshot: Option<PathBuf>,
    #[command(flatten)]
    judging: JudgingArguments,
}

impl Explain {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let (rules, gate) = Rules::load_judging(&self.judging)?;
        let snapshot = self.snapshot.as_deref().map(read_snapshot).transpose()?;
        let account = self.find(snapshot.as_ref())?;
        let held = rules.held(&gate);
        let rest = rules.question(gate.fail_on, gate.allow_incomplete);
        let found = baseline_of(held.iter().map(|held| held.baseline), &account);
        let found = found.and_then(|(number, by)| Some((held.get(number)?, by)));
        let page = Page { rules: &rules, gate: &gate, account: &account, found, rest };
        to_stdout(|_, writer| page.write(writer)).map_err(CliError::Stdout)?;
        Ok(0)
    }

    /// The account in the snapshot; without one, the account of an id, of which nothing else is known.
    fn find(&self, snapshot: Option<&Snapshot>) -> Result<Account, CliError> {
        let id: Option<AccountId> = self.account.parse().ok();
        match (snapshot, id) {
            (Some(snapshot), _) => {
                let is_meant =
                    |account: &&Account| Some(account.id) == id || account.name.as_deref() == Some(&*self.account);
                let found = snapshot.accounts.iter().find(is_meant).cloned();
                found.ok_or_else(|| CliError::Usage(format!("the snapshot has no account {}", self.account)))
            }
            (None, Some(id)) => Ok(Account::unknown(id)),
            (None, None) => {
                let message = format!("{} is no account id; to find it by its name, give --snapshot", self.account);
                Err(CliError::Usage(message))
            }
        }
    }
}

struct Page<'a> {
    rules: &'a Rules,
    gate: &'a Gate,
    account: &'a Account,
    /// The baseline that the account is held to, and by what it matches.
    found: Option<(&'a Held<'a>, Vec<String>)>,
    rest: Question<'a>,
}

impl Page<'_> {
    fn write(&self, writer: &mut dyn Write) -> io::Result<()> {
        let account = self.account;
        let name = account.name.as_deref().map_or_else(String::new, |name| format!("{} ", clean(name)));
        let unit = account.ou_path.as_deref().map_or_else(String::new, |path| format!(" · OU {}", clean(path)));
        writeln!(writer, "{name}{}{unit}\n", account.id)?;
        let (question, held) = match &self.found {
            Some((held, by)) => {
                let (baseline, by) = (held.baseline, by.join(", "));
                let place = format!("{}:{}", baseline.file, baseline.line);
                writeln!(
                    writer,
                    "baseline  {}, the first that matches: {} ({place})",
                    clean(&baseline.name),
                    clean(&by)
                )?;
                (&held.question, Some(baseline))
            }
            None => {
                writeln!(writer, "baseline  none: what holds for the rest")?;
                (&self.rest, None)
            }
        };
        let packs_by = match held {
            _ if self.rules.packs_are_given() => "by hand",
            Some(baseline) if !baseline.packs.is_empty() => "the baseline",
            _ if self.rules.packs_are_configured() => "the configuration",
            _ => "the default",
        };
        writeln!(writer, "packs     {} ({packs_by})", question.packs.join(", "))?;
        let gate_by = match held {
            _ if self.gate.fail_on_is_given => "by hand",
            Some(baseline) if baseline.gate.fail_on.is_some() => "the baseline",
            _ if self.rules.gate_is_configured() => "the configuration",
            _ => "the default",
        };
        let incomplete = if question.allow_incomplete { ", an incomplete picture may pass" } else { "" };
        writeln!(writer, "gate      {} ({gate_by}){incomplete}", question.fail_on.map_or("none", Severity::as_str))?;
        let chosen = question.chosen();
        writeln!(writer, "rules     {}", chosen.len())?;
        for rule in &chosen {
            self.rule(rule, writer)?;
        }
        for change in question.settings.iter().filter(|setting| setting.change == Change::Disabled(true)) {
            writeln!(writer, "  {}  left out ({})", change.policy, self.origin(change))?;
        }
        self.waivers(writer)
    }

    /// A rule, where something of it is not as its file has it.
    fn rule(&self, rule: &Chosen, writer: &mut dyn Write) -> io::Result<()> {
        let policy = &rule.policy;
        let mut said = Vec::new();
        let defaults = policy.defaults();
        for (name, value) in rule.parameters.iter().filter(|(name, value)| defaults.get(*name) != Some(*value)) {
            let set = self.question().settings.iter().rev().find(|setting| {
                let of_it = matches!(&setting.change, Change::Parameter { name: of, .. } if of == name);
                setting.policy == policy.id && of_it
            });
            let by = set.map_or_else(|| format!("pack {}", rule.packs.join(", ")), |setting| self.origin(setting));
            said.push(format!("{name} = {} ({by})", value.to_json()));
        }
        if rule.severity() != policy.severity {
            let set = self
                .question()
                .settings
                .iter()
                .rev()
                .find(|setting| setting.policy == policy.id && matches!(setting.change, Change::Severity(_)));
            let by = set.map_or_else(|| "its packs and parameters".to_owned(), |setting| self.origin(setting));
            said.push(format!("{} instead of {} ({by})", rule.severity().as_str(), policy.severity.as_str()));
        }
        match said.is_empty() {
            true => Ok(()),
            false => writeln!(writer, "  {}  {}", policy.id, clean(&said.join(", "))),
        }
    }

    fn question(&self) -> &Question<'_> {
        self.found.as_ref().map_or(&self.rest, |(held, _)| &held.question)
    }

    /// What made a setting: the command line, the baseline, or the configuration.
    fn origin(&self, setting: &crate::policy::Setting) -> String {
        let own = self.found.as_ref().map(|(held, _)| held.baseline);
        if self.rules.is_by_hand(setting) {
            return "by hand".to_owned();
        }
        match own.filter(|baseline| baseline.settings.contains(setting)) {
            Some(baseline) => format!("baseline {}", clean(&baseline.name)),
            None => "the configuration".to_owned(),
        }
    }

    /// The waivers that may be of something that the account has.
    fn waivers(&self, writer: &mut dyn Write) -> io::Result<()> {
        let of_account = |scope: &crate::policy::WaiverScope| {
            scope.account.is_none_or(|id| id == self.account.id)
                && scope.ou.as_ref().is_none_or(|unit| unit.is_above(self.account))
        };
        let all = self.rules.waivers().iter().filter(|waiver| of_account(&waiver.scope));
        for (index, waiver) in all.enumerate() {
            let word = if index == 0 { "waivers " } else { "        " };
            let kind = if matches!(waiver.covers, Covers::Gap(_)) { "may cover gaps" } else { "may cover results" };
            let (subject, place) = (clean(&waiver.subject()), format!("{}:{}", waiver.file, waiver.line));
            writeln!(writer, "{word}  {subject} until {}: {kind} ({place})", waiver.expires)?;
        }
        Ok(())
    }
}
