//! What rules may say about the organization.

use super::Trail;
use crate::expr::{Known, Listed, Shared, facts};
use crate::id::AccountId;

facts! {
    /// The AWS organization, or the lone account that was looked at without one.
    pub struct Organization {
        /// The organization's id. Absent: no organization was listed in this run.
        id: Option<String> = "organizations:DescribeOrganization",
        /// The management account. Absent: no organization was listed in this run.
        management_account: Option<AccountId> = "organizations:DescribeOrganization",
        /// Whether an organization was listed in this run. False: accounts were named one by one, or only one was looked at.
        is_known: bool = "organizations:DescribeOrganization",
        /// The organization trails that were found. Incomplete while the account that owns them could not be read.
        trails: Listed<Shared<Trail>> = "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// Whether CloudTrail has trusted access to the organization.
        cloudtrail_is_trusted: Known<bool> = "organizations:ListAWSServiceAccessForOrganization",
        /// The accounts that administer CloudTrail for the organization, by id, sorted. Incomplete while they could not be listed.
        cloudtrail_administrators: Listed<String> = "organizations:ListDelegatedAdministrators",
        /// Active accounts, by id, for which the home Region of an organization trail is not enabled. Incomplete while the Regions of some account could not be read and the home Region is not one that every account has.
        members_without_home_region: Listed<String> = "account:ListRegions" & "cloudtrail:DescribeTrails",
    }
}
