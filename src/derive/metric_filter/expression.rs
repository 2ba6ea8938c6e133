//! Patterns for JSON events as trees, and how they are written.

use std::fmt;

use serde_json::Value;

use super::number::Number;
use super::regular::Regular;
use super::selector::Selector;
use crate::event::Probe;

/// Conditions, joined.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    /// `&&`
    All(Vec<Expression>),
    /// `||`
    Any(Vec<Expression>),
    One(Condition),
}

/// What is asked of what a selector selects.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    pub(super) selector: Selector,
    pub(super) test: Test,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    Compare(Operator, Operand),
    IsNull,
    Is(bool),
    NotExists,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    pub(super) const ALL: [(&str, Self); 6] = [
        ("!=", Self::NotEqual),
        ("<=", Self::LessOrEqual),
        (">=", Self::GreaterOrEqual),
        ("=", Self::Equal),
        ("<", Self::Less),
        (">", Self::Greater),
    ];

    /// Whether it compares by size, which numbers alone have.
    pub(super) fn orders(self) -> bool {
        !matches!(self, Self::Equal | Self::NotEqual)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    /// A text in quotes.
    Quoted(String),
    /// A text without quotes.
    Bare(String),
    /// What may be a number, and may be a text without quotes.
    Number(Number),
    Regular(Regular),
}

impl Expression {
    /// The conditions, in their order.
    pub(super) fn conditions(&self) -> Vec<&Condition> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().flat_map(Self::conditions).collect(),
            Self::One(condition) => vec![condition],
        }
    }

    /// Values that some condition singles out.
    pub(super) fn probes(&self) -> Vec<Probe> {
        self.conditions().into_iter().filter_map(Condition::probe).collect()
    }
}

impl Condition {
    /// A value that the condition leaves out, and others of its kind do not.
    fn probe(&self) -> Option<Probe> {
        let path = self.selector.path()?;
        let value = match &self.test {
            Test::Compare(Operator::NotEqual, Operand::Quoted(text) | Operand::Bare(text)) => {
                Some(Value::from(text.replace('*', "")))
            }
            Test::Compare(Operator::NotEqual, Operand::Number(number)) => Some(Value::from(number.text())),
            Test::NotExists => Some(Value::from("something")),
            _ => return None,
        };
        Some(Probe { path, value })
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, sign) = match self {
            Self::One(condition) => return condition.fmt(f),
            Self::All(parts) => (parts, " && "),
            Self::Any(parts) => (parts, " || "),
        };
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                f.write_str(sign)?;
            }
            match part {
                Self::One(condition) => condition.fmt(f)?,
                Self::All(_) | Self::Any(_) => write!(f, "({part})")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.selector)?;
        match &self.test {
            Test::Compare(operator, operand) => write!(f, "{operator} {operand}"),
            Test::IsNull => f.write_str("IS NULL"),
            Test::Is(true) => f.write_str("IS TRUE"),
            Test::Is(false) => f.write_str("IS FALSE"),
            Test::NotExists => f.write_str("NOT EXISTS"),
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = Self::ALL.iter().find(|(_, operator)| operator == self).map_or("", |(sign, _)| sign);
        f.write_str(sign)
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quoted(text) => write!(f, "\"{text}\""),
            Self::Bare(text) => f.write_str(text),
            Self::Number(number) => f.write_str(number.text()),
            Self::Regular(regular) => write!(f, "%{}%", regular.source()),
        }
    }
}
