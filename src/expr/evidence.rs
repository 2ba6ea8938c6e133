//! Evidence: the facts that a verdict rests on, as a report shows them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::evaluate::Bindings;
use super::fact::Fact;
use super::path::{Path, Step};
use super::schema::PARAMETERS;

/// How many elements of a list are shown.
const SHOWN: usize = 20;

/// The facts that are shown of those that an expression reads: their printed paths, sorted.
pub(super) type Paths = Vec<(Arc<str>, Path)>;

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

    /// The facts by their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Fact)> {
        self.0.iter().map(|(path, fact)| (path.as_ref(), fact))
    }
}

/// The paths of an expression that are shown.
pub(super) fn shown(touched: &BTreeSet<Path>) -> Paths {
    let facts = touched.iter().filter(|path| path.variable() != PARAMETERS).map(up_to_elements);
    let mut paths: Paths = facts.map(|path| (Arc::from(path.to_string()), path)).collect();
    paths.sort_by(|(left, _), (right, _)| left.cmp(right));
    paths.dedup_by(|(left, _), (right, _)| left == right);
    paths
}

/// The same path, ended where it would go into a list.
fn up_to_elements(path: &Path) -> Path {
    let steps = path.steps().iter().take_while(|step| **step != Step::Element);
    steps.fold(Path::new(path.variable()), |path, step| path.then(step.clone()))
}

/// The facts at these paths.
pub(super) fn evidence(paths: &Paths, bindings: &Bindings<'_>) -> Evidence {
    let found = paths.iter().filter_map(|(name, path)| {
        let fact = lookup(path, bindings).filter(|fact| shows(fact))?;
        Some((Arc::clone(name), fact.clone()))
    });
    Evidence(found.collect())
}

fn lookup<'a>(path: &Path, bindings: &Bindings<'a>) -> Option<&'a Fact> {
    path.steps().iter().try_fold(bindings.get(path.variable())?, |fact, step| match (fact, step) {
        (Fact::Record(record), Step::Field(name)) => record.get(name),
        (Fact::Map(entries), Step::Key(key)) => entries.get(key),
        _ => None,
    })
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
