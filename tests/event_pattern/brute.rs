//! A plain matcher of event patterns, and generated patterns and events. It reads the pattern as JSON, flattens the event
//! into names and values, and shares nothing with the evaluator. Only what is documented is generated.

use std::net::Ipv4Addr;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Whether a pattern matches an event.
pub(crate) fn matches(pattern: &Value, event: &Value) -> bool {
    let mut leaves = Vec::new();
    flatten(event, String::new(), &mut leaves);
    holds(pattern.as_object().unwrap(), "", &leaves)
}

/// Every leaf of an event by its name; of an array, each element by the name of the array.
fn flatten<'a>(value: &'a Value, name: String, leaves: &mut Vec<(String, &'a Value)>) {
    match value {
        Value::Object(object) => {
            let inner = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
            object.iter().for_each(|(key, value)| flatten(value, inner(key), leaves));
        }
        Value::Array(items) => items.iter().for_each(|item| flatten(item, name.clone(), leaves)),
        leaf => leaves.push((name, leaf)),
    }
}

fn holds(pattern: &Map<String, Value>, prefix: &str, leaves: &[(String, &Value)]) -> bool {
    pattern.iter().all(|(key, value)| match (key.as_str(), value) {
        ("$or", Value::Array(parts)) => parts.iter().any(|part| holds(part.as_object().unwrap(), prefix, leaves)),
        (_, Value::Object(inner)) => holds(inner, &format!("{prefix}{key}."), leaves),
        (_, Value::Array(values)) => {
            let found: Vec<&Value> =
                leaves.iter().filter(|(name, _)| *name == format!("{prefix}{key}")).map(|(_, value)| *value).collect();
            values.iter().any(|value| match value.get("exists") {
                Some(exists) => exists.as_bool().unwrap() != found.is_empty(),
                None => found.iter().any(|found| like(value, found)),
            })
        }
        _ => unreachable!("not generated"),
    })
}

fn like(matcher: &Value, value: &Value) -> bool {
    let Value::Object(object) = matcher else { return matcher == value };
    let (name, operand) = object.iter().next().unwrap();
    let text = value.as_str();
    match name.as_str() {
        "prefix" => text.is_some_and(|text| text.starts_with(operand.as_str().unwrap())),
        "suffix" => text.is_some_and(|text| text.ends_with(operand.as_str().unwrap())),
        "equals-ignore-case" => text.is_some_and(|text| text.eq_ignore_ascii_case(operand.as_str().unwrap())),
        "wildcard" => text.is_some_and(|text| wild(operand.as_str().unwrap().as_bytes(), text.as_bytes())),
        "cidr" => text.and_then(|text| text.parse::<Ipv4Addr>().ok()).is_some_and(|address| {
            let (network, width) = operand.as_str().unwrap().split_once('/').unwrap();
            let mask = u32::MAX << (32 - width.parse::<u32>().unwrap());
            u32::from(address) & mask == u32::from(network.parse::<Ipv4Addr>().unwrap()) & mask
        }),
        "numeric" => value.as_i64().is_some_and(|value| {
            operand.as_array().unwrap().chunks(2).all(|pair| {
                let bound = pair[1].as_i64().unwrap();
                match pair[0].as_str().unwrap() {
                    "=" => value == bound,
                    "<" => value < bound,
                    "<=" => value <= bound,
                    ">" => value > bound,
                    _ => value >= bound,
                }
            })
        }),
        "anything-but" => {
            let listed = |operand: &Value| operand.as_array().cloned().unwrap_or_else(|| vec![operand.clone()]);
            match operand {
                Value::Object(inner) => {
                    let (name, texts) = inner.iter().next().unwrap();
                    !listed(texts).iter().any(|one| like(&json!({ name.as_str(): one }), value))
                }
                other => !listed(other).contains(value),
            }
        }
        other => unreachable!("{other} is not generated"),
    }
}

/// Whether a text is one that a pattern with stars stands for, letter by letter.
fn wild(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((b'*', pattern)), _) => (0..=text.len()).any(|at| wild(pattern, &text[at..])),
        (Some((letter, pattern)), Some((first, text))) => letter == first && wild(pattern, text),
        (Some(_), None) => false,
    }
}

const WORDS: [&str; 6] = ["Stop", "StopLogging", "stop", "10.0.0.7", "10.1.0.7", ""];

