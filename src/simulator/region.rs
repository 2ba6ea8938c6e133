//! Which Regions there are, and which an account may use.

use super::world::Account;

/// On in every account of the partition `aws`.
pub(super) const DEFAULT: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// Off until an account opts in.
const OPT_IN: [&str; 12] = [
    "af-south-1",
    "ap-east-1",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
];

/// The Regions of a partition: those on by default and those to opt in to.
pub(super) fn of_partition(partition: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match partition {
        "aws" => (&DEFAULT, &OPT_IN),
        "aws-cn" => (&["cn-north-1", "cn-northwest-1"], &[]),
        "aws-us-gov" => (&["us-gov-east-1", "us-gov-west-1"], &[]),
        "aws-eusc" => (&["eusc-de-east-1"], &[]),
        _ => (&[], &[]),
    }
}

/// Whether an account may use a Region.
pub(super) fn is_enabled(partition: &str, account: &Account, region: &str) -> bool {
    of_partition(partition).0.contains(&region) || account.opted_in.iter().any(|opted| opted == region)
}
