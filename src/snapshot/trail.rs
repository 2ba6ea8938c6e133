//! Trails: one entity an ARN, however many accounts see it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Account, Observed};
use crate::id::{AccountId, Arn, RegionName, TrailArn};

/// A trail, as its owner describes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trail {
    /// The trail's ARN.
    pub arn: TrailArn,
    /// Its configuration.
    pub configuration: Observed<TrailConfiguration>,
    /// The account and Region whose answer the configuration is: the owner at home where that could be read.
    pub described_by: AccountId,
    /// See [`Trail::described_by`].
    pub described_in: RegionName,
    /// Its status in the home Region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Observed<TrailStatus>>,
    /// Its status in other Regions, where it is multi-Region and logs and that was asked for.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub regional_status: BTreeMap<RegionName, Observed<TrailStatus>>,
    /// What it records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_selectors: Option<Observed<EventSelectors>>,
    /// Which Insights it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub insight_selectors: Option<Observed<InsightSelectors>>,
    /// Its tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Observed<Tags>>,
}

impl Trail {
    /// The Regions beside its home in which a multi-Region trail delivers, as far as they are known: those that its
    /// owner has; where the owner is not among the accounts or does not say, those in which the accounts see it.
    ///
    /// `only` are the Regions that are scanned; empty, all.
    pub fn other_regions(&self, accounts: &[Account], only: &[RegionName]) -> BTreeSet<RegionName> {
        let owner = accounts.iter().find(|account| account.id == self.arn.account());
        let regions: BTreeSet<RegionName> = match owner.and_then(|owner| owner.regions.as_ref()) {
            Some(regions) => regions.value.enabled().into_iter().cloned().collect(),
            None => {
                let sightings = accounts.iter().flat_map(|account| &account.sightings);
                let seen = sightings.filter(|sighting| sighting.trails.contains(&self.arn));
                seen.flat_map(|sighting| sighting.regions.iter().cloned()).collect()
            }
        };
        let wanted =
            |region: &RegionName| region != self.arn.home_region() && (only.is_empty() || only.contains(region));
        regions.into_iter().filter(wanted).collect()
    }

    /// The event bus that events of changes of the trail come to: the default one of its owner in its home Region.
    pub fn home_bus(&self) -> Option<Arn> {
        let partition = self.arn.arn().partition()?;
        format!("arn:{partition}:events:{}:{}:event-bus/default", self.arn.home_region(), self.arn.account())
            .parse()
            .ok()
    }

    /// Whether it logs, as its home Region says.
    pub fn logs(&self) -> bool {
        self.status.as_ref().is_some_and(|status| status.value.is_logging == Some(true))
    }
}

/// How good a witness of a trail an account in a Region is, the least being the best: the owner at home, else the owner
/// elsewhere, else the first account and Region.
pub(crate) fn witness<'a>(
    arn: &TrailArn,
    account: AccountId,
    region: &'a RegionName,
) -> (bool, bool, AccountId, &'a RegionName) {
    (account != arn.account(), region != arn.home_region(), account, region)
}

/// The tags of a resource.
pub type Tags = BTreeMap<String, String>;

/// The configuration of a trail, as `cloudtrail:DescribeTrails` gives it.
///
/// Absence is documented, and so an answer, for the prefix, the topic, the log group, its role and the key
/// (CloudTrail API Reference, Trail). The flags are always present on AWS; where one is absent it is not known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrailConfiguration {
    /// The bucket that it delivers to, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s3_bucket_name: Option<String>,
    /// The prefix before `AWSLogs/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s3_key_prefix: Option<String>,
    /// The topic that it notifies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sns_topic_arn: Option<String>,
    /// Whether it records global service events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_global_service_events: Option<bool>,
    /// Whether it records in all enabled Regions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_multi_region_trail: Option<bool>,
    /// Whether it records all accounts of the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_organization_trail: Option<bool>,
    /// Whether digests are written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_file_validation_enabled: Option<bool>,
    /// The log group that it delivers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_watch_logs_log_group_arn: Option<String>,
    /// The role by which it does so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_watch_logs_role_arn: Option<String>,
    /// The customer's key that it encrypts with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kms_key_id: Option<String>,
    /// Whether it has selectors other than the default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_custom_event_selectors: Option<bool>,
    /// Whether it has Insights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub has_insight_selectors: Option<bool>,
    /// Whether it records the events of its own deliveries; AWS's default is true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recursive_logging: Option<bool>,
}

