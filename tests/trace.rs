//! `trailproof trace` as a user runs it: which trails record an event, why not, and what is not known.
//!
//! The records in `tests/trace` are written after the examples that AWS publishes.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "trace/answers.rs"]
mod answers;
#[path = "trace/gaps.rs"]
mod gaps;
#[path = "trace/input.rs"]
mod input;
#[path = "support/simulated.rs"]
mod simulated;
#[path = "trace/templates.rs"]
mod templates;
#[path = "trace/world.rs"]
mod world;
