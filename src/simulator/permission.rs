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
    if call.caller.entry.account.denials.is_empty() && call.caller.session.is_none() {
        return Ok(());
    }
    check_on(call, call.action, (call.service.resource)(call).as_deref())
}

/// Refuses a call for an action of another service, which the one that is asked takes in the caller's name.
pub(super) fn check_also(call: &Call<'_>, action: &str, resource: &str) -> Result<(), Failure> {
    check_on(call, action, Some(resource))
}

fn check_on(call: &Call<'_>, action: &str, resource: Option<&str>) -> Result<(), Failure> {
    let session = call.caller.session.as_deref();
    let on = resource.unwrap_or("*");
    for denial in &call.caller.entry.account.denials {
        if covers(&denial.actions, action) && covers(&denial.regions, call.region) && covers(&denial.resources, on) {
            return Err(refused(call, action, resource, denial.kind, denial.explicit));
        }
    }
    match session.map_or(Verdict::Allowed, |session| session.policy.judge(call.asker(), action, on)) {
        Verdict::Allowed => Ok(()),
        Verdict::Denied => Err(refused(call, action, resource, PolicyKind::Session, true)),
        Verdict::Silent => Err(refused(call, action, resource, PolicyKind::Session, false)),
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
    refused(call, call.action, resource, kind, explicit)
}

fn refused(call: &Call<'_>, action: &str, resource: Option<&str>, kind: PolicyKind, explicit: bool) -> Failure {
    let user = &call.caller.arn;
    // Athena alone does not say which policy it was.
    if action.starts_with("athena:") {
        return call.service.codes.denied(format!(
            "You are not authorized to perform: {action} on the resource. After your AWS administrator or you have updated \
             your permissions, please try again."
        ));
    }
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
