//! Which trails reach which places: kept for questions that cells do not answer.

use std::collections::{BTreeMap, HashMap};

use super::reach::Reach;
use crate::id::{AccountId, RegionName};

/// The place of a reach among all that differ.
pub(super) type ReachId = u32;

/// The places of all accounts. Reaches that are alike are kept once, and so are lists of Regions.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Reached {
    /// Those that differ, and whether it is that of the partition's leader Region.
    distinct: Vec<(Reach, bool)>,
    numbers: HashMap<(Reach, bool), ReachId>,
    /// Lists of Regions that differ, each sorted; an empty one stands for Regions that are not known.
    lists: Vec<Vec<RegionName>>,
    list_numbers: HashMap<Vec<RegionName>, u32>,
    by_account: BTreeMap<AccountId, Vec<(u32, ReachId)>>,
}

impl Reached {
    /// Adds the places of an account: a Region, or none for those that are not known, and who reaches it.
    pub(super) fn add<'a>(
        &mut self,
        account: AccountId,
        places: impl IntoIterator<Item = (Option<&'a RegionName>, (Reach, bool))>,
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

    fn number(&mut self, reach: (Reach, bool)) -> ReachId {
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

    /// The accounts in order, each with its places.
    pub(super) fn accounts(&self) -> impl Iterator<Item = (AccountId, impl Iterator<Item = (&[RegionName], ReachId)>)> {
        self.by_account.keys().map(|account| (*account, self.account(*account)))
    }

    /// The places of an account; none where it is not active.
    pub(super) fn account(&self, account: AccountId) -> impl Iterator<Item = (&[RegionName], ReachId)> {
        let places = self.by_account.get(&account).map_or(&[][..], Vec::as_slice);
        places.iter().map(|(list, reach)| (self.lists[*list as usize].as_slice(), *reach))
    }

    /// A reach by its number.
    pub(super) fn reach(&self, number: ReachId) -> &Reach {
        &self.distinct[number as usize].0
    }
}
