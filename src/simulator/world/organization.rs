use serde_json::Value;
use sha2::{Digest, Sha256};

/// An organization: who manages it, who may act for it, and the units that hold its accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// The id, such as `o-exampleorgid`.
    pub id: String,
    /// The id of the root, such as `r-ab12`.
    pub root: String,
    /// The id of the management account.
    pub management: String,
    /// `ALL` or `CONSOLIDATED_BILLING`.
    pub feature_set: String,
    /// Delegated administrators: account id and service principal.
    pub delegated_administrators: Vec<(String, String)>,
    /// The service principals with trusted access.
    pub trusted_services: Vec<String>,
    /// The ids of the root, the units and the accounts from which the policy that allows everything was detached.
    pub without_full_access: Vec<String>,
    /// Units that hold no account; those of accounts need not be named here.
    pub empty_units: Vec<String>,
    /// Its service control policies.
    pub policies: Vec<ServiceControlPolicy>,
    /// The tags of units and of the root, by id: key and value.
    pub tags: Vec<(String, String, String)>,
}

/// A service control policy, and what it is attached to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceControlPolicy {
    /// The id, such as `p-examplepolicy`.
    pub id: String,
    /// The name.
    pub name: String,
    /// The document.
    pub document: String,
    /// The ids of the root, the units and the accounts that it is attached to.
    pub targets: Vec<String>,
}

impl ServiceControlPolicy {
    /// A policy that is attached to nothing.
    pub fn new(id: &str, name: &str, document: &Value) -> Self {
        Self { id: id.to_owned(), name: name.to_owned(), document: document.to_string(), targets: Vec::new() }
    }

    /// The policy, attached to a root, a unit or an account.
    #[must_use]
    pub fn on(mut self, target: impl std::fmt::Display) -> Self {
        self.targets.push(target.to_string());
        self
    }
}

/// The policy that AWS attaches to every root, unit and account, so that nothing is denied until something is.
///
/// Source: Organizations User Guide, "Service control policies (SCPs)".
pub(in crate::simulator) const FULL_ACCESS: &str = "p-FullAWSAccess";

impl Organization {
    /// The organization, with a service control policy.
    #[must_use]
    pub fn with_policy(mut self, policy: ServiceControlPolicy) -> Self {
        self.policies.push(policy);
        self
    }

    /// An organization with all features, and trusted access for CloudTrail and Account Management.
    pub fn new(id: &str, management: &str) -> Self {
        Self {
            id: id.to_owned(),
            root: "r-ab12".to_owned(),
            management: management.to_owned(),
            feature_set: "ALL".to_owned(),
            delegated_administrators: Vec::new(),
            trusted_services: vec!["account.amazonaws.com".to_owned(), "cloudtrail.amazonaws.com".to_owned()],
            without_full_access: Vec::new(),
            empty_units: Vec::new(),
            policies: Vec::new(),
            tags: Vec::new(),
        }
    }

    /// Registers an account as CloudTrail's delegated administrator.
    pub fn delegate_cloudtrail(&mut self, account: impl std::fmt::Display) {
        self.delegated_administrators.push((account.to_string(), "cloudtrail.amazonaws.com".to_owned()));
    }

    /// The id of the unit at a path: made from the path alone, so that it stays when units are added.
    ///
    /// ```
    /// use trailproof::simulator::Organization;
    /// let organization = Organization::new("o-exampleorgid", "111111111111");
    /// assert_eq!(organization.unit_id(""), "r-ab12");
    /// assert!(organization.unit_id("Workloads/Production").starts_with("ou-ab12-"));
    /// ```
    pub fn unit_id(&self, path: &str) -> String {
        if path.is_empty() {
            return self.root.clone();
        }
        let root = self.root.trim_start_matches("r-");
        let tail = hex::encode(&Sha256::digest(path.as_bytes())[..4]);
        format!("ou-{root}-{tail}")
    }
}
