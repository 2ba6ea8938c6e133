use super::{MetricFilter, SubscriptionFilter};
use jiff::Timestamp;

/// A log group of CloudWatch Logs.
#[derive(Debug, Clone, PartialEq)]
pub struct LogGroup {
    /// Its ARN without the `:*`, which names its account, Region and name.
    pub arn: String,
    /// When it was made.
    pub created: Timestamp,
    /// For how many days it keeps events; without it, for ever.
    pub retention_days: Option<u32>,
    /// The KMS key that encrypts it.
    pub kms_key: Option<String>,
    /// `STANDARD`, `INFREQUENT_ACCESS` or `DELIVERY`.
    pub class: Option<String>,
    /// Its metric filters.
    pub metric_filters: Vec<MetricFilter>,
    /// Its subscription filters.
    pub subscription_filters: Vec<SubscriptionFilter>,
    /// Whether it is protected from deletion.
    pub deletion_protection: Option<bool>,
}

impl LogGroup {
    /// A log group that keeps its events for ever, encrypted with no key of the customer's.
    pub fn new(arn: &str) -> Self {
        Self {
            arn: arn.trim_end_matches(":*").to_owned(),
            created: Timestamp::from_second(1_609_459_200).unwrap_or(Timestamp::UNIX_EPOCH),
            retention_days: None,
            kms_key: None,
            class: Some("STANDARD".to_owned()),
            metric_filters: Vec::new(),
            subscription_filters: Vec::new(),
            deletion_protection: None,
        }
    }

    /// The log group, keeping its events for some days.
    #[must_use]
    pub fn keeping_days(mut self, days: u32) -> Self {
        self.retention_days = Some(days);
        self
    }

    /// The log group, with a metric filter.
    #[must_use]
    pub fn with_metric_filter(mut self, filter: MetricFilter) -> Self {
        self.metric_filters.push(filter);
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.arn.splitn(7, ':').nth(6).unwrap_or("")
    }
}
