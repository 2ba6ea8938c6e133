//! Where trails deliver beside S3: topics and log groups, asked at their owners in their Regions.

use super::call::Call;
use super::ledger::{Answer, Ledger, Malformed, Unit};
use super::session::Session;
use crate::id::RegionName;
use crate::snapshot::{Cause, Existence, LogGroup, LogGroupDescription, Observed, Topic};

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

/// Whether a log group exists, and how long it keeps events.
pub(super) async fn read_log_group(session: &Session, group: &mut LogGroup, region: &RegionName, ledger: &Ledger) {
    let client = session.logs(region);
    let arn = group.arn.to_string();
    let unit = Unit::of(Call::DescribeLogGroups).account(session.account).region(region).resource(&arn);
    let Some(name) = log_group_name(&arn) else {
        // An empty prefix would list every log group, and none of them would be this one.
        ledger.not_asked(&unit, Cause::MalformedAnswer, "the trail names its log group by an ARN of something else");
        return;
    };
    let request = client.describe_log_groups().log_group_name_prefix(name).into_paginator();
    let pages = ledger.ask(&unit, super::page::all(request.send(), |page| page.next_token())).await;
    group.description = ledger.read(&unit, pages, |pages| {
        for page in pages.whole()? {
            for listed in page.log_groups.ok_or_else(|| Malformed::lacks("logGroups"))? {
                let listed_name = listed.log_group_name.ok_or_else(|| Malformed::lacks("the name of a log group"))?;
                if listed_name == name {
                    return Ok(LogGroupDescription {
                        existence: Existence::Present,
                        retention_in_days: listed.retention_in_days,
                        kms_key_id: listed.kms_key_id,
                    });
                }
            }
        }
        Ok(LogGroupDescription { existence: Existence::Missing, retention_in_days: None, kms_key_id: None })
    });
}

/// Leaves a gap for what could have been said of a log group.
pub(super) fn unit_of_log_group(group: &LogGroup) -> Unit<'_> {
    let unit = Unit::of(Call::DescribeLogGroups).resource(group.arn.as_str());
    group.arn.account().map_or(unit, |owner| unit.account(owner))
}

/// The name in a log group's ARN.
fn log_group_name(arn: &str) -> Option<&str> {
    let (kind, name) = arn.splitn(6, ':').nth(5)?.split_once(':')?;
    let name = name.trim_end_matches(":*");
    (kind == "log-group" && !name.is_empty()).then_some(name)
}
