use super::PublicAccessBlock;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::fmt::Display;

/// One grant of a bucket's ACL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The URI of a group, or a canonical user id.
    pub grantee: String,
    /// `READ`, `WRITE`, `READ_ACP`, `WRITE_ACP` or `FULL_CONTROL`.
    pub permission: String,
}

impl Grant {
    /// A permission for everyone.
    pub fn to_everyone(permission: &str) -> Self {
        let grantee = "http://acs.amazonaws.com/groups/global/AllUsers".to_owned();
        Self { grantee, permission: permission.to_owned() }
    }

    /// Whether the grantee is one of the two groups that make an ACL public.
    pub(in crate::simulator) fn is_public(&self) -> bool {
        self.grantee.ends_with("/AllUsers") || self.grantee.ends_with("/AuthenticatedUsers")
    }
}

/// A bucket and its configuration; what is `None` was never set.
///
/// Nested configuration has the shape that the CLI prints: `lifecycle` is `{"Rules": […]}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Bucket {
    /// The name.
    pub name: String,
    /// The account that owns it.
    pub owner: String,
    /// Its Region.
    pub region: String,
    /// When it was made.
    pub created: Timestamp,
    /// Its policy.
    pub policy: Option<String>,
    /// AWS's own verdict on the policy, where it shall differ from the simulator's.
    pub policy_is_public: Option<bool>,
    /// The grants of its ACL beside the owner's full control.
    pub grants: Vec<Grant>,
    /// Its Block Public Access.
    pub public_access_block: Option<PublicAccessBlock>,
    /// Its object ownership, such as `BucketOwnerEnforced`.
    pub ownership: Option<String>,
    /// `Enabled` or `Suspended`.
    pub versioning: Option<String>,
    /// `Enabled` or `Disabled`.
    pub mfa_delete: Option<String>,
    /// Its lifecycle: `{"Rules": […]}`.
    pub lifecycle: Option<Value>,
    /// Its encryption: `{"Rules": […]}`.
    pub encryption: Option<Value>,
    /// Where its access logs go: `{"TargetBucket": …, "TargetPrefix": …}`.
    pub logging: Option<Value>,
    /// Its object lock: `{"ObjectLockEnabled": "Enabled", "Rule": …}`.
    pub object_lock: Option<Value>,
    /// Its replication: `{"Role": …, "Rules": […]}`.
    pub replication: Option<Value>,
    /// `Requester`, where requesters pay.
    pub payer: Option<String>,
    /// Its tags.
    pub tags: Vec<(String, String)>,
}

impl Bucket {
    /// A bucket as it is made today: private, owner enforced, Block Public Access on, SSE-S3, unversioned.
    pub fn new(name: impl Display, owner: impl Display, region: impl Display) -> Self {
        Self {
            name: name.to_string(),
            owner: owner.to_string(),
            region: region.to_string(),
            created: Timestamp::from_second(1_609_459_200).unwrap_or(Timestamp::UNIX_EPOCH),
            policy: None,
            policy_is_public: None,
            grants: Vec::new(),
            public_access_block: Some(PublicAccessBlock::ALL),
            ownership: Some("BucketOwnerEnforced".to_owned()),
            versioning: None,
            mfa_delete: None,
            lifecycle: None,
            encryption: Some(json!({ "Rules": [{ "ApplyServerSideEncryptionByDefault": { "SSEAlgorithm": "AES256" },
                "BucketKeyEnabled": false }] })),
            logging: None,
            object_lock: None,
            replication: None,
            payer: None,
            tags: Vec::new(),
        }
    }

    /// A bucket as it was made before April 2023: ACLs live, nothing blocked, nothing encrypted.
    pub fn old(name: impl Display, owner: impl Display, region: impl Display) -> Self {
        Self { public_access_block: None, ownership: None, encryption: None, ..Self::new(name, owner, region) }
    }

    /// The bucket, with a policy.
    #[must_use]
    pub fn with_policy(mut self, policy: &Value) -> Self {
        self.policy = Some(policy.to_string());
        self
    }

    /// The bucket, versioned.
    #[must_use]
    pub fn versioned(mut self) -> Self {
        self.versioning = Some("Enabled".to_owned());
        self
    }

    /// The bucket, with a lifecycle: `{"Rules": […]}`.
    #[must_use]
    pub fn with_lifecycle(mut self, lifecycle: Value) -> Self {
        self.lifecycle = Some(lifecycle);
        self
    }

    /// The bucket, writing its access logs into another.
    #[must_use]
    pub fn logging_to(mut self, target: &str, prefix: &str) -> Self {
        self.logging = Some(json!({ "TargetBucket": target, "TargetPrefix": prefix }));
        self
    }

    /// The bucket, encrypting with a KMS key.
    #[must_use]
    pub fn encrypted_with(mut self, key_arn: &str) -> Self {
        self.encryption = Some(json!({ "Rules": [{ "ApplyServerSideEncryptionByDefault":
            { "SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_arn }, "BucketKeyEnabled": true }] }));
        self
    }

    /// The bucket, with a tag.
    #[must_use]
    pub fn with_tag(mut self, key: &str, value: &str) -> Self {
        self.tags.push((key.to_owned(), value.to_owned()));
        self
    }
}
