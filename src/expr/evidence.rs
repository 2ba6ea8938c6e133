//! Evidence: the facts that a verdict rests on, as a report shows them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::evaluate::Bindings;
use super::fact::Fact;
use super::gaps::Gaps;
use super::path::{Path, Step};
use super::record::FieldName;
use super::schema::PARAMETERS;

/// How many elements of a list are shown.
const SHOWN: usize = 20;

/// The facts that are shown of those that an expression reads, sorted by their printed paths.
pub(super) type Paths = Vec<ShownPath>;

/// Where a fact is found that is shown.
#[derive(Debug, Clone)]
pub(super) struct ShownPath {
    /// The path to it, as it is printed.
    name: Arc<str>,
    variable: Box<str>,
    steps: Vec<Way>,
}

/// One step of the way to a fact.
#[derive(Debug, Clone)]
enum Way {
    Field(FieldName),
    Key(String),
}

/// The facts that an expression read, under their paths, sorted: single values, and of lists what names their elements.
///
/// What is absent or not known is left out, and so are parameters. It shares the facts, and is serialized as a map. Ages
/// are shown roughly, so that two scans of what did not change give the same evidence.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evidence(Vec<(Arc<str>, Fact)>);

impl Evidence {
    /// The facts of both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        if self.0.is_empty() {
            return other;
        }
        self.0.extend(other.0);
        self.0.sort_by(|(left, _), (right, _)| left.cmp(right));
        self.0.dedup_by(|(left, _), (right, _)| left == right);
        self
    }

    /// The same with other texts. Records are told by what names them, as they are shown.
    #[must_use]
    pub fn with_texts(&self, change: &dyn Fn(&str) -> String) -> Self {
        Self(self.0.iter().map(|(path, fact)| (Arc::clone(path), with_texts(fact, change))).collect())
    }

    /// The facts by their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Fact)> {
        self.0.iter().map(|(path, fact)| (path.as_ref(), fact))
    }
}

fn with_texts(fact: &Fact, change: &dyn Fn(&str) -> String) -> Fact {
    match fact {
        Fact::String(text) => Fact::String(change(text).into()),
        Fact::List(elements) => Fact::list(elements.iter().map(|element| with_texts(element, change))),
        Fact::Record(record) => match record.naming() {
            Some(name) => with_texts(name, change),
            None => Fact::Gap(Gaps::none()),
        },
        Fact::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| (change(key), with_texts(value, change)));
            Fact::Map(Arc::new(entries.collect()))
        }
        Fact::Bool(_) | Fact::Int(_) | Fact::Age(_) | Fact::Gap(_) => fact.clone(),
    }
}

/// The paths of an expression that are shown.
pub(super) fn shown(touched: &BTreeSet<Path>) -> Paths {
    let facts = touched.iter().filter(|path| path.variable() != PARAMETERS).map(up_to_elements);
    let mut places: Paths = facts.collect();
    places.sort_by(|left, right| left.name.cmp(&right.name));
    places.dedup_by(|left, right| left.name == right.name);
    places
}

/// Where a path leads, ended where it would go into a list.
fn up_to_elements(path: &Path) -> ShownPath {
    let (mut way, mut steps) = (Path::new(path.variable()), Vec::new());
    for step in path.steps() {
        steps.push(match step {
            Step::Field(name) => Way::Field(name.as_str().into()),
            Step::Key(key) => Way::Key(key.clone()),
            Step::Element => break,
        });
        way = way.then(step.clone());
    }
    ShownPath { name: way.to_string().into(), variable: path.variable().into(), steps }
}

/// The facts at these paths.
pub(super) fn evidence(paths: &Paths, bindings: &Bindings<'_>) -> Evidence {
    let found = paths.iter().filter_map(|place| {
        let fact = place.find(bindings).filter(|fact| shows(fact))?;
        Some((Arc::clone(&place.name), fact.clone()))
    });
    Evidence(found.collect())
}

impl ShownPath {
    fn find<'a>(&self, bindings: &Bindings<'a>) -> Option<&'a Fact> {
        self.steps.iter().try_fold(bindings.get(&self.variable)?, |fact, step| match (fact, step) {
            (Fact::Record(record), Way::Field(name)) => name.of(record),
            (Fact::Map(entries), Way::Key(key)) => entries.get(key),
            _ => None,
        })
    }
}

/// Whether a fact has something to show.
fn shows(fact: &Fact) -> bool {
    match fact {
        Fact::Gap(_) => false,
        Fact::Record(record) => record.naming().is_some_and(shows),
        _ => true,
    }
}

impl Serialize for Evidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(path, fact)| (path.as_ref(), Shown(fact))))
    }
}

impl JsonSchema for Evidence {
    fn schema_name() -> Cow<'static, str> {
        "Evidence".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "description": "The facts that the rule read, by their paths.",
            "type": "object",
            "additionalProperties": true
        })
    }
}

/// A fact as it is shown.
struct Shown<'a>(&'a Fact);

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Fact::Bool(value) => serializer.serialize_bool(*value),
            Fact::Int(value) => serializer.serialize_i64(*value),
            Fact::Age(age) => serializer.serialize_str(age.roughly()),
            Fact::String(value) => serializer.serialize_str(value),
            Fact::List(elements) => {
                let mut list = serializer.serialize_seq(None)?;
                for element in elements.iter().take(SHOWN).filter(|element| shows(element)) {
                    list.serialize_element(&Shown(element))?;
                }
                if let Some(more @ 1..) = elements.len().checked_sub(SHOWN) {
                    list.serialize_element(&format!("… {more} more"))?;
                }
                list.end()
            }
            Fact::Record(record) => match record.naming() {
                Some(name) => Shown(name).serialize(serializer),
                None => serializer.serialize_unit(),
            },
            Fact::Map(entries) => {
                let mut map = serializer.serialize_map(None)?;
                for (key, value) in entries.iter().take(SHOWN).filter(|(_, value)| shows(value)) {
                    map.serialize_entry(key, &Shown(value))?;
                }
                map.end()
            }
            Fact::Gap(_) => serializer.serialize_unit(),
        }
    }
}
