//! What rules may say about a log group that a trail copies its events to.

use super::Trail;
use crate::expr::{Known, Listed, Shared, facts};
use crate::id::{AccountId, Arn, RegionName};

facts! {
    /// A log group of CloudWatch Logs that some trail names.
    pub struct LogGroup {
        /// The log group's ARN, without the closing `:*`. Absent: no trail that logs has a log group, and this stands for that.
        arn: Option<Arn> = "cloudtrail:DescribeTrails",
        /// The log group's name.
        name: String = "cloudtrail:DescribeTrails",
        /// The account that owns the log group.
        account: AccountId = "cloudtrail:DescribeTrails",
        /// The log group's Region. Absent: no trail that logs has a log group.
        region: Option<RegionName> = "cloudtrail:DescribeTrails",
        /// Whether the log group exists.
        exists: Known<bool> = "logs:DescribeLogGroups",
        /// For how many days events are kept. Absent: for ever, or the log group does not exist.
        retention_days: Option<Known<i64>> = "logs:DescribeLogGroups",
        /// The customer's KMS key that encrypts the log group. Absent: CloudWatch Logs' own key does, or the log group does not exist.
        kms_key_id: Option<Known<String>> = "logs:DescribeLogGroups",
        /// Whether a trail that logs copies its events to the log group.
        is_fed: Known<bool> = "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails",
        /// The trails that copy their events to the log group, as far as they were found.
        used_by: Listed<Shared<Trail>> = "cloudtrail:DescribeTrails",
        /// Where its subscription filters send events.
        subscription_destinations: Listed<String> = "logs:DescribeSubscriptionFilters",
        /// Whether the events of the CIS benchmark's alarms are noticed.
        alarms: Alarms = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// The alarms on what those of its metric filters count that match all events of one of the benchmark's alarms, or of one change of a trail. Incomplete while the filters or alarms could not be read.
        watching: Listed<WatchingAlarm> = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "cloudtrail:DescribeTrails",
        /// The alarms among those that cannot go off, or do nothing then, with what is wrong with each; and those of which it is not known.
        alarm_problems: Vec<String> = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "cloudtrail:DescribeTrails",
    }

    /// For each alarm of the CIS AWS Foundations Benchmark, whether its events are noticed: whether one metric filter matches all of them, an alarm watches its metric, and somebody who has confirmed a subscription hears of it.
    pub struct Alarms {
        /// Whether calls that were refused are noticed.
        unauthorized_api: Noticed = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// Whether sign-ins to the console without MFA are noticed.
        console_no_mfa: Noticed = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// Whether use of the root user is noticed.
        root_usage: Noticed = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// Whether changes of IAM policies are noticed.
        iam_policy_change: Noticed = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// Whether changes of trails are noticed.
        cloudtrail_change: Noticed = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// Whether failed sign-ins to the console are noticed.
        console_auth_failure: Noticed = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// Whether customer managed keys that are disabled or deleted are noticed.
        cmk_disable_delete: Noticed = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// Whether changes of what buckets let whom do are noticed.
        s3_policy_change: Noticed = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// Whether changes of AWS Config are noticed.
        config_change: Noticed = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// Whether changes of security groups are noticed.
        sg_change: Noticed = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// Whether changes of network ACLs are noticed.
        nacl_change: Noticed = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// Whether changes of network gateways are noticed.
        gateway_change: Noticed = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// Whether changes of route tables are noticed.
        route_table_change: Noticed = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// Whether changes of VPCs are noticed.
        vpc_change: Noticed = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// Whether changes of the organization are noticed.
        organizations_change: Noticed = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
    }

    /// Whether events are noticed.
    pub struct Noticed {
        /// Whether one filter matches all of them and raises an alarm that somebody hears.
        is_heard: Known<bool> = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// How: filter, metric, alarm, topic and subscribers. Empty where it is not so, or not known.
        heard_by: Vec<String> = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
        /// What is missing of the filters that come nearest, or why that is not known. Empty where somebody hears.
        problems: Vec<String> = "logs:DescribeMetricFilters" & "cloudwatch:DescribeAlarms" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:DescribeTrails",
    }

    /// An alarm that should go off when events are noticed.
    pub struct WatchingAlarm {
        /// Its name.
        name: String = "cloudwatch:DescribeAlarms",
        /// Whether it can go off, and does something then: by its own actions, or by those of an alarm on it.
        is_actionable: Known<bool> = "cloudwatch:DescribeAlarms" & "logs:DescribeMetricFilters",
        /// Why not, or why that is not known.
        problems: Vec<String> = "cloudwatch:DescribeAlarms" & "logs:DescribeMetricFilters",
    }
}
