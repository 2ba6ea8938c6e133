//! Alarms of CloudWatch on what metric filters count.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Observed;
use crate::id::{AccountId, RegionName};

/// The alarms of an account in a Region that watch metrics of the filters there, or alarms that do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlarmListing {
    /// The account.
    pub account: AccountId,
    /// The Region.
    pub region: RegionName,
    /// Those of the alarms that `cloudwatch:DescribeAlarms` gives, sorted by name.
    pub alarms: Observed<Vec<Alarm>>,
}

/// An alarm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alarm {
    /// Its name.
    pub name: String,
    /// Whether it does anything when it goes off.
    pub actions_enabled: bool,
    /// The ARNs of what it does then.
    pub actions: Vec<String>,
    /// What it watches.
    pub watched: Watched,
}

/// What an alarm watches.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Watched {
    /// One metric.
    Metric(WatchedMetric),
    /// What an expression makes of some metrics, each as its namespace and name.
    Expression(Vec<(String, String)>),
    /// Other alarms, by a rule.
    Alarms(String),
}

/// A metric, and when it is alarming.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WatchedMetric {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The names of the dimensions whose values are fixed, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<String>,
    /// `Sum`, `Average` and others; absent for a percentile and the like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statistic: Option<String>,
    /// How many periods are looked at.
    pub evaluation_periods: i32,
    /// In how many of those it must be alarming; absent, in all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datapoints_to_alarm: Option<i32>,
    /// The threshold; absent for a band of expected values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<f64>,
    /// `GreaterThanOrEqualToThreshold` and others.
    pub comparison: String,
}
