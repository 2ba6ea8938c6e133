//! Which trails reach which places: kept for questions that cells do not answer.

use std::collections::{BTreeMap, HashMap};

use super::reach::{Key, Reach};
use crate::id::{AccountId, RegionName};

/// The place of a reach among all that differ.
pub(super) type ReachId = u32;

/// The places of all accounts. Reaches that are alike are kept once, and so are lists of Regions.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Reached {
    /// Those that differ, and whether it is that of the partition's leader Region.
    distinct: Vec<Key>,
    numbers: HashMap<Key, ReachId>,
    /// Lists of Regions that differ, each sorted; an empty one stands for Regions that are not known.
    lists: Vec<Vec<RegionName>>,
    list_numbers: HashMap<Vec<RegionName>, u32>,
    by_account: BTreeMap<AccountId, Vec<(u32, ReachId)>>,
    models: HashMap<AccountId, AccountId>,
}

impl Reached {
    /// Adds the places of an account: a Region, or none for those that are not known, and who reaches it.
    pub(super) fn add<'a>(
        &mut self,
        account: AccountId,
        places: impl IntoIterator<Item = (Option<&'a RegionName>, Key)>,
    ) {
        let mut by_reach: BTreeMap<ReachId, Vec<RegionName>> = BTreeMap::new();
        for (region, reach) in places {
            let number = self.number(reach);
            by_reach.entry(number).or_default().extend(region.cloned());
        }
        let mut found = Vec::new();
        for (reach, mut regions) in by_reach {
            regions.sort();
            found.push((self.list(regions), reach));
        }
        self.by_account.insert(account, found);
    }

    /// Adds an account with the places of another.
    pub(super) fn add_like(&mut self, account: AccountId, model: AccountId) {
        let places = self.by_account.get(&model).cloned().unwrap_or_default();
        self.by_account.insert(account, places);
        self.models.insert(account, model);
    }

    /// The account that was looked at in the place of this one, where that was done.
    pub(super) fn model(&self, account: AccountId) -> Option<AccountId> {
        self.models.get(&account).copied()
    }

    fn number(&mut self, reach: Key) -> ReachId {
        if let Some(number) = self.numbers.get(&reach) {
            return *number;
        }
        let number = ReachId::try_from(self.distinct.len()).unwrap_or(ReachId::MAX);
        self.distinct.push(reach.clone());
        self.numbers.insert(reach, number);
        number
    }

    fn list(&mut self, regions: Vec<RegionName>) -> u32 {
        if let Some(number) = self.list_numbers.get(&regions) {
            return *number;
        }
        let number = u32::try_from(self.lists.len()).unwrap_or(u32::MAX);
        self.lists.push(regions.clone());
        self.list_numbers.insert(regions, number);
        number
    }

    /// All reaches that differ, in the order of their numbers, and whether each is that of the leader Region.
    pub(super) fn distinct(&self) -> impl Iterator<Item = (&Reach, bool)> {
        self.distinct.iter().map(|(reach, leads)| (reach, *leads))
    }

    /// The places that differ, each with the accounts that have them, sorted.
    pub(super) fn groups(
        &self,
    ) -> impl Iterator<Item = (Vec<AccountId>, impl Iterator<Item = (&[RegionName], ReachId)>)> {
        let mut groups: BTreeMap<&[(u32, ReachId)], Vec<AccountId>> = BTreeMap::new();
        for (account, places) in &self.by_account {
            groups.entry(places).or_default().push(*account);
        }
        groups.into_iter().map(|(places, accounts)| (accounts, self.named(places)))
    }

    /// The places of an account; none where it is not active.
    pub(super) fn account(&self, account: AccountId) -> impl Iterator<Item = (&[RegionName], ReachId)> {
        self.named(self.by_account.get(&account).map_or(&[][..], Vec::as_slice))
    }

    fn named<'a>(&'a self, places: &'a [(u32, ReachId)]) -> impl Iterator<Item = (&'a [RegionName], ReachId)> {
        places.iter().map(|(list, reach)| (self.lists[*list as usize].as_slice(), *reach))
    }

    /// A reach by its number.
    pub(super) fn reach(&self, number: ReachId) -> &Reach {
        &self.distinct[number as usize].0
    }
}
