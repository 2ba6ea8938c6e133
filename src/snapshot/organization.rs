//! The caller and the organization.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Observed;
use crate::id::{AccountId, Arn, Partition};

/// Who asked, as `sts:GetCallerIdentity` says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Caller {
    /// The ARN of the user or of the role session.
    pub arn: Arn,
    /// The caller's account.
    pub account: AccountId,
    /// The partition, taken from the ARN.
    pub partition: Partition,
}

/// The organization, as `organizations:DescribeOrganization` says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// Such as `o-exampleorgid`.
    pub id: String,
    /// The organization's ARN.
    pub arn: Arn,
    /// The management account.
    pub management_account: AccountId,
    /// When it was read.
    pub read_at: Timestamp,
    /// All accounts of the organization, selected or not: how many are there.
    pub accounts_total: usize,
    /// Its roots and organizational units: how many are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units_total: Option<usize>,
    /// The delegated administrators of CloudTrail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delegated_administrators: Option<Observed<Vec<DelegatedAdministrator>>>,
    /// The service principals that the organization trusts, sorted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trusted_services: Option<Observed<Vec<String>>>,
    /// The service control policies of accounts that own trails or log buckets or administer CloudTrail; absent where
    /// they were not needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_control: Option<ServiceControl>,
}

/// Service control policies, and where they are attached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceControl {
    /// The root, the organizational units and the accounts that were read, sorted by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<PolicyTarget>,
    /// The policies that were read, each once, sorted by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<ServiceControlPolicy>,
}

/// A root, an organizational unit or an account, as `organizations:ListPoliciesForTarget` says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyTarget {
    /// Its id.
    pub id: String,
    /// The ids of the policies that are attached to it, sorted.
    pub policies: Observed<Vec<String>>,
}

/// A service control policy, as `organizations:DescribePolicy` says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceControlPolicy {
    /// Its id, such as `p-FullAWSAccess`.
    pub id: String,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The document, as JSON text.
    pub document: Observed<String>,
}

/// An account that administers CloudTrail for the organization.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegatedAdministrator {
    /// The account's id.
    pub account: AccountId,
}
