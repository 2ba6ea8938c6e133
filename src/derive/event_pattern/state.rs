//! Which events of CloudTrail a rule of EventBridge is given, by its state.
//!
//! Source: EventBridge User Guide, "AWS service events delivered via AWS CloudTrail" ("The rule state controls which event
//! categories are matched") and "Receiving read-only management events from AWS services".
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html>

use serde_json::Value;

use crate::derive::matching::Matching;

/// The state of a rule that is given management events that only read, too.
pub const ALL_MANAGEMENT_EVENTS: &str = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

/// Whether a rule in a state is given the event of a CloudTrail record, where some trail records it.
///
/// ```
/// use trailproof::derive::event_pattern::delivers;
/// let read = serde_json::json!({ "eventCategory": "Management", "readOnly": true });
/// assert_eq!(delivers("ENABLED", &read).known(), Some(false));
/// assert_eq!(delivers("ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", &read).known(), Some(true));
/// assert_eq!(delivers("DISABLED", &read).known(), Some(false));
/// ```
pub fn delivers(state: &str, record: &Value) -> Matching {
    let category = record.get("eventCategory").and_then(Value::as_str);
    let read_only = record.get("readOnly").and_then(Value::as_bool);
    match (state, category, read_only) {
        ("DISABLED", ..) => Matching::fails("the rule is disabled"),
        (ALL_MANAGEMENT_EVENTS, ..) => Matching::Yes,
        ("ENABLED", Some("Management"), Some(true)) => Matching::fails(format!(
            "it only reads, and a rule is given such management events only in state {ALL_MANAGEMENT_EVENTS}"
        )),
        ("ENABLED", Some("Management"), Some(false)) => Matching::Yes,
        ("ENABLED", Some("Data" | "NetworkActivity"), _) => Matching::Yes,
        ("ENABLED", ..) => Matching::undocumented("whether a rule is given such events is not documented"),
        _ => Matching::undocumented(format!("the state {state} of rules is not known")),
    }
}
