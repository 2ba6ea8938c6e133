//! Whether CloudTrail writes only for accounts that the policy names.
//!
//! Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail": without `aws:SourceArn`, anybody's trail can be
//! pointed at the bucket (the confused deputy). `aws:PrincipalOrgID` does not help: it is not in requests of services.

use super::rights::Resources;
use crate::derive::policy_document::{
    Answer, Condition, Grant, Grantee, Grants, Pattern, PolicyDocument, Reason, Right, Scope, Statement, account_of,
};
use crate::id::AccountId;

/// Whether every statement by which CloudTrail can put names for whom.
pub(super) fn put_is_pinned(document: &PolicyDocument, bucket: &Resources<'_>, scope: &Scope<'_>) -> Answer {
    let grants = Grants::of(document, &[bucket.on_objects("s3:PutObject")], scope);
    let (pinned, loose): (Vec<_>, Vec<_>) =
        grants.held.iter().filter(|grant| may_be_cloudtrail(grant)).partition(|grant| is_pinned(grant.statement));
    let unpinned = loose
        .iter()
        .map(|grant| {
            let mut reason = grant.reason();
            reason.text.push_str(", for whichever account or organization");
            reason
        })
        .collect();
    Answer::any(unpinned, grants.doubts.clone(), || {
        if pinned.is_empty() {
            return vec![Reason::whole("no statement lets CloudTrail put objects")];
        }
        pinned.iter().map(|grant| grant.reason()).collect()
    })
    .opposite()
}

/// CloudTrail's other permissions without a condition, as in AWS's older examples and Control Tower's policy.
pub(super) fn notes(document: &PolicyDocument, bucket: &Resources<'_>, scope: &Scope<'_>) -> Vec<Reason> {
    let rights: [Right; 2] = ["s3:GetBucketAcl", "s3:ListBucket"].map(|action| bucket.on_bucket(action));
    let grants = Grants::of(document, &rights, scope);
    let loose = grants.held.iter().filter(|grant| grant.grantee.is_cloudtrail() && !is_pinned(grant.statement));
    loose
        .map(|grant| {
            let mut reason = grant.reason();
            reason.text.push_str(", for whichever account or organization");
            reason
        })
        .collect()
}

fn may_be_cloudtrail(grant: &Grant<'_>) -> bool {
    grant.grantee.is_cloudtrail() || matches!(grant.grantee, Grantee::Everyone | Grantee::AllBut)
}

/// Whether conditions of a statement name the accounts or the organization for which a service acts.
pub(in crate::derive) fn is_pinned(statement: &Statement) -> bool {
    statement.conditions.iter().any(|condition| {
        condition.operator.is_strict() && condition.values.iter().all(|value| names_for_whom(condition, value))
    })
}

fn names_for_whom(condition: &Condition, value: &str) -> bool {
    match condition.key.as_str() {
        "aws:sourcearn" => account_of(value).is_some(),
        "aws:sourceaccount" => value.parse::<AccountId>().is_ok(),
        "aws:sourceorgid" => is_organization(value),
        "aws:sourceorgpaths" => value.split_once('/').is_some_and(|(id, _)| is_organization(id)),
        _ => false,
    }
}

fn is_organization(id: &str) -> bool {
    id.starts_with("o-") && Pattern::new(id).is_fixed()
}
