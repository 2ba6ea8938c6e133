//! Ways to query the logs of an account: stores that take its events in, log groups, tables of Athena over log buckets.

use std::collections::HashMap;
use std::sync::Arc;

use super::event_data_store::{is_of_organization, takes_events_in};
use super::log_keys::{LogKeys, Reach};
use super::question::{OpenQuestions, Question};
use super::subject::Derivation;
use crate::expr::{Gaps, Known, Listed, Shared};
use crate::facts;
use crate::id::{AccountId, RegionName};
use crate::snapshot::{Account, Bucket, Cause, LogGroup, Snapshot, TableListing, Trail};

const STORES: &str = "cloudtrail:ListEventDataStores";
const CATALOGS: &str = "athena:ListDataCatalogs";
const GROUPS: &str = "logs:DescribeLogGroups";
const FILTERS: &str = "logs:DescribeSubscriptionFilters";

/// The event data stores, by whose events they take in.
pub(super) struct Analysis {
    of_organization: Listed<String>,
    of_account: HashMap<AccountId, Listed<String>>,
    /// Why nobody listed stores, where nobody did.
    not_asked: Option<Gaps>,
}

/// What accounts have in common that the same trails reach: ways that are open to all of them, and the trails of which
/// only tables can show more.
#[derive(Clone)]
pub(super) struct Common<'a> {
    listed: Shared<Listed<String>>,
    tables: Vec<Tables<'a>>,
    /// What hides further tables, of all these trails.
    unread: Gaps,
}

/// The tables over the bucket of one trail, whosever files they are about.
#[derive(Clone)]
struct Tables<'a> {
    listing: &'a TableListing,
    bucket: &'a str,
    keys: Arc<LogKeys>,
}

impl Analysis {
    pub(super) fn of(derivation: &mut Derivation<'_>) -> Self {
        let snapshot = derivation.snapshot;
        let asked = snapshot.selection.operations.iter().any(|operation| operation == STORES)
            || snapshot.accounts.iter().any(|account| !account.event_data_stores.is_empty());
        let not_asked = (!asked).then(|| derivation.open.why(Question::of(STORES)));
        let mut of_organization = Listed::complete(Vec::new());
        let mut of_account: HashMap<AccountId, Listed<String>> = HashMap::new();
        for store in &snapshot.event_data_stores {
            let Some(owner) = store.arn.account() else { continue };
            let words = store.name.clone().unwrap_or_else(|| store.arn.to_string());
            let words = format!("the event data store {words} of {owner}");
            let takes = takes_events_in(derivation, store);
            take(of_account.entry(owner).or_insert_with(|| Listed::complete(Vec::new())), &takes, &words);
            let whole = match (is_of_organization(derivation, store), takes) {
                (Known::Is(false), _) | (_, Known::Is(false)) => Known::Is(false),
                (Known::Gap(gaps), _) => Known::Gap(gaps),
                (Known::Is(true), takes) => takes,
            };
            take(&mut of_organization, &whole, &words);
        }
        if let Some(organization) = &snapshot.organization
            && not_asked.is_none()
        {
            // An organization's store belongs to the management account, whoever made it.
            let management = organization.management_account;
            let unlisted = match snapshot.account(management) {
                Some(account) => unlisted(&mut derivation.open, snapshot, account),
                None => derivation.open.why(Question::of(STORES).account(management)),
            };
            of_organization.unread = of_organization.unread.union(&unlisted);
        }
        Self { of_organization, of_account, not_asked }
    }

