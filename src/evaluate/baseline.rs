//! Baselines: which accounts are held to which question.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::choose::{Chosen, Question};
use crate::id::AccountId;
use crate::policy::{Baseline, Matched, Severity};
use crate::snapshot::{Account, Snapshot};

/// A baseline, and what is asked of the accounts that are held to it.
#[derive(Debug, Clone)]
pub struct Held<'a> {
    /// The baseline.
    pub baseline: &'a Baseline,
    /// What is asked.
    pub question: Question<'a>,
}

/// A baseline, and what it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaselineStanding {
    /// Its name.
    pub name: Arc<str>,
    /// The file that holds it, and the line.
    pub place: (String, usize),
    /// The packs by which its accounts are judged.
    pub packs: Vec<String>,
    /// Failures at or above it close the gate; nothing, none do.
    pub fail_on: Option<Severity>,
    /// The accounts that are held to it, sorted.
    pub accounts: Vec<AccountId>,
    /// Those that may be, sorted: their tags decide, and were not read. They are judged as if they were not.
    pub open: Vec<AccountId>,
}

/// The baselines that an account is held to, or may be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BaselineChoice {
    /// The first that matches for certain, by its number, and by what.
    pub certain: Option<(usize, Vec<String>)>,
    /// Those before it, by their numbers, that the account's tags decide, which were not read.
    pub open: Vec<usize>,
}

/// Which of several baselines an account is held to: the first that matches it.
pub fn baseline_of<'b>(baselines: impl IntoIterator<Item = &'b Baseline>, account: &Account) -> BaselineChoice {
    let mut choice = BaselineChoice::default();
    for (number, baseline) in baselines.into_iter().enumerate() {
        match baseline.matches.of(account) {
            Matched::By(by) => {
                choice.certain = Some((number, by));
                break;
            }
            Matched::Open => choice.open.push(number),
            Matched::Not => {}
        }
    }
    choice
}

/// Who is held to what.
pub(super) struct Holding<'a> {
    question: &'a Question<'a>,
    held: &'a [Held<'a>],
    by_account: BTreeMap<AccountId, usize>,
    /// What accounts that are scanned may be held to instead.
    open: BTreeMap<AccountId, Vec<usize>>,
    names: Vec<Arc<str>>,
}

impl<'a> Holding<'a> {
    pub(super) fn of(snapshot: &Snapshot, question: &'a Question<'a>, held: &'a [Held<'a>]) -> Self {
        let (mut by_account, mut open) = (BTreeMap::new(), BTreeMap::new());
        for account in &snapshot.accounts {
            let choice = baseline_of(held.iter().map(|held| held.baseline), account);
            if let Some((number, _)) = choice.certain {
                by_account.insert(account.id, number);
            }
            if account.is_active() && !choice.open.is_empty() {
                open.insert(account.id, choice.open);
            }
        }
        let names = held.iter().map(|held| Arc::from(held.baseline.name.as_str())).collect();
        Self { question, held, by_account, open, names }
    }

    /// All that is asked, or may be, of the accounts whose baseline is not known.
    pub(super) fn open_questions(&self) -> impl Iterator<Item = &Question<'a>> {
        self.open.iter().flat_map(|(account, open)| {
            let may_be = open.iter().filter_map(|number| self.held.get(*number)).map(|held| &held.question);
            may_be.chain([self.question(Some(*account))])
        })
    }

    /// The baseline of an account, by its number. What no account owns is held to none.
    pub(super) fn number(&self, account: Option<AccountId>) -> Option<usize> {
        account.and_then(|id| self.by_account.get(&id)).copied()
    }

    /// The name of a baseline.
    pub(super) fn name(&self, number: Option<usize>) -> Option<Arc<str>> {
        number.and_then(|number| self.names.get(number)).cloned()
    }

    /// What is asked of an account.
    pub(super) fn question(&self, account: Option<AccountId>) -> &Question<'a> {
        self.number(account).and_then(|number| self.held.get(number)).map_or(self.question, |held| &held.question)
    }

    /// All that is asked of somebody, or may be, with the number of the baseline: first what is asked of the rest.
    pub(super) fn questions(&self) -> Vec<(Option<usize>, &Question<'a>)> {
        let used = |number: &usize| {
            self.by_account.values().any(|of| of == number) || self.open.values().flatten().any(|of| of == number)
        };
        let held = self.held.iter().enumerate().filter(|(number, _)| used(number));
        let held = held.map(|(number, held)| (Some(number), &held.question));
        std::iter::once((None, self.question)).chain(held).collect()
    }

    /// The rules of all that is asked, sorted by id.
    pub(super) fn chosen(&self) -> Vec<Chosen> {
        let mut all = Vec::new();
        for (number, question) in self.questions() {
            all.extend(question.chosen().into_iter().map(|chosen| chosen.of_baseline(number)));
        }
        all.sort_by(|left, right| left.policy.id.cmp(&right.policy.id));
        all
    }

    /// The packs of all that is asked, each once, in their order.
    pub(super) fn packs(&self) -> Vec<String> {
        let mut packs: Vec<String> = Vec::new();
        for pack in self.questions().into_iter().flat_map(|(_, question)| &question.packs) {
            if !packs.contains(pack) {
                packs.push(pack.clone());
            }
        }
        packs
    }

    /// How many accounts may be held to a baseline with a pack.
    pub(super) fn open_for(&self, pack: &str) -> usize {
        let names = |number: &usize| {
            let packs = self.held.get(*number).into_iter().flat_map(|held| &held.question.packs);
            packs.into_iter().any(|named| named == pack)
        };
        self.open.values().filter(|open| open.iter().any(names)).count()
    }

    /// What each baseline came to.
    pub(super) fn standings(&self) -> Vec<BaselineStanding> {
        let standing = |(number, held): (usize, &Held<'_>)| BaselineStanding {
            name: Arc::clone(&self.names[number]),
            place: (held.baseline.file.clone(), held.baseline.line),
            packs: held.question.packs.clone(),
            fail_on: held.question.fail_on,
            accounts: self.by_account.iter().filter(|(_, of)| **of == number).map(|(id, _)| *id).collect(),
            open: self.open.iter().filter(|(_, open)| open.contains(&number)).map(|(id, _)| *id).collect(),
        };
        self.held.iter().enumerate().map(standing).collect()
    }
}
