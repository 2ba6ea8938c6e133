//! The accounts: what each is asked for itself.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use futures_util::stream::{self, Stream, StreamExt};

use super::governed::{Bound, may_log};
use crate::collect::account::{Description, REGIONS_AT_ONCE, Seen, default_regions, describe, regions};
use crate::collect::call::Call;
use crate::collect::event_data_store::{Listed, list};
use crate::collect::ledger::Ledger;
use crate::collect::session::{Session, Sessions};
use crate::collect::trail::Witnessed;
use crate::collect::wire::Progress;
use crate::collect::{Settings, account, data_bucket, event_data_store, trail, trail_list};
use crate::id::{AccountId, Partition, RegionName, TrailArn};
use crate::snapshot::{Account, DataBucket, EventDataStore, Trail};

/// An account, with what was found in it.
struct Visited {
    account: Account,
    descriptions: Vec<Description>,
    /// Its own trails, read.
    trails: Vec<Trail>,
    buckets: Vec<DataBucket>,
    stores: Vec<EventDataStore>,
}

/// What was found in all accounts.
#[derive(Default)]
pub(super) struct Found {
    pub(super) accounts: Vec<Account>,
    pub(super) seen: Witnessed,
    /// Those trails that the account that owns them was asked about when it was visited.
    pub(super) read: BTreeMap<TrailArn, Trail>,
    pub(super) data_buckets: Vec<DataBucket>,
    /// Event data stores, as each account lists them.
    pub(super) event_data_stores: Vec<EventDataStore>,
}

impl Found {
    fn take(&mut self, visited: Visited) {
        self.accounts.push(visited.account);
        visited.descriptions.into_iter().for_each(|description| self.seen.hear(description));
        self.read.extend(visited.trails.into_iter().map(|trail| (trail.arn.clone(), trail)));
        self.data_buckets.extend(visited.buckets);
        self.event_data_stores.extend(visited.stores);
    }
}

impl Visited {
    fn nothing_of(account: Account) -> Self {
        Self { account, descriptions: Vec::new(), trails: Vec::new(), buckets: Vec::new(), stores: Vec::new() }
    }
}

/// The visit of every account.
pub(super) struct Visits<'a> {
    pub(super) sessions: &'a Sessions,
    pub(super) ledger: &'a Ledger,
    pub(super) settings: &'a Settings,
    pub(super) progress: &'a Progress,
    pub(super) partition: &'a Partition,
    pub(super) bound: &'a Bound<'a>,
}

