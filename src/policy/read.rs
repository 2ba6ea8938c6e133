//! Reading a document part by part, so that one mistake hides no other.

use std::cell::RefCell;
use std::ops::Range;

use serde::de::DeserializeOwned;
use serde_yaml::Value;

use super::diagnostic::Diagnostic;
use super::yaml::{Kind, Node};

/// A file while it is read, and the mistakes found so far.
pub(super) struct File<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
    mistakes: RefCell<Vec<Diagnostic>>,
}

impl<'a> File<'a> {
    pub(super) fn new(name: &'a str, text: &'a str) -> Self {
        Self { name, text, mistakes: RefCell::default() }
    }

    /// Takes down a mistake.
    pub(super) fn mistake(&self, range: Range<usize>, message: impl Into<String>) {
        self.note(Diagnostic::at(self.name, range, message));
    }

    /// Takes down a mistake with what to do instead.
    pub(super) fn note(&self, diagnostic: Diagnostic) {
        self.mistakes.borrow_mut().push(diagnostic);
    }

    /// The mistakes, in the order of their places.
    pub(super) fn mistakes(self) -> Vec<Diagnostic> {
        let mut mistakes = self.mistakes.into_inner();
        mistakes.sort();
        mistakes.dedup();
        mistakes
    }

    /// Whether there is none so far.
    pub(super) fn is_clean(&self) -> bool {
        self.mistakes.borrow().is_empty()
    }
}

/// A value of a file: where it stands, and what it is.
#[derive(Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) file: &'a File<'a>,
    pub(super) node: &'a Node,
    pub(super) value: &'a Value,
}

impl<'a> Part<'a> {
    /// Takes down a mistake at this value, with what to do instead.
    pub(super) fn note(&self, message: impl Into<String>, help: Option<String>) {
        self.file.note(Diagnostic::at(self.file.name, self.node.range.clone(), message).help(help));
    }

    /// The line at which the value begins, from 1.
    pub(super) fn line(&self) -> usize {
        1 + self.file.text.get(..self.node.range.start).unwrap_or("").matches('\n').count()
    }

    /// The value under a key of a mapping.
    pub(super) fn get(&self, key: &str) -> Option<Part<'a>> {
        let value = self.value.as_mapping()?.get(key)?;
        Some(Part { file: self.file, node: self.node.get(key)?, value })
    }

    /// The value under a key that must be there.
    pub(super) fn demand(&self, key: &str) -> Option<Part<'a>> {
        let found = self.get(key);
        if found.is_none() && matches!(self.node.kind, Kind::Mapping(_)) {
            let start = self.node.range.start;
            self.file.mistake(start..start, format!("the key `{key}` is missing"));
        }
        found
    }

    /// The entries of a mapping; a mistake where it is none.
    pub(super) fn entries(&self) -> Vec<(&'a str, Part<'a>)> {
        let Kind::Mapping(entries) = &self.node.kind else {
            self.file.mistake(self.node.range.clone(), "a mapping is expected here");
            return Vec::new();
        };
        let names = entries.iter().filter_map(|(key, _)| key.text());
        names.filter_map(|name| Some((name, self.get(name)?))).collect()
    }

    /// Takes down a mistake at a key of this mapping, with what to do instead.
    pub(super) fn note_key(&self, key: &str, message: impl Into<String>, help: Option<String>) {
        let Kind::Mapping(entries) = &self.node.kind else { return self.note(message, help) };
        let found = entries.iter().find(|(name, _)| name.text() == Some(key));
        let range = found.map_or(&self.node.range, |(name, _)| &name.range).clone();
        self.file.note(Diagnostic::at(self.file.name, range, message).help(help));
    }

    /// The elements of a list; a mistake where it is none.
    pub(super) fn elements(&self) -> Vec<Part<'a>> {
        let (Kind::Sequence(nodes), Some(values)) = (&self.node.kind, self.value.as_sequence()) else {
            self.file.mistake(self.node.range.clone(), "a list is expected here");
            return Vec::new();
        };
        nodes.iter().zip(values).map(|(node, value)| Part { file: self.file, node, value }).collect()
    }

    /// Takes down every key of a mapping that is not among those known.
    pub(super) fn only(&self, known: &[&str]) {
        let Kind::Mapping(entries) = &self.node.kind else {
            self.file.mistake(self.node.range.clone(), "a mapping is expected here");
            return;
        };
        for (key, _) in entries {
            let Some(name) = key.text().filter(|name| !known.contains(name)) else { continue };
            let message = format!("there is no key `{name}` here");
            let help = nearest(name, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
            let help = help.or_else(|| Some(format!("the keys are {}", known.join(", "))));
            self.file.note(Diagnostic::at(self.file.name, key.range.clone(), message).help(help));
        }
    }

    /// The value as a type; a mistake where it is none.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Option<T> {
        match serde_yaml::from_value(self.value.clone()) {
            Ok(read) => Some(read),
            Err(error) => {
                self.file.mistake(self.node.range.clone(), error.to_string());
                None
            }
        }
    }

    /// The value as text that is not empty; a mistake where it is none.
    pub(super) fn text(&self) -> Option<String> {
        match self.value {
            Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
            Value::String(_) => {
                self.file.mistake(self.node.range.clone(), "this must not be empty");
                None
            }
            _ => {
                self.file.mistake(
                    self.node.range.clone(),
                    "text is expected here; quote it if it looks like something else",
                );
                None
            }
        }
    }

    /// The value as an id or a name of a closed set; a mistake where it is none.
    pub(super) fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(&self) -> Option<T> {
        match self.text()?.parse() {
            Ok(read) => Some(read),
            Err(error) => {
                self.file.mistake(self.node.range.clone(), error.to_string());
                None
            }
        }
    }
}

/// The name that is most like a given one, if any is.
pub(crate) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let scored = known.into_iter().map(|other| (strsim::jaro_winkler(name, other), other));
    let best = scored.max_by(|(left, _), (right, _)| left.total_cmp(right))?;
    (best.0 > 0.8).then_some(best.1)
}
