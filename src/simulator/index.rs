//! The world, arranged so that any request finds what it asks for at once, with the answers that never change written down.

mod place;

use super::policy::Policy;
use super::service;
use super::world::{Account, Alarm, Bucket, EventBus, EventDataStore, Key, LogGroup, Topic, Trail, World};
use place::ByPlace;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// An account, with what is said of it again and again.
#[derive(Debug)]
pub(super) struct AccountEntry {
    pub(super) account: Account,
    /// The ARN of the user that its access key belongs to.
    pub(super) user_arn: Arc<str>,
    /// As Organizations describes it.
    pub(super) description: String,
}

/// A trail, with its answers.
#[derive(Debug)]
pub(super) struct TrailEntry {
    pub(super) trail: Trail,
    pub(super) arn: String,
    pub(super) description: String,
    pub(super) status: String,
    pub(super) status_in: HashMap<String, String>,
}

/// A bucket, with its policy read.
#[derive(Debug)]
pub(super) struct BucketEntry {
    pub(super) bucket: Bucket,
    pub(super) policy: Option<Policy>,
}

/// A unit of the organization.
#[derive(Debug)]
pub(super) struct Unit {
    pub(super) id: String,
    pub(super) path: String,
    /// The id of the unit or root above.
    pub(super) parent: String,
}

/// The places of the accounts and units directly below a unit or the root.
#[derive(Debug, Default)]
pub(super) struct Children {
    pub(super) accounts: Vec<usize>,
    pub(super) units: Vec<usize>,
}

/// The indexed world.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) world: World,
    pub(super) accounts: Vec<AccountEntry>,
    pub(super) account_by_id: HashMap<String, usize>,
    /// The organization's accounts, in the world's order.
    pub(super) members: Vec<usize>,
    pub(super) units: Vec<Unit>,
    pub(super) unit_by_id: HashMap<String, usize>,
    pub(super) children: HashMap<String, Children>,
    pub(super) trails: Vec<TrailEntry>,
    pub(super) trail_by_arn: HashMap<String, usize>,
    trails_of: HashMap<String, Vec<usize>>,
    pub(super) organization_trails: Vec<usize>,
    pub(super) buckets: Vec<BucketEntry>,
    pub(super) bucket_by_name: HashMap<String, usize>,
    buckets_of: HashMap<String, Vec<usize>>,
    pub(super) keys: Vec<(Key, Option<Policy>)>,
    /// By ARN, aliases included.
    pub(super) key_by_arn: HashMap<String, usize>,
    pub(super) topics: HashMap<String, (Topic, Option<Policy>)>,
    pub(super) log_groups: ByPlace<LogGroup>,
    pub(super) alarms: ByPlace<Alarm>,
    pub(super) event_buses: ByPlace<EventBus>,
    pub(super) event_data_stores: ByPlace<EventDataStore>,
}

impl Index {
    /// Indexes a world.
    pub(super) fn new(mut world: World) -> Self {
        let partition = world.partition.clone();
        let units = units(&world);
        let accounts: Vec<AccountEntry> = std::mem::take(&mut world.accounts)
            .into_iter()
            .map(|account| AccountEntry {
                user_arn: format!("arn:{partition}:iam::{}:user/auditor", account.id).into(),
                description: service::organizations::describe(&world, &account),
                account,
            })
            .collect();
        let trails: Vec<TrailEntry> =
            std::mem::take(&mut world.trails).into_iter().map(|trail| trail_entry(trail, &partition)).collect();
        let buckets: Vec<BucketEntry> = sorted(std::mem::take(&mut world.buckets), |bucket| &bucket.name)
            .into_iter()
            .map(|bucket| BucketEntry { policy: bucket.policy.as_deref().and_then(Policy::read), bucket })
            .collect();
        let keys: Vec<(Key, Option<Policy>)> = std::mem::take(&mut world.keys)
            .into_iter()
            .map(|key| {
                let policy = Policy::read(&key.policy);
                (key, policy)
            })
            .collect();
        let topics = std::mem::take(&mut world.topics).into_iter();
        let organization_trails = (0..trails.len()).filter(|&place| trails[place].trail.organization).collect();
        Self {
            account_by_id: places(&accounts, |entry| entry.account.id.clone()),
            members: (0..accounts.len()).filter(|&place| accounts[place].account.member).collect(),
            unit_by_id: places(&units, |unit| unit.id.clone()),
            children: children(&world, &units, &accounts),
            trail_by_arn: places(&trails, |entry| entry.arn.clone()),
            trails_of: grouped(&trails, |entry| entry.trail.account.clone()),
            organization_trails,
            bucket_by_name: places(&buckets, |entry| entry.bucket.name.clone()),
            buckets_of: grouped(&buckets, |entry| entry.bucket.owner.clone()),
            key_by_arn: key_places(&keys),
            topics: topics.map(topic_entry).collect(),
            log_groups: ByPlace::of(std::mem::take(&mut world.log_groups), |group| &group.arn),
            alarms: ByPlace::of(std::mem::take(&mut world.alarms), |alarm| &alarm.arn),
            event_buses: ByPlace::of(std::mem::take(&mut world.event_buses), |bus| &bus.arn),
            event_data_stores: ByPlace::of(std::mem::take(&mut world.event_data_stores), |store| &store.arn),
            world,
            accounts,
            units,
            trails,
            buckets,
            keys,
        }
    }

