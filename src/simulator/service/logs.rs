//! CloudWatch Logs: the log groups that trails copy their events to, and the filters that look at them there.

mod filters;

use super::{Codes, Service, operation_in_target};
use crate::simulator::call::Call;
use crate::simulator::wire::page::page;
use crate::simulator::wire::{Answer, Failure, Protocol};
use crate::simulator::world::LogGroup;
use serde_json::{Map, Value, json};

pub(in crate::simulator) static SERVICE: Service = Service {
    name: "logs",
    signing_name: "logs",
    target: Some("Logs_20140328"),
    protocol: Protocol::Json,
    codes: Codes { validation: (400, "InvalidParameterException"), ..Codes::JSON },
    reads: &[
        ("DescribeLogGroups", "logs:DescribeLogGroups"),
        ("DescribeMetricFilters", "logs:DescribeMetricFilters"),
        ("DescribeSubscriptionFilters", "logs:DescribeSubscriptionFilters"),
    ],
    operation: operation_in_target,
    resource: |call| {
        let (partition, region, account) = (&call.index.world.partition, call.region, call.account());
        let group = match call.operation {
            "DescribeLogGroups" => "",
            _ => call.parameters.text("logGroupName").unwrap_or(""),
        };
        Some(format!("arn:{partition}:logs:{region}:{account}:log-group:{group}:log-stream:"))
    },
    answer,
};

fn answer(call: &Call<'_>) -> Result<Answer, Failure> {
    match call.operation {
        "DescribeMetricFilters" => filters::metric_filters(call),
        "DescribeSubscriptionFilters" => filters::subscription_filters(call),
        _ => log_groups(call),
    }
}

/// How long a page may be: 50 items, or fewer where that is asked.
fn page_size(call: &Call<'_>) -> Result<usize, Failure> {
    let size = usize::try_from(call.parameters.number("limit").unwrap_or(50)).ok();
    let size = size.filter(|size| (1..=50).contains(size));
    size.ok_or_else(|| call.service.codes.validation("limit must be between 1 and 50"))
}

/// The caller's log groups of the Region, sorted by name, at most 50 a page.
fn log_groups(call: &Call<'_>) -> Result<Answer, Failure> {
    let parameters = &call.parameters;
    let invalid = |message: &str| call.service.codes.validation(message);
    let (prefix, pattern) = (parameters.text("logGroupNamePrefix"), parameters.text("logGroupNamePattern"));
    if prefix.is_some() && pattern.is_some() {
        return Err(invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters."));
    }
    let size = page_size(call)?;
    let groups: Vec<&LogGroup> = call
        .index
        .log_groups
        .at(call.account(), call.region)
        .iter()
        .filter(|group| prefix.is_none_or(|prefix| group.name().starts_with(prefix)))
        .filter(|group| pattern.is_none_or(|pattern| group.name().contains(pattern)))
        .collect();
    let page = page(&groups, parameters.text("nextToken"), size)
        .ok_or_else(|| invalid("The specified nextToken is invalid."))?;
    let mut body = json!({ "logGroups": page.items.iter().map(|group| describe(group)).collect::<Vec<_>>() });
    if let Some(next) = page.next {
        body["nextToken"] = json!(next);
    }
    Ok(Answer::text(body.to_string()))
}

fn describe(group: &LogGroup) -> Value {
    let fields = json!({
        "logGroupName": group.name(),
        "creationTime": group.created.as_millisecond(),
        "retentionInDays": group.retention_days,
        "metricFilterCount": group.metric_filters.len(),
        "arn": format!("{}:*", group.arn),
        "storedBytes": 0,
        "kmsKeyId": group.kms_key,
        "logGroupClass": group.class,
        "logGroupArn": group.arn,
        "deletionProtectionEnabled": group.deletion_protection,
    });
    let Value::Object(fields) = fields else { return Value::Null };
    Value::Object(fields.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
}
