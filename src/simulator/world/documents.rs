//! The policies that AWS's guides give a log bucket and its key.

use serde_json::{Value, json};

/// The policy of a log bucket: delivery for one trail alone, and nothing without TLS.
///
/// Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail".
pub fn log_bucket_policy(bucket: &str, trail_arn: &str, organization: Option<&str>) -> Value {
    let account = trail_arn.split(':').nth(4).unwrap_or("");
    let mut statements = vec![
        deliver("AWSCloudTrailAclCheck", "s3:GetBucketAcl", "", trail_arn, bucket),
        deliver("AWSCloudTrailWrite", "s3:PutObject", &format!("/AWSLogs/{account}/*"), trail_arn, bucket),
    ];
    if let Some(id) = organization {
        let below = format!("/AWSLogs/{id}/*");
        statements.push(deliver("AWSCloudTrailOrganizationWrite", "s3:PutObject", &below, trail_arn, bucket));
    }
    statements.push(deny_insecure_transport(bucket));
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// The policy of a key that an account owns and a trail encrypts with.
///
/// Source: CloudTrail User Guide, "Configure AWS KMS key policies for CloudTrail".
pub fn trail_key_policy(owner: &str, trail_arn: &str) -> Value {
    let account = trail_arn.split(':').nth(4).unwrap_or("");
    json!({ "Version": "2012-10-17", "Statement": [
        { "Sid": "Owner", "Effect": "Allow", "Principal": { "AWS": format!("arn:aws:iam::{owner}:root") },
          "Action": "kms:*", "Resource": "*" },
        { "Sid": "Encrypt", "Effect": "Allow", "Principal": { "Service": "cloudtrail.amazonaws.com" },
          "Action": "kms:GenerateDataKey*", "Resource": "*", "Condition": {
            "StringEquals": { "aws:SourceArn": trail_arn },
            "StringLike": { "kms:EncryptionContext:aws:cloudtrail:arn": format!("arn:aws:cloudtrail:*:{account}:trail/*") } } },
        { "Sid": "Describe", "Effect": "Allow", "Principal": { "Service": "cloudtrail.amazonaws.com" },
          "Action": "kms:DescribeKey", "Resource": "*", "Condition": { "StringEquals": { "aws:SourceArn": trail_arn } } },
    ] })
}

/// A statement that lets CloudTrail deliver for one trail alone.
pub(in crate::simulator) fn deliver(sid: &str, action: &str, below: &str, trail_arn: &str, bucket: &str) -> Value {
    let mut condition = json!({ "aws:SourceArn": trail_arn });
    if action == "s3:PutObject" {
        condition["s3:x-amz-acl"] = json!("bucket-owner-full-control");
    }
    json!({ "Sid": sid, "Effect": "Allow", "Principal": { "Service": "cloudtrail.amazonaws.com" }, "Action": action,
        "Resource": format!("arn:aws:s3:::{bucket}{below}"), "Condition": { "StringEquals": condition } })
}

/// A statement that refuses everyone without TLS.
pub(in crate::simulator) fn deny_insecure_transport(bucket: &str) -> Value {
    json!({ "Sid": "DenyInsecureTransport", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
        "Resource": [format!("arn:aws:s3:::{bucket}"), format!("arn:aws:s3:::{bucket}/*")],
        "Condition": { "Bool": { "aws:SecureTransport": "false" } } })
}
