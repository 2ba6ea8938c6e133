//! Filter patterns of CloudWatch Logs: AWS's examples, the CIS benchmark's alarms, and properties against a plain matcher.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "metric_filter/alarms.rs"]
mod alarms;
#[path = "metric_filter/brute.rs"]
mod brute;
#[path = "metric_filter/errors.rs"]
mod errors;
#[path = "metric_filter/kinds.rs"]
mod kinds;
#[path = "metric_filter/properties.rs"]
mod properties;
#[path = "metric_filter/vectors.rs"]
mod vectors;

use trailproof::derive::metric_filter::FilterPattern;

pub(crate) fn pattern(text: &str) -> FilterPattern {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}
