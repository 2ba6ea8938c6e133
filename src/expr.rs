//! The language of rules: facts as values, their schema, the checker and the evaluation with gaps.
//!
//! Only this module knows the CEL library.

pub mod fact;
pub mod known;

mod table;

pub use fact::{Fact, GapId, Gaps, Record, ToFact};
pub use known::{Known, Listed, Shared};
pub use table::facts;
