//! Records: facts under names that the schema fixes.

use std::borrow::Cow;
use std::ptr;
use std::sync::{Arc, OnceLock};

use super::fact::Fact;

/// The names of a record's fields, and the place at which each one's fact stands.
#[derive(Debug)]
pub struct Shape {
    /// Sorted by name.
    places: Vec<(Cow<'static, str>, usize)>,
}

impl Shape {
    /// The shape of records whose facts stand in the order of these names.
    pub fn new<N: Into<Cow<'static, str>>>(names: impl IntoIterator<Item = N>) -> Self {
        let mut places: Vec<_> = names.into_iter().enumerate().map(|(place, name)| (name.into(), place)).collect();
        places.sort();
        Self { places }
    }

    fn place(&self, name: &str) -> Option<usize> {
        let at = self.places.binary_search_by(|(known, _)| known.as_ref().cmp(name)).ok()?;
        self.places.get(at).map(|(_, place)| *place)
    }
}

/// The shape of one record.
#[derive(Debug, Clone)]
enum Shaped {
    /// That of all records of one kind.
    Fixed(&'static Shape),
    /// Its own.
    Own(Arc<Shape>),
}

/// Facts under names; a field that is absent has a name in the shape, or none.
#[derive(Debug, Clone)]
pub struct Record {
    shape: Shaped,
    facts: Box<[Option<Fact>]>,
}

impl Record {
    /// A record with a shape of its own.
    pub(super) fn new(shape: Shape, facts: impl Into<Box<[Option<Fact>]>>) -> Self {
        Self { shape: Shaped::Own(Arc::new(shape)), facts: facts.into() }
    }

    /// A record of a kind.
    pub(super) fn of(shape: &'static Shape, facts: impl Into<Box<[Option<Fact>]>>) -> Self {
        Self { shape: Shaped::Fixed(shape), facts: facts.into() }
    }

    fn shape(&self) -> &Shape {
        match &self.shape {
            Shaped::Fixed(shape) => shape,
            Shaped::Own(shape) => shape,
        }
    }

    fn at(&self, place: usize) -> Option<&Fact> {
        self.facts.get(place)?.as_ref()
    }

    /// The fact under a name.
    pub fn get(&self, name: &str) -> Option<&Fact> {
        self.at(self.shape().place(name)?)
    }

    /// The field that tells the record from others of its kind.
    pub fn naming(&self) -> Option<&Fact> {
        ["arn", "name", "id"].into_iter().find_map(|name| self.get(name))
    }

    /// The fields that are there, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Fact)> {
        self.shape().places.iter().filter_map(|(name, place)| Some((name.as_ref(), self.at(*place)?)))
    }

    /// The same with another fact under a name.
    pub(super) fn with(&self, name: &'static str, fact: Fact) -> Self {
        if let Some(place) = self.shape().place(name) {
            let mut other = self.clone();
            if let Some(there) = other.facts.get_mut(place) {
                *there = Some(fact);
            }
            return other;
        }
        let names = self.iter().map(|(name, _)| Cow::Owned(name.to_owned())).chain([Cow::Borrowed(name)]);
        let facts: Vec<Option<Fact>> = self.iter().map(|(_, fact)| Some(fact.clone())).chain([Some(fact)]).collect();
        Self::new(Shape::new(names), facts)
    }
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

/// The name of a field as an expression has it. It mostly meets records of one kind, and remembers the place in those.
#[derive(Debug, Clone)]
pub(super) struct FieldName {
    text: Box<str>,
    met: OnceLock<(&'static Shape, usize)>,
}

impl FieldName {
    /// The fact that a record has under the name.
    pub(super) fn of<'r>(&self, record: &'r Record) -> Option<&'r Fact> {
        let Shaped::Fixed(shape) = record.shape else { return record.get(&self.text) };
        match self.met.get() {
            Some((met, place)) if ptr::eq(*met, shape) => record.at(*place),
            Some(_) => record.get(&self.text),
            None => {
                let place = shape.place(&self.text)?;
                // Another thread may have met another kind first: that one is remembered then.
                self.met.get_or_init(|| (shape, place));
                record.at(place)
            }
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<&str> for FieldName {
    fn from(text: &str) -> Self {
        Self { text: text.into(), met: OnceLock::new() }
    }
}
