//! What event selectors record: cited vectors, classes of events, traps, and properties against a plain matcher.

#![allow(clippy::duplicate_mod, reason = "what the fuzz target checks brings the matcher along")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "selector/api.rs"]
mod api;
#[path = "selector/brute.rs"]
mod brute;
#[path = "selector/classes.rs"]
mod classes;
#[path = "selector/events.rs"]
mod events;
#[path = "selector/fuzzed.rs"]
mod fuzzed;
#[path = "selector/matcher.rs"]
mod matcher;
#[path = "selector/properties.rs"]
mod properties;
#[path = "selector/traps.rs"]
mod traps;
#[path = "selector/vectors.rs"]
mod vectors;
