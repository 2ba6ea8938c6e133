//! What the trails of an organization cover: account by account and Region by Region.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

#[path = "coverage/cases.rs"]
mod cases;
#[path = "coverage/classes.rs"]
mod classes;
#[path = "coverage/denied.rs"]
mod denied;
#[path = "coverage/facts.rs"]
mod facts;
#[path = "coverage/malformed.rs"]
mod malformed;
#[path = "coverage/places.rs"]
mod places;
#[path = "coverage/questions.rs"]
mod questions;
#[path = "coverage/rows.rs"]
mod rows;
#[path = "coverage/world.rs"]
mod world;
