//! What several runs may have read: of each thing one reading is taken.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::super::{
    Account, Alarm, AlarmListing, AlertTopic, Bucket, DataBucket, EventBus, EventDataStore, Key, LogGroup, LogRole,
    Snapshot, TableListing, Topic, Trail, TrailConfiguration, witness,
};
use crate::id::{AccountId, RegionName};

/// Whose reading of a thing was taken: by what gaps about it begin their operation with, and its name.
#[derive(Debug, Default)]
pub(super) struct Taken(BTreeMap<&'static str, BTreeMap<String, usize>>);

impl Taken {
    /// The part whose reading of what a gap is about was taken; nothing where none was.
    pub(super) fn of(&self, operation: &str, resource: &str) -> Option<usize> {
        let service = operation.split_inclusive(':').next().unwrap_or(operation);
        let of = |prefix: &str| self.0.get(prefix).and_then(|things| things.get(resource)).copied();
        of(operation).or_else(|| of(service))
    }
}

/// The readings of all runs.
pub(super) struct Readings<'a> {
    parts: &'a [Snapshot],
    /// How many gaps each run has about a resource.
    gaps: Vec<BTreeMap<&'a str, usize>>,
}

impl<'a> Readings<'a> {
    pub(super) fn of(parts: &'a [Snapshot]) -> Self {
        let counted = |part: &'a Snapshot| {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for resource in part.gaps.iter().filter_map(|gap| gap.resource.as_deref()) {
                *counts.entry(resource).or_default() += 1;
            }
            counts
        };
        Self { parts, gaps: parts.iter().map(counted).collect() }
    }

    /// Each thing once: of several readings that which is least in rank, then that with the fewest gaps, then the first.
    fn once<T: Clone + 'a, R: Ord>(
        &self,
        taken: &mut Taken,
        prefix: &'static str,
        list: impl Fn(&'a Snapshot) -> &'a [T],
        name: impl Fn(&T) -> &str,
        rank: impl Fn(&'a T) -> R,
    ) -> Vec<T> {
        let mut best: BTreeMap<&'a str, ((R, usize), usize, &'a T)> = BTreeMap::new();
        for (at, part) in self.parts.iter().enumerate() {
            for thing in list(part) {
                let id = name(thing);
                let gaps = self.gaps.get(at).and_then(|gaps| gaps.get(id)).copied().unwrap_or(0);
                let rank = (rank(thing), gaps);
                if best.get(id).is_none_or(|(known, ..)| rank < *known) {
                    best.insert(id, (rank, at, thing));
                }
            }
        }
        let things = taken.0.entry(prefix).or_default();
        things.extend(best.iter().map(|(id, (_, at, _))| ((*id).to_owned(), *at)));
        best.into_values().map(|(_, _, thing)| thing.clone()).collect()
    }

    /// Every trail as the best witness of all describes it, with its status in all Regions that the accounts show.
    pub(super) fn trails(&self, taken: &mut Taken, accounts: &[Account]) -> Vec<Trail> {
        let rank = |trail: &'a Trail| witness(&trail.arn, trail.described_by, &trail.described_in);
        let mut trails = self.once(taken, "cloudtrail:", |part| &part.trails, |trail| trail.arn.as_str(), rank);
        let only = self.parts.first().map_or(&[][..], |part| &part.selection.regions);
        for trail in &mut trails {
            let others = self.parts.iter().flat_map(|part| &part.trails).filter(|other| other.arn == trail.arn);
            for (region, status) in others.flat_map(|other| &other.regional_status) {
                trail.regional_status.entry(region.clone()).or_insert_with(|| status.clone());
            }
            if !trail.regional_status.is_empty() {
                let regions = trail.other_regions(accounts, only);
                trail.regional_status.retain(|region, _| regions.contains(region));
            }
        }
        trails
    }

    pub(super) fn buckets(&self, taken: &mut Taken, trails: &[Trail]) -> Vec<Bucket> {
        let rank = |bucket: &'a Bucket| Reverse((bucket.existence.is_some(), bucket.owner.is_some()));
        let mut found = self.once(taken, "s3:", |part| &part.buckets, |bucket| bucket.name.as_str(), rank);
        let named = named(trails, |configuration| configuration.s3_bucket_name.as_deref());
        found.retain(|bucket| named.contains(bucket.name.as_str()));
        found
    }

    pub(super) fn keys(&self, taken: &mut Taken, trails: &[Trail]) -> Vec<Key> {
        let mut found = self.once(taken, "kms:", |part| &part.keys, |key| key.arn.as_str(), |_| ());
        let named: BTreeSet<_> = trails.iter().filter_map(|trail| trail.configuration.value.kms_key_arn()).collect();
        found.retain(|key| named.contains(&key.arn));
        found
    }

    pub(super) fn topics(&self, taken: &mut Taken, trails: &[Trail]) -> Vec<Topic> {
        let prefix = "sns:GetTopicAttributes";
        let mut found = self.once(taken, prefix, |part| &part.topics, |topic| topic.arn.as_str(), |_| ());
        let named = named(trails, |configuration| configuration.sns_topic_arn.as_deref());
        found.retain(|topic| named.contains(topic.arn.as_str()));
        found
    }

    pub(super) fn log_groups(&self, taken: &mut Taken, trails: &[Trail]) -> Vec<LogGroup> {
        let mut found = self.once(taken, "logs:", |part| &part.log_groups, |group| group.arn.as_str(), |_| ());
        let named = named(trails, TrailConfiguration::log_group);
        found.retain(|group| named.contains(group.arn.as_str()));
        found
    }

    pub(super) fn log_roles(&self, taken: &mut Taken, trails: &[Trail]) -> Vec<LogRole> {
        let mut found = self.once(taken, "iam:", |part| &part.log_roles, |role| role.arn.as_str(), |_| ());
        let named = named(trails, |configuration| configuration.cloud_watch_logs_role_arn.as_deref());
        found.retain(|role| named.contains(role.arn.as_str()));
        found
    }

    pub(super) fn event_buses(&self, taken: &mut Taken) -> Vec<EventBus> {
        self.once(taken, "events:", |part| &part.event_buses, |bus| bus.arn.as_str(), |_| ())
    }

    pub(super) fn alert_topics(&self, taken: &mut Taken) -> Vec<AlertTopic> {
        let prefix = "sns:ListSubscriptionsByTopic";
        self.once(taken, prefix, |part| &part.alert_topics, |topic| topic.arn.as_str(), |_| ())
    }

    /// Every event data store, as its owner lists it, else as the first account that does.
    pub(super) fn event_data_stores(&self, taken: &mut Taken) -> Vec<EventDataStore> {
        let rank = |store: &'a EventDataStore| (store.arn.account() != Some(store.listed_by), store.listed_by);
        self.once(taken, "cloudtrail:", |part| &part.event_data_stores, |store| store.arn.as_str(), rank)
    }

    /// The buckets of data: an account's own, found by the run that visited it.
    pub(super) fn data_buckets(&self) -> Vec<DataBucket> {
        self.parts.iter().flat_map(|part| &part.data_buckets).cloned().collect()
    }

    /// The alarms of each place: a run keeps those on the filters of the log groups that it knows.
    pub(super) fn alarms(&self) -> Vec<AlarmListing> {
        let mut merged: BTreeMap<(AccountId, &RegionName), AlarmListing> = BTreeMap::new();
        for listing in self.parts.iter().flat_map(|part| &part.alarms) {
            let known = merged.entry((listing.account, &listing.region)).or_insert_with(|| listing.clone());
            for alarm in &listing.alarms.value {
                let same = |other: &Alarm| other.name == alarm.name;
                if !known.alarms.value.iter().any(same) {
                    known.alarms.value.push(alarm.clone());
                }
            }
            known.alarms.value.sort_by(|a, b| a.name.cmp(&b.name));
        }
        merged.into_values().collect()
    }

    /// The tables of each place: a run keeps those over the log buckets that it knows.
    pub(super) fn athena_tables(&self) -> Vec<TableListing> {
        let mut merged: BTreeMap<(AccountId, &RegionName), TableListing> = BTreeMap::new();
        for listing in self.parts.iter().flat_map(|part| &part.athena_tables) {
            let known = merged.entry((listing.account, &listing.region)).or_insert_with(|| listing.clone());
            join(&mut known.buckets, &listing.buckets);
            join(&mut known.tables.value, &listing.tables.value);
            join(&mut known.unread, &listing.unread);
        }
        merged.into_values().collect()
    }
}

/// What the trails name.
fn named<'t>(trails: &'t [Trail], name: impl Fn(&'t TrailConfiguration) -> Option<&'t str>) -> BTreeSet<&'t str> {
    trails.iter().filter_map(|trail| name(&trail.configuration.value)).collect()
}

fn join<T: Ord + Clone>(known: &mut Vec<T>, more: &[T]) {
    let all: BTreeSet<&T> = known.iter().chain(more).collect();
    let all: Vec<T> = all.into_iter().cloned().collect();
    *known = all;
}
