//! The events that a rule's parameters name, and what is recorded of them in each account.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use super::OBJECTS;
use super::logs::Logs;
use crate::derive::coverage::{Coverage, Covered, Kind, Line, Place, Said, lines};
use crate::derive::question::Question;
use crate::derive::selector::{Access, Arns, EventClass};
use crate::derive::subject::{Derived, Subject};
use crate::expr::{Fact, Gaps, Known, ToFact};
use crate::facts::Scope;
use crate::facts::account::NamedEvents;
use crate::id::{AccountId, RegionName};
use crate::snapshot::Snapshot;

/// Events by name: data events by the type of resource, network activity events by the service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AskedEvents {
    resource_types: BTreeSet<String>,
    event_sources: BTreeSet<String>,
}

/// One class of events that is asked for.
struct Asked<'a> {
    kind: Kind<'a>,
    class: EventClass,
}

impl AskedEvents {
    /// Data events of resources of these types, such as `AWS::SQS::Queue`, and network activity events of these services,
    /// such as `kms.amazonaws.com`.
    pub fn new(
        resource_types: impl IntoIterator<Item = String>,
        event_sources: impl IntoIterator<Item = String>,
    ) -> Self {
        let named = |texts: &mut dyn Iterator<Item = String>| {
            texts.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
        };
        Self {
            resource_types: named(&mut resource_types.into_iter()),
            event_sources: named(&mut event_sources.into_iter()),
        }
    }

    /// Whether none are named.
    pub fn is_empty(&self) -> bool {
        self.resource_types.is_empty() && self.event_sources.is_empty()
    }

    /// The classes; network activity events have no field that tells reads from writes.
    ///
    /// Source: CloudTrail API Reference, AdvancedEventSelector (fields of network activity events).
    fn classes(&self, partition: &str) -> Vec<Asked<'_>> {
        let data = self.resource_types.iter().flat_map(|name| {
            [Access::Read, Access::Write].map(|access| Asked {
                kind: Kind::Data(name),
                class: EventClass::data(partition, name, Arns::All, access),
            })
        });
        let network = self.event_sources.iter().map(|source| Asked {
            kind: Kind::Network(source),
            class: EventClass::network(partition, source, Access::Both),
        });
        data.chain(network).collect()
    }
}

impl Derived {
    /// The accounts as subjects of a rule whose parameters name events.
    pub fn accounts_asked(&mut self, snapshot: &Snapshot, asked: &AskedEvents) -> Vec<Subject> {
        let asked = asked.classes(snapshot.caller.partition.as_str());
        let of_objects = asked.iter().any(|asked| asked.kind == Kind::Data(OBJECTS));
        let logs = of_objects.then(|| Logs::of(snapshot, &self.coverage, &mut self.open));
        let classes: Vec<EventClass> = asked.iter().map(|asked| asked.class.clone()).collect();
        let coverage = &self.coverage;
        let told = |(accounts, places): (Vec<AccountId>, Vec<Place<'_>>)| {
            let told = Telling { coverage, asked: &asked, logs: logs.as_ref(), places: &places }.told();
            (accounts, told.to_fact().unwrap_or_else(|| Fact::Gap(Gaps::none())))
        };
        // An account without a place has gaps of its own.
        let groups = coverage.everywhere(&classes, &mut self.open).into_par_iter();
        let told: Vec<(Vec<AccountId>, Fact)> = groups.filter(|(_, places)| !places.is_empty()).map(told).collect();
        let recorded: HashMap<AccountId, &Fact> =
            told.iter().flat_map(|(accounts, fact)| accounts.iter().map(move |account| (*account, fact))).collect();
        let accounts: Vec<&Subject> = self.subjects.iter().filter(|subject| subject.scope == Scope::Account).collect();
        self.open.in_parts(&accounts, |open, subjects| {
            let of_account = |subject: &&Subject| {
                let known = subject.account.and_then(|account| recorded.get(&account).copied().cloned());
                let fact = known.unwrap_or_else(|| {
                    let question = Question::of("cloudtrail:DescribeTrails");
                    let question = subject.account.map_or(question, |account| question.account(account));
                    Fact::Gap(open.why(question))
                });
                Subject { facts: subject.facts.with_field("named_events", fact), ..(*subject).clone() }
            };
            subjects.iter().map(of_account).collect()
        })
    }
}

/// What is said of the events of accounts that are reached alike.
struct Telling<'a> {
    coverage: &'a Coverage,
    asked: &'a [Asked<'a>],
    logs: Option<&'a Logs>,
    places: &'a [Place<'a>],
}

impl<'a> Telling<'a> {
    fn told(&self) -> NamedEvents {
        let (mut missing, mut failing, mut gaps) = (Vec::new(), Vec::new(), Gaps::none());
        for (asked, place, covered) in self.parts() {
            let said = Said { kind: asked.kind, access: asked.class.access, regions: place.regions };
            if covered.failing {
                failing.push((said, self.coverage.failure(covered, place.regions.first())));
            }
            match self.beside_logs(asked, covered) {
                Known::Gap(unread) => gaps = gaps.union(&unread),
                Known::Is(covered) => match covered.hole() {
                    Some(why) => missing.push((said, why)),
                    None => gaps = gaps.union(&covered.gaps),
                },
            }
        }
        // What is missing somewhere is proof enough.
        let unknown = missing.is_empty() && !gaps.is_empty();
        NamedEvents {
            missing: if unknown { Known::Gap(gaps) } else { Known::Is(self.lines(missing)) },
            failing: self.lines(failing),
        }
    }

    fn parts(&self) -> impl Iterator<Item = (&'a Asked<'a>, &'a Place<'a>, &'a Covered)> {
        let asked = self.asked;
        self.places.iter().flat_map(move |place| {
            asked.iter().zip(&place.covered).map(move |(asked, covered)| (asked, place, covered))
        })
    }

    fn beside_logs(&self, asked: &Asked<'_>, covered: &Covered) -> Known<Covered> {
        match self.logs.filter(|_| asked.kind == Kind::Data(OBJECTS)) {
            Some(logs) => logs.beside(self.coverage, &asked.class, covered),
            None => Known::Is(covered.clone()),
        }
    }

    fn lines(&self, said: Vec<(Said<'a>, String)>) -> Vec<String> {
        let all: BTreeSet<&RegionName> = self.places.iter().flat_map(|place| place.regions).collect();
        lines(said, &all).iter().map(Line::to_string).collect()
    }
}
