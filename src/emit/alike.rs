//! Accounts that are alike in what is recorded of them: those whose events are recorded in full wherever they have a
//! Region, and those that have the same holes in the same Regions.

mod missing;

use std::collections::{BTreeMap, BTreeSet};

use self::missing::Missing;
use super::text::clean;
use crate::derive::coverage::Row;
use crate::id::{AccountId, RegionName};

/// The longest label of accounts.
const LABEL: usize = 36;

/// What a place is shown as. In the order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::emit) enum Sign {
    /// Management events are recorded in full.
    Full,
    /// None is.
    None,
    /// Some are, or trails alone record them whose delivery fails.
    Part,
    /// It is not known.
    Unknown,
}

impl Sign {
    /// All signs, the best first.
    pub(super) const ALL: [Self; 4] = [Self::Full, Self::Part, Self::None, Self::Unknown];

    /// What it means, in words.
    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::Full => "recorded in full",
            Self::None => "not recorded",
            Self::Part => "in part, or by trails alone whose delivery fails",
            Self::Unknown => "not known",
        }
    }
}

/// Accounts that are alike.
pub(super) struct Alike<'a> {
    /// The accounts in a few words.
    pub(super) label: String,
    /// The accounts, sorted.
    pub(super) accounts: Vec<AccountId>,
    /// What each of their Regions is shown as.
    pub(super) signs: BTreeMap<&'a RegionName, Sign>,
    /// What is missing; empty where nothing is.
    pub(super) words: String,
}

/// What tells accounts apart: their signs but full ones, and what is missing.
type Pattern<'a> = (BTreeMap<&'a RegionName, Sign>, String);

/// The accounts of a pattern, and the Regions in which they are recorded in full.
type Members<'a> = (Vec<AccountId>, BTreeSet<&'a RegionName>);

/// The accounts of a coverage, those that are alike together, and what is worst last.
pub(super) struct Alikes<'a> {
    /// Those that are alike.
    pub(super) rows: Vec<Alike<'a>>,
    /// How many accounts there are.
    pub(super) accounts: usize,
    /// All their Regions.
    pub(super) regions: BTreeSet<&'a RegionName>,
}

impl<'a> Alikes<'a> {
    /// The accounts of a coverage, labelled by their names where these are known.
    pub(super) fn of(rows: &'a [Row], names: &BTreeMap<AccountId, &str>) -> Self {
        let mut by_account: BTreeMap<AccountId, Vec<usize>> = BTreeMap::new();
        for (number, row) in rows.iter().enumerate() {
            for account in &row.accounts {
                by_account.entry(*account).or_default().push(number);
            }
        }
        let accounts = by_account.len();
        let mut by_rows: BTreeMap<Vec<usize>, Vec<AccountId>> = BTreeMap::new();
        for (account, numbers) in by_account {
            by_rows.entry(numbers).or_default().push(account);
        }
        let mut patterns: BTreeMap<Pattern<'a>, Members<'a>> = BTreeMap::new();
        for (numbers, accounts) in by_rows {
            let (pattern, full) = pattern(numbers.iter().map(|number| &rows[*number]));
            let members = patterns.entry(pattern).or_default();
            members.0.extend(accounts);
            members.1.extend(full);
        }
        let twice = shared(names);
        let mut found: Vec<(Sign, String, Alike<'a>)> = patterns
            .into_iter()
            .map(|((holes, words), (accounts, full))| {
                let worst = holes.values().min().copied().unwrap_or(Sign::Full);
                let label = label(&accounts, names, &twice);
                let signs = holes.into_iter().chain(full.into_iter().map(|region| (region, Sign::Full))).collect();
                (worst, label.clone(), Alike { label, accounts, signs, words })
            })
            .collect();
        found.sort_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
        let regions = rows.iter().flat_map(|row| &row.regions).collect();
        Self { rows: found.into_iter().map(|(.., row)| row).collect(), accounts, regions }
    }
}

/// The names that more than one account has.
fn shared<'n>(names: &BTreeMap<AccountId, &'n str>) -> BTreeSet<&'n str> {
    let mut seen = BTreeSet::new();
    names.values().copied().filter(|name| !seen.insert(*name)).collect()
}

/// Accounts in a few words.
pub(super) fn accounts_label(accounts: &[AccountId], names: &BTreeMap<AccountId, &str>) -> String {
    label(accounts, names, &shared(names))
}

fn label(accounts: &[AccountId], names: &BTreeMap<AccountId, &str>, twice: &BTreeSet<&str>) -> String {
    let Some(first) = accounts.first() else { return String::new() };
    let name = match names.get(first) {
        Some(name) if twice.contains(name) => format!("{} {first}", clean(name)),
        Some(name) => clean(name),
        None => first.to_string(),
    };
    let label = if accounts.len() == 1 { name } else { format!("{} accounts like {name}", accounts.len()) };
    if label.chars().count() <= LABEL {
        return label;
    }
    label.chars().take(LABEL - 1).chain(['…']).collect()
}

fn pattern<'a>(rows: impl Iterator<Item = &'a Row>) -> (Pattern<'a>, BTreeSet<&'a RegionName>) {
    let (mut holes, mut full) = (BTreeMap::new(), BTreeSet::new());
    let mut missing = Missing::default();
    for row in rows {
        let sign = missing.take(row);
        match sign {
            Sign::Full => full.extend(&row.regions),
            _ => holes.extend(row.regions.iter().map(|region| (region, sign))),
        }
    }
    ((holes, missing.in_words()), full)
}
