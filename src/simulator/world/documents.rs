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

/// The policy of the role by which a trail of the log group's account writes to it; of an organization's trail, where an
/// organization is named.
///
/// Source: CloudTrail User Guide, "Role policy document for CloudTrail to use CloudWatch Logs for monitoring".
pub fn log_role_policy(log_group_arn: &str, organization: Option<&str>) -> Value {
    let mut fields = log_group_arn.split(':').skip(3);
    let (region, account) = (fields.next().unwrap_or(""), fields.next().unwrap_or(""));
    let mut streams = vec![format!("{log_group_arn}:log-stream:{account}_CloudTrail_{region}*")];
    streams.extend(organization.map(|id| format!("{log_group_arn}:log-stream:{id}_*")));
    json!({ "Version": "2012-10-17", "Statement": [
        { "Sid": "AWSCloudTrailCreateLogStream20141101", "Effect": "Allow", "Action": ["logs:CreateLogStream"], "Resource": streams },
        { "Sid": "AWSCloudTrailPutLogEvents20141101", "Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": streams },
    ] })
}
