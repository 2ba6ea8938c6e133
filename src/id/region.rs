//! The names of Regions: a few dozen, told from each other a million times in a run.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ptr;
use std::str::FromStr;
use std::sync::{PoisonError, RwLock};

use super::IdError;

/// Every name that was met, kept until the program ends: equal names are one text, so they are compared by its place.
static NAMES: RwLock<BTreeSet<&'static str>> = RwLock::new(BTreeSet::new());

/// The name of a Region, such as `eu-central-1`.
///
/// Only its form is checked: Regions are added faster than programs are released.
///
/// ```
/// use trailproof::id::RegionName;
/// let region: RegionName = "eu-central-1".parse()?;
/// assert_eq!(region, "eu-central-1".parse()?);
/// assert!(region < "us-east-1".parse()?);
/// # Ok::<(), trailproof::id::IdError>(())
/// ```
#[derive(Debug, Clone)]
pub struct RegionName(&'static str);

impl RegionName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        self.0
    }
}

impl FromStr for RegionName {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if let Some(known) = NAMES.read().unwrap_or_else(PoisonError::into_inner).get(text) {
            return Ok(Self(known));
        }
        if !has_form(text) {
            return IdError::refuse(text, "the name of a Region, such as eu-central-1");
        }
        let mut names = NAMES.write().unwrap_or_else(PoisonError::into_inner);
        // Another thread may have come first.
        if let Some(known) = names.get(text) {
            return Ok(Self(known));
        }
        let name: &'static str = Box::leak(text.into());
        names.insert(name);
        Ok(Self(name))
    }
}

fn has_form(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let ends_in_number =
        text.rsplit('-').next().is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    plain && ends_in_number && text.matches('-').count() >= 2 && text.len() <= 40
}

impl fmt::Display for RegionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl PartialEq for RegionName {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.0, other.0)
    }
}

impl Eq for RegionName {}

impl Ord for RegionName {
    fn cmp(&self, other: &Self) -> Ordering {
        if self == other { Ordering::Equal } else { self.0.cmp(other.0) }
    }
}

impl PartialOrd for RegionName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for RegionName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_ptr().hash(state);
    }
}
