//! What rules may say about a bucket that receives log files.

use super::Trail;
use super::access::{BucketAccess, PublicAccess};
use crate::expr::{Known, Listed, Shared, facts};
use crate::id::{AccountId, BucketName, RegionName};

facts! {
    /// A bucket that some trail delivers to. Settings of a bucket that does not exist are gaps: guard them by `when: bucket.exists`.
    pub struct Bucket {
        /// The bucket's name.
        name: BucketName = "cloudtrail:DescribeTrails",
        /// The bucket's ARN.
        arn: String = "cloudtrail:DescribeTrails",
        /// The bucket's Region. Absent: the bucket does not exist.
        region: Option<Known<RegionName>> = "s3:HeadBucket" => "s3:ListBucket",
        /// Whether the bucket exists. False: S3 answered 404.
        exists: Known<bool> = "s3:HeadBucket" => "s3:ListBucket",
        /// The account that owns the bucket. Absent: it does not exist, or no account that was read lists it.
        owner: Option<Known<AccountId>> = "s3:ListBuckets" => "s3:ListAllMyBuckets" & "s3:HeadBucket" => "s3:ListBucket",
        /// The state of the owner as Organizations gives it, such as `ACTIVE`. Absent: the owner is no account of the organization.
        owner_state: Option<Known<String>> = "s3:ListBuckets" => "s3:ListAllMyBuckets" & "s3:HeadBucket" => "s3:ListBucket" & "organizations:ListAccountsForParent",
        /// Whether an account of the organization owns the bucket; without an organization, one of the accounts looked at. Not known while some account is unread.
        owner_in_organization: Known<bool> = "s3:ListBuckets" => "s3:ListAllMyBuckets" & "s3:HeadBucket" => "s3:ListBucket" & "organizations:ListAccountsForParent",
        /// Whether the account that owns the bucket is `ACTIVE` in the organization.
        owner_active: Known<bool> = "s3:ListBuckets" => "s3:ListAllMyBuckets" & "s3:HeadBucket" => "s3:ListBucket" & "organizations:ListAccountsForParent",
        /// The trails that deliver to the bucket, as far as they were found.
        used_by: Listed<Shared<Trail>> = "cloudtrail:DescribeTrails",
        /// Whether every trail that delivers to the bucket is redundant.
        redundant: Known<bool> = "cloudtrail:GetTrailStatus" & "cloudtrail:GetEventSelectors" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// Whether versions of objects are kept.
        versioning: Known<Versioning> = "s3:GetBucketVersioning",
        /// Whether objects are locked against deletion.
        object_lock: Known<ObjectLock> = "s3:GetObjectLockConfiguration" => "s3:GetBucketObjectLockConfiguration",
        /// How S3 encrypts objects whose writer asks for nothing else.
        encryption: Known<Encryption> = "s3:GetBucketEncryption" => "s3:GetEncryptionConfiguration",
        /// The rules that move or expire objects.
        lifecycle: Known<Lifecycle> = "s3:GetBucketLifecycleConfiguration" => "s3:GetLifecycleConfiguration",
        /// How long log files and digests are kept, worked out of lifecycle rules and Object Lock.
        retention: Known<Retention> = "s3:GetBucketLifecycleConfiguration" => "s3:GetLifecycleConfiguration" & "cloudtrail:DescribeTrails" & "organizations:DescribeOrganization",
        /// S3 Block Public Access as it takes effect: a flag is on where the bucket or its owner's account has it.
        public_access_block: PublicAccessBlock = "s3:GetPublicAccessBlock" => "s3:GetBucketPublicAccessBlock",
        /// Whether the public can get at the bucket.
        public_access: PublicAccess = "s3:GetBucketPolicy",
        /// What the bucket's policy lets whom do.
        access: BucketAccess = "s3:GetBucketPolicy",
        /// Whether the service control policies along the path to the owner's account deny to everybody there, but fixed users and roles, to delete log files and their versions. They do not bind the management account.
        scp_denies_deletes: Known<bool> = "s3:ListBuckets" => "s3:ListAllMyBuckets" & "s3:HeadBucket" => "s3:ListBucket" & "cloudtrail:DescribeTrails" & "organizations:ListPoliciesForTarget" & "organizations:DescribePolicy",
        /// The statements by which they do, or what keeps them from it.
        scp_because: Vec<String> = "s3:ListBuckets" => "s3:ListAllMyBuckets" & "s3:HeadBucket" => "s3:ListBucket" & "cloudtrail:DescribeTrails" & "organizations:ListPoliciesForTarget" & "organizations:DescribePolicy",
        /// Whether those who request objects pay for it, and not the owner.
        requester_pays: Known<bool> = "s3:GetBucketRequestPayment",
        /// Where S3 copies new objects to.
        replication: Known<Replication> = "s3:GetBucketReplication" => "s3:GetReplicationConfiguration",
        /// Where S3 writes down who reads the bucket.
        access_logging: Known<AccessLogging> = "s3:GetBucketLogging",
        /// Whether another trail that logs records the S3 data events of this bucket, reads and writes.
        data_events_recorded: Known<bool> = "cloudtrail:GetTrailStatus" & "cloudtrail:GetEventSelectors" & "cloudtrail:DescribeTrails" & "account:ListRegions" & "s3:ListBuckets" => "s3:ListAllMyBuckets" & "s3:HeadBucket" => "s3:ListBucket",
        /// The trails that record what CloudTrail puts into this bucket for them, by ARN: each delivery makes an event for the next. Incomplete while something that decides it could not be read.
        self_logging_trails: Listed<String> = "cloudtrail:GetTrailStatus" & "cloudtrail:GetEventSelectors" & "cloudtrail:DescribeTrails" & "account:ListRegions" & "organizations:DescribeOrganization" & "s3:ListBuckets" => "s3:ListAllMyBuckets" & "s3:HeadBucket" => "s3:ListBucket",
    }

    /// Whether a bucket keeps the versions of its objects.
    pub struct Versioning {
        /// `Enabled`, `Suspended`, or `Off` where it was never switched on.
        status: String = "s3:GetBucketVersioning",
        /// Whether deleting a version asks for a second factor.
        mfa_delete: bool = "s3:GetBucketVersioning",
    }

    /// Whether a bucket locks its objects, and how long by default.
    pub struct ObjectLock {
        /// Whether Object Lock is switched on.
        enabled: bool = "s3:GetObjectLockConfiguration" => "s3:GetBucketObjectLockConfiguration",
        /// The mode of the default retention: `COMPLIANCE` or `GOVERNANCE`. Absent: no default retention.
        mode: Option<String> = "s3:GetObjectLockConfiguration" => "s3:GetBucketObjectLockConfiguration",
        /// Days of the default retention; a year counts 365. Absent: no default retention.
        retention_days: Option<i64> = "s3:GetObjectLockConfiguration" => "s3:GetBucketObjectLockConfiguration",
    }

    /// A bucket's default encryption.
    pub struct Encryption {
        /// `AES256`, `aws:kms` or `aws:kms:dsse`. Absent: no default encryption.
        algorithm: Option<String> = "s3:GetBucketEncryption" => "s3:GetEncryptionConfiguration",
        /// The KMS key. Absent: the algorithm is `AES256`, or the key is the one that AWS manages for S3.
        key_id: Option<String> = "s3:GetBucketEncryption" => "s3:GetEncryptionConfiguration",
    }

    /// A bucket's lifecycle rules.
    pub struct Lifecycle {
        /// The number of rules, disabled ones included.
        rules: i64 = "s3:GetBucketLifecycleConfiguration" => "s3:GetLifecycleConfiguration",
        /// Whether enabled rules that cover all log files move them to a colder class or expire them.
        covers_all_logs: Known<bool> = "s3:GetBucketLifecycleConfiguration" => "s3:GetLifecycleConfiguration" & "cloudtrail:DescribeTrails" & "cloudtrail:GetInsightSelectors" & "organizations:DescribeOrganization",
    }

    /// How long log files and digests are kept at least.
    pub struct Retention {
        /// The days after which lifecycle rules let some log file or digest, or a former version of one, go; Object Lock is not counted in. Absent: no enabled rule lets one go.
        earliest_expiry_days: Option<i64> = "s3:GetBucketLifecycleConfiguration" => "s3:GetLifecycleConfiguration",
        /// Rules that let some log files go by tag or size, in words: whether they ever meet one is not judged.
        notes: Vec<String> = "s3:GetBucketLifecycleConfiguration" => "s3:GetLifecycleConfiguration",
    }

    /// Where S3 copies the new objects of a bucket to.
    pub struct Replication {
        /// The number of rules, disabled ones included.
        rules: i64 = "s3:GetBucketReplication" => "s3:GetReplicationConfiguration",
        /// Whether enabled rules copy every log file and digest to a bucket in another Region or of another account. Where trails encrypt with a KMS key, the rules must take such objects in.
        copies_all_logs_away: Known<bool> = "s3:GetBucketReplication" => "s3:GetReplicationConfiguration" & "s3:HeadBucket" => "s3:ListBucket" & "s3:ListBuckets" => "s3:ListAllMyBuckets" & "cloudtrail:DescribeTrails" & "cloudtrail:GetInsightSelectors" & "organizations:DescribeOrganization",
        /// The rules that do; where not every file is copied away, what is left out and by which rule. Empty while it is not known.
        copies_all_logs_away_because: Vec<String> = "s3:GetBucketReplication" => "s3:GetReplicationConfiguration" & "s3:HeadBucket" => "s3:ListBucket" & "s3:ListBuckets" => "s3:ListAllMyBuckets" & "cloudtrail:DescribeTrails" & "cloudtrail:GetInsightSelectors" & "organizations:DescribeOrganization",
        /// Rules that copy delete markers too, in words: whoever deletes a log file hides its copy as well.
        notes: Vec<String> = "s3:GetBucketReplication" => "s3:GetReplicationConfiguration",
    }

    /// S3 Block Public Access, of bucket and account together.
    pub struct PublicAccessBlock {
        /// New public ACLs are refused.
        block_public_acls: Known<bool> = "s3:GetPublicAccessBlock" => "s3:GetBucketPublicAccessBlock" & "s3control:GetPublicAccessBlock" => "s3:GetAccountPublicAccessBlock",
        /// Public ACLs have no effect.
        ignore_public_acls: Known<bool> = "s3:GetPublicAccessBlock" => "s3:GetBucketPublicAccessBlock" & "s3control:GetPublicAccessBlock" => "s3:GetAccountPublicAccessBlock",
        /// New public policies are refused.
        block_public_policy: Known<bool> = "s3:GetPublicAccessBlock" => "s3:GetBucketPublicAccessBlock" & "s3control:GetPublicAccessBlock" => "s3:GetAccountPublicAccessBlock",
        /// A public policy lets in only the own account and AWS services.
        restrict_public_buckets: Known<bool> = "s3:GetPublicAccessBlock" => "s3:GetBucketPublicAccessBlock" & "s3control:GetPublicAccessBlock" => "s3:GetAccountPublicAccessBlock",
    }

    /// A bucket's server access logging.
    pub struct AccessLogging {
        /// Whether it is switched on.
        enabled: bool = "s3:GetBucketLogging",
        /// The bucket that the access logs go to. Absent: it is off.
        target_bucket: Option<BucketName> = "s3:GetBucketLogging",
        /// Whether the access logs go to this very bucket. False where it is off.
        target_is_itself: bool = "s3:GetBucketLogging",
        /// Whether the bucket that the access logs go to exists. False where it is off.
        target_exists: Known<bool> = "s3:HeadBucket" => "s3:ListBucket",
    }
}
