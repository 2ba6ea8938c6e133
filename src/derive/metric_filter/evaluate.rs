//! Whether a pattern for JSON events matches.

use serde_json::Value;

use super::compare;
use super::expression::{Condition, Expression, Operand, Operator, Test};
use super::selector::{Found, Selector};
use crate::derive::matching::Matching;
use crate::event::{Events, Open};

/// Whether a pattern matches an event, or all of a kind.
///
/// Where a selector points to an array or an object, "the filter will not be applied because the log format doesn't match
/// the filter" (edition of 2019): the condition does not hold, and whether another one, joined by `||`, still may is not
/// documented.
pub(super) fn evaluate(expression: &Expression, events: Events<'_>) -> Matching {
    let matching = judge(expression, events);
    if matching != Matching::Yes {
        return matching;
    }
    let misfit = expression.conditions().into_iter().find(|condition| {
        let compares = matches!(condition.test, Test::Compare(..)) && !condition.selector.is_wild();
        compares && may_hold_others(&condition.selector, events)
    });
    misfit.map_or(Matching::Yes, |condition| {
        Matching::undocumented(format!(
            "{} may be an array or an object, and whether the rest of the pattern is then applied is not documented",
            condition.selector
        ))
    })
}

/// Whether a selector points to an array or an object, or, in some of the events, may.
fn may_hold_others(selector: &Selector, events: Events<'_>) -> bool {
    let sample = selector.in_sample(events);
    let holds = sample.is_some_and(|value| value.is_array() || value.is_object());
    let differs = selector.find(events).iter().any(|found| matches!(found, Found::Open(Some(open)) if !open.always));
    holds || (differs && !sample.is_some_and(Value::is_string))
}

fn judge(expression: &Expression, events: Events<'_>) -> Matching {
    match expression {
        Expression::All(parts) => Matching::all(parts.iter().map(|part| judge(part, events))),
        Expression::Any(parts) => Matching::any(parts.iter().map(|part| judge(part, events))),
        Expression::One(condition) => {
            let found = condition.selector.find(events);
            if condition.selector.is_wild() { anywhere(condition, &found) } else { here(condition, found.first()) }
        }
    }
}

/// A condition on any of several places.
///
/// "You can use the JSON wildcard to select any array element or any JSON object field": one that is equal is enough, and
/// those that are neither strings nor numbers do not matter. Whether `!=` asks for one or for all, and what the wildcard
/// does beside `IS` and `NOT EXISTS`, is not documented.
fn anywhere(condition: &Condition, found: &[Found<'_>]) -> Matching {
    let Test::Compare(operator, _) = condition.test else {
        return Matching::undocumented(format!(
            "what `{condition}` means is not documented: its selector has a wildcard"
        ));
    };
    let each: Vec<Matching> = found.iter().map(|found| here(condition, Some(found))).collect();
    if operator != Operator::NotEqual {
        return match Matching::any(each) {
            Matching::No(_) => Matching::fails(format!("no value is such that `{condition}`")),
            other => other,
        };
    }
    let all = Matching::all(each.iter().cloned());
    if !each.is_empty() && all == Matching::Yes {
        return all;
    }
    if !each.is_empty() && each.iter().all(|one| one.known() == Some(false)) {
        return Matching::fails(format!("no value is such that `{condition}`"));
    }
    Matching::undocumented(format!("whether `{condition}` asks for one value or for all is not documented"))
}

/// A condition on one place.
fn here(condition: &Condition, found: Option<&Found<'_>>) -> Matching {
    let selector = &condition.selector;
    match (&condition.test, found) {
        (_, Some(Found::Open(open))) => differing(condition, *open),
        (Test::NotExists, None | Some(Found::Absent)) => Matching::Yes,
        (Test::NotExists, Some(Found::Value(_))) => Matching::fails(format!("{selector} exists")),
        // "`id` … if the items do not have an id property, this will be false." Of `!=` nothing is said; it has been
        // seen not to match, in AWS's own test of patterns (github.com/DataBiosphere/azul/issues/5884).
        (Test::Compare(Operator::NotEqual, _), None | Some(Found::Absent)) => Matching::undocumented(format!(
            "the event has no {selector}, and what `{condition}` then makes of it is not documented: it has been seen not \
             to match"
        )),
        (_, None | Some(Found::Absent)) => Matching::fails(format!("the event has no {selector}")),
        (Test::IsNull, Some(Found::Value(value))) => {
            Matching::or_fails(value.is_null(), || format!("{selector} is not null"))
        }
        (Test::Is(expected), Some(Found::Value(value))) => truth(condition, *expected, value),
        (Test::Compare(operator, operand), Some(Found::Value(value))) => {
            match compare::holds(value, *operator, operand) {
                Ok(true) => Matching::Yes,
                Ok(false) => Matching::fails(format!("{selector} is {}, not such that `{condition}`", brief(value))),
                Err(why) => {
                    Matching::undocumented(format!("{selector} is {}, and of `{condition}` {why}", brief(value)))
                }
            }
        }
    }
}

fn truth(condition: &Condition, expected: bool, value: &Value) -> Matching {
    let selector = &condition.selector;
    match value {
        Value::Bool(found) => Matching::or_fails(*found == expected, || format!("{selector} is {found}")),
        Value::String(text) if text.eq_ignore_ascii_case(&expected.to_string()) => Matching::undocumented(format!(
            "{selector} is a string, and whether `{condition}` reads it is not documented"
        )),
        _ => Matching::fails(format!("{selector} is {}", brief(value))),
    }
}

/// A condition on a field in which the events of a kind differ.
fn differing(condition: &Condition, open: Option<&Open>) -> Matching {
    let always = open.is_some_and(|open| open.always);
    let never =
        |text: &str| !text.contains('*') && open.is_some_and(|open| open.except.iter().any(|none| none == text));
    let selector = &condition.selector;
    match &condition.test {
        Test::Compare(operator, Operand::Quoted(text) | Operand::Bare(text)) => match operator {
            Operator::Equal if always && !text.is_empty() && text.trim_matches('*').is_empty() => return Matching::Yes,
            Operator::NotEqual if always && never(text) => return Matching::Yes,
            Operator::Equal if never(text) => return Matching::fails(format!("{selector} is never \"{text}\"")),
            _ => {}
        },
        Test::NotExists if always => return Matching::fails(format!("{selector} exists")),
        Test::IsNull | Test::Is(_) if always => return Matching::fails(format!("{selector} is a string")),
        _ => {}
    }
    Matching::differs(format!("the events differ in {selector}, and not all are such that `{condition}`"))
}

/// A value, cut to what fits a message.
fn brief(value: &Value) -> String {
    const LONGEST: usize = 60;
    match value {
        Value::Array(_) => return "an array".to_owned(),
        Value::Object(_) => return "an object".to_owned(),
        _ => {}
    }
    let text = value.to_string();
    let mut brief: String = text.chars().take(LONGEST).collect();
    if brief.len() < text.len() {
        brief.push('…');
    }
    brief
}
