//! What rules may say about a trail.

use std::collections::BTreeMap;

use crate::expr::{Age, Known, Listed, facts};
use crate::id::{AccountId, Arn, BucketName, RegionName, TrailArn};

facts! {
    /// A trail: one, however many accounts and Regions see it.
    pub struct Trail {
        /// The trail's ARN, the same in every account that sees it.
        arn: TrailArn = "cloudtrail:DescribeTrails",
        /// The trail's name.
        name: String = "cloudtrail:DescribeTrails",
        /// The account that owns the trail; for an organization trail the management account.
        account: AccountId = "cloudtrail:DescribeTrails",
        /// The name of the account that owns the trail. Absent: no organization was listed.
        account_name: Option<String> = "organizations:ListAccountsForParent",
        /// The Region where the trail was created.
        home_region: RegionName = "cloudtrail:DescribeTrails",
        /// The Region of the partition where global services write their events, such as `us-east-1`.
        leader_region: Known<RegionName> = "sts:GetCallerIdentity",
        /// Whether the trail records every enabled Region.
        is_multi_region: Known<bool> = "cloudtrail:DescribeTrails",
        /// Whether the trail records every account of the organization.
        is_organization: Known<bool> = "cloudtrail:DescribeTrails",
        /// Whether the trail includes events of global services such as IAM. It has an effect on a multi-Region trail and in the leader Region.
        include_global_service_events: Known<bool> = "cloudtrail:DescribeTrails",
        /// Whether CloudTrail writes signed digests of the log files.
        log_file_validation: Known<bool> = "cloudtrail:DescribeTrails",
        /// The KMS key that encrypts the log files. Absent: they are encrypted with keys that S3 manages.
        kms_key_id: Option<Known<String>> = "cloudtrail:DescribeTrails",
        /// The bucket that the log files are delivered to.
        bucket: Known<BucketName> = "cloudtrail:DescribeTrails",
        /// The account that owns the bucket. Absent: the bucket does not exist.
        bucket_owner: Option<Known<AccountId>> = "s3:ListBuckets" => "s3:ListAllMyBuckets" & "s3:HeadBucket" => "s3:ListBucket",
        /// Whether the organization's management account owns the bucket; false without an organization.
        bucket_owner_is_management: Known<bool> = "s3:ListBuckets" => "s3:ListAllMyBuckets" & "s3:HeadBucket" => "s3:ListBucket" & "organizations:DescribeOrganization",
        /// The prefix of the log files in the bucket. Absent: none.
        prefix: Option<Known<String>> = "cloudtrail:DescribeTrails",
        /// Whether a logging organization trail already records everything that this trail records.
        redundant: Known<bool> = "cloudtrail:GetTrailStatus" & "cloudtrail:GetEventSelectors" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// Whether the trail logs and delivers, as its home Region says.
        status: Known<Status> = "cloudtrail:GetTrailStatus",
        /// The errors of the latest deliveries to the bucket, each after its Regions: of the home Region, and with `--deep` of all.
        delivery_errors: Vec<String> = "cloudtrail:GetTrailStatus" & "cloudtrail:GetTrailStatus in every Region" => "cloudtrail:GetTrailStatus",
        /// The errors of the latest deliveries to the log group, each after its Regions: of the home Region, and with `--deep` of all.
        cloudwatch_logs_delivery_errors: Vec<String> = "cloudtrail:GetTrailStatus" & "cloudtrail:GetTrailStatus in every Region" => "cloudtrail:GetTrailStatus",
        /// The errors of the latest notifications of the topic, each after its Regions: of the home Region, and with `--deep` of all.
        notification_errors: Vec<String> = "cloudtrail:GetTrailStatus" & "cloudtrail:GetTrailStatus in every Region" => "cloudtrail:GetTrailStatus",
        /// The Regions in which no log file arrived within an hour before the status was read, and how long ago the last one did: the home Region, and with `--deep` all.
        late_regions: Vec<String> = "cloudtrail:GetTrailStatus" & "cloudtrail:GetTrailStatus in every Region" => "cloudtrail:GetTrailStatus",
        /// The Regions of a multi-Region trail beside its home, of those that its owner has. Absent: it was collected without `--deep`, or the trail has one Region, or does not log. Incomplete while the status in some Region could not be read.
        other_regions: Option<Listed<Regional>> = "cloudtrail:GetTrailStatus in every Region" => "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// The topic that is told of each delivery. Absent: none is set.
        topic: Option<Known<Topic>> = "cloudtrail:DescribeTrails",
        /// The log group that events are sent to. Absent: none is set.
        log_group: Option<Known<LogGroup>> = "cloudtrail:DescribeTrails",
        /// The role by which events are sent to the log group. Absent: none is set.
        log_role: Option<Known<LogRole>> = "cloudtrail:DescribeTrails",
        /// The selectors that look as if they recorded what they do not, each with its number and why. Incomplete while they could not be read, or say what AWS does not document.
        blind_spots: Listed<String> = "cloudtrail:GetEventSelectors" & "cloudtrail:DescribeTrails",
        /// The types of Insights that the trail has over management events that it records, sorted: `ApiCallRateInsight` over writes, `ApiErrorRateInsight` over reads or writes. Incomplete while they or the selectors could not be read.
        insights: Listed<String> = "cloudtrail:GetInsightSelectors" & "cloudtrail:GetEventSelectors" & "cloudtrail:DescribeTrails",
        /// The trail's tags.
        tags: Known<BTreeMap<String, String>> = "cloudtrail:ListTags",
        /// The trail's tags as parameters name them: each as `key`, and as `key=value`.
        labels: Known<Vec<String>> = "cloudtrail:ListTags",
    }

    /// Whether a trail logs and delivers. Ages are measured against the time of reading.
    pub struct Status {
        /// Whether the trail is switched on.
        is_logging: Known<bool> = "cloudtrail:GetTrailStatus",
        /// The error of the latest delivery of log files to the bucket. Absent: none.
        latest_delivery_error: Option<String> = "cloudtrail:GetTrailStatus",
        /// Seconds since log files were delivered to the bucket. Absent: never.
        seconds_since_delivery: Option<Age> = "cloudtrail:GetTrailStatus",
        /// The error of the latest delivery of a digest. Absent: none.
        latest_digest_delivery_error: Option<String> = "cloudtrail:GetTrailStatus",
        /// Seconds since a digest was delivered. Absent: never.
        seconds_since_digest_delivery: Option<Age> = "cloudtrail:GetTrailStatus",
        /// The error of the latest delivery to the log group. Absent: none.
        latest_cloudwatch_logs_delivery_error: Option<String> = "cloudtrail:GetTrailStatus",
        /// Seconds since events were delivered to the log group. Absent: never.
        seconds_since_cloudwatch_logs_delivery: Option<Age> = "cloudtrail:GetTrailStatus",
        /// The error of the latest notification of the topic. Absent: none.
        latest_notification_error: Option<String> = "cloudtrail:GetTrailStatus",
        /// Seconds since logging was last started. Absent: CloudTrail gives no time.
        seconds_since_start: Option<Age> = "cloudtrail:GetTrailStatus",
        /// Seconds since logging was last stopped. Absent: it never was.
        seconds_since_stop: Option<Age> = "cloudtrail:GetTrailStatus",
    }

    /// Whether a trail delivers in one Region beside its home. Ages are measured against the time of reading.
    pub struct Regional {
        /// The Region and, roughly, how long ago it delivered, in words.
        name: String = "cloudtrail:GetTrailStatus in every Region" => "cloudtrail:GetTrailStatus",
        /// The Region.
        region: RegionName = "account:ListRegions",
        /// The error of the latest delivery of log files from this Region to the bucket. Absent: none.
        latest_delivery_error: Option<String> = "cloudtrail:GetTrailStatus in every Region" => "cloudtrail:GetTrailStatus",
        /// Seconds since log files of this Region were delivered to the bucket. Absent: never.
        seconds_since_delivery: Option<Age> = "cloudtrail:GetTrailStatus in every Region" => "cloudtrail:GetTrailStatus",
        /// Whether there was nothing to deliver: a digest of this Region arrived within six hours, without an error. Not known where the trail has no log file validation.
        is_quiet: Known<bool> = "cloudtrail:GetTrailStatus in every Region" => "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails",
        /// The error of the latest delivery of events of this Region to the log group. Absent: none.
        latest_cloudwatch_logs_delivery_error: Option<String> = "cloudtrail:GetTrailStatus in every Region" => "cloudtrail:GetTrailStatus",
        /// The error of the latest notification of the topic about files of this Region. Absent: none.
        latest_notification_error: Option<String> = "cloudtrail:GetTrailStatus in every Region" => "cloudtrail:GetTrailStatus",
    }

    /// The SNS topic that a trail names.
    pub struct Topic {
        /// The topic's ARN.
        arn: Arn = "cloudtrail:DescribeTrails",
        /// Whether the topic exists.
        exists: Known<bool> = "sns:GetTopicAttributes",
    }

    /// The CloudWatch Logs log group that a trail names.
    pub struct LogGroup {
        /// The log group's ARN, without the closing `:*`.
        arn: Arn = "cloudtrail:DescribeTrails",
        /// Whether the log group exists.
        exists: Known<bool> = "logs:DescribeLogGroups",
    }

    /// The role by which CloudTrail sends a trail's events to its log group. What service control policies take away is not counted in.
    pub struct LogRole {
        /// The role's ARN.
        arn: Arn = "cloudtrail:DescribeTrails",
        /// Whether the role exists.
        exists: Known<bool> = "iam:GetRole",
        /// Whether its trust policy lets CloudTrail assume it for this trail. False where it does not exist.
        trusts_cloudtrail: Known<bool> = "iam:GetRole",
        /// Whether its policies, and its permissions boundary where it has one, let CloudTrail create log streams in the log group and put events into them. False where it does not exist.
        can_write: Known<bool> = "iam:GetRole" & "iam:ListRolePolicies" & "iam:GetRolePolicy" & "iam:ListAttachedRolePolicies" & "iam:GetPolicy" & "iam:GetPolicyVersion",
        /// The statements by which it can, or what it lacks.
        because: Vec<String> = "iam:GetRole" & "iam:ListRolePolicies" & "iam:GetRolePolicy" & "iam:ListAttachedRolePolicies" & "iam:GetPolicy" & "iam:GetPolicyVersion",
    }
}
