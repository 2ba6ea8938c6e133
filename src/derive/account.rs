//! What rules may say about an account: above all, which trails reach it.

use std::collections::HashMap;
use std::sync::Arc;

use super::analysis::{Analysis, Common};
use super::config::{self, Config, InRegions};
use super::events::{Events, Told};
use super::governed::{self, Holding, Holdings};
use super::identity;
use super::question::{OpenQuestions, Question};
use super::subject::{Derivation, Subject, root_of, to_fact};
use crate::expr::{Gaps, Known, Listed, Shared};
use crate::facts::{self, Scope};
use crate::id::{AccountId, RegionName, TrailArn};
use crate::snapshot::{Account, Regions, Snapshot};

/// The trails that reach an account.
type Reaching = Listed<Shared<facts::Trail>>;

/// What many accounts have in common.
#[derive(Clone)]
struct Sight<'a> {
    trails: Shared<Reaching>,
    regions_enabled: Known<Shared<Vec<RegionName>>>,
    organization_trail_reaches: Known<bool>,
    events: Told,
    analysis: Common<'a>,
    /// AWS Config in its Regions, as if none of them was asked.
    config: InRegions,
}

/// The trails that accounts see and the Regions that they have: most have the same ones, so each list is made once.
#[derive(Default)]
struct Lists<'a> {
    trails: HashMap<(Vec<&'a TrailArn>, Gaps), Shared<Reaching>>,
    regions: HashMap<Vec<&'a RegionName>, Shared<Vec<RegionName>>>,
    seen: HashMap<AccountId, Sight<'a>>,
    events: HashMap<Vec<u32>, Told>,
}

/// What holds of the organization as a whole.
struct Standing<'a> {
    has_trail: Known<bool>,
    trails: Vec<Shared<facts::Trail>>,
    events: Events,
    analysis: Analysis,
    holdings: Holdings,
    config: Config<'a>,
}

pub(super) fn subjects(derivation: &mut Derivation<'_>) -> Vec<Subject> {
    let standing = Standing {
        events: Events::of(derivation),
        analysis: Analysis::of(derivation),
        has_trail: organization_has_trail(derivation),
        trails: derivation.trails.values().filter(|trail| trail.is_organization == Known::Is(true)).cloned().collect(),
        holdings: Holdings::of(derivation),
        config: Config::of(derivation),
    };
    let active: Vec<&Account> = derivation.snapshot.accounts.iter().filter(|account| account.is_active()).collect();
    derivation.in_parts(&active, |derivation, accounts| {
        let mut lists = Lists::default();
        accounts.iter().map(|account| subject(derivation, account, &mut lists, &standing)).collect()
    })
}

/// What an account holds of the logs, and what keeps it.
struct Held {
    holding: Holding,
    service_control: Option<facts::account::ServiceControl>,
    tamper_principals: Option<Listed<String>>,
    cloudtrail_full_access: Listed<String>,
}

fn held(derivation: &mut Derivation<'_>, account: &Account, holdings: &Holdings) -> Held {
    let holding = holdings.of_account(account.id);
    let service_control = governed::service_control(derivation, account, &holding);
    Held {
        service_control,
        tamper_principals: identity::tamper_principals(derivation, account, &holding),
        cloudtrail_full_access: identity::full_access(derivation, account),
        holding,
    }
}

/// The sight of an account, taken from another that has the same where there is one.
fn sight_of<'a>(
    derivation: &mut Derivation<'a>,
    account: &'a Account,
    lists: &mut Lists<'a>,
    standing: &Standing<'_>,
) -> Sight<'a> {
    let model = derivation.coverage.model(account.id).unwrap_or(account.id);
    if let Some(sight) = lists.seen.get(&model) {
        return sight.clone();
    }
    let sight = sight(derivation, account, lists, standing);
    lists.seen.insert(model, sight.clone());
    sight
}

fn subject<'a>(
    derivation: &mut Derivation<'a>,
    account: &'a Account,
    lists: &mut Lists<'a>,
    standing: &Standing<'_>,
) -> Subject {
    let snapshot = derivation.snapshot;
    let sight = sight_of(derivation, account, lists, standing);
    let held = held(derivation, account, &standing.holdings);
    let facts = facts::Account {
        id: account.id,
        name: account.name.clone().unwrap_or_else(|| account.id.to_string()),
        state: account.state.as_ref().map_or("ACTIVE", |state| state.as_str()).to_owned(),
        is_management: snapshot.organization.as_ref().is_some_and(|listed| listed.management_account == account.id),
        ou_path: account.ou_path.clone().map(Known::Is),
        trails: sight.trails,
        organization_has_trail: standing.has_trail.clone(),
        organization_trail_reaches: sight.organization_trail_reaches,
        regions_enabled: sight.regions_enabled,
        management_events: sight.events.management,
        s3_data_events: sight.events.objects,
        lambda_data_events: sight.events.functions,
        dynamodb_data_events: sight.events.tables,
        named_events: None,
        holds_logs: held.holding.known(),
        holds: held.holding.told(),
        service_control: held.service_control,
        tamper_principals: held.tamper_principals,
        cloudtrail_full_access: held.cloudtrail_full_access,
        config: config::of_account(&mut derivation.open, account, &sight.config),
        analysis_paths: standing.analysis.of_account(derivation, account, &sight.analysis),
    };
    Subject {
        scope: Scope::Account,
        resource: Some(root_of(snapshot, account.id)),
        account: Some(account.id),
        region: None,
        related: Arc::default(),
        redundant: false,
        not_applicable: None,
        facts: to_fact(&facts),
    }
}

