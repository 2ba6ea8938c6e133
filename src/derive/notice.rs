//! Whether somebody hears of an event: from the filter or rule that matches it to the subscriber who has confirmed.
//!
//! Every link must hold, and each is judged in three values: the pattern, the metric and the alarm on it, the action, the
//! topic and who has subscribed, and whether each link lets the one before it send: the policies of topics and of buses. What
//! roles may do by which rules send is not read.

mod alarm;
mod audience;
mod benchmark;
mod bus;
mod filter;
mod heard;
mod receiver;
mod sender;
mod threshold;
mod topic;
mod trail;

use super::question::OpenQuestions;
use crate::snapshot::Snapshot;

pub(super) use alarm::watching;
pub(super) use benchmark::{benchmark, none_of_the_benchmark};
pub(super) use filter::Filters;
pub(super) use heard::Heard;
pub(super) use trail::watched_trails;

/// The snapshot, and the questions that it leaves open.
pub(super) struct Ears<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) open: &'a mut OpenQuestions,
}
