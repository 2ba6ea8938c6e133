//! What rules may say about a KMS key that encrypts log files.

use super::Trail;
use super::access::KeyAccess;
use crate::expr::{Known, Listed, Shared, facts};
use crate::id::{AccountId, Arn, RegionName};

facts! {
    /// A KMS key that some trail names.
    pub struct Key {
        /// The key's ARN.
        arn: Arn = "cloudtrail:DescribeTrails",
        /// The account that owns the key.
        account: AccountId = "cloudtrail:DescribeTrails",
        /// The key's Region.
        region: RegionName = "cloudtrail:DescribeTrails",
        /// The state as KMS gives it: `Enabled`, `Disabled`, `PendingDeletion`, `PendingImport`, `Unavailable` and others; `NotFound` where KMS knows no such key.
        state: Known<String> = "kms:DescribeKey",
        /// Where the key material comes from: `AWS_KMS`, `EXTERNAL`, `AWS_CLOUDHSM` or `EXTERNAL_KEY_STORE`. Absent: KMS knows no such key.
        origin: Option<Known<String>> = "kms:DescribeKey",
        /// Who manages the key: `CUSTOMER` or `AWS`. Absent: KMS knows no such key.
        manager: Option<Known<String>> = "kms:DescribeKey",
        /// Whether it is a multi-Region key, primary or replica.
        is_multi_region: Known<bool> = "kms:DescribeKey",
        /// Whether it is a replica of a multi-Region key in another Region.
        is_replica: Known<bool> = "kms:DescribeKey",
        /// Whether its imported key material expires.
        expires: Known<bool> = "kms:DescribeKey",
        /// The day of deletion, such as `2026-12-24`. Absent: no deletion is scheduled.
        deletion_date: Option<Known<String>> = "kms:DescribeKey",
        /// Whether KMS rotates the key by itself; of a replica, whether it rotates the primary.
        rotation_enabled: Known<bool> = "kms:GetKeyRotationStatus" & "kms:DescribeKey",
        /// Whether KMS can rotate the key by itself: a symmetric key whose material KMS made.
        rotation_supported: Known<bool> = "kms:DescribeKey",
        /// The Regions of the buckets of the trails that use the key. Incomplete while the Region of one could not be read.
        bucket_regions: Listed<RegionName> = "s3:HeadBucket" => "s3:ListBucket" & "cloudtrail:DescribeTrails",
        /// What the key's policy lets whom do.
        access: KeyAccess = "kms:GetKeyPolicy",
        /// The trails that encrypt with the key, as far as they were found.
        used_by: Listed<Shared<Trail>> = "cloudtrail:DescribeTrails",
    }
}
