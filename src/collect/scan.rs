//! The course of a run: who asks, which accounts, what each sees, then each trail, bucket, key and destination once.

mod analysis;
mod config;
mod governed;
mod kept;
mod listing;
mod notice;
mod owned;
mod stores;
mod visit;

pub(super) use config::config_regions;
pub(super) use governed::holders;

pub(super) use listing::{Beginning, Listing};

use governed::Bound;
use kept::Kept;
use notice::Noticed;
use visit::Visits;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::sync::atomic::Ordering;

use aws_config::SdkConfig;
use futures_util::future;
use futures_util::stream::{self, Stream, StreamExt};
use tokio::sync::mpsc;

use super::account::default_regions;
use super::answers::Head;
use super::call::Call;
use super::ledger::{Closed, Ledger, Unit};
use super::organization::{News, now};
use super::owner::Candidates;
use super::session::{Session, Sessions};
use super::wire::Progress;
use super::{CollectError, Settings, account_tags, service_control, trail};
use crate::id::{AccountId, Partition, RegionName, TrailArn};
use crate::snapshot::{Account, Breadth, Cause, Organization, Plan, Run, SCHEMA, Snapshot, Trail};

/// Reads everything that the settings ask for.
pub(super) async fn scan(base: &SdkConfig, settings: &Settings, progress: &Progress) -> Result<Snapshot, CollectError> {
    let started_at = now();
    let started_at = settings.replay.as_ref().map_or(started_at, |replay| replay.head().started_at);
    if let Some(log) = &settings.answers {
        log.head(&Head::of(settings, base.region().map(ToString::to_string), started_at));
    }
    let ledger = Ledger::of(settings);
    let beginning = Beginning::read(base, settings, &ledger).await?;
    let management = OnceLock::new();
    let (targets, named) = mpsc::unbounded_channel();
    let (tagged, listed) = mpsc::unbounded_channel();
    let bound = Bound { management: &management, targets };
    let policies = async {
        let asked = settings.needs.asks(Call::ListPoliciesForTarget);
        Ok(if asked { Some(service_control::read(beginning.sessions.caller(), named, &ledger).await) } else { None })
    };
    let tags = async {
        let asked = settings.needs.asks(Call::ListAccountTags) && settings.selection.breadth == Breadth::Organization;
        let session = beginning.sessions.caller();
        Ok(if asked { account_tags::read(session, listed, &ledger).await } else { BTreeMap::new() })
    };
    let all_else = Box::pin(gather(&beginning, settings, &ledger, progress, bound, tagged));
    let (mut snapshot, policies, mut tags) = future::try_join3(all_else, policies, tags).await?;
    for account in &mut snapshot.accounts {
        account.tags = tags.remove(&account.id);
    }
    if let Some(organization) = &mut snapshot.organization {
        organization.service_control = policies;
    }
    let Closed { calls, endings, gaps, reused } = ledger.close();
    snapshot.taken_at = started_at;
    snapshot.gaps = gaps;
    snapshot.run = Run {
        started_at,
        finished_at: now(),
        calls,
        endings,
        reused,
        requests: progress.requests.load(Ordering::Relaxed),
        throttles: progress.throttles.load(Ordering::Relaxed),
        ..snapshot.run
    };
    snapshot.sort();
    Ok(snapshot)
}

/// Reads all but the service control policies and the tags of accounts, and tells whose those are to be: a snapshot without
/// its times and gaps.
async fn gather(
    beginning: &Beginning,
    settings: &Settings,
    ledger: &Ledger,
    progress: &Progress,
    bound: Bound<'_>,
    tagged: mpsc::UnboundedSender<AccountId>,
) -> Result<Snapshot, CollectError> {
    let Beginning { caller, sessions } = beginning;
    let (told, accounts) = mpsc::unbounded_channel();
    let management = bound.management;
    let list = async move {
        let tell = move |news: News<'_>| match news {
            News::Management(account) => drop(management.set(account)),
            // Nobody listens any more where the run is over.
            News::Account(account) => {
                if account.is_active() && settings.selection.visits(account.id) {
                    tagged.send(account.id).ok();
                }
                drop(told.send(account.clone()));
            }
        };
        let listing = beginning.list(settings, ledger, &tell).await?;
        let plan = listing.plan(beginning, settings);
        progress.accounts.store(plan.accounts, Ordering::Relaxed);
        progress.show(plan.clone());
        Ok((listing, plan))
    };
    let visits = Visits { sessions, ledger, settings, progress, partition: &caller.partition, bound: &bound };
    let visit = async { Ok(visits.accounts(as_they_come(accounts)).await) };
    let ((listing, plan), found) = future::try_join(list, visit).await?;
    let visit::Found { mut accounts, seen, read, data_buckets, event_data_stores } = found;
    let candidates = listing.candidates(settings);
    let Listing { organization, everyone, chosen: _ } = listing;
    let scan = Scan {
        sessions,
        ledger,
        settings,
        organization: organization.as_ref(),
        everyone: everyone.iter().map(|account| account.id).collect(),
        candidates,
        partition: &caller.partition,
    };
    let trails = scan.trails(seen.into_trails(), read, &accounts).await;
    // What does not rest on one another is read side by side. The future of each is large.
    let (kept, noticed, mut config, keys, topics, log_roles, event_data_stores) = tokio::join!(
        Box::pin(scan.kept(&trails, &accounts, &everyone, bound)),
        Box::pin(scan.noticed(&trails)),
        Box::pin(scan.config(&accounts, &trails)),
        Box::pin(scan.keys(&trails)),
        Box::pin(scan.topics(&trails)),
        Box::pin(scan.log_roles(&trails)),
        Box::pin(scan.event_data_stores(event_data_stores)),
    );
    let Kept { buckets, mut blocks, mut authorizations } = kept;
    let Noticed { log_groups, alarms, event_buses, alert_topics } = noticed;
    let athena_tables = scan.tables(&trails, &buckets, &log_groups).await;
    for account in &mut accounts {
        account.config = config.remove(&account.id).unwrap_or_default();
        account.public_access_block = blocks.remove(&account.id);
        account.authorization = authorizations.remove(&account.id);
    }
    Ok(Snapshot {
        schema: SCHEMA.to_owned(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        taken_at: now(),
        caller: caller.clone(),
        selection: settings.selection(),
        organization,
        accounts,
        trails,
        buckets,
        data_buckets,
        keys,
        topics,
        log_groups,
        log_roles,
        alarms,
        event_buses,
        alert_topics,
        event_data_stores,
        athena_tables,
        gaps: Vec::new(),
        run: Run { plan: Some(plan), ..Run::default() },
    })
}

