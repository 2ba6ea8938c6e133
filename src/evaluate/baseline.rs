//! Baselines: which accounts are held to which question.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::choose::{Chosen, Question};
use crate::id::AccountId;
use crate::policy::{Baseline, Severity};
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
}

/// The first of several baselines that matches an account, and by what.
pub fn baseline_of<'b>(
    baselines: impl IntoIterator<Item = &'b Baseline>,
    account: &Account,
) -> Option<(usize, Vec<String>)> {
    let mut matching = baselines.into_iter().enumerate();
    matching.find_map(|(index, baseline)| Some((index, baseline.matches.by(account)?)))
}

/// Who is held to what.
pub(super) struct Holding<'a> {
    question: &'a Question<'a>,
    held: &'a [Held<'a>],
    by_account: BTreeMap<AccountId, usize>,
    names: Vec<Arc<str>>,
}

impl<'a> Holding<'a> {
    pub(super) fn of(snapshot: &Snapshot, question: &'a Question<'a>, held: &'a [Held<'a>]) -> Self {
        let first = |account: &Account| baseline_of(held.iter().map(|held| held.baseline), account);
        let by_account = snapshot.accounts.iter().filter_map(|account| Some((account.id, first(account)?.0)));
        let names = held.iter().map(|held| Arc::from(held.baseline.name.as_str())).collect();
        Self { question, held, by_account: by_account.collect(), names }
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

    /// All that is asked of somebody, with the number of the baseline: first what is asked of the rest.
    pub(super) fn questions(&self) -> Vec<(Option<usize>, &Question<'a>)> {
        let used = |number: &usize| self.by_account.values().any(|of| of == number);
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

    /// What each baseline came to.
    pub(super) fn standings(&self) -> Vec<BaselineStanding> {
        let standing = |(number, held): (usize, &Held<'_>)| BaselineStanding {
            name: Arc::clone(&self.names[number]),
            place: (held.baseline.file.clone(), held.baseline.line),
            packs: held.question.packs.clone(),
            fail_on: held.question.fail_on,
            accounts: self.by_account.iter().filter(|(_, of)| **of == number).map(|(id, _)| *id).collect(),
        };
        self.held.iter().enumerate().map(standing).collect()
    }
}
