//! Event patterns of EventBridge: which events a rule matches.
//!
//! A pattern is JSON in the shape of the events: every field that it names must be there, with one of its values. What AWS
//! does not document is unknown, and so is what does not parse: AWS has accepted the pattern, so we may have it wrong.
//!
//! Source: EventBridge User Guide, "Event pattern syntax", "Comparison operators", "Matching on multiple values for an
//! event field", "Matching events on null values and empty strings"; and the README of Event Ruler, the library that AWS
//! publishes of it (`github.com/aws/event-ruler`), on arrays of objects.
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html>
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>

mod anything_but;
mod envelope;
mod evaluate;
mod leaf;
mod matcher;
mod read;
mod state;
mod text;

use std::str::FromStr;

use serde_json::Value;

use self::matcher::Matcher;
use super::matching::Matching;
use crate::event::{EventKind, Events, Probe};

pub use envelope::envelope;
pub use state::{ALL_MANAGEMENT_EVENTS, delivers};

/// The longest pattern that is read, in bytes: four times what a rule may have (EventBridge quotas, 4,096 once raised).
const LONGEST: usize = 16 * 1024;

/// Why a pattern cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct PatternError {
    /// The field where it cannot be read, its keys joined by periods; or the line and column where it is not JSON.
    pub place: String,
    /// What is wrong there.
    pub message: String,
}

/// An event pattern.
///
/// ```
/// use trailproof::derive::event_pattern::EventPattern;
/// let pattern: EventPattern = r#"{ "source": ["aws.cloudtrail"], "detail": { "eventName": ["StopLogging", { "prefix": "Delete" }] } }"#.parse()?;
/// let event = serde_json::json!({ "source": "aws.cloudtrail", "detail": { "eventName": "DeleteTrail" } });
/// assert_eq!(pattern.matches(&event).known(), Some(true));
/// let broken = r#"{ "detail": { "eventName": "StopLogging" } }"#.parse::<EventPattern>();
/// assert_eq!(broken.unwrap_err().place, "detail.eventName");
/// # Ok::<(), trailproof::derive::event_pattern::PatternError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct EventPattern(Fields);

/// What is asked of fields: all of it.
#[derive(Debug, Clone, PartialEq, Default)]
struct Fields {
    fields: Vec<(String, Field)>,
    /// Each a `$or`, of which one part must hold.
    any: Vec<Vec<Fields>>,
}

/// What is asked of one field.
#[derive(Debug, Clone, PartialEq)]
enum Field {
    Within(Fields),
    /// One of these must hold.
    Values(Vec<Matcher>),
}

impl EventPattern {
    /// Whether it matches an event, as EventBridge has it: a CloudTrail record is in an [`envelope`].
    pub fn matches(&self, event: &Value) -> Matching {
        evaluate::evaluate(&self.0, Events::one(event))
    }

    /// Whether it matches every event of a kind, each in its envelope.
    pub fn matches_every(&self, kind: &EventKind) -> Matching {
        envelope::of_kind(kind).every(&self.probes(), |events| evaluate::evaluate(&self.0, events))
    }

    /// Values that some part of it singles out.
    fn probes(&self) -> Vec<Probe> {
        let mut probes = Vec::new();
        self.0.probe(&mut Vec::new(), &mut probes);
        probes
    }
}

impl Fields {
    fn probe(&self, path: &mut Vec<String>, probes: &mut Vec<Probe>) {
        for (key, field) in &self.fields {
            let depth = path.len();
            path.extend(key.split('.').map(str::to_owned));
            match field {
                Field::Within(fields) => fields.probe(path, probes),
                Field::Values(matchers) => {
                    let values = matchers.iter().flat_map(Matcher::left_out);
                    probes.extend(values.map(|value| Probe { path: path.clone(), value }));
                }
            }
            path.truncate(depth);
        }
        self.any.iter().flatten().for_each(|fields| fields.probe(path, probes));
    }
}

impl FromStr for EventPattern {
    type Err = PatternError;

    /// # Errors
    /// Where it is not JSON, or does not fit the documented form of a pattern.
    fn from_str(text: &str) -> Result<Self, PatternError> {
        if text.len() > LONGEST {
            let message = format!("it is {} bytes long, more than a rule may have", text.len());
            return Err(PatternError { place: "the pattern".to_owned(), message });
        }
        // Of a key that is written twice, the last value counts: for EventBridge, and for this reader of JSON.
        let value: Value = serde_json::from_str(text).map_err(|error| PatternError {
            place: format!("line {} column {}", error.line(), error.column()),
            message: "it is not JSON".to_owned(),
        })?;
        read::fields(&value, &mut Vec::new()).map(Self)
    }
}

impl std::fmt::Display for EventPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        read::written(&self.0).fmt(f)
    }
}
