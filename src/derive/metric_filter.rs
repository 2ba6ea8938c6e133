//! Filter patterns of CloudWatch Logs: which log events a metric filter or a subscription filter matches.
//!
//! Patterns for JSON events, which CloudTrail's are, are parsed and evaluated. Patterns of terms, of space-delimited fields
//! and of a regular expression alone look at the text of an event; they are recognised, and what they match is unknown.
//! So is whatever AWS does not document, and whatever does not parse: AWS has accepted the pattern, so we may have it wrong.
//!
//! Source: CloudWatch Logs User Guide, "Filter pattern syntax for metric filters, subscription filters, filter log events,
//! and Live Tail", and what its edition of 2019 says beyond.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html>
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html>

mod compare;
mod evaluate;
mod expression;
mod number;
mod parse;
mod regular;
mod selector;
mod token;
mod wildcard;

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use self::expression::Expression;
use super::matching::Matching;
use crate::event::{EventKind, Events};

/// The longest pattern that is read, in bytes: four times what CloudWatch Logs takes (API Reference, PutMetricFilter).
const LONGEST: usize = 4096;

/// Why a pattern cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at character {at}: {message}")]
pub struct PatternError {
    /// The character at which it cannot be read on, the first being 1.
    pub at: usize,
    /// What is wrong there.
    pub message: String,
}

/// A filter pattern.
///
/// ```
/// use trailproof::derive::metric_filter::FilterPattern;
/// let pattern: FilterPattern = r#"{ ($.eventName = StopLogging) || ($.eventName = "Delete*") }"#.parse()?;
/// let event = serde_json::json!({ "eventName": "DeleteTrail" });
/// assert_eq!(pattern.matches(&event).known(), Some(true));
/// let broken = "{ $.eventName == StopLogging }".parse::<FilterPattern>();
/// assert_eq!(broken.unwrap_err().at, 16);
/// # Ok::<(), trailproof::derive::metric_filter::PatternError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FilterPattern(Kind);

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// Every event.
    Everything,
    /// JSON events by their fields.
    Json(Expression),
    /// The text of events, by something that is not evaluated.
    Text(&'static str),
}

impl FilterPattern {
    /// Whether it matches an event.
    pub fn matches(&self, event: &Value) -> Matching {
        self.judge(Events::one(event))
    }

    /// Whether it matches every event of a kind.
    pub fn matches_every(&self, kind: &EventKind) -> Matching {
        let probes = match &self.0 {
            Kind::Json(expression) => expression.probes(),
            Kind::Everything | Kind::Text(_) => Vec::new(),
        };
        kind.every(&probes, |events| self.judge(events))
    }

    fn judge(&self, events: Events<'_>) -> Matching {
        match &self.0 {
            Kind::Everything => Matching::Yes,
            Kind::Json(expression) => evaluate::evaluate(expression, events),
            Kind::Text(kind) => {
                Matching::undocumented(format!("{kind} looks at the text of an event, and is not evaluated"))
            }
        }
    }
}

impl FromStr for FilterPattern {
    type Err = PatternError;

    /// # Errors
    /// Where it is a pattern for JSON events and does not fit the documented grammar.
    fn from_str(text: &str) -> Result<Self, PatternError> {
        if text.len() > LONGEST {
            let message = format!("it is {} bytes long, more than CloudWatch Logs takes", text.len());
            return Err(PatternError { at: 1, message });
        }
        let kind = match text.trim_start().chars().next() {
            // An empty pattern: CDK API Reference, FilterPattern.allEvents. A quoted blank: "Match everything".
            None => Kind::Everything,
            Some('"') if text.trim() == "\" \"" => Kind::Everything,
            Some('{') => Kind::Json(parse::parse(text)?),
            Some('[') => Kind::Text("a pattern of space-delimited fields"),
            Some('%') => Kind::Text("a pattern of a regular expression alone"),
            Some(_) => Kind::Text("a pattern of terms"),
        };
        Ok(Self(kind))
    }
}

/// The pattern, for JSON events in one way of writing it; what it reads back as is equal.
impl fmt::Display for FilterPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Everything => f.write_str("\" \""),
            Kind::Json(expression) => write!(f, "{{ {expression} }}"),
            Kind::Text(kind) => f.write_str(kind),
        }
    }
}
