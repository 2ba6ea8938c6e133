//! Evidence: the facts that a verdict rests on, as a report shows them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::evaluate::Bindings;
use super::expression::Expression;
use super::fact::Fact;
use super::path::{Path, Step};
use super::schema::PARAMETERS;
use super::value::{Value, naming_field};

/// How many elements of a list are shown.
const SHOWN: usize = 20;

impl Expression {
    /// The values that the expression reads, under their paths: single values, and of lists what names their elements.
    ///
    /// What is absent or not known is left out, and so are parameters.
    pub fn evidence(&self, bindings: &Bindings<'_>) -> BTreeMap<String, Json> {
        let shown: BTreeSet<Path> = self.paths().iter().map(up_to_elements).collect();
        let subjects = shown.iter().filter(|path| path.variable() != PARAMETERS);
        subjects.filter_map(|path| Some((path.to_string(), json(lookup(path, bindings)?)?))).collect()
    }
}

/// The same path, ended where it would go into a list.
fn up_to_elements(path: &Path) -> Path {
    let steps = path.steps().iter().take_while(|step| **step != Step::Element);
    steps.fold(Path::new(path.variable()), |path, step| path.then(step.clone()))
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

impl Fact {
    /// The fact in words, for messages: text as it is, a record by its ARN or name, a gap as `not known`.
    ///
    /// ```
    /// use trailproof::expr::{Fact, GapId, Gaps};
    /// assert_eq!(Fact::from("main").in_words(), "main");
    /// assert_eq!(Fact::list([Fact::from("a"), Fact::from("b")]).in_words(), "a, b");
    /// assert_eq!(Fact::Gap(Gaps::one(GapId(0))).in_words(), "not known");
    /// ```
    pub fn in_words(&self) -> String {
        match self {
            Self::String(text) => text.to_string(),
            Self::List(elements) if elements.is_empty() => "none".to_owned(),
            Self::List(elements) => {
                let words: Vec<String> = elements.iter().take(SHOWN).map(Self::in_words).collect();
                let more = elements.len().saturating_sub(SHOWN);
                let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
                words.join(", ") + &rest
            }
            Self::Record(record) if naming_field(record).is_some() => {
                naming_field(record).map(Self::in_words).unwrap_or_default()
            }
            other => Value::from(other).to_string(),
        }
    }
}
