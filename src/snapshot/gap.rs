//! What was asked and not answered.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Snapshot;
use crate::id::{AccountId, RegionName};

/// A question to AWS that was not answered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// The account that was asked, where the question was put to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The Region that was asked, where the question was put to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionName>,
    /// The call, such as `cloudtrail:GetTrailStatus`.
    pub operation: String,
    /// The ARN or name that was asked about, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// Why there is no answer.
    pub cause: Cause,
    /// What AWS, or the network, said.
    pub message: String,
}

/// Why a question was not answered.
///
/// A reader accepts causes that it does not know: a newer collector may tell more of them apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// No identity policy of the caller allows the call, or one denies it.
    IdentityPolicy,
    /// A service control policy of the organization denies it.
    Scp,
    /// The policy of the resource (or a resource control policy) denies it.
    ResourcePolicy,
    /// The permissions boundary of the caller does not allow it.
    PermissionBoundary,
    /// The session policy does not allow it.
    SessionPolicy,
    /// The role is not there, or does not trust the caller.
    RoleMissing,
    /// The credentials had expired.
    ExpiredToken,
    /// The clocks of the caller and of AWS differ too much.
    ClockSkew,
    /// The credentials belong to another partition.
    WrongPartition,
    /// AWS still refused for rate after all retries.
    Throttled,
    /// No answer in time.
    Timeout,
    /// No connection, a broken one, or a service that failed.
    Unreachable,
    /// The resource is not known there: another account or Region must be asked.
    NotFoundElsewhere,
    /// The resource belongs to no account of the organization.
    OutsideOrganization,
    /// AWS does not offer the call there, or for this resource.
    Unsupported,
    /// An answer that AWS does not document: unreadable, empty, or with a required part missing.
    MalformedAnswer,
    /// It was not asked: no selected rule needed it, or an older version collected.
    NotCollected,
    /// It was to be asked, and the run ended before.
    NotAttempted,
    /// A refusal that names no reason we know.
    Unclassified,
    /// A cause that a newer version wrote.
    Unknown(String),
}

const NAMED_CAUSES: [(Cause, &str); 19] = [
    (Cause::IdentityPolicy, "identity-policy"),
    (Cause::Scp, "scp"),
    (Cause::ResourcePolicy, "resource-policy"),
    (Cause::PermissionBoundary, "permission-boundary"),
    (Cause::SessionPolicy, "session-policy"),
    (Cause::RoleMissing, "role-missing"),
    (Cause::ExpiredToken, "expired-token"),
    (Cause::ClockSkew, "clock-skew"),
    (Cause::WrongPartition, "wrong-partition"),
    (Cause::Throttled, "throttled"),
    (Cause::Timeout, "timeout"),
    (Cause::Unreachable, "unreachable"),
    (Cause::NotFoundElsewhere, "not-found-elsewhere"),
    (Cause::OutsideOrganization, "outside-organization"),
    (Cause::Unsupported, "unsupported"),
    (Cause::MalformedAnswer, "malformed-answer"),
    (Cause::NotCollected, "not-collected"),
    (Cause::NotAttempted, "not-attempted"),
    (Cause::Unclassified, "unclassified"),
];

impl Cause {
    /// The cause as it is written.
    pub fn as_str(&self) -> &str {
        if let Self::Unknown(text) = self {
            return text;
        }
        NAMED_CAUSES.iter().find(|(cause, _)| cause == self).map_or("unclassified", |(_, name)| name)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Cause {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let named = NAMED_CAUSES.iter().find(|(_, name)| *name == text).map(|(cause, _)| cause.clone());
        Ok(named.unwrap_or_else(|| Self::Unknown(text.to_owned())))
    }
}

impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Cause {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Cause {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Cause".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let names: Vec<&str> = NAMED_CAUSES.iter().map(|(_, name)| *name).collect();
        schemars::json_schema!({
            "description": "Why there is no answer. Readers accept causes that they do not know.",
            "type": "string",
            "examples": names
        })
    }
}

/// Where a gap stands in [`Snapshot::gaps`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GapId(pub u32);

/// A question, by which the gap that answers it is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place<'a> {
    /// The call.
    pub operation: &'a str,
    /// The account that was to be asked.
    pub account: Option<AccountId>,
    /// The Region that was to be asked.
    pub region: Option<&'a RegionName>,
    /// What was to be asked about.
    pub resource: Option<&'a str>,
}

/// The gaps of a snapshot, found by the question that they leave open.
///
/// A question that was neither answered nor refused still has a gap: one of cause [`Cause::NotCollected`] is made
/// for it. So absence in a snapshot is never read as an answer.
#[derive(Debug)]
pub struct Gaps {
    all: Vec<Gap>,
    by_operation: HashMap<(String, Option<String>), Vec<GapId>>,
    entering: HashMap<AccountId, GapId>,
    made: HashMap<Gap, GapId>,
}

impl std::hash::Hash for Gap {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (&self.account, &self.region, &self.operation, &self.resource).hash(state);
    }
}

impl Gaps {
    /// The gaps of a snapshot.
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut gaps =
            Self { all: Vec::new(), by_operation: HashMap::new(), entering: HashMap::new(), made: HashMap::new() };
        for gap in &snapshot.gaps {
            let id = gaps.push(gap.clone());
            if let (Some(account), "sts:AssumeRole") = (gap.account, gap.operation.as_str()) {
                gaps.entering.insert(account, id);
            }
        }
        gaps
    }

    fn push(&mut self, gap: Gap) -> GapId {
        let id = GapId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.by_operation.entry((gap.operation.clone(), gap.resource.clone())).or_default().push(id);
        self.all.push(gap);
        id
    }

    /// The gap that leaves a question open: the one of this very question, else the one that kept us out of the
    /// account, else one that says it was not asked.
    pub fn of_question(&mut self, place: Place<'_>) -> GapId {
        let key = (place.operation.to_owned(), place.resource.map(str::to_owned));
        let same_place = |id: &&GapId| {
            let gap = &self.all[id.0 as usize];
            (place.account.is_none() || gap.account == place.account)
                && (place.region.is_none() || gap.region.is_none() || gap.region.as_ref() == place.region)
        };
        if let Some(id) = self.by_operation.get(&key).and_then(|ids| ids.iter().find(same_place)) {
            return *id;
        }
        if let Some(id) = place.account.and_then(|account| self.entering.get(&account)) {
            return *id;
        }
        self.make(Gap {
            account: place.account,
            region: place.region.cloned(),
            operation: place.operation.to_owned(),
            resource: place.resource.map(str::to_owned),
            cause: Cause::NotCollected,
            message: "this was not read: no selected rule needed it, or an older version collected".to_owned(),
        })
    }

    /// A gap that no call left: derived knowledge that is missing.
    pub fn make(&mut self, gap: Gap) -> GapId {
        if let Some(id) = self.made.get(&gap) {
            return *id;
        }
        let id = self.push(gap.clone());
        self.made.insert(gap, id);
        id
    }

    /// A gap by its id.
    pub fn get(&self, id: GapId) -> Option<&Gap> {
        self.all.get(id.0 as usize)
    }

    /// The gap that kept us out of an account, if one did.
    pub fn entering(&self, account: AccountId) -> Option<GapId> {
        self.entering.get(&account).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_is_read_as_it_is_written() {
        for (cause, name) in NAMED_CAUSES {
            assert_eq!(name.parse(), Ok(cause.clone()));
            assert_eq!(cause.as_str(), name);
        }
        assert_eq!("of-the-future".parse(), Ok(Cause::Unknown("of-the-future".to_owned())));
    }
}
