//! `anything-but`.

use serde_json::{Number, Value, json};

use super::leaf;
use super::text::{Part, Place, Wildcard};
use crate::derive::matching::Matching;

/// What a value must not be. "You can use anything-but matching with strings and numeric values, including lists that
/// contain only strings, or only numbers", and with `prefix`, `suffix`, `equals-ignore-case` and `wildcard`, each with one
/// text or a list.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum AnythingBut {
    Texts(Vec<String>),
    Numbers(Vec<Number>),
    /// Parts in one place.
    Parts(Place, Vec<Part>),
    Wildcards(Vec<Wildcard>),
}

impl AnythingBut {
    /// Texts that it leaves out.
    pub(super) fn texts(&self) -> Vec<String> {
        match self {
            Self::Texts(texts) => texts.clone(),
            Self::Numbers(_) => Vec::new(),
            Self::Parts(_, parts) => parts.iter().map(|part| part.text.clone()).collect(),
            Self::Wildcards(wildcards) => wildcards.iter().map(Wildcard::shortest).collect(),
        }
    }

    /// Whether it leaves out nothing but texts of a kind.
    pub(super) fn leaves_out_only(&self, kind: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Texts(texts) => texts.iter().all(|text| kind(text)),
            Self::Numbers(_) | Self::Parts(..) | Self::Wildcards(_) => false,
        }
    }

    /// Whether a value is something else.
    pub(super) fn holds(&self, value: &Value) -> Matching {
        match (self, value) {
            (Self::Texts(texts), Value::String(text)) => Matching::or_fails(!texts.contains(text), || said(value)),
            (Self::Numbers(numbers), Value::Number(number)) => {
                let equal = numbers.iter().map(|other| leaf::same_number(number, other));
                negated(equal.fold(Some(false), either), value)
            }
            (Self::Parts(_, parts), Value::String(text)) => {
                negated(parts.iter().map(|part| part.is_in(text)).fold(Some(false), either), value)
            }
            (Self::Wildcards(wildcards), Value::String(text)) => {
                negated(Some(wildcards.iter().any(|wildcard| wildcard.matches(text))), value)
            }
            _ => Matching::undocumented(format!(
                "what `{}` makes of {value}, which is of another type, is not documented",
                json!({ "anything-but": self.written() })
            )),
        }
    }

    /// The operand, as a pattern has it.
    pub(super) fn written(&self) -> Value {
        match self {
            Self::Texts(texts) => json!(texts),
            Self::Numbers(numbers) => json!(numbers),
            Self::Parts(place, parts) => {
                let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
                match place {
                    Place::Whole => json!({ "equals-ignore-case": texts }),
                    Place::Start => json!({ "prefix": texts }),
                    Place::End => json!({ "suffix": texts }),
                }
            }
            Self::Wildcards(wildcards) => {
                json!({ "wildcard": wildcards.iter().map(Wildcard::source).collect::<Vec<_>>() })
            }
        }
    }
}

fn either(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

fn negated(found: Option<bool>, value: &Value) -> Matching {
    match found {
        Some(true) => Matching::fails(said(value)),
        Some(false) => Matching::Yes,
        None => Matching::undocumented(format!("whether {value} is one of those left out is not documented")),
    }
}

fn said(value: &Value) -> String {
    format!("{value} is left out")
}
