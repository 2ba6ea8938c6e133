//! Parameters of rules: declared in the rule, set on the command line.

use std::collections::BTreeMap;
use std::fmt;

use serde_yaml::Value;

use super::declared::{DECLARED, is_declaration};
use super::id::PolicyId;
use super::load::Policies;
use super::read::{Part, nearest};
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
    fn of_text(self, text: &str) -> Option<ParameterValue> {
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
}

impl Parameter {
    /// Reads a parameter from its part of a rule.
    pub(super) fn read(part: Part<'_>) -> Option<Self> {
        part.only(&["type", "default", "description"]);
        let kind: Option<ParameterType> = part.demand("type").and_then(|part| part.parse());
        let description = part.demand("description").and_then(|part| part.text());
        let given = part.demand("default");
        let (kind, given) = (kind?, given?);
        let default = value(given, kind)?;
        Some(Self { kind, default, description: description? })
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

/// A parameter that was set: `RULE.PARAM=VALUE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The rule.
    pub policy: PolicyId,
    /// The parameter's name.
    pub name: String,
    /// Its value.
    pub value: ParameterValue,
}

impl Setting {
    /// Reads a setting, by the types that the rules declare.
    ///
    /// # Errors
    /// In words for the user: where the form is another, where there is no such rule or parameter (with the nearest
    /// name), or where the value is not of the parameter's type.
    pub fn parse(text: &str, policies: &Policies) -> Result<Self, String> {
        let parts = text.split_once('=').and_then(|(name, value)| Some((name.split_once('.')?, value)));
        let Some(((id, name), value)) = parts else {
            return Err(format!("`{text}`: give RULE.PARAM=VALUE, such as log-bucket-retention.retention_days=730"));
        };
        let Some(policy) = policies.get(id) else {
            return Err(format!("`{text}`: there is no rule `{id}`{}", meant(id, policies.ids())));
        };
        let Some(parameter) = policy.parameters.get(name) else {
            let known = policy.parameters.keys().map(String::as_str);
            let help = match policy.parameters.is_empty() {
                true => "; it has none".to_owned(),
                false => meant(name, known),
            };
            return Err(format!("`{text}`: the rule `{id}` has no parameter `{name}`{help}"));
        };
        if name == DECLARED && !value.trim().is_empty() && !is_declaration(value) {
            return Err(format!(
                "`{text}`: say what is declared, by whom and when, such as `our SIEM, security team, 2026-11-20`"
            ));
        }
        match parameter.kind.of_text(value) {
            Some(value) => Ok(Self { policy: policy.id.clone(), name: name.to_owned(), value }),
            None => Err(format!("`{text}`: `{value}` is no value of the type {}", parameter.kind)),
        }
    }
}

fn meant<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    nearest(name, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}
