//! CloudTrail records as events.
//!
//! Source: CloudTrail User Guide, "CloudTrail record contents".

use serde_json::Value;

use super::event::{Event, EventResource};

impl Event {
    /// The event of a CloudTrail record; what is of an odd shape is taken as not said.
    pub fn from_record(record: &Value) -> Self {
        let text = |name: &str| record.get(name).and_then(Value::as_str).map(str::to_owned);
        let identity = |name: &str| {
            let found = record.get("userIdentity").and_then(|user| user.get(name)).and_then(Value::as_str);
            found.map(str::to_owned)
        };
        // An Insights event names the call that it is about in its details alone.
        let insight = |name: &str| {
            let found = record.get("insightDetails").and_then(|insight| insight.get(name)).and_then(Value::as_str);
            found.map(str::to_owned)
        };
        let resources = record.get("resources").and_then(Value::as_array);
        Self {
            is_complete: is_plain(record),
            category: category(record),
            read_only: truth(record.get("readOnly")),
            source: text("eventSource").or_else(|| insight("eventSource")),
            name: text("eventName").or_else(|| insight("eventName")),
            event_type: text("eventType"),
            error_code: text("errorCode"),
            vpc_endpoint: text("vpcEndpointId"),
            user_arn: text("userIdentity.arn").or_else(|| identity("arn")),
            invoked_by: identity("invokedBy"),
            insight_type: insight("insightType"),
            console_session: truth(record.get("sessionCredentialFromConsole")).map(|value| value.to_string()),
            resources: resources.into_iter().flatten().map(resource).collect(),
            region: text("awsRegion"),
            account: text("recipientAccountId"),
        }
    }
}

/// Whether the fields that selectors ask for have the shape of a record: else a field that is there would seem absent.
fn is_plain(record: &Value) -> bool {
    let texts = ["eventCategory", "eventSource", "eventName", "eventType", "errorCode", "vpcEndpointId"];
    let text = texts.iter().all(|name| record.get(name).is_none_or(Value::is_string));
    let list = record.get("resources").is_none_or(|resources| {
        resources.is_null() || resources.as_array().is_some_and(|list| list.iter().all(Value::is_object))
    });
    record.is_object() && text && list
}

/// The category. Records older than it (`eventVersion` 1.06) say whether they are management events; there were data
/// events beside, and no others: network activity and Insights came later, and their records do not say it.
fn category(record: &Value) -> Option<String> {
    if let Some(category) = record.get("eventCategory") {
        return category.as_str().map(str::to_owned);
    }
    let name = if truth(record.get("managementEvent"))? { "Management" } else { "Data" };
    Some(name.to_owned())
}

fn truth(value: Option<&Value>) -> Option<bool> {
    match value? {
        Value::Bool(value) => Some(*value),
        Value::String(text) => text.to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

fn resource(value: &Value) -> EventResource {
    let text =
        |names: [&str; 2]| names.iter().find_map(|name| value.get(name)).and_then(Value::as_str).map(str::to_owned);
    EventResource {
        resource_type: text(["type", "resourceType"]),
        arn: text(["ARN", "arn"]),
        arn_prefix: text(["ARNPrefix", "arnPrefix"]),
    }
}
