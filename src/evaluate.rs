//! Judging: rules over subjects, to a report. Pure: the same inputs give the same report, to the byte.

mod coverage;
mod judge;
mod report;

pub use coverage::{CoverageReport, Remark, SoleCover, coverage_report};
pub use judge::{Chosen, Question, evaluate};
pub use report::{AccountStanding, Fingerprint, Gate, Judgement, Outcome, Report, SnapshotIdentity};
