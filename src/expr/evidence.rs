//! Evidence: the facts that a verdict rests on, as a report shows them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::evaluate::Bindings;
use super::fact::Fact;
use super::path::{Path, Step};
use super::schema::PARAMETERS;
use super::value::naming_field;

/// How many elements of a list are shown.
const SHOWN: usize = 20;

/// The facts that are shown of those that an expression reads, by their printed paths.
pub(super) fn shown(touched: &BTreeSet<Path>) -> BTreeMap<String, Path> {
    let facts = touched.iter().filter(|path| path.variable() != PARAMETERS).map(up_to_elements);
    facts.map(|path| (path.to_string(), path)).collect()
}

/// The same path, ended where it would go into a list.
fn up_to_elements(path: &Path) -> Path {
    let steps = path.steps().iter().take_while(|step| **step != Step::Element);
    steps.fold(Path::new(path.variable()), |path, step| path.then(step.clone()))
}

/// The values of facts, by their printed paths.
pub(super) fn evidence(shown: &BTreeMap<String, Path>, bindings: &Bindings<'_>) -> BTreeMap<String, Json> {
    shown.iter().filter_map(|(name, path)| Some((name.clone(), json(lookup(path, bindings)?)?))).collect()
}

fn lookup<'a>(path: &Path, bindings: &Bindings<'a>) -> Option<&'a Fact> {
    path.steps().iter().try_fold(bindings.get(path.variable())?, |fact, step| match (fact, step) {
        (Fact::Record(record), Step::Field(name)) => record.get(name),
        (Fact::Map(entries), Step::Key(key)) => entries.get(key),
        _ => None,
    })
}

/// A fact for a report, or nothing where it shows nothing.
fn json(fact: &Fact) -> Option<Json> {
    match fact {
        Fact::Bool(value) => Some(Json::from(*value)),
        Fact::Int(value) => Some(Json::from(*value)),
        Fact::String(value) => Some(Json::from(value.as_ref())),
        Fact::List(elements) => {
            let mut shown: Vec<Json> = elements.iter().take(SHOWN).filter_map(json).collect();
            if let Some(more @ 1..) = elements.len().checked_sub(SHOWN) {
                shown.push(Json::from(format!("… {more} more")));
            }
            Some(Json::Array(shown))
        }
        Fact::Record(record) => naming_field(record).and_then(json),
        Fact::Map(entries) => {
            Some(entries.iter().take(SHOWN).filter_map(|(key, value)| Some((key.clone(), json(value)?))).collect())
        }
        Fact::Gap(_) => None,
    }
}
