//! Whether a topic takes what a rule or an alarm sends to it, and gives it to its subscribers.

use super::sender::Sender;
use super::{Ears, Heard};
use crate::derive::policy_document::{Answer, Pattern, PolicyDocument, Reason};
use crate::derive::question::Question;
use crate::snapshot::{AlertTopic, Cause, TopicAttributes};

const ATTRIBUTES: &str = "sns:GetTopicAttributes";
const FILTERS: &str = "sns:GetSubscriptionAttributes";

/// The alias of the key that AWS manages for SNS in every account.
const MANAGED_KEY: &str = "alias/aws/sns";

impl Ears<'_> {
    /// Whether a topic takes what is sent to it.
    pub(super) fn takes(&mut self, topic: &AlertTopic, sender: &Sender<'_>) -> Heard {
        let Some(attributes) = &topic.attributes else {
            let gaps = self.open.why(question(ATTRIBUTES, topic));
            return Heard::unknown(gaps, format!("the policy of the topic {} could not be read", topic.arn.resource()));
        };
        self.is_near(topic, sender).and(self.lets_publish(topic, &attributes.value, sender)).and(self.encrypts(
            topic,
            &attributes.value,
            sender,
        ))
    }

    /// Source: re:Post Knowledge Center, "Why isn't my Amazon SNS topic receiving EventBridge notifications?": the targets of
    /// a rule must be in its Region.
    fn is_near(&self, topic: &AlertTopic, sender: &Sender<'_>) -> Heard {
        match (sender, sender.arn().region(), topic.arn.region()) {
            (Sender::Rule { .. }, Some(from), Some(to)) if from != to => {
                let name = topic.arn.resource();
                Heard::no(format!(
                    "the topic {name} is in {to}: EventBridge sends to topics of the rule's Region alone"
                ))
            }
            _ => Heard::Yes(Vec::new()),
        }
    }

    fn lets_publish(&mut self, topic: &AlertTopic, attributes: &TopicAttributes, sender: &Sender<'_>) -> Heard {
        let name = topic.arn.resource();
        if let Sender::Rule { role: Some(role), .. } = sender {
            let why = format!("whether the role {role} may publish to the topic {name} is not read");
            return self.doubted(topic, why);
        }
        let service = sender.service();
        let answer = match PolicyDocument::read(&attributes.policy) {
            Ok(document) => sender.is_let(&document, "sns:Publish", &Pattern::exact(topic.arn.as_str())),
            Err(why) => Answer::undecided(Reason::whole(format!("it cannot be read: {why}"))),
        };
        let because = answer.because().join(" and ");
        match answer {
            // Source: EventBridge User Guide, "Sending events to an AWS service in another account": it takes a role.
            Answer::Yes(_)
                if matches!(sender, Sender::Rule { .. }) && sender.arn().account() != topic.arn.account() =>
            {
                let why = format!(
                    "whether EventBridge sends to the topic {name} of another account without a role is not documented"
                );
                self.doubted(topic, why)
            }
            Answer::Yes(_) => Heard::Yes(Vec::new()),
            Answer::No(_) => {
                Heard::no(format!("the policy of the topic {name} does not let {service} publish: {because}"))
            }
            Answer::Unknown(_) => {
                self.doubted(topic, format!("whether the policy of the topic {name} lets {service} publish: {because}"))
            }
        }
    }

    /// Source: SNS Developer Guide, "Key management" ("Enable compatibility between event sources from AWS services and
    /// encrypted topics"): the policy of the key must let the service in, and that of the key that AWS manages cannot be changed.
    fn encrypts(&mut self, topic: &AlertTopic, attributes: &TopicAttributes, sender: &Sender<'_>) -> Heard {
        let (name, service) = (topic.arn.resource(), sender.service());
        match (&attributes.kms_key, sender) {
            // What a role may do with a key is told with what else it may do.
            (None, _) | (_, Sender::Rule { role: Some(_), .. }) => Heard::Yes(Vec::new()),
            (Some(key), _) if key.ends_with(MANAGED_KEY) => Heard::no(format!(
                "the topic {name} is encrypted with {MANAGED_KEY}, whose policy does not let {service} in"
            )),
            (Some(key), _) => self.doubted(
                topic,
                format!("whether the key {key} of the topic {name} lets {service} encrypt is not read"),
            ),
        }
    }

    /// Who is given what comes to a topic that somebody has subscribed to.
    ///
    /// Source: SNS Developer Guide, "Amazon SNS message filtering": without a filter policy, every message.
    pub(super) fn given(&mut self, topic: &AlertTopic) -> Heard {
        let name = topic.arn.resource();
        if topic.subscriptions.is_empty() {
            return Heard::unknown(
                self.open.why(question(FILTERS, topic)),
                format!("what the subscribers of the topic {name} are given could not be read"),
            );
        }
        let (mut given, mut others) = (Vec::new(), Vec::new());
        for subscription in &topic.subscriptions {
            let who = &subscription.subscriber;
            match &subscription.filter {
                Some(filter) if filter.value.policy.is_none() => given.push(who.as_str()),
                Some(_) => {
                    others.push(self.doubted(topic, format!("whether the filter policy of {who} lets what the topic {name} is sent through is not worked out")));
                }
                None => {
                    let asked = question(FILTERS, topic).resource(&subscription.arn);
                    let why = format!("whether {who} is given all that the topic {name} is sent could not be read");
                    others.push(Heard::unknown(self.open.why(asked), why));
                }
            }
        }
        given.sort_unstable();
        given.dedup();
        if given.is_empty() {
            return Heard::any(others, String::new);
        }
        Heard::Yes(vec![format!("topic {name} → {}", given.join(", "))])
    }

    fn doubted(&mut self, topic: &AlertTopic, why: String) -> Heard {
        Heard::unknown(self.open.leave(question(ATTRIBUTES, topic), Cause::Unsupported, &why), why)
    }
}

fn question<'a>(operation: &'a str, topic: &'a AlertTopic) -> Question<'a> {
    let question = Question::of(operation).resource(topic.arn.as_str());
    topic.arn.account().map_or(question, |owner| question.account(owner))
}
