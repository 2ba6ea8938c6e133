//! How bad it is when a rule fails.

use std::str::FromStr;

/// How bad it is when a rule fails. The worst comes first in the order.
///
/// ```
/// use trailproof::policy::Severity;
/// assert!(Severity::Critical.is_at_least(Severity::High));
/// assert_eq!("medium".parse(), Ok(Severity::Medium));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The evidence is lost or disclosed.
    Critical,
    /// Some activity is not recorded, or the evidence can be destroyed.
    High,
    /// A safeguard is missing.
    Medium,
    /// A safeguard could be better.
    Low,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// The severity as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Info => "info",
        }
    }

    /// Whether it is this bad or worse.
    pub fn is_at_least(self, other: Self) -> bool {
        self <= other
    }
}

/// Text that names no severity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no severity: give one of critical, high, medium, low, info")]
pub struct UnknownSeverity(String);

impl FromStr for Severity {
    type Err = UnknownSeverity;

    fn from_str(text: &str) -> Result<Self, UnknownSeverity> {
        let found = Self::ALL.into_iter().find(|severity| severity.as_str() == text);
        found.ok_or_else(|| UnknownSeverity(text.chars().take(60).collect()))
    }
}
