use jiff::Timestamp;

/// A multi-Region key's place among its copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MultiRegion {
    /// The ARN of the primary.
    pub primary: String,
    /// The ARNs of the replicas.
    pub replicas: Vec<String>,
}

/// The automatic rotation of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotation {
    /// Whether it rotates.
    pub enabled: bool,
    /// Every how many days.
    pub period_days: u32,
}

/// A KMS key.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// Its ARN, which names its account and Region.
    pub arn: String,
    /// ARNs of the aliases that point to it.
    pub aliases: Vec<String>,
    /// When it was made.
    pub created: Timestamp,
    /// `Enabled`, `Disabled`, `PendingDeletion`, `PendingImport`, `Unavailable` …
    pub state: String,
    /// When it will be deleted.
    pub deletion: Option<Timestamp>,
    /// `AWS_KMS`, `EXTERNAL`, `AWS_CLOUDHSM` or `EXTERNAL_KEY_STORE`.
    pub origin: String,
    /// `CUSTOMER` or `AWS`.
    pub manager: String,
    /// `ENCRYPT_DECRYPT`, `SIGN_VERIFY` …
    pub usage: String,
    /// `SYMMETRIC_DEFAULT`, `RSA_2048` …
    pub spec: String,
    /// When imported key material expires.
    pub valid_to: Option<Timestamp>,
    /// The copies of a multi-Region key.
    pub multi_region: Option<MultiRegion>,
    /// Its rotation.
    pub rotation: Option<Rotation>,
    /// Its policy.
    pub policy: String,
}

impl Key {
    /// An enabled, symmetric, rotating key of a customer, whose policy hands everything to its account's IAM policies.
    pub fn new(arn: &str) -> Self {
        let account = arn.split(':').nth(4).unwrap_or("");
        let partition = arn.split(':').nth(1).unwrap_or("aws");
        let policy = serde_json::json!({ "Version": "2012-10-17", "Statement": [{ "Sid": "Enable IAM User Permissions",
            "Effect": "Allow", "Principal": { "AWS": format!("arn:{partition}:iam::{account}:root") },
            "Action": "kms:*", "Resource": "*" }] });
        Self {
            arn: arn.to_owned(),
            aliases: Vec::new(),
            created: Timestamp::from_second(1_609_459_200).unwrap_or(Timestamp::UNIX_EPOCH),
            state: "Enabled".to_owned(),
            deletion: None,
            origin: "AWS_KMS".to_owned(),
            manager: "CUSTOMER".to_owned(),
            usage: "ENCRYPT_DECRYPT".to_owned(),
            spec: "SYMMETRIC_DEFAULT".to_owned(),
            valid_to: None,
            multi_region: None,
            rotation: Some(Rotation { enabled: true, period_days: 365 }),
            policy: policy.to_string(),
        }
    }

    /// The key, never rotated.
    #[must_use]
    pub fn unrotated(mut self) -> Self {
        self.rotation = None;
        self
    }

    /// The key, waiting for its deletion.
    #[must_use]
    pub fn deleted_at(mut self, when: Timestamp) -> Self {
        self.state = "PendingDeletion".to_owned();
        self.deletion = Some(when);
        self
    }

    /// The key, with a policy.
    #[must_use]
    pub fn with_policy(mut self, policy: &serde_json::Value) -> Self {
        self.policy = policy.to_string();
        self
    }
}