    /// What the accounts have in common that some trails reach. `unread` hides further ones.
    pub(super) fn common<'a>(
        &self,
        derivation: &mut Derivation<'a>,
        account: AccountId,
        trails: &Listed<Shared<facts::Trail>>,
    ) -> Common<'a> {
        let (mut found, mut unread) = (Vec::new(), trails.unread.clone());
        let (mut tables, mut hidden) = (Vec::new(), Gaps::none());
        if derivation.insiders.organization_of(account).is_some() {
            found.extend(self.of_organization.found.iter().cloned());
            unread = unread.union(&self.of_organization.unread);
        }
        for trail in &trails.found {
            match logs(trail) {
                Known::Is(true) => {}
                Known::Is(false) => continue,
                Known::Gap(gaps) => {
                    unread = unread.union(&gaps);
                    continue;
                }
            }
            let group = of_log_group(derivation, trail);
            found.extend(group.found);
            unread = unread.union(&group.unread);
            hidden = hidden.union(&tables_of(derivation, trail, &mut tables));
        }
        Common { listed: Shared::new(only_found(found, unread)), tables, unread: hidden }
    }

    /// The ways of one account. Where others share one, its own are not looked for.
    pub(super) fn of_account(
        &self,
        derivation: &mut Derivation<'_>,
        account: &Account,
        common: &Common<'_>,
    ) -> Shared<Listed<String>> {
        if !common.listed.found.is_empty() {
            return common.listed.clone();
        }
        let (mut found, mut unread) = (Vec::new(), common.listed.unread.union(&common.unread));
        if let Some(own) = self.of_account.get(&account.id) {
            found.extend(own.found.iter().cloned());
            unread = unread.union(&own.unread);
        }
        for tables in &common.tables {
            let listed = tables.of_account(&mut derivation.open, account.id);
            found.extend(listed.found);
            unread = unread.union(&listed.unread);
        }
        if found.is_empty() {
            let unlisted = match &self.not_asked {
                Some(gaps) => gaps.clone(),
                None => unlisted(&mut derivation.open, derivation.snapshot, account),
            };
            unread = unread.union(&unlisted);
        }
        Shared::new(only_found(found, unread))
    }
}

/// What was found, sorted. What could hide more counts only where nothing was.
fn only_found(mut found: Vec<String>, unread: Gaps) -> Listed<String> {
    found.sort();
    found.dedup();
    let unread = if found.is_empty() { unread } else { Gaps::none() };
    Listed { found, unread }
}

fn take(listed: &mut Listed<String>, is_one: &Known<bool>, words: &str) {
    match is_one {
        Known::Is(true) => listed.found.push(words.to_owned()),
        Known::Is(false) => {}
        Known::Gap(gaps) => listed.unread = listed.unread.union(gaps),
    }
}

/// The gaps behind which an account may have stores that were not listed.
fn unlisted(open: &mut OpenQuestions, snapshot: &Snapshot, account: &Account) -> Gaps {
    let listed = |region: &RegionName| account.event_data_stores.iter().any(|seen| seen.regions.contains(region));
    let question = Question::of(STORES).account(account.id);
    let Some(regions) = &account.regions else { return open.why(question) };
    if account.event_data_stores.is_empty() {
        return open.why(question);
    }
    // The plain case, told without looking for each.
    if let [seen] = account.event_data_stores.as_slice()
        && regions.value.opted_in.is_empty()
        && seen.regions == regions.value.enabled_by_default
    {
        return Gaps::none();
    }
    let only = &snapshot.selection.regions;
    let mut gaps = Gaps::none();
    for region in regions.value.enabled() {
        if !listed(region) && (only.is_empty() || only.contains(region)) {
            gaps = gaps.union(&open.why(question.region(region)));
        }
    }
    gaps
}

fn logs(trail: &facts::Trail) -> Known<bool> {
    match &trail.status {
        Known::Is(status) => status.is_logging.clone(),
        Known::Gap(gaps) => Known::Gap(gaps.clone()),
    }
}

fn read_trail<'a>(snapshot: &'a Snapshot, trail: &facts::Trail) -> Option<&'a Trail> {
    snapshot.trails.binary_search_by(|read| read.arn.cmp(&trail.arn)).ok().map(|at| &snapshot.trails[at])
}

/// What a trail's log group is good for: CloudWatch Logs Insights queries it where it is, and a subscription filter sends
/// its events on.
fn of_log_group(derivation: &mut Derivation<'_>, trail: &facts::Trail) -> Listed<String> {
    let mut listed = Listed::complete(Vec::new());
    let snapshot = derivation.snapshot;
    let Some(arn) = read_trail(snapshot, trail).and_then(|read| read.configuration.value.log_group()) else {
        return listed;
    };
    let question = |operation| {
        let owner = trail.log_group.as_ref().and_then(|group| match group {
            Known::Is(group) => group.arn.account(),
            Known::Gap(_) => None,
        });
        let question = Question::of(operation).resource(arn);
        owner.map_or(question, |owner| question.account(owner))
    };
    let Some(group) = snapshot.log_groups.iter().find(|group| group.arn.as_str() == arn) else {
        listed.unread = derivation.open.why(question(GROUPS));
        return listed;
    };
    let place = place_of(group);
    if let Some(filter) = group.subscription_filters.iter().flat_map(|filters| &filters.value).next() {
        listed.found.push(format!("the subscription filter {} of the log group {place}", filter.name));
    }
    match (group.answers_queries(), &group.description) {
        (Some(true), _) => listed.found.push(format!("Logs Insights over the log group {place}")),
        (Some(false), _) => {}
        (None, None) => listed.unread = derivation.open.why(question(GROUPS)),
        (None, Some(described)) => {
            let class = described.value.class.as_deref().unwrap_or("");
            let message =
                format!("whether log groups of the class {class} can be queried is not known to this version");
            listed.unread = derivation.open.leave(question(GROUPS), Cause::Unsupported, &message);
        }
    }
    if listed.found.is_empty() && group.subscription_filters.is_none() {
        listed.unread = listed.unread.union(&derivation.open.why(question(FILTERS)));
    }
    listed
}

