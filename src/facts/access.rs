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
    ///
    /// Each answer has a list `…_because`: the statements that it rests on, in words, empty while it is not known.
    pub struct BucketAccess {
        /// Whether an account, a user, a role, `*` or a service that is not pinned to the organization can put or delete objects, or change the bucket's configuration.
        others_can_write: Known<bool> = "s3:GetBucketPolicy" & "organizations:ListAccountsForParent",
        /// Who can, by which statement; that nobody can, where it is so.
        others_can_write_because: Vec<String> = "s3:GetBucketPolicy" & "organizations:ListAccountsForParent",
        /// Who can read or write, by policy or ACL, and is not known to be of the organization. Incomplete while something that decides it could not be read. Whom Block Public Access keeps out is not in it.
        outsiders: Listed<Outsider> = "s3:GetBucketPolicy" & "s3:GetBucketAcl" & "s3:GetBucketOwnershipControls" & "s3:GetPublicAccessBlock" => "s3:GetBucketPublicAccessBlock" & "s3control:GetPublicAccessBlock" => "s3:GetAccountPublicAccessBlock" & "s3:GetBucketPolicyStatus" & "organizations:ListAccountsForParent",
        /// Whom the policy lets in and Block Public Access alone keeps out.
        outsiders_notes: Vec<String> = "s3:GetBucketPolicy" & "s3:GetPublicAccessBlock" => "s3:GetBucketPublicAccessBlock" & "s3control:GetPublicAccessBlock" => "s3:GetAccountPublicAccessBlock" & "s3:GetBucketPolicyStatus" & "organizations:ListAccountsForParent",
        /// Whether every statement by which CloudTrail can put objects names for which account or organization.
        put_is_pinned: Known<bool> = "s3:GetBucketPolicy" & "organizations:ListAccountsForParent",
        /// The statements that do not; where all do, those.
        put_is_pinned_because: Vec<String> = "s3:GetBucketPolicy" & "organizations:ListAccountsForParent",
        /// CloudTrail's other permissions that name nobody, such as that to read the ACL.
        put_is_pinned_notes: Vec<String> = "s3:GetBucketPolicy" & "organizations:ListAccountsForParent",
        /// Whether CloudTrail can put the files of every trail that delivers here where they belong.
        paths_fit: Known<bool> = "s3:GetBucketPolicy" & "cloudtrail:DescribeTrails" & "organizations:DescribeOrganization",
        /// What stands in the way of a trail; the statements that let all deliver, where nothing does.
        paths_fit_because: Vec<String> = "s3:GetBucketPolicy" & "cloudtrail:DescribeTrails" & "organizations:DescribeOrganization",
        /// Paths that no trail needs now, and one of them would need if it were changed.
        paths_fit_notes: Vec<String> = "s3:GetBucketPolicy" & "cloudtrail:DescribeTrails" & "organizations:DescribeOrganization",
        /// Whether no Deny stops digests that are encrypted with AES256, of any trail that writes digests.
        digests_pass: Known<bool> = "s3:GetBucketPolicy" & "cloudtrail:DescribeTrails" & "organizations:DescribeOrganization",
        /// What stops them; that nothing does, where it is so.
        digests_pass_because: Vec<String> = "s3:GetBucketPolicy" & "cloudtrail:DescribeTrails" & "organizations:DescribeOrganization",
        /// That digests which follow the trail's key get through, where those with AES256 do not.
        digests_pass_notes: Vec<String> = "s3:GetBucketPolicy" & "cloudtrail:DescribeTrails" & "organizations:DescribeOrganization",
        /// Whether everything is denied to everybody who comes without TLS.
        denies_insecure_transport: Known<bool> = "s3:GetBucketPolicy",
        /// The statements that deny it; what is missing, where they do not.
        denies_insecure_transport_because: Vec<String> = "s3:GetBucketPolicy",
        /// Whether deleting log files and their versions is denied to everybody but fixed ARNs.
        denies_deletes: Known<bool> = "s3:GetBucketPolicy" & "cloudtrail:DescribeTrails",
        /// The statements that deny it; what is missing, where they do not.
        denies_deletes_because: Vec<String> = "s3:GetBucketPolicy" & "cloudtrail:DescribeTrails",
        /// Who besides CloudTrail is meant to write here: by the policy, the ACL, or the access logging of a bucket that was read. Incomplete while something that decides it is not known.
        other_writers: Listed<String> = "s3:GetBucketPolicy" & "s3:GetBucketAcl" & "s3:GetBucketOwnershipControls" & "s3:GetBucketLogging" & "organizations:ListAccountsForParent",
    }

    /// Somebody who gets at a bucket, and is outside the organization or may be.
    pub struct Outsider {
        /// How, in words: the statement or grant, and what it allows.
        name: String = "s3:GetBucketPolicy" & "s3:GetBucketAcl",
        /// The account, where it is one. Absent: everybody, a service, or an identity whose account is not named.
        account: Option<AccountId> = "s3:GetBucketPolicy" & "s3:GetBucketAcl",
        /// Whether it surely is outside. Not known while the organization was not read in full, or where a condition or grantee leaves it open.
        is_outside: Known<bool> = "s3:GetBucketPolicy" & "s3:GetBucketAcl" & "organizations:ListAccountsForParent",
    }

    /// Somebody who holds rights on a key, and is outside the organization or may be.
    pub struct KeyOutsider {
        /// How, in words: the statement, and what it allows.
        name: String = "kms:GetKeyPolicy",
        /// The account, where it is one. Absent: everybody, a service, or an identity whose account is not named.
        account: Option<AccountId> = "kms:GetKeyPolicy",
        /// Whether it surely is outside. Not known while the organization was not read in full, or where a condition leaves it open.
        is_outside: Known<bool> = "kms:GetKeyPolicy" & "organizations:ListAccountsForParent",
        /// Whether it can disable or delete the key, or give itself more rights on it; else it can decrypt.
        administers: bool = "kms:GetKeyPolicy",
    }

    /// What the policy of a key lets whom do. Grants, and what the key account's own IAM allows, are not in it.
    pub struct KeyAccess {
        /// Whether CloudTrail can encrypt the files of every trail that uses the key.
        encrypts: Known<bool> = "kms:GetKeyPolicy" & "cloudtrail:DescribeTrails" & "organizations:DescribeOrganization",
        /// What stands in the way of a trail; the statements that let CloudTrail encrypt, where nothing does. Empty while it is not known.
        encrypts_because: Vec<String> = "kms:GetKeyPolicy" & "cloudtrail:DescribeTrails" & "organizations:DescribeOrganization",
        /// Whether every statement by which CloudTrail can encrypt names for whom, by `aws:SourceArn` or the encryption context.
        encryption_is_pinned: Known<bool> = "kms:GetKeyPolicy",
        /// The statements that do not; where all do, those. Empty while it is not known.
        encryption_is_pinned_because: Vec<String> = "kms:GetKeyPolicy",
        /// Who can decrypt, disable or delete the key, or change its policy, and is not known to be of the organization: `*`, other accounts, and those whom conditions do not bound. Incomplete while the policy could not be read.
        outsiders: Listed<KeyOutsider> = "kms:GetKeyPolicy" & "organizations:ListAccountsForParent",
        /// What is surely wrong of all this, in words, whomever a rule's parameters trust. Empty where nothing is.
        problems: Vec<String> = "kms:GetKeyPolicy" & "cloudtrail:DescribeTrails" & "organizations:ListAccountsForParent",
        /// What does not decide and should be known.
        notes: Vec<String> = "kms:GetKeyPolicy" & "cloudtrail:DescribeTrails",
    }
}
