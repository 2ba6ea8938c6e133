//! What rules may say about a topic that trails announce their deliveries to.

use super::Trail;
use crate::expr::{Known, Listed, Shared, facts};
use crate::id::{AccountId, Arn, RegionName};

facts! {
    /// An SNS topic that some trail names.
    pub struct NotifiedTopic {
        /// The topic's ARN.
        arn: Arn = "cloudtrail:DescribeTrails",
        /// The account that owns the topic.
        account: AccountId = "cloudtrail:DescribeTrails",
        /// The topic's Region.
        region: RegionName = "cloudtrail:DescribeTrails",
        /// Whether the topic exists.
        exists: Known<bool> = "sns:GetTopicAttributes",
        /// What the topic's policy lets whom do.
        access: TopicAccess = "sns:GetTopicAttributes",
        /// The trails that announce their deliveries to the topic, as far as they were found.
        used_by: Listed<Shared<Trail>> = "cloudtrail:DescribeTrails",
    }

    /// What the policy of a topic lets whom do. What the owner account's own IAM allows is not in it.
    pub struct TopicAccess {
        /// Whether every statement by which CloudTrail can publish names for which account or organization.
        publish_is_pinned: Known<bool> = "sns:GetTopicAttributes",
        /// The statements that do not; where all do, those. Empty while it is not known.
        publish_is_pinned_because: Vec<String> = "sns:GetTopicAttributes",
        /// Who can publish, subscribe or change the topic, and is not known to be of the organization: `*`, other accounts, and services that no condition bounds. Incomplete while the policy could not be read.
        outsiders: Listed<TopicOutsider> = "sns:GetTopicAttributes" & "organizations:ListAccountsForParent",
        /// What is surely wrong of all this, in words, whomever a rule's parameters trust. Empty where nothing is.
        problems: Vec<String> = "sns:GetTopicAttributes" & "organizations:ListAccountsForParent",
        /// What does not decide and should be known, such as that CloudTrail cannot publish for a trail.
        notes: Vec<String> = "sns:GetTopicAttributes" & "cloudtrail:DescribeTrails" & "organizations:DescribeOrganization",
    }

    /// Somebody who holds rights on a topic, and is outside the organization or may be.
    pub struct TopicOutsider {
        /// How, in words: the statement, and what it allows.
        name: String = "sns:GetTopicAttributes",
        /// The account, where it is one. Absent: everybody, a service, or an identity whose account is not named.
        account: Option<AccountId> = "sns:GetTopicAttributes",
        /// Whether it surely is outside. Not known while the organization was not read in full, or where a condition leaves it open.
        is_outside: Known<bool> = "sns:GetTopicAttributes" & "organizations:ListAccountsForParent",
        /// Whether it can do more than subscribe: publish, or delete or change the topic.
        does_more_than_subscribe: bool = "sns:GetTopicAttributes",
    }
}
