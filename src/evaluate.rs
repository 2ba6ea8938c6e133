//! Judging: rules over subjects, to a report. Pure: the same inputs give the same report, to the byte.

mod baseline;
mod choose;
mod coverage;
mod exception;
mod framework;
mod judge;
mod known;
mod report;
mod trend;
mod waive;

pub use baseline::{BaselineChoice, BaselineStanding, Held, baseline_of};
pub use choose::{Chosen, Question};
pub use coverage::{CoverageReport, Remark, SoleCover, coverage_report};
pub use exception::{Exceptions, REMINDER_DAYS};
pub use framework::{ControlResult, Counts, EdgeResult, Framework, Status};
pub use judge::{evaluate, evaluate_with};
pub use known::{EarlierFinding, KnownFindings, KnownState};
pub use report::{AccountStanding, Fingerprint, Gate, JudgedPolicy, Judgement, Outcome, Report, SnapshotIdentity};
pub use trend::{EarlierStanding, OfAnother, Standing, trend};
pub use waive::{WaiverStanding, WaiverState};