fn word() -> impl Strategy<Value = Value> {
    prop::sample::select(WORDS.to_vec()).prop_map(Value::from)
}

/// What may be asked of a field with texts.
fn of_text() -> impl Strategy<Value = Value> {
    let several = || prop::collection::vec(word(), 1..3).prop_map(Value::from);
    let part = || prop::sample::select(vec!["S", "Stop", "g", "", "10.0"]).prop_map(Value::from);
    let stars = || prop::sample::select(vec!["*", "S*", "*g", "S*L*g", "*o*o*", "Stop"]).prop_map(Value::from);
    prop_oneof![
        3 => word(),
        1 => part().prop_map(|part| json!({ "prefix": part })),
        1 => part().prop_map(|part| json!({ "suffix": part })),
        1 => word().prop_map(|word| json!({ "equals-ignore-case": word })),
        1 => stars().prop_map(|stars| json!({ "wildcard": stars })),
        1 => prop::sample::select(vec!["10.0.0.0/24", "10.0.0.0/8"]).prop_map(|block| json!({ "cidr": block })),
        1 => any::<bool>().prop_map(|exists| json!({ "exists": exists })),
        2 => several().prop_map(|words| json!({ "anything-but": words })),
        1 => word().prop_map(|word| json!({ "anything-but": word })),
        1 => part().prop_map(|part| json!({ "anything-but": { "prefix": part } })),
        1 => part().prop_map(|part| json!({ "anything-but": { "suffix": [part] } })),
        1 => word().prop_map(|word| json!({ "anything-but": { "equals-ignore-case": word } })),
        1 => stars().prop_map(|stars| json!({ "anything-but": { "wildcard": [stars] } })),
    ]
}

/// What may be asked of a field with numbers.
fn of_number() -> impl Strategy<Value = Value> {
    let sign = prop::sample::select(vec!["=", "<", "<=", ">", ">="]);
    prop_oneof![
        (-2..3_i64).prop_map(Value::from),
        (sign, -2..3_i64).prop_map(|(sign, number)| json!({ "numeric": [sign, number] })),
        (-2..3_i64, -2..3_i64).prop_map(|(from, to)| json!({ "numeric": [">=", from, "<", to] })),
        (-2..3_i64).prop_map(|number| json!({ "anything-but": [number] })),
        any::<bool>().prop_map(|exists| json!({ "exists": exists })),
    ]
}

/// What may be asked of other fields.
fn of_other() -> impl Strategy<Value = Value> {
    prop_oneof![Just(json!(true)), Just(json!(false)), Just(Value::Null), Just(json!({ "exists": true }))]
}

fn field() -> impl Strategy<Value = (&'static str, Value)> {
    let list = |of: BoxedStrategy<Value>| prop::collection::vec(of, 1..3).prop_map(Value::from);
    prop_oneof![
        4 => (prop::sample::select(vec!["name", "other", "absent", "list"]), list(of_text().boxed())),
        2 => (prop::sample::select(vec!["count", "absent"]), list(of_number().boxed())),
        1 => (prop::sample::select(vec!["flag", "nothing"]), list(of_other().boxed())),
    ]
}

pub(crate) fn written() -> impl Strategy<Value = Value> {
    let fields = prop::collection::vec(field(), 1..4);
    let object = |fields: Vec<(&'static str, Value)>| -> Value {
        Value::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    };
    fields.prop_map(object).prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(outer, inner)| merged(outer, "detail", inner)),
            (inner.clone(), prop::collection::vec(inner, 2..4)).prop_map(|(outer, parts)| merged(
                outer,
                "$or",
                Value::from(parts)
            )),
        ]
    })
}

fn merged(mut outer: Value, key: &str, inner: Value) -> Value {
    outer[key] = inner;
    outer
}

pub(crate) fn event() -> impl Strategy<Value = Value> {
    let flat = || {
        let list = prop::collection::vec(word(), 1..3);
        (word(), prop::option::of(word()), list, -2..3_i64, any::<bool>()).prop_map(
            |(name, other, list, count, flag)| {
                let mut event = json!({ "name": name, "list": list, "count": count, "flag": flag, "nothing": null });
                if let Some(other) = other {
                    event["other"] = other;
                }
                event
            },
        )
    };
    (flat(), flat(), flat())
        .prop_map(|(outer, inner, innermost)| merged(outer, "detail", merged(inner, "detail", innermost)))
}
