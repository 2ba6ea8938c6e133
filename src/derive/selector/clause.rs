//! The algebra: a set of events is a union of clauses, and a clause a conjunction of constraints on fields.

use std::fmt;

use super::reason::Reason;
use super::text::{TextSet, Truth, Value};

/// A field of events that selectors can name, in the order in which questions are decided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Field {
    Category,
    ResourceType,
    ResourceArn,
    ReadOnly,
    EventSource,
    EventName,
    EventType,
    ErrorCode,
    VpcEndpoint,
    UserArn,
    ConsoleSession,
    /// A field that CloudTrail does not document for trails.
    Other(String),
}

impl Field {
    /// The field of a name; names are written in one way only.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "eventCategory" => Self::Category,
            "readOnly" => Self::ReadOnly,
            "resources.type" => Self::ResourceType,
            "resources.ARN" => Self::ResourceArn,
            "eventSource" => Self::EventSource,
            "eventName" => Self::EventName,
            "eventType" => Self::EventType,
            "errorCode" => Self::ErrorCode,
            "vpcEndpointId" => Self::VpcEndpoint,
            "userIdentity.arn" => Self::UserArn,
            "sessionCredentialFromConsole" => Self::ConsoleSession,
            other => Self::Other(other.to_owned()),
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Category => "eventCategory",
            Self::ReadOnly => "readOnly",
            Self::ResourceType => "resources.type",
            Self::ResourceArn => "resources.ARN",
            Self::EventSource => "eventSource",
            Self::EventName => "eventName",
            Self::EventType => "eventType",
            Self::ErrorCode => "errorCode",
            Self::VpcEndpoint => "vpcEndpointId",
            Self::UserArn => "userIdentity.arn",
            Self::ConsoleSession => "sessionCredentialFromConsole",
            Self::Other(name) => name,
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How far the documentation leaves a constraint open, and why.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Doubt {
    /// What fits may be selected; what does not fit is not.
    OfMatches(String),
    /// Nothing is certain.
    OfAll(String),
}

impl Doubt {
    pub(super) fn why(&self) -> &str {
        match self {
            Self::OfMatches(why) | Self::OfAll(why) => why,
        }
    }
}

/// A constraint on one field.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Constraint {
    pub(super) field: Field,
    pub(super) set: TextSet,
    pub(super) doubt: Option<Doubt>,
}

/// Events that satisfy all of some constraints.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Clause {
    /// The number of the selector that it comes from; the first is 1, and 0 is the set as a whole.
    pub(super) selector: usize,
    /// In the order of the fields.
    pub(super) constraints: Vec<Constraint>,
}

impl Clause {
    pub(super) fn new(selector: usize, mut constraints: Vec<Constraint>) -> Self {
        constraints.sort_by(|a, b| a.field.cmp(&b.field));
        Self { selector, constraints }
    }
}

impl Constraint {
    pub(super) fn on(field: Field, set: TextSet) -> Self {
        Self { field, set, doubt: None }
    }

    /// A constraint of which nothing is certain.
    pub(super) fn opaque(field: Field, why: impl Into<String>) -> Self {
        Self { field, set: TextSet::default(), doubt: Some(Doubt::OfAll(why.into())) }
    }

    /// Whether a value satisfies the constraint.
    pub(super) fn holds(&self, value: Value<'_>) -> Truth {
        match &self.doubt {
            Some(Doubt::OfAll(_)) => Truth::Unknown,
            Some(Doubt::OfMatches(_)) => self.in_set(value).min(Truth::Unknown),
            None => self.in_set(value),
        }
    }

    fn in_set(&self, value: Value<'_>) -> Truth {
        // A record carries `sessionCredentialFromConsole` only where it is true (CloudTrail record contents).
        let session = self.field == Field::ConsoleSession && value == Value::Absent;
        if session && !self.set.selects() { Truth::Yes } else { self.set.contains(value) }
    }

    /// Why a value does not satisfy the constraint, or why that is unknown.
    pub(super) fn reason(&self, selector: usize, value: Value<'_>, truth: Truth) -> Reason {
        let text = match truth {
            Truth::Unknown => self.open_because(value),
            _ => self.refused_because(value),
        };
        Reason { selector: Some(selector).filter(|number| *number > 0), field: Some(self.field.to_string()), text }
    }

    fn open_because(&self, value: Value<'_>) -> String {
        match (&self.doubt, value) {
            (Some(doubt), _) => doubt.why().to_owned(),
            (None, Value::NotSaid) => "the selector asks for it, and it was not said".to_owned(),
            (None, Value::Absent) => "the selector asks for it, and the event has none".to_owned(),
            (None, Value::Text(text) | Value::Prefix(text)) => {
                format!("how CloudTrail compares {} with {} is not documented", text, listed(self.set.values()))
            }
        }
    }

    fn refused_because(&self, value: Value<'_>) -> String {
        match value {
            Value::Text(text) if self.set.selected_only(text) => {
                format!("is {text}, which the selector leaves out ({})", listed(self.set.dropped()))
            }
            Value::Text(text) => format!("is {text}; the selector takes {}", listed(self.set.taken())),
            Value::Prefix(text) => {
                let values = if self.set.selects() { listed(self.set.taken()) } else { listed(self.set.dropped()) };
                format!("the event names only the bucket as a whole ({text}), and the selector says {values}")
            }
            Value::Absent | Value::NotSaid => format!("is not there; the selector takes {}", listed(self.set.taken())),
        }
    }
}

impl TextSet {
    /// Whether a text is refused by deselection alone.
    fn selected_only(&self, text: &str) -> bool {
        let selecting = Self { not_equals: vec![], not_starts_with: vec![], not_ends_with: vec![], ..self.clone() };
        selecting.contains(Value::Text(text)) != Truth::No
    }

    fn taken(&self) -> impl Iterator<Item = &String> {
        self.equals.iter().chain(&self.starts_with).chain(&self.ends_with).chain(&self.may_start_with)
    }

    fn dropped(&self) -> impl Iterator<Item = &String> {
        self.not_equals.iter().chain(&self.not_starts_with).chain(&self.not_ends_with)
    }
}

/// The first few of some values, for people.
pub(super) fn listed<'a>(values: impl Iterator<Item = &'a String>) -> String {
    const SHOWN: usize = 3;
    let values: Vec<&String> = values.collect();
    let shown: Vec<String> = values.iter().take(SHOWN).map(|value| format!("`{value}`")).collect();
    match values.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
