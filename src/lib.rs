//! Prove that an AWS organization's audit trail records everything, arrives, and cannot be erased.

pub mod anchor;
pub mod cli;
pub mod collect;
pub mod compare;
pub mod derive;
pub mod earlier;
pub mod emit;
pub mod evaluate;
pub mod event;
pub mod expr;
pub mod facts;
mod glob;
pub mod id;
pub mod inventory;
pub mod policy;
pub mod redact;
mod segment;
pub mod simulator;
pub mod snapshot;
