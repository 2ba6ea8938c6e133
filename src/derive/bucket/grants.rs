//! Whom the ACL of a log bucket lets in.
//!
//! Source: S3 User Guide, "Access control list (ACL) overview". An ACL names accounts by their canonical user ids, which
//! no call of another account translates: the accounts that own the buckets that were read are told by those buckets.

use crate::derive::policy_document::{Doubt, Outsider, Reason, Scope, Source, Standing};
use crate::id::AccountId;
use crate::snapshot::{Acl, AclGrant, Bucket, Observed, Owner};

/// The group by which S3 delivers server access logs.
const ACCESS_LOGS: &str = "http://acs.amazonaws.com/groups/s3/LogDelivery";

/// The accounts by which CloudFront delivers its access logs, in `aws` and in `aws-cn`.
///
/// Source: CloudFront Developer Guide, "Configure standard logging (legacy)", "Permissions".
const CLOUDFRONT: [&str; 2] = [
    "c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0",
    "a52cb28745c0c06e84ec548334e44bfa7fc2a85c54af20cd59e4969344b7af56",
];

/// Whom an ACL lets in besides the owner.
#[derive(Default)]
pub(super) struct ByAcl {
    /// Those who are outside the organization, or may be.
    pub(super) outsiders: Vec<Outsider>,
    /// Those who can write, in words.
    pub(super) writers: Vec<String>,
    /// That the ACL itself was not read.
    pub(super) unread: Vec<Doubt>,
}

impl ByAcl {
    /// GetBucketAcl answers with the ACL that S3 enforces; where objects belong to the bucket's owner, there is none.
    pub(super) fn of(bucket: &Bucket, buckets: &[Bucket], scope: &Scope<'_>) -> Self {
        let mut found = Self::default();
        let controls = bucket.ownership_controls.as_ref();
        if controls.is_some_and(|owned| owned.value.object_ownership.as_deref() == Some("BucketOwnerEnforced")) {
            return found;
        }
        let Some(acl) = &bucket.acl else {
            found.unread.push(Doubt::NotRead(Source::BucketAcl));
            return found;
        };
        for grant in &acl.value.grants {
            found.add(grant, &acl.value, buckets, scope);
        }
        found
    }

    fn add(&mut self, grant: &AclGrant, acl: &Acl, buckets: &[Bucket], scope: &Scope<'_>) {
        let permission = grant.permission.as_str();
        let (whom, account, standing) = match (grant.group.as_deref(), grant.canonical_id.as_deref()) {
            (Some(ACCESS_LOGS), _) => return self.log_delivery(permission, "S3's delivery of access logs"),
            (_, Some(id)) if CLOUDFRONT.contains(&id) => {
                return self.log_delivery(permission, "CloudFront's delivery of access logs");
            }
            (None, Some(id)) if acl.owner_canonical_id.as_deref() == Some(id) => return,
            (Some(uri), _) => match uri.rsplit_once("/groups/global/") {
                Some((_, group @ ("AllUsers" | "AuthenticatedUsers"))) => (group.to_owned(), None, Standing::Outside),
                _ => (format!("a group that is not known: {uri}"), None, Standing::Undecided),
            },
            (None, Some(id)) => match account_of(id, buckets) {
                Some(account) => (format!("account {account}"), Some(account), scope.account(account)),
                None => (format!("canonical user {id}, whose account is not known"), None, Standing::Undecided),
            },
            (None, None) => ("a grantee that is not named".to_owned(), None, Standing::Undecided),
        };
        let reason = Reason::whole(format!("the ACL grants {permission} to {whom}"));
        if writes(permission) {
            self.writers.push(reason.to_string());
        }
        if standing >= Standing::Undecided {
            let doubts = if standing == Standing::Undecided { vec![undecided(&reason)] } else { Vec::new() };
            self.outsiders.push(Outsider { reason, account, is_service: false, actions: Vec::new(), doubts });
        }
    }

    fn log_delivery(&mut self, permission: &str, whom: &str) {
        if writes(permission) {
            self.writers.push(format!("the ACL grants {permission} to {whom}"));
        }
    }
}

fn writes(permission: &str) -> bool {
    matches!(permission, "WRITE" | "FULL_CONTROL")
}

fn undecided(reason: &Reason) -> Doubt {
    Doubt::Undecided(Reason::whole(format!("{reason}, and nothing that was read says whether that is inside")))
}

/// The account of a canonical user id, where a bucket that was read belongs to it.
fn account_of(id: &str, buckets: &[Bucket]) -> Option<AccountId> {
    let owns =
        |bucket: &&Bucket| bucket.acl.as_ref().is_some_and(|acl| acl.value.owner_canonical_id.as_deref() == Some(id));
    buckets.iter().filter(owns).find_map(|bucket| match &bucket.owner {
        Some(Observed { value: Owner::Account(owner), .. }) => Some(*owner),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
