//! From JSON to a pattern, and back.

use serde_json::{Map, Number, Value};

use super::anything_but::AnythingBut;
use super::matcher::{Block, Comparison, Matcher};
use super::text::{Part, Place, Wildcard};
use super::{Field, Fields, PatternError};

/// The names of matchers: a `$or` whose parts have fields of these names is not taken for one.
///
/// Source: Event Ruler, "The $or Primitive".
const RESERVED: [&str; 8] =
    ["anything-but", "cidr", "equals-ignore-case", "exists", "numeric", "prefix", "suffix", "wildcard"];

/// A mistake at a field.
fn fail<T>(path: &[String], message: impl Into<String>) -> Result<T, PatternError> {
    let place = if path.is_empty() { "the pattern".to_owned() } else { path.join(".") };
    Err(PatternError { place, message: message.into() })
}

/// Reads what is asked of fields.
pub(super) fn fields(value: &Value, path: &mut Vec<String>) -> Result<Fields, PatternError> {
    let Value::Object(object) = value else { return fail(path, "it is not an object") };
    if object.is_empty() {
        return fail(path, "empty objects are not allowed");
    }
    let mut asked = Fields::default();
    for (key, value) in object {
        path.push(key.clone());
        match value {
            Value::Array(parts) if key == "$or" => asked.any.push(or(parts, path)?),
            Value::Array(values) if values.is_empty() => return fail(path, "empty arrays are not allowed"),
            Value::Array(values) => {
                let matchers: Result<Vec<Matcher>, _> = values.iter().map(|value| matcher(value, path)).collect();
                asked.fields.push((key.clone(), Field::Values(matchers?)));
            }
            Value::Object(_) => asked.fields.push((key.clone(), Field::Within(fields(value, path)?))),
            _ => return fail(path, "a value must be in an array"),
        }
        path.pop();
    }
    Ok(asked)
}

/// Reads a `$or`: at least two objects, whose fields are not named as matchers are.
fn or(parts: &[Value], path: &[String]) -> Result<Vec<Fields>, PatternError> {
    let named = |part: &Value| {
        part.as_object().is_some_and(|object| !object.keys().any(|key| RESERVED.contains(&key.as_str())))
    };
    if parts.len() < 2 || !parts.iter().all(named) {
        return fail(path, "`$or` must have at least two objects, with fields that are not named as operators are");
    }
    parts
        .iter()
        .map(|part| {
            // A field is named by where it is in the event.
            let mut inner = path[..path.len() - 1].to_vec();
            fields(part, &mut inner)
        })
        .collect()
}

fn matcher(value: &Value, path: &[String]) -> Result<Matcher, PatternError> {
    let object = match value {
        Value::Object(object) => object,
        Value::Array(_) => return fail(path, "arrays within arrays are not allowed"),
        plain => return Ok(Matcher::Exactly(plain.clone())),
    };
    let (name, operand) = only(object, path)?;
    match (name, operand) {
        ("prefix", operand) => Ok(Matcher::Text(part(Place::Start, operand, path)?)),
        ("suffix", operand) => Ok(Matcher::Text(part(Place::End, operand, path)?)),
        ("equals-ignore-case", Value::String(text)) => {
            Ok(Matcher::Text(Part { place: Place::Whole, ignores_case: true, text: text.clone() }))
        }
        ("wildcard", Value::String(text)) => wildcard(text, path).map(Matcher::Wildcard),
        ("exists", Value::Bool(exists)) => Ok(Matcher::Exists(*exists)),
        ("numeric", Value::Array(range)) => numeric(range, path),
        ("cidr", Value::String(text)) => match Block::read(text) {
            Some(block) => Ok(Matcher::Cidr(block)),
            None => fail(path, format!("`{text}` is not a block of addresses")),
        },
        ("anything-but", operand) => anything_but(operand, path).map(Matcher::AnythingBut),
        (name, _) if RESERVED.contains(&name) => fail(path, format!("this is no operand of `{name}`")),
        (name, _) => fail(path, format!("`{name}` is no operator that is documented")),
    }
}

/// The one member of an object.
fn only<'a>(object: &'a Map<String, Value>, path: &[String]) -> Result<(&'a str, &'a Value), PatternError> {
    let mut members = object.iter();
    match (members.next(), members.next()) {
        (Some((name, operand)), None) => Ok((name, operand)),
        _ => fail(path, "an operator must be alone in its object"),
    }
}

