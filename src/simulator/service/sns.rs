//! Simple Notification Service: the topics that hear of deliveries.

use super::{Codes, Service, operation_in_form};
use crate::simulator::call::Call;
use crate::simulator::permission::check_resource_policy;
use crate::simulator::wire::page::page;
use crate::simulator::wire::xml::Xml;
use crate::simulator::wire::{Answer, Failure, Protocol};
use crate::simulator::world::Topic;

pub(in crate::simulator) static SERVICE: Service = Service {
    name: "sns",
    signing_name: "sns",
    target: None,
    protocol: Protocol::Query,
    codes: Codes {
        denied: (403, "AuthorizationError"),
        validation: (400, "InvalidParameter"),
        broken: (500, "InternalError"),
        ..Codes::QUERY
    },
    reads: &[
        ("GetTopicAttributes", "sns:GetTopicAttributes"),
        ("ListSubscriptionsByTopic", "sns:ListSubscriptionsByTopic"),
        ("GetSubscriptionAttributes", "sns:GetSubscriptionAttributes"),
    ],
    operation: operation_in_form,
    // Source: Service Authorization Reference, "Amazon SNS": GetSubscriptionAttributes knows no resource.
    resource: |call| call.parameters.text("TopicArn").map(str::to_owned),
    answer,
};

const NAMESPACE: &str = "http://sns.amazonaws.com/doc/2010-03-31/";

fn answer(call: &Call<'_>) -> Result<Answer, Failure> {
    if call.operation == "GetSubscriptionAttributes" {
        return subscription(call, call.required("SubscriptionArn")?);
    }
    let topic = find(call, call.required("TopicArn")?)?;
    if call.operation == "GetTopicAttributes" { Ok(attributes(topic)) } else { subscriptions(call, topic) }
}

fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or("")
}

fn find<'a>(call: &Call<'a>, arn: &str) -> Result<&'a Topic, Failure> {
    if arn.split(':').nth(3) != Some(call.region) {
        return Err(call.service.codes.validation("Invalid parameter: TopicArn"));
    }
    let found = call.index.topics.get(arn);
    if account_of(arn) != call.account() {
        // To an outsider a missing topic is one that does not let it in.
        check_resource_policy(call, found.and_then(|(_, policy)| policy.as_ref()), arn)?;
    }
    found.map(|(topic, _)| topic).ok_or_else(|| Failure::new(404, "NotFound", "Topic does not exist"))
}

fn attributes(topic: &Topic) -> Answer {
    let confirmed = topic.subscriptions.iter().filter(|subscription| subscription.confirmed).count();
    let pending = topic.subscriptions.len() - confirmed;
    let mut xml = Xml::document("GetTopicAttributesResponse", Some(NAMESPACE));
    xml.open("GetTopicAttributesResult").open("Attributes");
    let mut entry = |key: &str, value: &str| {
        xml.open("entry").leaf("key", key).leaf("value", value).close("entry");
    };
    entry("TopicArn", &topic.arn);
    entry("Owner", account_of(&topic.arn));
    entry("Policy", &topic.policy);
    entry("SubscriptionsConfirmed", &confirmed.to_string());
    entry("SubscriptionsPending", &pending.to_string());
    entry("SubscriptionsDeleted", "0");
    if let Some(key) = &topic.kms_key {
        entry("KmsMasterKeyId", key);
    }
    xml.close("Attributes").close("GetTopicAttributesResult");
    Answer::text(xml.finish("GetTopicAttributesResponse"))
}

/// Of a subscription without a filter policy, the answer has none.
fn subscription(call: &Call<'_>, arn: &str) -> Result<Answer, Failure> {
    let missing = || Failure::new(404, "NotFound", "Subscription does not exist");
    let (topic_arn, number) = arn.rsplit_once(':').ok_or_else(missing)?;
    let topic = find(call, topic_arn)?;
    let found = number.parse::<usize>().ok().and_then(|number| topic.subscriptions.get(number));
    let found = found.filter(|subscription| subscription.confirmed).ok_or_else(missing)?;
    let mut xml = Xml::document("GetSubscriptionAttributesResponse", Some(NAMESPACE));
    xml.open("GetSubscriptionAttributesResult").open("Attributes");
    let mut entry = |key: &str, value: &str| {
        xml.open("entry").leaf("key", key).leaf("value", value).close("entry");
    };
    entry("SubscriptionArn", arn);
    entry("TopicArn", topic_arn);
    entry("Owner", account_of(topic_arn));
    entry("Protocol", &found.protocol);
    entry("Endpoint", &found.endpoint);
    entry("PendingConfirmation", "false");
    if let Some(policy) = &found.filter_policy {
        entry("FilterPolicy", policy);
        entry("FilterPolicyScope", "MessageAttributes");
    }
    xml.close("Attributes").close("GetSubscriptionAttributesResult");
    Ok(Answer::text(xml.finish("GetSubscriptionAttributesResponse")))
}

/// A page of at most 100; a subscription that is not confirmed has words instead of an ARN.
fn subscriptions(call: &Call<'_>, topic: &Topic) -> Result<Answer, Failure> {
    let page = page(&topic.subscriptions, call.parameters.text("NextToken"), 100)
        .ok_or_else(|| call.service.codes.validation("Invalid parameter: NextToken"))?;
    let mut xml = Xml::document("ListSubscriptionsByTopicResponse", Some(NAMESPACE));
    xml.open("ListSubscriptionsByTopicResult").open("Subscriptions");
    for subscription in page.items {
        // SNS has one subscription for an endpoint, so that its place in the list names it.
        let number = topic.subscriptions.iter().position(|other| other == subscription).unwrap_or(0);
        let arn =
            if subscription.confirmed { format!("{}:{number}", topic.arn) } else { "PendingConfirmation".to_owned() };
        xml.open("member").leaf("SubscriptionArn", &arn).leaf("Owner", account_of(&topic.arn));
        xml.leaf("Protocol", &subscription.protocol).leaf("Endpoint", &subscription.endpoint);
        xml.leaf("TopicArn", &topic.arn).close("member");
    }
    xml.close("Subscriptions").maybe("NextToken", page.next.as_deref()).close("ListSubscriptionsByTopicResult");
    Ok(Answer::text(xml.finish("ListSubscriptionsByTopicResponse")))
}
