//! Gaps among facts: what hides them, by its place in a list.

use std::sync::Arc;

/// The place of a gap in the snapshot's list of gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GapId(pub u64);

/// A sorted set of gaps, cheap to clone.
///
/// ```
/// use trailproof::expr::{GapId, Gaps};
/// let gaps: Gaps = [GapId(7), GapId(2), GapId(7)].into_iter().collect();
/// assert_eq!(gaps.iter().collect::<Vec<_>>(), [GapId(2), GapId(7)]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gaps(Option<Arc<[GapId]>>);

impl Gaps {
    /// The set without a gap.
    pub const fn none() -> Self {
        Self(None)
    }

    /// The set of one gap.
    pub fn one(gap: GapId) -> Self {
        Self(Some(Arc::from([gap])))
    }

    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The gaps in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = GapId> + '_ {
        self.0.iter().flat_map(|gaps| gaps.iter().copied())
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
        Self((!gaps.is_empty()).then(|| gaps.into()))
    }
}

impl From<GapId> for Gaps {
    fn from(gap: GapId) -> Self {
        Self::one(gap)
    }
}
