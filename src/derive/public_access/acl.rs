//! Public ACLs.

use super::EffectiveBlock;
use crate::derive::policy_document::{Answer, Doubt, Reason, Source};
use crate::snapshot::{Acl, OwnershipControls};

/// The groups that make an ACL public. Source: "The meaning of public", ACLs.
const PUBLIC_GROUPS: [&str; 2] = ["AllUsers", "AuthenticatedUsers"];

/// The other group that S3 knows: its own log delivery. Source: S3 User Guide, "Access control list (ACL) overview".
const LOG_DELIVERY: &str = "http://acs.amazonaws.com/groups/s3/LogDelivery";

/// Whether an ACL is public.
pub(super) fn is_public(acl: &Acl) -> Answer {
    let (mut public, mut doubts) = (Vec::new(), Vec::new());
    for grant in &acl.grants {
        let Some(uri) = grant.group.as_deref() else { continue };
        let group = uri.rsplit_once("/groups/global/").map(|(_, group)| group);
        match group {
            Some(group) if PUBLIC_GROUPS.contains(&group) => {
                public.push(Reason::whole(format!("the ACL grants {} to {group}", grant.permission)));
            }
            _ if uri == LOG_DELIVERY => {}
            _ => doubts.push(Doubt::Undecided(Reason::whole(format!(
                "the ACL grants {} to a group that is not known: {uri}",
                grant.permission
            )))),
        }
    }
    Answer::any(public, doubts, || vec![Reason::whole("the ACL grants nothing to AllUsers or AuthenticatedUsers")])
}

/// Whether the public can get in through the ACL.
///
/// GetBucketAcl answers with the ACL that S3 enforces, so a grant that stands in it counts, unless what was read
/// besides says that ACLs have no effect. Where the ACL itself was not read, they may say so too.
pub(super) fn effective(acl: Answer, block: &EffectiveBlock, ownership: Option<&OwnershipControls>) -> Answer {
    if let Some(why) = without_effect(block, ownership) {
        return Answer::No(vec![Reason::whole(why)]);
    }
    match acl {
        Answer::Unknown(mut doubts) => {
            if ownership.is_none() {
                doubts.push(Doubt::NotRead(Source::Ownership));
            }
            Answer::Unknown(doubts)
        }
        known => known,
    }
}

fn without_effect(block: &EffectiveBlock, ownership: Option<&OwnershipControls>) -> Option<&'static str> {
    if block.ignore_public_acls == Some(true) {
        return Some("Block Public Access ignores public ACLs");
    }
    let enforced = ownership.is_some_and(|owned| owned.object_ownership.as_deref() == Some("BucketOwnerEnforced"));
    enforced.then_some("object ownership is BucketOwnerEnforced, so ACLs have no effect")
}

/// Objects have ACLs of their own, which nobody lists; only these two settings rule them out.
pub(super) fn note_on_objects(block: &EffectiveBlock, ownership: Option<&OwnershipControls>) -> Option<Reason> {
    without_effect(block, ownership).is_none().then(|| {
        Reason::whole(
            "objects may carry public ACLs of their own: neither IgnorePublicAcls nor BucketOwnerEnforced is known to be set",
        )
    })
}
