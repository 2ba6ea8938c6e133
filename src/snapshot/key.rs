//! The KMS keys that trails encrypt with.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Observed;
use crate::id::Arn;

/// A KMS key that some trail encrypts with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// The key's ARN.
    pub arn: Arn,
    /// What `kms:DescribeKey` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Observed<KeyDescription>>,
    /// Whether it rotates; of the primary where this is a replica.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation: Option<Observed<KeyRotation>>,
    /// Its policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Observed<KeyPolicy>>,
}

/// The metadata of a key, as `kms:DescribeKey` gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyDescription {
    /// Such as `Enabled` or `PendingDeletion`; [`KeyDescription::NOT_FOUND`] where there is no such key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Such as `AWS_KMS` or `EXTERNAL`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// `CUSTOMER` or `AWS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manager: Option<String>,
    /// Such as `SYMMETRIC_DEFAULT`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spec: Option<String>,
    /// Whether it is a multi-Region key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multi_region: Option<bool>,
    /// The primary, where this is a replica of a multi-Region key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary: Option<Arn>,
    /// When imported material expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Timestamp>,
    /// When the key will be deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deletion_date: Option<Timestamp>,
}

impl KeyDescription {
    /// The state of a key that KMS does not know, in the account and Region of its ARN: `NotFoundException` of
    /// `kms:DescribeKey` says so.
    pub const NOT_FOUND: &str = "NotFound";

    /// Whether KMS can rotate it by itself: a symmetric key with material that KMS made.
    ///
    /// Source: KMS Developer Guide, "Rotating AWS KMS keys".
    pub fn rotates(&self) -> bool {
        self.origin.as_deref() == Some("AWS_KMS") && self.spec.as_deref().is_none_or(|spec| spec == "SYMMETRIC_DEFAULT")
    }
}

/// The rotation of a key, as `kms:GetKeyRotationStatus` gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyRotation {
    /// Whether the key rotates by itself.
    pub enabled: bool,
    /// How often, in days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_in_days: Option<i32>,
}

/// The policy of a key. Every key has one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyPolicy {
    /// The policy's text.
    pub document: String,
}
