//! Accounts, their Regions, and the trails that they see.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

use super::{Authorization, BucketListing, ConfigRegion, Observed, StoreSighting};
use crate::id::{AccountId, RegionName, TrailArn};

/// An account of the organization, or the one account of a run without an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The account's id.
    pub id: AccountId,
    /// Its name in the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its state in the organization; absent where no organization was listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<AccountState>,
    /// The names of the organizational units above it, such as `/Workloads/Production`; `/` is the root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ou_path: Option<String>,
    /// The ids of the root and the organizational units above it, from the root down.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ou_ids: Vec<String>,
    /// The account's tags, read only when a selection needs them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Observed<BTreeMap<String, String>>>,
    /// Which Regions it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regions: Option<Observed<Regions>>,
    /// Which trails it sees where. A Region that stands in no sighting was not read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sightings: Vec<Sighting>,
    /// The trails that it names, where that was asked instead of what it sees in each Region; sorted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed_trails: Option<Observed<Vec<TrailArn>>>,
    /// Which event data stores it lists where. A Region that stands in no sighting was not read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub event_data_stores: Vec<StoreSighting>,
    /// AWS Config in the Regions in which it was asked.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub config: BTreeMap<RegionName, ConfigRegion>,
    /// Its own buckets, looked through where rules' parameters name buckets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buckets: Option<Observed<BucketListing>>,
    /// The account's own S3 Block Public Access, read for owners of log buckets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_access_block: Option<Observed<PublicAccessBlock>>,
    /// Its users, groups, roles and policies, read for accounts that hold logs or administer CloudTrail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorization: Option<Observed<Authorization>>,
}

impl Account {
    /// An account of which nothing but the id is known.
    pub fn unknown(id: AccountId) -> Self {
        Self {
            id,
            name: None,
            state: None,
            ou_path: None,
            ou_ids: Vec::new(),
            tags: None,
            regions: None,
            sightings: Vec::new(),
            listed_trails: None,
            event_data_stores: Vec::new(),
            config: BTreeMap::new(),
            buckets: None,
            public_access_block: None,
            authorization: None,
        }
    }

    /// The trails that it sees in some Region, or names, each once.
    pub fn trails(&self) -> BTreeSet<&TrailArn> {
        let listed = self.listed_trails.iter().flat_map(|listed| &listed.value);
        self.sightings.iter().flat_map(|sighting| &sighting.trails).chain(listed).collect()
    }

    /// Whether it answered which trails it sees, or which it has.
    pub fn shows_trails(&self) -> bool {
        !self.sightings.is_empty() || self.listed_trails.is_some()
    }

    /// Whether it is to be scanned: ACTIVE, or of no organization that was listed.
    pub fn is_active(&self) -> bool {
        matches!(self.state, None | Some(AccountState::Active | AccountState::Other(_)))
    }

    /// Whether it is beneath an organizational unit, given by id or by path (`/Workloads/Production`).
    pub fn is_beneath(&self, unit: &str) -> bool {
        if self.ou_ids.iter().any(|id| id == unit) {
            return true;
        }
        let Some(path) = self.ou_path.as_deref().filter(|_| unit.starts_with('/')) else { return false };
        let unit = unit.trim_end_matches('/');
        path == unit || path.strip_prefix(unit).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// The state of an account in its organization.
///
/// Source: `State` of the Organizations API's Account; its older `Status` knows ACTIVE, SUSPENDED and PENDING_CLOSURE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountState {
    /// In use.
    Active,
    /// Suspended by AWS.
    Suspended,
    /// To be closed.
    PendingClosure,
    /// To be activated.
    PendingActivation,
    /// Closed.
    Closed,
    /// A state that this version does not know: the account is scanned, and says itself what it answers.
    #[serde(untagged)]
    Other(String),
}

impl AccountState {
    /// The state as AWS writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Active => "ACTIVE",
            Self::Suspended => "SUSPENDED",
            Self::PendingClosure => "PENDING_CLOSURE",
            Self::PendingActivation => "PENDING_ACTIVATION",
            Self::Closed => "CLOSED",
            Self::Other(text) => text,
        }
    }
}

impl std::fmt::Display for AccountState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<&str> for AccountState {
    fn from(text: &str) -> Self {
        match text {
            "ACTIVE" => Self::Active,
            "SUSPENDED" => Self::Suspended,
            "PENDING_CLOSURE" => Self::PendingClosure,
            "PENDING_ACTIVATION" => Self::PendingActivation,
            "CLOSED" => Self::Closed,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// The Regions of an account, as `account:ListRegions` says them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Regions {
    /// Regions that every account has.
    pub enabled_by_default: Vec<RegionName>,
    /// Regions that the account has opted in to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opted_in: Vec<RegionName>,
    /// Regions that are being enabled or disabled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changing: Vec<RegionName>,
}

impl Regions {
    /// The Regions that are enabled, sorted.
    pub fn enabled(&self) -> Vec<&RegionName> {
        let mut all: Vec<&RegionName> = self.enabled_by_default.iter().chain(&self.opted_in).collect();
        if !all.is_sorted() {
            all.sort();
        }
        all
    }
}

/// The trails that an account sees in Regions where it sees the same ones: evidence that they reach it there.
///
/// Source: `cloudtrail:DescribeTrails` with shadow trails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sighting {
    /// The Regions, sorted.
    pub regions: Vec<RegionName>,
    /// The trails seen in each of them, sorted; none at all is an answer too.
    pub trails: Vec<TrailArn>,
    /// When the first of these Regions was read.
    pub read_at: Timestamp,
}

/// S3 Block Public Access of an account or of a bucket.
///
/// Absence is an answer: `NoSuchPublicAccessBlockConfiguration` means that all four are off
/// (S3 API Reference, GetPublicAccessBlock).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicAccessBlock {
    /// New public ACLs are refused.
    pub block_public_acls: bool,
    /// Public ACLs have no effect.
    pub ignore_public_acls: bool,
    /// New public policies are refused.
    pub block_public_policy: bool,
    /// A public policy lets in only the own account and AWS services.
    pub restrict_public_buckets: bool,
}
