//! Facts: the values that an expression can reach, and the gaps among them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::gaps::Gaps;
use super::record::{Record, Shape};
use crate::id::{AccountId, Arn, BucketName, Partition, RegionName, TrailArn};

/// A value that an expression can reach.
///
/// What is not there has no `Fact`: an absent optional is a field that its record does not carry. Compound facts
/// are shared, so a clone costs a counter.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// The seconds since a time: a whole number to an expression.
    Age(Age),
    /// Text; identifiers are text to an expression.
    String(Arc<str>),
    /// Facts in an order. A [`Fact::Gap`] among them stands for any number of elements that could not be read.
    List(Arc<[Fact]>),
    /// Facts under names that the schema fixes.
    Record(Arc<Record>),
    /// Facts under names that AWS's user chose, such as tags.
    Map(Arc<BTreeMap<String, Fact>>),
    /// What was asked for and not answered.
    Gap(Gaps),
}

impl Fact {
    /// A record of the fields that are there.
    ///
    /// ```
    /// use trailproof::expr::Fact;
    /// let trail = Fact::record([("name", Some("main".into())), ("kms_key_id", None)]);
    /// assert_eq!(trail.field("name"), Some(&Fact::from("main")));
    /// assert_eq!(trail.field("kms_key_id"), None);
    /// ```
    pub fn record<N: Into<Cow<'static, str>>>(fields: impl IntoIterator<Item = (N, Option<Fact>)>) -> Self {
        let (names, facts): (Vec<N>, Vec<Option<Fact>>) = fields.into_iter().unzip();
        Self::Record(Arc::new(Record::new(Shape::new(names), facts)))
    }

    /// A record of a shape that many others have, with the facts in the order of its names.
    ///
    /// ```
    /// use std::sync::LazyLock;
    /// use trailproof::expr::{Fact, Shape};
    ///
    /// static TRAIL: LazyLock<Shape> = LazyLock::new(|| Shape::new(["name", "kms_key_id"]));
    /// let trail = Fact::shaped(&TRAIL, [Some("main".into()), None]);
    /// assert_eq!(trail.field("name"), Some(&Fact::from("main")));
    /// ```
    pub fn shaped(shape: &'static Shape, facts: impl Into<Box<[Option<Fact>]>>) -> Self {
        Self::Record(Arc::new(Record::of(shape, facts)))
    }

    /// A list of facts.
    pub fn list(elements: impl IntoIterator<Item = Fact>) -> Self {
        Self::List(elements.into_iter().collect())
    }

    /// The record with a field more, or with another fact in it; anything else as it is.
    ///
    /// ```
    /// use trailproof::expr::Fact;
    /// let trail = Fact::record([("name", Some("main".into()))]).with_field("region", "eu-west-1".into());
    /// assert_eq!(trail.field("region"), Some(&Fact::from("eu-west-1")));
    /// ```
    #[must_use]
    pub fn with_field(&self, name: &'static str, fact: Fact) -> Self {
        match self {
            Self::Record(record) => Self::Record(Arc::new(record.with(name, fact))),
            _ => self.clone(),
        }
    }

    /// A field of a record, or nothing where this is no record or does not carry it.
    pub fn field(&self, name: &str) -> Option<&Fact> {
        match self {
            Self::Record(record) => record.get(name),
            _ => None,
        }
    }
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<bool> for Fact {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Fact {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Gaps> for Fact {
    fn from(gaps: Gaps) -> Self {
        Self::Gap(gaps)
    }
}

/// How long ago something happened when it was read, in seconds; negative where the clocks differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age(pub i64);

impl Age {
    /// The age in words that stay the same for a while.
    ///
    /// ```
    /// use trailproof::expr::Age;
    /// assert_eq!((Age(180).roughly(), Age(7_200).roughly()), ("under an hour", "under 6 hours"));
    /// ```
    pub fn roughly(self) -> &'static str {
        const HOUR: i64 = 3600;
        const DAY: i64 = 24 * HOUR;
        const BOUNDS: [(i64, &str); 7] = [
            (HOUR, "under an hour"),
            (2 * HOUR, "under 2 hours"),
            (6 * HOUR, "under 6 hours"),
            (DAY, "under a day"),
            (7 * DAY, "under a week"),
            (90 * DAY, "under 90 days"),
            (365 * DAY, "under a year"),
        ];
        BOUNDS.iter().find(|(bound, _)| self.0 < *bound).map_or("a year or more", |(_, words)| words)
    }
}

impl ToFact for Age {
    fn to_fact(&self) -> Option<Fact> {
        Some(Fact::Age(*self))
    }
}

impl JsonSchema for Age {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        i64::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        i64::json_schema(generator)
    }
}

/// Data that an expression can read.
pub trait ToFact {
    /// The data as a fact, or nothing where it is absent.
    fn to_fact(&self) -> Option<Fact>;
}

impl ToFact for bool {
    fn to_fact(&self) -> Option<Fact> {
        Some(Fact::Bool(*self))
    }
}

impl ToFact for i64 {
    fn to_fact(&self) -> Option<Fact> {
        Some(Fact::Int(*self))
    }
}

impl ToFact for str {
    fn to_fact(&self) -> Option<Fact> {
        Some(Fact::from(self))
    }
}

impl ToFact for String {
    fn to_fact(&self) -> Option<Fact> {
        self.as_str().to_fact()
    }
}

impl<T: ToFact> ToFact for Option<T> {
    fn to_fact(&self) -> Option<Fact> {
        self.as_ref().and_then(ToFact::to_fact)
    }
}

impl<T: ToFact> ToFact for Vec<T> {
    fn to_fact(&self) -> Option<Fact> {
        Some(Fact::List(self.iter().filter_map(ToFact::to_fact).collect()))
    }
}

impl ToFact for BTreeMap<String, String> {
    fn to_fact(&self) -> Option<Fact> {
        let entries = self.iter().map(|(key, value)| (key.clone(), Fact::from(value.as_str())));
        Some(Fact::Map(Arc::new(entries.collect())))
    }
}

macro_rules! read_as_text {
    ($($id:ty),+) => {$(
        impl ToFact for $id {
            fn to_fact(&self) -> Option<Fact> {
                Some(Fact::from(self.to_string().as_str()))
            }
        }
    )+};
}

read_as_text!(AccountId, Arn, BucketName, Partition, RegionName, TrailArn);
