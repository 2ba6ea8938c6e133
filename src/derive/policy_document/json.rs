//! JSON that keeps what `serde_json`'s own value drops: keys that are written twice.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::Unreadable;

/// A JSON value; objects keep every key in its order.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// The first value under a key.
pub(super) fn get<'a>(elements: &'a [(String, Json)], name: &str) -> Option<&'a Json> {
    elements.iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// Which of two values counts is not documented, so a key that is written twice makes its object unreadable.
pub(super) fn no_duplicates(elements: &[(String, Json)]) -> Result<(), Unreadable> {
    let mut seen = std::collections::BTreeSet::new();
    match elements.iter().find(|(name, _)| !seen.insert(name)) {
        Some((name, _)) => Unreadable::because(format!("`{}` is written twice", brief(name))),
        None => Ok(()),
    }
}

/// A text, cut to what fits a message.
pub(super) fn brief(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut brief: String = text.chars().take(LONGEST).collect();
    if brief.len() < text.len() {
        brief.push('…');
    }
    brief
}

impl Json {
    /// The strings of a value that may be one string or a list of them.
    pub(super) fn texts(&self, what: &str) -> Result<Vec<String>, Unreadable> {
        let texts: Option<Vec<String>> = match self {
            Self::Text(text) => Some(vec![text.clone()]),
            Self::List(items) => {
                items.iter().map(|item| if let Self::Text(text) = item { Some(text.clone()) } else { None }).collect()
            }
            _ => None,
        };
        match texts {
            Some(texts) if texts.is_empty() => Unreadable::because(format!("its {what} is an empty list")),
            Some(texts) => Ok(texts),
            None => Unreadable::because(format!("its {what} is neither a string nor a list of strings")),
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Json;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut elements: A) -> Result<Json, A::Error> {
        let mut object = Vec::new();
        while let Some(element) = elements.next_entry()? {
            object.push(element);
        }
        Ok(Json::Object(object))
    }
}
