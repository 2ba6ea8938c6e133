//! The language of rules: facts as values, their schema, the checker and the evaluation with gaps.
//!
//! Rules are written in CEL. The CEL library parses them, and only this module knows it; checking and evaluation are
//! ours, because CEL has no value for what could not be read. Where every fact is known, an expression means what
//! CEL says, and a test compares the two.

pub mod fact;
pub mod known;
pub mod mistake;
pub mod path;
pub mod schema;

mod check;
mod evaluate;
mod evidence;
mod expression;
mod gaps;
mod nearest;
mod node;
mod parse;
mod record;
mod stack;
mod table;
mod text;
mod value;

pub use evaluate::{Bindings, Fault};
pub use evidence::Evidence;
pub use expression::{Explained, Expression, Verdict};
pub use fact::{Age, Fact, ToFact};
pub use gaps::{GapId, Gaps};
pub use known::{Known, Listed, Shared};
pub use mistake::Mistake;
pub use path::{Path, Step};
pub use record::{Record, Shape};
pub use schema::{Field, PARAMETERS, RecordType, Schema, Source, Type};
pub use stack::readers;
pub use table::facts;
