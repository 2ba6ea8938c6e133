//! The language of rules: what is refused, what is evaluated, and what gaps leave open.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "expr/agreement.rs"]
mod agreement;
#[path = "expr/check.rs"]
mod check;
#[path = "expr/evaluate.rs"]
mod evaluate;
#[path = "expr/generate.rs"]
mod generate;
#[path = "expr/properties.rs"]
mod properties;
