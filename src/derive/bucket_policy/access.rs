//! Who else can write to a log bucket, and who outside the organization can get at it.

use super::rights::{READ_OBJECTS, Resources};
use crate::derive::policy_document::{
    Answer, Doubt, Grant, Grantee, Grants, PolicyDocument, Reason, Scope, Source, Standing,
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
            (Grantee::Service(_), Some(Standing::Undecided)) => doubts.extend(undecided(grant, scope)),
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

/// Whether anybody outside the organization can read or write.
///
/// A service that no condition bounds acts for whoever tells it to, so its reading objects counts; its writing is judged
/// by [`others_can_write`], and its listing only checks that the bucket is there (Control Tower lets AWS Config do that).
pub(super) fn outsiders_have_access(document: &PolicyDocument, bucket: &Resources<'_>, scope: &Scope<'_>) -> Answer {
    let rights = [bucket.reads(), bucket.writes()].concat();
    let grants = Grants::of(document, &rights, scope);
    let (mut proven, mut doubts) = (Vec::new(), Vec::new());
    for grant in &grants.held {
        let reads = grant.actions.iter().any(|action| READ_OBJECTS.contains(action));
        match grant.standing {
            Some(Standing::Inside | Standing::Trusted) => {}
            Some(Standing::Outside) => proven.push(grant.reason()),
            Some(Standing::Undecided) => doubts.extend(undecided(grant, scope)),
            None if reads => proven.push(grant.reason()),
            None => {}
        }
    }
    doubts.extend(grants.doubts);
    Answer::any(proven, doubts, || vec![Reason::whole("the policy lets nobody outside the organization read or write")])
}

/// Why it is not known whether a grant leads out of the organization.
pub(in crate::derive) fn undecided(grant: &Grant<'_>, scope: &Scope<'_>) -> Vec<Doubt> {
    let mut reason = grant.reason();
    reason.text.push_str(", and the policy does not say whether that is inside the organization");
    let mut doubts = vec![Doubt::Undecided(reason)];
    if scope.organization.id.is_none() || !scope.organization.complete {
        doubts.push(Doubt::NotRead(Source::Organization));
    }
    doubts
}
