//! Which trails reach which accounts in which Regions.
//!
//! An account's own trail reaches its home Region, and every enabled Region if it is multi-Region. An organization trail
//! reaches a member where the member sees it; a multi-Region one that the member sees somewhere reaches Regions that did
//! not answer too. Source: CloudTrail User Guide, "Understanding multi-Region trails and opt-in Regions" and "Creating a
//! trail for an organization".

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::recorder::{Recorders, TrailId};
use crate::derive::question::{OpenQuestions, Question};
use crate::expr::{GapId, Gaps};
use crate::id::{AccountId, RegionName};
use crate::snapshot::{Account, Regions, Sighting, Snapshot};

/// The trails that reach an account in a Region.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Reach {
    /// Those that are known to, sorted.
    pub(super) trails: Vec<TrailId>,
    /// Those of them whose latest delivery from there failed.
    pub(super) failing: Vec<TrailId>,
    /// What hides others; empty where all are known.
    pub(super) unseen: Gaps,
}

/// Who reaches a place, and whether it is in the partition's leader Region.
pub(super) type Key = (Reach, bool);

/// A Region of an account; none stands for the Regions that it may have beside those that are named.
pub(super) type Place<'a> = (Option<&'a RegionName>, Reach);

/// Finds the reach of trails, account by account.
pub(super) struct Reaches<'a> {
    snapshot: &'a Snapshot,
    recorders: &'a Recorders,
    refused: HashMap<(AccountId, Option<RegionName>), GapId>,
    /// The Regions that every account has.
    by_default: BTreeSet<&'a RegionName>,
}

impl<'a> Reaches<'a> {
    pub(super) fn of(snapshot: &'a Snapshot, recorders: &'a Recorders, open: &OpenQuestions) -> Self {
        let mut refused = HashMap::new();
        for id in (0..).map(GapId) {
            let Some(gap) = open.gap(id) else { break };
            if let (Some(account), "cloudtrail:DescribeTrails", None) = (gap.account, &*gap.operation, &gap.resource) {
                refused.entry((account, gap.region.clone())).or_insert(id);
            }
        }
        let lists = snapshot.accounts.iter().filter_map(|account| account.regions.as_ref());
        let mut lists: Vec<&[RegionName]> = lists.map(|regions| &*regions.value.enabled_by_default).collect();
        lists.dedup();
        let by_default = lists.into_iter().flatten().collect();
        Self { snapshot, recorders, refused, by_default }
    }

    /// The Regions of an account, each with the trails that reach it.
    pub(super) fn places(&self, account: &'a Account, open: &mut OpenQuestions) -> Vec<Place<'a>> {
        let mut seen: BTreeMap<&RegionName, Vec<TrailId>> = BTreeMap::new();
        for sighting in &account.sightings {
            let trails: Vec<TrailId> = sighting.trails.iter().filter_map(|arn| self.recorders.named(arn)).collect();
            for region in &sighting.regions {
                seen.entry(region).or_default().extend(&trails);
            }
        }
        let is_multi = |id: &&TrailId| self.recorders.get(**id).is_multi_region == Some(true);
        let owned = self.recorders.owned_by(account.id);
        let somewhere: BTreeSet<TrailId> = seen.values().flatten().filter(is_multi).copied().collect();
        let mut places: Vec<Place<'a>> = Vec::new();
        for region in self.regions(account, &seen) {
            let at_home = |id: &&TrailId| self.recorders.get(**id).arn.home_region() == region;
            let mut trails: Vec<TrailId> = owned.iter().filter(|id| is_multi(id) || at_home(id)).copied().collect();
            match seen.get(region) {
                Some(seen) => trails.extend(seen.iter().filter(|id| !self.recorders.get(**id).stays_home(region))),
                None => trails.extend(&somewhere),
            }
            trails.sort_unstable();
            trails.dedup();
            let unseen = if seen.contains_key(region) { Gaps::none() } else { self.why_unseen(account, region, open) };
            let failing = self.recorders.failing_in(region, &trails);
            places.push((Some(region), Reach { trails, failing, unseen }));
        }
        places.extend(self.other_regions(account, &places, open));
        places
    }

    /// Whether an account has the same places as a model, of which everything is seen and which owns no trail.
    pub(super) fn are_alike(&self, model: &Account, account: &Account) -> bool {
        fn regions(account: &Account) -> Option<&Regions> {
            account.regions.as_ref().map(|regions| &regions.value)
        }
        let same_sighting =
            |(one, other): (&Sighting, &Sighting)| one.trails == other.trails && one.regions == other.regions;
        model.sightings.len() == account.sightings.len()
            && model.sightings.iter().zip(&account.sightings).all(same_sighting)
            && regions(model) == regions(account)
            && self.recorders.owned_by(account.id).is_empty()
    }

    fn regions(&self, account: &'a Account, seen: &BTreeMap<&'a RegionName, Vec<TrailId>>) -> Vec<&'a RegionName> {
        let enabled: BTreeSet<&RegionName> = match &account.regions {
            Some(regions) => regions.value.enabled().into_iter().collect(),
            None => self.by_default.iter().copied().chain(seen.keys().copied()).collect(),
        };
        let only = &self.snapshot.selection.regions;
        enabled.into_iter().filter(|region| only.is_empty() || only.contains(region)).collect()
    }

    fn why_unseen(&self, account: &Account, region: &RegionName, open: &mut OpenQuestions) -> Gaps {
        let gap = [Some(region.clone()), None].into_iter().find_map(|region| self.refused.get(&(account.id, region)));
        if let Some(gap) = gap {
            return Gaps::one(*gap);
        }
        open.entering(account.id).unwrap_or_else(|| match account.regions {
            Some(_) => open.why(Question::of("cloudtrail:DescribeTrails").account(account.id).region(region)),
            None => open.why(list_regions(account)),
        })
    }

    /// The Regions that an account may have beside those that are named, where it did not say which it has.
    fn other_regions(&self, account: &Account, named: &[Place<'a>], open: &mut OpenQuestions) -> Option<Place<'a>> {
        let only = &self.snapshot.selection.regions;
        let all_named = !only.is_empty() && named.len() == only.len();
        if account.regions.is_some() || all_named {
            return None;
        }
        let unseen = open.entering(account.id).unwrap_or_else(|| open.why(list_regions(account)));
        Some((None, Reach { trails: Vec::new(), failing: Vec::new(), unseen }))
    }
}

fn list_regions(account: &Account) -> Question<'_> {
    Question::of("account:ListRegions").account(account.id)
}