/// The accounts, as they are told.
fn as_they_come(mut told: mpsc::UnboundedReceiver<Account>) -> impl Stream<Item = Account> {
    stream::poll_fn(move |context| told.poll_recv(context))
}

/// What reading everything that the settings ask for will take.
pub(super) async fn planned(
    base: &SdkConfig,
    settings: &Settings,
) -> Result<(Option<Organization>, Plan), CollectError> {
    let ledger = Ledger::new(settings.patience);
    let beginning = Beginning::read(base, settings, &ledger).await?;
    let listing = beginning.list(settings, &ledger, &|_| {}).await?;
    let plan = listing.plan(&beginning, settings);
    Ok((listing.organization, plan))
}

pub(super) fn first_region(base: &SdkConfig, partition: &Partition) -> RegionName {
    let configured = base.region().and_then(|region| region.as_ref().parse().ok());
    configured.or_else(|| partition.leader_region()).unwrap_or_else(|| default_regions(partition).remove(0))
}

struct Scan<'a> {
    sessions: &'a Sessions,
    ledger: &'a Ledger,
    settings: &'a Settings,
    organization: Option<&'a Organization>,
    /// All accounts of the organization.
    everyone: BTreeSet<AccountId>,
    candidates: Candidates,
    partition: &'a Partition,
}

impl Scan<'_> {
    fn at_once(&self) -> usize {
        self.settings.at_once()
    }

    fn asks(&self, call: Call) -> bool {
        self.settings.needs.asks(call)
    }

    /// Whether an account is visited by this run: it is of no other shard.
    fn visits(&self, account: AccountId) -> bool {
        self.settings.selection.visits(account)
    }

    /// Every trail that was seen, read at its owner; an organization trail whose owner cannot be entered is read by
    /// its ARN with the caller's credentials where the caller is the delegated administrator. `read` are those that were
    /// read already, when their owners were visited.
    async fn trails(&self, seen: Vec<Trail>, mut read: BTreeMap<TrailArn, Trail>, accounts: &[Account]) -> Vec<Trail> {
        let seen: Vec<(Trail, bool)> = seen
            .into_iter()
            .map(|trail| match read.remove(&trail.arn) {
                Some(read) => (read, true),
                None => (trail, false),
            })
            .collect();
        stream::iter(seen)
            .map(|(mut seen, is_read)| async move {
                match self.reader_of(&seen).await {
                    Ok(session) => {
                        if !is_read {
                            trail::read(&session, &mut seen, &self.settings.needs, self.ledger).await;
                        }
                        self.deliveries(&session, &mut seen, accounts).await;
                    }
                    Err((cause, message)) => self.leave_trail_unread(&seen, &cause, &message),
                }
                seen
            })
            .buffer_unordered(self.at_once())
            .collect()
            .await
    }

    /// Whether a trail that logs delivers in its other Regions too.
    async fn deliveries(&self, session: &Session, seen: &mut Trail, accounts: &[Account]) {
        let multi_region = seen.configuration.value.is_multi_region_trail == Some(true);
        if self.asks(Call::GetRegionalTrailStatus) && multi_region && seen.logs() {
            let regions = seen.other_regions(accounts, &self.settings.selection.regions);
            trail::read_elsewhere(session, seen, regions, self.ledger).await;
        }
    }

    async fn reader_of(&self, seen: &Trail) -> Result<Session, (Cause, String)> {
        let owner = seen.arn.account();
        let entered = self.sessions.enter(owner, self.ledger).await;
        let caller = self.sessions.caller();
        let of_organization = seen.configuration.value.is_organization_trail == Some(true);
        if entered.is_err() && of_organization && self.is_delegated_administrator(caller.account) {
            return Ok(caller.clone());
        }
        entered
    }

    fn is_delegated_administrator(&self, account: AccountId) -> bool {
        let listed = self.organization.and_then(|organization| organization.delegated_administrators.as_ref());
        listed.is_some_and(|listed| listed.value.iter().any(|administrator| administrator.account == account))
    }

    fn leave_trail_unread(&self, seen: &Trail, cause: &Cause, message: &str) {
        for call in trail::CALLS.into_iter().filter(|call| self.asks(*call)) {
            let unit = Unit::of(call).account(seen.arn.account()).region(seen.arn.home_region());
            self.ledger.not_asked(&unit.resource(seen.arn.as_str()), cause.clone(), message);
        }
    }
}
