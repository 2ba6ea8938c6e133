//! Whether a pattern matches.
//!
//! A pattern is walked together with the event. Where the event has an array of objects, its structure is "crushed out",
//! and fields that are asked for together must be in one object (Event Ruler, "JSON Array Matching").

use serde_json::Value;

use super::leaf;
use super::matcher::Matcher;
use super::{Field, Fields};
use crate::derive::matching::Matching;
use crate::event::{Events, Open};

/// Where the walk stands.
#[derive(Debug, Clone)]
struct At<'a> {
    events: Events<'a>,
    value: Option<&'a Value>,
    /// The keys so far.
    path: Vec<String>,
    /// Whether an array was entered: what is open is outside of arrays.
    in_array: bool,
    /// Whether the same array may be entered from elsewhere in the pattern.
    is_split: bool,
}

/// Whether a pattern matches an event, or all of a kind.
pub(super) fn evaluate<'a>(pattern: &Fields, events: Events<'a>) -> Matching {
    let value = Some(events.record());
    fields(pattern, &At { events, value, path: Vec::new(), in_array: false, is_split: false })
}

fn fields(asked: &Fields, at: &At<'_>) -> Matching {
    if let Some(Value::Array(items)) = at.closed() {
        return each(items, at, |at| fields(asked, at));
    }
    let own = asked.fields.iter().map(|(key, field)| {
        let keys: Vec<&str> = key.split('.').collect();
        let at = At { is_split: at.is_split || keys.len() > 1, ..at.clone() };
        ask(&keys, field, &at)
    });
    let split = At { is_split: true, ..at.clone() };
    let any = asked.any.iter().map(|parts| Matching::any(parts.iter().map(|part| fields(part, &split))));
    Matching::all(own.chain(any))
}

/// What is asked of the field that some keys lead to.
fn ask(keys: &[&str], field: &Field, at: &At<'_>) -> Matching {
    let Some((key, rest)) = keys.split_first() else {
        return match field {
            Field::Within(asked) => fields(asked, at),
            Field::Values(matchers) => value(matchers, at),
        };
    };
    match at.closed() {
        Some(Value::Array(items)) => each(items, at, |at| ask(keys, field, at)),
        // "EventBridge uses dot (.) as the joining character", which "should not be relied on to not change".
        Some(Value::Object(object)) if object.keys().any(|other| joins(other, key)) => {
            Matching::undocumented(format!("the event has keys with periods beside {}", at.name(key)))
        }
        found => {
            let inner = found.and_then(|found| found.get(key));
            let path = at.path.iter().cloned().chain([(*key).to_owned()]).collect();
            ask(rest, field, &At { value: inner, path, ..at.clone() })
        }
    }
}

fn joins(key: &str, first: &str) -> bool {
    key.strip_prefix(first).is_some_and(|rest| rest.starts_with('.'))
}

/// What is asked of the objects of an array: of one of them.
fn each<'a>(items: &'a [Value], at: &At<'a>, judge: impl Fn(&At<'a>) -> Matching) -> Matching {
    let mut objects = Vec::new();
    crush(items, &mut objects);
    let inner = |value| At { value, in_array: true, ..at.clone() };
    if objects.is_empty() {
        return judge(&inner(None));
    }
    let matching = Matching::any(objects.iter().map(|object| judge(&inner(Some(object)))));
    if matching == Matching::Yes && at.is_split && objects.len() > 1 {
        return Matching::undocumented("the pattern asks for fields of an array's objects in several places");
    }
    matching
}

fn crush<'a>(items: &'a [Value], objects: &mut Vec<&'a Value>) {
    for item in items {
        match item {
            Value::Array(inner) => crush(inner, objects),
            Value::Object(_) => objects.push(item),
            _ => {}
        }
    }
}