impl TrailConfiguration {
    /// The ARN of the log group, without the `:*` that CloudTrail writes after it.
    pub fn log_group(&self) -> Option<&str> {
        self.cloud_watch_logs_log_group_arn.as_deref().map(|arn| arn.trim_end_matches(":*"))
    }

    /// The key as an ARN, where it is one.
    pub fn kms_key_arn(&self) -> Option<Arn> {
        self.kms_key_id.as_ref()?.parse().ok()
    }
}

/// The status of a trail in one Region, as `cloudtrail:GetTrailStatus` gives it.
///
/// Absence of an error is documented, and so an answer: the field holds the error, if any, of the latest attempt
/// (CloudTrail API Reference, GetTrailStatus). `is_logging` is always present on AWS.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrailStatus {
    /// Whether the trail logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_logging: Option<bool>,
    /// The S3 error of the latest delivery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_delivery_error: Option<String>,
    /// When log files were last delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_delivery_time: Option<Timestamp>,
    /// The SNS error of the latest notification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_notification_error: Option<String>,
    /// When a notification was last sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_notification_time: Option<Timestamp>,
    /// The error of the latest delivery to CloudWatch Logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_cloud_watch_logs_delivery_error: Option<String>,
    /// When events were last delivered to CloudWatch Logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_cloud_watch_logs_delivery_time: Option<Timestamp>,
    /// The S3 error of the latest digest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_digest_delivery_error: Option<String>,
    /// When a digest was last delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_digest_delivery_time: Option<Timestamp>,
    /// When logging was last started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_logging_time: Option<Timestamp>,
    /// When logging was last stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_logging_time: Option<Timestamp>,
}

/// The event selectors of a trail: basic or advanced ones, never both.
///
/// Source: CloudTrail API Reference, GetEventSelectors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventSelectors {
    /// Basic selectors.
    Basic(Vec<BasicEventSelector>),
    /// Advanced selectors.
    Advanced(Vec<AdvancedEventSelector>),
}

/// One basic event selector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BasicEventSelector {
    /// `ReadOnly`, `WriteOnly` or `All`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_write_type: Option<String>,
    /// Whether management events are recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_management_events: Option<bool>,
    /// Event sources whose management events are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude_management_event_sources: Vec<String>,
    /// Resources whose data events are recorded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data_resources: Vec<DataResource>,
}

/// The data events of one resource type in a basic selector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataResource {
    /// Such as `AWS::S3::Object`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
    /// ARNs or prefixes of ARNs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// One advanced event selector: all its fields must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdvancedEventSelector {
    /// The name that people gave it; it has no meaning.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The fields.
    pub field_selectors: Vec<FieldSelector>,
}

/// One field of an advanced event selector.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldSelector {
    /// The field, such as `eventCategory`.
    pub field: String,
    /// Equal to one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub equals: Vec<String>,
    /// Begins with one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starts_with: Vec<String>,
    /// Ends with one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ends_with: Vec<String>,
    /// Equal to none of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_equals: Vec<String>,
    /// Begins with none of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_starts_with: Vec<String>,
    /// Ends with none of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_ends_with: Vec<String>,
}

impl FieldSelector {
    /// The values of each operator.
    pub fn operators(&self) -> impl Iterator<Item = &[String]> {
        let Self { field: _, equals, starts_with, ends_with, not_equals, not_starts_with, not_ends_with } = self;
        [equals, starts_with, ends_with, not_equals, not_starts_with, not_ends_with].into_iter().map(Vec::as_slice)
    }
}

/// The Insights of a trail, by type; none where `InsightNotEnabledException` was the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InsightSelectors {
    /// Such as `ApiCallRateInsight`, each with the event categories it looks at.
    pub types: BTreeMap<String, Vec<String>>,
}
