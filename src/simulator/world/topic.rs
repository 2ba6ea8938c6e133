/// Who hears of a topic's messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// `email`, `sqs`, `lambda` …
    pub protocol: String,
    /// The address or ARN.
    pub endpoint: String,
    /// Whether the endpoint has confirmed.
    pub confirmed: bool,
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
        let policy = serde_json::json!({ "Version": "2012-10-17", "Statement": [{ "Sid": "AWSCloudTrailSNSPolicy",
            "Effect": "Allow", "Principal": { "Service": "cloudtrail.amazonaws.com" }, "Action": "SNS:Publish",
            "Resource": arn, "Condition": { "StringEquals": { "aws:SourceAccount": account } } }] });
        Self { arn: arn.to_owned(), policy: policy.to_string(), kms_key: None, subscriptions: Vec::new() }
    }

    /// The topic, with a confirmed subscription.
    #[must_use]
    pub fn heard_by(mut self, protocol: &str, endpoint: &str) -> Self {
        let subscription =
            Subscription { protocol: protocol.to_owned(), endpoint: endpoint.to_owned(), confirmed: true };
        self.subscriptions.push(subscription);
        self
    }
}
