//! Who else can write to a log bucket, and who outside the organization can get at it.

use super::rights::{READ_OBJECTS, Resources};
use crate::derive::policy_document::{
    Answer, Doubt, Grant, Grantee, Grants, PolicyDocument, Reason, Scope, Source, Standing,
};
use crate::id::AccountId;

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

/// Somebody outside the organization whom the policy lets read or write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outsider {
    /// By which statement, and what.
    pub reason: Reason,
    /// The account, where the statement names one.
    pub account: Option<AccountId>,
}

/// Those outside the organization who can read or write, and what hides others.
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
    let (mut proven, mut doubts) = (Vec::new(), Vec::new());
    let outsider = |grant: &Grant<'_>| Outsider { reason: grant.reason(), account: account(grant) };
    for grant in &grants.held {
        let reads = grant.actions.iter().any(|action| READ_OBJECTS.contains(action));
        match grant.standing {
            Some(Standing::Inside | Standing::Trusted) => {}
            Some(Standing::Outside) => proven.push(outsider(grant)),
            Some(Standing::Undecided) => doubts.extend(undecided(grant, scope)),
            None if reads => proven.push(outsider(grant)),
            None => {}
        }
    }
    doubts.extend(grants.doubts);
    (proven, doubts)
}

/// The one account that a grant is for, where its principal names it.
fn account(grant: &Grant<'_>) -> Option<AccountId> {
    match &grant.grantee {
        Grantee::Principal(principal) => principal.account(),
        Grantee::Everyone | Grantee::AllBut | Grantee::Service(_) => None,
    }
}

/// Whether anybody outside the organization can read or write.
pub(super) fn outsiders_have_access(outsiders: &[Outsider], doubts: &[Doubt]) -> Answer {
    let proven = outsiders.iter().map(|outsider| outsider.reason.clone()).collect();
    Answer::any(proven, doubts.to_vec(), || {
        vec![Reason::whole("the policy lets nobody outside the organization read or write")]
    })
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
