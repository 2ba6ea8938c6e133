//! What can be done to a log bucket.
//!
//! Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3".

use super::LogTrail;
use crate::derive::policy_document::{Pattern, Right};

/// Writing, overwriting and deleting objects, undoing what protects them, and their tags and keys: lifecycle rules may go
/// by tags, and what was encrypted anew may be unreadable.
const WRITE_OBJECTS: [&str; 16] = [
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:ReplicateObject",
    "s3:ReplicateDelete",
    "s3:ReplicateTags",
    "s3:PutObjectAcl",
    "s3:PutObjectVersionAcl",
    "s3:PutObjectRetention",
    "s3:PutObjectLegalHold",
    "s3:PutObjectTagging",
    "s3:PutObjectVersionTagging",
    "s3:DeleteObjectTagging",
    "s3:DeleteObjectVersionTagging",
    "s3:UpdateObjectEncryption",
    "s3:BypassGovernanceRetention",
];

/// Deleting the bucket, and changing its configuration.
const WRITE_BUCKET: [&str; 26] = [
    "s3:DeleteBucket",
    "s3:PutBucketPolicy",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutLifecycleConfiguration",
    "s3:PutBucketVersioning",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutReplicationConfiguration",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutEncryptionConfiguration",
    "s3:PutBucketLogging",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketRequestPayment",
    "s3:PutBucketTagging",
    "s3:PutBucketNotification",
    "s3:PutBucketCORS",
    "s3:PutBucketWebsite",
    "s3:DeleteBucketWebsite",
    "s3:PutAccelerateConfiguration",
    "s3:PutAnalyticsConfiguration",
    "s3:PutIntelligentTieringConfiguration",
    "s3:PutInventoryConfiguration",
    "s3:PutMetricsConfiguration",
    "s3:CreateBucketMetadataTableConfiguration",
    "s3:DeleteBucketMetadataTableConfiguration",
    "s3:PutBucketAbac",
];

/// Reading objects.
pub(super) const READ_OBJECTS: [&str; 3] = ["s3:GetObject", "s3:GetObjectVersion", "s3:GetObjectTorrent"];

/// Listing objects.
const LIST: [&str; 2] = ["s3:ListBucket", "s3:ListBucketVersions"];

/// A bucket and its objects, as resources.
pub(super) struct Resources<'a> {
    arn: &'a str,
    /// The bucket itself.
    pub(super) bucket: Pattern,
    /// All of its objects.
    pub(super) objects: Pattern,
}

impl<'a> Resources<'a> {
    pub(super) fn of(arn: &'a str) -> Self {
        Self { arn, bucket: Pattern::exact(arn), objects: Pattern::exact(arn).then("/").and_beneath() }
    }

    /// Everything that writes, erases or changes.
    pub(super) fn writes(&self) -> Vec<Right> {
        let objects = WRITE_OBJECTS.iter().map(|action| self.on_objects(action));
        objects.chain(WRITE_BUCKET.iter().map(|action| self.on_bucket(action))).collect()
    }

    /// Everything that reads or lists.
    pub(super) fn reads(&self) -> Vec<Right> {
        let objects = READ_OBJECTS.iter().map(|action| self.on_objects(action));
        objects.chain(LIST.iter().map(|action| self.on_bucket(action))).collect()
    }

    pub(super) fn on_objects(&self, action: &'static str) -> Right {
        Right { action, on: self.objects.clone() }
    }

    pub(super) fn on_bucket(&self, action: &'static str) -> Right {
        Right { action, on: self.bucket.clone() }
    }

    /// The keys of a folder of an account's trail, such as `CloudTrail/`.
    ///
    /// Source: CloudTrail User Guide, "Finding your CloudTrail log files".
    pub(super) fn account_keys(&self, trail: &LogTrail<'_>, folder: &str) -> Pattern {
        self.base(trail).then(&format!("{}/{folder}", trail.arn.account())).and_beneath()
    }

    /// The keys of a folder of an organization trail, of whatever account; of some organization, where its id is not
    /// known.
    pub(super) fn organization_keys(&self, trail: &LogTrail<'_>, folder: &str) -> Pattern {
        let organization = match trail.organization {
            Some(id) => self.base(trail).then(id),
            None => self.base(trail).then("o-").and_beneath(),
        };
        organization.then("/").and_beneath().then(&format!("/{folder}")).and_beneath()
    }

    /// Every key under which a trail may write.
    pub(super) fn all_keys(&self, trail: &LogTrail<'_>) -> Vec<Pattern> {
        const FOLDERS: &str = "CloudTrail";
        match trail.is_organization {
            Some(true) => vec![self.organization_keys(trail, FOLDERS)],
            Some(false) => vec![self.account_keys(trail, FOLDERS)],
            None => vec![self.organization_keys(trail, FOLDERS), self.account_keys(trail, FOLDERS)],
        }
    }

    fn base(&self, trail: &LogTrail<'_>) -> Pattern {
        let bucket = Pattern::exact(self.arn).then("/");
        match trail.prefix.map(|prefix| prefix.trim_end_matches('/')).filter(|prefix| !prefix.is_empty()) {
            Some(prefix) => bucket.then(prefix).then("/AWSLogs/"),
            None => bucket.then("AWSLogs/"),
        }
    }
}
