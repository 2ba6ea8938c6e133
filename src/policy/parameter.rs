//! Parameters of rules: declared in the rule, set in packs, in the configuration and on the command line.

use std::collections::BTreeMap;
use std::fmt;

use serde_yaml::Value;

use super::read::Part;
use crate::expr::{Fact, Type};

/// What values a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterType {
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// Text.
    String,
    /// A list of texts.
    List,
}

const TYPES: [(ParameterType, &str); 4] = [
    (ParameterType::Bool, "bool"),
    (ParameterType::Int, "int"),
    (ParameterType::String, "string"),
    (ParameterType::List, "list"),
];

impl fmt::Display for ParameterType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(TYPES.iter().find(|(kind, _)| kind == self).map_or("", |(_, name)| name))
    }
}

impl std::str::FromStr for ParameterType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = TYPES.iter().find(|(_, name)| *name == text).map(|(kind, _)| *kind);
        found.ok_or_else(|| "the types are bool, int, string and list".to_owned())
    }
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ParameterValue {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    String(String),
    /// A list of texts.
    List(Vec<String>),
}

impl ParameterValue {
    /// The value as expressions find it.
    pub fn to_fact(&self) -> Fact {
        match self {
            Self::Bool(value) => Fact::Bool(*value),
            Self::Int(value) => Fact::Int(*value),
            Self::String(text) => Fact::from(text.as_str()),
            Self::List(texts) => Fact::list(texts.iter().map(|text| Fact::from(text.as_str()))),
        }
    }

    /// Whether it says nothing: an empty text or list.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Bool(_) | Self::Int(_) => false,
            Self::String(text) => text.trim().is_empty(),
            Self::List(texts) => texts.iter().all(|text| text.trim().is_empty()),
        }
    }

    /// Whether it says something: true, or a text or list that is not empty.
    pub fn is_given(&self) -> bool {
        match self {
            Self::Bool(value) => *value,
            Self::Int(_) => false,
            Self::String(_) | Self::List(_) => !self.is_empty(),
        }
    }

    /// The value as JSON.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Bool(value) => (*value).into(),
            Self::Int(value) => (*value).into(),
            Self::String(text) => text.clone().into(),
            Self::List(texts) => texts.clone().into(),
        }
    }
}

impl ParameterType {
    /// All types.
    pub(super) const ALL: [Self; 4] = [Self::Bool, Self::Int, Self::String, Self::List];

    /// The type as expressions know it.
    pub(super) fn to_type(self) -> Type {
        match self {
            Self::Bool => Type::Bool,
            Self::Int => Type::Int,
            Self::String => Type::String,
            Self::List => Type::list(Type::String),
        }
    }

    fn of_yaml(self, value: &Value) -> Option<ParameterValue> {
        match (self, value) {
            (Self::Bool, Value::Bool(value)) => Some(ParameterValue::Bool(*value)),
            (Self::Int, Value::Number(value)) => value.as_i64().map(ParameterValue::Int),
            (Self::String, Value::String(text)) => Some(ParameterValue::String(text.clone())),
            (Self::List, Value::Sequence(values)) => {
                let texts: Option<Vec<String>> = values.iter().map(|value| value.as_str().map(str::to_owned)).collect();
                texts.map(ParameterValue::List)
            }
            _ => None,
        }
    }

    /// A value as the command line gives it: a list has commas between its elements.
    pub(super) fn of_text(self, text: &str) -> Option<ParameterValue> {
        match self {
            Self::Bool => text.parse().ok().map(ParameterValue::Bool),
            Self::Int => text.parse().ok().map(ParameterValue::Int),
            Self::String => Some(ParameterValue::String(text.to_owned())),
            Self::List => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                Some(ParameterValue::List(parts.map(str::to_owned).collect()))
            }
        }
    }
}

/// A parameter of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// What values it takes.
    pub kind: ParameterType,
    /// The value that it has unless another is set.
    pub default: ParameterValue,
    /// What it means.
    pub description: String,
    /// What is missing where its value is empty, in words, of a parameter that the rule lives from: the rule then applies
    /// to nothing, and nothing is read for it.
    pub needed: Option<String>,
}

impl Parameter {
    /// Reads a parameter from its part of a rule.
    pub(super) fn read(part: Part<'_>) -> Option<Self> {
        part.only(&["type", "default", "description", "needed"]);
        let kind: Option<ParameterType> = part.demand("type").and_then(|part| part.parse());
        let description = part.demand("description").and_then(|part| part.text());
        let given = part.demand("default");
        let (kind, given) = (kind?, given?);
        let default = value(given, kind)?;
        let needed = match part.get("needed") {
            Some(part) if !matches!(kind, ParameterType::String | ParameterType::List) => {
                part.file.mistake(part.node.range.clone(), format!("a value of the type {kind} is never empty"));
                return None;
            }
            Some(part) => Some(part.text()?),
            None => None,
        };
        Some(Self { kind, default, description: description?, needed })
    }
}

/// Reads a value of a parameter; a mistake where it is not of the type.
pub(super) fn value(part: Part<'_>, kind: ParameterType) -> Option<ParameterValue> {
    let read = kind.of_yaml(part.value);
    if read.is_none() {
        part.file.mistake(part.node.range.clone(), format!("this is no value of the type {kind}"));
    }
    read
}

/// The values of a rule's parameters, by name.
pub type Parameters = BTreeMap<String, ParameterValue>;
