//! What rules may say about who gets at a log bucket or a key.

use crate::expr::{Known, Listed, facts};
use crate::id::AccountId;

facts! {
    /// Whether the public can get at a bucket, by S3's own definition of public.
    pub struct PublicAccess {
        /// Whether it can, through the policy or the ACL, after Block Public Access and object ownership.
        public: Known<bool> = "s3:GetBucketPolicy" & "s3:GetBucketAcl" & "s3:GetBucketOwnershipControls" & "s3:GetPublicAccessBlock" => "s3:GetBucketPublicAccessBlock" & "s3control:GetPublicAccessBlock" => "s3:GetAccountPublicAccessBlock",
        /// What that rests on: statements, grants and settings, in words. Empty while it is not known.
        because: Vec<String> = "s3:GetBucketPolicy" & "s3:GetBucketAcl" & "s3:GetBucketOwnershipControls" & "s3:GetPublicAccessBlock" => "s3:GetBucketPublicAccessBlock" & "s3control:GetPublicAccessBlock" => "s3:GetAccountPublicAccessBlock",
        /// Whether the policy is public by itself, whatever blocks it. False where there is none.
        policy: Known<bool> = "s3:GetBucketPolicy",
        /// Whether the ACL is public by itself, whatever blocks it.
        acl: Known<bool> = "s3:GetBucketAcl",
        /// What does not decide and should be known, such as that S3 itself judges the policy otherwise.
        notes: Vec<String> = "s3:GetBucketPolicy" & "s3:GetBucketOwnershipControls" & "s3:GetPublicAccessBlock" => "s3:GetBucketPublicAccessBlock" & "s3control:GetPublicAccessBlock" => "s3:GetAccountPublicAccessBlock" & "s3:GetBucketPolicyStatus",
    }

    /// What the policy of a log bucket lets whom do. What the owner account's own IAM allows is not in it.
    pub struct BucketAccess {
        /// Whether an account, a user, a role, `*` or a service that is not pinned to the organization can put or delete objects, or change the bucket's configuration.
        others_can_write: Known<bool> = "s3:GetBucketPolicy" & "organizations:ListAccountsForParent",
        /// Who can, by which statement. Empty while it is not known.
        writers: Vec<String> = "s3:GetBucketPolicy" & "organizations:ListAccountsForParent",
        /// Who outside the organization can read or write, by policy or ACL. Incomplete while something that decides it is not known.
        outsiders: Listed<Outsider> = "s3:GetBucketPolicy" & "s3:GetBucketAcl" & "s3:GetBucketOwnershipControls" & "organizations:ListAccountsForParent",
        /// Whether every statement by which CloudTrail can put objects names for which account or organization.
        put_is_pinned: Known<bool> = "s3:GetBucketPolicy" & "organizations:ListAccountsForParent",
        /// The statements that do not. Empty while it is not known.
        unpinned: Vec<String> = "s3:GetBucketPolicy" & "organizations:ListAccountsForParent",
        /// Whether CloudTrail can put the files of every trail that delivers here where they belong.
        paths_fit: Known<bool> = "s3:GetBucketPolicy" & "cloudtrail:DescribeTrails" & "organizations:DescribeOrganization",
        /// What stands in the way of a trail. Empty while it is not known.
        misfits: Vec<String> = "s3:GetBucketPolicy" & "cloudtrail:DescribeTrails" & "organizations:DescribeOrganization",
        /// Whether no Deny stops the digests of a trail.
        digests_pass: Known<bool> = "s3:GetBucketPolicy" & "cloudtrail:DescribeTrails" & "organizations:DescribeOrganization",
        /// What stops them. Empty while it is not known.
        digest_denials: Vec<String> = "s3:GetBucketPolicy" & "cloudtrail:DescribeTrails" & "organizations:DescribeOrganization",
        /// Whether everything is denied to everybody who comes without TLS.
        denies_insecure_transport: Known<bool> = "s3:GetBucketPolicy",
        /// Whether deleting log files and their versions is denied to everybody but fixed ARNs.
        denies_deletes: Known<bool> = "s3:GetBucketPolicy" & "cloudtrail:DescribeTrails",
        /// Who besides CloudTrail is meant to write here: by the policy, the ACL, or the access logging of a bucket that was read. Incomplete while something that decides it is not known.
        other_writers: Listed<String> = "s3:GetBucketPolicy" & "s3:GetBucketAcl" & "s3:GetBucketLogging" & "organizations:ListAccountsForParent",
        /// What does not decide and should be known.
        notes: Vec<String> = "s3:GetBucketPolicy" & "cloudtrail:DescribeTrails",
    }

    /// Somebody outside the organization who gets at a bucket.
    pub struct Outsider {
        /// How, in words: the statement or grant, and what it allows.
        name: String = "s3:GetBucketPolicy" & "s3:GetBucketAcl",
        /// The account, where it is one. Absent: everybody, a service, or an identity whose account is not named.
        account: Option<AccountId> = "s3:GetBucketPolicy",
    }

    /// What the policy of a key lets whom do. Grants, and what the key account's own IAM allows, are not in it.
    pub struct KeyAccess {
        /// Whether CloudTrail can encrypt the files of every trail that uses the key.
        encrypts: Known<bool> = "kms:GetKeyPolicy" & "cloudtrail:DescribeTrails" & "organizations:DescribeOrganization",
        /// Whether every statement by which CloudTrail can encrypt names for whom, by `aws:SourceArn` or the encryption context.
        encryption_is_pinned: Known<bool> = "kms:GetKeyPolicy",
        /// Whether `*`, accounts outside the organization, or anybody whom conditions do not bound can decrypt, disable or delete the key, or change its policy.
        is_open: Known<bool> = "kms:GetKeyPolicy" & "organizations:ListAccountsForParent",
        /// What is wrong, in words. Empty where nothing is, or while it is not known.
        problems: Vec<String> = "kms:GetKeyPolicy" & "cloudtrail:DescribeTrails" & "organizations:ListAccountsForParent",
        /// What does not decide and should be known.
        notes: Vec<String> = "kms:GetKeyPolicy" & "cloudtrail:DescribeTrails",
    }
}
