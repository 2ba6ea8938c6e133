//! Single events as people give them: CloudTrail records in a document, templates made from an event's name, and
//! kinds of events, which a filter must match whoever causes them.
//!
//! Pure: bytes in, records out. What trails make of an event is asked of [`crate::derive::trace`].

mod document;
mod kind;
mod known;
mod template;

pub use document::{DocumentError, records};
pub use kind::{CisAlarm, EventKind, Place, store_changes, trail_changes};
pub(crate) use kind::{Events, Open, Probe};
pub use known::{Known, known, names, sources};
pub use template::{Asked, Missing, Template, TemplateError};
