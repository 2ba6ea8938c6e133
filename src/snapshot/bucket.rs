//! Log buckets, as their owners describe them.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Observed;
use super::account::PublicAccessBlock;
use super::replication::Replication;
use crate::id::{AccountId, BucketName, RegionName};

/// A bucket that some trail delivers to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    /// The bucket's name.
    pub name: BucketName,
    /// Whether it exists at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existence: Option<Observed<Existence>>,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Observed<Owner>>,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionName>,
    /// Its policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Observed<BucketPolicy>>,
    /// Its effective ACL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acl: Option<Observed<Acl>>,
    /// Its own Block Public Access.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_access_block: Option<Observed<PublicAccessBlock>>,
    /// Who owns its objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ownership_controls: Option<Observed<OwnershipControls>>,
    /// Its versioning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub versioning: Option<Observed<Versioning>>,
    /// Its lifecycle rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<Observed<Lifecycle>>,
    /// Its default encryption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encryption: Option<Observed<Encryption>>,
    /// Its server access logging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_logging: Option<Observed<AccessLogging>>,
    /// Its Object Lock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_lock: Option<Observed<ObjectLock>>,
    /// What S3 itself says of its policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_status: Option<Observed<PolicyStatus>>,
    /// Who pays for requests: `BucketOwner` or `Requester`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<Observed<String>>,
    /// Where its objects are copied to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replication: Option<Observed<Replication>>,
}

impl Bucket {
    /// Whether it is known not to exist.
    pub fn is_missing(&self) -> bool {
        self.existence.as_ref().is_some_and(|existence| existence.value == Existence::Missing)
    }
}

/// Whether a bucket exists. A 404 of `s3:HeadBucket` says that it does not, whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Existence {
    /// It exists.
    Present,
    /// It does not.
    Missing,
}

/// Whose a bucket is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// This account lists it.
    Account(AccountId),
    /// Every account of the organization was asked, and none lists it.
    OutsideOrganization,
}

/// The policy of a bucket; absence is an answer (`NoSuchBucketPolicy`, S3 API Reference, GetBucketPolicy).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketPolicy {
    /// The policy's text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

/// S3's own verdict on the policy of a bucket; absence is an answer (`NoSuchBucketPolicy`, S3 API Reference,
/// GetBucketPolicyStatus).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyStatus {
    /// Whether S3 calls the policy public; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_public: Option<bool>,
}

/// The effective ACL of a bucket: what Block Public Access ignores is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Acl {
    /// The grants.
    pub grants: Vec<AclGrant>,
    /// The canonical id of the bucket's owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner_canonical_id: Option<String>,
}

/// One grant of an ACL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AclGrant {
    /// The permission, such as `READ`.
    pub permission: String,
    /// The URI of a group, such as `http://acs.amazonaws.com/groups/global/AllUsers`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// The canonical id of an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical_id: Option<String>,
}

/// Who owns the objects of a bucket; absence is an answer (`OwnershipControlsNotFoundError`: ACLs are in force).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnershipControls {
    /// Such as `BucketOwnerEnforced`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object_ownership: Option<String>,
}

/// The versioning of a bucket.
///
/// Absence of both fields is an answer: versioning was never set (S3 API Reference, GetBucketVersioning).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Versioning {
    /// Whether versions are kept.
    pub status: VersioningStatus,
    /// Whether a second factor is needed to delete one.
    pub mfa_delete: MfaDelete,
}

/// Whether a bucket keeps versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VersioningStatus {
    /// It does.
    Enabled,
    /// It did.
    Suspended,
    /// It never did.
    Off,
}

/// Whether deleting a version needs a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MfaDelete {
    /// It does.
    Enabled,
    /// It does not.
    Disabled,
}

/// The lifecycle rules of a bucket; none where `NoSuchLifecycleConfiguration` was the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// The rules, in AWS's order.
    pub rules: Vec<LifecycleRule>,
}

/// One lifecycle rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LifecycleRule {
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// `Enabled` or `Disabled`.
    pub status: String,
    /// Which objects it is for; absent, all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<LifecycleFilter>,
    /// When current versions expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration: Option<Expiration>,
    /// When noncurrent versions expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noncurrent_expiration: Option<NoncurrentExpiration>,
    /// When current versions move to a colder class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transitions: Vec<Transition>,
    /// When noncurrent versions move to a colder class.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub noncurrent_transitions: Vec<Transition>,
    /// After how many days an unfinished upload is dropped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abort_incomplete_upload_days: Option<i32>,
}

/// Which objects a lifecycle rule is for: all its parts must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LifecycleFilter {
    /// Keys that begin so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// Objects that carry all these tags.
    #[serde(default, skip_serializing_if = "super::trail::Tags::is_empty")]
    pub tags: super::trail::Tags,
    /// Objects larger than this many bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_greater_than: Option<i64>,
    /// Objects smaller than this many bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_less_than: Option<i64>,
}

/// When current versions expire.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expiration {
    /// This many days after they were written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i32>,
    /// From this day on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Timestamp>,
    /// Only delete markers without versions are removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired_object_delete_marker: Option<bool>,
}

/// When noncurrent versions expire.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoncurrentExpiration {
    /// This many days after they became noncurrent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i32>,
    /// This many newer noncurrent versions are kept whatever their age.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newer_versions_kept: Option<i32>,
}

/// A move to another storage class.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// After this many days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i32>,
    /// From this day on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Timestamp>,
    /// To this class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_class: Option<String>,
}

/// The default encryption of a bucket; none where `ServerSideEncryptionConfigurationNotFoundError` was the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Encryption {
    /// `AES256`, `aws:kms` or `aws:kms:dsse`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// The key, where one is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
}

/// The server access logging of a bucket; absence of a target is an answer (S3 API Reference, GetBucketLogging).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessLogging {
    /// The bucket that the access logs go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_bucket: Option<String>,
    /// The prefix there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_prefix: Option<String>,
    /// Whether the target exists, where there is one and it could be asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_existence: Option<Existence>,
}

/// The Object Lock of a bucket; off where `ObjectLockConfigurationNotFoundError` was the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectLock {
    /// Whether Object Lock is on.
    pub enabled: bool,
    /// The mode of the default retention, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<ObjectLockMode>,
    /// The days of the default retention.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i32>,
    /// The years of the default retention, where it is given in years.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub years: Option<i32>,
}

/// The mode of a default retention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ObjectLockMode {
    /// Nobody can shorten it.
    Compliance,
    /// Who holds `s3:BypassGovernanceRetention` can.
    Governance,
    /// A mode that this version does not know.
    #[serde(untagged)]
    Other(String),
}
