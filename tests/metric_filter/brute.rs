//! A plain matcher of patterns for JSON events, and generated patterns and events. It shares nothing with the parser or
//! the evaluator: it decides from what was generated. Only what is documented is generated, so every answer is yes or no.

use proptest::prelude::*;
use serde_json::{Value, json};

/// A pattern as it was generated.
#[derive(Debug, Clone)]
pub(crate) enum Written {
    All(Vec<Written>),
    Any(Vec<Written>),
    /// A field that every event has with a text.
    Text(&'static str, bool, String),
    /// A field that an event may lack; asked whether it equals.
    Optional(&'static str, String),
    /// A field that every event has with a number.
    Number(&'static str, &'static str, i64),
    Flag(bool),
    Null,
    NotExists(&'static str),
    /// Any element of the list.
    Element(String),
    /// An element of the list by its place.
    At(usize, String),
}

pub(crate) const TEXTS: [&str; 3] = ["$.name", "$.user.name", "$.['dotted.name']"];
pub(crate) const OPTIONAL: [&str; 3] = ["$.maybe", "$.user.maybe", "$.none.deep"];
const NUMBERS: [&str; 2] = ["$.count", "$.user.count"];
const SIGNS: [&str; 6] = ["=", "!=", "<", "<=", ">", ">="];
const WORDS: [&str; 6] = ["Put", "PutEvent", "GetEvent", "Event", "put", "x"];

impl Written {
    /// Whether an event is one that the pattern matches.
    pub(crate) fn matches(&self, event: &Value) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.matches(event)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(event)),
            Self::Text(field, equal, text) => like(text, look(event, field).unwrap().as_str().unwrap()) == *equal,
            Self::Optional(field, text) => {
                look(event, field).and_then(Value::as_str).is_some_and(|value| like(text, value))
            }
            Self::Number(field, sign, number) => {
                let value = look(event, field).unwrap().as_i64().unwrap();
                match *sign {
                    "=" => value == *number,
                    "!=" => value != *number,
                    "<" => value < *number,
                    "<=" => value <= *number,
                    ">" => value > *number,
                    _ => value >= *number,
                }
            }
            Self::Flag(flag) => event["flag"] == json!(flag),
            Self::Null => event["nothing"].is_null() && event.get("nothing").is_some(),
            Self::NotExists(field) => look(event, field).is_none(),
            Self::Element(text) => list(event).iter().any(|value| like(text, value.as_str().unwrap())),
            Self::At(at, text) => list(event).get(*at).is_some_and(|value| like(text, value.as_str().unwrap())),
        }
    }

    /// The pattern as text; `seed` chooses among the ways of writing it.
    pub(crate) fn text(&self, seed: u64) -> String {
        format!("{}{{{}{}{}}}", blank(seed), blank(seed / 2), self.inner(seed), blank(seed / 3))
    }

    fn inner(&self, seed: u64) -> String {
        let next = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let gap = blank(next >> 20);
        match self {
            Self::All(parts) => join(parts, "&&", next),
            Self::Any(parts) => join(parts, "||", next),
            Self::Text(field, equal, text) => {
                format!("{field}{gap}{}{gap}{}", if *equal { "=" } else { "!=" }, quoted(text, next))
            }
            Self::Optional(field, text) => format!("{field}{gap}={gap}{}", quoted(text, next)),
            Self::Number(field, sign, number) => format!("{field}{gap}{sign}{gap}{}", digits(*number, next)),
            Self::Flag(flag) => format!("$.flag IS {}", flag.to_string().to_uppercase()),
            Self::Null => "$.nothing IS NULL".to_owned(),
            Self::NotExists(field) => format!("{field} NOT EXISTS"),
            Self::Element(text) => format!("$.list[*]{gap}={gap}{}", quoted(text, next)),
            Self::At(at, text) => format!("$.list[{at}]{gap}={gap}{}", quoted(text, next)),
        }
    }

    /// The pattern that matches what this one does not; nothing, where it asks for what has no opposite.
    pub(crate) fn negated(&self) -> Option<Self> {
        let each = |parts: &[Self]| parts.iter().map(Self::negated).collect::<Option<Vec<_>>>();
        match self {
            Self::All(parts) => each(parts).map(Self::Any),
            Self::Any(parts) => each(parts).map(Self::All),
            Self::Text(field, equal, text) => Some(Self::Text(field, !equal, text.clone())),
            Self::Number(field, sign, number) => {
                let at = SIGNS.iter().position(|other| other == sign).unwrap();
                Some(Self::Number(field, ["!=", "=", ">=", ">", "<=", "<"][at], *number))
            }
            Self::Flag(flag) => Some(Self::Flag(!flag)),
            _ => None,
        }
    }
}

