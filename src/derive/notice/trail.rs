//! Whether somebody hears of a change of a trail.

use std::collections::BTreeMap;

use super::filter::{Demand, Filters, names};
use super::{Ears, Heard};
use crate::derive::coverage::{ClassQuestion, Coverage, State};
use crate::derive::question::Question;
use crate::derive::selector::{Access, Answer, EventClass, Sources, covers, selectors_of};
use crate::derive::subject::Derivation;
use crate::event::{EventKind, trail_changes};
use crate::expr::{Gaps, Known};
use crate::facts;
use crate::facts::organization::WatchedTrail;
use crate::snapshot::{Cause, Snapshot, Trail};

/// Within how many seconds before a trail's status was read events must have come to its log group.
const FRESH: i64 = 24 * 3600;

/// The trails that log, or may, and are not known to be redundant: whether each of the changes of them is heard of.
pub(in crate::derive) fn watched_trails(derivation: &mut Derivation<'_>) -> Vec<WatchedTrail> {
    let snapshot = derivation.snapshot;
    let trails: Vec<&Trail> = snapshot.trails.iter().collect();
    trails.into_iter().filter_map(|trail| watched(derivation, snapshot, trail)).collect()
}

fn watched(derivation: &mut Derivation<'_>, snapshot: &Snapshot, trail: &Trail) -> Option<WatchedTrail> {
    let known = derivation.trails.get(&trail.arn)?.clone();
    let logs = match &known.status {
        Known::Is(status) => status.is_logging.clone(),
        Known::Gap(gaps) => Known::Gap(gaps.clone()),
    };
    // Whether it is to be judged at all.
    let mut doubt = Gaps::none();
    for (answer, leaves_out) in [(&logs, false), (&known.redundant, true)] {
        match answer {
            Known::Is(answer) if *answer == leaves_out => return None,
            Known::Is(_) => {}
            Known::Gap(gaps) => doubt = doubt.union(gaps),
        }
    }
    let mut listening = Listening { trail, known: &known, filters: None, fed: Heard::no(""), bus: Heard::no("") };
    let mut ears = Ears { snapshot, open: &mut derivation.open };
    listening.prepare(&mut ears, &derivation.coverage);
    let mut kinds: BTreeMap<String, Vec<EventKind>> = BTreeMap::new();
    let changes = trail_changes(&trail.arn);
    let asked = changes.len();
    for kind in changes {
        kinds.entry(kind.name().to_owned()).or_default().push(kind);
    }
    let (mut heard_by, mut unheard, mut gaps) =
        (Vec::new(), BTreeMap::<Vec<String>, Vec<EventKind>>::new(), Gaps::none());
    let mut missed = false;
    for kinds in kinds.into_values() {
        let heard = listening.hear(&mut ears, &kinds);
        match &heard {
            Heard::No(_) => missed = true,
            Heard::Unknown(unknown, _) => gaps = gaps.union(unknown),
            Heard::Yes(_) => {}
        }
        let (how, why) = heard.told();
        heard_by.extend(how);
        if !why.is_empty() {
            unheard.entry(why).or_default().extend(kinds);
        }
    }
    heard_by.sort();
    heard_by.dedup();
    let is_heard = match (missed, gaps.is_empty()) {
        (false, true) => Known::Is(true),
        _ if !doubt.is_empty() => Known::Gap(gaps.union(&doubt)),
        (true, _) => Known::Is(false),
        (false, false) => Known::Gap(gaps),
    };
    let name = trail.arn.name();
    let problems = unheard.into_iter().map(|(why, missed)| {
        let which = if missed.len() == asked { "all changes".to_owned() } else { names(&missed) };
        format!("{name} ({which}): {}", why.join("; "))
    });
    Some(WatchedTrail { arn: trail.arn.clone(), is_heard, heard_by, problems: problems.collect() })
}

/// The two ways in which changes of a trail are heard of, as far as they do not depend on the change.
struct Listening<'a> {
    trail: &'a Trail,
    known: &'a facts::Trail,
    filters: Option<Filters<'a>>,
    /// Whether the events come to the log group.
    fed: Heard,
    /// Whether the events come to the event bus.
    bus: Heard,
}

