//! AWS Config: what it records in a Region of an account, and whether it delivers that.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Account, Observed, Trail};
use crate::id::{Partition, RegionName, TrailArn};

/// AWS Config in one Region of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfigRegion {
    /// The customer's recorders, as `config:DescribeConfigurationRecorders` lists them; a Region has at most one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorders: Option<Observed<Vec<ConfigurationRecorder>>>,
    /// What they are doing, as `config:DescribeConfigurationRecorderStatus` says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorder_status: Option<Observed<Vec<RecorderStatus>>>,
    /// How delivery goes, as `config:DescribeDeliveryChannelStatus` says; a Region has at most one channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_status: Option<Observed<Vec<DeliveryChannelStatus>>>,
}

/// A recorder of the customer. Those that AWS services keep for themselves are not among them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfigurationRecorder {
    /// Its name.
    pub name: String,
    /// Whether it records all types of resources that it can.
    pub all_supported: bool,
}

/// What a recorder is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecorderStatus {
    /// The recorder's name.
    pub name: String,
    /// Whether it records.
    pub recording: bool,
    /// `Pending`, `Success`, `Failure` or `NotApplicable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_status: Option<String>,
    /// The code of the latest error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error_code: Option<String>,
    /// When it was last started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_start_time: Option<Timestamp>,
}

/// How delivery to a channel goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliveryChannelStatus {
    /// The channel's name.
    pub name: String,
    /// Snapshots of all resources to the bucket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<ConfigDelivery>,
    /// The history of changes to the bucket, every six hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<ConfigDelivery>,
    /// Notifications to the topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<ConfigDelivery>,
}

/// The latest delivery of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfigDelivery {
    /// `Success`, `Failure` or `Not_Applicable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_status: Option<String>,
    /// The code of the latest error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_error_code: Option<String>,
}

/// The trails of a snapshot as an account's home is told by them: by ARN, and whether they are organization trails.
#[derive(Debug)]
pub struct Homes<'a>(HashMap<&'a TrailArn, bool>);

impl<'a> Homes<'a> {
    /// Those of trails.
    pub fn of(trails: &'a [Trail]) -> Self {
        let kind = |trail: &'a Trail| (&trail.arn, trail.configuration.value.is_organization_trail == Some(true));
        Self(trails.iter().map(kind).collect())
    }

    /// The Regions that are an account's home: those of the organization trails that it sees, else of the other trails
    /// that it sees, else the Region of the partition's global services. Those that are not enabled are not among them.
    pub fn of_account(&self, account: &Account, partition: &Partition) -> BTreeSet<RegionName> {
        let seen: Vec<(&TrailArn, bool)> =
            account.trails().into_iter().filter_map(|arn| Some((arn, *self.0.get(arn)?))).collect();
        let of_organization = seen.iter().any(|(_, of_organization)| *of_organization);
        let homes = seen.iter().filter(|(_, is)| *is == of_organization);
        let mut found: BTreeSet<RegionName> = homes.map(|(arn, _)| arn.home_region().clone()).collect();
        if found.is_empty() {
            found.extend(partition.leader_region());
        }
        if let Some(regions) = &account.regions {
            let enabled = regions.value.enabled();
            found.retain(|region| enabled.binary_search(&region).is_ok());
        }
        found
    }
}

/// The Regions in which AWS Config is to record, as rules' parameters name them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigRegions(BTreeSet<String>);

impl ConfigRegions {
    /// Those that texts name: `home`, `all`, or a Region's name.
    pub fn new(named: impl IntoIterator<Item = String>) -> Self {
        Self(named.into_iter().collect())
    }

    /// Whether a Region is meant, which may be the account's home.
    pub fn mean(&self, region: &RegionName, is_home: bool) -> bool {
        self.0.contains("all") || (is_home && self.0.contains("home")) || self.0.contains(region.as_str())
    }

    /// Whether none is meant.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds what others mean.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }
}
