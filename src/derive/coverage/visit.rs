//! Who reaches the places of each account, found account by account.

use super::reach::{Key, Reaches};
use super::recorder::{Recorders, TrailId};
use crate::derive::question::OpenQuestions;
use crate::id::{AccountId, RegionName};
use crate::snapshot::Account;

/// What was found of an account.
pub(super) enum Visit<'a> {
    /// It has the places of this one.
    Like(AccountId),
    /// Its Regions, or none for those that are not known; and where its own trails are among those that reach it.
    Places { all: Vec<(Option<&'a RegionName>, Key)>, own: Vec<(TrailId, Key)> },
}

/// How many kinds of accounts are told from each other at a glance; what is of no such kind is looked at in full.
const MODELS: usize = 32;

/// Looks at accounts, one after the other. An account that was seen whole and owns no trail is a model for others.
pub(super) fn visit<'a>(
    reaches: &Reaches<'a>,
    recorders: &Recorders,
    leader: Option<&RegionName>,
    accounts: &[&'a Account],
    open: &mut OpenQuestions,
) -> Vec<(AccountId, Visit<'a>)> {
    let mut models: Vec<&Account> = Vec::new();
    let mut look = |account: &'a Account| {
        if let Some(model) = models.iter().find(|model| reaches.are_alike(model, account)) {
            return Visit::Like(model.id);
        }
        let owned = recorders.owned_by(account.id);
        let (mut all, mut own) = (Vec::new(), Vec::new());
        for (region, reach) in reaches.places(account, open) {
            let key = (reach, region.is_some() && region == leader);
            own.extend(owned.iter().filter(|id| key.0.trails.contains(id)).map(|id| (*id, key.clone())));
            all.push((region, key));
        }
        let is_plain = owned.is_empty() && all.iter().all(|(_, (reach, _))| reach.unseen.is_empty());
        if is_plain && models.len() < MODELS {
            models.push(account);
        }
        Visit::Places { all, own }
    };
    accounts.iter().map(|account| (account.id, look(account))).collect()
}