/// The operand of `prefix` and `suffix`.
fn part(place: Place, operand: &Value, path: &[String]) -> Result<Part, PatternError> {
    match operand {
        Value::String(text) => Ok(Part { place, ignores_case: false, text: text.clone() }),
        Value::Object(object) => match only(object, path)? {
            ("equals-ignore-case", Value::String(text)) => Ok(Part { place, ignores_case: true, text: text.clone() }),
            _ => fail(path, "within a prefix or suffix, only `equals-ignore-case` is documented"),
        },
        _ => fail(path, "a prefix or suffix must be a string"),
    }
}

fn wildcard(text: &str, path: &[String]) -> Result<Wildcard, PatternError> {
    Wildcard::read(text).or_else(|message| fail(path, message))
}

fn numeric(range: &[Value], path: &[String]) -> Result<Matcher, PatternError> {
    let mut pairs: Vec<(Comparison, Number)> = Vec::new();
    for pair in range.chunks(2) {
        let [Value::String(sign), Value::Number(number)] = pair else {
            return fail(path, "`numeric` must have comparisons, each followed by a number");
        };
        let Some((_, comparison)) = Comparison::ALL.iter().find(|(known, _)| known == sign) else {
            return fail(path, format!("`{sign}` is no comparison"));
        };
        pairs.push((*comparison, number.clone()));
    }
    let lower = |comparison| matches!(comparison, Comparison::Greater | Comparison::GreaterOrEqual);
    let upper = |comparison| matches!(comparison, Comparison::Less | Comparison::LessOrEqual);
    match pairs.as_slice() {
        [_] => Ok(Matcher::Numeric(pairs)),
        [(from, _), (to, _)] if lower(*from) && upper(*to) => Ok(Matcher::Numeric(pairs)),
        _ => fail(path, "`numeric` must have one comparison, or a lower bound and an upper one"),
    }
}

fn anything_but(operand: &Value, path: &[String]) -> Result<AnythingBut, PatternError> {
    if let Value::Object(object) = operand {
        let (name, inner) = only(object, path)?;
        let texts = texts(inner, path)?;
        let parts = |place, ignores_case| {
            let part = |text: &String| Part { place, ignores_case, text: text.clone() };
            AnythingBut::Parts(place, texts.iter().map(part).collect())
        };
        return match name {
            "prefix" => Ok(parts(Place::Start, false)),
            "suffix" => Ok(parts(Place::End, false)),
            "equals-ignore-case" => Ok(parts(Place::Whole, true)),
            "wildcard" => {
                let wildcards: Result<_, _> = texts.iter().map(|text| wildcard(text, path)).collect();
                wildcards.map(AnythingBut::Wildcards)
            }
            _ => fail(path, format!("`{name}` within `anything-but` is not documented")),
        };
    }
    let items = operand.as_array().map_or(std::slice::from_ref(operand), Vec::as_slice);
    let numbers: Option<Vec<Number>> = items.iter().map(|item| item.as_number().cloned()).collect();
    match numbers {
        Some(numbers) if !numbers.is_empty() => Ok(AnythingBut::Numbers(numbers)),
        _ => texts(operand, path).map(AnythingBut::Texts),
    }
}

/// One text, or a list of them.
fn texts(value: &Value, path: &[String]) -> Result<Vec<String>, PatternError> {
    let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let texts: Option<Vec<String>> = items.iter().map(|item| item.as_str().map(str::to_owned)).collect();
    match texts {
        Some(texts) if !texts.is_empty() => Ok(texts),
        _ => fail(path, "`anything-but` must have a string, a number, or a list of only one of these"),
    }
}

/// The pattern as JSON, in one way of writing it.
pub(super) fn written(asked: &Fields) -> Value {
    let own = asked.fields.iter().map(|(key, field)| {
        let value = match field {
            Field::Within(fields) => written(fields),
            Field::Values(matchers) => matchers.iter().map(Matcher::written).collect(),
        };
        (key.clone(), value)
    });
    let any = asked.any.iter().map(|parts| ("$or".to_owned(), parts.iter().map(written).collect()));
    Value::Object(own.chain(any).collect())
}