    /// The account with an id.
    pub(super) fn account(&self, id: &str) -> Option<&AccountEntry> {
        self.account_by_id.get(id).map(|&place| &self.accounts[place])
    }

    /// An account as Organizations describes it, by its place.
    pub(super) fn description(&self, place: usize) -> &str {
        &self.accounts[place].description
    }

    /// The trails that an account owns.
    pub(super) fn trails_of(&self, account: &str) -> impl Iterator<Item = &TrailEntry> {
        self.trails_of.get(account).into_iter().flatten().map(|&place| &self.trails[place])
    }

    /// The buckets that an account owns, sorted by name.
    pub(super) fn buckets_of(&self, account: &str) -> impl Iterator<Item = &Bucket> {
        self.buckets_of.get(account).into_iter().flatten().map(|&place| &self.buckets[place].bucket)
    }

    /// The id of the organization, for one of its accounts.
    pub(super) fn organization_of(&self, account: &Account) -> Option<&str> {
        self.world.organization.as_ref().filter(|_| account.member).map(|organization| organization.id.as_str())
    }

    /// Whether an account manages the organization.
    pub(super) fn is_management(&self, account: &str) -> bool {
        self.world.organization.as_ref().is_some_and(|organization| organization.management == account)
    }

    /// Whether an account is a delegated administrator, of one service or of any.
    pub(super) fn is_delegated(&self, account: &str, service: Option<&str>) -> bool {
        self.world.organization.as_ref().is_some_and(|organization| {
            let delegated = &organization.delegated_administrators;
            delegated.iter().any(|(id, of)| id == account && service.is_none_or(|service| service == of))
        })
    }
}

fn sorted<T>(mut items: Vec<T>, by: impl Fn(&T) -> &String) -> Vec<T> {
    items.sort_by(|a, b| by(a).cmp(by(b)));
    items
}

fn places<T>(items: &[T], by: impl Fn(&T) -> String) -> HashMap<String, usize> {
    // Where two have one name, the first counts.
    items.iter().enumerate().rev().map(|(place, item)| (by(item), place)).collect()
}

fn grouped<T>(items: &[T], by: impl Fn(&T) -> String) -> HashMap<String, Vec<usize>> {
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, item) in items.iter().enumerate() {
        groups.entry(by(item)).or_default().push(place);
    }
    groups
}

fn trail_entry(trail: Trail, partition: &str) -> TrailEntry {
    let status = service::cloudtrail::status_text(&trail.status, &trail.left_out);
    let status_in = trail
        .status_in
        .iter()
        .map(|(region, status)| (region.clone(), service::cloudtrail::status_text(status, &trail.left_out)));
    TrailEntry {
        arn: trail.arn(partition),
        description: service::cloudtrail::describe(&trail, partition),
        status,
        status_in: status_in.collect(),
        trail,
    }
}

fn topic_entry(topic: Topic) -> (String, (Topic, Option<Policy>)) {
    let policy = Policy::read(&topic.policy);
    (topic.arn.clone(), (topic, policy))
}

fn key_places(keys: &[(Key, Option<Policy>)]) -> HashMap<String, usize> {
    let mut by_arn = HashMap::new();
    for (place, (key, _)) in keys.iter().enumerate() {
        by_arn.insert(key.arn.clone(), place);
        by_arn.extend(key.aliases.iter().map(|alias| (alias.clone(), place)));
    }
    by_arn
}

/// Every unit that an account is in or that stands empty, and all above them, sorted by path.
fn units(world: &World) -> Vec<Unit> {
    let Some(organization) = &world.organization else { return Vec::new() };
    let mut paths = BTreeMap::new();
    let of_accounts = world.accounts.iter().filter(|account| account.member).map(|account| account.unit.as_str());
    for path in of_accounts.chain(organization.empty_units.iter().map(String::as_str)) {
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        for end in ends.filter(|&end| end > 0) {
            let parent = path[..end].rsplit_once('/').map_or("", |(above, _)| above);
            paths.insert(path[..end].to_owned(), organization.unit_id(parent));
        }
    }
    let unit = |(path, parent): (String, String)| Unit { id: organization.unit_id(&path), path, parent };
    paths.into_iter().map(unit).collect()
}

fn children(world: &World, units: &[Unit], accounts: &[AccountEntry]) -> HashMap<String, Children> {
    let mut children: HashMap<String, Children> = HashMap::new();
    let Some(organization) = &world.organization else { return children };
    children.insert(organization.root.clone(), Children::default());
    for (place, unit) in units.iter().enumerate() {
        children.entry(unit.id.clone()).or_default();
        children.entry(unit.parent.clone()).or_default().units.push(place);
    }
    for (place, entry) in accounts.iter().enumerate().filter(|(_, entry)| entry.account.member) {
        children.entry(organization.unit_id(&entry.account.unit)).or_default().accounts.push(place);
    }
    children
}
