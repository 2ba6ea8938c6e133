//! Judging: rules over subjects, to a report. Pure: the same inputs give the same report, to the byte.

mod choose;
mod coverage;
mod framework;
mod judge;
mod report;

pub use choose::{Chosen, Question};
pub use coverage::{CoverageReport, Remark, SoleCover, coverage_report};
pub use framework::{ControlResult, Counts, EdgeResult, Framework, Status};
pub use judge::evaluate;
pub use report::{AccountStanding, Fingerprint, Gate, JudgedPolicy, Judgement, Outcome, Report, SnapshotIdentity};
