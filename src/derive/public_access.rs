//! Whether the public can get at a bucket, by S3's own definition.
//!
//! Source: S3 User Guide, "Blocking public access to your Amazon S3 storage", section "The meaning of public": an ACL is
//! public if it grants anything to `AllUsers` or `AuthenticatedUsers`; a policy is public unless every statement that
//! allows is limited to fixed values. What Block Public Access and object ownership take away is taken away here too.
//!
//! A Deny does not count: the guide does not mention it, and it could only make a public policy less so.

mod acl;
mod block;
mod cidr;
mod pin;
mod policy;

pub use block::{EffectiveBlock, effective_block};

use super::policy_document::{Answer, Doubt, Reason, Source};
use crate::snapshot::{Acl, BucketPolicy, OwnershipControls, PublicAccessBlock};

/// What is known of a bucket; nothing stands for what was not read.
#[derive(Debug, Clone, Copy, Default)]
pub struct PublicInputs<'a> {
    /// The bucket's policy.
    pub policy: Option<&'a BucketPolicy>,
    /// The bucket's ACL, as S3 enforces it.
    pub acl: Option<&'a Acl>,
    /// Who owns the bucket's objects.
    pub ownership: Option<&'a OwnershipControls>,
    /// Block Public Access of the bucket.
    pub bucket_block: Option<&'a PublicAccessBlock>,
    /// Block Public Access of the account that owns the bucket.
    pub account_block: Option<&'a PublicAccessBlock>,
    /// S3's own verdict on the policy, as `s3:GetBucketPolicyStatus` answers.
    pub of_s3: Option<bool>,
}

/// How public a bucket is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicAccess {
    /// Whether the public can get at the bucket, all taken together.
    pub public: Answer,
    /// Whether the policy is public by itself, as `s3:GetBucketPolicyStatus` answers; no, where there is none.
    pub policy: Answer,
    /// Whether the ACL is public by itself.
    pub acl: Answer,
    /// Whether Block Public Access keeps out everybody whom the policy lets in but the own account and AWS services.
    pub policy_restricted: Answer,
    /// What does not decide, and should be known.
    pub notes: Vec<Reason>,
}

/// Works out how public a bucket is.
///
/// ```
/// use trailproof::derive::public_access::{PublicInputs, public_access};
/// use trailproof::snapshot::BucketPolicy;
/// let text = r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}}"#;
/// let policy = BucketPolicy { document: Some(text.into()) };
/// let access = public_access(&PublicInputs { policy: Some(&policy), ..PublicInputs::default() });
/// // Whether Block Public Access closes the bucket was not read.
/// assert_eq!((access.policy.known(), access.public.known()), (Some(true), None));
/// ```
pub fn public_access(inputs: &PublicInputs<'_>) -> PublicAccess {
    let block = effective_block(inputs.bucket_block, inputs.account_block);
    let policy = match inputs.policy {
        None => Answer::not_read(Source::BucketPolicy),
        Some(policy) => policy::is_public(policy.document.as_deref()),
    };
    let acl = match inputs.acl {
        None => Answer::not_read(Source::BucketAcl),
        Some(acl) => acl::is_public(acl),
    };
    let policy_restricted = policy::restricted(&policy, &block, inputs);
    let through_policy = policy::effective(policy.clone(), &block, inputs);
    let through_acl = acl::effective(acl.clone(), &block, inputs.ownership);
    let mut notes: Vec<Reason> = acl::note_on_objects(&block, inputs.ownership).into_iter().collect();
    notes.extend(disagreement(&policy, inputs.of_s3).map(Reason::whole));
    PublicAccess { public: either(through_policy, through_acl), policy, acl, policy_restricted, notes }
}

/// A note, where S3's own verdict on the policy (`s3:GetBucketPolicyStatus`) is not ours, or where we have none because
/// the definition does not decide.
///
/// Nothing is noted where the policy or S3's verdict was not read: that is not a disagreement.
pub fn disagreement(ours: &Answer, of_s3: Option<bool>) -> Option<String> {
    let of_s3 = of_s3?;
    let word = |public: bool| if public { "public" } else { "not public" };
    match (ours.known(), ours) {
        (Some(ours_is), _) if ours_is != of_s3 => Some(format!(
            "S3 itself calls the policy {}, trailproof calls it {}: {}",
            word(of_s3),
            word(ours_is),
            ours.because().join("; ")
        )),
        (None, Answer::Unknown(doubts)) if doubts.iter().any(|doubt| matches!(doubt, Doubt::Undecided(_))) => {
            Some(format!("S3 itself calls the policy {}", word(of_s3)))
        }
        _ => None,
    }
}

fn either(one: Answer, two: Answer) -> Answer {
    match (one, two) {
        (Answer::Yes(mut one), Answer::Yes(two)) => {
            one.extend(two);
            Answer::Yes(one)
        }
        (Answer::Yes(reasons), _) | (_, Answer::Yes(reasons)) => Answer::Yes(reasons),
        (Answer::Unknown(mut one), Answer::Unknown(two)) => {
            one.extend(two.into_iter().filter(|doubt: &Doubt| !one.contains(doubt)).collect::<Vec<_>>());
            Answer::Unknown(one)
        }
        (Answer::Unknown(doubts), _) | (_, Answer::Unknown(doubts)) => Answer::Unknown(doubts),
        (Answer::No(mut one), Answer::No(two)) => {
            one.extend(two);
            Answer::No(one)
        }
    }
}
