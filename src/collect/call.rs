//! The table of calls: everything the collector may ask, and what it takes to be allowed to.
//!
//! Gaps, progress, the session policy, and later plans and permissions hang on this table. A call that is not in it
//! cannot be made: every question goes through [`super::ledger::Ledger::ask`], which takes a [`Call`].

mod each;

pub use each::Each;

use serde::{Deserialize, Serialize};

/// A part of the snapshot that is read by calls of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FactGroup {
    /// Who asks.
    Caller,
    /// The organization, its accounts and their places in the tree.
    Organization,
    /// Delegated administrators of CloudTrail.
    DelegatedAdministrators,
    /// Which services the organization trusts.
    TrustedAccess,
    /// The tags of accounts, read only where baselines or waivers name some.
    AccountTags,
    /// Service control policies along the paths of the accounts that hold logs.
    ServiceControl,
    /// Entering an account.
    Session,
    /// The Regions of an account.
    Regions,
    /// Which trails an account sees where.
    Sightings,
    /// Which trails an account names, in the fast discovery.
    TrailList,
    /// Status of a trail at home.
    TrailStatus,
    /// Status of a multi-Region trail in its other Regions, read only on request.
    RegionalStatus,
    /// What a trail records.
    EventSelectors,
    /// Insights of a trail.
    InsightSelectors,
    /// Tags of a trail.
    TrailTags,
    /// Whether a bucket exists, and where it is.
    BucketLocation,
    /// Whose a bucket is.
    BucketOwner,
    /// Policy of a bucket.
    BucketPolicy,
    /// ACL and object ownership of a bucket.
    BucketAcl,
    /// Block Public Access of a bucket and of its owner's account.
    PublicAccessBlock,
    /// Versioning and MFA delete of a bucket.
    BucketVersioning,
    /// Lifecycle rules of a bucket.
    BucketLifecycle,
    /// Default encryption of a bucket.
    BucketEncryption,
    /// Server access logging of a bucket.
    BucketAccessLogging,
    /// Object Lock of a bucket.
    BucketObjectLock,
    /// S3's own verdict on the policy of a bucket.
    BucketPolicyStatus,
    /// Who pays for requests to a bucket.
    BucketRequestPayment,
    /// Where the objects of a bucket are copied to.
    BucketReplication,
    /// State of a key.
    KeyDescription,
    /// Rotation of a key.
    KeyRotation,
    /// Policy of a key.
    KeyPolicy,
    /// Topics of trails.
    Topics,
    /// Log groups of trails.
    LogGroups,
    /// What counts the events of log groups.
    MetricFilters,
    /// What sends the events of log groups on.
    SubscriptionFilters,
    /// Roles by which trails write to their log groups.
    LogRoles,
    /// Users, groups, roles and policies of the accounts that hold logs.
    Authorization,
    /// Those of every account.
    AllAuthorization,
    /// Alarms on what metric filters count.
    Alarms,
    /// Rules of the event buses that changes of trails come to.
    EventRules,
    /// Where those rules send events, and whether the buses among that take them.
    EventTargets,
    /// Who hears of the topics that alarms and rules send to, and of which messages.
    AlertTopics,
    /// An account's own buckets, listed only where rules' parameters name some.
    DataBuckets,
    /// Tags of an account's own buckets, read only where rules' parameters name some.
    BucketTags,
    /// Which event data stores an account lists where.
    EventDataStores,
    /// What an event data store takes in, and how it keeps it.
    EventDataStoreConfiguration,
    /// Policy of an event data store.
    EventDataStorePolicy,
    /// AWS Config in the Regions that rules' parameters ask for.
    Config,
    /// Tables of Athena over log buckets.
    AthenaTables,
}

