//! CloudTrail Insights: which trails record an Insights event, and what Insights need of the event selectors.
//!
//! Sources: CloudTrail User Guide, "Logging Insights events": call rate is measured over write management events, error
//! rate over read or write management events; neither is measured where the trail does not log them. CloudTrail API
//! Reference, InsightSelector: over management events where no category is given.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-insights-events-with-cloudtrail.html>

use super::Selectors;
use super::class::{Access, EventClass, Sources};
use super::cover::Answer;
use super::event::Event;
use super::reason::{Reason, Verdict};
use crate::snapshot::InsightSelectors;

/// A type of Insights over management events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Insight {
    /// `ApiCallRateInsight`.
    CallRate,
    /// `ApiErrorRateInsight`.
    ErrorRate,
}

impl Insight {
    /// The type of a name as records and selectors have it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "ApiCallRateInsight" => Some(Self::CallRate),
            "ApiErrorRateInsight" => Some(Self::ErrorRate),
            _ => None,
        }
    }
}

/// Whether a trail with these Insights and event selectors records an Insights event. Its record does not say whether it
/// was measured over management or data events.
pub(super) fn records(event: &Event, insights: Option<&InsightSelectors>, selectors: Option<&Selectors>) -> Verdict {
    let unknown = |text: String| Verdict::Unknown(vec![Reason::of_trail(text)]);
    let not = |text: String| Verdict::NotRecorded(vec![Reason::of_trail(text)]);
    let Some(name) = &event.insight_type else {
        return unknown("the type of the Insights event (insightDetails.insightType) was not said".to_owned());
    };
    let Some(insights) = insights else { return unknown("its Insights were not read".to_owned()) };
    let Some(categories) = insights.types.get(name) else { return not(format!("{name} is not enabled on it")) };
    let over = |category: &str| categories.iter().any(|given| given == category);
    let Some(insight) = Insight::named(name).filter(|_| categories.is_empty() || over("Management")) else {
        return unknown(format!("whether {name} over {} made the event is not told by it", categories.join(", ")));
    };
    let Some(selectors) = selectors else { return unknown("its event selectors were not read".to_owned()) };
    // The partition is that of ARNs, and management events are not asked for theirs.
    match has_precondition(selectors, insight, "aws") {
        Ok(true) => Verdict::Recorded(vec![Reason::of_trail(format!("{name} is enabled on it"))]),
        Ok(false) if over("Data") => {
            unknown(format!("whether {name} over data events made the event is not told by it"))
        }
        Ok(false) => not(format!("{name} is enabled on it, over management events that it does not record")),
        Err(why) => unknown(why),
    }
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
