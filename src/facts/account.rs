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
    }
}
