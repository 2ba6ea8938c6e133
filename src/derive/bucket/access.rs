//! Who gets at a log bucket: from what its policy, ACL and Block Public Access mean to facts.

use super::grants::ByAcl;
use crate::derive::access::{Answers, Insiders, all_because, because};
use crate::derive::bucket_policy::{self, BucketPolicyInputs, BucketPolicyVerdict, Delivery, LogTrail};
use crate::derive::policy_document::{self, Answer, Reason};
use crate::derive::public_access::{self, PublicInputs, public_access};
use crate::derive::question::Question;
use crate::expr::{Gaps, Listed};
use crate::facts::access::{BucketAccess, Outsider, PublicAccess};
use crate::id::{AccountId, BucketName};
use crate::snapshot::{Bucket, Owner, Snapshot, Trail};

/// What is known of a bucket before it becomes facts.
pub(in crate::derive) struct Verdicts {
    public: public_access::PublicAccess,
    policy: BucketPolicyVerdict,
    by_acl: ByAcl,
    /// The buckets, of those that were read, that write their access logs here.
    logging: Vec<String>,
    /// Those that may, of which it was not read.
    may_log: Vec<(BucketName, Option<AccountId>)>,
}

impl Verdicts {
    pub(super) fn of(
        snapshot: &Snapshot,
        insiders: &Insiders,
        bucket: &Bucket,
        owner: Option<AccountId>,
        trails: &[&Trail],
    ) -> Self {
        let scope = insiders.scope(owner);
        let trails: Vec<LogTrail<'_>> = trails.iter().map(|trail| insiders.log_trail(trail)).collect();
        let policy = bucket_policy::bucket_policy(&BucketPolicyInputs {
            policy: bucket.policy.as_ref().map(|policy| &policy.value),
            bucket: &bucket.name,
            partition: &snapshot.caller.partition,
            scope,
            trails: &trails,
        });
        Self {
            public: public(snapshot, bucket, owner),
            policy,
            by_acl: ByAcl::of(bucket, &snapshot.buckets, &scope),
            logging: logs_into(snapshot, bucket),
            may_log: may_log_into(snapshot, bucket, owner),
        }
    }

    /// Whether the public gets at the bucket.
    pub(super) fn public_access(&self, answers: &mut Answers<'_>) -> PublicAccess {
        PublicAccess {
            public: answers.known(&self.public.public),
            because: because(&self.public.public),
            policy: answers.known(&self.public.policy),
            acl: answers.known(&self.public.acl),
            notes: texts(&self.public.notes),
        }
    }

    /// What its policy lets whom do, its ACL included where that decides.
    pub(super) fn access(&self, answers: &mut Answers<'_>) -> BucketAccess {
        let (outsiders, outsiders_notes) = self.outsiders(answers);
        let other_writers = self.other_writers(answers);
        let policy = &self.policy;
        let paths = || policy.deliveries.iter().map(|delivery| &delivery.path_fits);
        let digests = || policy.deliveries.iter().map(|delivery| &delivery.digests_pass);
        let notes_of = |notes: fn(&Delivery) -> Vec<&Reason>| {
            policy.deliveries.iter().flat_map(notes).map(Reason::to_string).collect::<Vec<_>>()
        };
        BucketAccess {
            others_can_write: answers.known(&policy.others_can_write),
            others_can_write_because: because(&policy.others_can_write),
            outsiders,
            outsiders_notes,
            put_is_pinned: answers.known(&policy.put_is_pinned),
            put_is_pinned_because: because(&policy.put_is_pinned),
            put_is_pinned_notes: texts(&policy.notes),
            paths_fit: answers.all(paths()),
            paths_fit_because: all_because(paths()),
            paths_fit_notes: notes_of(|delivery| delivery.notes.iter().collect()),
            digests_pass: answers.all(digests()),
            digests_pass_because: all_because(digests()),
            digests_pass_notes: notes_of(|delivery| delivery.digest_note.iter().collect()),
            denies_insecure_transport: answers.known(&policy.denies_insecure_transport),
            denies_insecure_transport_because: because(&policy.denies_insecure_transport),
            denies_deletes: answers.known(&policy.denies_deletes),
            denies_deletes_because: because(&policy.denies_deletes),
            other_writers,
        }
    }

