//! The gaps that stay: those of the readings that were taken, and of the accounts that nobody visited.

use super::super::{Cause, Gap, Shards, Snapshot};
use super::{Taken, visited};

/// The gaps of the merged snapshot, not yet sorted.
pub(super) fn gaps(parts: &[Snapshot], taken: &Taken, merged: &Snapshot, shards: &Shards) -> Vec<Gap> {
    let mut kept = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let left_out = |gap: &Gap| part.selection.shards.as_ref().is_some_and(|shards| shards.leave_out(gap));
        let stay = part.gaps.iter().filter(|gap| !left_out(gap) && stays(gap, at, taken, merged));
        kept.extend(stay.cloned());
    }
    for account in merged.accounts.iter().filter(|account| account.is_active()) {
        if !shards.hold(account.id) {
            kept.push(shards.gap(account.id));
            continue;
        }
        let visitor = parts.iter().find(|part| visited(part, account.id));
        if visitor.is_some_and(|part| part.account(account.id).is_none()) {
            let shard = shards.of(account.id);
            let message = format!("the account was not there yet when shard {shard}/{} was read", shards.count);
            kept.push(Gap { cause: Cause::NotAttempted, message, ..shards.gap(account.id) });
        }
    }
    kept
}

/// Whether a gap of a part is one of the whole.
fn stays(gap: &Gap, part: usize, taken: &Taken, merged: &Snapshot) -> bool {
    if let Some(resource) = &gap.resource {
        if let Some(trail) = merged.trails.iter().find(|trail| trail.arn.as_str() == resource)
            && let Some(region) = gap.region.as_ref().filter(|region| *region != trail.arn.home_region())
        {
            // A status elsewhere: asked where the accounts of the run show it, so not by all in the same Regions.
            let asked = trail.other_regions(&merged.accounts, &merged.selection.regions).contains(region);
            return asked && !trail.regional_status.contains_key(region);
        }
        // About a bucket, but for another one that is copied or logs its access to it.
        let for_another =
            gap.operation == "s3:ListBuckets" || (gap.operation == "s3:HeadBucket" && gap.region.is_some());
        return for_another || taken.of(&gap.operation, resource).is_none_or(|chosen| chosen == part);
    }
    !is_answered(gap, merged)
}

/// Whether another run has the answer to a question about an account or the organization.
fn is_answered(gap: &Gap, merged: &Snapshot) -> bool {
    let account = gap.account.and_then(|account| merged.account(account));
    let organization = merged.organization.as_ref();
    match gap.operation.as_str() {
        "iam:GetAccountAuthorizationDetails" => account.is_some_and(|account| account.authorization.is_some()),
        "s3control:GetPublicAccessBlock" => account.is_some_and(|account| account.public_access_block.is_some()),
        "organizations:ListDelegatedAdministrators" => {
            organization.is_some_and(|listed| listed.delegated_administrators.is_some())
        }
        "organizations:ListAWSServiceAccessForOrganization" => {
            organization.is_some_and(|listed| listed.trusted_services.is_some())
        }
        "cloudwatch:DescribeAlarms" => {
            let same = |(account, region)| Some(account) == gap.account && Some(region) == gap.region.as_ref();
            merged.alarms.iter().any(|listing| same((listing.account, &listing.region)))
        }
        "athena:ListDataCatalogs" => {
            let same = |(account, region)| Some(account) == gap.account && Some(region) == gap.region.as_ref();
            merged.athena_tables.iter().any(|listing| same((listing.account, &listing.region)))
        }
        _ => false,
    }
}
