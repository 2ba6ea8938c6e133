//! One topic that alarms or rules send to: who may publish to it and who hears of it, from its owner in its Region.

use aws_sdk_sns::types::Subscription;

use super::call::Call;
use super::ledger::{Answer, Ledger, Malformed, Unit};
use super::needs::Needs;
use super::session::Session;
use crate::id::{Arn, RegionName};
use crate::snapshot::{self, AlertTopic, Audience, Cause, Existence, MessageFilter, Observed, TopicAttributes};

/// A topic of which nothing is known yet.
pub(super) fn unread(arn: Arn) -> AlertTopic {
    AlertTopic { arn, audience: None, attributes: None, subscriptions: Vec::new() }
}

/// Leaves a gap for all that the owner could have said of a topic.
pub(super) fn leave_unread(topic: &AlertTopic, cause: &Cause, message: &str, needs: &Needs, ledger: &Ledger) {
    let calls = [Call::ListSubscriptions, Call::GetTopicAttributes];
    for call in calls.into_iter().filter(|call| needs.asks(*call)) {
        let unit = Unit::of(call).resource(topic.arn.as_str());
        let unit = topic.arn.account().map_or(unit, |owner| unit.account(owner));
        ledger.not_asked(&unit, cause.clone(), message);
    }
}

/// Reads a topic with its owner's credentials: first of all whether it is there and who hears of it.
pub(super) async fn read(
    session: &Session,
    topic: &mut AlertTopic,
    region: &RegionName,
    needs: &Needs,
    ledger: &Ledger,
) {
    read_audience(session, topic, region, ledger).await;
    // Of a topic that nobody hears of it does not matter who may publish to it.
    let heard = topic.audience.as_ref().is_none_or(|audience| !audience.value.confirmed.is_empty());
    if heard && needs.asks(Call::GetTopicAttributes) {
        read_attributes(session, topic, region, ledger).await;
    }
    if needs.asks(Call::GetSubscriptionAttributes) {
        for subscription in &mut topic.subscriptions {
            subscription.filter = read_filter(session, &subscription.arn, region, ledger).await;
        }
    }
}

async fn read_audience(session: &Session, topic: &mut AlertTopic, region: &RegionName, ledger: &Ledger) {
    let arn = topic.arn.to_string();
    let unit = Unit::of(Call::ListSubscriptions).account(session.account).region(region).resource(&arn);
    let request = session.sns(region).list_subscriptions_by_topic().topic_arn(&arn).into_paginator();
    let pages = ledger.ask(&unit, super::page::all(ledger.most_pages, request.send(), |page| page.next_token())).await;
    // SNS API Reference, ListSubscriptionsByTopic: NotFound, "the requested resource does not exist".
    if let Answer::Refused(at, refusal) = &pages
        && refusal.is(&["NotFound", "NotFoundException"])
    {
        ledger.answered(&unit);
        let audience = Audience { existence: Existence::Missing, confirmed: Vec::new(), pending: 0 };
        topic.audience = Some(Observed::new(*at, audience));
        return;
    }
    let mut subscriptions = Vec::new();
    topic.audience = ledger.read(&unit, pages, |pages| {
        let mut audience = Audience { existence: Existence::Present, confirmed: Vec::new(), pending: 0 };
        for page in pages.whole()? {
            for subscription in page.subscriptions.ok_or_else(|| Malformed::lacks("Subscriptions"))? {
                match subscription.subscription_arn.as_deref() {
                    Some(confirmed) if confirmed.starts_with("arn:") => {
                        let subscriber = named(&subscription)?;
                        audience.confirmed.push(subscriber.clone());
                        let arn = confirmed.to_owned();
                        subscriptions.push(snapshot::Subscription { arn, subscriber, filter: None });
                    }
                    Some("PendingConfirmation") => audience.pending += 1,
                    // A subscription that was ended stays in the list for some days, as `Deleted`.
                    Some(_) => {}
                    None => return Err(Malformed::lacks("the ARN of a subscription")),
                }
            }
        }
        audience.confirmed.sort();
        audience.confirmed.dedup();
        Ok(audience)
    });
    subscriptions.sort_by(|a, b| a.arn.cmp(&b.arn));
    topic.subscriptions = subscriptions;
}

