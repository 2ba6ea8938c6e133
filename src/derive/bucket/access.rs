//! Who gets at a log bucket.

use crate::derive::access::{Answers, reasons};
use crate::derive::bucket_policy::{self, BucketPolicyInputs, BucketPolicyVerdict, LogTrail};
use crate::derive::policy_document::{Answer, Doubt, Reason, Source};
use crate::derive::public_access::{PublicInputs, disagreement, public_access};
use crate::derive::subject::Derivation;
use crate::expr::Listed;
use crate::facts::access::{BucketAccess, Outsider, PublicAccess};
use crate::id::AccountId;
use crate::snapshot::{Acl, AclGrant, Bucket, Snapshot, Trail};

/// The group by which S3 delivers server access logs. Source: S3 User Guide, "Access control list (ACL) overview".
const LOG_DELIVERY: &str = "http://acs.amazonaws.com/groups/s3/LogDelivery";

/// Whether the public gets at a bucket.
pub(super) fn public(derivation: &mut Derivation<'_>, bucket: &Bucket, owner: Option<AccountId>) -> PublicAccess {
    let account = owner.and_then(|owner| derivation.snapshot.account(owner));
    let access = public_access(&PublicInputs {
        policy: bucket.policy.as_ref().map(|policy| &policy.value),
        acl: bucket.acl.as_ref().map(|acl| &acl.value),
        ownership: bucket.ownership_controls.as_ref().map(|controls| &controls.value),
        bucket_block: bucket.public_access_block.as_ref().map(|block| &block.value),
        account_block: account.and_then(|account| account.public_access_block.as_ref()).map(|block| &block.value),
    });
    let of_s3 = bucket.policy_status.as_ref().and_then(|status| status.value.is_public);
    let mut notes: Vec<String> = access.notes.iter().map(Reason::to_string).collect();
    notes.extend(disagreement(&access.policy, of_s3));
    let mut answers = answers(derivation, bucket, owner);
    PublicAccess {
        public: answers.known(&access.public),
        because: if access.public.known().is_some() { access.public.because() } else { Vec::new() },
        policy: answers.known(&access.policy),
        acl: answers.known(&access.acl),
        notes,
    }
}

/// What the policy of a bucket lets whom do, its ACL included where that decides.
pub(super) fn access(
    derivation: &mut Derivation<'_>,
    bucket: &Bucket,
    owner: Option<AccountId>,
    trails: &[&Trail],
) -> BucketAccess {
    let verdict = verdict(derivation, bucket, owner, trails);
    let by_acl = ByAcl::of(bucket);
    let logging = logs_into(derivation.snapshot, bucket);
    let mut answers = answers(derivation, bucket, owner);
    let mut outsiders = Listed {
        found: verdict.outsiders.iter().map(outsider).collect(),
        unread: answers.gaps(&verdict.outsiders_hidden).union(&answers.gaps(&by_acl.hidden)),
    };
    outsiders.found.extend(by_acl.public.iter().map(|name| Outsider { name: name.clone(), account: None }));
    let hidden = match &verdict.others_write {
        Answer::Unknown(doubts) => doubts.clone(),
        Answer::Yes(_) | Answer::No(_) => Vec::new(),
    };
    let mut other_writers = Listed {
        found: reasons(&verdict.others_write, true),
        unread: answers.gaps(&hidden).union(&answers.gaps(&by_acl.unread)),
    };
    other_writers.found.extend(by_acl.log_delivery);
    other_writers.found.extend(logging);
    let paths = || verdict.deliveries.iter().map(|delivery| &delivery.path_fits);
    let digests = || verdict.deliveries.iter().map(|delivery| &delivery.digests_pass);
    let mut notes: Vec<String> = verdict.notes.iter().map(Reason::to_string).collect();
    notes.extend(verdict.deliveries.iter().flat_map(|delivery| &delivery.notes).map(Reason::to_string));
    BucketAccess {
        others_can_write: answers.known(&verdict.others_can_write),
        writers: reasons(&verdict.others_can_write, true),
        outsiders,
        put_is_pinned: answers.known(&verdict.put_is_pinned),
        unpinned: reasons(&verdict.put_is_pinned, false),
        paths_fit: answers.all(paths()),
        misfits: paths().flat_map(|answer| reasons(answer, false)).collect(),
        digests_pass: answers.all(digests()),
        digest_denials: digests().flat_map(|answer| reasons(answer, false)).collect(),
        denies_insecure_transport: answers.known(&verdict.denies_insecure_transport),
        denies_deletes: answers.known(&verdict.denies_deletes),
        other_writers,
        notes,
    }
}

