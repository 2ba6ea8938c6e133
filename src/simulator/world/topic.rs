use serde_json::{Value, json};

/// Who hears of a topic's messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// `email`, `sqs`, `lambda` …
    pub protocol: String,
    /// The address or ARN.
    pub endpoint: String,
    /// Whether the endpoint has confirmed.
    pub confirmed: bool,
    /// Which messages it is given; all of them without one.
    pub filter_policy: Option<String>,
}

impl Subscription {
    /// A confirmed subscription that is given all messages.
    pub fn new(protocol: &str, endpoint: &str) -> Self {
        let (protocol, endpoint) = (protocol.to_owned(), endpoint.to_owned());
        Self { protocol, endpoint, confirmed: true, filter_policy: None }
    }
}

/// An SNS topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its ARN, which names its account and Region.
    pub arn: String,
    /// Its policy.
    pub policy: String,
    /// The KMS key that encrypts it.
    pub kms_key: Option<String>,
    /// Its subscriptions.
    pub subscriptions: Vec<Subscription>,
}

impl Topic {
    /// A topic that lets CloudTrail publish, and nobody listens to.
    pub fn new(arn: &str) -> Self {
        let account = arn.split(':').nth(4).unwrap_or("");
        let policy = json!({ "Version": "2012-10-17", "Statement": [{ "Sid": "AWSCloudTrailSNSPolicy",
            "Effect": "Allow", "Principal": { "Service": "cloudtrail.amazonaws.com" }, "Action": "SNS:Publish",
            "Resource": arn, "Condition": { "StringEquals": { "aws:SourceAccount": account } } }] });
        Self { arn: arn.to_owned(), policy: policy.to_string(), kms_key: None, subscriptions: Vec::new() }
    }

    /// The topic, with a confirmed subscription.
    #[must_use]
    pub fn heard_by(mut self, protocol: &str, endpoint: &str) -> Self {
        self.subscriptions.push(Subscription::new(protocol, endpoint));
        self
    }

    /// The topic with the policy that SNS makes one with: the principals of its account alone get at it.
    ///
    /// Source: EventBridge User Guide, "Using resource-based policies for Amazon EventBridge", which shows a new topic's.
    #[must_use]
    pub fn as_made(mut self) -> Self {
        let actions = ["GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic"];
        let more = ["Subscribe", "ListSubscriptionsByTopic", "Publish"];
        let actions: Vec<String> = actions.iter().chain(&more).map(|action| format!("SNS:{action}")).collect();
        let account = self.arn.split(':').nth(4).unwrap_or("");
        let statement = json!({ "Sid": "__default_statement_ID", "Effect": "Allow", "Principal": { "AWS": "*" },
            "Action": actions, "Resource": self.arn,
            "Condition": { "StringEquals": { "AWS:SourceOwner": account } } });
        self.policy =
            json!({ "Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement] }).to_string();
        self
    }

    /// The topic, with a policy that lets its own account's principals in, and a service publish.
    ///
    /// Source: the same page, "Amazon SNS permissions".
    #[must_use]
    pub fn letting(self, service: &str) -> Self {
        let mut made = if self.policy.contains("__default_statement_ID") { self } else { self.as_made() };
        let mut policy: Value = serde_json::from_str(&made.policy).unwrap_or_default();
        if let Some(statements) = policy["Statement"].as_array_mut() {
            statements.push(json!({ "Effect": "Allow", "Principal": { "Service": service }, "Action": "sns:Publish",
                "Resource": made.arn }));
        }
        made.policy = policy.to_string();
        made
    }
}
