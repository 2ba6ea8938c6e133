//! What there is to ask about, in numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::super::account::default_regions;
use super::super::call::{Call, Each};
use super::super::data_bucket::questions;
use super::super::owner::{Candidates, far, near};
use super::super::scan::{config_regions, holders};
use super::super::{Settings, log_group};
use crate::id::{AccountId, Arn, BucketName, Partition, RegionName};
use crate::snapshot::{
    Account, Bucket, Existence, Homes, KeyDescription, Observed, Organization, Owner, Snapshot, Trail,
};

/// How far a run goes: what is known when the accounts are listed.
#[derive(Debug)]
pub(in super::super) struct Extent<'a> {
    pub(in super::super) caller: AccountId,
    pub(in super::super) partition: &'a Partition,
    /// Where global calls go.
    pub(in super::super) first_region: &'a RegionName,
    pub(in super::super) organization: Option<&'a Organization>,
    /// How many accounts there are.
    pub(in super::super) everyone: usize,
    pub(in super::super) members: &'a BTreeSet<AccountId>,
    /// Those that are visited.
    pub(in super::super) visited: Vec<&'a Account>,
    /// Whom to ask for the owner of a bucket.
    pub(in super::super) candidates: Candidates,
}

/// How often there is what each call is made for.
#[derive(Debug, Default)]
pub(in super::super) struct Inventory {
    counts: BTreeMap<Each, u64>,
    /// Counts of what an earlier snapshot did not look for.
    assumed: BTreeMap<Each, u64>,
    /// The operations that it did look for.
    known: BTreeSet<String>,
    /// The most Regions of one account.
    pub(super) most_regions: u64,
}

impl Inventory {
    /// How often a call is made.
    pub(super) fn count(&self, call: Call) -> u64 {
        let counts = if self.known.contains(call.operation()) { &self.counts } else { &self.assumed };
        counts.get(&call.each()).copied().unwrap_or(0)
    }

    /// How many Regions are asked for the trails whose home they are, in the fast discovery.
    pub(super) fn homes(&self) -> u64 {
        let counts = if self.known.is_empty() { &self.assumed } else { &self.counts };
        counts.get(&Each::TrailHome).copied().unwrap_or(0)
    }

    /// What is expected within an extent.
    pub(in super::super) fn expected(settings: &Settings, extent: &Extent<'_>) -> Self {
        let expecting = Expecting { settings, extent, like: settings.like().map(AsRef::as_ref) };
        let regions: Vec<u64> = extent.visited.iter().map(|account| expecting.swept(account)).collect();
        let mut assumed = expecting.extent(&regions);
        assumed.extend(expecting.assumed(&regions));
        let mut counts = expecting.extent(&regions);
        let mut known = BTreeSet::new();
        if let Some(like) = expecting.like {
            counts.extend(expecting.as_in(like));
            known.extend(like.selection.operations.iter().cloned());
        }
        Self { counts, assumed, known, most_regions: regions.into_iter().max().unwrap_or(0) }
    }
}

fn count(things: usize) -> u64 {
    things as u64
}

struct Expecting<'a> {
    settings: &'a Settings,
    extent: &'a Extent<'a>,
    like: Option<&'a Snapshot>,
}

