//! What rules may say about an event data store of CloudTrail Lake.

use crate::expr::{Known, Listed, facts};
use crate::id::{AccountId, Arn, RegionName};

facts! {
    /// An event data store: one, however many accounts see it.
    pub struct EventDataStore {
        /// The store's ARN.
        arn: Arn = "cloudtrail:ListEventDataStores",
        /// The store's name. Its ARN where it was listed without one.
        name: String = "cloudtrail:ListEventDataStores",
        /// The account that owns the store; for an organization's store the management account.
        account: AccountId = "cloudtrail:ListEventDataStores",
        /// The Region where the store was created.
        region: RegionName = "cloudtrail:ListEventDataStores",
        /// Whether an organization was listed and the store's owner is an account of it.
        owner_is_member: bool = "organizations:DescribeOrganization" & "cloudtrail:ListEventDataStores",
        /// The state as CloudTrail gives it: `ENABLED` where it takes events in; `STARTING_INGESTION`, `STOPPING_INGESTION`, `STOPPED_INGESTION`, `CREATED`, `PENDING_DELETION` where it does not, or not for sure.
        status: Known<String> = "cloudtrail:GetEventDataStore",
        /// Whether the store takes in the events of all Regions.
        is_multi_region: Known<bool> = "cloudtrail:GetEventDataStore",
        /// Whether the store takes in the events of all accounts of the organization.
        is_organization: Known<bool> = "cloudtrail:GetEventDataStore",
        /// Whether the store cannot be deleted until somebody switches that off.
        termination_protection: Known<bool> = "cloudtrail:GetEventDataStore",
        /// For how many days the store keeps events.
        retention_days: Known<i64> = "cloudtrail:GetEventDataStore",
        /// The KMS key that encrypts the store. Absent: a key that AWS owns does.
        kms_key_id: Option<Known<String>> = "cloudtrail:GetEventDataStore",
        /// The categories of events that the selectors name, sorted: `Management`, `Data` and `NetworkActivity` are CloudTrail's own events; `Insight`, `ConfigurationItem`, `Evidence` and `ActivityAuditLog` are others.
        event_categories: Known<Vec<String>> = "cloudtrail:GetEventDataStore",
        /// Whether the store takes in at least a part of the management events.
        takes_management_events: Known<bool> = "cloudtrail:GetEventDataStore",
        /// What the selectors leave out of the management events, those of KMS and RDS Data among them. Empty: nothing.
        management_events_left_out: Known<Vec<String>> = "cloudtrail:GetEventDataStore",
        /// What the store's resource-based policy lets whom do.
        access: StoreAccess = "cloudtrail:GetResourcePolicy",
    }

    /// What the policy of an event data store lets whom do. What IAM of its own account allows is not in it.
    pub struct StoreAccess {
        /// Who can query, change, stop or delete the store, and is not known to be of the organization. Empty: there is no policy, or it lets nobody else in. Incomplete while the policy could not be read.
        outsiders: Listed<StoreOutsider> = "cloudtrail:GetResourcePolicy" & "organizations:ListAccountsForParent",
    }

    /// Somebody who gets at an event data store, and is outside the organization or may be.
    pub struct StoreOutsider {
        /// How, in words: the statement, and what it allows.
        name: String = "cloudtrail:GetResourcePolicy",
        /// The account, where it is one. Absent: everybody, a service, or an identity whose account is not named.
        account: Option<AccountId> = "cloudtrail:GetResourcePolicy",
        /// Whether it surely is outside. Not known while the organization was not read in full, or where a condition leaves it open.
        is_outside: Known<bool> = "cloudtrail:GetResourcePolicy" & "organizations:ListAccountsForParent",
        /// Whether it can change, stop or delete the store, or give itself more rights on it; else it can query.
        administers: bool = "cloudtrail:GetResourcePolicy",
    }
}
