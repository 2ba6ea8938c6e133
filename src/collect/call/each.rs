//! What each call is made once for: how often it is planned.

use super::Call;

/// What a call is made once for, however many pages its answer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Each {
    /// The run.
    Run,
    /// A run over an organization.
    Organization,
    /// A root or an organizational unit.
    Unit,
    /// An account that is entered: every one but the caller's own.
    Entered,
    /// An account that is visited.
    Account,
    /// Such an account of an organization that is listed.
    ListedAccount,
    /// An enabled Region of an account that is visited.
    AccountRegion,
    /// A Region that is home to trails of an account, in the fast discovery.
    TrailHome,
    /// A Region and a key of tags in it, of an account whose buckets are looked for by their tags.
    TagRegion,
    /// A Region of an account in which AWS Config is asked.
    ConfigRegion,
    /// A Region in which AWS Config has a recorder.
    RecordedRegion,
    /// A trail.
    Trail,
    /// A trail that has Insights, or does not say.
    InsightTrail,
    /// A Region beside its home of a multi-Region trail that logs.
    TrailRegion,
    /// A bucket of trails, or one that such a bucket is copied to or logs access to, and an account that is asked for it.
    Place,
    /// An account that is asked whether a bucket is its own.
    OwnerQuestion,
    /// A bucket of trails whose owner is of the organization.
    OwnedBucket,
    /// An account that owns such buckets.
    BucketOwner,
    /// A KMS key of trails.
    Key,
    /// A key that is there.
    LiveKey,
    /// A key that KMS can rotate.
    RotatingKey,
    /// A topic of trails, or one that alarms or rules send to and somebody hears of.
    Topic,
    /// A log group of trails.
    LogGroup,
    /// A role by which a trail writes to its log group.
    LogRole,
    /// Such a role that is there.
    LiveLogRole,
    /// A policy that stands in such a role.
    InlinePolicy,
    /// A policy that is attached to such a role, or its boundary.
    RolePolicy,
    /// A Region of an account with metric filters of such log groups.
    AlarmPlace,
    /// An event bus that changes of trails come to.
    EventBus,
    /// A rule of it that may be for them.
    EventRule,
    /// An event bus that such rules send events to.
    ReceivingBus,
    /// A topic that alarms or rules send to.
    AlertTopic,
    /// A confirmed subscription to it.
    Subscription,
    /// An event data store.
    Store,
    /// A root, unit or account above or among the accounts that hold logs.
    PolicyTarget,
    /// A service control policy of theirs.
    ServiceControlPolicy,
    /// An account that holds logs, or administers CloudTrail.
    Governed,
    /// Those, or all where all are read.
    GovernedOrAll,
    /// A Region of an account in which Athena may have tables over log buckets.
    AthenaPlace,
    /// A catalog there.
    AthenaCatalog,
    /// A database in it.
    AthenaDatabase,
}

impl Call {
    /// What it is made once for: so many calls are planned.
    pub fn each(self) -> Each {
        match self {
            Self::GetCallerIdentity => Each::Run,
            Self::DescribeOrganization
            | Self::ListRoots
            | Self::ListDelegatedAdministrators
            | Self::ListServiceAccess => Each::Organization,
            Self::ListOrganizationalUnitsForParent | Self::ListAccountsForParent => Each::Unit,
            Self::AssumeRole => Each::Entered,
            Self::ListRegions | Self::ListAllBuckets | Self::ListTrails => Each::Account,
            Self::ListAccountTags => Each::ListedAccount,
            Self::DescribeTrails | Self::ListEventDataStores => Each::AccountRegion,
            Self::GetTrailStatus | Self::GetEventSelectors | Self::ListTrailTags => Each::Trail,
            Self::GetInsightSelectors => Each::InsightTrail,
            Self::GetRegionalTrailStatus => Each::TrailRegion,
            Self::HeadBucket => Each::Place,
            Self::ListBuckets => Each::OwnerQuestion,
            Self::GetBucketPolicy
            | Self::GetBucketAcl
            | Self::GetBucketOwnershipControls
            | Self::GetBucketPublicAccessBlock
            | Self::GetBucketVersioning
            | Self::GetBucketLifecycleConfiguration
            | Self::GetBucketEncryption
            | Self::GetBucketLogging
            | Self::GetObjectLockConfiguration
            | Self::GetBucketPolicyStatus
            | Self::GetBucketRequestPayment
            | Self::GetBucketReplication => Each::OwnedBucket,
            Self::GetAccountPublicAccessBlock => Each::BucketOwner,
            Self::DescribeKey => Each::Key,
            Self::GetKeyPolicy => Each::LiveKey,
            Self::GetKeyRotationStatus => Each::RotatingKey,
            Self::GetTopicAttributes => Each::Topic,
            Self::DescribeLogGroups | Self::DescribeMetricFilters | Self::DescribeSubscriptionFilters => Each::LogGroup,
            Self::GetResources => Each::TagRegion,
            Self::DescribeAlarms => Each::AlarmPlace,
            Self::ListEventRules => Each::EventBus,
            Self::ListEventTargets => Each::EventRule,
            Self::DescribeEventBus => Each::ReceivingBus,
            Self::ListSubscriptions => Each::AlertTopic,
            Self::GetSubscriptionAttributes => Each::Subscription,
            Self::GetEventDataStore | Self::GetStorePolicy => Each::Store,
            Self::GetRole => Each::LogRole,
            Self::ListRolePolicies | Self::ListAttachedRolePolicies => Each::LiveLogRole,
            Self::GetRolePolicy => Each::InlinePolicy,
            Self::GetPolicy | Self::GetPolicyVersion => Each::RolePolicy,
            Self::ListPoliciesForTarget => Each::PolicyTarget,
            Self::DescribePolicy => Each::ServiceControlPolicy,
            Self::DescribeConfigurationRecorders => Each::ConfigRegion,
            Self::DescribeConfigurationRecorderStatus | Self::DescribeDeliveryChannelStatus => Each::RecordedRegion,
            Self::ListDataCatalogs => Each::AthenaPlace,
            Self::ListDatabases => Each::AthenaCatalog,
            Self::ListTableMetadata => Each::AthenaDatabase,
            Self::GetAuthorizationDetails => Each::Governed,
            Self::GetAllAuthorizationDetails => Each::GovernedOrAll,
        }
    }
}
