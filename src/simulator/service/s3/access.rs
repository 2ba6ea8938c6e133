//! Whether a bucket answers here, and to this caller.

use crate::simulator::call::Call;
use crate::simulator::index::BucketEntry;
use crate::simulator::permission::{check_resource_policy, denied};
use crate::simulator::policy::Verdict;
use crate::simulator::wire::Failure;
use crate::simulator::world::PolicyKind;

/// The bucket, if it exists, lives in the Region that is asked, and lets the caller in.
pub(super) fn bucket<'a>(call: &Call<'a>, name: &str) -> Result<&'a BucketEntry, Failure> {
    let place = call
        .index
        .bucket_by_name
        .get(name)
        .ok_or_else(|| Failure::new(404, "NoSuchBucket", "The specified bucket does not exist"))?;
    let entry = &call.index.buckets[*place];
    let checked = in_region(call, entry).and_then(|()| expected_owner(call, entry)).and_then(|()| let_in(call, entry));
    // HeadBucket names the Region "whatever the permissions", and so do 301 and 403 of the other operations.
    checked.map(|()| entry).map_err(|failure| Failure { bucket_region: Some(entry.bucket.region.clone()), ..failure })
}

fn in_region(call: &Call<'_>, entry: &BucketEntry) -> Result<(), Failure> {
    // Its own account may ask for the location from anywhere.
    let anywhere = call.operation == "GetBucketLocation" && entry.bucket.owner == call.account();
    if entry.bucket.region == call.region || anywhere {
        return Ok(());
    }
    let message = "The bucket you are attempting to access must be addressed using the specified endpoint. \
                   Please send all future requests to this endpoint.";
    Err(Failure::new(301, "PermanentRedirect", message))
}

fn expected_owner(call: &Call<'_>, entry: &BucketEntry) -> Result<(), Failure> {
    match call.request.headers().get("x-amz-expected-bucket-owner") {
        Some(expected) if expected.as_bytes() != entry.bucket.owner.as_bytes() => {
            Err(call.service.codes.denied("Access Denied"))
        }
        _ => Ok(()),
    }
}

fn let_in(call: &Call<'_>, entry: &BucketEntry) -> Result<(), Failure> {
    let arn = format!("arn:{}:s3:::{}", call.index.world.partition, entry.bucket.name);
    if entry.bucket.owner == call.account() {
        let verdict = entry.policy.as_ref().map(|policy| policy.judge(call.asker(), call.action, &arn));
        return match verdict {
            Some(Verdict::Denied) => Err(denied(call, Some(&arn), PolicyKind::Resource, true)),
            _ => Ok(()),
        };
    }
    let same_organization = call.index.account(&entry.bucket.owner).is_some_and(|owner| {
        let organization = call.index.organization_of(&owner.account);
        organization.is_some() && organization == call.asker().organization
    });
    check_resource_policy(call, entry.policy.as_ref(), &arn).map_err(|failure| {
        // The reason is told within an account or organization only (S3 User Guide, "Troubleshoot access denied errors").
        if same_organization { failure } else { call.service.codes.denied("Access Denied") }
    })?;
    match call.operation {
        // Even an outsider that the policy lets in is refused: "405 Method Not Allowed" (GetBucketPolicy).
        "GetBucketPolicy" => {
            Err(Failure::new(405, "MethodNotAllowed", "The specified method is not allowed against this resource."))
        }
        // "You must be the bucket owner" (GetBucketVersioning).
        "GetBucketVersioning" => Err(call.service.codes.denied("Access Denied")),
        _ => Ok(()),
    }
}