fn place_of(group: &LogGroup) -> String {
    match (group.arn.account(), group.arn.region()) {
        (Some(account), Some(region)) => format!("{} of {account} in {region}", group.name()),
        _ => group.arn.to_string(),
    }
}

/// Adds the tables over the files that a trail writes; the gaps behind which there may be more.
fn tables_of<'a>(derivation: &mut Derivation<'a>, trail: &facts::Trail, tables: &mut Vec<Tables<'a>>) -> Gaps {
    let snapshot = derivation.snapshot;
    let Some(read) = read_trail(snapshot, trail) else { return Gaps::none() };
    let configuration = &read.configuration.value;
    // Without a name there is no bucket of that name either: the question stays open.
    let named = configuration.s3_bucket_name.as_deref().unwrap_or("");
    let bucket = snapshot.buckets.binary_search_by(|bucket| bucket.name.as_str().cmp(named)).ok();
    let bucket = bucket.map(|at| &snapshot.buckets[at]);
    if bucket.is_some_and(Bucket::is_missing) {
        return Gaps::none();
    }
    let user = trail.account;
    let Some(region) = bucket.and_then(|bucket| bucket.region.as_ref()) else {
        return derivation.open.why(Question::of(CATALOGS).account(user).resource(named));
    };
    let (mut asked, mut unread) = (vec![user], Gaps::none());
    match &trail.bucket_owner {
        Some(Known::Is(owner)) if *owner != user => asked.push(*owner),
        Some(Known::Gap(gaps)) => unread = gaps.clone(),
        _ => {}
    }
    let organization = derivation.insiders.organization_of(user);
    let prefix = configuration.s3_key_prefix.as_deref();
    let keys = Arc::new(LogKeys::new(prefix, user, configuration.is_organization_trail, organization));
    for holder in asked {
        let is_it = |listing: &&TableListing| {
            listing.account == holder
                && listing.region == *region
                && listing.buckets.iter().any(|name| name.as_str() == named)
        };
        match snapshot.athena_tables.iter().find(is_it) {
            Some(listing) => tables.push(Tables { listing, bucket: named, keys: Arc::clone(&keys) }),
            None => {
                let question = Question::of(CATALOGS).account(holder).region(region);
                unread = unread.union(&derivation.open.why(question));
            }
        }
    }
    unread
}

impl Tables<'_> {
    /// Those over the files of one account.
    fn of_account(&self, open: &mut OpenQuestions, account: AccountId) -> Listed<String> {
        let mut listed = Listed::complete(Vec::new());
        let listing = self.listing;
        let question = |operation| Question::of(operation).account(listing.account).region(&listing.region);
        for table in &listing.tables.value {
            let Some((of_table, prefix)) = table.place() else { continue };
            if of_table != self.bucket {
                continue;
            }
            let name = format!("{}.{}.{}", table.catalog, table.database, table.name);
            match self.keys.reach_in_account(prefix, account) {
                Reach::All | Reach::Some => {
                    let (holder, location) = (listing.account, &table.location);
                    let place = &listing.region;
                    listed.found.push(format!("the Athena table {name} of {holder} in {place} over {location}"));
                }
                Reach::None => {}
                Reach::Undecided => {
                    let message = format!("whether {} holds the files of {account} is not known", table.location);
                    let resource = format!("{}.{}", table.catalog, table.database);
                    let question = question("athena:ListTableMetadata").resource(&resource);
                    let gap = open.leave(question, Cause::Unsupported, &message);
                    listed.unread = listed.unread.union(&gap);
                }
            }
        }
        for unread in &listing.unread {
            let why = open.why(question(&unread.operation).resource(&unread.resource));
            listed.unread = listed.unread.union(&why);
        }
        listed
    }
}
