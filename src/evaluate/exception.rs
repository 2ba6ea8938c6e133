//! What is excepted from the gate: what is waived for a while, and what failed before.

use std::sync::Arc;

use jiff::civil::Date;

use crate::earlier::EarlierReport;
use crate::policy::Waiver;

/// What is excepted from the gate. Nothing, where nothing else is said.
#[derive(Debug, Clone)]
pub struct Exceptions<'a> {
    /// What is accepted for a while.
    pub waivers: &'a [Arc<Waiver>],
    /// Whether the waivers are left aside, so that what lies beneath is seen.
    pub no_waivers: bool,
    /// The day by which waivers are judged, in UTC; the snapshot's, where none is given.
    pub as_of: Option<Date>,
    /// So many days before its end, a waiver is told of.
    pub reminder_days: u32,
    /// No waiver may live longer than so many days; one that does waives nothing.
    pub longest_days: Option<u32>,
    /// An earlier report: what failed there does not close the gate.
    pub known: Option<&'a EarlierReport>,
}

/// So many days before its end, a waiver is told of, where nothing else is said.
pub const REMINDER_DAYS: u32 = 14;

impl Default for Exceptions<'_> {
    fn default() -> Self {
        Self {
            waivers: &[],
            no_waivers: false,
            as_of: None,
            reminder_days: REMINDER_DAYS,
            longest_days: None,
            known: None,
        }
    }
}
