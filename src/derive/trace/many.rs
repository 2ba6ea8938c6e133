//! Several events, and what becomes of each.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Outcome, Trace, Tracer};
use crate::derive::selector::Event;
use crate::expr::Gaps;
use crate::id::TrailArn;
use crate::snapshot::{EventSelectors, Gap, Snapshot, Trail};

/// Events and what becomes of them.
#[derive(Debug)]
pub struct Traces<'a> {
    /// The snapshot whose trails were asked.
    pub snapshot: &'a Snapshot,
    /// The events, in the order in which they were given.
    pub events: Vec<TracedEvent>,
    tracer: Tracer<'a>,
    described: BTreeMap<&'a TrailArn, &'a Trail>,
}

/// An event and what becomes of it.
#[derive(Debug)]
pub struct TracedEvent {
    /// The id of its record, where it has one.
    pub id: Option<String>,
    /// The time of its record, where it has one.
    pub time: Option<String>,
    /// The event.
    pub event: Event,
    /// What becomes of it.
    pub trace: Trace,
}

impl<'a> Traces<'a> {
    /// What becomes of records.
    pub fn of_records(snapshot: &'a Snapshot, records: &[Value]) -> Self {
        let events = records.iter().map(|record| {
            let text = |name: &str| record.get(name).and_then(Value::as_str).map(str::to_owned);
            (text("eventID"), text("eventTime"), Event::from_record(record))
        });
        Self::of(snapshot, events)
    }

    /// What becomes of one event.
    pub fn of_event(snapshot: &'a Snapshot, event: Event) -> Self {
        Self::of(snapshot, [(None, None, event)])
    }

    fn of(snapshot: &'a Snapshot, events: impl IntoIterator<Item = (Option<String>, Option<String>, Event)>) -> Self {
        let mut tracer = Tracer::new(snapshot);
        let traced = events.into_iter().map(|(id, time, event)| {
            let trace = tracer.trace(&event);
            TracedEvent { id, time, event, trace }
        });
        let events = traced.collect();
        let described = snapshot.trails.iter().map(|trail| (&trail.arn, trail)).collect();
        Self { snapshot, events, tracer, described }
    }

    /// How many events there are of an outcome.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.events.iter().filter(|event| event.trace.outcome == outcome).count()
    }

    /// The worst: an event that is not recorded, then one of which it is not known.
    pub fn outcome(&self) -> Outcome {
        let worst = [Outcome::NotRecorded, Outcome::Unknown];
        worst.into_iter().find(|outcome| self.count(*outcome) > 0).unwrap_or(Outcome::Recorded)
    }

    /// Gaps by their ids.
    pub fn gaps(&self, gaps: &Gaps) -> Vec<&Gap> {
        self.tracer.gaps(gaps)
    }

    /// The name that a selector of a trail was given, by its number, the first being 1.
    pub fn selector_name(&self, trail: &TrailArn, number: usize) -> Option<&'a str> {
        match &self.described.get(trail)?.event_selectors.as_ref()?.value {
            EventSelectors::Advanced(selectors) => selectors.get(number.checked_sub(1)?)?.name.as_deref(),
            EventSelectors::Basic(_) => None,
        }
    }

    /// Whether a trail has the selectors that every trail begins with, and none of its own.
    pub fn has_default_selectors(&self, trail: &TrailArn) -> bool {
        self.described.get(trail).is_some_and(|trail| {
            trail.event_selectors.is_none() && trail.configuration.value.has_custom_event_selectors == Some(false)
        })
    }

    /// Whether a trail is one of its organization, as far as that is known.
    pub fn is_organization(&self, trail: &TrailArn) -> Option<bool> {
        self.described.get(trail)?.configuration.value.is_organization_trail
    }

    /// Why the latest delivery of a trail failed, where it did.
    pub fn delivery_error(&self, trail: &TrailArn) -> Option<&'a str> {
        let error = self.described.get(trail)?.status.as_ref()?.value.latest_delivery_error.as_deref();
        error.filter(|error| !error.is_empty())
    }
}
