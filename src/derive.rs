//! From what was read to what rules may speak of: pure functions over the snapshot.
//!
//! No clock, no network, no environment: ages are measured against the times at which the facts were read.

mod access;
mod account;
mod analysis;
mod bucket;
pub mod bucket_policy;
mod config;
pub mod coverage;
mod data_bucket;
mod delivery;
mod event_data_store;
pub mod event_pattern;
mod events;
mod governed;
mod identity;
mod insights;
mod key;
pub mod key_policy;
mod log_group;
mod log_keys;
mod log_role;
pub mod matching;
pub mod metric_filter;
mod notice;
mod organization;
mod part;
pub mod permission;
pub mod policy_document;
pub mod public_access;
mod question;
pub mod replication;
mod retention;
pub mod selector;
pub mod service_control;
mod subject;
mod topic;
pub mod topic_policy;
pub mod trace;
mod trail;

pub use events::AskedEvents;
pub use log_keys::{LogKeys, Reach};
pub use question::OpenQuestions;
pub use retention::{Expiry, covers_all, expiry, lock_days};
pub use subject::{Derived, Subject, subjects};
