//! `trailproof explain`: what holds for an account, and what made it so.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use super::arguments::JudgingArguments;
use super::error::CliError;
use super::gate::Gate;
use super::input::read_snapshot;
use super::judge::Rules;
use super::output::{DiffFormat, DiffOutputArguments, write_each};
use crate::emit::{
    ChangedRule, EXPLANATION_SCHEMA, ExplainedAccount, ExplainedBaseline, ExplainedWaiver, Explanation, Said,
};
use crate::evaluate::{Chosen, Held, Question, baseline_of};
use crate::id::AccountId;
use crate::policy::{Baseline, Change, Covers, Setting, Severity, WaiverScope};
use crate::snapshot::{Account, Snapshot};

/// Say what holds for an account, and which entry of the configuration made it so.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The account: its id, or with a snapshot its name
    #[arg(value_name = "ACCOUNT")]
    account: String,
    /// A snapshot, which knows the account's name, organizational units and tags; without one, baselines that match by name
    /// or unit match nothing
    #[arg(long, value_name = "SNAPSHOT")]
    snapshot: Option<PathBuf>,
    #[command(flatten)]
    judging: JudgingArguments,
    #[command(flatten)]
    output: DiffOutputArguments,
}

impl Explain {
    pub(super) fn run(self) -> Result<u8, CliError> {
        let outputs = self.output.outputs()?;
        let (rules, gate) = Rules::load_judging(&self.judging)?;
        let snapshot = self.snapshot.as_deref().map(read_snapshot).transpose()?;
        let account = self.find(snapshot.as_ref())?;
        let held = rules.held(&gate);
        let rest = rules.question(gate.fail_on, gate.allow_incomplete);
        let choice = baseline_of(held.iter().map(|held| held.baseline), &account);
        let found = choice.certain.and_then(|(number, by)| Some((held.get(number)?, by)));
        let may_be = choice.open.iter().filter_map(|number| held.get(*number)).collect();
        let explanation = Holding { rules: &rules, gate: &gate, account: &account, found, may_be, rest }.explained();
        write_each(&outputs, |format, _, writer| match format {
            DiffFormat::Text => explanation.write_text(writer),
            DiffFormat::Markdown => explanation.write_markdown(writer),
            DiffFormat::Json => explanation.write_json(writer),
        })?;
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

/// What holds for an account, as it was worked out.
struct Holding<'a> {
    rules: &'a Rules,
    gate: &'a Gate,
    account: &'a Account,
    /// The baseline that the account is held to, and by what it matches.
    found: Option<(&'a Held<'a>, Vec<String>)>,
    /// Those that the account's tags decide, which are not known.
    may_be: Vec<&'a Held<'a>>,
    rest: Question<'a>,
}

impl Holding<'_> {
    fn explained(&self) -> Explanation {
        let question = self.question();
        let chosen = question.chosen();
        let left_out = question.settings.iter().filter(|setting| setting.change == Change::Disabled(true));
        Explanation {
            schema: EXPLANATION_SCHEMA,
            account: ExplainedAccount {
                id: self.account.id.to_string(),
                name: self.account.name.clone(),
                ou_path: self.account.ou_path.clone(),
            },
            baseline: self.found.as_ref().map(|(held, by)| ExplainedBaseline {
                name: held.baseline.name.clone(),
                matched_by: by.clone(),
                file: held.baseline.file.clone(),
                line: held.baseline.line,
            }),
            may_be: self.may_be.iter().map(|held| held.baseline.name.clone()).collect(),
            packs: Said {
                value: question.packs.iter().map(ToString::to_string).collect(),
                by: self.packs_by().to_owned(),
            },
            fail_on: Said { value: question.fail_on.map_or("none", Severity::as_str), by: self.gate_by().to_owned() },
            allow_incomplete: question.allow_incomplete,
            rules: chosen.len(),
            changed: chosen.iter().filter_map(|rule| self.changed(rule)).collect(),
            left_out: left_out
                .map(|setting| Said { value: setting.policy.to_string(), by: self.origin(setting) })
                .collect(),
            waivers: self.waivers(),
        }
    }

    fn baseline(&self) -> Option<&Baseline> {
        self.found.as_ref().map(|(held, _)| held.baseline)
    }

    fn question(&self) -> &Question<'_> {
        self.found.as_ref().map_or(&self.rest, |(held, _)| &held.question)
    }

    fn packs_by(&self) -> &'static str {
        match self.baseline() {
            _ if self.rules.packs_are_given() => "by hand",
            Some(baseline) if !baseline.packs.is_empty() => "the baseline",
            _ if self.rules.packs_are_configured() => "the configuration",
            _ => "the default",
        }
    }

    fn gate_by(&self) -> &'static str {
        match self.baseline() {
            _ if self.gate.fail_on_is_given => "by hand",
            Some(baseline) if baseline.gate.fail_on.is_some() => "the baseline",
            _ if self.rules.gate_is_configured() => "the configuration",
            _ => "the default",
        }
    }

    /// A rule, where something of it is not as its file has it.
    fn changed(&self, rule: &Chosen) -> Option<ChangedRule> {
        let policy = &rule.policy;
        let defaults = policy.defaults();
        let last = |is_meant: &dyn Fn(&Change) -> bool| {
            let settings = self.question().settings.iter().rev();
            settings.filter(|setting| setting.policy == policy.id).find(|setting| is_meant(&setting.change))
        };
        let own = rule.parameters.iter().filter(|(name, value)| defaults.get(*name) != Some(*value));
        let parameters: BTreeMap<String, Said<serde_json::Value>> = own
            .map(|(name, value)| {
                let set = last(&|change| matches!(change, Change::Parameter { name: of, .. } if of == name));
                let by = set.map_or_else(|| format!("pack {}", rule.packs.join(", ")), |setting| self.origin(setting));
                (name.clone(), Said { value: value.to_json(), by })
            })
            .collect();
        let severity = (rule.severity() != policy.severity).then(|| {
            let set = last(&|change| matches!(change, Change::Severity(_)));
            let by = set.map_or_else(|| "its packs and parameters".to_owned(), |setting| self.origin(setting));
            Said { value: rule.severity().as_str(), by }
        });
        let is_changed = !parameters.is_empty() || severity.is_some();
        is_changed.then(|| ChangedRule {
            rule: policy.id.to_string(),
            parameters,
            severity,
            own_severity: policy.severity.as_str(),
        })
    }

    /// What made a setting: the command line, the baseline, or the configuration.
    fn origin(&self, setting: &Setting) -> String {
        if self.rules.is_by_hand(setting) {
            return "by hand".to_owned();
        }
        match self.baseline().filter(|baseline| baseline.settings.contains(setting)) {
            Some(baseline) => format!("baseline {}", baseline.name),
            None => "the configuration".to_owned(),
        }
    }

    /// The waivers that may be of something that the account has.
    fn waivers(&self) -> Vec<ExplainedWaiver> {
        let of_account = |scope: &WaiverScope| {
            scope.account.is_none_or(|id| id == self.account.id)
                && scope.ou.as_ref().is_none_or(|unit| unit.is_above(self.account))
        };
        let all = self.rules.waivers().iter().filter(|waiver| of_account(&waiver.scope));
        all.map(|waiver| ExplainedWaiver {
            subject: waiver.subject(),
            covers: if matches!(waiver.covers, Covers::Gap(_)) { "gaps" } else { "results" },
            expires: waiver.expires.to_string(),
            file: waiver.file.clone(),
            line: waiver.line,
        })
        .collect()
    }
}