fn answers<'a>(derivation: &'a mut Derivation<'_>, bucket: &'a Bucket, owner: Option<AccountId>) -> Answers<'a> {
    let (open, resource) = (&mut derivation.open, bucket.name.as_str());
    Answers { open, owner, resource, policy: "s3:GetBucketPolicy" }
}

fn verdict(
    derivation: &Derivation<'_>,
    bucket: &Bucket,
    owner: Option<AccountId>,
    trails: &[&Trail],
) -> BucketPolicyVerdict {
    let trails: Vec<LogTrail<'_>> = trails.iter().map(|trail| derivation.log_trail(trail)).collect();
    bucket_policy::bucket_policy(&BucketPolicyInputs {
        policy: bucket.policy.as_ref().map(|policy| &policy.value),
        bucket: &bucket.name,
        partition: &derivation.snapshot.caller.partition,
        scope: derivation.insiders.scope(owner),
        trails: &trails,
    })
}

fn outsider(found: &bucket_policy::Outsider) -> Outsider {
    Outsider { name: found.reason.to_string(), account: found.account }
}

/// Whom the ACL lets in.
#[derive(Default)]
struct ByAcl {
    public: Vec<String>,
    log_delivery: Vec<String>,
    /// Grants of which it is not known to whom they lead.
    hidden: Vec<Doubt>,
    /// That the ACL itself was not read.
    unread: Vec<Doubt>,
}

impl ByAcl {
    /// GetBucketAcl answers with the ACL that S3 enforces; where objects belong to the bucket's owner, there is none.
    fn of(bucket: &Bucket) -> Self {
        let controls = bucket.ownership_controls.as_ref();
        if controls.is_some_and(|owned| owned.value.object_ownership.as_deref() == Some("BucketOwnerEnforced")) {
            return Self::default();
        }
        let mut found = Self::default();
        match &bucket.acl {
            Some(acl) => acl.value.grants.iter().for_each(|grant| found.add(grant, &acl.value)),
            None => {
                found.unread.push(Doubt::NotRead(Source::BucketAcl));
                found.hidden.push(Doubt::NotRead(Source::BucketAcl));
            }
        }
        found
    }

    fn add(&mut self, grant: &AclGrant, acl: &Acl) {
        let permission = &grant.permission;
        match (grant.group.as_deref(), grant.canonical_id.as_deref()) {
            (Some(LOG_DELIVERY), _) if matches!(permission.as_str(), "WRITE" | "FULL_CONTROL") => {
                self.log_delivery.push(format!("the ACL grants {permission} to S3's delivery of access logs"));
            }
            (Some(LOG_DELIVERY), _) => {}
            (Some(uri), _) => match uri.rsplit_once("/groups/global/") {
                Some((_, group @ ("AllUsers" | "AuthenticatedUsers"))) => {
                    self.public.push(format!("the ACL grants {permission} to {group}"));
                }
                _ => self.hidden.push(undecided(permission, &format!("a group that is not known: {uri}"))),
            },
            (None, Some(id)) if acl.owner_canonical_id.as_deref() == Some(id) => {}
            (None, Some(_)) => self.hidden.push(undecided(permission, "a canonical id whose account is not known")),
            (None, None) => self.hidden.push(undecided(permission, "a grantee that is not named")),
        }
    }
}

fn undecided(permission: &str, whom: &str) -> Doubt {
    Doubt::Undecided(Reason::whole(format!("the ACL grants {permission} to {whom}")))
}

/// The buckets, of those that were read, that write their access logs here.
fn logs_into(snapshot: &Snapshot, bucket: &Bucket) -> Vec<String> {
    let here = |other: &&Bucket| {
        let logging = other.access_logging.as_ref();
        logging.is_some_and(|logging| logging.value.target_bucket.as_deref() == Some(bucket.name.as_str()))
    };
    snapshot.buckets.iter().filter(here).map(|other| format!("{} writes its access logs here", other.name)).collect()
}
