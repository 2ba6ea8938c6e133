//! What is known of CloudTrail's own requests.

use super::LogTrail;
use crate::derive::policy_document::{Context, Pattern, Value};
use crate::id::TrailArn;

/// What is known of every request that CloudTrail makes for a trail.
///
/// Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail": `aws:SourceArn` is always the ARN of the
/// trail. `aws:SourceOrgID` is the organization of the trail's owner ("AWS global condition context keys").
pub(in crate::derive) fn cloudtrail(trail: &TrailArn, organization: Option<&str>) -> Context {
    let context = Context::service("cloudtrail.amazonaws.com")
        .is("aws:SourceArn", trail.as_str())
        .is("aws:SourceAccount", &trail.account().to_string())
        .is("aws:SecureTransport", "true")
        .with("aws:SourceVpc", Value::Absent)
        .with("aws:SourceVpce", Value::Absent);
    match organization {
        Some(id) => context
            .is("aws:SourceOrgID", id)
            .with("aws:SourceOrgPaths", Value::Is(Pattern::exact(id).then("/").and_beneath())),
        None => context,
    }
}

/// What is known of the requests by which CloudTrail puts objects for a trail, encrypted with a key or without one.
pub(super) fn put(trail: &LogTrail<'_>, kms_key: Option<&str>) -> Context {
    let context = put_somehow(trail);
    match kms_key {
        Some(key) => context
            .is("s3:x-amz-server-side-encryption", "aws:kms")
            .is("s3:x-amz-server-side-encryption-aws-kms-key-id", key),
        None => context
            .is("s3:x-amz-server-side-encryption", "AES256")
            .with("s3:x-amz-server-side-encryption-aws-kms-key-id", Value::Absent),
    }
}

/// What is known of the requests by which CloudTrail puts objects for a trail, however it encrypts them.
///
/// Endpoints of AWS take no TLS before 1.2 (AWS Security Blog, June 2022), and no signature but version 4 signs for
/// services.
pub(super) fn put_somehow(trail: &LogTrail<'_>) -> Context {
    cloudtrail(trail.arn, trail.organization)
        .is("s3:x-amz-acl", "bucket-owner-full-control")
        .is("s3:signatureversion", "AWS4-HMAC-SHA256")
        .with("s3:TlsVersion", Value::AtLeast(1.2))
}