/// The trails that reach an account, and its Regions.
fn sight<'a>(
    derivation: &mut Derivation<'a>,
    account: &'a Account,
    lists: &mut Lists<'a>,
    standing: &Standing<'_>,
) -> Sight<'a> {
    let mut seen: Vec<&TrailArn> = account.sightings.iter().flat_map(|sighting| &sighting.trails).collect();
    seen.sort();
    seen.dedup();
    let unread = unread(&mut derivation.open, derivation.snapshot, account);
    let known = &derivation.trails;
    let trails = lists.trails.entry((seen, unread)).or_insert_with_key(|(seen, unread)| {
        let found = seen.iter().filter_map(|arn| known.get(*arn).cloned()).collect();
        Shared::new(Listed { found, unread: unread.clone() })
    });
    let trails = trails.clone();
    let regions_enabled = match &account.regions {
        Some(regions) => {
            let enabled = lists.regions.entry(regions.value.enabled());
            Known::Is(enabled.or_insert_with_key(|names| Shared::new(names.iter().copied().cloned().collect())).clone())
        }
        None => Known::Gap(derivation.open.why(Question::of("account:ListRegions").account(account.id))),
    };
    let organization_trail_reaches = organization_trail_reaches(derivation, account, &standing.trails);
    let events = standing.events.of_account(derivation, account.id, &mut lists.events);
    let analysis = standing.analysis.common(derivation, account.id, &trails);
    let config = standing.config.unasked(derivation, account);
    Sight { trails, regions_enabled, organization_trail_reaches, events, analysis, config }
}

/// Whether the organization has an organization trail. The management account owns it and sees it.
fn organization_has_trail(derivation: &mut Derivation<'_>) -> Known<bool> {
    let Some(organization) = &derivation.snapshot.organization else { return Known::Is(false) };
    if derivation.trails.values().any(|trail| trail.is_organization == Known::Is(true)) {
        return Known::Is(true);
    }
    let management = organization.management_account;
    let unread = match derivation.snapshot.account(management) {
        Some(_) => derivation.unseen(&[management]),
        None => derivation.open.why(Question::of("cloudtrail:DescribeTrails").account(management)),
    };
    if unread.is_empty() { Known::Is(false) } else { Known::Gap(unread) }
}

/// Whether an organization trail is seen wherever the account could be read. A Region that could not be read speaks
/// neither for it nor against it; an account that could not be read at all leaves it open.
fn organization_trail_reaches(
    derivation: &mut Derivation<'_>,
    account: &Account,
    organization_trails: &[Shared<facts::Trail>],
) -> Known<bool> {
    if account.sightings.is_empty() {
        return match unread(&mut derivation.open, derivation.snapshot, account) {
            gaps if gaps.is_empty() => Known::Is(false),
            gaps => Known::Gap(gaps),
        };
    }
    let seen_where_it_should_be = |trail: &Shared<facts::Trail>| {
        let single = trail.is_multi_region == Known::Is(false);
        let sightings =
            account.sightings.iter().filter(|sighting| !single || sighting.regions.contains(&trail.home_region));
        let seen: Vec<bool> = sightings.map(|sighting| sighting.trails.contains(&trail.arn)).collect();
        !seen.is_empty() && seen.iter().all(|seen| *seen)
    };
    Known::Is(organization_trails.iter().any(seen_where_it_should_be))
}

/// Whether one sighting holds all enabled Regions: the plain case, told without looking for each.
fn is_swept_whole(account: &Account, regions: &Regions) -> bool {
    match account.sightings.as_slice() {
        [seen] => regions.opted_in.is_empty() && seen.regions == regions.enabled_by_default,
        _ => false,
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
    if is_swept_whole(account, &regions.value) {
        return Gaps::none();
    }
    let swept = |region: &RegionName| account.sightings.iter().any(|seen| seen.regions.binary_search(region).is_ok());
    let only = &snapshot.selection.regions;
    let mut gaps = Gaps::none();
    for region in regions.value.enabled() {
        if !swept(region) && (only.is_empty() || only.contains(region)) {
            let question = Question::of("cloudtrail:DescribeTrails").account(account.id).region(region);
            gaps = gaps.union(&open.why(question));
        }
    }
    gaps
}
