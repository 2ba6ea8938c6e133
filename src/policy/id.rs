//! The ids of rules.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::id::IdError;

/// The id of a rule: words in lower case with hyphens between them, the name of its file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyId(Arc<str>);

impl PolicyId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PolicyId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let plain = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if text.len() <= 80 && text.split('-').all(plain) {
            return Ok(Self(text.into()));
        }
        IdError::refuse(text, "an id (words in lower case with hyphens between them)")
    }
}

impl fmt::Display for PolicyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
