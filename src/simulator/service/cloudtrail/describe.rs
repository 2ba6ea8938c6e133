//! A trail and its status, as CloudTrail writes them.

use crate::simulator::world::{Trail, TrailStatus};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The JSON of a trail in DescribeTrails and GetTrail.
pub(in crate::simulator) fn describe(trail: &Trail, partition: &str) -> String {
    let custom = !trail.event_selectors.is_empty() || !trail.advanced_event_selectors.is_empty();
    let topic_name = trail.topic.as_deref().map(|arn| arn.rsplit(':').next().unwrap_or(arn));
    let fields = json!({
        "Name": trail.name,
        "S3BucketName": trail.bucket,
        "S3KeyPrefix": trail.prefix,
        "SnsTopicName": topic_name,
        "SnsTopicARN": trail.topic,
        "IncludeGlobalServiceEvents": trail.global_events,
        "IsMultiRegionTrail": trail.multi_region,
        "HomeRegion": trail.home_region,
        "TrailARN": trail.arn(partition),
        "LogFileValidationEnabled": trail.log_file_validation,
        "CloudWatchLogsLogGroupArn": trail.log_group,
        "CloudWatchLogsRoleArn": trail.log_group_role,
        "KmsKeyId": trail.kms_key,
        "HasCustomEventSelectors": trail.has_custom_event_selectors.unwrap_or(custom),
        "HasInsightSelectors": trail.has_insight_selectors.unwrap_or(!trail.insight_selectors.is_empty()),
        "IsOrganizationTrail": trail.organization,
        "RecursiveLogging": trail.recursive_logging,
    });
    without_absent(fields, &trail.left_out)
}

/// The JSON of GetTrailStatus. The last six fields are an older form of the same, kept by CloudTrail; empty where there is nothing.
pub(in crate::simulator) fn status_text(status: &TrailStatus, left_out: &[String]) -> String {
    let seconds = |time: Option<Timestamp>| time.map(|time| time.as_duration().as_secs_f64());
    let text =
        |time: Option<Timestamp>| time.map_or(String::new(), |time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    let fields = json!({
        "IsLogging": status.is_logging,
        "LatestDeliveryError": status.delivery_error,
        "LatestNotificationError": status.notification_error,
        "LatestDeliveryTime": seconds(status.delivered),
        "LatestNotificationTime": seconds(status.notified),
        "StartLoggingTime": seconds(status.started),
        "StopLoggingTime": seconds(status.stopped),
        "LatestCloudWatchLogsDeliveryError": status.log_group_error,
        "LatestCloudWatchLogsDeliveryTime": seconds(status.log_group_delivered),
        "LatestDigestDeliveryTime": seconds(status.digest_delivered),
        "LatestDigestDeliveryError": status.digest_error,
        "LatestDeliveryAttemptTime": text(status.delivered),
        "LatestNotificationAttemptTime": text(status.notified),
        "LatestNotificationAttemptSucceeded": text(status.notified),
        "LatestDeliveryAttemptSucceeded": text(status.delivered),
        "TimeLoggingStarted": text(status.started),
        "TimeLoggingStopped": text(status.stopped),
    });
    without_absent(fields, left_out)
}

fn without_absent(fields: Value, left_out: &[String]) -> String {
    let Value::Object(fields) = fields else { return "{}".to_owned() };
    let kept = fields.into_iter().filter(|(name, value)| !value.is_null() && !left_out.contains(name));
    Value::Object(kept.collect::<Map<_, _>>()).to_string()
}
