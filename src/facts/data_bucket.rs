//! What rules may say about a bucket that their parameters name.

use std::collections::BTreeMap;

use crate::expr::{Known, Listed, facts};
use crate::id::{AccountId, BucketName, RegionName, TrailArn};

facts! {
    /// A bucket that the parameters `names` and `tags` of a rule name.
    pub struct DataBucket {
        /// The bucket's name.
        name: BucketName = "s3:ListBuckets of every account" => "s3:ListAllMyBuckets",
        /// The bucket's ARN.
        arn: String = "s3:ListBuckets of every account" => "s3:ListAllMyBuckets",
        /// The account that owns the bucket.
        account: AccountId = "s3:ListBuckets of every account" => "s3:ListAllMyBuckets",
        /// The name of the account that owns the bucket. Its id where no organization was listed.
        account_name: String = "organizations:ListAccountsForParent",
        /// The bucket's Region.
        region: RegionName = "s3:ListBuckets of every account" => "s3:ListAllMyBuckets",
        /// Those of the bucket's tags that parameters name.
        tags: BTreeMap<String, String> = "tag:GetResources",
        /// What logging trails that reach the bucket's account and Region record of the events that read its objects.
        reads: Known<ObjectEvents> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions" & "s3:ListBuckets of every account" => "s3:ListAllMyBuckets",
        /// The same of the events that write or delete its objects.
        writes: Known<ObjectEvents> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions" & "s3:ListBuckets of every account" => "s3:ListAllMyBuckets",
        /// What is not recorded, in words. Incomplete while something that decides it is not known.
        not_recorded: Listed<String> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions" & "s3:ListBuckets of every account" => "s3:ListAllMyBuckets",
        /// The logging trails that record events of its objects, or some of them. Incomplete while something that decides it is not known.
        recorded_by: Listed<TrailArn> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails" & "account:ListRegions" & "s3:ListBuckets of every account" => "s3:ListAllMyBuckets",
    }

    /// How much of one kind of events is recorded.
    pub struct ObjectEvents {
        /// `all`, `part` or `none`.
        state: String = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails",
        /// What is missing of it, in words. Absent: nothing, or all.
        missing: Option<String> = "cloudtrail:GetEventSelectors" & "cloudtrail:GetTrailStatus" & "cloudtrail:DescribeTrails",
    }
}
