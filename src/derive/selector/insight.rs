//! What CloudTrail Insights need of the selectors.
//!
//! Source: CloudTrail User Guide, "Logging Insights events": call rate is measured over write management events, error
//! rate over read or write management events; neither is measured where the trail does not log them.

use super::Selectors;
use super::class::{Access, EventClass, Sources};
use super::cover::Answer;

/// A type of Insights over management events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Insight {
    /// `ApiCallRateInsight`.
    CallRate,
    /// `ApiErrorRateInsight`.
    ErrorRate,
}

/// Whether selectors record what a type of Insights is measured over, at least in part; the reason where unknown.
pub fn has_precondition(selectors: &Selectors, insight: Insight, partition: &str) -> Result<bool, String> {
    let accesses: &[Access] = match insight {
        Insight::CallRate => &[Access::Write],
        Insight::ErrorRate => &[Access::Write, Access::Read],
    };
    let mut open = None;
    for access in accesses {
        match selectors.cover(&EventClass::management(partition, Sources::Any, *access)) {
            Answer::All | Answer::Part(_) => return Ok(true),
            Answer::None => {}
            Answer::Unknown(why) => open = Some(why),
        }
    }
    open.map_or(Ok(false), Err)
}
