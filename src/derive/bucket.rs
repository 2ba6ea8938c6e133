//! What rules may say about a log bucket.

mod access;
mod durability;
mod grants;
mod replication;
mod self_logging;
mod settings;

use rayon::prelude::*;

use self::access::Verdicts;
use self::durability::{log_keys, object_lock, versioning};
use self::settings::Settings;
use super::access::{Answers, Insiders};
use super::bucket_policy::{self, LogTrail};
use super::coverage::{ClassQuestion, State};
use super::question::Question;
use super::selector::{Access, EventClass};
use super::subject::{Derivation, Subject, Uses, all_redundant, arns, to_fact};
use crate::expr::{Gaps, Known, Listed, Shared};
use crate::facts::bucket::Encryption;
use crate::facts::{self, Scope};
use crate::id::{AccountId, TrailArn};
use crate::snapshot::{Bucket, Existence, Observed, Owner, Snapshot, Trail};

/// Who gets at each bucket, in the order of the buckets.
pub(super) fn verdicts(snapshot: &Snapshot, uses: &Uses<'_>, insiders: &Insiders) -> Vec<Verdicts> {
    let verdicts = |bucket| Verdicts::of(snapshot, insiders, bucket, owner(bucket), uses.of_bucket(bucket));
    snapshot.buckets.par_iter().map(verdicts).collect()
}

pub(super) fn subjects(derivation: &mut Derivation<'_>, verdicts: Vec<Verdicts>) -> Vec<Subject> {
    let buckets: Vec<(&Bucket, Verdicts)> = derivation.snapshot.buckets.iter().zip(verdicts).collect();
    derivation.in_parts(&buckets, |derivation, buckets| {
        buckets.iter().map(|(bucket, verdicts)| subject(derivation, bucket, verdicts)).collect()
    })
}

fn subject(derivation: &mut Derivation<'_>, bucket: &Bucket, verdicts: &Verdicts) -> Subject {
    let snapshot = derivation.snapshot;
    let trails = derivation.uses.of_bucket(bucket).to_vec();
    let users = derivation.facts_of(&trails);
    let owner = owner(bucket);
    let redundant = all_redundant(&users);
    let facts = facts(derivation, bucket, &trails, &users, verdicts, redundant.clone());
    let first_user = users.iter().map(|trail| &trail.arn).min().map(|arn| arn.account());
    Subject {
        scope: Scope::LogBucket,
        resource: Some(bucket.name.arn(&snapshot.caller.partition).into()),
        account: owner.or(first_user),
        region: bucket.region.clone(),
        related: arns(&users),
        redundant: redundant == Known::Is(true),
        not_applicable: None,
        facts: to_fact(&facts),
    }
}

fn owner(bucket: &Bucket) -> Option<AccountId> {
    match &bucket.owner {
        Some(Observed { value: Owner::Account(owner), .. }) => Some(*owner),
        _ => None,
    }
}

fn facts(
    derivation: &mut Derivation<'_>,
    bucket: &Bucket,
    trails: &[&Trail],
    users: &[Shared<facts::Trail>],
    verdicts: &Verdicts,
    redundant: Known<bool>,
) -> facts::Bucket {
    let log_files = {
        let readers: Vec<LogTrail<'_>> = trails.iter().map(|trail| derivation.insiders.log_trail(trail)).collect();
        bucket_policy::log_files(&bucket.name.arn(&derivation.snapshot.caller.partition), &readers)
    };
    let (open, resource) = (&mut derivation.open, bucket.name.as_str());
    let mut answers = Answers { open, owner: owner(bucket), resource, policy: "s3:GetBucketPolicy" };
    let (public_access, access) = (verdicts.public_access(&mut answers), verdicts.access(&mut answers));
    let mut asked = Settings { open: &mut derivation.open, bucket, owner: owner(bucket) };
    let exists = match &bucket.existence {
        Some(existence) => Known::Is(existence.value == Existence::Present),
        None => Known::Gap(asked.unlocated()),
    };
    let organization = derivation.snapshot.organization.as_ref().map(|listed| listed.id.as_str());
    // Whether a trail writes Insights where its Insight selectors were not read: as if it did, and as if it did not.
    let keys = [true, false].map(|unread| log_keys(trails, organization, unread));
    let (lifecycle, retention) = asked.lifecycle(&keys, trails);
    let standing = asked.standing(derivation.snapshot);
    let (scp_denies_deletes, scp_because) = asked.scp_denies_deletes(derivation.snapshot, &log_files);
    facts::Bucket {
        name: bucket.name.clone(),
        arn: bucket.name.arn(&derivation.snapshot.caller.partition),
        region: match (&bucket.region, &exists) {
            (Some(region), _) => Some(Known::Is(region.clone())),
            (None, Known::Is(false)) => None,
            (None, _) => Some(Known::Gap(asked.unlocated())),
        },
        exists,
        owner: standing.owner,
        owner_state: standing.state,
        owner_in_organization: standing.in_organization,
        owner_active: standing.active,
        used_by: Listed { found: users.to_vec(), unread: Gaps::none() },
        redundant,
        versioning: asked.setting(bucket.versioning.as_ref(), "s3:GetBucketVersioning", versioning),
        object_lock: asked.setting(bucket.object_lock.as_ref(), "s3:GetObjectLockConfiguration", object_lock),
        encryption: asked.setting(bucket.encryption.as_ref(), "s3:GetBucketEncryption", |read| Encryption {
            algorithm: read.algorithm.clone(),
            key_id: read.kms_key_id.clone(),
        }),
        lifecycle,
        retention,
        public_access_block: asked.public_access_block(derivation.snapshot),
        public_access,
        access,
        scp_denies_deletes,
        scp_because,
        replication: asked.replication(&keys, trails),
        requester_pays: asked
            .setting(bucket.payer.as_ref(), "s3:GetBucketRequestPayment", |payer| payer == "Requester"),
        access_logging: asked.access_logging(),
        data_events_recorded: data_events_recorded(derivation, bucket, trails),
        self_logging_trails: self_logging::trails(derivation, bucket, owner(bucket), trails),
    }
}

/// Whether trails that log, reach the bucket and deliver elsewhere record the reads and the writes of its objects.
///
/// A trail sees the data events that the owner of the bucket receives, in the bucket's Region. Source: CloudTrail User
/// Guide, "Logging data events".
fn data_events_recorded(derivation: &mut Derivation<'_>, bucket: &Bucket, users: &[&Trail]) -> Known<bool> {
    let open = &mut derivation.open;
    let why = |operation| Question::of(operation).resource(bucket.name.as_str());
    let (owner, region) = match (owner(bucket), &bucket.region) {
        (Some(owner), Some(region)) => (owner, region),
        (None, _) => return Known::Gap(open.why(why("s3:ListBuckets"))),
        (Some(_), None) => return Known::Gap(open.why(why("s3:HeadBucket"))),
    };
    let users: Vec<&TrailArn> = users.iter().map(|trail| &trail.arn).collect();
    let partition = derivation.snapshot.caller.partition.as_str();
    let covered = [Access::Read, Access::Write].map(|access| {
        let class = EventClass::objects(partition, bucket.name.as_str(), access);
        let question = ClassQuestion { class: &class, account: owner, region, without: &users };
        derivation.coverage.of_class(&question, open)
    });
    match covered.each_ref().map(|covered| covered.state) {
        [State::All, State::All] => Known::Is(true),
        [State::None | State::Part, _] | [_, State::None | State::Part] => Known::Is(false),
        _ => Known::Gap(covered[0].gaps.union(&covered[1].gaps)),
    }
}
