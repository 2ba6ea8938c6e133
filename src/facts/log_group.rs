//! What rules may say about a log group that a trail copies its events to.

use super::Trail;
use crate::expr::{Known, Listed, Shared, facts};
use crate::id::{AccountId, Arn, RegionName};

facts! {
    /// A log group of CloudWatch Logs that some trail names.
    pub struct LogGroup {
        /// The log group's ARN, without the closing `:*`.
        arn: Arn = "cloudtrail:DescribeTrails",
        /// The log group's name.
        name: String = "cloudtrail:DescribeTrails",
        /// The account that owns the log group.
        account: AccountId = "cloudtrail:DescribeTrails",
        /// The log group's Region.
        region: RegionName = "cloudtrail:DescribeTrails",
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
    }
}
