//! Facts: the values that an expression can reach, and the gaps among them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::id::{AccountId, Arn, BucketName, Partition, RegionName, TrailArn};

/// The place of a gap in the snapshot's list of gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GapId(pub u32);

/// A sorted set of gaps, cheap to clone.
///
/// ```
/// use trailproof::expr::{GapId, Gaps};
/// let gaps: Gaps = [GapId(7), GapId(2), GapId(7)].into_iter().collect();
/// assert_eq!(gaps.iter().collect::<Vec<_>>(), [GapId(2), GapId(7)]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gaps(Arc<[GapId]>);

impl Gaps {
    /// The set without a gap.
    pub fn none() -> Self {
        Self(Arc::from([]))
    }

    /// The set of one gap.
    pub fn one(gap: GapId) -> Self {
        Self(Arc::from([gap]))
    }

    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The gaps in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = GapId> + '_ {
        self.0.iter().copied()
    }

    /// The gaps of both sets.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if other.is_empty() || self == other {
            return self.clone();
        }
        if self.is_empty() {
            return other.clone();
        }
        self.iter().chain(other.iter()).collect()
    }
}

impl FromIterator<GapId> for Gaps {
    fn from_iter<I: IntoIterator<Item = GapId>>(gaps: I) -> Self {
        let mut gaps: Vec<GapId> = gaps.into_iter().collect();
        gaps.sort_unstable();
        gaps.dedup();
        Self(gaps.into())
    }
}

impl From<GapId> for Gaps {
    fn from(gap: GapId) -> Self {
        Self::one(gap)
    }
}

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
        let present = fields.into_iter().filter_map(|(name, fact)| Some((name.into(), fact?)));
        Self::Record(Arc::new(Record::new(present.collect())))
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
        let Self::Record(record) = self else { return self.clone() };
        let others = record.0.iter().filter(|(field, _)| field != name).cloned();
        Self::Record(Arc::new(Record::new(others.chain([(Cow::Borrowed(name), fact)]).collect())))
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

/// The fields of a record that are there, by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record(Vec<(Cow<'static, str>, Fact)>);

impl Record {
    fn new(mut fields: Vec<(Cow<'static, str>, Fact)>) -> Self {
        fields.sort_by(|(left, _), (right, _)| left.cmp(right));
        Self(fields)
    }

    /// The fact under a name.
    pub fn get(&self, name: &str) -> Option<&Fact> {
        let place = self.0.binary_search_by(|(field, _)| field.as_ref().cmp(name)).ok()?;
        self.0.get(place).map(|(_, fact)| fact)
    }

    /// The field that tells the record from others of its kind.
    pub fn naming(&self) -> Option<&Fact> {
        ["arn", "name", "id"].into_iter().find_map(|name| self.get(name))
    }

    /// The fields in the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Fact)> {
        self.0.iter().map(|(name, fact)| (name.as_ref(), fact))
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
