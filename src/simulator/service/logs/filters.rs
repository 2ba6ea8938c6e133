//! Metric filters and subscription filters.

use super::page_size;
use crate::simulator::call::Call;
use crate::simulator::wire::page::page;
use crate::simulator::wire::{Answer, Failure};
use crate::simulator::world::{LogGroup, MetricFilter, SubscriptionFilter};
use serde_json::{Value, json};

/// The log group that is asked, if one is named.
fn group<'a>(call: &Call<'a>) -> Result<Option<&'a LogGroup>, Failure> {
    let Some(name) = call.parameters.text("logGroupName") else { return Ok(None) };
    let groups = call.index.log_groups.at(call.account(), call.region);
    let found = groups.iter().find(|group| group.name() == name);
    let missing = || Failure::new(400, "ResourceNotFoundException", "The specified log group does not exist.");
    found.map(Some).ok_or_else(missing)
}

/// The metric filters of a log group, or of all in the Region, sorted by name, at most 50 a page. "CloudWatch Logs uses the
/// [prefix] only if you also include the logGroupName parameter" (CloudWatch Logs API Reference, DescribeMetricFilters).
pub(super) fn metric_filters(call: &Call<'_>) -> Result<Answer, Failure> {
    let parameters = &call.parameters;
    let (metric, namespace) = (parameters.text("metricName"), parameters.text("metricNamespace"));
    if metric.is_some() != namespace.is_some() {
        return Err(call.service.codes.validation("metricName and metricNamespace must be given together"));
    }
    let one = group(call)?;
    let prefix = parameters.text("filterNamePrefix").filter(|_| one.is_some());
    let all = call.index.log_groups.at(call.account(), call.region);
    let groups = one.map_or(all, std::slice::from_ref).iter();
    let mut found: Vec<(&LogGroup, &MetricFilter)> =
        groups.flat_map(|group| group.metric_filters.iter().map(move |filter| (group, filter))).collect();
    found.retain(|(_, filter)| prefix.is_none_or(|prefix| filter.name.starts_with(prefix)));
    found.retain(|(_, filter)| metric.is_none_or(|metric| filter.metric == metric));
    found.retain(|(_, filter)| namespace.is_none_or(|namespace| filter.namespace == namespace));
    found.sort_by(|a, b| (&a.1.name, a.0.name()).cmp(&(&b.1.name, b.0.name())));
    listed(call, "metricFilters", &found, |(group, filter)| describe_metric_filter(group, filter))
}

/// The subscription filters of a log group, sorted by name, at most 50 a page.
pub(super) fn subscription_filters(call: &Call<'_>) -> Result<Answer, Failure> {
    call.required("logGroupName")?;
    let group = group(call)?;
    let prefix = call.parameters.text("filterNamePrefix").unwrap_or("");
    let filters =
        group.into_iter().flat_map(|group| group.subscription_filters.iter().map(move |filter| (group, filter)));
    let mut found: Vec<(&LogGroup, &SubscriptionFilter)> =
        filters.filter(|(_, filter)| filter.name.starts_with(prefix)).collect();
    found.sort_by(|a, b| a.1.name.cmp(&b.1.name));
    listed(call, "subscriptionFilters", &found, |(group, filter)| {
        json!({
            "filterName": filter.name,
            "logGroupName": group.name(),
            "filterPattern": filter.pattern,
            "destinationArn": filter.destination,
            "distribution": "ByLogStream",
            "applyOnTransformedLogs": false,
            "creationTime": group.created.as_millisecond(),
        })
    })
}

fn listed<T>(call: &Call<'_>, name: &str, found: &[T], describe: impl Fn(&T) -> Value) -> Result<Answer, Failure> {
    let page = page(found, call.parameters.text("nextToken"), page_size(call)?)
        .ok_or_else(|| call.service.codes.validation("The specified nextToken is invalid."))?;
    let mut body = json!({ name: page.items.iter().map(describe).collect::<Vec<_>>() });
    if let Some(next) = page.next {
        body["nextToken"] = json!(next);
    }
    Ok(Answer::text(body.to_string()))
}

fn describe_metric_filter(group: &LogGroup, filter: &MetricFilter) -> Value {
    let mut transformation = json!({
        "metricName": filter.metric,
        "metricNamespace": filter.namespace,
        "metricValue": filter.value,
    });
    if let Some(value) = filter.default_value {
        transformation["defaultValue"] = json!(value);
    }
    if !filter.dimensions.is_empty() {
        let dimensions = filter.dimensions.iter().map(|(name, field)| (name.clone(), Value::from(field.as_str())));
        transformation["dimensions"] = Value::Object(dimensions.collect());
    }
    let mut described = json!({
        "filterName": filter.name,
        "filterPattern": filter.pattern,
        "metricTransformations": [transformation],
        "creationTime": group.created.as_millisecond(),
        "logGroupName": group.name(),
        "applyOnTransformedLogs": filter.on_transformed_logs,
    });
    if let Some(criteria) = &filter.field_selection {
        described["fieldSelectionCriteria"] = json!(criteria);
    }
    described
}
