//! What rules may say about an account.

use super::Trail;
use crate::expr::{Known, Listed, Shared, facts};
use crate::id::{AccountId, RegionName};

facts! {
    /// An account that was selected.
    pub struct Account {
        /// The twelve digits of the account.
        id: AccountId = "organizations:ListAccountsForParent",
        /// The account's name. Its id where no organization was listed.
        name: String = "organizations:ListAccountsForParent",
        /// The account's state as Organizations gives it, such as `ACTIVE` or `SUSPENDED`. `ACTIVE` where no organization was listed.
        state: String = "organizations:ListAccountsForParent",
        /// Whether this is the organization's management account.
        is_management: bool = "organizations:DescribeOrganization",
        /// The path of organizational units, such as `/Workloads/Production`. Absent: directly under the root, or not asked.
        ou_path: Option<Known<String>> = "organizations:ListOrganizationalUnitsForParent" & "organizations:ListAccountsForParent",
        /// The trails that reach the account: its own, and the organization trails that it sees. Incomplete while some Region could not be read.
        trails: Shared<Listed<Shared<Trail>>> = "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// Whether the organization has an organization trail; false where none was listed.
        organization_has_trail: Known<bool> = "cloudtrail:DescribeTrails" & "account:ListRegions" & "organizations:DescribeOrganization",
        /// Whether an organization trail is seen in every Region of the account that could be read (of a single-Region trail: in its home Region).
        organization_trail_reaches: Known<bool> = "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// The names of the Regions that are enabled in the account.
        regions_enabled: Known<Shared<Vec<RegionName>>> = "account:ListRegions",
        /// What logging trails that reach the account record of its management events, Region by Region.
        management_events: Shared<ManagementEvents> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// What logging trails that reach the account record of the data events of its S3 objects, Region by Region.
        s3_data_events: Shared<S3DataEvents> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// AWS Config, in each Region that is enabled in the account.
        config: Shared<Listed<Shared<ConfigRegion>>> = "config:DescribeConfigurationRecorders" & "config:DescribeConfigurationRecorderStatus" & "config:DescribeDeliveryChannelStatus" & "account:ListRegions",
        /// Ways that were found to query the logs of the account: event data stores that take its events in, log groups of logging trails that reach it, tables of Athena over their buckets. Tables are looked for only where a trail's log group cannot be queried. Incomplete only where none was found.
        analysis_paths: Shared<Listed<String>> = "cloudtrail:ListEventDataStores" & "cloudtrail:GetEventDataStore" & "logs:DescribeLogGroups" & "logs:DescribeSubscriptionFilters" & "athena:ListDataCatalogs" & "athena:ListDatabases" & "athena:ListTableMetadata" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// What logging trails that reach the account record of the data events of its Lambda functions, Region by Region.
        lambda_data_events: Shared<DataEvents> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// What logging trails that reach the account record of the data events of its DynamoDB tables, Region by Region.
        dynamodb_data_events: Shared<DataEvents> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// What logging trails that reach the account record of the events that the rule's parameters name: data events by `resource_types`, network activity events by `event_sources`. Absent: they name none.
        named_events: Option<NamedEvents> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// Whether the account owns a trail that logs and is not redundant, or a log bucket, or is a delegated administrator of CloudTrail.
        holds_logs: Known<bool> = "cloudtrail:DescribeTrails" & "cloudtrail:GetTrailStatus" & "cloudtrail:GetEventSelectors" & "account:ListRegions" & "s3:ListBuckets" => "s3:ListAllMyBuckets" & "organizations:ListDelegatedAdministrators",
        /// What of this it is known to own or to be.
        holds: Vec<String> = "cloudtrail:DescribeTrails" & "cloudtrail:GetTrailStatus" & "cloudtrail:GetEventSelectors" & "account:ListRegions" & "s3:ListBuckets" => "s3:ListAllMyBuckets" & "organizations:ListDelegatedAdministrators",
        /// What service control policies keep from everybody in the account. Absent: it is not known to hold logs, or is the management account, which they do not bind.
        service_control: Option<ServiceControl> = "cloudtrail:DescribeTrails" & "cloudtrail:GetTrailStatus" & "cloudtrail:GetEventSelectors" & "account:ListRegions" & "s3:ListBuckets" => "s3:ListAllMyBuckets" & "organizations:ListDelegatedAdministrators" & "organizations:ListPoliciesForTarget" & "organizations:DescribePolicy",
        /// The users and roles that IAM lets change what the account holds of the logs, each as its ARN and, after a colon, what it may do and by which statements: to stop, delete, update or narrow the trails that log, or to change the log buckets or what is in them. Conditions on what is allowed are taken to hold, those on what is denied not to. Without service-linked roles, the root user, and those that the rule's parameter `allowed_principals` names by patterns. What service control policies and the bucket's policy take away is not counted in. Absent: the account is not known to hold logs. Incomplete while it could not be read.
        tamper_principals: Option<Listed<String>> = "cloudtrail:DescribeTrails" & "cloudtrail:GetTrailStatus" & "cloudtrail:GetEventSelectors" & "account:ListRegions" & "s3:ListBuckets" => "s3:ListAllMyBuckets" & "organizations:ListDelegatedAdministrators" & "iam:GetAccountAuthorizationDetails",
        /// The account's own policies that allow all of CloudTrail, statement by statement, and whoever has the managed policy `AWSCloudTrail_FullAccess`. Incomplete while they could not be read.
        cloudtrail_full_access: Listed<String> = "iam:GetAccountAuthorizationDetails of every account" => "iam:GetAccountAuthorizationDetails",
    }

    /// What the service control policies along the path from the root to an account keep from its users and roles: to stop, delete or narrow its trails that log, and those that it administers; where there are none, any trail of the account.
    pub struct ServiceControl {
        /// The changes of trails that they leave open: the action and the trail, and what nearly denies it. Incomplete while policies could not be read or decided.
        open: Listed<String> = "cloudtrail:DescribeTrails" & "cloudtrail:GetTrailStatus" & "cloudtrail:GetEventSelectors" & "account:ListRegions" & "s3:ListBuckets" => "s3:ListAllMyBuckets" & "organizations:ListDelegatedAdministrators" & "organizations:ListPoliciesForTarget" & "organizations:DescribePolicy",
        /// Whom or what they spare without bounds: patterns of principals as the policies write them, and other conditions in words. A fixed user or role is not among them.
        spares: Vec<String> = "cloudtrail:DescribeTrails" & "cloudtrail:GetTrailStatus" & "cloudtrail:GetEventSelectors" & "account:ListRegions" & "s3:ListBuckets" => "s3:ListAllMyBuckets" & "organizations:ListDelegatedAdministrators" & "organizations:ListPoliciesForTarget" & "organizations:DescribePolicy",
        /// The statements that deny a change, by action and trail.
        denied_by: Vec<String> = "cloudtrail:DescribeTrails" & "cloudtrail:GetTrailStatus" & "cloudtrail:GetEventSelectors" & "account:ListRegions" & "s3:ListBuckets" => "s3:ListAllMyBuckets" & "organizations:ListDelegatedAdministrators" & "organizations:ListPoliciesForTarget" & "organizations:DescribePolicy",
    }

    /// AWS Config in one Region of an account. Known where a rule's parameter `regions` asked for the Region.
    pub struct ConfigRegion {
        /// The Region.
        name: RegionName = "account:ListRegions",
        /// Whether it is the account's home: the home Region of the organization trail that it sees, else of another trail that it sees, else the Region of global services.
        is_home: bool = "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// What keeps AWS Config from recording or delivering there, in words. Empty: it records and delivers.
        problems: Known<Vec<String>> = "config:DescribeConfigurationRecorders" & "config:DescribeConfigurationRecorderStatus" & "config:DescribeDeliveryChannelStatus",
        /// Whether the recorder records all types of resources that AWS Config supports.
        records_all_types: Known<bool> = "config:DescribeConfigurationRecorders",
    }

    /// What is recorded of an account's management events.
    pub struct ManagementEvents {
        /// What is not recorded in full: the events (reads, writes, global service events; those of KMS and RDS Data aside), their Regions, and why. Empty: everything is.
        missing: Known<Vec<String>> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// The same without the global service events, which stand in one Region.
        missing_in_regions: Known<Vec<String>> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// What is not recorded in full of the events of KMS and RDS Data, where the other management events of the Region are: their Regions, and why.
        excluded: Known<Vec<String>> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// Whether the events of KMS and RDS Data are recorded in full, reads and writes, in every Region.
        kms_and_rds_data_recorded: Known<bool> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// What only trails record whose latest delivery of log files failed: the events, their Regions, the trails, and the error.
        failing: Vec<String> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// What more than one trail records, of which every copy but the first is billed: the events, their Regions, and the trails.
        copies: Known<Vec<String>> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
    }

    /// What is recorded of the data events of an account's resources of one type.
    pub struct DataEvents {
        /// What is not recorded in full: reads or writes, the Regions, and why. Empty: everything is recorded.
        missing: Known<Vec<String>> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// What only trails record whose latest delivery of log files failed: the Regions, the trails, and the error.
        failing: Vec<String> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
    }

    /// What is recorded of the events that a rule's parameters name. A log bucket, or a bucket for access logs, may be left out of data events of S3 objects.
    pub struct NamedEvents {
        /// What is not recorded in full: the events, the Regions, and why. Empty: everything is recorded.
        missing: Known<Vec<String>> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions" & "s3:GetBucketLogging",
        /// What only trails record whose latest delivery of log files failed: the events, the Regions, the trails, and the error.
        failing: Vec<String> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
    }

    /// What is recorded of the data events of an account's S3 objects. A log bucket, or a bucket for access logs, may be left out.
    pub struct S3DataEvents {
        /// What is not recorded of reads of objects: the Regions, and why. Empty: everything is recorded.
        reads_missing: Known<Vec<String>> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions" & "s3:GetBucketLogging",
        /// What is not recorded of writes of objects: the Regions, and why. Empty: everything is recorded.
        writes_missing: Known<Vec<String>> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions" & "s3:GetBucketLogging",
        /// What only trails record whose latest delivery of log files failed: the Regions, the trails, and the error.
        failing: Vec<String> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions",
    }
}
