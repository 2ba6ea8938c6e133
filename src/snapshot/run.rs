//! What was to be scanned, and how the run went.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BucketPatterns, Cause, Endings, Gap, Shards};
use crate::id::{AccountId, RegionName};

/// What was to be scanned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// A whole organization, or one account.
    pub breadth: Breadth,
    /// The role that members were entered by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role_name: Option<String>,
    /// Only these accounts; empty, all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<AccountId>,
    /// Not these accounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude_accounts: Vec<AccountId>,
    /// Only accounts beneath these organizational units, by id or path; empty, all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ous: Vec<String>,
    /// No accounts beneath these organizational units, by id or path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude_ous: Vec<String>,
    /// Only these Regions; empty, all enabled ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<RegionName>,
    /// Accounts that were named as owners of log buckets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log_archives: Vec<AccountId>,
    /// The buckets of data that were looked for.
    #[serde(default, skip_serializing_if = "BucketPatterns::is_empty")]
    pub buckets: BucketPatterns,
    /// Whether the status of multi-Region trails was asked in all their Regions.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deep: bool,
    /// Whether accounts were asked for their trails at once, and not for those that they see in each Region.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fast: bool,
    /// The operations that the selected rules needed, such as `s3:GetBucketPolicy`, sorted: none but these was called.
    /// Empty: all that the version had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operations: Vec<String>,
    /// Where the accounts were split among several runs, those whose accounts were visited; absent, all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shards: Option<Shards>,
}

impl Selection {
    /// Whether it names accounts or organizational units: not all are scanned then.
    pub fn names_accounts(&self) -> bool {
        !self.accounts.is_empty()
            || !self.exclude_accounts.is_empty()
            || !self.ous.is_empty()
            || !self.exclude_ous.is_empty()
    }

    /// Whether a gap is of what the options leave unread by themselves, whatever AWS answers: what each Region sees, in the
    /// fast discovery.
    pub fn leaves_open(&self, gap: &Gap) -> bool {
        self.fast && gap.cause == Cause::NotCollected && gap.operation == "cloudtrail:DescribeTrails"
    }

    /// Whether an account is visited, if it is scanned: it is of no other shard.
    pub fn visits(&self, account: AccountId) -> bool {
        self.shards.as_ref().is_none_or(|shards| shards.hold(account))
    }
}

/// A whole organization, or one account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Breadth {
    /// All accounts of the organization.
    Organization,
    /// The caller's own account.
    #[default]
    Account,
}

/// How a run went.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// When it began.
    pub started_at: Timestamp,
    /// When the last answer was in.
    pub finished_at: Timestamp,
    /// Calls by operation, such as `cloudtrail:DescribeTrails`.
    pub calls: BTreeMap<String, CallCount>,
    /// How the questions ended, those among them that were planned and not put.
    #[serde(default)]
    pub endings: Endings,
    /// What was not asked again, because the journal of a run that ended early had the answer: by operation.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reused: BTreeMap<String, Reused>,
    /// Requests on the wire, retries included.
    pub requests: u64,
    /// Requests that AWS refused for rate.
    pub throttles: u64,
    /// The runs that were merged, by their shards, sorted; all else here is the sum of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shards: Vec<ShardRun>,
    /// What it was expected to take before any account was entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
}

/// What a run is expected to take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// How it is known what there is to read.
    pub basis: PlanBasis,
    /// The accounts that are visited.
    pub accounts: u64,
    /// The most Regions of one of them.
    pub regions: u64,
    /// Calls by operation.
    pub calls: BTreeMap<String, u64>,
    /// All of them.
    pub total: u64,
    /// The time from the first to the last answer, in seconds.
    pub seconds: u64,
    /// What that time is the time of.
    pub bound_by: String,
    /// The memory that the run takes at most, in bytes.
    pub bytes: u64,
}

/// How it is known what there is to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlanBasis {
    /// It is assumed: the Regions that every account has, and one organization trail with all that belongs to it.
    Assumed,
    /// As an earlier snapshot found it.
    Snapshot,
}

/// How a run went that was merged with others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShardRun {
    /// The shards that it read, such as `2/4`.
    pub shards: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When its last answer was in.
    pub finished_at: Timestamp,
    /// Its requests on the wire, retries included.
    pub requests: u64,
    /// Those of them that AWS refused for rate.
    pub throttles: u64,
}

/// What a journal answered of an operation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reused {
    /// How many questions.
    pub questions: u64,
    /// The accounts that they were about.
    pub accounts: BTreeSet<AccountId>,
    /// When the oldest of the answers was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest: Option<Timestamp>,
    /// Which questions they were, sorted: those of accounts that have the same in common are told together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<ReusedUnits>,
}

/// Questions that a journal answered, the same of some accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReusedUnits {
    /// The accounts that were asked; none where the question was put to no account.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<AccountId>,
    /// Where, and about what, each of them was asked.
    pub places: Vec<Place>,
}

/// Where a question was put, and what it was about.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The Region that was asked, where the question was put to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionName>,
    /// The ARN or name that was asked about, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
}

impl Reused {
    /// Adds what the journal of another run answered.
    pub fn add(&mut self, other: &Self) {
        self.questions += other.questions;
        self.accounts.extend(&other.accounts);
        self.oldest = self.oldest.into_iter().chain(other.oldest).min();
        self.units.extend(other.units.iter().cloned());
        self.units.sort();
    }
}

/// How often an operation was called.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallCount {
    /// Calls that AWS answered.
    pub answered: u64,
    /// Calls that left a gap.
    pub unanswered: u64,
}
