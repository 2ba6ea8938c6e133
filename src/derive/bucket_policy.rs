//! What the policy of a log bucket lets whom do: who can write, erase or read, whether CloudTrail can deliver and for
//! whom, and what is denied to everybody.
//!
//! Sources: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail"; S3's actions, resources and condition keys in
//! the Service Authorization Reference. Only the bucket policy is judged: what the owner account's own IAM allows, access
//! points and what Block Public Access takes away ([`super::public_access`]) are other questions.

mod access;
mod dedicated;
mod delivery;
mod deny;
mod pinned;
mod request;
mod rights;

pub use delivery::Delivery;
pub(super) use pinned::is_pinned;
pub(super) use request::cloudtrail;

use super::policy_document::{Answer, Doubt, Outsider, Pattern, PolicyDocument, Reason, Right, Scope, Source};
use crate::id::{BucketName, Partition, TrailArn};
use crate::snapshot::BucketPolicy;

/// A trail that delivers to the bucket.
#[derive(Debug, Clone, Copy)]
pub struct LogTrail<'a> {
    /// Its ARN.
    pub arn: &'a TrailArn,
    /// The prefix of its keys.
    pub prefix: Option<&'a str>,
    /// Whether it is an organization trail, where that is known.
    pub is_organization: Option<bool>,
    /// The id of the organization whose trail it is, or whose account it belongs to, where that is known.
    pub organization: Option<&'a str>,
    /// Whether it writes digests, where that is known.
    pub validation: Option<bool>,
    /// The KMS key that it encrypts with, where it does.
    pub kms_key: Option<&'a str>,
}

/// What is known of a log bucket.
#[derive(Debug, Clone, Copy)]
pub struct BucketPolicyInputs<'a> {
    /// Its policy; nothing, where it was not read.
    pub policy: Option<&'a BucketPolicy>,
    /// Its name.
    pub bucket: &'a BucketName,
    /// Its partition.
    pub partition: &'a Partition,
    /// Who counts as one's own.
    pub scope: Scope<'a>,
    /// The trails that deliver to it.
    pub trails: &'a [LogTrail<'a>],
}

/// What the policy of a log bucket means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketPolicyVerdict {
    /// Whether an account, a user, a role, `*` or a service that is not pinned to the organization can put or delete
    /// objects, or change the configuration. CloudTrail's own Put is left to [`Self::put_is_pinned`].
    pub others_can_write: Answer,
    /// Whether somebody outside the organization, trusted accounts aside, can read or write.
    pub outsiders_have_access: Answer,
    /// Who they are, and who may be one of them.
    pub outsiders: Vec<Outsider>,
    /// What hides others.
    pub outsiders_hidden: Vec<Doubt>,
    /// Whether every statement by which CloudTrail can put pins it to an account or an organization.
    pub put_is_pinned: Answer,
    /// How each trail delivers, in the order of the trails.
    pub deliveries: Vec<Delivery>,
    /// Whether everything is denied to everybody who comes without TLS.
    pub denies_insecure_transport: Answer,
    /// Whether deleting log files and their versions is denied to everybody, but for fixed ARNs.
    pub denies_deletes: Answer,
    /// Whether anybody besides CloudTrail is meant to write there.
    pub others_write: Answer,
    /// What does not decide, and should be known.
    pub notes: Vec<Reason>,
}

/// Works out what the policy of a log bucket means.
pub fn bucket_policy(inputs: &BucketPolicyInputs<'_>) -> BucketPolicyVerdict {
    let document = match inputs.policy {
        None => return every(inputs, &Answer::not_read(Source::BucketPolicy)),
        Some(BucketPolicy { document: None }) => PolicyDocument::read(r#"{"Statement": []}"#),
        Some(BucketPolicy { document: Some(text) }) => PolicyDocument::read(text),
    };
    let document = match document {
        Ok(document) => document,
        Err(why) => {
            return every(
                inputs,
                &Answer::undecided(Reason::whole(format!("the bucket's policy cannot be read: {why}"))),
            );
        }
    };
    let arn = inputs.bucket.arn(inputs.partition);
    let bucket = rights::Resources::of(&arn);
    let (outsiders, outsiders_hidden) = access::outsiders(&document, &bucket, &inputs.scope);
    BucketPolicyVerdict {
        others_can_write: access::others_can_write(&document, &bucket, &inputs.scope),
        outsiders_have_access: access::outsiders_have_access(&outsiders, &outsiders_hidden),
        outsiders,
        outsiders_hidden,
        put_is_pinned: pinned::put_is_pinned(&document, &bucket, &inputs.scope),
        deliveries: inputs.trails.iter().map(|trail| delivery::of(&document, &bucket, trail)).collect(),
        denies_insecure_transport: deny::insecure_transport(&document, &bucket),
        denies_deletes: deny::deletes(&document, &bucket, inputs.trails),
        others_write: dedicated::others_write(&document, &bucket, &inputs.scope),
        notes: pinned::notes(&document, &bucket, &inputs.scope),
    }
}

/// Everything that writes or deletes in a bucket, or changes it.
pub(super) fn changes(arn: &str) -> Vec<Right> {
    rights::Resources::of(arn).writes()
}

/// Everything that trails may write in a bucket, as resources; without a trail, all of its objects.
pub(super) fn log_files(arn: &str, trails: &[LogTrail<'_>]) -> Vec<Pattern> {
    let bucket = rights::Resources::of(arn);
    let keys: Vec<Pattern> = trails.iter().flat_map(|trail| bucket.all_keys(trail)).collect();
    if keys.is_empty() { vec![bucket.objects] } else { keys }
}

/// The same answer to every question.
fn every(inputs: &BucketPolicyInputs<'_>, answer: &Answer) -> BucketPolicyVerdict {
    BucketPolicyVerdict {
        others_can_write: answer.clone(),
        outsiders_have_access: answer.clone(),
        outsiders: Vec::new(),
        outsiders_hidden: match answer {
            Answer::Unknown(doubts) => doubts.clone(),
            Answer::Yes(_) | Answer::No(_) => Vec::new(),
        },
        put_is_pinned: answer.clone(),
        deliveries: inputs.trails.iter().map(|trail| Delivery::all(trail, answer)).collect(),
        denies_insecure_transport: answer.clone(),
        denies_deletes: answer.clone(),
        others_write: answer.clone(),
        notes: Vec::new(),
    }
}
