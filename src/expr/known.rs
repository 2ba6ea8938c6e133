//! What is known, what is hidden by a gap, and what many facts share.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::fact::{Fact, ToFact};
use super::gaps::Gaps;

/// A fact that was read, or the gaps that hide it.
///
/// An optional fact whose very presence could not be read is `Some(Known::Gap(…))`: `has(x)` on it is unknown.
#[derive(Debug, Clone, PartialEq)]
pub enum Known<T> {
    /// It was read, and this is it.
    Is(T),
    /// It was asked for and not answered.
    Gap(Gaps),
}

impl<T> Known<T> {
    /// The fact, where it was read.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Gap(_) => None,
        }
    }

    /// The same knowledge of something made of the fact.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Self::Is(value) => Known::Is(make(value)),
            Self::Gap(gaps) => Known::Gap(gaps),
        }
    }
}

impl<T> From<T> for Known<T> {
    fn from(value: T) -> Self {
        Self::Is(value)
    }
}

impl<T: ToFact> ToFact for Known<T> {
    fn to_fact(&self) -> Option<Fact> {
        match self {
            Self::Is(value) => value.to_fact(),
            Self::Gap(gaps) => Some(Fact::Gap(gaps.clone())),
        }
    }
}

/// A list of what was found, and the gaps behind which there may be more.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<T> {
    /// What was found.
    pub found: Vec<T>,
    /// Where we could not look; empty where the list is complete.
    pub unread: Gaps,
}

impl<T> Listed<T> {
    /// A list that holds everything there is.
    pub fn complete(found: Vec<T>) -> Self {
        Self { found, unread: Gaps::none() }
    }
}

impl<T: ToFact> ToFact for Listed<T> {
    fn to_fact(&self) -> Option<Fact> {
        let unread = (!self.unread.is_empty()).then(|| Fact::Gap(self.unread.clone()));
        Some(Fact::List(self.found.iter().filter_map(ToFact::to_fact).chain(unread).collect()))
    }
}

/// A fact that many others carry; its value in expressions is built once.
pub struct Shared<T>(Arc<Cell<T>>);

struct Cell<T> {
    value: T,
    fact: OnceLock<Option<Fact>>,
}

impl<T> Shared<T> {
    /// Shares a fact.
    pub fn new(value: T) -> Self {
        Self(Arc::new(Cell { value, fact: OnceLock::new() }))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.value.fmt(f)
    }
}

impl<T: PartialEq> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.value == other.0.value
    }
}

impl<T: ToFact> ToFact for Shared<T> {
    fn to_fact(&self) -> Option<Fact> {
        self.0.fact.get_or_init(|| self.0.value.to_fact()).clone()
    }
}

macro_rules! described_as {
    ($($wrapper:ident => $inner:ty),+) => {$(
        impl<T: JsonSchema> JsonSchema for $wrapper<T> {
            fn inline_schema() -> bool {
                <$inner>::inline_schema()
            }

            fn schema_name() -> Cow<'static, str> {
                <$inner>::schema_name()
            }

            fn schema_id() -> Cow<'static, str> {
                <$inner>::schema_id()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                <$inner>::json_schema(generator)
            }
        }
    )+};
}

described_as!(Known => T, Shared => T, Listed => Vec<T>);
