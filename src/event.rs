//! Single events as people give them: CloudTrail records in a document, and templates made from an event's name.
//!
//! Pure: bytes in, records out. What trails make of an event is asked of [`crate::derive::trace`].

mod document;
mod known;
mod template;

pub use document::{DocumentError, records};
pub use known::{Known, known, names, sources};
pub use template::{Asked, Missing, Template, TemplateError};
