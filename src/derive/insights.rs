//! Which CloudTrail Insights a trail has over management events that it records.

use super::question::{OpenQuestions, Question};
use super::selector::{Insight, has_precondition, selectors_of};
use crate::expr::Listed;
use crate::snapshot::{Cause, Trail};

/// The types of Insights of a trail over management events, sorted; those of data events alone are not among them, and
/// neither are those whose management events the trail does not record.
pub(super) fn over_management_events(open: &mut OpenQuestions, trail: &Trail) -> Listed<String> {
    let question = |operation| Question::of(operation).account(trail.arn.account()).resource(trail.arn.as_str());
    let mut listed = Listed::complete(Vec::new());
    let insights = match (&trail.insight_selectors, trail.configuration.value.has_insight_selectors) {
        (Some(insights), _) => &insights.value,
        (None, Some(false)) => return listed,
        (None, _) => {
            listed.unread = open.why(question("cloudtrail:GetInsightSelectors"));
            return listed;
        }
    };
    // Over management events where no category is given (CloudTrail API Reference, InsightSelector).
    let over_management = insights
        .types
        .iter()
        .filter(|(_, over)| over.is_empty() || over.iter().any(|category| category == "Management"));
    for (name, _) in over_management {
        let partition = trail.arn.arn().partition();
        let partition = partition.as_ref().map_or("aws", |partition| partition.as_str());
        let Some(insight) = Insight::named(name) else {
            let message = format!("what {name} is measured over is not known to this version");
            let gap = open.leave(question("cloudtrail:GetInsightSelectors"), Cause::Unsupported, &message);
            listed.unread = listed.unread.union(&gap);
            continue;
        };
        let Some(selectors) = selectors_of(trail) else {
            listed.unread = listed.unread.union(&open.why(question("cloudtrail:GetEventSelectors")));
            continue;
        };
        match has_precondition(&selectors, insight, partition) {
            Ok(true) => listed.found.push(name.clone()),
            Ok(false) => {}
            Err(why) => {
                let gap = open.leave(question("cloudtrail:GetEventSelectors"), Cause::Unsupported, &why);
                listed.unread = listed.unread.union(&gap);
            }
        }
    }
    listed
}
