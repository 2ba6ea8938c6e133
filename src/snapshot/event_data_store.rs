//! The event data stores of CloudTrail Lake: one entity an ARN, however many accounts see it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AdvancedEventSelector, Observed};
use crate::id::{AccountId, Arn, RegionName};

/// An event data store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventDataStore {
    /// The store's ARN. An organization's store is the management account's, whoever made it.
    pub arn: Arn,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The account that listed it: the owner, else the first that sees it.
    pub listed_by: AccountId,
    /// What `cloudtrail:GetEventDataStore` says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration: Option<Observed<EventDataStoreConfiguration>>,
    /// Its resource-based policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Observed<EventDataStorePolicy>>,
}

/// The configuration of an event data store, as `cloudtrail:GetEventDataStore` gives it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventDataStoreConfiguration {
    /// Such as `ENABLED`, `STOPPED_INGESTION` or `PENDING_DELETION`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// What it takes in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advanced_event_selectors: Option<Vec<AdvancedEventSelector>>,
    /// Whether it takes in the events of all Regions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multi_region_enabled: Option<bool>,
    /// Whether it takes in the events of all accounts of the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization_enabled: Option<bool>,
    /// For how many days it keeps events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_period: Option<i32>,
    /// Whether it cannot be deleted until that is switched off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub termination_protection_enabled: Option<bool>,
    /// The KMS key that encrypts it; absent where CloudTrail's own key does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
}

/// The resource-based policy of an event data store.
///
/// Absence is an answer: `ResourcePolicyNotFoundException` (CloudTrail API Reference, GetResourcePolicy).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventDataStorePolicy {
    /// The policy's text; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// The event data stores that an account lists in Regions where it lists the same ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StoreSighting {
    /// The Regions, sorted.
    pub regions: Vec<RegionName>,
    /// The stores listed in each of them, sorted; none at all is an answer too.
    pub stores: Vec<Arn>,
    /// When the first of these Regions was read.
    pub read_at: Timestamp,
}
