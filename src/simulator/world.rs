//! The world that is simulated: plain data, built by hand in a few lines.
//!
//! Names, ids and ARNs are text here, unlike in the rest of the library: this is what AWS says on the wire, and a test
//! may want AWS to say something odd. Whatever takes an id takes anything that can be displayed, so `AccountId` fits too.

mod account;
mod alarm;
mod athena;
mod bucket;
mod config;
mod denial;
pub(super) mod documents;
mod event_bus;
mod event_data_store;
mod filter;
mod identity;
mod key;
mod log_group;
mod organization;
mod status;
mod topic;
mod trail;

pub use account::{Account, AccountState, PublicAccessBlock, Role};
pub use alarm::{Alarm, Watched, WatchedMetric};
pub use athena::{AthenaTable, DataCatalog};
pub use bucket::{Bucket, Grant};
pub use config::{Config, ConfigChannel, ConfigRecorder};
pub use denial::{Denial, PolicyKind};
pub use documents::{log_bucket_policy, log_role_policy, trail_key_policy};
pub use event_bus::{EventBus, EventRule, Target};
pub use event_data_store::EventDataStore;
pub use filter::{MetricFilter, SubscriptionFilter};
pub use identity::{Identities, Identity, IdentityPolicy};
pub use key::{Key, MultiRegion, Rotation};
pub use log_group::LogGroup;
pub(super) use organization::FULL_ACCESS;
pub use organization::{Organization, ServiceControlPolicy};
pub use status::TrailStatus;
pub use topic::{Subscription, Topic};
pub use trail::Trail;

/// What a member account is told when it asks for the selectors of its organization's trail.
///
/// AWS's pages do not say, and the field disagrees: Cloud Custodian and aws-recon treat the call as failing, others make it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MemberSelectors {
    /// The selectors, as if the member owned the trail.
    Readable,
    /// `TrailNotFoundException`.
    #[default]
    NotFound,
    /// `CloudTrailARNInvalidException`.
    ArnInvalid,
}

/// Everything that exists: one partition, at most one organization, its accounts and what they own.
///
/// ```
/// use trailproof::simulator::{Account, Bucket, Trail, World};
/// let mut world = World::with_organization("o-exampleorgid", "111111111111");
/// world.accounts.push(Account::new("222222222222", "payments").in_unit("Workloads/Production"));
/// world.buckets.push(Bucket::new("acme-trails", "222222222222", "eu-west-1"));
/// world.trails.push(Trail::new("222222222222", "main", "eu-west-1", "acme-trails").multi_region());
/// assert_eq!(world.accounts.len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct World {
    /// The partition, such as `aws`.
    pub partition: String,
    /// The organization; without one, every account stands alone.
    pub organization: Option<Organization>,
    /// All accounts, those outside the organization too.
    pub accounts: Vec<Account>,
    /// All trails.
    pub trails: Vec<Trail>,
    /// All buckets.
    pub buckets: Vec<Bucket>,
    /// All KMS keys.
    pub keys: Vec<Key>,
    /// All SNS topics.
    pub topics: Vec<Topic>,
    /// All log groups.
    pub log_groups: Vec<LogGroup>,
    /// All alarms of CloudWatch.
    pub alarms: Vec<Alarm>,
    /// All buses of EventBridge that have rules or are no default bus.
    pub event_buses: Vec<EventBus>,
    /// AWS Config, where it was ever set up.
    pub config: Vec<Config>,
    /// All data catalogs of Athena beside those that every account has.
    pub data_catalogs: Vec<DataCatalog>,
    /// All tables that Athena knows.
    pub athena_tables: Vec<AthenaTable>,
    /// All event data stores of CloudTrail Lake.
    pub event_data_stores: Vec<EventDataStore>,
    /// What members are told about the selectors of the organization's trails.
    pub member_selectors: MemberSelectors,
}

impl World {
    fn empty() -> Self {
        Self {
            partition: "aws".to_owned(),
            organization: None,
            accounts: Vec::new(),
            trails: Vec::new(),
            buckets: Vec::new(),
            keys: Vec::new(),
            topics: Vec::new(),
            log_groups: Vec::new(),
            alarms: Vec::new(),
            event_buses: Vec::new(),
            config: Vec::new(),
            data_catalogs: Vec::new(),
            athena_tables: Vec::new(),
            event_data_stores: Vec::new(),
            member_selectors: MemberSelectors::default(),
        }
    }

    /// A world of one organization, which has its management account and nothing else.
    pub fn with_organization(id: &str, management: impl std::fmt::Display) -> Self {
        let management = Account::new(management, "management");
        let organization = Some(Organization::new(id, &management.id));
        Self { organization, accounts: vec![management], ..Self::empty() }
    }

    /// A world of one account that is in no organization.
    pub fn with_account(account: Account) -> Self {
        Self { accounts: vec![account.outside()], ..Self::empty() }
    }

    /// The account with an id, to change it in place.
    pub fn account_mut(&mut self, id: impl std::fmt::Display) -> Option<&mut Account> {
        let id = id.to_string();
        self.accounts.iter_mut().find(|account| account.id == id)
    }

    /// The first trail with a name, to change it in place.
    pub fn trail_mut(&mut self, name: &str) -> Option<&mut Trail> {
        self.trails.iter_mut().find(|trail| trail.name == name)
    }

    /// The bucket with a name, to change it in place.
    pub fn bucket_mut(&mut self, name: &str) -> Option<&mut Bucket> {
        self.buckets.iter_mut().find(|bucket| bucket.name == name)
    }
}
