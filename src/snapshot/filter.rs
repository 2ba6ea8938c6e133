//! The filters of log groups: what looks at the events there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A metric filter of a log group: it counts events in metrics, as `logs:DescribeMetricFilters` gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricFilter {
    /// Its name.
    pub name: String,
    /// Which events it counts.
    pub pattern: String,
    /// The metrics that it counts them in: AWS allows one.
    pub transformations: Vec<MetricTransformation>,
    /// Whether it looks at what a transformer of the log group makes of the events.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_transformed_logs: bool,
    /// What accounts and Regions of sources it is for, where it is not for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field_selection: Option<String>,
}

/// What a metric filter adds to a metric for each event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricTransformation {
    /// The namespace of the metric.
    pub namespace: String,
    /// Its name.
    pub metric: String,
    /// What an event adds: a number, or the field of the event that holds it.
    pub value: String,
    /// The names of the metric's dimensions, sorted: each set of their values has a metric of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<String>,
}

/// A subscription filter of a log group: it sends events on, as `logs:DescribeSubscriptionFilters` gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubscriptionFilter {
    /// Its name.
    pub name: String,
    /// Which events it sends; empty, all.
    pub pattern: String,
    /// The ARN of the stream, function or destination that it sends them to.
    pub destination: String,
}
