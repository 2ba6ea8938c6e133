//! Property selectors: `$.userIdentity.arn`, `$.users[0].email`, `$.['cluster.name']`, `$.resources[*].ARN`, `$.*`.

use std::fmt;

use serde_json::Value;

use crate::event::{Events, Open};

/// A property selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selector(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// `.key` or `.['key']`
    Key(String),
    /// `[0]`
    Index(usize),
    /// `.*`
    AnyField,
    /// `[*]`
    AnyElement,
}

/// What a selector finds at one place.
#[derive(Debug, Clone, Copy)]
pub(super) enum Found<'a> {
    Value(&'a Value),
    Absent,
    /// The events differ there; given, where they differ in this very field and not above it.
    Open(Option<&'a Open>),
}

impl Selector {
    pub(super) fn new(steps: Vec<Step>) -> Self {
        Self(steps)
    }

    /// Whether it selects any of several places.
    pub(super) fn is_wild(&self) -> bool {
        self.0.iter().any(|step| matches!(step, Step::AnyField | Step::AnyElement))
    }

    /// The keys to the one place that it selects, where keys alone lead there.
    pub(super) fn path(&self) -> Option<Vec<String>> {
        let key = |step: &Step| if let Step::Key(key) = step { Some(key.clone()) } else { None };
        self.0.iter().map(key).collect()
    }

    /// What it finds: one thing, or, with a wildcard, one for every place.
    pub(super) fn find<'a>(&self, events: Events<'a>) -> Vec<Found<'a>> {
        let mut found = Vec::new();
        walk(&self.0, events, Some(events.record()), &mut Some(Vec::new()), &mut found);
        found
    }

    /// What the sample has at the one place that it selects.
    pub(super) fn in_sample<'a>(&self, events: Events<'a>) -> Option<&'a Value> {
        self.0.iter().try_fold(events.record(), |value, step| match step {
            Step::Key(key) => value.get(key),
            Step::Index(at) => value.get(at),
            Step::AnyField | Step::AnyElement => None,
        })
    }
}

/// Walks the steps from a value. `path` holds the keys so far, or nothing where an array was entered: what is open is
/// named by keys alone.
fn walk<'a>(
    steps: &[Step],
    events: Events<'a>,
    value: Option<&'a Value>,
    path: &mut Option<Vec<String>>,
    found: &mut Vec<Found<'a>>,
) {
    if let Some(open) = path.as_ref().and_then(|path| events.open_at(path)) {
        let whole = steps.is_empty() && path.as_ref().is_some_and(|path| path.len() == open.path.len());
        found.push(Found::Open(whole.then_some(open)));
        return;
    }
    let Some((step, rest)) = steps.split_first() else {
        found.push(value.map_or(Found::Absent, Found::Value));
        return;
    };
    match step {
        Step::Key(key) => enter(rest, events, value.and_then(|value| value.get(key)), path, key, found),
        Step::Index(at) => walk(rest, events, value.and_then(|value| value.get(at)), &mut None, found),
        Step::AnyElement => {
            for element in value.and_then(Value::as_array).into_iter().flatten() {
                walk(rest, events, Some(element), &mut None, found);
            }
        }
        Step::AnyField => {
            let fields = value.and_then(Value::as_object);
            for (key, inner) in fields.into_iter().flatten() {
                enter(rest, events, Some(inner), path, key, found);
            }
            // A field that some of the events have, and the sample lacks.
            let here = path.clone();
            let lacking = events.open().iter().filter(|open| {
                let within = here.as_ref().is_some_and(|here| open.path.starts_with(here));
                let key = here.as_ref().and_then(|here| open.path.get(here.len()));
                within && key.is_some_and(|key| fields.is_none_or(|fields| !fields.contains_key(key)))
            });
            found.extend(lacking.map(|_| Found::Open(None)));
        }
    }
}

fn enter<'a>(
    rest: &[Step],
    events: Events<'a>,
    value: Option<&'a Value>,
    path: &mut Option<Vec<String>>,
    key: &str,
    found: &mut Vec<Found<'a>>,
) {
    if let Some(path) = path {
        path.push(key.to_owned());
    }
    walk(rest, events, value, path, found);
    if let Some(path) = path {
        path.pop();
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        self.0.iter().try_for_each(|step| match step {
            Step::Key(key) if !key.is_empty() && key.chars().all(is_plain) => write!(f, ".{key}"),
            Step::Key(key) if key.contains('\'') => write!(f, ".[\"{key}\"]"),
            Step::Key(key) => write!(f, ".['{key}']"),
            Step::Index(at) => write!(f, "[{at}]"),
            Step::AnyField => f.write_str(".*"),
            Step::AnyElement => f.write_str("[*]"),
        })
    }
}

/// Whether a key may have a character without brackets: "alphanumeric strings that support hyphen and underscore".
pub(super) fn is_plain(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'
}
