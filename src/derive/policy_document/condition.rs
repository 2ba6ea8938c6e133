//! Under which conditions a statement has its effect.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Conditions with multiple context keys or
//! values": all conditions of a statement must hold; the values of one are alternatives, of a negated one all excluded.

use super::Unreadable;
use super::json::{self, Json};
use super::pattern::Pattern;

/// How a value of the request is compared with those of the policy, before any negation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// `StringEquals`.
    Equals,
    /// `StringEqualsIgnoreCase`.
    EqualsIgnoringCase,
    /// `StringLike`.
    Like,
    /// `ArnEquals` and `ArnLike`, which behave the same, with wildcards.
    Arn,
    /// `Bool`.
    Bool,
    /// `IpAddress`.
    IpAddress,
    /// `Null`: whether the key is absent.
    Null,
    /// `NumericLessThan`.
    Less,
    /// Other comparisons of numbers, and those of dates and binary values.
    Other,
}

/// What is asked of a key with several values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// `ForAllValues:`, which also holds where the key is absent.
    All,
    /// `ForAnyValue:`.
    Any,
}

/// A condition operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    /// How the values are compared.
    pub test: Test,
    /// Whether the comparison must fail.
    pub negated: bool,
    /// Whether it also holds where the key is absent.
    pub if_exists: bool,
    /// What is asked of several values.
    pub quantifier: Option<Quantifier>,
}

/// Every operator without its decorations.
const OPERATORS: [(&str, Test, bool); 27] = [
    ("StringEquals", Test::Equals, false),
    ("StringNotEquals", Test::Equals, true),
    ("StringEqualsIgnoreCase", Test::EqualsIgnoringCase, false),
    ("StringNotEqualsIgnoreCase", Test::EqualsIgnoringCase, true),
    ("StringLike", Test::Like, false),
    ("StringNotLike", Test::Like, true),
    ("ArnEquals", Test::Arn, false),
    ("ArnLike", Test::Arn, false),
    ("ArnNotEquals", Test::Arn, true),
    ("ArnNotLike", Test::Arn, true),
    ("Bool", Test::Bool, false),
    ("IpAddress", Test::IpAddress, false),
    ("NotIpAddress", Test::IpAddress, true),
    ("Null", Test::Null, false),
    ("BinaryEquals", Test::Other, false),
    ("NumericEquals", Test::Other, false),
    ("NumericNotEquals", Test::Other, true),
    ("NumericLessThan", Test::Less, false),
    ("NumericLessThanEquals", Test::Other, false),
    ("NumericGreaterThan", Test::Other, false),
    ("NumericGreaterThanEquals", Test::Other, false),
    ("DateEquals", Test::Other, false),
    ("DateNotEquals", Test::Other, true),
    ("DateLessThan", Test::Other, false),
    ("DateLessThanEquals", Test::Other, false),
    ("DateGreaterThan", Test::Other, false),
    ("DateGreaterThanEquals", Test::Other, false),
];

impl Operator {
    fn read(text: &str) -> Option<Self> {
        let (quantifier, rest) = match text.split_once(':') {
            Some(("ForAllValues", rest)) => (Some(Quantifier::All), rest),
            Some(("ForAnyValue", rest)) => (Some(Quantifier::Any), rest),
            Some(_) => return None,
            None => (None, text),
        };
        let (name, if_exists) = rest.strip_suffix("IfExists").map_or((rest, false), |name| (name, true));
        let (_, test, negated) = *OPERATORS.iter().find(|(known, ..)| *known == name)?;
        // `Null` asks whether the key exists: there is no `NullIfExists`.
        (test != Test::Null || !if_exists).then_some(Self { test, negated, if_exists, quantifier })
    }

    /// Whether it holds only where the key is there and has one of the values.
    pub fn is_strict(&self) -> bool {
        !self.negated && !self.if_exists && self.quantifier != Some(Quantifier::All) && self.test != Test::Null
    }

    /// A value of the policy, as a set of values of the request.
    pub fn pattern(&self, value: &str) -> Pattern {
        match self.test {
            Test::Like | Test::Arn => Pattern::new(value),
            Test::EqualsIgnoringCase | Test::Bool => Pattern::plain(value).lower_case(),
            Test::Equals | Test::IpAddress | Test::Null | Test::Less | Test::Other => Pattern::plain(value),
        }
    }
}

/// One condition: a key, an operator and values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The operator.
    pub operator: Operator,
    /// The key, as it is written.
    pub written: String,
    /// The key in lower case: keys are compared without regard to case.
    pub key: String,
    /// The values, of which there is at least one.
    pub values: Vec<String>,
}

impl Condition {
    /// The condition in words.
    pub fn describe(&self) -> String {
        const SHOWN: usize = 3;
        let mut values: Vec<String> = self.values.iter().take(SHOWN).map(|value| json::brief(value)).collect();
        if self.values.len() > SHOWN {
            values.push(format!("{} more", self.values.len() - SHOWN));
        }
        format!("{} {}", json::brief(&self.written), values.join(", "))
    }
}

/// Reads the `Condition` of a statement; absence is no condition.
pub(super) fn read(json: Option<&Json>) -> Result<Vec<Condition>, Unreadable> {
    let Some(json) = json else { return Ok(Vec::new()) };
    let Json::Object(blocks) = json else { return Unreadable::because("its Condition is not an object") };
    json::no_duplicates(blocks)?;
    let mut conditions: Vec<Condition> = Vec::new();
    for (name, block) in blocks {
        let Some(operator) = Operator::read(name) else {
            return Unreadable::because(format!(
                "its Condition has an operator that is not known: `{}`",
                json::brief(name)
            ));
        };
        let Json::Object(keys) = block else {
            return Unreadable::because(format!("the condition {name} is not an object of keys"));
        };
        let mut seen = std::collections::BTreeSet::new();
        for (written, values) in keys {
            let key = written.to_ascii_lowercase();
            if !seen.insert(key.clone()) {
                return Unreadable::because(format!("the condition {name} has `{}` twice", json::brief(written)));
            }
            let values = read_values(values, written)?;
            conditions.push(Condition { operator, written: written.clone(), key, values });
        }
    }
    Ok(conditions)
}

fn read_values(json: &Json, key: &str) -> Result<Vec<String>, Unreadable> {
    let items = if let Json::List(items) = json { items.as_slice() } else { std::slice::from_ref(json) };
    let values: Option<Vec<String>> = items
        .iter()
        .map(|item| match item {
            Json::Text(text) | Json::Number(text) => Some(text.clone()),
            Json::Bool(value) => Some(value.to_string()),
            Json::Null | Json::List(_) | Json::Object(_) => None,
        })
        .collect();
    match values {
        Some(values) if !values.is_empty() => Ok(values),
        Some(_) => Unreadable::because(format!("the condition key `{}` has no value", json::brief(key))),
        None => Unreadable::because(format!("the condition key `{}` has a value that is not plain", json::brief(key))),
    }
}