impl Visits<'_> {
    /// Every chosen account, as they come: its Regions, which trails and event data stores it sees, and those of its
    /// buckets that are looked for.
    pub(super) async fn accounts(&self, chosen: impl Stream<Item = Account>) -> Found {
        let mut found = chosen
            .map(|account| async move {
                if !account.is_active() {
                    return Visited::nothing_of(account);
                }
                let id = account.id;
                if let Some(shards) = self.settings.selection.shards.as_ref().filter(|shards| !shards.hold(id)) {
                    self.ledger.leave(shards.gap(id));
                    self.ledger.skipped(1);
                    return Visited::nothing_of(account);
                }
                let done = self.account(account).await;
                self.progress.accounts_done.fetch_add(1, Ordering::Relaxed);
                tracing::info!(account = %id, "read");
                done
            })
            .buffer_unordered(self.settings.at_once())
            .fold(Found::default(), async |mut found, visited| {
                found.take(visited);
                found
            })
            .await;
        self.describe_foreign(&mut found).await;
        found
    }

    /// How many questions an account would have been asked for itself, in these Regions.
    fn planned(&self, regions: Vec<RegionName>) -> usize {
        let only = &self.settings.selection.regions;
        let swept = regions.iter().filter(|region| only.is_empty() || only.contains(region)).count();
        let sweeps = 1 + usize::from(self.settings.needs.asks(Call::ListEventDataStores));
        1 + sweeps * swept + usize::from(self.settings.needs.asks(Call::ListAllBuckets))
    }

    /// Listed trails that their owners did not describe, as the first account that lists each does.
    async fn describe_foreign(&self, found: &mut Found) {
        let mut listers: BTreeMap<TrailArn, AccountId> = BTreeMap::new();
        for account in &found.accounts {
            for arn in account.listed_trails.iter().flat_map(|listed| &listed.value) {
                // Its own it was asked for already.
                if arn.account() != account.id && !found.seen.knows(arn) {
                    let lister = listers.entry(arn.clone()).or_insert(account.id);
                    *lister = account.id.min(*lister);
                }
            }
        }
        for (arn, lister) in listers {
            if let Ok(session) = self.sessions.enter(lister, self.ledger).await {
                let described = trail_list::described(&session, arn.home_region(), &[&arn], self.ledger).await;
                described.into_iter().for_each(|description| found.seen.hear(description));
            }
        }
    }

    async fn account(&self, account: Account) -> Visited {
        let mut visited = Visited::nothing_of(account);
        let account = &mut visited.account;
        let Ok(session) = self.sessions.enter(account.id, self.ledger).await else {
            self.ledger.skipped(self.planned(default_regions(self.partition)));
            return visited;
        };
        account.regions = regions(&session, self.ledger).await;
        let enabled: Vec<RegionName> = match &account.regions {
            Some(regions) => regions.value.enabled().into_iter().cloned().collect(),
            None => default_regions(self.partition),
        };
        let only = &self.settings.selection.regions;
        let swept: Vec<RegionName> =
            enabled.into_iter().filter(|region| only.is_empty() || only.contains(region)).collect();
        if self.settings.needs.asks(Call::ListTrails) {
            (account.listed_trails, visited.descriptions) = trail_list::read(&session, self.ledger).await;
        }
        let (seen, listed) = self.sweep(&session, swept).await;
        if !self.settings.needs.asks(Call::ListTrails) {
            (account.sightings, visited.descriptions) = account::sightings(seen);
        }
        (account.event_data_stores, visited.stores) = event_data_store::sightings(listed);
        if self.settings.needs.asks(Call::ListAllBuckets) {
            let found = data_bucket::find(&session, self.settings.needs.buckets(), only, self.ledger).await;
            if let Some((listing, buckets)) = found {
                account.buckets = Some(listing);
                visited.buckets = buckets;
            }
        }
        visited.trails = self.own_trails(&session, &visited.descriptions).await;
        if visited.trails.iter().any(may_log) {
            self.bound.tell(&visited.account);
        }
        visited
    }

    /// The trails of an account itself, read: nobody describes them better.
    async fn own_trails(&self, session: &Session, described: &[Description]) -> Vec<Trail> {
        let mut own = Witnessed::default();
        let of_it = described.iter().filter(|description| description.arn.account() == session.account);
        of_it.for_each(|description| own.hear(description.clone()));
        let mut trails = own.into_trails();
        for own in &mut trails {
            trail::read(session, own, &self.settings.needs, self.ledger).await;
        }
        trails
    }

    /// What is asked in each Region of an account: one question after the other, and some Regions side by side.
    async fn sweep(&self, session: &Session, regions: Vec<RegionName>) -> (Seen, Listed) {
        let needs = &self.settings.needs;
        let (trails, stores) = (!needs.asks(Call::ListTrails), needs.asks(Call::ListEventDataStores));
        if !trails && !stores {
            return (Vec::new(), Vec::new());
        }
        let (sweep, id) = (&session.sweep(), session.account);
        let answers = stream::iter(regions).map(|region| async move {
            let seen = if trails { describe(sweep, id, &region, None, self.ledger).await } else { None };
            let listed = if stores { list(sweep, id, &region, self.ledger).await } else { None };
            ((region.clone(), seen), (region, listed))
        });
        answers.buffer_unordered(REGIONS_AT_ONCE).unzip().await
    }
}
