//! One topic that alarms or rules send to: who hears of it, from its owner in its Region.

use aws_sdk_sns::types::Subscription;

use super::call::Call;
use super::ledger::{Answer, Ledger, Malformed, Unit};
use super::session::Session;
use crate::id::{Arn, RegionName};
use crate::snapshot::{AlertTopic, Audience, Existence, Observed};

/// A topic of which nothing is known yet.
pub(super) fn unread(arn: Arn) -> AlertTopic {
    AlertTopic { arn, audience: None }
}

/// The question for who hears of a topic.
pub(super) fn unit(topic: &AlertTopic) -> Unit<'_> {
    let unit = Unit::of(Call::ListSubscriptions).resource(topic.arn.as_str());
    topic.arn.account().map_or(unit, |owner| unit.account(owner))
}

/// Reads who hears of a topic with its owner's credentials.
pub(super) async fn read(session: &Session, topic: &mut AlertTopic, region: &RegionName, ledger: &Ledger) {
    let arn = topic.arn.to_string();
    let unit = Unit::of(Call::ListSubscriptions).account(session.account).region(region).resource(&arn);
    let request = session.sns(region).list_subscriptions_by_topic().topic_arn(&arn).into_paginator();
    let pages = ledger.ask(&unit, super::page::all(request.send(), |page| page.next_token())).await;
    // SNS API Reference, ListSubscriptionsByTopic: NotFound, "the requested resource does not exist".
    if let Answer::Refused(at, refusal) = &pages
        && refusal.is(&["NotFound", "NotFoundException"])
    {
        ledger.answered(&unit);
        let audience = Audience { existence: Existence::Missing, confirmed: Vec::new(), pending: 0 };
        topic.audience = Some(Observed::new(*at, audience));
        return;
    }
    topic.audience = ledger.read(&unit, pages, |pages| {
        let mut audience = Audience { existence: Existence::Present, confirmed: Vec::new(), pending: 0 };
        for page in pages.whole()? {
            for subscription in page.subscriptions.ok_or_else(|| Malformed::lacks("Subscriptions"))? {
                match subscription.subscription_arn.as_deref() {
                    Some(confirmed) if confirmed.starts_with("arn:") => audience.confirmed.push(named(&subscription)?),
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
