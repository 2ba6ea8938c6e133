//! The configuration of a bucket, as S3 writes it.

use super::canonical_id;
use crate::simulator::call::Call;
use crate::simulator::index::BucketEntry;
use crate::simulator::policy::Policy;
use crate::simulator::wire::xml::Xml;
use crate::simulator::wire::{Answer, Failure};
use crate::simulator::world::{Bucket, PublicAccessBlock};
use serde_json::Value;

pub(super) const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

pub(super) fn answer(call: &Call<'_>, entry: &BucketEntry) -> Result<Answer, Failure> {
    let bucket = &entry.bucket;
    match call.operation {
        "HeadBucket" => Ok(Answer::default()),
        "GetBucketLocation" => Ok(location(bucket)),
        "GetBucketPolicy" => policy(bucket),
        "GetBucketPolicyStatus" => policy_status(bucket, entry.policy.as_ref()),
        "GetBucketAcl" => Ok(acl(call, bucket)),
        "GetPublicAccessBlock" => public_access_block(bucket.public_access_block.as_ref(), Some(NAMESPACE)),
        "GetBucketOwnershipControls" => ownership(bucket),
        "GetBucketVersioning" => Ok(versioning(bucket)),
        "GetBucketLogging" => Ok(logging(bucket)),
        "GetBucketRequestPayment" => Ok(request_payment(bucket)),
        "GetBucketTagging" => tagging(bucket),
        "GetBucketLifecycleConfiguration" => nested("LifecycleConfiguration", bucket.lifecycle.as_ref(), || {
            Failure::new(404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")
        }),
        "GetBucketEncryption" => nested("ServerSideEncryptionConfiguration", bucket.encryption.as_ref(), || {
            let message = "The server side encryption configuration was not found";
            Failure::new(404, "ServerSideEncryptionConfigurationNotFoundError", message)
        }),
        "GetObjectLockConfiguration" => nested("ObjectLockConfiguration", bucket.object_lock.as_ref(), || {
            let message = "Object Lock configuration does not exist for this bucket";
            Failure::new(404, "ObjectLockConfigurationNotFoundError", message)
        }),
        _ => nested("ReplicationConfiguration", bucket.replication.as_ref(), || {
            let message = "The replication configuration was not found";
            Failure::new(404, "ReplicationConfigurationNotFoundError", message)
        }),
    }
}

fn nested(root: &str, value: Option<&Value>, absent: impl Fn() -> Failure) -> Result<Answer, Failure> {
    let value = value.ok_or_else(absent)?;
    Ok(Answer::text(Xml::document(root, Some(NAMESPACE)).children(value).finish(root)))
}

/// us-east-1 has no location constraint.
fn location(bucket: &Bucket) -> Answer {
    let constraint = if bucket.region == "us-east-1" { "" } else { &bucket.region };
    Answer::text(Xml::document("LocationConstraint", Some(NAMESPACE)).text(constraint).finish("LocationConstraint"))
}

fn no_policy() -> Failure {
    Failure::new(404, "NoSuchBucketPolicy", "The bucket policy does not exist")
}

fn policy(bucket: &Bucket) -> Result<Answer, Failure> {
    let policy = bucket.policy.as_deref().ok_or_else(no_policy)?;
    Ok(Answer { content_type: Some("application/json"), ..Answer::text(policy) })
}

fn policy_status(bucket: &Bucket, policy: Option<&Policy>) -> Result<Answer, Failure> {
    if bucket.policy.is_none() {
        return Err(no_policy());
    }
    let public = bucket.policy_is_public.unwrap_or_else(|| policy.is_some_and(Policy::is_public));
    let mut xml = Xml::document("PolicyStatus", Some(NAMESPACE));
    Ok(Answer::text(xml.leaf("IsPublic", if public { "true" } else { "false" }).finish("PolicyStatus")))
}

/// The ACL that S3 enforces: with ownership enforced the owner's alone, and without the public grants that Block Public
/// Access ignores ("GET Bucket acl … always return the effective permissions", S3 User Guide).
fn acl(call: &Call<'_>, bucket: &Bucket) -> Answer {
    let ignores = |block: Option<&PublicAccessBlock>| block.is_some_and(|block| block.ignore_public_acls);
    let of_account = call.index.account(&bucket.owner).and_then(|entry| entry.account.public_access_block.as_ref());
    let ignored = ignores(bucket.public_access_block.as_ref()) || ignores(of_account);
    let enforced = bucket.ownership.as_deref() == Some("BucketOwnerEnforced");
    let owner = canonical_id(&bucket.owner);
    let mut xml = Xml::document("AccessControlPolicy", Some(NAMESPACE));
    xml.open("Owner").leaf("ID", &owner).close("Owner").open("AccessControlList");
    grant(&mut xml, &owner, "FULL_CONTROL");
    if !enforced {
        for given in bucket.grants.iter().filter(|grant| !(ignored && grant.is_public())) {
            grant(&mut xml, &given.grantee, &given.permission);
        }
    }
    xml.close("AccessControlList");
    Answer::text(xml.finish("AccessControlPolicy"))
}

fn grant(xml: &mut Xml, grantee: &str, permission: &str) {
    let (kind, field) = if grantee.contains("://") { ("Group", "URI") } else { ("CanonicalUser", "ID") };
    let attributes = format!("xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"{kind}\"");
    xml.open("Grant").open_with("Grantee", &attributes).leaf(field, grantee).close("Grantee");
    xml.leaf("Permission", permission).close("Grant");
}

/// The four switches, for a bucket or (S3 Control) an account.
pub(in crate::simulator::service) fn public_access_block(
    block: Option<&PublicAccessBlock>,
    namespace: Option<&str>,
) -> Result<Answer, Failure> {
    let block = block.ok_or_else(|| {
        let message = "The public access block configuration was not found";
        Failure::new(404, "NoSuchPublicAccessBlockConfiguration", message)
    })?;
    let word = |on: bool| if on { "true" } else { "false" };
    let mut xml = Xml::document("PublicAccessBlockConfiguration", namespace);
    xml.leaf("BlockPublicAcls", word(block.block_public_acls));
    xml.leaf("IgnorePublicAcls", word(block.ignore_public_acls));
    xml.leaf("BlockPublicPolicy", word(block.block_public_policy));
    xml.leaf("RestrictPublicBuckets", word(block.restrict_public_buckets));
    Ok(Answer::text(xml.finish("PublicAccessBlockConfiguration")))
}

fn ownership(bucket: &Bucket) -> Result<Answer, Failure> {
    let ownership = bucket.ownership.as_deref().ok_or_else(|| {
        let message = "The bucket ownership controls were not found";
        Failure::new(404, "OwnershipControlsNotFoundError", message)
    })?;
    let mut xml = Xml::document("OwnershipControls", Some(NAMESPACE));
    Ok(Answer::text(xml.open("Rule").leaf("ObjectOwnership", ownership).close("Rule").finish("OwnershipControls")))
}

fn versioning(bucket: &Bucket) -> Answer {
    let mut xml = Xml::document("VersioningConfiguration", Some(NAMESPACE));
    xml.maybe("Status", bucket.versioning.as_deref()).maybe("MfaDelete", bucket.mfa_delete.as_deref());
    Answer::text(xml.finish("VersioningConfiguration"))
}

/// A bucket that logs nowhere answers with an empty status, not with an error.
fn logging(bucket: &Bucket) -> Answer {
    let mut xml = Xml::document("BucketLoggingStatus", Some(NAMESPACE));
    if let Some(logging) = &bucket.logging {
        xml.open("LoggingEnabled").children(logging).close("LoggingEnabled");
    }
    Answer::text(xml.finish("BucketLoggingStatus"))
}

fn request_payment(bucket: &Bucket) -> Answer {
    let mut xml = Xml::document("RequestPaymentConfiguration", Some(NAMESPACE));
    xml.leaf("Payer", bucket.payer.as_deref().unwrap_or("BucketOwner"));
    Answer::text(xml.finish("RequestPaymentConfiguration"))
}

fn tagging(bucket: &Bucket) -> Result<Answer, Failure> {
    if bucket.tags.is_empty() {
        return Err(Failure::new(404, "NoSuchTagSet", "The TagSet does not exist"));
    }
    let mut xml = Xml::document("Tagging", Some(NAMESPACE));
    xml.open("TagSet");
    for (key, value) in &bucket.tags {
        xml.open("Tag").leaf("Key", key).leaf("Value", value).close("Tag");
    }
    Ok(Answer::text(xml.close("TagSet").finish("Tagging")))
}
