//! What rules may say about the organization.

use std::sync::Arc;

use std::collections::BTreeSet;

use super::notice::watched_trails;
use super::question::Question;
use super::subject::{Derivation, Subject, to_fact};
use crate::expr::{Gaps, Known, Listed, Shared};
use crate::facts::{self, Scope};
use crate::id::RegionName;
use crate::snapshot::Account;

pub(super) fn subject(derivation: &mut Derivation<'_>) -> Subject {
    let Some(organization) = &derivation.snapshot.organization else { return unlisted(derivation) };
    // Every organization trail is seen by the management account, which owns it; only what that account could not be
    // asked can hide one.
    let unread = match derivation.snapshot.account(organization.management_account) {
        Some(_) => derivation.unseen(&[organization.management_account]),
        None => derivation.open.why(Question::of("cloudtrail:DescribeTrails").account(organization.management_account)),
    };
    let cloudtrail_is_trusted = match &organization.trusted_services {
        Some(services) => Known::Is(services.value.iter().any(|service| service == "cloudtrail.amazonaws.com")),
        None => Known::Gap(derivation.open.why(Question::of("organizations:ListAWSServiceAccessForOrganization"))),
    };
    let watched = Listed { found: watched_trails(derivation), unread: hiding_trails(derivation) };
    let facts = facts::Organization {
        unnoticed_changes: watched.found.iter().flat_map(|trail| trail.problems.clone()).collect(),
        watched_trails: watched,
        id: Some(organization.id.clone()),
        management_account: Some(organization.management_account),
        is_known: true,
        trails: Listed { found: organization_trails(derivation), unread },
        cloudtrail_is_trusted,
        cloudtrail_administrators: cloudtrail_administrators(derivation),
        members_without_home_region: members_without_home_region(derivation),
    };
    Subject {
        scope: Scope::Organization,
        resource: Some(organization.arn.as_str().into()),
        account: Some(organization.management_account),
        region: None,
        related: Arc::default(),
        redundant: false,
        not_applicable: None,
        facts: to_fact(&facts),
    }
}

/// Trails that are, or may be, organization trails.
fn organization_trails(derivation: &Derivation<'_>) -> Vec<Shared<facts::Trail>> {
    derivation.trails.values().filter(|trail| trail.is_organization != Known::Is(false)).cloned().collect()
}

fn cloudtrail_administrators(derivation: &mut Derivation<'_>) -> Listed<String> {
    let organization = derivation.snapshot.organization.as_ref();
    match organization.and_then(|organization| organization.delegated_administrators.as_ref()) {
        Some(listed) => Listed::complete(listed.value.iter().map(|one| one.account.to_string()).collect()),
        None => {
            let unread = derivation.open.why(Question::of("organizations:ListDelegatedAdministrators"));
            Listed { found: Vec::new(), unread }
        }
    }
}

/// Active accounts that have not opted in to the home Region of an organization trail. Such a trail does not reach them.
///
/// Source: CloudTrail User Guide, "Creating a trail for an organization": members must have opted in to the home Region.
fn members_without_home_region(derivation: &mut Derivation<'_>) -> Listed<String> {
    let snapshot = derivation.snapshot;
    let homes: BTreeSet<RegionName> =
        organization_trails(derivation).iter().map(|trail| trail.home_region.clone()).collect();
    let by_default = |home: &RegionName| {
        let lists = snapshot.accounts.iter().filter_map(|account| account.regions.as_ref());
        lists.into_iter().any(|regions| regions.value.enabled_by_default.contains(home))
    };
    let opt_in: Vec<RegionName> = homes.into_iter().filter(|home| !by_default(home)).collect();
    let mut listed = Listed::complete(Vec::new());
    if opt_in.is_empty() {
        return listed;
    }
    for account in snapshot.accounts.iter().filter(|account| account.is_active()) {
        match &account.regions {
            Some(regions) if opt_in.iter().all(|home| regions.value.opted_in.contains(home)) => {}
            Some(_) => listed.found.push(account.id.to_string()),
            None => {
                let why = derivation.open.why(Question::of("account:ListRegions").account(account.id));
                listed.unread = listed.unread.union(&why);
            }
        }
    }
    listed
}

/// The gaps behind which there may be trails that are not redundant. A Region that did not answer is none where a
/// multi-Region organization trail that logs reaches the account: at most leftovers are behind it.
fn hiding_trails(derivation: &mut Derivation<'_>) -> Gaps {
    let covered = |derivation: &Derivation<'_>, account: &Account| {
        let mut seen = account.sightings.iter().flat_map(|sighting| &sighting.trails);
        seen.any(|arn| derivation.trails.get(arn).is_some_and(|trail| records_everywhere(trail)))
    };
    let snapshot = derivation.snapshot;
    let active = snapshot.accounts.iter().filter(|account| account.is_active());
    let hiding: Vec<_> = active.filter(|account| !covered(derivation, account)).map(|account| account.id).collect();
    derivation.unseen(&hiding)
}

fn records_everywhere(trail: &facts::Trail) -> bool {
    let logs = matches!(&trail.status, Known::Is(status) if status.is_logging == Known::Is(true));
    logs && trail.is_organization == Known::Is(true) && trail.is_multi_region == Known::Is(true)
}

fn unlisted(derivation: &Derivation<'_>) -> Subject {
    let account = derivation.snapshot.caller.account;
    let facts = facts::Organization {
        watched_trails: Listed::complete(Vec::new()),
        unnoticed_changes: Vec::new(),
        id: None,
        management_account: None,
        is_known: false,
        trails: Listed { found: organization_trails(derivation), unread: Gaps::none() },
        cloudtrail_is_trusted: Known::Is(false),
        cloudtrail_administrators: Listed::complete(Vec::new()),
        members_without_home_region: Listed::complete(Vec::new()),
    };
    Subject {
        scope: Scope::Organization,
        resource: None,
        account: Some(account),
        region: None,
        related: Arc::default(),
        redundant: false,
        not_applicable: Some(format!("no organization was listed: only account {account} was scanned").into()),
        facts: to_fact(&facts),
    }
}
