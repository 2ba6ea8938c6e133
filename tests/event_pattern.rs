//! Event patterns of EventBridge: AWS's examples, changes of trails, and properties against a plain matcher.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "event_pattern/brute.rs"]
mod brute;
#[path = "event_pattern/properties.rs"]
mod properties;
#[path = "event_pattern/trails.rs"]
mod trails;
#[path = "event_pattern/vectors.rs"]
mod vectors;

use trailproof::derive::event_pattern::EventPattern;

pub(crate) fn pattern(text: &str) -> EventPattern {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}
