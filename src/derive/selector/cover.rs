//! What clauses record of a class of events, decided field by field over representatives.
//!
//! Every path through the fields is a kind of event. A path on which some clause has nothing left to ask is recorded;
//! one on which no clause is left is missed; one on which only clauses with something undocumented are left is open.

use std::collections::BTreeSet;
use std::collections::btree_map::{BTreeMap, Entry};

use super::class::{Access, EventClass};
use super::clause::{Clause, Constraint, Field};
use super::reason::{Reason, sentence};
use super::sample::{Domain, Sample, samples};
use super::text::{TextSet, Truth, Value};

/// What is recorded of a class of events.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// Every event of it.
    All,
    /// No event of it.
    None,
    /// Some of it; what is missing, in words.
    Part(String),
    /// That is not known; why, in words.
    Unknown(String),
}

/// How many comparisons of a clause with a value are made before a question is given up as too large.
const BUDGET: usize = 2_000_000;
/// How many kinds of missing events are named.
const NAMED: usize = 3;

/// What some clauses record of a class.
pub(super) fn answer<'a>(clauses: impl Iterator<Item = &'a Clause> + Clone, class: &EventClass) -> Answer {
    if class.access == Access::Both {
        let [reads, writes] = [Access::Read, Access::Write]
            .map(|access| answer(clauses.clone(), &EventClass { access, ..class.clone() }));
        return both(reads, writes);
    }
    let live = clauses.map(|clause| Live { clause, asked: 0, open: None }).collect();
    let mut search = Search { class, only: None, path: Vec::new(), sure: true, tally: Tally::default() };
    search.walk(live);
    search.tally.answer()
}

/// Reads and writes together.
fn both(reads: Answer, writes: Answer) -> Answer {
    match (reads, writes) {
        (Answer::All, Answer::All) => Answer::All,
        (Answer::None, Answer::None) => Answer::None,
        (Answer::Part(reads), Answer::Part(writes)) => Answer::Part(format!("of reads: {reads}; of writes: {writes}")),
        (Answer::Part(reads), Answer::None) => Answer::Part(format!("all writes; of reads: {reads}")),
        (Answer::None, Answer::Part(writes)) => Answer::Part(format!("all reads; of writes: {writes}")),
        (Answer::Part(missing), _) => Answer::Part(format!("of reads: {missing}")),
        (_, Answer::Part(missing)) => Answer::Part(format!("of writes: {missing}")),
        (Answer::Unknown(why), _) | (_, Answer::Unknown(why)) => Answer::Unknown(why),
        (Answer::All, Answer::None) => Answer::Part("all writes".to_owned()),
        (Answer::None, Answer::All) => Answer::Part("all reads".to_owned()),
    }
}

/// A clause that may still record what the path stands for.
#[derive(Clone)]
struct Live<'a> {
    clause: &'a Clause,
    /// How many of its constraints have been asked: they are in the order of the fields.
    asked: usize,
    open: Option<Reason>,
}

impl<'a> Live<'a> {
    fn left(&self) -> &'a [Constraint] {
        &self.clause.constraints[self.asked..]
    }
}

#[derive(Default)]
struct Tally {
    recorded: bool,
    recorded_if_any: bool,
    missed: Vec<String>,
    more_missed: bool,
    missed_if_any: Option<String>,
    open: BTreeSet<Reason>,
    spent: usize,
}

