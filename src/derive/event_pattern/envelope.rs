//! The event that EventBridge makes of a CloudTrail record.
//!
//! Source: EventBridge User Guide, "AWS service events delivered via AWS CloudTrail" (detail types) and "Events" (the
//! fields of every event); EventBridge Events Reference, of each service (`source` beside `eventSource`). Sign-in events are
//! `AWS Console Signin via CloudTrail` there, and `AWS Console Sign In via CloudTrail` in the CloudTrail User Guide.
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html>

use serde_json::{Value, json};

use crate::event::{EventKind, Open};

/// Services whose name in `source` is that in `eventSource`.
const SERVICES: [&str; 9] = ["cloudtrail", "config", "ec2", "iam", "kms", "organizations", "s3", "signin", "sts"];

/// The event that EventBridge makes of a CloudTrail record; nothing where its source or its detail type are not known.
///
/// ```
/// use trailproof::derive::event_pattern::envelope;
/// let record = serde_json::json!({ "eventSource": "cloudtrail.amazonaws.com", "eventType": "AwsApiCall" });
/// let event = envelope(&record).unwrap_or_default();
/// assert_eq!(event["source"], "aws.cloudtrail");
/// assert_eq!(event["detail-type"], "AWS API Call via CloudTrail");
/// assert_eq!(event["detail"], record);
/// ```
pub fn envelope(record: &Value) -> Option<Value> {
    let (event, open) = wrap(record);
    let known = |name: &str| !open.iter().any(|open| open.path == [name]);
    (known("source") && known("detail-type")).then_some(event)
}

/// The events that EventBridge makes of those of a kind.
pub(super) fn of_kind(kind: &EventKind) -> EventKind {
    /// The fields of the envelope that repeat one of the record.
    const REPEATED: [(&str, &str); 4] = [
        ("account", "recipientAccountId"),
        ("region", "awsRegion"),
        ("source", "eventSource"),
        ("detail-type", "eventType"),
    ];
    let (event, mut open) = wrap(kind.sample());
    let mut is_certain = open.iter().all(|open| !REPEATED.iter().any(|(field, _)| open.path == [*field]));
    for (field, within) in REPEATED {
        if kind.differs_in(within).is_some() {
            open.push(Open::text(&[field], &[]));
            // Samples differ in one field alone, and would contradict themselves.
            is_certain = false;
        }
    }
    kind.inside(event, "detail", open, is_certain)
}

/// A record as EventBridge has it, and what of that is not certain.
fn wrap(record: &Value) -> (Value, Vec<Open>) {
    let text = |field: &str| record.get(field).and_then(Value::as_str).unwrap_or("");
    let mut open = vec![
        Open::text(&["id"], &["6f0d2c4e-5b7a-4c9d-8e1f-0a2b3c4d5e6f"]),
        Open::text(&["time"], &[]),
        Open::text(&["version"], &[]),
        Open::anything(&["resources"]),
    ];
    let service = text("eventSource").strip_suffix(".amazonaws.com").unwrap_or("");
    if !SERVICES.contains(&service) {
        open.push(Open::text(&["source"], &[]));
    }
    let detail_type = match text("eventType") {
        "AwsApiCall" => "AWS API Call via CloudTrail",
        "AwsServiceEvent" => "AWS Service Event via CloudTrail",
        "AwsConsoleAction" => "AWS Console Action via CloudTrail",
        "AwsCloudTrailInsight" => "AWS Insight via CloudTrail",
        "AwsVpceEvent" => "AWS Network Activity Event via CloudTrail",
        _ => {
            open.push(Open::text(&["detail-type"], &[]));
            "AWS Console Sign In via CloudTrail"
        }
    };
    let event = json!({
        "version": "0",
        "id": "0d079340-135a-c8c6-95c2-41fb8f496c53",
        "detail-type": detail_type,
        "source": format!("aws.{service}"),
        "account": record.get("recipientAccountId"),
        "time": record.get("eventTime"),
        "region": record.get("awsRegion"),
        "resources": [],
        "detail": record,
    });
    (event, open)
}
