//! What was read: plain, versioned data, and a [`Gap`] for everything that was asked and not answered.
//!
//! The snapshot is the hinge of the house. The collector writes it, everything else reads it, and nothing that is
//! right of it knows AWS. It holds the meaning of the raw answers, the times at which they were read and who asked;
//! it never holds credentials. Absent values are omitted, never null.

mod account;
mod alarm;
mod athena;
mod bucket;
mod config;
mod data_bucket;
mod document;
mod ending;
mod event_bus;
mod event_data_store;
mod filter;
mod gap;
mod identity;
mod key;
mod merge;
mod organization;
mod replication;
mod resource;
mod run;
mod shard;
mod trail;

pub use account::{Account, AccountState, PublicAccessBlock, Regions, Sighting};
pub use alarm::{Alarm, AlarmListing, Watched, WatchedMetric};
pub use athena::{AthenaTable, TableListing, UnreadTables};
pub use bucket::{
    AccessLogging, Acl, AclGrant, Bucket, BucketPolicy, Encryption, Existence, Expiration, Lifecycle, LifecycleFilter,
    LifecycleRule, MfaDelete, NoncurrentExpiration, ObjectLock, ObjectLockMode, Owner, OwnershipControls, PolicyStatus,
    Transition, Versioning, VersioningStatus,
};
pub use config::{
    ConfigDelivery, ConfigRegion, ConfigRegions, ConfigurationRecorder, DeliveryChannelStatus, Homes, RecorderStatus,
};
pub use data_bucket::{BucketListing, BucketPatterns, DataBucket};
pub use document::SnapshotError;
pub use ending::{Ending, Endings};
pub use event_bus::{
    AlertTopic, Audience, BusPolicy, EventBus, EventRule, MessageFilter, Subscription, TopicAttributes,
};
pub use event_data_store::{EventDataStore, EventDataStoreConfiguration, EventDataStorePolicy, StoreSighting};
pub use filter::{MetricFilter, MetricTransformation, SubscriptionFilter};
pub use gap::{Cause, Gap};
pub use identity::{Authorization, Identity, InlinePolicy, LogRole, ManagedPolicy, RoleDescription};
pub use key::{Key, KeyDescription, KeyPolicy, KeyRotation};
pub use merge::{MergeError, merge};
pub use organization::{
    Caller, DelegatedAdministrator, Organization, PolicyTarget, ServiceControl, ServiceControlPolicy,
};
pub use replication::{Replication, ReplicationDestination, ReplicationRule};
pub use resource::{LogGroup, LogGroupDescription, Topic};
pub use run::{Breadth, CallCount, Place, Plan, PlanBasis, Reused, ReusedUnits, Run, Selection, ShardRun};
pub use shard::{NotAShard, Shards};
pub(crate) use trail::witness;
pub use trail::{
    AdvancedEventSelector, BasicEventSelector, DataResource, EventSelectors, FieldSelector, InsightSelectors, Tags,
    Trail, TrailConfiguration, TrailStatus,
};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The schema of the snapshots that this version writes and reads.
pub const SCHEMA: &str = "trailproof.snapshot/1";

/// Everything that one run read from AWS, and what it could not read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// The version of the tool that collected it.
    pub tool_version: String,
    /// When collecting began.
    pub taken_at: Timestamp,
    /// Who asked.
    pub caller: Caller,
    /// What was to be scanned.
    pub selection: Selection,
    /// The organization, where one was listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<Organization>,
    /// The accounts of the selection, in whatever state, sorted by id.
    pub accounts: Vec<Account>,
    /// The trails that some account sees, each once, sorted by ARN.
    pub trails: Vec<Trail>,
    /// The buckets that trails deliver to, each once, sorted by name.
    pub buckets: Vec<Bucket>,
    /// The buckets that rules' parameters name, sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data_buckets: Vec<DataBucket>,
    /// The KMS keys that trails encrypt with, each once, sorted by ARN.
    pub keys: Vec<Key>,
    /// The SNS topics that trails notify, each once, sorted by ARN.
    pub topics: Vec<Topic>,
    /// The log groups that trails deliver to, each once, sorted by ARN.
    pub log_groups: Vec<LogGroup>,
    /// The roles by which trails write to their log groups, each once, sorted by ARN.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log_roles: Vec<LogRole>,
    /// The alarms on what the filters of those log groups count, by account and Region, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alarms: Vec<AlarmListing>,
    /// The event buses that changes of trails come to, each once, sorted by ARN.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub event_buses: Vec<EventBus>,
    /// The SNS topics that those alarms and the rules of those buses send to, each once, sorted by ARN.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alert_topics: Vec<AlertTopic>,
    /// The event data stores that some account sees, each once, sorted by ARN.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub event_data_stores: Vec<EventDataStore>,
    /// The tables of Athena over log buckets, by account and Region, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub athena_tables: Vec<TableListing>,
    /// What was asked and not answered, sorted.
    pub gaps: Vec<Gap>,
    /// How the run went: what differs from run to run without a change in AWS.
    pub run: Run,
}

/// An answer of AWS and the time at which it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Observed<T> {
    /// When it was read.
    pub read_at: Timestamp,
    /// What was read.
    pub value: T,
}

impl<T> Observed<T> {
    /// An answer read at a time.
    pub fn new(read_at: Timestamp, value: T) -> Self {
        Self { read_at, value }
    }
}

impl Snapshot {
    /// The account with an id, if it was selected.
    pub fn account(&self, id: crate::id::AccountId) -> Option<&Account> {
        self.accounts.binary_search_by_key(&id, |account| account.id).ok().map(|at| &self.accounts[at])
    }

    /// Puts everything in the order in which it is written: the same answers give the same bytes.
    pub fn sort(&mut self) {
        self.accounts.sort_by_key(|account| account.id);
        self.trails.sort_by(|a, b| a.arn.cmp(&b.arn));
        self.buckets.sort_by(|a, b| a.name.cmp(&b.name));
        self.data_buckets.sort_by(|a, b| (&a.name, a.account).cmp(&(&b.name, b.account)));
        self.keys.sort_by(|a, b| a.arn.cmp(&b.arn));
        self.topics.sort_by(|a, b| a.arn.cmp(&b.arn));
        self.log_groups.sort_by(|a, b| a.arn.cmp(&b.arn));
        self.log_roles.sort_by(|a, b| a.arn.cmp(&b.arn));
        self.alarms.sort_by(|a, b| (a.account, &a.region).cmp(&(b.account, &b.region)));
        self.event_buses.sort_by(|a, b| a.arn.cmp(&b.arn));
        self.alert_topics.sort_by(|a, b| a.arn.cmp(&b.arn));
        self.event_data_stores.sort_by(|a, b| a.arn.cmp(&b.arn));
        self.athena_tables.sort_by(|a, b| (a.account, &a.region).cmp(&(b.account, &b.region)));
        self.gaps.sort();
        self.gaps.dedup();
    }
}
