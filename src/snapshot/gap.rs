//! What was asked and not answered.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
    /// The Region is not enabled for the account.
    RegionDisabled,
    /// The account is suspended, closed, or about to be.
    AccountInactive,
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

const NAMED_CAUSES: [(Cause, &str); 21] = [
    (Cause::IdentityPolicy, "identity-policy"),
    (Cause::Scp, "scp"),
    (Cause::ResourcePolicy, "resource-policy"),
    (Cause::PermissionBoundary, "permission-boundary"),
    (Cause::SessionPolicy, "session-policy"),
    (Cause::RoleMissing, "role-missing"),
    (Cause::ExpiredToken, "expired-token"),
    (Cause::ClockSkew, "clock-skew"),
    (Cause::WrongPartition, "wrong-partition"),
    (Cause::RegionDisabled, "region-disabled"),
    (Cause::AccountInactive, "account-inactive"),
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
    /// What to do about a cause: one thing, whatever calls it kept from being answered.
    pub fn remedy(&self) -> Option<&'static str> {
        Some(match self {
            Self::RoleMissing => "create the role there, let the caller assume it, and check --external-id",
            Self::IdentityPolicy => "allow the call in the role's identity policy: trailproof permissions",
            Self::Scp => "exempt the role in the service control policy",
            Self::PermissionBoundary => "allow the call in the role's permissions boundary",
            Self::SessionPolicy => "let the session that runs this allow the call: its own session policy does not",
            Self::ResourcePolicy => "let the role in by the policy of the resource",
            Self::ExpiredToken => "sign in again",
            Self::ClockSkew => "set this machine's clock",
            Self::WrongPartition => "scan each partition with credentials of its own",
            Self::RegionDisabled => "nothing, where the Region is not to be used; else enable it for the account",
            Self::AccountInactive => "nothing, where the account is to be closed; its trails still stand until then",
            Self::Throttled => "scan again when less else is going on",
            Self::Timeout => "check network, proxy and endpoint, or give --call-timeout more seconds",
            Self::Unreachable => "check network, proxy and endpoint, then scan again",
            Self::MalformedAnswer => "check that no proxy answers in AWS's stead, then scan again",
            Self::NotFoundElsewhere => "name the owner of the bucket with --log-archive",
            _ => return None,
        })
    }

    /// Whether the question or its answer did not get through, whoever may ask it.
    pub fn is_of_the_way(&self) -> bool {
        matches!(self, Self::Throttled | Self::Timeout | Self::Unreachable | Self::MalformedAnswer)
    }

    /// All causes that this version knows, as they are written.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMED_CAUSES.iter().map(|(_, name)| *name)
    }

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