    /// Those who are not known to be of the organization; and those whom Block Public Access keeps out, as notes.
    fn outsiders(&self, answers: &mut Answers<'_>) -> (Listed<Outsider>, Vec<String>) {
        let hidden = answers.gaps(&self.policy.outsiders_hidden).union(&answers.gaps(&self.by_acl.unread));
        let mut listed = Listed { found: Vec::new(), unread: hidden };
        let mut notes = Vec::new();
        for outsider in &self.policy.outsiders {
            match &self.public.policy_restricted {
                _ if outsider.is_service => listed.found.push(fact(outsider, answers)),
                Answer::Yes(_) => notes.push(format!("Block Public Access alone keeps out: {}", outsider.reason)),
                Answer::No(_) => listed.found.push(fact(outsider, answers)),
                Answer::Unknown(doubts) => {
                    let doubts = [outsider.doubts.clone(), doubts.clone()].concat();
                    listed.found.push(fact(&policy_document::Outsider { doubts, ..outsider.clone() }, answers));
                }
            }
        }
        listed.found.extend(self.by_acl.outsiders.iter().map(|outsider| fact(outsider, answers)));
        (listed, notes)
    }

    fn other_writers(&self, answers: &mut Answers<'_>) -> Listed<String> {
        let (mut found, mut unread) = (Vec::new(), answers.gaps(&self.by_acl.unread));
        match &self.policy.others_write {
            Answer::Yes(reasons) => found.extend(texts(reasons)),
            Answer::No(_) => {}
            Answer::Unknown(doubts) => unread = unread.union(&answers.gaps(doubts)),
        }
        found.extend(self.by_acl.writers.iter().cloned());
        found.extend(self.logging.iter().cloned());
        for (other, owner) in &self.may_log {
            let question = Question::of("s3:GetBucketLogging").resource(other.as_str());
            let why = match (owner, answers.owner) {
                (Some(owner), _) => answers.open.why(question.account(*owner)),
                // Whose it is is not known; the owner of this one does not list it, unless it could not be asked.
                (None, Some(owner)) => {
                    let left = answers.open.left_by(owner, Question::of("s3:ListBuckets").resource(other.as_str()));
                    left.unwrap_or_else(Gaps::none)
                }
                (None, None) => answers.open.why(question),
            };
            unread = unread.union(&why);
        }
        Listed { found, unread }
    }
}

fn public(snapshot: &Snapshot, bucket: &Bucket, owner: Option<AccountId>) -> public_access::PublicAccess {
    let account = owner.and_then(|owner| snapshot.account(owner));
    public_access(&PublicInputs {
        policy: bucket.policy.as_ref().map(|policy| &policy.value),
        acl: bucket.acl.as_ref().map(|acl| &acl.value),
        ownership: bucket.ownership_controls.as_ref().map(|controls| &controls.value),
        bucket_block: bucket.public_access_block.as_ref().map(|block| &block.value),
        account_block: account.and_then(|account| account.public_access_block.as_ref()).map(|block| &block.value),
        of_s3: bucket.policy_status.as_ref().and_then(|status| status.value.is_public),
    })
}

fn fact(outsider: &policy_document::Outsider, answers: &mut Answers<'_>) -> Outsider {
    Outsider { name: outsider.reason.to_string(), account: outsider.account, is_outside: answers.is_outside(outsider) }
}

fn texts(reasons: &[Reason]) -> Vec<String> {
    reasons.iter().map(Reason::to_string).collect()
}

fn logs_into(snapshot: &Snapshot, bucket: &Bucket) -> Vec<String> {
    let here = |other: &&Bucket| {
        let logging = other.access_logging.as_ref();
        logging.is_some_and(|logging| logging.value.target_bucket.as_deref() == Some(bucket.name.as_str()))
    };
    snapshot.buckets.iter().filter(here).map(|other| format!("{} writes its access logs here", other.name)).collect()
}

/// The buckets that may write their access logs into one, as far as was read.
///
/// Source: S3 User Guide, "Enabling Amazon S3 server access logging": both are in one Region and of one account.
fn may_log_into(
    snapshot: &Snapshot,
    bucket: &Bucket,
    owner: Option<AccountId>,
) -> Vec<(BucketName, Option<AccountId>)> {
    let unread = snapshot.buckets.iter().filter(|other| other.access_logging.is_none() && !other.is_missing());
    let near =
        unread.filter(|other| bucket.region.is_none() || other.region.is_none() || other.region == bucket.region);
    let may = near.filter_map(|other| match other.owner.as_ref().map(|read| &read.value) {
        Some(Owner::Account(of)) => (owner.is_none() || owner == Some(*of)).then(|| (other.name.clone(), Some(*of))),
        Some(Owner::OutsideOrganization) => None,
        None => Some((other.name.clone(), None)),
    });
    may.collect()
}
