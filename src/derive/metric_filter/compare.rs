//! One value of an event against one operand.

use std::cmp::Ordering;

use serde_json::Value;

use super::expression::{Operand, Operator};
use super::number::Number;
use super::wildcard;

/// Whether a comparison holds; nothing, and why, where it is not documented.
type Holds = Result<bool, &'static str>;

const NOT_A_VALUE: &str = "only strings and numbers are documented to be compared";
const OTHER_TYPE: &str = "how a number compares with a string is not documented";
const STAR: &str = "what `*` matches here is not documented";
const DIGITS: &str = "how many digits count is not documented";
const LETTERS: &str = "regular expressions are documented for single-byte characters alone";

/// Whether a value that is there fulfils a comparison.
pub(super) fn holds(value: &Value, operator: Operator, operand: &Operand) -> Holds {
    match value {
        // "If a property selector points to an array or object, the filter pattern won't match": neither `=` nor `!=`.
        Value::Array(_) | Value::Object(_) => Ok(false),
        Value::String(text) => of_text(text, operator, operand),
        Value::Number(number) => of_number(number, operator, operand),
        Value::Null => of_other("null", operator, operand),
        Value::Bool(true) => of_other("true", operator, operand),
        Value::Bool(false) => of_other("false", operator, operand),
    }
}

fn of_text(text: &str, operator: Operator, operand: &Operand) -> Holds {
    let equal = match operand {
        Operand::Quoted(pattern) | Operand::Bare(pattern) => wildcard::matches(pattern, text).ok_or(STAR)?,
        Operand::Regular(regular) => regular.is_found_in(text).ok_or(LETTERS)?,
        // It may be a number, and it may be a text without quotes; no text that differs is equal to either.
        Operand::Number(number) => {
            return match operator {
                _ if number.may_equal(text) => Err(OTHER_TYPE),
                Operator::NotEqual => Err(OTHER_TYPE),
                _ if text.trim().parse::<f64>().is_ok() => match operator {
                    Operator::Equal => Ok(false),
                    _ => Err(OTHER_TYPE),
                },
                _ => Ok(false),
            };
        }
    };
    Ok(equal == (operator == Operator::Equal))
}

fn of_number(value: &serde_json::Number, operator: Operator, operand: &Operand) -> Holds {
    let text = value.to_string();
    let is_integer = value.is_i64() || value.is_u64();
    match operand {
        Operand::Number(number) => ordered(number, value, operator),
        // "Use the asterisk as a wild card to match numbers": `4*`, and `*` for every number.
        Operand::Bare(pattern) if operator == Operator::Equal && pattern.contains('*') => {
            match wildcard::matches(pattern, &text) {
                Some(matches) if is_integer || pattern.trim_matches('*').is_empty() => Ok(matches),
                _ => Err(STAR),
            }
        }
        Operand::Regular(_) => Err(OTHER_TYPE),
        Operand::Quoted(pattern) | Operand::Bare(pattern) => {
            let differs = wildcard::matches(pattern, &text) == Some(false)
                && pattern.parse::<f64>().is_err()
                && (is_integer || !pattern.contains('*'));
            if differs && operator == Operator::Equal { Ok(false) } else { Err(OTHER_TYPE) }
        }
    }
}

fn ordered(number: &Number, value: &serde_json::Number, operator: Operator) -> Holds {
    let order = number.order_of(value).ok_or(DIGITS)?;
    Ok(match operator {
        Operator::Equal => order == Ordering::Equal,
        Operator::NotEqual => order != Ordering::Equal,
        Operator::Less => order == Ordering::Less,
        Operator::LessOrEqual => order != Ordering::Greater,
        Operator::Greater => order == Ordering::Greater,
        Operator::GreaterOrEqual => order != Ordering::Less,
    })
}

/// Null, true and false are no values to compare; what can in no way be equal is not equal.
fn of_other(value: &str, operator: Operator, operand: &Operand) -> Holds {
    let cannot_be_equal = match operand {
        Operand::Quoted(pattern) | Operand::Bare(pattern) => {
            wildcard::matches(pattern, &value.to_ascii_uppercase()) == Some(false)
                && wildcard::matches(pattern, value) == Some(false)
        }
        Operand::Number(_) => true,
        Operand::Regular(_) => false,
    };
    match operator {
        Operator::NotEqual => Err(NOT_A_VALUE),
        _ if cannot_be_equal => Ok(false),
        _ => Err(NOT_A_VALUE),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::derive::metric_filter::regular::Regular;

    fn quoted(text: &str) -> Operand {
        Operand::Quoted(text.to_owned())
    }

    fn bare(text: &str) -> Operand {
        Number::read(text).map_or_else(|| Operand::Bare(text.to_owned()), Operand::Number)
    }

    #[test]
    fn what_is_documented_is_certain() {
        let regular = Operand::Regular(Regular::read("Trail").unwrap());
        let cases = [
            (json!("UpdateTrail"), Operator::Equal, quoted("UpdateTrail"), true),
            (json!("UpdateTrail"), Operator::Equal, bare("updatetrail"), false),
            (json!("UpdateTrail"), Operator::Equal, regular, true),
            (json!("111.111.111.111"), Operator::NotEqual, bare("123.123.*"), true),
            (json!(2), Operator::Equal, bare("2"), true),
            (json!(400), Operator::NotEqual, bare("500"), true),
            (json!(499.9), Operator::GreaterOrEqual, bare("500"), false),
            (json!(1000), Operator::Equal, bare("1e+3"), true),
            (json!(404), Operator::Equal, bare("4*"), true),
            (json!(50), Operator::Equal, bare("*"), true),
            (json!([1]), Operator::Equal, bare("1"), false),
            (json!([1]), Operator::NotEqual, bare("1"), false),
            (json!("AccessDenied"), Operator::Equal, bare("500"), false),
            (json!("AccessDenied"), Operator::Greater, bare("500"), false),
            (json!(null), Operator::Equal, quoted("x"), false),
        ];
        for (value, operator, operand, expected) in cases {
            assert_eq!(holds(&value, operator, &operand), Ok(expected), "{value} {operator} {operand}");
        }
    }

    #[test]
    fn what_is_not_documented_is_open() {
        let cases = [
            (json!("400"), Operator::Equal, bare("400")),
            (json!("4e2"), Operator::Equal, bare("400")),
            (json!("600"), Operator::Greater, bare("500")),
            (json!("x"), Operator::NotEqual, bare("500")),
            (json!(400), Operator::Equal, quoted("400")),
            (json!(400), Operator::NotEqual, quoted("x")),
            (json!(4.5), Operator::Equal, bare("4*")),
            (json!(true), Operator::Equal, quoted("true")),
            (json!(true), Operator::Equal, quoted("TRUE")),
            (json!(true), Operator::NotEqual, quoted("x")),
            (json!(null), Operator::Equal, bare("*")),
            (json!("Ev--ent"), Operator::Equal, quoted("Ev*ent")),
        ];
        for (value, operator, operand) in cases {
            assert!(holds(&value, operator, &operand).is_err(), "{value} {operator} {operand}");
        }
    }
}
