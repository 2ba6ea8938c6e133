//! Rules of EventBridge, and the topics that hear of events and alarms.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Existence, Observed};
use crate::id::Arn;

/// An event bus that events of CloudTrail come to: the default one of a trail's owner at home, or one that they are
/// forwarded to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventBus {
    /// The bus's ARN.
    pub arn: Arn,
    /// Its policy, as `events:DescribeEventBus` gives it; read of buses that a rule sends events to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Observed<BusPolicy>>,
    /// Its rules with a pattern, as `events:ListRules` gives them, sorted by name; none where the bus does not exist.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<Observed<Vec<EventRule>>>,
}

impl EventBus {
    /// Whether an ARN is that of a bus.
    pub fn is_one(arn: &Arn) -> bool {
        arn.service() == "events" && arn.resource().starts_with("event-bus/")
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.arn.resource().trim_start_matches("event-bus/")
    }

    /// The ARN of its rule with a name.
    ///
    /// Source: Service Authorization Reference, "Resource types defined by Amazon EventBridge": rules of the default bus are
    /// named without it.
    pub fn rule_arn(&self, name: &str) -> String {
        let place = self.arn.as_str().trim_end_matches(self.arn.resource());
        match self.name() {
            "default" => format!("{place}rule/{name}"),
            bus => format!("{place}rule/{bus}/{name}"),
        }
    }

    /// Where its rules send events, as far as that was read and is an ARN.
    pub fn targets(&self) -> impl Iterator<Item = Arn> + '_ {
        let rules = self.rules.iter().flat_map(|rules| &rules.value);
        let targets = rules.filter_map(|rule| rule.targets.as_ref()).flat_map(|targets| &targets.value);
        targets.filter_map(|arn| arn.parse().ok())
    }
}

/// Whom a bus lets in beside its own account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BusPolicy {
    /// The JSON text of its policy; absent where it has none, or where the bus does not exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
}

impl EventRule {
    /// Whether it may be for events of CloudTrail itself: it is enabled, and its pattern does not ask for other sources alone.
    pub fn may_hear_of_cloudtrail(&self) -> bool {
        if self.state == "DISABLED" {
            return false;
        }
        let pattern: Option<serde_json::Value> = serde_json::from_str(&self.pattern).ok();
        let sources = pattern.as_ref().and_then(|pattern| pattern.get("source")?.as_array());
        let other = |source: &serde_json::Value| source.as_str().is_some_and(|source| source != "aws.cloudtrail");
        !sources.is_some_and(|sources| !sources.is_empty() && sources.iter().all(other))
    }
}

/// A rule of an event bus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventRule {
    /// Its name.
    pub name: String,
    /// `ENABLED`, `DISABLED` or `ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS`.
    pub state: String,
    /// The pattern of the events that it is for.
    pub pattern: String,
    /// The ARNs of what it sends them to, as `events:ListTargetsByRule` gives them; absent where that was not read, or not
    /// asked, as the rule is disabled or for other sources than CloudTrail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets: Option<Observed<Vec<String>>>,
    /// By which role EventBridge sends them, by the target's ARN; in its own name to those that are not here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub roles: BTreeMap<String, String>,
}

/// An SNS topic that alarms or rules of EventBridge send to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertTopic {
    /// The topic's ARN.
    pub arn: Arn,
    /// Who hears of it, as `sns:ListSubscriptionsByTopic` gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<Observed<Audience>>,
    /// Who may publish to it, and how it is encrypted, as `sns:GetTopicAttributes` gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Observed<TopicAttributes>>,
    /// Its confirmed subscriptions, sorted by ARN.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscriptions: Vec<Subscription>,
}

impl AlertTopic {
    /// Whether an ARN is that of a topic.
    pub fn is_one(arn: &Arn) -> bool {
        arn.service() == "sns" && !arn.resource().contains([':', '/'])
    }
}

/// Who may publish to a topic, and how it is encrypted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TopicAttributes {
    /// The JSON text of its policy.
    pub policy: String,
    /// The KMS key that encrypts its messages: an id, an alias or an ARN; absent where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kms_key: Option<String>,
}

/// A confirmed subscription to a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// Its ARN.
    pub arn: String,
    /// Who it is, as [`Audience::confirmed`] names them.
    pub subscriber: String,
    /// Which messages it is given, as `sns:GetSubscriptionAttributes` gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Observed<MessageFilter>>,
}

/// Which messages a subscription is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageFilter {
    /// The JSON text of its filter policy; absent where it is given all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
}

/// Who hears of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Whether the topic exists.
    pub existence: Existence,
    /// Who has confirmed a subscription: the protocol, and the ARN or the domain of the endpoint. What is before an address's
    /// `@` and after a URL's host is left out: it may be a secret, and names people.
    pub confirmed: Vec<String>,
    /// How many subscriptions wait to be confirmed.
    pub pending: usize,
}
