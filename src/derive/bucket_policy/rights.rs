//! What can be done to a log bucket.
//!
//! Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3".

use super::LogTrail;
use crate::derive::policy_document::{Class, Pattern, Right};

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

/// A folder that a trail writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folder {
    /// Its log files.
    Logs,
    /// Its digests.
    Digests,
}

impl Folder {
    /// The folder's name, with a slash.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Logs => "CloudTrail/",
            Self::Digests => "CloudTrail-Digest/",
        }
    }

    /// The files in this folder of an account: below Region, year, month and day.
    ///
    /// Source: CloudTrail User Guide, "Finding your CloudTrail log files" and "CloudTrail log file name format"
    /// (`account_CloudTrail_region_time_unique.json.gz`); "CloudTrail digest file structure".
    fn files(self, of_account: Pattern) -> Pattern {
        let mut below = of_account.then("/").then(self.name());
        for _ in 0..4 {
            below = below.and_any(Class::Lower).then("/");
        }
        match self {
            Self::Logs => {
                let at = below.and_any(Class::Lower).then("_CloudTrail_").and_any(Class::Lower).then("_");
                at.and_any(Class::Word).then("_").and_any(Class::Word).then(".json.gz")
            }
            Self::Digests => below.and_any(Class::Segment),
        }
    }
}

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

    /// The files in a folder of an account's trail.
    pub(super) fn account_files(&self, trail: &LogTrail<'_>, folder: Folder) -> Pattern {
        folder.files(self.of_account(trail))
    }

    /// The files in a folder of an organization trail, of whatever account; of some organization, where its id is not
    /// known.
    pub(super) fn organization_files(&self, trail: &LogTrail<'_>, folder: Folder) -> Pattern {
        folder.files(self.of_organization(trail))
    }

    fn of_account(&self, trail: &LogTrail<'_>) -> Pattern {
        self.base(trail).then(&trail.arn.account().to_string())
    }

    fn of_organization(&self, trail: &LogTrail<'_>) -> Pattern {
        let organization = match trail.organization {
            Some(id) => self.base(trail).then(id),
            None => self.base(trail).then("o-").and_any(Class::Lower),
        };
        organization.then("/").and_any(Class::Lower)
    }

    /// Every key under which a trail may write.
    pub(super) fn all_keys(&self, trail: &LogTrail<'_>) -> Vec<Pattern> {
        // What all folders' names begin with.
        let beneath = |folder: Pattern| folder.then("/CloudTrail").and_beneath();
        match trail.is_organization {
            Some(true) => vec![beneath(self.of_organization(trail))],
            Some(false) => vec![beneath(self.of_account(trail))],
            None => vec![beneath(self.of_organization(trail)), beneath(self.of_account(trail))],
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
