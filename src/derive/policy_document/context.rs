//! Whether a condition holds for requests of which only some things are known.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Condition operators": a strict operator does not hold where the key
//! is absent; a negated one, one with `IfExists` and `ForAllValues:` do.

use std::collections::BTreeMap;

use super::condition::{Condition, Quantifier, Test};
use super::pattern::Pattern;
use super::statement::Statement;

/// What is known of the value of a key in a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// The key is there, with a value of this set.
    Is(Pattern),
    /// The key is absent, or its value is in none of these sets.
    Unlike(Vec<Pattern>),
    /// The key is there, with a number that is not smaller.
    AtLeast(f64),
    /// The key is absent.
    Absent,
}

/// What is known of some requests: keys in lower case. Of other keys nothing is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Context(BTreeMap<String, Value>);

/// Whether something is so for all requests of a context, for none of them, or not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// For all.
    Yes,
    /// For none.
    No,
    /// For some, or not known.
    Unknown,
}

impl Truth {
    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }

    fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        truths.into_iter().fold(Self::Yes, |all, one| match (all, one) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Yes, Self::Yes) => Self::Yes,
        })
    }

    fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        Self::all(truths.into_iter().map(Self::not)).not()
    }

    fn certain(truth: bool) -> Self {
        if truth { Self::Yes } else { Self::No }
    }
}

impl Context {
    /// Adds what is known of a key.
    #[must_use]
    pub fn with(mut self, key: &str, value: Value) -> Self {
        self.0.insert(key.to_ascii_lowercase(), value);
        self
    }

    /// Adds a value that is known.
    #[must_use]
    pub fn is(self, key: &str, value: &str) -> Self {
        self.with(key, Value::Is(Pattern::exact(value)))
    }

    /// Adds what must be so of every request that a statement is about, where its conditions leave one value for a key.
    #[must_use]
    pub fn narrowed(mut self, statement: &Statement) -> Self {
        for condition in &statement.conditions {
            let [value] = condition.values.as_slice() else { continue };
            let exact = matches!(condition.operator.test, Test::Equals | Test::Like | Test::Arn | Test::Bool);
            let pattern = condition.operator.pattern(value);
            if condition.operator.is_strict() && condition.operator.quantifier.is_none() && exact && pattern.is_fixed()
            {
                self.0.entry(condition.key.clone()).or_insert(Value::Is(pattern));
            }
        }
        self
    }

    /// Whether all conditions of a statement hold.
    pub fn satisfies(&self, statement: &Statement) -> Truth {
        Truth::all(statement.conditions.iter().map(|condition| self.holds(condition)))
    }

    /// Whether a condition holds.
    pub fn holds(&self, condition: &Condition) -> Truth {
        let operator = condition.operator;
        let known = self.0.get(&condition.key);
        if operator.test == Test::Null {
            return Truth::any(condition.values.iter().map(|value| {
                match (known, value.to_ascii_lowercase().as_str()) {
                    (Some(Value::Absent), "true") | (Some(Value::Is(_)), "false") => Truth::Yes,
                    (Some(Value::Absent), "false") | (Some(Value::Is(_)), "true") => Truth::No,
                    _ => Truth::Unknown,
                }
            }));
        }
        let absent = match operator.quantifier {
            Some(Quantifier::Any) => operator.if_exists,
            Some(Quantifier::All) => true,
            None => operator.if_exists || operator.negated,
        };
        let present = |compared: Truth| if operator.negated { compared.not() } else { compared };
        match known {
            None => Truth::Unknown,
            Some(Value::Absent) => Truth::certain(absent),
            Some(Value::AtLeast(least)) => {
                let number = |value: &String| value.parse::<f64>().is_ok_and(|value| value <= *least);
                let never = operator.test == Test::Less && condition.values.iter().all(number);
                if never { Truth::No } else { Truth::Unknown }
            }
            Some(Value::Is(actual)) => present(compare(condition, actual)),
            Some(Value::Unlike(sets)) => {
                let excluded = condition.values.iter().all(|value| {
                    let value = operator.pattern(value);
                    sets.iter().any(|set| set.covers(&value))
                });
                let there = present(Truth::No);
                if excluded && there == Truth::certain(absent) { there } else { Truth::Unknown }
            }
        }
    }
}

/// Whether the actual value is one of the condition's, before any negation.
fn compare(condition: &Condition, actual: &Pattern) -> Truth {
    let test = condition.operator.test;
    if matches!(test, Test::IpAddress | Test::Less | Test::Other) {
        return Truth::Unknown;
    }
    Truth::any(condition.values.iter().map(|value| {
        let value = condition.operator.pattern(value);
        let folded;
        let actual = if matches!(test, Test::EqualsIgnoringCase | Test::Bool) {
            folded = actual.lower_case();
            &folded
        } else {
            actual
        };
        if value.covers(actual) {
            Truth::Yes
        } else if value.meets(actual) {
            Truth::Unknown
        } else {
            Truth::No
        }
    }))
}
