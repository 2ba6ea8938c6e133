//! What notices events of trails: alarms on log groups, rules of event buses, and the topics that both send to.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt};

use super::Scan;
use crate::collect::call::Call;
use crate::collect::{alarm, alert_topic, event_bus};
use crate::id::{AccountId, Arn, RegionName};
use crate::snapshot::{AlarmListing, AlertTopic, EventBus, LogGroup, Trail};

/// How often events are followed from bus to bus: EventBridge does not send them on to a third account or bus.
///
/// Source: EventBridge User Guide, "Sending and receiving events between AWS accounts".
const HOPS: usize = 1;

/// What notices events of trails.
pub(super) struct Noticed {
    pub(super) log_groups: Vec<LogGroup>,
    pub(super) alarms: Vec<AlarmListing>,
    pub(super) event_buses: Vec<EventBus>,
    pub(super) alert_topics: Vec<AlertTopic>,
}

impl Scan<'_> {
    /// The log groups of trails with the alarms on them, beside the event buses; then what both send to.
    pub(super) async fn noticed(&self, trails: &[Trail]) -> Noticed {
        let of_groups = async {
            let log_groups = self.log_groups(trails).await;
            let alarms = self.alarms(&log_groups).await;
            (log_groups, alarms)
        };
        let ((log_groups, alarms), event_buses) = tokio::join!(of_groups, self.event_buses(trails));
        let alert_topics = self.alert_topics(&alarms, &event_buses).await;
        Noticed { log_groups, alarms, event_buses, alert_topics }
    }

    /// The alarms on what the filters of these log groups count, where the log groups are.
    async fn alarms(&self, groups: &[LogGroup]) -> Vec<AlarmListing> {
        if !self.asks(Call::DescribeAlarms) {
            return Vec::new();
        }
        let mut places: BTreeMap<(AccountId, RegionName), BTreeSet<alarm::Metric>> = BTreeMap::new();
        for group in groups {
            let filters = group.metric_filters.iter().flat_map(|filters| &filters.value);
            let (Some(account), Some(region)) = (group.arn.account(), group.arn.region()) else { continue };
            for metric in filters.flat_map(|filter| &filter.transformations) {
                let metrics = places.entry((account, region.clone())).or_default();
                metrics.insert((metric.namespace.clone(), metric.metric.clone()));
            }
        }
        let read = places.into_iter().map(|((account, region), metrics)| async move {
            match self.sessions.enter(account, self.ledger).await {
                Ok(session) => alarm::read(&session, &region, &metrics, self.ledger).await,
                Err((cause, message)) => {
                    self.ledger.not_asked(&alarm::unit(account, &region), cause, &message);
                    None
                }
            }
        });
        stream::iter(read).buffer_unordered(self.at_once()).filter_map(|listing| async { listing }).collect().await
    }

    /// The default buses of the owners of trails that log, at the trails' homes, and the buses that events are forwarded to
    /// from there.
    async fn event_buses(&self, trails: &[Trail]) -> Vec<EventBus> {
        if !self.asks(Call::ListEventRules) {
            return Vec::new();
        }
        let logging = trails.iter().filter(|trail| trail.logs());
        let mut wanted: BTreeSet<Arn> = logging.filter_map(Trail::home_bus).collect();
        let mut buses: BTreeMap<Arn, EventBus> = BTreeMap::new();
        for _ in 0..=HOPS {
            let new: Vec<Arn> = wanted.into_iter().filter(|arn| !buses.contains_key(arn)).collect();
            let read = new.into_iter().map(|arn| self.event_bus(arn));
            let read: Vec<EventBus> = stream::iter(read).buffer_unordered(self.at_once()).collect().await;
            wanted = read.iter().flat_map(EventBus::targets).filter(EventBus::is_one).collect();
            buses.extend(read.into_iter().map(|bus| (bus.arn.clone(), bus)));
        }
        let targets: BTreeSet<Arn> = buses.values().flat_map(EventBus::targets).collect();
        let read = buses.into_values().map(|mut bus| async {
            if targets.contains(&bus.arn) && self.asks(Call::DescribeEventBus) {
                self.event_bus_policy(&mut bus).await;
            }
            bus
        });
        stream::iter(read).buffer_unordered(self.at_once()).collect().await
    }

    /// Whom a bus that events are sent to lets in.
    async fn event_bus_policy(&self, bus: &mut EventBus) {
        match self.owner_of(&bus.arn).await {
            Ok((session, region)) => event_bus::read_policy(&session, bus, &region, self.ledger).await,
            Err((cause, message)) => self.ledger.not_asked(&event_bus::unit_of_policy(bus), cause, &message),
        }
    }

    async fn event_bus(&self, arn: Arn) -> EventBus {
        let mut bus = event_bus::unread(arn);
        match self.owner_of(&bus.arn).await {
            Ok((session, region)) => {
                event_bus::read(&session, &mut bus, &region, &self.settings.needs, self.ledger).await;
            }
            Err((cause, message)) => self.ledger.not_asked(&event_bus::unit(&bus), cause, &message),
        }
        bus
    }

    /// The topics that alarms and rules send to.
    async fn alert_topics(&self, alarms: &[AlarmListing], buses: &[EventBus]) -> Vec<AlertTopic> {
        if !self.asks(Call::ListSubscriptions) {
            return Vec::new();
        }
        let needs = &self.settings.needs;
        let of_alarms = alarms.iter().flat_map(|listing| &listing.alarms.value).flat_map(|alarm| &alarm.actions);
        let of_alarms = of_alarms.filter_map(|action| action.parse().ok());
        let of_rules = buses.iter().flat_map(EventBus::targets);
        let arns: BTreeSet<Arn> = of_alarms.chain(of_rules).filter(AlertTopic::is_one).collect();
        let read = arns.into_iter().map(alert_topic::unread).map(|mut topic| async move {
            match self.owner_of(&topic.arn).await {
                Ok((session, region)) => alert_topic::read(&session, &mut topic, &region, needs, self.ledger).await,
                Err((cause, message)) => alert_topic::leave_unread(&topic, &cause, &message, needs, self.ledger),
            }
            topic
        });
        stream::iter(read).buffer_unordered(self.at_once()).collect().await
    }
}
