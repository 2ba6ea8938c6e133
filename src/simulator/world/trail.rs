use super::TrailStatus;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Display;

/// A trail, as its owner made it.
#[derive(Debug, Clone, PartialEq)]
pub struct Trail {
    /// The account that owns it; of an organization trail, the management account.
    pub account: String,
    /// Its name.
    pub name: String,
    /// Its home Region.
    pub home_region: String,
    /// Whether it records all Regions.
    pub multi_region: bool,
    /// Whether it records the whole organization.
    pub organization: bool,
    /// Whether it signs its log files.
    pub log_file_validation: bool,
    /// Whether it records the events of global services.
    pub global_events: bool,
    /// `RecursiveLogging`: whether it records its own deliveries; AWS's answers had no such field before 2026.
    pub recursive_logging: Option<bool>,
    /// The bucket.
    pub bucket: String,
    /// The prefix in the bucket.
    pub prefix: Option<String>,
    /// The ARN of the KMS key.
    pub kms_key: Option<String>,
    /// The ARN of the SNS topic.
    pub topic: Option<String>,
    /// The ARN of the log group, ending in `:*`.
    pub log_group: Option<String>,
    /// The ARN of the role that writes to the log group.
    pub log_group_role: Option<String>,
    /// Basic event selectors, as the CLI prints them.
    pub event_selectors: Vec<Value>,
    /// Advanced event selectors, as the CLI prints them.
    pub advanced_event_selectors: Vec<Value>,
    /// Insight selectors, as the CLI prints them.
    pub insight_selectors: Vec<Value>,
    /// `HasCustomEventSelectors`, where it shall say something else than the selectors do.
    pub has_custom_event_selectors: Option<bool>,
    /// `HasInsightSelectors`, where it shall say something else than the selectors do.
    pub has_insight_selectors: Option<bool>,
    /// Its tags.
    pub tags: Vec<(String, String)>,
    /// Its status.
    pub status: TrailStatus,
    /// Its status in Regions where it differs.
    pub status_in: BTreeMap<String, TrailStatus>,
    /// Fields that the answers about it leave out, by their AWS names, such as `IsOrganizationTrail`.
    pub left_out: Vec<String>,
}

impl Trail {
    /// A single-Region trail that logs management events of its Region and global services, unsigned and without a key.
    pub fn new(account: impl Display, name: &str, home_region: impl Display, bucket: impl Display) -> Self {
        Self {
            account: account.to_string(),
            name: name.to_owned(),
            home_region: home_region.to_string(),
            multi_region: false,
            organization: false,
            log_file_validation: false,
            global_events: true,
            recursive_logging: None,
            bucket: bucket.to_string(),
            prefix: None,
            kms_key: None,
            topic: None,
            log_group: None,
            log_group_role: None,
            event_selectors: Vec::new(),
            advanced_event_selectors: Vec::new(),
            insight_selectors: Vec::new(),
            has_custom_event_selectors: None,
            has_insight_selectors: None,
            tags: Vec::new(),
            status: TrailStatus { is_logging: Some(true), ..TrailStatus::default() },
            status_in: BTreeMap::new(),
            left_out: Vec::new(),
        }
    }

    /// The trail, recording all Regions.
    #[must_use]
    pub fn multi_region(mut self) -> Self {
        self.multi_region = true;
        self
    }

    /// The trail, recording all Regions of the whole organization.
    #[must_use]
    pub fn of_organization(mut self) -> Self {
        self.organization = true;
        self.multi_region = true;
        self
    }

    /// The trail, signing its log files.
    #[must_use]
    pub fn validated(mut self) -> Self {
        self.log_file_validation = true;
        self
    }

    /// The trail, encrypting with a key.
    #[must_use]
    pub fn encrypted_with(mut self, key_arn: &str) -> Self {
        self.kms_key = Some(key_arn.to_owned());
        self
    }

    /// The trail, announcing its deliveries to a topic.
    #[must_use]
    pub fn announcing_to(mut self, topic_arn: &str) -> Self {
        self.topic = Some(topic_arn.to_owned());
        self
    }

    /// The trail, copying its events to a log group by a role of its account.
    #[must_use]
    pub fn copying_to(mut self, log_group_arn: &str) -> Self {
        self.log_group = Some(format!("{}:*", log_group_arn.trim_end_matches(":*")));
        let partition = log_group_arn.split(':').nth(1).unwrap_or("aws");
        self.log_group_role = Some(format!("arn:{partition}:iam::{}:role/cloudtrail-to-cloudwatch", self.account));
        self
    }

    /// The trail, with basic event selectors.
    #[must_use]
    pub fn selecting(mut self, selectors: impl IntoIterator<Item = Value>) -> Self {
        self.event_selectors = selectors.into_iter().collect();
        self
    }

    /// The trail, with advanced event selectors.
    #[must_use]
    pub fn selecting_advanced(mut self, selectors: impl IntoIterator<Item = Value>) -> Self {
        self.advanced_event_selectors = selectors.into_iter().collect();
        self
    }

    /// The trail, with insight selectors.
    #[must_use]
    pub fn with_insights(mut self, selectors: impl IntoIterator<Item = Value>) -> Self {
        self.insight_selectors = selectors.into_iter().collect();
        self
    }

    /// The trail, in a status.
    #[must_use]
    pub fn with_status(mut self, status: TrailStatus) -> Self {
        self.status = status;
        self
    }

    /// The trail, in another status in one Region.
    #[must_use]
    pub fn with_status_in(mut self, region: impl Display, status: TrailStatus) -> Self {
        self.status_in.insert(region.to_string(), status);
        self
    }

    /// The trail, with a tag.
    #[must_use]
    pub fn with_tag(mut self, key: &str, value: &str) -> Self {
        self.tags.push((key.to_owned(), value.to_owned()));
        self
    }

    /// The trail, of which AWS's answers leave out a field.
    #[must_use]
    pub fn leaving_out(mut self, field: &str) -> Self {
        self.left_out.push(field.to_owned());
        self
    }

    /// Its ARN in a partition.
    pub fn arn(&self, partition: &str) -> String {
        format!("arn:{partition}:cloudtrail:{}:{}:trail/{}", self.home_region, self.account, self.name)
    }
}
