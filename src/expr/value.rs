//! Values during evaluation: borrowed from facts wherever they can be.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use super::fact::Fact;
use super::gaps::Gaps;
use super::record::Record;

/// A value that a part of an expression gave.
#[derive(Debug, Clone)]
pub(super) enum Value<'a> {
    Bool(bool),
    Int(i64),
    String(Cow<'a, str>),
    /// A list of facts; a gap among them stands for any number of elements.
    Facts(&'a [Fact]),
    /// A list that the expression made; what is unknown among its elements stands for any number of them.
    Values(Vec<Value<'a>>),
    Record(&'a Record),
    Map(&'a BTreeMap<String, Fact>),
    Optional(Option<Box<Value<'a>>>),
    /// The value rests on gaps.
    Unknown(Gaps),
}

impl<'a> From<&'a Fact> for Value<'a> {
    fn from(fact: &'a Fact) -> Self {
        match fact {
            Fact::Bool(value) => Self::Bool(*value),
            Fact::Int(value) => Self::Int(*value),
            Fact::Age(age) => Self::Int(age.0),
            Fact::String(value) => Self::String(Cow::Borrowed(value)),
            Fact::List(elements) => Self::Facts(elements),
            Fact::Record(record) => Self::Record(record),
            Fact::Map(entries) => Self::Map(entries),
            Fact::Gap(gaps) => Self::Unknown(gaps.clone()),
        }
    }
}

impl<'a> Value<'a> {
    /// The elements of a list, or the keys of a map; nothing of any other value.
    pub(super) fn elements(self) -> Option<Elements<'a>> {
        match self {
            Self::Facts(facts) => Some(Elements::Facts(facts.iter())),
            Self::Values(values) => Some(Elements::Values(values.into_iter())),
            Self::Map(entries) => Some(Elements::Keys(entries.keys())),
            _ => None,
        }
    }

    /// Whether two single values are the same; nothing where they cannot be compared, as when a gap hides one.
    pub(super) fn same(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Bool(left), Self::Bool(right)) => Some(left == right),
            (Self::Int(left), Self::Int(right)) => Some(left == right),
            (Self::String(left), Self::String(right)) => Some(left == right),
            _ => None,
        }
    }
}

/// The elements of a list, one after another.
pub(super) enum Elements<'a> {
    Facts(std::slice::Iter<'a, Fact>),
    Values(std::vec::IntoIter<Value<'a>>),
    Keys(std::collections::btree_map::Keys<'a, String, Fact>),
}

impl<'a> Iterator for Elements<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        match self {
            Self::Facts(facts) => facts.next().map(Value::from),
            Self::Values(values) => values.next(),
            Self::Keys(keys) => keys.next().map(|key| Value::String(Cow::Borrowed(key))),
        }
    }
}

/// How many elements of a list are printed.
const PRINTED: usize = 8;

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::String(value) => write!(f, "{value:?}"),
            Self::Record(record) => write_record(f, record),
            Self::Map(entries) => {
                let entry = |(key, value)| format!("{key:?}: {}", Value::from(value));
                write_some(f, '{', entries.iter().map(entry), '}')
            }
            Self::Facts(facts) => write_some(f, '[', facts.iter().map(|fact| Value::from(fact).to_string()), ']'),
            Self::Values(values) => write_some(f, '[', values.iter().map(Value::to_string), ']'),
            Self::Optional(Some(value)) => write!(f, "{value}"),
            Self::Optional(None) => f.write_str("absent"),
            Self::Unknown(_) => f.write_str("not known"),
        }
    }
}

/// A record is printed by what names it.
fn write_record(f: &mut fmt::Formatter<'_>, record: &Record) -> fmt::Result {
    match record.naming() {
        Some(name) => write!(f, "{}", Value::from(name)),
        None => {
            let fields: Vec<String> =
                record.iter().map(|(name, value)| format!("{name}: {}", Value::from(value))).collect();
            write_some(f, '{', fields.into_iter(), '}')
        }
    }
}

fn write_some(
    f: &mut fmt::Formatter<'_>,
    open: char,
    parts: impl ExactSizeIterator<Item = String>,
    close: char,
) -> fmt::Result {
    let more = parts.len().saturating_sub(PRINTED);
    let mut parts: Vec<String> = parts.take(PRINTED).collect();
    if more > 0 {
        parts.push(format!("… {more} more"));
    }
    write!(f, "{open}{}{close}", parts.join(", "))
}
