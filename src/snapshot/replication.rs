//! Where the objects of a bucket are copied to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bucket::Existence;
use super::trail::Tags;
use crate::id::{AccountId, BucketName, RegionName};

/// The replication of a bucket; no rules where `ReplicationConfigurationNotFoundError` was the answer (S3 API
/// Reference, GetBucketReplication).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replication {
    /// The rules, in AWS's order.
    pub rules: Vec<ReplicationRule>,
    /// The buckets that enabled rules copy to, each once, sorted by name.
    pub destinations: Vec<ReplicationDestination>,
}

/// One replication rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplicationRule {
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whether it is enabled.
    pub enabled: bool,
    /// Which of several rules with one destination is followed: the highest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<i32>,
    /// It is for keys that begin so; absent, for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// It is for objects that carry all these tags.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// Whether it takes in objects that KMS keys encrypt.
    pub takes_kms_objects: bool,
    /// Whether delete markers are copied too.
    pub copies_delete_markers: bool,
    /// The bucket that it copies to.
    pub destination: BucketName,
    /// The account that owns that bucket, where the rule makes it the copies' owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub destination_account: Option<AccountId>,
}

/// A bucket that is copied to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplicationDestination {
    /// Its name.
    pub name: BucketName,
    /// Whether it exists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existence: Option<Existence>,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionName>,
    /// Whether the account that owns the bucket which is copied lists this one too; asked only where no rule names the
    /// owner and the Region is the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_same_owner: Option<bool>,
}
