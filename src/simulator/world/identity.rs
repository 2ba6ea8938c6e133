use super::documents::log_role_policy;
use serde_json::{Value, json};

/// A user, a group or a role, with its policies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// The name, with its path if it has one: `deploy`, `aws-service-role/cloudtrail.amazonaws.com/X`.
    pub name: String,
    /// Of a role: who may assume it, as a document.
    pub trust: Option<String>,
    /// The policies that stand in it: name and document.
    pub inline: Vec<(String, String)>,
    /// The ARNs of the policies that are attached to it.
    pub attached: Vec<String>,
    /// The ARN of the policy that bounds its permissions.
    pub boundary: Option<String>,
    /// Of a user: the names of its groups.
    pub groups: Vec<String>,
}

impl Identity {
    /// A user or a group that may do nothing.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// A role that a service may assume and that may do nothing.
    pub fn role(name: &str, service: &str) -> Self {
        let trust = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow",
            "Principal": { "Service": service }, "Action": "sts:AssumeRole" }] });
        Self { trust: Some(trust.to_string()), ..Self::new(name) }
    }

    /// The role that CloudTrail's console makes for a trail's log group.
    ///
    /// Source: CloudTrail User Guide, "Role policy document for CloudTrail to use CloudWatch Logs for monitoring".
    pub fn log_role(name: &str, log_group_arn: &str, organization: Option<&str>) -> Self {
        Self::role(name, "cloudtrail.amazonaws.com")
            .with_policy("to-cloudwatch", &log_role_policy(log_group_arn, organization))
    }

    /// The same, with a policy of its own.
    #[must_use]
    pub fn with_policy(mut self, name: &str, document: &Value) -> Self {
        self.inline.push((name.to_owned(), document.to_string()));
        self
    }

    /// The same, with a managed policy.
    #[must_use]
    pub fn attached_to(mut self, policy_arn: &str) -> Self {
        self.attached.push(policy_arn.to_owned());
        self
    }

    /// The same, bounded by a managed policy.
    #[must_use]
    pub fn bounded_by(mut self, policy_arn: &str) -> Self {
        self.boundary = Some(policy_arn.to_owned());
        self
    }

    /// The user, in a group.
    #[must_use]
    pub fn in_group(mut self, group: &str) -> Self {
        self.groups.push(group.to_owned());
        self
    }
}

/// A managed policy of an account, or one of AWS's that it uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityPolicy {
    /// Its ARN.
    pub arn: String,
    /// Its document, in the default version.
    pub document: String,
}

impl IdentityPolicy {
    /// A policy.
    pub fn new(arn: &str, document: &Value) -> Self {
        Self { arn: arn.to_owned(), document: document.to_string() }
    }
}

/// Who there is in an account's IAM.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identities {
    /// Its users.
    pub users: Vec<Identity>,
    /// Its groups.
    pub groups: Vec<Identity>,
    /// Its roles, beside those that may be assumed here.
    pub roles: Vec<Identity>,
    /// Its managed policies, and those of AWS that are attached.
    pub policies: Vec<IdentityPolicy>,
}
