//! What rules may say about an account: above all, which trails reach it.

use std::collections::{BTreeMap, BTreeSet};

use super::question::{OpenQuestions, Question};
use super::subject::{Derivation, Subject, to_fact};
use crate::expr::{Gaps, Known, Listed, Shared};
use crate::facts::{self, Scope};
use crate::id::{RegionName, TrailArn};
use crate::snapshot::{Account, Snapshot};

/// The lists of trails that accounts see: most accounts see the same ones, so each list is made once.
type Lists = BTreeMap<(BTreeSet<TrailArn>, Gaps), Shared<Listed<Shared<facts::Trail>>>>;

pub(super) fn subjects(derivation: &mut Derivation<'_>) -> Vec<Subject> {
    let snapshot = derivation.snapshot;
    let mut lists = Lists::new();
    snapshot
        .accounts
        .iter()
        .filter(|account| account.is_active())
        .map(|account| subject(derivation, account, &mut lists))
        .collect()
}

fn subject(derivation: &mut Derivation<'_>, account: &Account, lists: &mut Lists) -> Subject {
    let snapshot = derivation.snapshot;
    let seen: BTreeSet<TrailArn> =
        account.sightings.iter().flat_map(|sighting| sighting.trails.iter().cloned()).collect();
    let unread = unread(&mut derivation.open, snapshot, account);
    let trails = lists.entry((seen.clone(), unread.clone())).or_insert_with(|| {
        let found = seen.iter().filter_map(|arn| derivation.trails.get(arn).cloned()).collect();
        Shared::new(Listed { found, unread })
    });
    let facts = facts::Account {
        id: account.id,
        name: account.name.clone().unwrap_or_else(|| account.id.to_string()),
        state: account.state.as_ref().map_or("ACTIVE", |state| state.as_str()).to_owned(),
        is_management: snapshot.organization.as_ref().is_some_and(|listed| listed.management_account == account.id),
        ou_path: account.ou_path.clone().map(Known::Is),
        trails: trails.clone(),
        regions_enabled: regions(&mut derivation.open, account),
    };
    Subject {
        scope: Scope::Account,
        resource: Some(format!("arn:{}:iam::{}:root", snapshot.caller.partition, account.id)),
        account: Some(account.id),
        region: None,
        related: Vec::new(),
        redundant: false,
        not_applicable: None,
        facts: to_fact(&facts),
    }
}

fn regions(open: &mut OpenQuestions, account: &Account) -> Known<Vec<RegionName>> {
    match &account.regions {
        Some(regions) => Known::Is(regions.value.enabled().into_iter().cloned().collect()),
        None => Known::Gap(open.why(Question::of("account:ListRegions").account(account.id))),
    }
}

/// The gaps behind which an account may see trails that were not seen: it was not entered, it did not say which Regions
/// it has, or a Region did not answer. Regions that were not selected are none of them.
pub(super) fn unread(open: &mut OpenQuestions, snapshot: &Snapshot, account: &Account) -> Gaps {
    if let Some(gaps) = open.entering(account.id) {
        return gaps;
    }
    let Some(regions) = &account.regions else {
        return open.why(Question::of("account:ListRegions").account(account.id));
    };
    let swept: BTreeSet<&RegionName> = account.sightings.iter().flat_map(|sighting| &sighting.regions).collect();
    let only = &snapshot.selection.regions;
    let mut gaps = Gaps::none();
    for region in regions.value.enabled() {
        if !swept.contains(region) && (only.is_empty() || only.contains(region)) {
            let question = Question::of("cloudtrail:DescribeTrails").account(account.id).region(region);
            gaps = gaps.union(&open.why(question));
        }
    }
    gaps
}
