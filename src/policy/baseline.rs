//! Baselines: which accounts are held to which packs, parameters and gate.

use super::configuration::{GateSettings, read_packs, read_settings};
use super::load::Policies;
use super::pattern::{Pattern, read_tag, read_unit};
use super::read::Part;
use super::setting::Setting;
use crate::id::AccountId;
use crate::snapshot::Account;

/// What some accounts are held to, instead of what the rest is. Of several that match an account, the first counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// Its name.
    pub name: String,
    /// Which accounts are held to it.
    pub matches: AccountMatch,
    /// The packs, instead of those of the configuration; those, where it names none.
    pub packs: Vec<String>,
    /// What is set of rules, after what the configuration sets.
    pub settings: Vec<Setting>,
    /// What closes the gate, where it says so.
    pub gate: GateSettings,
    /// The file that holds it, as the user named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// Which accounts are meant: of each kind that is named, one must be so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountMatch {
    /// By id.
    pub accounts: Vec<AccountId>,
    /// By the organizational units above, by id or path; as a glob, of the whole path.
    pub ous: Vec<Pattern>,
    /// By name.
    pub names: Vec<Pattern>,
    /// By a tag of the account, `key=value`.
    pub tags: Vec<Pattern>,
}

/// Whether an account is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matched {
    /// It is: by what, in words.
    By(Vec<String>),
    /// It is not.
    Not,
    /// Its tags decide, and were not read.
    Open,
}

impl AccountMatch {
    /// Whether an account is meant.
    pub fn of(&self, account: &Account) -> Matched {
        let Some(mut by) = self.but_for_tags(account) else { return Matched::Not };
        if self.tags.is_empty() {
            return Matched::By(by);
        }
        let Some(tags) = &account.tags else { return Matched::Open };
        let written = tags.value.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>();
        match self.tags.iter().find(|pattern| written.iter().any(|tag| pattern.matches(tag))) {
            Some(pattern) => {
                by.push(format!("tag {pattern}"));
                Matched::By(by)
            }
            None => Matched::Not,
        }
    }

    /// By what an account is meant but for its tags, in words; nothing, where it is not.
    fn but_for_tags(&self, account: &Account) -> Option<Vec<String>> {
        let mut by = Vec::new();
        if !self.accounts.is_empty() {
            by.push(format!("account {}", self.accounts.iter().find(|id| **id == account.id)?));
        }
        if !self.ous.is_empty() {
            by.push(format!("OU {}", self.ous.iter().find(|unit| unit.is_above(account))?));
        }
        if !self.names.is_empty() {
            let name = account.name.as_deref()?;
            by.push(format!("name {}", self.names.iter().find(|pattern| pattern.matches(name))?));
        }
        Some(by)
    }

    fn read(part: Part<'_>) -> Option<Self> {
        part.only(&["accounts", "ous", "names", "tags"]);
        let elements = |key: &str| part.get(key).map(|part| part.elements()).unwrap_or_default();
        let matches = Self {
            accounts: elements("accounts").iter().filter_map(|part| part.parse()).collect(),
            ous: elements("ous").into_iter().filter_map(read_unit).collect(),
            names: elements("names").into_iter().filter_map(Pattern::read).collect(),
            tags: elements("tags").into_iter().filter_map(read_tag).collect(),
        };
        let names_some = ["accounts", "ous", "names", "tags"].iter().any(|key| part.get(key).is_some());
        if matches == Self::default() && !names_some {
            part.note("this matches no account: name some by `accounts`, `ous`, `names` or `tags`", None);
        }
        // What matches nothing is a mistake that was taken down.
        (matches != Self::default()).then_some(matches)
    }
}

/// Reads the baselines of a configuration, in their order; every mistake is taken down.
pub(super) fn read_baselines(part: Part<'_>, policies: &Policies, broken_packs: &[String]) -> Vec<Baseline> {
    let mut baselines: Vec<Baseline> = Vec::new();
    for part in part.elements() {
        let Some(baseline) = read_baseline(part, policies, broken_packs) else { continue };
        if let Some(earlier) = baselines.iter().find(|earlier| earlier.name == baseline.name) {
            let message = format!("the baseline `{}` is at line {} already", baseline.name, earlier.line);
            part.get("name").unwrap_or(part).note(message, None);
            continue;
        }
        if let Some(earlier) = baselines.iter().find(|earlier| earlier.matches == baseline.matches) {
            let message = format!("the baseline `{}` matches the same accounts, and comes first", earlier.name);
            part.get("match").unwrap_or(part).note(message, Some("join both".to_owned()));
            continue;
        }
        baselines.push(baseline);
    }
    baselines
}

fn read_baseline(part: Part<'_>, policies: &Policies, broken_packs: &[String]) -> Option<Baseline> {
    part.only(&["name", "match", "packs", "rules", "gate"]);
    part.value.as_mapping()?;
    let name = part.demand("name").and_then(|part| part.text());
    let matches = part.demand("match").and_then(AccountMatch::read);
    let packs = part.get("packs").map(|part| read_packs(part, policies, broken_packs)).unwrap_or_default();
    let settings = part.get("rules").map(|part| read_settings(part, policies)).unwrap_or_default();
    let gate = part.get("gate").map(GateSettings::read_of_baseline).unwrap_or_default();
    Some(Baseline {
        name: name?,
        matches: matches?,
        packs,
        settings,
        gate,
        file: part.file.name.to_owned(),
        line: part.line(),
    })
}