fn blank(seed: u64) -> &'static str {
    ["", " ", "  ", "\n", "\t "][usize::try_from(seed % 5).unwrap()]
}

/// A join of parts, each in parentheses where it needs them, and sometimes where it does not.
fn join(parts: &[Written], sign: &str, seed: u64) -> String {
    let part = |part: &Written, at: usize| {
        let inner = part.inner(seed.wrapping_add(at as u64));
        let needs = matches!((part, sign), (Written::Any(_), "&&"));
        if needs || (seed >> (at % 32)) & 1 == 1 { format!("({inner})") } else { inner }
    };
    let parts: Vec<String> = parts.iter().enumerate().map(|(at, one)| part(one, at)).collect();
    parts.join(&format!("{}{sign}{}", blank(seed >> 7), blank(seed >> 9)))
}

fn quoted(text: &str, seed: u64) -> String {
    if seed & 4 == 0 && !text.is_empty() { text.to_owned() } else { format!("\"{text}\"") }
}

fn digits(number: i64, seed: u64) -> String {
    match seed % 4 {
        0 => format!("{number:+}"),
        1 => format!("{number}.0"),
        2 => format!("{number}e0"),
        _ => number.to_string(),
    }
}

/// What is at the end of a selector without wildcards.
fn look<'a>(event: &'a Value, field: &str) -> Option<&'a Value> {
    match field {
        "$.['dotted.name']" => event.get("dotted.name"),
        other => other.strip_prefix("$.").unwrap().split('.').try_fold(event, |value, key| value.get(key)),
    }
}

fn list(event: &Value) -> &[Value] {
    event["list"].as_array().unwrap()
}

/// Whether a text is like a pattern with stars at its ends: by trying all beginnings and endings.
fn like(pattern: &str, text: &str) -> bool {
    let starts: Vec<usize> = if pattern.starts_with('*') { (0..=text.len()).collect() } else { vec![0] };
    let ends: Vec<usize> = if pattern.ends_with('*') { (0..=text.len()).collect() } else { vec![text.len()] };
    let term = pattern.trim_matches('*');
    starts.iter().any(|start| ends.iter().any(|end| text.get(*start..*end) == Some(term)))
}

fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(WORDS.to_vec());
    (word, any::<bool>(), any::<bool>())
        .prop_map(|(word, start, end)| format!("{}{word}{}", if start { "*" } else { "" }, if end { "*" } else { "" }))
}

fn condition() -> impl Strategy<Value = Written> {
    let number = (prop::sample::select(NUMBERS.to_vec()), prop::sample::select(SIGNS.to_vec()), -2..3_i64);
    prop_oneof![
        4 => (prop::sample::select(TEXTS.to_vec()), any::<bool>(), text())
            .prop_map(|(field, equal, text)| Written::Text(field, equal, text)),
        2 => (prop::sample::select(OPTIONAL.to_vec()), text()).prop_map(|(field, text)| Written::Optional(field, text)),
        3 => number.prop_map(|(field, sign, number)| Written::Number(field, sign, number)),
        1 => any::<bool>().prop_map(Written::Flag),
        1 => Just(Written::Null),
        1 => prop::sample::select(OPTIONAL.to_vec()).prop_map(Written::NotExists),
        1 => text().prop_map(Written::Element),
        1 => (0..3_usize, text()).prop_map(|(at, text)| Written::At(at, text)),
    ]
}

pub(crate) fn written() -> impl Strategy<Value = Written> {
    condition().prop_recursive(4, 24, 4, |inner| {
        let parts = prop::collection::vec(inner, 1..4);
        (parts, any::<bool>()).prop_map(|(parts, all)| if all { Written::All(parts) } else { Written::Any(parts) })
    })
}

pub(crate) fn event() -> impl Strategy<Value = Value> {
    let word = || prop::sample::select(WORDS.to_vec());
    let maybe = || prop::option::of(word());
    let texts = (word(), word(), word(), maybe(), maybe(), prop::collection::vec(word(), 0..3));
    (texts, -2..3_i64, -2..3_i64, any::<bool>(), any::<bool>()).prop_map(|(texts, count, inner, flag, null)| {
        let (name, user, dotted, maybe, user_maybe, list) = texts;
        let mut event = json!({
            "name": name, "dotted.name": dotted, "count": count, "flag": flag, "list": list,
            "user": { "name": user, "count": inner }, "nothing": if null { Value::Null } else { json!(1) },
        });
        if let Some(maybe) = maybe {
            event["maybe"] = json!(maybe);
        }
        if let Some(maybe) = user_maybe {
            event["user"]["maybe"] = json!(maybe);
        }
        event
    })
}
