//! What rules may say about the organization.

use super::Trail;
use crate::expr::{Known, Listed, Shared, facts};
use crate::id::{AccountId, TrailArn};

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
        /// The trails that log, or may, and are not known to be redundant, with whether changes of each are noticed. Incomplete while accounts could not be read in which there may be others.
        watched_trails: Listed<WatchedTrail> = "logs:DescribeMetricFilters" & "logs:DescribeLogGroups" & "cloudwatch:DescribeAlarms" & "events:ListRules" & "events:ListTargetsByRule" & "events:DescribeEventBus" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:GetTrailStatus" & "cloudtrail:GetEventSelectors" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// The changes of those trails that nobody is known to hear of, and why. Empty where all are.
        unnoticed_changes: Vec<String> = "logs:DescribeMetricFilters" & "logs:DescribeLogGroups" & "cloudwatch:DescribeAlarms" & "events:ListRules" & "events:ListTargetsByRule" & "events:DescribeEventBus" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:GetTrailStatus" & "cloudtrail:GetEventSelectors" & "cloudtrail:DescribeTrails" & "account:ListRegions",
    }

    /// A trail, and whether somebody hears when it is stopped, deleted, updated or narrowed.
    pub struct WatchedTrail {
        /// The trail's ARN.
        arn: TrailArn = "cloudtrail:DescribeTrails",
        /// Whether each such change raises something that somebody receives: an alarm on the trail's log group, or a rule of EventBridge in its owner's account and its home Region.
        is_heard: Known<bool> = "logs:DescribeMetricFilters" & "logs:DescribeLogGroups" & "cloudwatch:DescribeAlarms" & "events:ListRules" & "events:ListTargetsByRule" & "events:DescribeEventBus" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:GetTrailStatus" & "cloudtrail:GetEventSelectors" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// How: filter, alarm or rule, topic and subscribers.
        heard_by: Vec<String> = "logs:DescribeMetricFilters" & "logs:DescribeLogGroups" & "cloudwatch:DescribeAlarms" & "events:ListRules" & "events:ListTargetsByRule" & "events:DescribeEventBus" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:GetTrailStatus" & "cloudtrail:GetEventSelectors" & "cloudtrail:DescribeTrails" & "account:ListRegions",
        /// The changes that nobody hears of, and why; or why that is not known.
        problems: Vec<String> = "logs:DescribeMetricFilters" & "logs:DescribeLogGroups" & "cloudwatch:DescribeAlarms" & "events:ListRules" & "events:ListTargetsByRule" & "events:DescribeEventBus" & "sns:ListSubscriptionsByTopic" & "sns:GetTopicAttributes" & "sns:GetSubscriptionAttributes" & "cloudtrail:GetTrailStatus" & "cloudtrail:GetEventSelectors" & "cloudtrail:DescribeTrails" & "account:ListRegions",
    }
}