/// A call to AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "each is the AWS operation of that name; `Call::operation` says of which service")]
pub enum Call {
    GetCallerIdentity,
    DescribeOrganization,
    ListRoots,
    ListOrganizationalUnitsForParent,
    ListAccountsForParent,
    ListDelegatedAdministrators,
    ListServiceAccess,
    AssumeRole,
    ListRegions,
    DescribeTrails,
    GetTrailStatus,
    GetEventSelectors,
    GetInsightSelectors,
    ListTrailTags,
    HeadBucket,
    ListBuckets,
    GetBucketPolicy,
    GetBucketAcl,
    GetBucketOwnershipControls,
    GetBucketPublicAccessBlock,
    GetAccountPublicAccessBlock,
    GetBucketVersioning,
    GetBucketLifecycleConfiguration,
    GetBucketEncryption,
    GetBucketLogging,
    GetObjectLockConfiguration,
    DescribeKey,
    GetKeyRotationStatus,
    GetKeyPolicy,
    GetTopicAttributes,
    DescribeLogGroups,
    GetRegionalTrailStatus,
    ListAllBuckets,
    GetResources,
    GetBucketPolicyStatus,
    GetBucketRequestPayment,
    DescribeMetricFilters,
    DescribeSubscriptionFilters,
    DescribeAlarms,
    ListEventRules,
    ListEventTargets,
    ListSubscriptions,
    ListEventDataStores,
    GetEventDataStore,
    GetStorePolicy,
    GetRole,
    ListRolePolicies,
    GetRolePolicy,
    ListAttachedRolePolicies,
    GetPolicy,
    GetPolicyVersion,
    ListPoliciesForTarget,
    DescribePolicy,
    GetBucketReplication,
    DescribeConfigurationRecorders,
    DescribeConfigurationRecorderStatus,
    DescribeDeliveryChannelStatus,
    ListDataCatalogs,
    ListDatabases,
    ListTableMetadata,
    GetAuthorizationDetails,
    GetAllAuthorizationDetails,
    DescribeEventBus,
    GetSubscriptionAttributes,
    ListTrails,
    ListAccountTags,
}

/// Whose credentials a call is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// The caller's own: the management account or a delegated administrator.
    Caller,
    /// Those of the account that is asked.
    Member,
}

/// What the collector knows of a call before it makes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallDeclaration {
    /// The call.
    pub call: Call,
    /// The facts that it reads.
    pub group: FactGroup,
    /// Service and operation, as gaps name them: `cloudtrail:DescribeTrails`.
    pub operation: &'static str,
    /// How facts name it among their sources: the operation, and what for where it is called for two things.
    pub source: &'static str,
    /// The IAM action that allows it.
    ///
    /// Source: Service Authorization Reference, "Actions, resources, and condition keys" of each service.
    pub action: &'static str,
    /// A second action, where the service that is asked asks another one in the caller's name.
    pub also: Option<&'static str>,
    /// Whose credentials it is made with.
    pub asker: Asker,
}

const fn declare(
    call: Call,
    group: FactGroup,
    operation: &'static str,
    action: &'static str,
    asker: Asker,
) -> CallDeclaration {
    CallDeclaration { call, group, operation, source: operation, action, also: None, asker }
}

impl CallDeclaration {
    /// The same call under a source of its own, where the operation serves another call too.
    const fn named(self, source: &'static str) -> Self {
        Self { source, ..self }
    }

    /// The same call, which takes a second action.
    ///
    /// Source: Athena User Guide, "Configure access to databases and tables in the AWS Glue Data Catalog".
    const fn and(self, also: &'static str) -> Self {
        Self { also: Some(also), ..self }
    }

    /// The IAM actions that it takes.
    pub fn actions(&self) -> impl Iterator<Item = &'static str> + use<> {
        [Some(self.action), self.also].into_iter().flatten()
    }
}

