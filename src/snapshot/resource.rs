//! The topics and log groups that trails deliver to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Existence, MetricFilter, Observed, SubscriptionFilter};
use crate::id::Arn;

/// An SNS topic that some trail notifies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// The topic's ARN.
    pub arn: Arn,
    /// Whether it exists, as `sns:GetTopicAttributes` answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existence: Option<Observed<Existence>>,
    /// The JSON text of its policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Observed<String>>,
}

/// A log group that some trail delivers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogGroup {
    /// The log group's ARN, without a trailing `:*`.
    pub arn: Arn,
    /// What `logs:DescribeLogGroups` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Observed<LogGroupDescription>>,
    /// Its metric filters, sorted by name; none where it does not exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric_filters: Option<Observed<Vec<MetricFilter>>>,
    /// Its subscription filters, sorted by name; none where it does not exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_filters: Option<Observed<Vec<SubscriptionFilter>>>,
}

impl LogGroup {
    /// Its name.
    pub fn name(&self) -> &str {
        self.arn.as_str().splitn(7, ':').nth(6).unwrap_or("")
    }

    /// Whether CloudWatch Logs Insights can query it; nothing where that is not known.
    ///
    /// The class `DELIVERY` alone cannot be queried (CloudWatch Logs API Reference, CreateLogGroup, `logGroupClass`); a
    /// CloudWatch Logs that names no class has no other than the standard one.
    pub fn answers_queries(&self) -> Option<bool> {
        let described = &self.description.as_ref()?.value;
        match (described.existence, described.class.as_deref()) {
            (Existence::Missing, _) | (_, Some("DELIVERY")) => Some(false),
            (_, None | Some("STANDARD" | "INFREQUENT_ACCESS")) => Some(true),
            (_, Some(_)) => None,
        }
    }
}

/// A log group, as `logs:DescribeLogGroups` gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogGroupDescription {
    /// Whether it exists.
    pub existence: Existence,
    /// For how many days events are kept; absent, for ever (CloudWatch Logs API Reference, LogGroup).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_in_days: Option<i32>,
    /// The key that encrypts it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// Its class: `STANDARD`, `INFREQUENT_ACCESS` or `DELIVERY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
}