impl<'a> Listening<'a> {
    fn prepare(&mut self, ears: &mut Ears<'a>, coverage: &Coverage) {
        let partition = ears.snapshot.caller.partition.as_str();
        let source = Sources::One("cloudtrail.amazonaws.com".to_owned());
        let class = EventClass::management(partition, source, Access::Write);
        self.bus = self.recorded(ears, coverage, &class);
        self.fed = self.delivered(ears, &class);
        let arn = self.trail.configuration.value.log_group();
        let group = ears.snapshot.log_groups.iter().find(|group| Some(group.arn.as_str()) == arn);
        self.filters = group.and_then(|group| Filters::of(ears, group));
    }

    /// EventBridge is given what some trail records.
    ///
    /// Source: EventBridge User Guide, "AWS service events delivered via AWS CloudTrail".
    fn recorded(&self, ears: &mut Ears<'_>, coverage: &Coverage, class: &EventClass) -> Heard {
        let (account, region) = (self.trail.arn.account(), self.trail.arn.home_region());
        let question = ClassQuestion { class, account, region, without: &[] };
        let covered = coverage.of_class(&question, ears.open);
        match covered.state {
            State::All => Heard::Yes(Vec::new()),
            State::None | State::Part => Heard::no(format!("no trail that logs records the change in {region}")),
            State::Unknown => Heard::unknown(covered.gaps, "whether a trail records the change is not known"),
        }
    }

    /// The log group is given what the trail records, while it is there and the delivery goes well.
    fn delivered(&self, ears: &mut Ears<'_>, class: &EventClass) -> Heard {
        let Some(Known::Is(group)) = &self.known.log_group else {
            return Heard::no("the trail has no log group");
        };
        let exists = match &group.exists {
            Known::Is(true) => Heard::Yes(Vec::new()),
            Known::Is(false) => Heard::no(format!("the log group {} does not exist", group.arn)),
            Known::Gap(gaps) => Heard::unknown(gaps.clone(), "the log group could not be read"),
        };
        let fresh = match &self.known.status {
            Known::Gap(gaps) => Heard::unknown(gaps.clone(), "the status of the trail could not be read"),
            Known::Is(status) => {
                match (&status.latest_cloudwatch_logs_delivery_error, status.seconds_since_cloudwatch_logs_delivery) {
                    (Some(error), _) => Heard::no(format!("events do not come to the log group: {error}")),
                    (None, Some(age)) if age.0 <= FRESH => Heard::Yes(Vec::new()),
                    (None, _) => Heard::no("no event came to the log group within a day"),
                }
            }
        };
        exists.and(fresh).and(self.selected(ears, class))
    }

    /// Whether the trail itself records the change.
    fn selected(&self, ears: &mut Ears<'_>, class: &EventClass) -> Heard {
        let arn = &self.trail.arn;
        let question = Question::of("cloudtrail:GetEventSelectors").account(arn.account()).resource(arn.as_str());
        let Some(selectors) = selectors_of(self.trail) else {
            return Heard::unknown(ears.open.why(question), "the selectors of the trail could not be read");
        };
        match covers([&selectors], class) {
            Answer::All => Heard::Yes(Vec::new()),
            Answer::None | Answer::Part(_) => Heard::no("the trail does not record management events that write"),
            Answer::Unknown(why) => Heard::unknown(ears.open.leave(question, Cause::Unsupported, &why), why),
        }
    }

    /// Whether the events of one change are heard of, in each way of naming the trail.
    fn hear(&mut self, ears: &mut Ears<'_>, kinds: &[EventKind]) -> Heard {
        let by_filter = match &mut self.filters {
            // An event that does not come is not filtered: nothing else is worth telling.
            _ if self.fed.is_no() => self.fed.clone(),
            Some(filters) => self.fed.clone().and(filters.hear(ears, kinds, Demand::OneEvent)),
            None => self.fed.clone(),
        };
        let by_rule = match self.trail.home_bus() {
            _ if self.bus.is_no() => self.bus.clone(),
            Some(bus) => {
                let ways: Vec<Heard> = kinds.iter().map(|kind| ears.bus(&bus, kind)).collect();
                let all = ways.into_iter().reduce(Heard::and).unwrap_or(Heard::No(Vec::new()));
                self.bus.clone().and(all)
            }
            None => Heard::no("the event bus of the trail's home cannot be named"),
        };
        Heard::any([by_filter, by_rule], String::new)
    }
}
