use jiff::Timestamp;

/// A log group of CloudWatch Logs.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// How many metric filters it has.
    pub metric_filters: u32,
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
            metric_filters: 0,
            deletion_protection: None,
        }
    }

    /// The log group, keeping its events for some days.
    #[must_use]
    pub fn keeping_days(mut self, days: u32) -> Self {
        self.retention_days = Some(days);
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.arn.splitn(7, ':').nth(6).unwrap_or("")
    }
}