/// What becomes of a value: what each clause makes of it, whether there are such events, and whether there is just one.
type Fate = (Vec<Truth>, bool, Option<(&'static str, bool)>);

struct Search<'c> {
    class: &'c EventClass,
    /// The one event that the path stands for, where it does.
    only: Option<(&'static str, bool)>,
    path: Vec<String>,
    sure: bool,
    tally: Tally,
}

impl Search<'_> {
    fn walk(&mut self, live: Vec<Live<'_>>) {
        if self.tally.is_settled() {
            return;
        }
        if live.iter().any(|live| live.left().is_empty() && live.open.is_none()) {
            return self.tally.record(self.sure);
        }
        let Some(field) = live.iter().filter_map(|live| live.left().first()).map(|first| &first.field).min().cloned()
        else {
            return match live.is_empty() {
                true => self.tally.miss(self.sure, &self.path),
                false => self.tally.open.extend(live.into_iter().filter_map(|live| live.open)),
            };
        };
        for (sample, rest) in self.branches(&field, &live) {
            let (sure, only) = (self.sure, self.only);
            (self.sure, self.only) = (sure && sample.is_sure, only.or(sample.only));
            self.path.push(sample.words);
            self.walk(rest);
            self.path.pop();
            (self.sure, self.only) = (sure, only);
        }
    }

    /// The kinds of values that clauses tell apart, each with the clauses that are left.
    fn branches<'a>(&mut self, field: &Field, live: &[Live<'a>]) -> Vec<(Sample, Vec<Live<'a>>)> {
        let sets: Vec<&TextSet> = live
            .iter()
            .flat_map(|live| live.left().iter().take_while(|left| left.field == *field))
            .map(|c| &c.set)
            .collect();
        let mut kinds: Vec<(Sample, Vec<Truth>)> = Vec::new();
        let mut known: BTreeMap<Fate, usize> = BTreeMap::new();
        for sample in self.values(field, &sets) {
            self.tally.spent += live.len();
            if self.tally.is_exhausted() {
                return Vec::new();
            }
            let truths: Vec<Truth> = live.iter().map(|live| holds(live, field, sample.value())).collect();
            match known.entry((truths.clone(), sample.is_sure, sample.only)) {
                Entry::Occupied(kind) => also(&mut kinds[*kind.get()].0.words, &sample.words),
                Entry::Vacant(kind) => {
                    kind.insert(kinds.len());
                    kinds.push((sample, truths));
                }
            }
        }
        kinds
            .into_iter()
            .map(|(sample, truths)| {
                let rest =
                    live.iter().zip(&truths).filter_map(|(live, truth)| next(live, field, sample.value(), *truth));
                let rest = rest.collect();
                (sample, rest)
            })
            .collect()
    }

    /// The values of a field; the one event that the path stands for, where it does, has just one.
    fn values(&self, field: &Field, sets: &[&TextSet]) -> Vec<Sample> {
        let domain = match (field, self.only) {
            (Field::EventName, Some((name, _))) => Domain::values([name]),
            (Field::ReadOnly, Some((_, read_only))) => Domain::values([if read_only { "true" } else { "false" }]),
            _ => self.class.domain(field),
        };
        samples(field, &domain, sets)
    }
}

/// Names another kind of value with the same fate; not more than a few.
fn also(words: &mut String, more: &str) {
    let named = words.matches(", ").count() + 1;
    if named < NAMED {
        words.push_str(", ");
        words.push_str(more);
    } else if !words.ends_with(" …") {
        words.push_str(", …");
    }
}

fn holds(live: &Live<'_>, field: &Field, value: Value<'_>) -> Truth {
    let asked = live.left().iter().take_while(|left| left.field == *field);
    asked.map(|constraint| constraint.holds(value)).min().unwrap_or(Truth::Yes)
}

fn next<'a>(live: &Live<'a>, field: &Field, value: Value<'_>, truth: Truth) -> Option<Live<'a>> {
    if truth == Truth::No {
        return None;
    }
    let asked: Vec<&Constraint> = live.left().iter().take_while(|left| left.field == *field).collect();
    let open = asked
        .iter()
        .find(|_| truth == Truth::Unknown)
        .map(|constraint| constraint.reason(live.clause.selector, value, Truth::Unknown));
    Some(Live { clause: live.clause, asked: live.asked + asked.len(), open: live.open.clone().or(open) })
}

impl Tally {
    fn record(&mut self, sure: bool) {
        if sure {
            self.recorded = true;
        } else {
            self.recorded_if_any = true;
        }
    }

    fn miss(&mut self, sure: bool, path: &[String]) {
        let path: Vec<&str> = path.iter().map(String::as_str).filter(|words| !words.is_empty()).collect();
        let words = if path.is_empty() { "all of it".to_owned() } else { path.join(" and ") };
        if !sure {
            self.missed_if_any.get_or_insert(words);
        } else if self.missed.len() < NAMED {
            self.missed.push(words);
        } else {
            self.more_missed = true;
        }
    }

    fn is_exhausted(&self) -> bool {
        self.spent > BUDGET
    }

    fn is_settled(&self) -> bool {
        self.is_exhausted() || (self.recorded && self.more_missed)
    }

    fn answer(self) -> Answer {
        if self.recorded && !self.missed.is_empty() {
            let rest = if self.more_missed { "; and more" } else { "" };
            return Answer::Part(format!("{}{rest}", self.missed.join("; ")));
        }
        if self.is_exhausted() {
            return Answer::Unknown("the selectors are too many to be decided together".to_owned());
        }
        let recorded = self.recorded || self.recorded_if_any;
        let missed = !self.missed.is_empty() || self.missed_if_any.is_some();
        match (self.open.is_empty(), recorded, missed) {
            (true, true, false) => Answer::All,
            (true, false, _) => Answer::None,
            (false, ..) => Answer::Unknown(sentence(&self.open.into_iter().collect::<Vec<_>>())),
            (true, true, true) => {
                let what = self.missed_if_any.or_else(|| self.missed.into_iter().next()).unwrap_or_default();
                Answer::Unknown(format!("whether there are such events is not known here: {what}"))
            }
        }
    }
}
