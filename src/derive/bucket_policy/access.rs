//! Who else can write to a log bucket, and who outside the organization can get at it.

use super::rights::{READ_OBJECTS, Resources};
use crate::derive::policy_document::{
    Answer, Doubt, Grantee, Grants, Outsider, PolicyDocument, Reason, Scope, Standing,
};

/// Whether anybody but CloudTrail, and services pinned to the organization, can write, erase or change.
pub(super) fn others_can_write(document: &PolicyDocument, bucket: &Resources<'_>, scope: &Scope<'_>) -> Answer {
    let grants = Grants::of(document, &bucket.writes(), scope);
    let (mut proven, mut doubts) = (Vec::new(), Vec::new());
    for grant in &grants.held {
        let delivers = grant.grantee.is_cloudtrail() && grant.actions == ["s3:PutObject"];
        match (&grant.grantee, grant.standing) {
            (Grantee::Service(_), Some(Standing::Inside | Standing::Trusted)) => {}
            (Grantee::Service(_), None) if delivers => {}
            (Grantee::Service(_), Some(Standing::Undecided)) => {
                for outsider in grant.outsiders(scope) {
                    proven.extend(outsider.doubts.is_empty().then(|| outsider.reason.clone()));
                    doubts.extend(outsider.doubts);
                }
            }
            _ => proven.push(grant.reason()),
        }
    }
    doubts.extend(grants.doubts);
    Answer::any(proven, doubts, || {
        vec![Reason::whole(
            "the policy lets nobody write, delete or change settings but AWS services pinned to the organization",
        )]
    })
}

/// Those who can read or write and are not known to belong to the organization, and what hides others.
///
/// A service that no condition bounds acts for whoever tells it to, so its reading objects counts; its writing is judged
/// by [`others_can_write`], and its listing only checks that the bucket is there (Control Tower lets AWS Config do that).
pub(super) fn outsiders(
    document: &PolicyDocument,
    bucket: &Resources<'_>,
    scope: &Scope<'_>,
) -> (Vec<Outsider>, Vec<Doubt>) {
    let rights = [bucket.reads(), bucket.writes()].concat();
    let grants = Grants::of(document, &rights, scope);
    let mut outsiders = Vec::new();
    for grant in &grants.held {
        let reads = grant.actions.iter().any(|action| READ_OBJECTS.contains(action));
        if grant.standing.is_none() && reads {
            outsiders.push(grant.of_whomever());
        }
        outsiders.extend(grant.outsiders(scope));
    }
    (outsiders, grants.doubts)
}

/// Whether anybody outside the organization can read or write.
pub(super) fn outsiders_have_access(outsiders: &[Outsider], hidden: &[Doubt]) -> Answer {
    Outsider::any(outsiders, hidden, "the policy lets nobody outside the organization read or write")
}