/// Every call that the collector can make.
#[rustfmt::skip]
pub const CALLS: &[CallDeclaration] = {
    use Asker::{Caller, Member};
    &[
        declare(Call::GetCallerIdentity, FactGroup::Caller, "sts:GetCallerIdentity", "sts:GetCallerIdentity", Caller),
        declare(Call::DescribeOrganization, FactGroup::Organization, "organizations:DescribeOrganization", "organizations:DescribeOrganization", Caller),
        declare(Call::ListRoots, FactGroup::Organization, "organizations:ListRoots", "organizations:ListRoots", Caller),
        declare(Call::ListOrganizationalUnitsForParent, FactGroup::Organization, "organizations:ListOrganizationalUnitsForParent", "organizations:ListOrganizationalUnitsForParent", Caller),
        declare(Call::ListAccountsForParent, FactGroup::Organization, "organizations:ListAccountsForParent", "organizations:ListAccountsForParent", Caller),
        declare(Call::ListDelegatedAdministrators, FactGroup::DelegatedAdministrators, "organizations:ListDelegatedAdministrators", "organizations:ListDelegatedAdministrators", Caller),
        declare(Call::ListServiceAccess, FactGroup::TrustedAccess, "organizations:ListAWSServiceAccessForOrganization", "organizations:ListAWSServiceAccessForOrganization", Caller),
        declare(Call::AssumeRole, FactGroup::Session, "sts:AssumeRole", "sts:AssumeRole", Caller),
        declare(Call::ListRegions, FactGroup::Regions, "account:ListRegions", "account:ListRegions", Member),
        declare(Call::DescribeTrails, FactGroup::Sightings, "cloudtrail:DescribeTrails", "cloudtrail:DescribeTrails", Member),
        declare(Call::GetTrailStatus, FactGroup::TrailStatus, "cloudtrail:GetTrailStatus", "cloudtrail:GetTrailStatus", Member),
        declare(Call::GetEventSelectors, FactGroup::EventSelectors, "cloudtrail:GetEventSelectors", "cloudtrail:GetEventSelectors", Member),
        declare(Call::GetInsightSelectors, FactGroup::InsightSelectors, "cloudtrail:GetInsightSelectors", "cloudtrail:GetInsightSelectors", Member),
        declare(Call::ListTrailTags, FactGroup::TrailTags, "cloudtrail:ListTags", "cloudtrail:ListTags", Member),
        declare(Call::HeadBucket, FactGroup::BucketLocation, "s3:HeadBucket", "s3:ListBucket", Member),
        declare(Call::ListBuckets, FactGroup::BucketOwner, "s3:ListBuckets", "s3:ListAllMyBuckets", Member),
        declare(Call::GetBucketPolicy, FactGroup::BucketPolicy, "s3:GetBucketPolicy", "s3:GetBucketPolicy", Member),
        declare(Call::GetBucketAcl, FactGroup::BucketAcl, "s3:GetBucketAcl", "s3:GetBucketAcl", Member),
        declare(Call::GetBucketOwnershipControls, FactGroup::BucketAcl, "s3:GetBucketOwnershipControls", "s3:GetBucketOwnershipControls", Member),
        declare(Call::GetBucketPublicAccessBlock, FactGroup::PublicAccessBlock, "s3:GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock", Member),
        declare(Call::GetAccountPublicAccessBlock, FactGroup::PublicAccessBlock, "s3control:GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock", Member),
        declare(Call::GetBucketVersioning, FactGroup::BucketVersioning, "s3:GetBucketVersioning", "s3:GetBucketVersioning", Member),
        declare(Call::GetBucketLifecycleConfiguration, FactGroup::BucketLifecycle, "s3:GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration", Member),
        declare(Call::GetBucketEncryption, FactGroup::BucketEncryption, "s3:GetBucketEncryption", "s3:GetEncryptionConfiguration", Member),
        declare(Call::GetBucketLogging, FactGroup::BucketAccessLogging, "s3:GetBucketLogging", "s3:GetBucketLogging", Member),
        declare(Call::GetObjectLockConfiguration, FactGroup::BucketObjectLock, "s3:GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration", Member),
        declare(Call::DescribeKey, FactGroup::KeyDescription, "kms:DescribeKey", "kms:DescribeKey", Member),
        declare(Call::GetKeyRotationStatus, FactGroup::KeyRotation, "kms:GetKeyRotationStatus", "kms:GetKeyRotationStatus", Member),
        declare(Call::GetKeyPolicy, FactGroup::KeyPolicy, "kms:GetKeyPolicy", "kms:GetKeyPolicy", Member),
        declare(Call::GetTopicAttributes, FactGroup::Topics, "sns:GetTopicAttributes", "sns:GetTopicAttributes", Member),
        declare(Call::DescribeLogGroups, FactGroup::LogGroups, "logs:DescribeLogGroups", "logs:DescribeLogGroups", Member),
        declare(Call::GetRegionalTrailStatus, FactGroup::RegionalStatus, "cloudtrail:GetTrailStatus", "cloudtrail:GetTrailStatus", Member).named("cloudtrail:GetTrailStatus in every Region"),
        declare(Call::ListAllBuckets, FactGroup::DataBuckets, "s3:ListBuckets", "s3:ListAllMyBuckets", Member).named("s3:ListBuckets of every account"),
        declare(Call::GetResources, FactGroup::BucketTags, "tag:GetResources", "tag:GetResources", Member),
        declare(Call::GetBucketPolicyStatus, FactGroup::BucketPolicyStatus, "s3:GetBucketPolicyStatus", "s3:GetBucketPolicyStatus", Member),
        declare(Call::GetBucketRequestPayment, FactGroup::BucketRequestPayment, "s3:GetBucketRequestPayment", "s3:GetBucketRequestPayment", Member),
        declare(Call::DescribeMetricFilters, FactGroup::MetricFilters, "logs:DescribeMetricFilters", "logs:DescribeMetricFilters", Member),
        declare(Call::DescribeSubscriptionFilters, FactGroup::SubscriptionFilters, "logs:DescribeSubscriptionFilters", "logs:DescribeSubscriptionFilters", Member),
        declare(Call::DescribeAlarms, FactGroup::Alarms, "cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarms", Member),
        declare(Call::ListEventRules, FactGroup::EventRules, "events:ListRules", "events:ListRules", Member),
        declare(Call::ListEventTargets, FactGroup::EventTargets, "events:ListTargetsByRule", "events:ListTargetsByRule", Member),
        declare(Call::ListSubscriptions, FactGroup::AlertTopics, "sns:ListSubscriptionsByTopic", "sns:ListSubscriptionsByTopic", Member),
        declare(Call::ListEventDataStores, FactGroup::EventDataStores, "cloudtrail:ListEventDataStores", "cloudtrail:ListEventDataStores", Member),
        declare(Call::GetEventDataStore, FactGroup::EventDataStoreConfiguration, "cloudtrail:GetEventDataStore", "cloudtrail:GetEventDataStore", Member),
        declare(Call::GetStorePolicy, FactGroup::EventDataStorePolicy, "cloudtrail:GetResourcePolicy", "cloudtrail:GetResourcePolicy", Member),
        declare(Call::GetRole, FactGroup::LogRoles, "iam:GetRole", "iam:GetRole", Member),
        declare(Call::ListRolePolicies, FactGroup::LogRoles, "iam:ListRolePolicies", "iam:ListRolePolicies", Member),
        declare(Call::GetRolePolicy, FactGroup::LogRoles, "iam:GetRolePolicy", "iam:GetRolePolicy", Member),
        declare(Call::ListAttachedRolePolicies, FactGroup::LogRoles, "iam:ListAttachedRolePolicies", "iam:ListAttachedRolePolicies", Member),
        declare(Call::GetPolicy, FactGroup::LogRoles, "iam:GetPolicy", "iam:GetPolicy", Member),
        declare(Call::GetPolicyVersion, FactGroup::LogRoles, "iam:GetPolicyVersion", "iam:GetPolicyVersion", Member),
        declare(Call::ListPoliciesForTarget, FactGroup::ServiceControl, "organizations:ListPoliciesForTarget", "organizations:ListPoliciesForTarget", Caller),
        declare(Call::DescribePolicy, FactGroup::ServiceControl, "organizations:DescribePolicy", "organizations:DescribePolicy", Caller),
        declare(Call::GetBucketReplication, FactGroup::BucketReplication, "s3:GetBucketReplication", "s3:GetReplicationConfiguration", Member),
        declare(Call::DescribeConfigurationRecorders, FactGroup::Config, "config:DescribeConfigurationRecorders", "config:DescribeConfigurationRecorders", Member),
        declare(Call::DescribeConfigurationRecorderStatus, FactGroup::Config, "config:DescribeConfigurationRecorderStatus", "config:DescribeConfigurationRecorderStatus", Member),
        declare(Call::DescribeDeliveryChannelStatus, FactGroup::Config, "config:DescribeDeliveryChannelStatus", "config:DescribeDeliveryChannelStatus", Member),
        declare(Call::ListDataCatalogs, FactGroup::AthenaTables, "athena:ListDataCatalogs", "athena:ListDataCatalogs", Member),
        declare(Call::ListDatabases, FactGroup::AthenaTables, "athena:ListDatabases", "athena:ListDatabases", Member).and("glue:GetDatabases"),
        declare(Call::ListTableMetadata, FactGroup::AthenaTables, "athena:ListTableMetadata", "athena:ListTableMetadata", Member).and("glue:GetTables"),
        declare(Call::GetAuthorizationDetails, FactGroup::Authorization, "iam:GetAccountAuthorizationDetails", "iam:GetAccountAuthorizationDetails", Member),
        declare(Call::GetAllAuthorizationDetails, FactGroup::AllAuthorization, "iam:GetAccountAuthorizationDetails", "iam:GetAccountAuthorizationDetails", Member).named("iam:GetAccountAuthorizationDetails of every account"),
        declare(Call::DescribeEventBus, FactGroup::EventTargets, "events:DescribeEventBus", "events:DescribeEventBus", Member),
        declare(Call::GetSubscriptionAttributes, FactGroup::AlertTopics, "sns:GetSubscriptionAttributes", "sns:GetSubscriptionAttributes", Member),
        declare(Call::ListTrails, FactGroup::TrailList, "cloudtrail:ListTrails", "cloudtrail:ListTrails", Member),
        declare(Call::ListAccountTags, FactGroup::AccountTags, "organizations:ListTagsForResource", "organizations:ListTagsForResource", Caller),
    ]
};

impl Call {
    /// What is known of the call before it is made.
    pub fn declaration(self) -> &'static CallDeclaration {
        &CALLS[self as usize]
    }

    /// Service and operation, as gaps name them.
    pub fn operation(self) -> &'static str {
        self.declaration().operation
    }
}

/// The longest session policy, in characters, that `sts:AssumeRole` takes.
///
/// Source: STS API Reference, AssumeRole, parameter `Policy`.
pub const SESSION_POLICY_LIMIT: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_stands_in_the_order_of_the_calls() {
        for (index, declared) in CALLS.iter().enumerate() {
            assert_eq!(declared.call as usize, index, "{}", declared.operation);
        }
    }

    #[test]
    fn every_action_reads() {
        for declared in CALLS {
            for action in declared.actions() {
                let verb = action.split(':').nth(1).unwrap();
                let reads = ["Get", "List", "Describe"].iter().any(|prefix| verb.starts_with(prefix));
                assert!(reads || declared.call == Call::AssumeRole, "{action}");
            }
        }
    }

    #[test]
    fn no_two_calls_have_one_source() {
        let sources: std::collections::BTreeSet<&str> = CALLS.iter().map(|declared| declared.source).collect();
        assert_eq!(sources.len(), CALLS.len());
    }
}
