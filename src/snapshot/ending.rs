//! How the questions of a run ended.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Cause;

/// How a question to AWS ended, where it was not answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// AWS refused to tell the caller.
    Denied,
    /// The Region or the account is not in use.
    NotEnabled,
    /// There was no answer, or none that can be used.
    Failed,
    /// It was not asked.
    NotAttempted,
}

impl Cause {
    /// How a question ended that was not answered for this cause.
    pub fn ending(&self) -> Ending {
        match self {
            Self::IdentityPolicy
            | Self::Scp
            | Self::ResourcePolicy
            | Self::PermissionBoundary
            | Self::SessionPolicy
            | Self::RoleMissing
            | Self::ExpiredToken
            | Self::ClockSkew
            | Self::WrongPartition => Ending::Denied,
            Self::RegionDisabled | Self::AccountInactive => Ending::NotEnabled,
            Self::Throttled
            | Self::Timeout
            | Self::Unreachable
            | Self::Unsupported
            | Self::MalformedAnswer
            | Self::Unclassified
            | Self::Unknown(_) => Ending::Failed,
            Self::NotFoundElsewhere | Self::OutsideOrganization | Self::NotCollected | Self::NotAttempted => {
                Ending::NotAttempted
            }
        }
    }
}

/// How many of a run's questions (a call, put to an account in a Region about a resource) ended how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Endings {
    /// Those that AWS answered.
    pub observed: u64,
    /// Those that AWS refused, by cause.
    #[serde(default)]
    pub denied: BTreeMap<String, u64>,
    /// Those about a Region or an account that is not in use.
    pub not_enabled: u64,
    /// Those that failed, by cause.
    #[serde(default)]
    pub failed: BTreeMap<String, u64>,
    /// Those that were not put: their account could not be entered, whom to ask is not known, or the run ended before.
    pub not_attempted: u64,
}

impl Endings {
    /// Counts questions that were not answered.
    pub fn count(&mut self, cause: &Cause, questions: u64) {
        let by_cause = |counts: &mut BTreeMap<String, u64>| *counts.entry(cause.to_string()).or_default() += questions;
        match cause.ending() {
            Ending::Denied => by_cause(&mut self.denied),
            Ending::Failed => by_cause(&mut self.failed),
            Ending::NotEnabled => self.not_enabled += questions,
            Ending::NotAttempted => self.not_attempted += questions,
        }
    }

    /// Counts the questions of another run too.
    pub fn add(&mut self, other: &Self) {
        self.observed += other.observed;
        self.not_enabled += other.not_enabled;
        self.not_attempted += other.not_attempted;
        for (counts, others) in [(&mut self.denied, &other.denied), (&mut self.failed, &other.failed)] {
            for (cause, count) in others {
                *counts.entry(cause.clone()).or_default() += count;
            }
        }
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        let by_cause: u64 = self.denied.values().chain(self.failed.values()).sum();
        self.observed + by_cause + self.not_enabled + self.not_attempted
    }
}
