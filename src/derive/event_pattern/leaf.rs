//! One value of an event against one matcher.

use serde_json::{Number, Value};

use super::matcher::{Comparison, Matcher};
use crate::derive::matching::Matching;

/// Numbers beyond are not documented to be compared.
const LARGEST: f64 = 5.0e9;

/// Digits to the right of the decimal point that are documented to count.
const SMALLEST: f64 = 1.0e-6;

/// Whether a value that is neither an array nor an object is as a matcher asks.
pub(super) fn holds(matcher: &Matcher, value: &Value) -> Matching {
    let wrong = || format!("it is {}", brief(value));
    match (matcher, value) {
        (Matcher::Exists(exists), _) => Matching::or_fails(*exists, || "it exists".to_owned()),
        (Matcher::AnythingBut(but), _) => but.holds(value),
        (Matcher::Exactly(Value::Number(wanted)), Value::Number(number)) => match same_number(number, wanted) {
            Some(same) => Matching::or_fails(same, wrong),
            None => Matching::undocumented(format!("whether {number} and {wanted} are written alike is not known")),
        },
        (Matcher::Exactly(wanted), _) => Matching::or_fails(wanted == value, wrong),
        (Matcher::Text(part), Value::String(text)) => match part.is_in(text) {
            Some(found) => Matching::or_fails(found, wrong),
            None => Matching::undocumented(format!("how case is ignored in {value} is not documented")),
        },
        (Matcher::Wildcard(wildcard), Value::String(text)) => Matching::or_fails(wildcard.matches(text), wrong),
        (Matcher::Cidr(block), Value::String(text)) => {
            Matching::or_fails(text.parse().is_ok_and(|address| block.contains(address)), wrong)
        }
        (Matcher::Numeric(range), Value::Number(number)) => within(range, number),
        // Text is compared with text, and numbers with numbers, alone.
        (Matcher::Text(_) | Matcher::Wildcard(_) | Matcher::Cidr(_) | Matcher::Numeric(_), _) => {
            Matching::fails(wrong())
        }
    }
}

/// Whether two numbers are the same: "EventBridge uses string representation. For example, 300, 300.0, and 3.0e2 are not
/// considered equal". How a number was written is not known where it is no integer.
pub(super) fn same_number(one: &Number, other: &Number) -> Option<bool> {
    let integer = |number: &Number| number.is_i64() || number.is_u64();
    if integer(one) && integer(other) {
        return Some(one == other);
    }
    (one.as_f64() != other.as_f64()).then_some(false)
}

/// "Limited to values between -5.0e9 and +5.0e9 inclusive, with 15 digits of precision, or six digits to the right of the
/// decimal point."
fn within(range: &[(Comparison, Number)], number: &Number) -> Matching {
    let open = || Matching::undocumented(format!("{number} is beyond what is documented to be compared"));
    let Some(value) = number.as_f64().filter(|value| value.abs() <= LARGEST) else { return open() };
    Matching::all(range.iter().map(|(comparison, bound)| {
        let Some(bound) = bound.as_f64() else { return open() };
        let difference = value - bound;
        if difference != 0.0 && difference.abs() < SMALLEST {
            return open();
        }
        let holds = match comparison {
            Comparison::Equal => difference == 0.0,
            Comparison::Less => difference < 0.0,
            Comparison::LessOrEqual => difference <= 0.0,
            Comparison::Greater => difference > 0.0,
            Comparison::GreaterOrEqual => difference >= 0.0,
        };
        Matching::or_fails(holds, || format!("it is {number}"))
    }))
}

/// A value, cut to what fits a message.
pub(super) fn brief(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = value.to_string();
    let mut brief: String = text.chars().take(LONGEST).collect();
    if brief.len() < text.len() {
        brief.push('…');
    }
    brief
}
