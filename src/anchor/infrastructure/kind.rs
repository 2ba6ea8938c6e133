//! What the kinds of subjects and their properties are called in Terraform and in CloudFormation.
//!
//! Sources: the documentation of Terraform's provider `hashicorp/aws`, and the CloudFormation Template Reference.

use crate::facts::Scope;

/// How infrastructure code calls a kind of subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    /// The type of the resource in Terraform.
    pub(super) terraform: &'static str,
    /// The attribute that holds its name there.
    pub(super) terraform_name: Option<&'static str>,
    /// The type of the resource in CloudFormation.
    pub(super) cloudformation: &'static str,
    /// The property that holds its name there.
    pub(super) cloudformation_name: Option<&'static str>,
}

impl Kind {
    /// How a kind of subject is called.
    pub(super) const fn of(scope: Scope) -> Self {
        let (terraform, terraform_name, cloudformation, cloudformation_name) = match scope {
            Scope::Organization => ("aws_organizations_organization", None, "AWS::Organizations::Organization", None),
            Scope::Account => ("aws_organizations_account", None, "AWS::Organizations::Account", None),
            Scope::Trail => ("aws_cloudtrail", Some("name"), "AWS::CloudTrail::Trail", Some("TrailName")),
            Scope::LogBucket | Scope::Bucket => {
                ("aws_s3_bucket", Some("bucket"), "AWS::S3::Bucket", Some("BucketName"))
            }
            Scope::Key => ("aws_kms_key", None, "AWS::KMS::Key", None),
            Scope::Topic => ("aws_sns_topic", Some("name"), "AWS::SNS::Topic", Some("TopicName")),
            Scope::LogGroup => ("aws_cloudwatch_log_group", Some("name"), "AWS::Logs::LogGroup", Some("LogGroupName")),
            Scope::EventDataStore => ("aws_cloudtrail_event_data_store", None, "AWS::CloudTrail::EventDataStore", None),
        };
        Self { terraform, terraform_name, cloudformation, cloudformation_name }
    }

    /// The types of all kinds in Terraform.
    pub(super) fn terraform_types() -> Vec<&'static str> {
        Scope::ALL.iter().map(|scope| Self::of(*scope).terraform).collect()
    }
}

/// How infrastructure code writes a property of an inventory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    /// The attributes and blocks of the resource in Terraform.
    pub(super) attributes: &'static [&'static str],
    /// The type of a resource of its own that writes it.
    pub(super) resource: Option<&'static str>,
    /// The properties of the resource in CloudFormation.
    pub(super) properties: &'static [&'static str],
}

/// How a property of a trail or bucket is written; nothing, where infrastructure code does not write it.
pub(super) fn written(scope: Scope, property: &str) -> Option<Written> {
    match scope {
        Scope::Trail => of_trail(property),
        Scope::LogBucket | Scope::Bucket => of_bucket(property),
        _ => None,
    }
}

fn of_trail(property: &str) -> Option<Written> {
    let (attributes, properties): (&[&str], &[&str]) = match property {
        "name" => (&["name"], &["TrailName"]),
        "s3_bucket_name" | "latest_delivery_error" | "latest_digest_delivery_error" => {
            (&["s3_bucket_name"], &["S3BucketName"])
        }
        "s3_key_prefix" => (&["s3_key_prefix"], &["S3KeyPrefix"]),
        "sns_topic_arn" | "latest_notification_error" => (&["sns_topic_name"], &["SnsTopicName"]),
        "include_global_service_events" => (&["include_global_service_events"], &["IncludeGlobalServiceEvents"]),
        "is_multi_region_trail" => (&["is_multi_region_trail"], &["IsMultiRegionTrail"]),
        "is_organization_trail" => (&["is_organization_trail"], &["IsOrganizationTrail"]),
        "log_file_validation_enabled" => (&["enable_log_file_validation"], &["EnableLogFileValidation"]),
        "cloud_watch_logs_log_group_arn" | "latest_cloud_watch_logs_delivery_error" => {
            (&["cloud_watch_logs_group_arn"], &["CloudWatchLogsLogGroupArn"])
        }
        "cloud_watch_logs_role_arn" => (&["cloud_watch_logs_role_arn"], &["CloudWatchLogsRoleArn"]),
        "kms_key_id" => (&["kms_key_id"], &["KMSKeyId"]),
        "is_logging" => (&["enable_logging"], &["IsLogging"]),
        "event_selectors" => {
            (&["event_selector", "advanced_event_selector"], &["EventSelectors", "AdvancedEventSelectors"])
        }
        "insight_selectors" => (&["insight_selector"], &["InsightSelectors"]),
        "tags" => (&["tags"], &["Tags"]),
        _ => return None,
    };
    Some(Written { attributes, resource: None, properties })
}

fn of_bucket(property: &str) -> Option<Written> {
    let (attributes, resource, properties): (&[&str], Option<&str>, &[&str]) = match property {
        "name" | "existence" => (&["bucket"], None, &["BucketName"]),
        "policy" => (&["policy"], Some("aws_s3_bucket_policy"), &[]),
        "acl" => (&["acl", "grant"], Some("aws_s3_bucket_acl"), &["AccessControl"]),
        "public_access_block" => (&[], Some("aws_s3_bucket_public_access_block"), &["PublicAccessBlockConfiguration"]),
        "ownership_controls" => (&[], Some("aws_s3_bucket_ownership_controls"), &["OwnershipControls"]),
        "versioning" => (&["versioning"], Some("aws_s3_bucket_versioning"), &["VersioningConfiguration"]),
        "lifecycle" => {
            (&["lifecycle_rule"], Some("aws_s3_bucket_lifecycle_configuration"), &["LifecycleConfiguration"])
        }
        "encryption" => (
            &["server_side_encryption_configuration"],
            Some("aws_s3_bucket_server_side_encryption_configuration"),
            &["BucketEncryption"],
        ),
        "access_logging" => (&["logging"], Some("aws_s3_bucket_logging"), &["LoggingConfiguration"]),
        "object_lock" => (
            &["object_lock_configuration", "object_lock_enabled"],
            Some("aws_s3_bucket_object_lock_configuration"),
            &["ObjectLockConfiguration", "ObjectLockEnabled"],
        ),
        "payer" => (&["request_payer"], Some("aws_s3_bucket_request_payment_configuration"), &[]),
        "replication" => (
            &["replication_configuration"],
            Some("aws_s3_bucket_replication_configuration"),
            &["ReplicationConfiguration"],
        ),
        _ => return None,
    };
    Some(Written { attributes, resource, properties })
}