impl Expecting<'_> {
    /// The Regions of an account in which trails are looked for.
    fn swept(&self, account: &Account) -> u64 {
        let only = &self.settings.selection.regions;
        let known = self.like.and_then(|like| like.account(account.id)).and_then(|known| known.regions.as_ref());
        let enabled: Vec<RegionName> = match known {
            Some(regions) => regions.value.enabled().into_iter().cloned().collect(),
            None => default_regions(self.extent.partition),
        };
        count(enabled.iter().filter(|region| only.is_empty() || only.contains(region)).count())
    }

    /// What is known of the run itself.
    fn extent(&self, regions: &[u64]) -> BTreeMap<Each, u64> {
        let organization = self.extent.organization;
        let entered = self.extent.visited.iter().filter(|account| account.id != self.extent.caller).count();
        [
            (Each::Run, 1),
            (Each::Organization, u64::from(organization.is_some())),
            (Each::Unit, count(organization.and_then(|listed| listed.units_total).unwrap_or(0))),
            (Each::Account, count(self.extent.visited.len())),
            (Each::ListedAccount, organization.map_or(0, |_| count(self.extent.visited.len()))),
            (Each::AccountRegion, regions.iter().sum()),
            (Each::Entered, count(entered)),
        ]
        .into()
    }

    /// Where nothing is known: one organization trail, to a bucket of another account, with everything that a good one has.
    fn assumed(&self, regions: &[u64]) -> BTreeMap<Each, u64> {
        let accounts = count(self.extent.visited.len());
        let all_regions: u64 = regions.iter().sum();
        let is_organization = self.extent.organization.is_some();
        let wanted = self.settings.needs.config_regions();
        let in_all = default_regions(self.extent.partition).iter().filter(|region| wanted.mean(region, false)).count();
        let config = if in_all > 1 { all_regions } else { accounts };
        let asked = count(self.extent.candidates.scanned.len().min(self.extent.candidates.at_once));
        let search = if self.extent.candidates.named.is_empty() { 1 + asked } else { 2 };
        let one = [
            Each::Trail,
            Each::TrailHome,
            Each::InsightTrail,
            Each::Place,
            Each::OwnedBucket,
            Each::BucketOwner,
            Each::Key,
            Each::LiveKey,
            Each::RotatingKey,
            Each::LogGroup,
            Each::LogRole,
            Each::LiveLogRole,
            Each::InlinePolicy,
            Each::AlarmPlace,
            Each::EventBus,
            Each::EventRule,
            Each::AlertTopic,
            Each::Subscription,
        ];
        let others = [
            (Each::Topic, 1 + u64::from(self.settings.needs.asks(Call::ListSubscriptions))),
            (Each::TrailRegion, regions.iter().max().map_or(0, |most| most.saturating_sub(1))),
            (Each::OwnerQuestion, if is_organization { search } else { 1 }),
            (Each::PolicyTarget, if is_organization { 3 } else { 0 }),
            (Each::ServiceControlPolicy, u64::from(is_organization)),
            (Each::Governed, if is_organization { 2 } else { 1 }),
            (Each::GovernedOrAll, accounts),
            (Each::ConfigRegion, config),
            (Each::RecordedRegion, config),
            (Each::TagRegion, accounts * count(questions(self.settings.needs.buckets()))),
        ];
        one.into_iter().map(|each| (each, 1)).chain(others).collect()
    }

    /// As an earlier snapshot found it.
    fn as_in(&self, like: &Snapshot) -> BTreeMap<Each, u64> {
        let visited: BTreeSet<AccountId> = self.extent.visited.iter().map(|account| account.id).collect();
        let accounts = || like.accounts.iter().filter(|account| visited.contains(&account.id));
        let seen: BTreeSet<_> = accounts().flat_map(Account::trails).collect();
        let trails: Vec<&Trail> = like.trails.iter().filter(|trail| seen.contains(&trail.arn)).collect();
        let mut counts = self.of_trails(like, &trails);
        counts.extend(self.of_buckets(like, &trails));
        counts.extend(self.of_destinations(like, &trails));
        counts.extend(self.of_governed(like));
        let homes = Homes::of(&like.trails);
        let config = accounts().map(|account| {
            let only = &self.settings.selection.regions;
            count(config_regions(account, &homes, self.extent.partition, only, &self.settings.needs).len())
        });
        let stores: BTreeSet<_> =
            accounts().flat_map(|account| &account.event_data_stores).flat_map(|seen| &seen.stores).collect();
        let tagged =
            accounts().filter_map(|account| account.buckets.as_ref()).map(|listing| listing.value.regions.len());
        let recorded = accounts().flat_map(|account| account.config.values());
        let recorded = recorded.filter(|config| config.recorders.as_ref().is_none_or(|read| !read.value.is_empty()));
        let before =
            |operation: &str| like.run.calls.get(operation).map_or(0, |calls| calls.answered + calls.unanswered);
        counts.extend([
            (Each::ConfigRegion, config.sum()),
            (Each::RecordedRegion, count(recorded.count())),
            (Each::Store, count(stores.len())),
            (Each::TagRegion, count(tagged.sum::<usize>() * questions(self.settings.needs.buckets()))),
            (Each::AthenaPlace, count(like.athena_tables.len())),
            // Those without a table over a log bucket are in no snapshot.
            (Each::AthenaCatalog, before(Call::ListDatabases.operation())),
            (Each::AthenaDatabase, before(Call::ListTableMetadata.operation())),
        ]);
        counts
    }

    fn of_trails(&self, like: &Snapshot, trails: &[&Trail]) -> BTreeMap<Each, u64> {
        let insights = |trail: &&&Trail| trail.configuration.value.has_insight_selectors != Some(false);
        let multi_region =
            |trail: &&&Trail| trail.configuration.value.is_multi_region_trail == Some(true) && trail.logs();
        let only = &self.settings.selection.regions;
        let elsewhere = trails.iter().filter(multi_region).map(|trail| trail.other_regions(&like.accounts, only).len());
        // Those of an account that is visited are asked for together, home by home.
        let visited = |owner: AccountId| self.extent.visited.iter().any(|account| account.id == owner);
        let homes: BTreeSet<_> = trails
            .iter()
            .map(|trail| {
                (trail.arn.account(), trail.arn.home_region(), (!visited(trail.arn.account())).then_some(&trail.arn))
            })
            .collect();
        [
            (Each::TrailHome, count(homes.len())),
            (Each::Trail, count(trails.len())),
            (Each::InsightTrail, count(trails.iter().filter(insights).count())),
            (Each::TrailRegion, count(elsewhere.sum())),
        ]
        .into()
    }

    fn of_buckets(&self, like: &Snapshot, trails: &[&Trail]) -> BTreeMap<Each, u64> {
        let mut users: BTreeMap<BucketName, BTreeSet<AccountId>> = BTreeMap::new();
        for trail in trails {
            let name = trail.configuration.value.s3_bucket_name.as_deref().and_then(|name| name.parse().ok());
            if let Some(name) = name {
                users.entry(name).or_default().insert(trail.arn.account());
            }
        }
        // The owners that are found near their buckets, before any is looked for afar.
        let is_near = |bucket: &&Bucket| {
            let users = users.get(&bucket.name);
            let near = users.map(|users| near(&bucket.name, users, &self.extent.candidates));
            owner(bucket).is_some_and(|owner| near.is_some_and(|near| near.contains(&owner)))
        };
        let mut known: BTreeSet<AccountId> = like.buckets.iter().filter(is_near).filter_map(owner).collect();
        let mut entered: BTreeSet<AccountId> = self.extent.visited.iter().map(|account| account.id).collect();
        entered.extend(trails.iter().map(|trail| trail.arn.account()));
        let mut questions: BTreeSet<(AccountId, &BucketName)> = BTreeSet::new();
        let mut heads: BTreeSet<(AccountId, &RegionName, &str)> = BTreeSet::new();
        let mut owners: BTreeSet<AccountId> = BTreeSet::new();
        let mut owned = 0;
        for (name, users) in &users {
            let Some(bucket) = like.buckets.iter().find(|bucket| bucket.name == *name) else { continue };
            let missing = matches!(&bucket.existence, Some(Observed { value: Existence::Missing, .. }));
            let asker = users.first().copied().unwrap_or(self.extent.caller);
            heads.insert((asker, self.extent.first_region, name.as_str()));
            if !missing && self.settings.needs.asks(Call::ListBuckets) {
                let asked = self.asked(bucket, users, &known);
                questions.extend(asked.iter().map(|id| (*id, name)));
                entered.extend(asked);
            }
            if let (Some(owner), Some(region)) = (owner(bucket), &bucket.region) {
                known.insert(owner);
                owners.insert(owner);
                owned += 1;
                let destinations = bucket.replication.iter().flat_map(|read| &read.value.destinations);
                for copy in destinations {
                    heads.insert((owner, self.extent.first_region, copy.name.as_str()));
                    questions.extend(copy.has_same_owner.map(|_| (owner, &copy.name)));
                }
                let target = bucket.access_logging.as_ref().and_then(|read| read.value.target_bucket.as_deref());
                heads.extend(target.filter(|target| *target != name.as_str()).map(|target| (owner, region, target)));
            }
        }
        entered.remove(&self.extent.caller);
        let scanned = |owner: &&AccountId| self.extent.candidates.scanned.contains(owner);
        [
            (Each::Place, count(heads.len())),
            (Each::OwnerQuestion, count(questions.len())),
            (Each::OwnedBucket, owned),
            (Each::BucketOwner, count(owners.iter().filter(scanned).count())),
            (Each::Entered, count(entered.len())),
        ]
        .into()
    }

    /// The accounts that are asked whether a bucket is theirs, as [`super::super::owner::Search`] asks them.
    fn asked(&self, bucket: &Bucket, users: &BTreeSet<AccountId>, known: &BTreeSet<AccountId>) -> Vec<AccountId> {
        let candidates = &self.extent.candidates;
        let mut asked = near(&bucket.name, users, candidates);
        asked.extend(far(&asked, known, candidates));
        let owner = owner(bucket);
        if let Some(at) = asked.iter().position(|id| Some(*id) == owner) {
            asked.truncate(at + 1);
            return asked;
        }
        let others: Vec<AccountId> = candidates.scanned.iter().copied().filter(|id| !asked.contains(id)).collect();
        for some in others.chunks(candidates.at_once) {
            asked.extend(some);
            if some.iter().any(|id| Some(*id) == owner) {
                break;
            }
        }
        asked
    }

    /// Whether the account that something is of may be entered.
    fn reaches(&self, arn: &Arn) -> bool {
        let named = &self.settings.selection.log_archives;
        let within = |owner| self.extent.members.contains(&owner) || named.contains(&owner);
        self.extent.organization.is_none() || arn.account().is_some_and(within)
    }

    fn of_destinations(&self, like: &Snapshot, trails: &[&Trail]) -> BTreeMap<Each, u64> {
        let named: BTreeSet<&str> = trails
            .iter()
            .map(|trail| &trail.configuration.value)
            .flat_map(|configuration| {
                let role =
                    configuration.cloud_watch_logs_role_arn.as_deref().filter(|_| configuration.log_group().is_some());
                [configuration.sns_topic_arn.as_deref(), configuration.log_group(), role]
            })
            .flatten()
            .collect();
        let keys: BTreeSet<Arn> = trails.iter().filter_map(|trail| trail.configuration.value.kms_key_arn()).collect();
        let keys: Vec<_> = like.keys.iter().filter(|key| keys.contains(&key.arn) && self.reaches(&key.arn)).collect();
        let described = |key: &&&crate::snapshot::Key, is: fn(&KeyDescription) -> bool| {
            key.description.as_ref().is_some_and(|read| is(&read.value))
        };
        let gone = |read: &KeyDescription| read.state.as_deref() == Some(KeyDescription::NOT_FOUND);
        let is_read = |arn: &Arn| named.contains(arn.as_str()) && self.reaches(arn);
        let groups: Vec<_> = like.log_groups.iter().filter(|group| is_read(&group.arn)).collect();
        let groups: Vec<_> = groups.into_iter().filter(|group| log_group::is_one(group.arn.as_str())).collect();
        let counted = |group: &&&crate::snapshot::LogGroup| {
            let filters = group.metric_filters.iter().flat_map(|filters| &filters.value);
            filters.clone().any(|filter| !filter.transformations.is_empty())
        };
        let alarms: BTreeSet<_> =
            groups.iter().filter(counted).map(|group| (group.arn.account(), group.arn.region())).collect();
        let roles: Vec<_> = like.log_roles.iter().filter(|role| is_read(&role.arn)).collect();
        let live = |role: &&&crate::snapshot::LogRole| {
            role.description.as_ref().is_some_and(|read| read.value.existence == Existence::Present)
        };
        let attached = |role: &&'_ crate::snapshot::LogRole| {
            let attached = role.attached.iter().flat_map(|read| &read.value).map(|policy| policy.arn.clone());
            let boundary = role.boundary.iter().map(|read| read.value.arn.clone());
            let account = role.arn.account();
            attached.chain(boundary).map(move |arn| (account, arn)).collect::<Vec<_>>()
        };
        let policies: BTreeSet<_> = roles.iter().flat_map(attached).collect();
        let length = |list: Option<usize>| count(list.unwrap_or(0));
        let buses: Vec<_> = like.event_buses.iter().filter(|bus| self.reaches(&bus.arn)).collect();
        let rules = buses.iter().flat_map(|bus| &bus.rules).flat_map(|rules| &rules.value);
        let targets: BTreeSet<Arn> = like.event_buses.iter().flat_map(crate::snapshot::EventBus::targets).collect();
        let alerts = || like.alert_topics.iter().filter(|topic| self.reaches(&topic.arn));
        let heard =
            alerts().filter(|topic| topic.audience.as_ref().is_none_or(|read| !read.value.confirmed.is_empty()));
        let heard = if self.settings.needs.asks(Call::ListSubscriptions) { heard.count() } else { 0 };
        let topics = like.topics.iter().filter(|topic| is_read(&topic.arn)).count();
        [
            (Each::Key, count(keys.len())),
            (Each::LiveKey, count(keys.iter().filter(|key| !described(key, gone)).count())),
            (Each::RotatingKey, count(keys.iter().filter(|key| described(key, KeyDescription::rotates)).count())),
            (Each::Topic, count(topics + heard)),
            (Each::LogGroup, count(groups.len())),
            (Each::AlarmPlace, count(alarms.len())),
            (Each::LogRole, count(roles.len())),
            (Each::LiveLogRole, count(roles.iter().filter(live).count())),
            (
                Each::InlinePolicy,
                roles.iter().map(|role| length(role.inline.as_ref().map(|read| read.value.len()))).sum(),
            ),
            (Each::RolePolicy, count(policies.len())),
            (Each::EventBus, count(buses.len())),
            (Each::EventRule, count(rules.filter(|rule| rule.may_hear_of_cloudtrail()).count())),
            (Each::ReceivingBus, count(buses.iter().filter(|bus| targets.contains(&bus.arn)).count())),
            (Each::AlertTopic, count(alerts().count())),
            (Each::Subscription, alerts().map(|topic| count(topic.subscriptions.len())).sum()),
        ]
        .into()
    }

    fn of_governed(&self, like: &Snapshot) -> BTreeMap<Each, u64> {
        let mut governed = holders(&like.trails, &like.buckets);
        let listed = like.organization.as_ref().and_then(|listed| listed.delegated_administrators.as_ref());
        governed.extend(listed.into_iter().flat_map(|listed| &listed.value).map(|one| one.account));
        let control = like.organization.as_ref().and_then(|listed| listed.service_control.as_ref());
        let scanned = governed.iter().filter(|id| self.extent.candidates.scanned.contains(id)).count();
        [
            (Each::Governed, count(scanned)),
            (Each::GovernedOrAll, count(self.extent.visited.len())),
            (Each::PolicyTarget, control.map_or(0, |control| count(control.targets.len()))),
            (Each::ServiceControlPolicy, control.map_or(0, |control| count(control.policies.len()))),
        ]
        .into()
    }
}

/// The account of the organization that owns a bucket.
fn owner(bucket: &Bucket) -> Option<AccountId> {
    match &bucket.owner {
        Some(Observed { value: Owner::Account(owner), .. }) => Some(*owner),
        _ => None,
    }
}
