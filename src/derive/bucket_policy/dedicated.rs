//! Whether a log bucket is for CloudTrail alone, as far as its policy says.

use super::rights::Resources;
use crate::derive::policy_document::{Answer, Grants, PolicyDocument, Reason, Scope};

/// Whether the policy lets anybody besides CloudTrail put objects: another service, as access logs and AWS Config are
/// delivered, or an account.
pub(super) fn others_write(document: &PolicyDocument, bucket: &Resources<'_>, scope: &Scope<'_>) -> Answer {
    let grants = Grants::of(document, &[bucket.on_objects("s3:PutObject")], scope);
    let others =
        grants.held.iter().filter(|grant| !grant.grantee.is_cloudtrail()).map(|grant| grant.reason()).collect();
    Answer::any(others, grants.doubts, || vec![Reason::whole("the policy lets nobody but CloudTrail put objects")])
}