/// What is asked of a value: one of several things.
fn value(matchers: &[Matcher], at: &At<'_>) -> Matching {
    if let Some(open) = at.open() {
        let whole = open.path.len() == at.path.len();
        return Matching::any(matchers.iter().map(|matcher| differing(matcher, whole.then_some(open), at)));
    }
    let matching = Matching::any(matchers.iter().map(|matcher| match at.value {
        None => absent(matcher, at),
        Some(Value::Array(items)) => intersects(matcher, items, at),
        Some(Value::Object(_)) => intermediate(matcher, at),
        Some(leaf) => leaf::holds(matcher, leaf),
    }));
    let because = |what: &str| format!("{}: {what}", at.name(""));
    match matching {
        Matching::No(_) => Matching::fails(match at.value {
            None => format!("the event has no {}", at.name("")),
            Some(value) => format!("{} is {}, none of {}", at.name(""), leaf::brief(value), written(matchers)),
        }),
        Matching::Unknown(why) => Matching::Unknown(why.into_iter().map(|why| why.map(because)).collect()),
        Matching::Yes => Matching::Yes,
    }
}

/// "For an event pattern to match an event, the event must contain all the field names listed", but for `exists`.
fn absent(matcher: &Matcher, at: &At<'_>) -> Matching {
    match matcher {
        Matcher::Exists(false) if at.in_array => {
            Matching::undocumented("whether a field exists that some objects of an array have is not documented")
        }
        Matcher::Exists(false) => Matching::Yes,
        _ => Matching::fails("it is absent"),
    }
}

/// "If the value in the event is an array, then the event pattern matches if the intersection of the event pattern array
/// and the event array is non-empty."
fn intersects(matcher: &Matcher, items: &[Value], at: &At<'_>) -> Matching {
    let leaves: Vec<&Value> = items.iter().filter(|item| !item.is_array() && !item.is_object()).collect();
    if leaves.len() < items.len() || leaves.is_empty() {
        return intermediate(matcher, at);
    }
    Matching::any(leaves.into_iter().map(|leaf| leaf::holds(matcher, leaf)))
}

/// "Comparison operators only work on leaf nodes, with the exception of $or and anything-but."
fn intermediate(matcher: &Matcher, at: &At<'_>) -> Matching {
    let holds_objects = at.value.is_some_and(|value| value.as_array().is_none_or(|items| !items.is_empty()));
    match matcher {
        Matcher::Exists(_) | Matcher::AnythingBut(_) => {
            Matching::undocumented("what is made of an object or an empty array is not documented")
        }
        _ if at.value.is_some_and(Value::is_array) && holds_objects => {
            Matching::undocumented("what is made of an array of arrays or objects is not documented")
        }
        _ => Matching::fails("it is no value"),
    }
}

/// What is asked of a field in which the events of a kind differ.
fn differing(matcher: &Matcher, open: Option<&Open>, at: &At<'_>) -> Matching {
    let always = open.is_some_and(|open| open.always);
    let never = |text: &str| open.is_some_and(|open| open.except.iter().any(|none| none == text));
    match matcher {
        Matcher::Exists(exists) if always => return Matching::or_fails(*exists, || format!("{} exists", at.name(""))),
        Matcher::Text(part) if always && part.text.is_empty() && part.place.is_partial() => return Matching::Yes,
        Matcher::Wildcard(wildcard) if always && wildcard.source() == "*" => return Matching::Yes,
        Matcher::AnythingBut(but) if always && but.leaves_out_only(never) => return Matching::Yes,
        Matcher::Exactly(Value::String(text)) if never(text) => {
            return Matching::fails(format!("{} is never \"{text}\"", at.name("")));
        }
        Matcher::Exactly(other) if always && !other.is_string() => {
            return Matching::fails(format!("{} is a string", at.name("")));
        }
        _ => {}
    }
    Matching::differs(format!(
        "the events differ in {}, and not all are such that it is {}",
        at.name(""),
        leaf::brief(&matcher.written())
    ))
}

fn written(matchers: &[Matcher]) -> String {
    leaf::brief(&matchers.iter().map(Matcher::written).collect())
}

impl<'a> At<'a> {
    /// Where the events differ here.
    fn open(&self) -> Option<&'a Open> {
        if self.in_array { None } else { self.events.open_at(&self.path) }
    }

    /// The value, where the events do not differ.
    fn closed(&self) -> Option<&'a Value> {
        if self.open().is_some() { None } else { self.value }
    }

    /// The name of this field, or of one in it.
    fn name(&self, key: &str) -> String {
        let more = (!key.is_empty()).then_some(key);
        self.path.iter().map(String::as_str).chain(more).collect::<Vec<_>>().join(".")
    }
}
