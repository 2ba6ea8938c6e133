//! The middle: the organization's trail, and the account that keeps its logs.

use super::accounts::{LOG_ARCHIVE, MANAGEMENT};
use crate::simulator::world::documents::{deny_insecure_transport, log_bucket_policy, trail_key_policy};
use crate::simulator::world::{Bucket, EventBus, EventRule, Identity, Key, LogGroup, Topic, Trail, TrailStatus, World};
use jiff::Timestamp;
use serde_json::json;

const TRAIL_ARN: &str = "arn:aws:cloudtrail:us-east-1:111122223333:trail/org-trail";
const KEY_ARN: &str = "arn:aws:kms:us-east-1:222233334444:key/6f0c5e2a-93b1-4d47-8a52-1be0c7d94f10";
const LOG_GROUP_ARN: &str = "arn:aws:logs:us-east-1:111122223333:log-group:aws-cloudtrail-logs-org";
const BUS_ARN: &str = "arn:aws:events:us-east-1:111122223333:event-bus/default";
const ALERTS_ARN: &str = "arn:aws:sns:us-east-1:111122223333:security-alerts";
const BUCKET: &str = "acme-org-cloudtrail-logs";
const ACCESS_LOGS: &str = "acme-org-access-logs";

pub(super) fn add(world: &mut World, now: Timestamp) {
    let status = TrailStatus { notified: None, ..TrailStatus::logging(now) };
    let trail = Trail::new(MANAGEMENT, "org-trail", "us-east-1", BUCKET)
        .of_organization()
        .validated()
        .encrypted_with(KEY_ARN)
        .copying_to(LOG_GROUP_ARN)
        .with_insights([
            json!({ "InsightType": "ApiCallRateInsight" }),
            json!({ "InsightType": "ApiErrorRateInsight" }),
        ])
        .with_tag("owner", "security")
        .with_status(status);
    world.trails.push(trail);
    if let Some(management) = world.account_mut(MANAGEMENT) {
        let role = Identity::log_role("cloudtrail-to-cloudwatch", LOG_GROUP_ARN, Some("o-acmeretail"));
        management.identities.roles.push(role);
    }
    world.log_groups.push(LogGroup::new(LOG_GROUP_ARN).keeping_days(365));
    world.keys.push(Key::new(KEY_ARN).with_policy(&trail_key_policy(LOG_ARCHIVE, TRAIL_ARN)));
    watch_the_trail(world);
    world.buckets.push(log_bucket());
    world.buckets.push(access_log_bucket());
}

/// Whoever changes the trail is heard of within minutes.
fn watch_the_trail(world: &mut World) {
    let changes = json!({ "source": ["aws.cloudtrail"], "detail": {
        "eventSource": ["cloudtrail.amazonaws.com"],
        "eventName": ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors", "PutInsightSelectors"],
    } });
    let rule = EventRule::new("trail-changes", &changes.to_string()).to(ALERTS_ARN);
    world.event_buses.push(EventBus::new(BUS_ARN).with_rule(rule));
    let topic = Topic::new(ALERTS_ARN).letting("events.amazonaws.com");
    world.topics.push(topic.heard_by("email", "security-oncall@example.com"));
}

fn log_bucket() -> Bucket {
    Bucket::new(BUCKET, LOG_ARCHIVE, "us-east-1")
        .versioned()
        .with_policy(&log_bucket_policy(BUCKET, TRAIL_ARN, Some("o-acmeretail")))
        .with_lifecycle(json!({ "Rules": [{
            "ID": "seven-years", "Status": "Enabled", "Filter": { "Prefix": "" },
            "Transitions": [{ "Days": 90, "StorageClass": "STANDARD_IA" }, { "Days": 365, "StorageClass": "GLACIER" }],
            "Expiration": { "Days": 2555 },
            "NoncurrentVersionExpiration": { "NoncurrentDays": 2555 },
        }] }))
        .encrypted_with(KEY_ARN)
        .logging_to(ACCESS_LOGS, "cloudtrail/")
        .with_tag("owner", "security")
}

fn access_log_bucket() -> Bucket {
    Bucket::new(ACCESS_LOGS, LOG_ARCHIVE, "us-east-1")
        .versioned()
        .with_policy(&json!({ "Version": "2012-10-17", "Statement": [
            { "Sid": "S3ServerAccessLogs", "Effect": "Allow", "Principal": { "Service": "logging.s3.amazonaws.com" },
              "Action": "s3:PutObject", "Resource": format!("arn:aws:s3:::{ACCESS_LOGS}/*"),
              "Condition": { "StringEquals": { "aws:SourceAccount": LOG_ARCHIVE } } },
            deny_insecure_transport(ACCESS_LOGS),
        ] }))
        .with_lifecycle(json!({ "Rules": [{ "ID": "expire", "Status": "Enabled", "Filter": { "Prefix": "" },
            "Expiration": { "Days": 400 } }] }))
}
