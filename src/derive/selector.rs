//! What event selectors record: the specification of CloudTrail's selectors, as far as AWS documents it.
//!
//! Basic and advanced selectors are brought into one algebra: a trail records an event if any selector matches
//! (a union of clauses), a selector matches if all its fields do (a conjunction), and a field if what it selects holds
//! and nothing that it deselects. Questions are about one event ([`Selectors::record`]) or about a class of events
//! ([`covers`]). Whatever AWS does not document is unknown, never a guess.
//!
//! Sources: CloudTrail API Reference (PutEventSelectors, EventSelector, DataResource, AdvancedEventSelector,
//! AdvancedFieldSelector); CloudTrail User Guide (logging management, data and network activity events).

mod advanced;
mod basic;
mod blind_spot;
mod class;
mod clause;
mod cover;
mod event;
mod global;
mod insight;
mod names;
mod normal;
mod objects;
mod reason;
mod record;
mod refusal;
mod resource_type;
mod sample;
mod text;
mod trail;

use std::collections::BTreeSet;

use self::clause::{Clause, Field};
use self::normal::Normal;
use crate::snapshot::{AdvancedEventSelector, BasicEventSelector, EventSelectors};

pub use blind_spot::{BlindSpot, Trap, blind_spots};
pub use class::{Access, Arns, Category, EventClass, Sources};
pub use cover::Answer;
pub use event::{Event, EventResource};
pub(crate) use global::is_in_leader_region_alone;
pub use insight::{Insight, has_precondition};
pub(crate) use names::{data_event, data_event_names};
pub use reason::{Reason, Verdict};
pub(crate) use refusal::Refusal;
pub(crate) use trail::selectors_of;
pub use trail::{Circumstances, Recorder};

/// Event selectors in the one form in which questions are answered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Selectors(Normal);

impl Selectors {
    /// The selectors of a trail, as they were read.
    pub fn of(selectors: &EventSelectors) -> Self {
        match selectors {
            EventSelectors::Basic(selectors) => Self::new(Some(selectors), None),
            EventSelectors::Advanced(selectors) => Self::new(None, Some(selectors)),
        }
    }

    /// Selectors of either kind, as the API has them: both at once, or neither, is nothing that a trail can have, and
    /// leaves everything open.
    pub fn new(basic: Option<&[BasicEventSelector]>, advanced: Option<&[AdvancedEventSelector]>) -> Self {
        Self(normal::normalise(basic, advanced))
    }

    /// The selectors of an event data store, which has advanced ones only, and more fields for them.
    ///
    /// Source: CloudTrail API Reference, AdvancedFieldSelector.
    pub fn of_store(selectors: &[AdvancedEventSelector]) -> Self {
        Self(normal::of_store(selectors))
    }

    /// What a trail without selectors of its own records: all management events, and no data events.
    ///
    /// Source: CloudTrail API Reference, PutEventSelectors.
    pub fn default_of_trails() -> Self {
        let all = BasicEventSelector {
            read_write_type: Some("All".to_owned()),
            include_management_events: Some(true),
            exclude_management_event_sources: Vec::new(),
            data_resources: Vec::new(),
        };
        Self::new(Some(&[all]), None)
    }

    /// What AWS would refuse, or does not document, in these selectors.
    pub fn mistakes(&self) -> &[Reason] {
        &self.0.mistakes
    }

    /// Whether they record an event. Whether the trail does is asked of [`Recorder::records`].
    pub fn record(&self, event: &Event) -> Verdict {
        event::verdict(&self.0.clauses, event)
    }

    /// What they record of a class of events.
    pub fn cover(&self, class: &EventClass) -> Answer {
        covers([self], class)
    }

    /// The types of resources that data events are selected of, by name.
    pub fn resource_types(&self) -> BTreeSet<&str> {
        let constraints = self.0.clauses.iter().flat_map(|clause| &clause.constraints);
        let typed = constraints.filter(|constraint| constraint.field == Field::ResourceType);
        typed.flat_map(|constraint| &constraint.set.equals).map(String::as_str).collect()
    }

    /// The ARNs of resources, and their beginnings, that they compare with.
    pub(crate) fn arns(&self) -> impl Iterator<Item = &str> {
        let constraints = self.0.clauses.iter().flat_map(|clause| &clause.constraints);
        let of_arns = constraints.filter(|constraint| constraint.field == Field::ResourceArn);
        of_arns.flat_map(|constraint| constraint.set.values()).map(String::as_str)
    }

    fn clauses(&self) -> &[Clause] {
        &self.0.clauses
    }
}

/// What several sets of selectors record together of a class of events: their union, in whatever order.
pub fn covers<'a>(all: impl IntoIterator<Item = &'a Selectors>, class: &EventClass) -> Answer {
    let clauses: Vec<&Clause> = all.into_iter().flat_map(Selectors::clauses).collect();
    cover::answer(clauses.iter().copied(), class)
}
