//! IAM: the role by which a trail writes to its log group, and who has which policies in an account.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Existence, Observed};
use crate::id::Arn;

/// A policy that stands in a user, a group or a role itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InlinePolicy {
    /// Its name.
    pub name: String,
    /// The document, as JSON text.
    pub document: String,
}

/// A managed policy, AWS's or the account's own, in its default version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ManagedPolicy {
    /// Its ARN; that of a policy of AWS has `aws` in the place of the account.
    pub arn: Arn,
    /// The document, as JSON text.
    pub document: String,
}

impl ManagedPolicy {
    /// Whether it is one of AWS's.
    ///
    /// Source: IAM User Guide, "IAM ARNs": `arn:aws:iam::aws:policy/policy-name-with-path`.
    pub fn is_aws(&self) -> bool {
        self.arn.as_str().split(':').nth(4) == Some("aws")
    }

    /// Its name, without the path.
    pub fn name(&self) -> &str {
        self.arn.as_str().rsplit('/').next().unwrap_or("")
    }
}

/// The role by which some trail writes to its log group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogRole {
    /// Its ARN.
    pub arn: Arn,
    /// What `iam:GetRole` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<Observed<RoleDescription>>,
    /// The policies that stand in it, sorted by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inline: Option<Observed<Vec<InlinePolicy>>>,
    /// The policies that are attached to it, sorted by ARN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attached: Option<Observed<Vec<ManagedPolicy>>>,
    /// The policy that bounds its permissions, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boundary: Option<Observed<ManagedPolicy>>,
}

/// A role, as `iam:GetRole` gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleDescription {
    /// Whether it exists.
    pub existence: Existence,
    /// Who may assume it, as JSON text; absent where it does not exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust: Option<String>,
    /// The ARN of the policy that bounds its permissions. Absence is an answer: it has none
    /// (IAM API Reference, Role).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boundary: Option<Arn>,
}

/// Who there is in an account, and which policies they have, as `iam:GetAccountAuthorizationDetails` gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Authorization {
    /// The users, sorted by ARN.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<Identity>,
    /// The groups, sorted by ARN.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Identity>,
    /// The roles, sorted by ARN.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Identity>,
    /// The account's own managed policies, and those of AWS that somebody has, sorted by ARN.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policies: Vec<ManagedPolicy>,
}

/// A user, a group or a role, with its policies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Its ARN.
    pub arn: Arn,
    /// The policies that stand in it, sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inline: Vec<InlinePolicy>,
    /// The ARNs of the policies that are attached to it, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attached: Vec<Arn>,
    /// The ARN of the policy that bounds its permissions. Absence is an answer: it has none
    /// (IAM API Reference, UserDetail and RoleDetail).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boundary: Option<Arn>,
    /// Of a user: the names of its groups, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
}

impl Identity {
    /// Its name, without the path.
    pub fn name(&self) -> &str {
        self.arn.as_str().rsplit('/').next().unwrap_or("")
    }

    /// Whether it is a role that only a service of AWS can assume and nobody can change.
    ///
    /// Source: IAM User Guide, "Service-linked roles": their path is `/aws-service-role/`.
    pub fn is_service_linked(&self) -> bool {
        self.arn.resource().starts_with("role/aws-service-role/")
    }
}
