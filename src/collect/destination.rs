//! The topics that trails notify, asked at their owners in their Regions.

use super::call::Call;
use super::ledger::{Answer, Ledger, Malformed, Unit};
use super::session::Session;
use crate::id::RegionName;
use crate::snapshot::{Existence, Observed, Topic};

/// Whether a topic exists, and its policy.
pub(super) async fn read_topic(session: &Session, topic: &mut Topic, region: &RegionName, ledger: &Ledger) {
    let client = session.sns(region);
    let arn = topic.arn.to_string();
    let unit = Unit::of(Call::GetTopicAttributes).account(session.account).region(region).resource(&arn);
    let answer = ledger.ask(&unit, client.get_topic_attributes().topic_arn(&arn).send()).await;
    // SNS API Reference, GetTopicAttributes: NotFound, "the requested resource does not exist".
    if let Answer::Refused(at, refusal) = &answer
        && refusal.is(&["NotFound", "NotFoundException"])
    {
        ledger.answered(&unit);
        topic.existence = Some(Observed::new(*at, Existence::Missing));
        return;
    }
    let read = ledger.read(&unit, answer, |output| {
        let mut attributes = output.attributes.ok_or_else(|| Malformed::lacks("the attributes"))?;
        if attributes.get("TopicArn").is_none_or(|named| *named != arn) {
            return Err(Malformed::lacks("the topic's ARN"));
        }
        // Every topic has a policy: one is made with it (SNS API Reference, CreateTopic).
        attributes.remove("Policy").ok_or_else(|| Malformed::lacks("the topic's policy"))
    });
    topic.existence = read.as_ref().map(|read| Observed::new(read.read_at, Existence::Present));
    topic.policy = read;
}

/// Leaves a gap for what could have been said of a topic.
pub(super) fn unit_of_topic(topic: &Topic) -> Unit<'_> {
    let unit = Unit::of(Call::GetTopicAttributes).resource(topic.arn.as_str());
    topic.arn.account().map_or(unit, |owner| unit.account(owner))
}
