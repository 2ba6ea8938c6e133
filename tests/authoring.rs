//! What helps to write rules: lists, pages, facts, schemas, drafts and tests of rules, and the generated documentation.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "authoring/commands.rs"]
mod commands;
#[path = "authoring/documentation.rs"]
mod documentation;
#[path = "authoring/editors.rs"]
mod editors;
#[path = "support/simulated.rs"]
mod simulated;
