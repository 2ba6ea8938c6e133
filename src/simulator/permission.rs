//! Whether the caller may, and AWS's words where it may not.

use super::call::Call;
use super::glob::covers;
use super::policy::{Policy, Verdict};
use super::service;
use super::wire::{Failure, Protocol};
use super::world::PolicyKind;

/// Refuses a call that the account's denials or the session's policy do not permit.
pub(super) fn check(call: &Call<'_>) -> Result<(), Failure> {
    // "No permissions are required to perform this operation", and no policy can deny it (STS API Reference, GetCallerIdentity).
    if call.action == "sts:GetCallerIdentity" {
        return Ok(());
    }
    let denials = &call.caller.entry.account.denials;
    let session = call.caller.session.as_deref();
    if denials.is_empty() && session.is_none() {
        return Ok(());
    }
    let resource = (call.service.resource)(call);
    let on = resource.as_deref().unwrap_or("*");
    for denial in denials {
        if covers(&denial.actions, call.action) && covers(&denial.regions, call.region) && covers(&denial.resources, on)
        {
            return Err(denied(call, resource.as_deref(), denial.kind, denial.explicit));
        }
    }
    match session.map_or(Verdict::Allowed, |session| session.policy.judge(call.asker(), call.action, on)) {
        Verdict::Allowed => Ok(()),
        Verdict::Denied => Err(denied(call, resource.as_deref(), PolicyKind::Session, true)),
        Verdict::Silent => Err(denied(call, resource.as_deref(), PolicyKind::Session, false)),
    }
}

/// Refuses a call on a resource of another account unless the resource's policy lets the caller in.
pub(super) fn check_resource_policy(call: &Call<'_>, policy: Option<&Policy>, resource: &str) -> Result<(), Failure> {
    match policy.map_or(Verdict::Silent, |policy| policy.judge(call.asker(), call.action, resource)) {
        Verdict::Allowed => Ok(()),
        Verdict::Denied => Err(denied(call, Some(resource), PolicyKind::Resource, true)),
        Verdict::Silent => Err(denied(call, Some(resource), PolicyKind::Resource, false)),
    }
}

/// The refusal, worded as the IAM User Guide shows it ("Access denied error message examples").
pub(super) fn denied(call: &Call<'_>, resource: Option<&str>, kind: PolicyKind, explicit: bool) -> Failure {
    let (user, action) = (&call.caller.arn, call.action);
    let on = match resource {
        // S3 alone puts the ARN in quotation marks.
        Some(arn) if call.service.protocol == Protocol::S3 => format!(" on resource: \"{arn}\""),
        Some(arn) => format!(" on resource: {arn}"),
        None => String::new(),
    };
    let (bare, with_article) = kind.wording();
    let why = if explicit {
        format!("with an explicit deny in {with_article}")
    } else {
        format!("because no {bare} allows the {action} action")
    };
    let failure = call.service.codes.denied(format!("User: {user} is not authorized to perform: {action}{on} {why}"));
    Failure { bucket_region: service::bucket_region(call), ..failure }
}