async fn read_attributes(session: &Session, topic: &mut AlertTopic, region: &RegionName, ledger: &Ledger) {
    let arn = topic.arn.to_string();
    let unit = Unit::of(Call::GetTopicAttributes).account(session.account).region(region).resource(&arn);
    let answer = ledger.ask(&unit, session.sns(region).get_topic_attributes().topic_arn(&arn).send()).await;
    topic.attributes = ledger.read(&unit, answer, |output| {
        let mut attributes = output.attributes.ok_or_else(|| Malformed::lacks("the attributes"))?;
        if attributes.get("TopicArn").is_none_or(|named| *named != arn) {
            return Err(Malformed::lacks("the topic's ARN"));
        }
        // Every topic has a policy: one is made with it (SNS API Reference, CreateTopic).
        let policy = attributes.remove("Policy").ok_or_else(|| Malformed::lacks("the topic's policy"))?;
        Ok(TopicAttributes { policy, kms_key: attributes.remove("KmsMasterKeyId").filter(|key| !key.is_empty()) })
    });
}

async fn read_filter(
    session: &Session,
    arn: &str,
    region: &RegionName,
    ledger: &Ledger,
) -> Option<Observed<MessageFilter>> {
    let unit = Unit::of(Call::GetSubscriptionAttributes).account(session.account).region(region).resource(arn);
    let request = session.sns(region).get_subscription_attributes().subscription_arn(arn);
    let answer = ledger.ask(&unit, request.send()).await;
    ledger.read(&unit, answer, |output| {
        let mut attributes = output.attributes.ok_or_else(|| Malformed::lacks("the attributes"))?;
        if attributes.get("SubscriptionArn").is_none_or(|named| *named != arn) {
            return Err(Malformed::lacks("the subscription's ARN"));
        }
        // SNS API Reference, GetSubscriptionAttributes: the filter policy is there where the subscription has one. One that
        // was taken away is left as `{}`, which lets everything through ("Removing a subscription filter policy").
        let given = attributes.remove("FilterPolicy").filter(|text| !matches!(text.trim(), "" | "{}"));
        Ok(MessageFilter { policy: given })
    })
}

/// A subscriber without what may be secret, as in the addresses of webhooks, or names a person.
fn named(subscription: &Subscription) -> Result<String, Malformed> {
    let protocol =
        subscription.protocol.as_deref().ok_or_else(|| Malformed::lacks("the protocol of a subscription"))?;
    let endpoint = subscription.endpoint.as_deref().unwrap_or("");
    let shown = match protocol {
        _ if endpoint.starts_with("arn:") => Some(endpoint.to_owned()),
        "email" | "email-json" => endpoint.rsplit_once('@').map(|(_, domain)| format!("…@{domain}")),
        "http" | "https" => {
            let host = endpoint.split_once("://").map_or(endpoint, |(_, rest)| rest).split(['/', '?', '#']).next();
            host.map(|host| host.rsplit('@').next().unwrap_or(host).to_owned())
        }
        _ => None,
    };
    Ok(shown.map_or_else(|| protocol.to_owned(), |shown| format!("{protocol} {shown}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscriber_is_named_without_secrets() {
        let cases = [
            ("email", "oncall@example.com", "email …@example.com"),
            ("https", "https://user:pass@hooks.example.com/T0/secret?key=1", "https hooks.example.com"),
            ("sqs", "arn:aws:sqs:us-east-1:111122223333:siem", "sqs arn:aws:sqs:us-east-1:111122223333:siem"),
            ("sms", "+15555550100", "sms"),
        ];
        for (protocol, endpoint, expected) in cases {
            let subscription = Subscription::builder().protocol(protocol).endpoint(endpoint).build();
            assert_eq!(named(&subscription).unwrap(), expected);
        }
    }
}
