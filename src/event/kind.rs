//! Kinds of CloudTrail events: what all events of a kind have, and in what they differ.
//!
//! A filter that is to notice `StopLogging` must match every such event: by whomever, from wherever. One sample of it
//! proves too little, as a filter that names one user, or leaves one out, may match it. So a kind says which fields
//! differ from event to event, and a pattern matches the kind only if it matches whatever stands there.
//!
//! Source of the shape: CloudTrail User Guide, "CloudTrail record contents", "CloudTrail userIdentity element" and
//! "AWS Management Console sign-in events".
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

mod alarm;
mod record;
mod seen;
mod tamper;

use serde_json::Value;

use crate::derive::matching::{Matching, Why};

pub use alarm::CisAlarm;
pub use record::Place;
pub(crate) use seen::{Events, Open, Probe};
pub use tamper::{store_changes, trail_changes};

/// Events that are alike but for some fields.
#[derive(Debug, Clone, PartialEq)]
pub struct EventKind {
    name: String,
    record: Value,
    open: Vec<Open>,
    /// What all events have, or lack, within what is open.
    fixed: Vec<Vec<String>>,
    /// Whether the samples are known to be events that can happen.
    is_possible: bool,
}

impl EventKind {
    /// What the events are, in a few words: `StopLogging`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// One of the events, whole.
    pub fn sample(&self) -> &Value {
        &self.record
    }

    /// Some of the events, each whole: the sample, and it with something else in each field that differs.
    pub fn samples(&self) -> Vec<Value> {
        let others = self.open.iter().flat_map(|open| open.others.iter().map(move |other| (&open.path, other)));
        let changed = others.map(|(path, other)| self.changed(&self.record, path, other.as_ref()));
        std::iter::once(self.record.clone()).chain(changed).collect()
    }

    /// One of the events with another value in a field that is open, and what is fixed left as it is.
    fn changed(&self, record: &Value, path: &[String], value: Option<&Value>) -> Value {
        let changed = seen::with(record, path, value);
        let within = self.fixed.iter().filter(|fixed| fixed.starts_with(path));
        within.fold(changed, |changed, fixed| seen::with(&changed, fixed, seen::get(&self.record, fixed)))
    }

    /// How the events differ in a field.
    pub(crate) fn differs_in(&self, field: &str) -> Option<&Open> {
        Events::of(self).open_at(&[field.to_owned()])
    }

    /// The same events inside others, as EventBridge has them; `prefix` names the field that holds them. `is_possible` says
    /// whether what is around them goes with every one of them.
    pub(crate) fn inside(&self, envelope: Value, prefix: &str, open: Vec<Open>, is_possible: bool) -> Self {
        let within = |path: &[String]| std::iter::once(prefix.to_owned()).chain(path.iter().cloned()).collect();
        let moved = self.open.iter().map(|open| Open { path: within(&open.path), ..open.clone() });
        Self {
            name: self.name.clone(),
            record: envelope,
            open: moved.chain(open).collect(),
            fixed: self.fixed.iter().map(|path| within(path)).collect(),
            is_possible: self.is_possible && is_possible,
        }
    }

    /// Whether a pattern matches all of the events.
    ///
    /// `judge` answers for events of which some fields are open. Where it cannot say, because they differ in what the
    /// pattern asks for, an event that it does not match is looked for: among the samples, and with the `probes`, which
    /// are values that the pattern treats in a way of their own.
    pub(crate) fn every(&self, probes: &[Probe], judge: impl Fn(Events<'_>) -> Matching) -> Matching {
        let verdict = judge(Events::of(self));
        let differs = verdict.why().iter().any(|why| matches!(why, Why::Differs(_)));
        if verdict.known().is_some() || !differs || !self.is_possible {
            return verdict;
        }
        let missed = |record: &Value| match judge(Events::one(record)) {
            missed @ Matching::No(_) => Some(missed),
            _ => None,
        };
        let probes: Vec<&Probe> = probes.iter().filter(|probe| self.allows(probe)).collect();
        let put = |record: &Value, probe: &Probe| self.changed(record, &probe.path, probe.value.as_ref());
        let one_by_one = probes.iter().map(|probe| put(&self.record, probe));
        let together = probes.iter().fold(self.record.clone(), |record, probe| put(&record, probe));
        let mut found = self.samples().into_iter().chain(one_by_one).chain(std::iter::once(together));
        found.find_map(|record| missed(&record)).unwrap_or(verdict)
    }

    /// Whether some event of the kind has a value in a field.
    fn allows(&self, probe: &Probe) -> bool {
        let Some(open) = Events::of(self).open_at(&probe.path) else { return false };
        let whole = open.path.len() == probe.path.len();
        match &probe.value {
            None => !(whole && open.always),
            Some(Value::String(text)) => !(whole && open.except.contains(text)),
            Some(_) => !(whole && open.always),
        }
    }
}
