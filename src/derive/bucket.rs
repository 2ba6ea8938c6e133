//! What rules may say about a log bucket.

mod access;
mod self_logging;

use super::coverage::{ClassQuestion, State};
use super::log_keys::LogKeys;
use super::question::{OpenQuestions, Question};
use super::retention::{covers_all, expiry, lock_days};
use super::selector::{Access, EventClass};
use super::subject::{Derivation, Subject, all_redundant, arns, to_fact};
use crate::expr::{Gaps, Known, Listed, Shared};
use crate::facts::bucket::{
    AccessLogging, Encryption, Lifecycle, ObjectLock, PublicAccessBlock, Retention, Versioning,
};
use crate::facts::{self, Scope};
use crate::id::{AccountId, TrailArn};
use crate::snapshot::{
    Bucket, Cause, Existence, MfaDelete, ObjectLockMode, Observed, Owner, Snapshot, Trail, VersioningStatus,
};

pub(super) fn subjects(derivation: &mut Derivation<'_>) -> Vec<Subject> {
    derivation.snapshot.buckets.iter().map(|bucket| subject(derivation, bucket)).collect()
}

fn subject(derivation: &mut Derivation<'_>, bucket: &Bucket) -> Subject {
    let snapshot = derivation.snapshot;
    let trails = derivation.uses.buckets.get(bucket.name.as_str()).cloned().unwrap_or_default();
    let users = derivation.facts_of(&trails);
    let owner = owner(bucket);
    let redundant = all_redundant(&users);
    let facts = facts(derivation, bucket, &trails, &users, redundant.clone());
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
    redundant: Known<bool>,
) -> facts::Bucket {
    let public_access = access::public(derivation, bucket, owner(bucket));
    let bucket_access = access::access(derivation, bucket, owner(bucket), trails);
    let mut asked = Settings { open: &mut derivation.open, bucket, owner: owner(bucket) };
    let exists = match &bucket.existence {
        Some(existence) => Known::Is(existence.value == Existence::Present),
        None => Known::Gap(asked.unlocated()),
    };
    let organization = derivation.snapshot.organization.as_ref().map(|listed| listed.id.as_str());
    let keys = log_keys(trails, organization);
    let (lifecycle, retention) = asked.lifecycle(&keys);
    let standing = asked.standing(derivation.snapshot);
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
        access: bucket_access,
        scp_denies_deletes: asked.scp_denies_deletes(derivation.snapshot),
        requester_pays: asked
            .setting(bucket.payer.as_ref(), "s3:GetBucketRequestPayment", |payer| payer == "Requester"),
        access_logging: asked.access_logging(),
        data_events_recorded: data_events_recorded(derivation, bucket, trails),
        self_logging_trails: self_logging::trails(derivation, bucket, owner(bucket), trails),
    }
}

/// Where each trail writes in the bucket, and to which folders.
fn log_keys<'a>(trails: &[&'a Trail], organization: Option<&str>) -> Vec<(LogKeys, Vec<&'a str>)> {
    let keys = |trail: &&'a Trail| {
        let configuration = &trail.configuration.value;
        let prefix = configuration.s3_key_prefix.as_deref();
        let keys = LogKeys::new(prefix, trail.arn.account(), configuration.is_organization_trail, organization);
        let mut folders = vec!["CloudTrail/"];
        if configuration.log_file_validation_enabled != Some(false) {
            folders.push("CloudTrail-Digest/");
        }
        if trail.insight_selectors.as_ref().is_none_or(|insights| !insights.value.types.is_empty()) {
            folders.push("CloudTrail-Insight/");
        }
        (keys, folders)
    };
    trails.iter().map(keys).collect()
}

fn versioning(read: &crate::snapshot::Versioning) -> Versioning {
    let status = match read.status {
        VersioningStatus::Enabled => "Enabled",
        VersioningStatus::Suspended => "Suspended",
        VersioningStatus::Off => "Off",
    };
    Versioning { status: status.to_owned(), mfa_delete: read.mfa_delete == MfaDelete::Enabled }
}

fn object_lock(read: &crate::snapshot::ObjectLock) -> ObjectLock {
    let mode = read.mode.as_ref().map(|mode| match mode {
        ObjectLockMode::Compliance => "COMPLIANCE".to_owned(),
        ObjectLockMode::Governance => "GOVERNANCE".to_owned(),
        ObjectLockMode::Other(other) => other.clone(),
    });
    ObjectLock { enabled: read.enabled, mode, retention_days: lock_days(read) }
}

fn filtered(rule: &str) -> String {
    format!("the lifecycle rule {rule} lets log files go that have its tags or sizes; whether any has, is not judged")
}

/// The questions about one bucket.
struct Settings<'a> {
    open: &'a mut OpenQuestions,
    bucket: &'a Bucket,
    owner: Option<AccountId>,
}

/// What is known of whose a bucket is.
struct Standing {
    owner: Option<Known<AccountId>>,
    state: Option<Known<String>>,
    in_organization: Known<bool>,
    active: Known<bool>,
}

impl Settings<'_> {
    fn why(&mut self, operation: &str) -> Gaps {
        let question = Question::of(operation).resource(self.bucket.name.as_str());
        self.open.why(self.owner.map_or(question, |owner| question.account(owner)))
    }

    /// Why it is not known whether and where the bucket is: anybody may have asked.
    fn unlocated(&mut self) -> Gaps {
        self.open.why(Question::of("s3:HeadBucket").resource(self.bucket.name.as_str()))
    }

    /// Why it is not known whose the bucket is.
    fn unowned(&mut self) -> Gaps {
        self.open.why(Question::of("s3:ListBuckets").resource(self.bucket.name.as_str()))
    }

    fn setting<T, F>(&mut self, read: Option<&Observed<T>>, operation: &str, fact: impl Fn(&T) -> F) -> Known<F> {
        match read {
            Some(read) => Known::Is(fact(&read.value)),
            None => Known::Gap(self.why(operation)),
        }
    }

    fn standing(&mut self, snapshot: &Snapshot) -> Standing {
        if self.bucket.is_missing() {
            return Standing { owner: None, state: None, in_organization: Known::Is(false), active: Known::Is(false) };
        }
        match &self.bucket.owner {
            Some(Observed { value: Owner::Account(owner), .. }) => {
                let listed = snapshot.account(*owner);
                Standing {
                    owner: Some(Known::Is(*owner)),
                    state: listed
                        .and_then(|account| account.state.as_ref())
                        .map(|state| Known::Is(state.as_str().to_owned())),
                    in_organization: Known::Is(listed.is_some()),
                    active: Known::Is(listed.is_some_and(crate::snapshot::Account::is_active)),
                }
            }
            Some(Observed { value: Owner::OutsideOrganization, .. }) => {
                let stranger = self.unowned();
                Standing {
                    owner: Some(Known::Gap(stranger)),
                    state: None,
                    in_organization: Known::Is(false),
                    active: Known::Is(false),
                }
            }
            None => {
                let gaps = self.unowned();
                Standing {
                    owner: Some(Known::Gap(gaps.clone())),
                    state: Some(Known::Gap(gaps.clone())),
                    in_organization: Known::Gap(gaps.clone()),
                    active: Known::Gap(gaps),
                }
            }
        }
    }

    fn lifecycle(&mut self, keys: &[(LogKeys, Vec<&str>)]) -> (Known<Lifecycle>, Known<Retention>) {
        let Some(read) = &self.bucket.lifecycle else {
            let gaps = self.why("s3:GetBucketLifecycleConfiguration");
            return (Known::Gap(gaps.clone()), Known::Gap(gaps));
        };
        let covers_all_logs = match covers_all(&read.value, keys) {
            Some(covers) => Known::Is(covers),
            None => Known::Gap(self.undecided("whether lifecycle rules with a filter by tag or size, or for an organization that was not listed, cover all log files is not decided")),
        };
        let lifecycle = Lifecycle { rules: i64::try_from(read.value.rules.len()).unwrap_or(i64::MAX), covers_all_logs };
        let all: Vec<LogKeys> = keys.iter().map(|(keys, _)| keys.clone()).collect();
        let expiry = expiry(&read.value, &all);
        let retention = if expiry.undecided.is_empty() {
            Known::Is(Retention {
                earliest_expiry_days: expiry.earliest_days,
                notes: expiry.filtered.iter().map(|rule| filtered(rule)).collect(),
            })
        } else {
            let rules = expiry.undecided.join(", ");
            Known::Gap(self.undecided(&format!(
                "whether the lifecycle rules {rules} take log files in is not decided: the organization was not listed"
            )))
        };
        (Known::Is(lifecycle), retention)
    }

    /// Service control policies do not bind the management account. Source: Organizations User Guide, "Service control
    /// policies (SCPs)".
    fn scp_denies_deletes(&mut self, snapshot: &Snapshot) -> Known<bool> {
        match (&snapshot.organization, self.owner) {
            (Some(organization), Some(owner)) if organization.management_account == owner => Known::Is(false),
            _ => {
                let question = Question::of("organizations:ListPoliciesForTarget");
                let question = self.owner.map_or(question, |owner| question.account(owner));
                let message = "whether a service control policy denies it is not known: this version reads none";
                Known::Gap(self.open.leave(question, Cause::Unsupported, message))
            }
        }
    }

    fn undecided(&mut self, message: &str) -> Gaps {
        let question = Question::of("s3:GetBucketLifecycleConfiguration").resource(self.bucket.name.as_str());
        let question = self.owner.map_or(question, |owner| question.account(owner));
        self.open.leave(question, Cause::Unsupported, message)
    }

    /// A flag takes effect where the bucket or its owner's account has it (S3 User Guide, "Blocking public access": the
    /// most restrictive combination applies).
    fn public_access_block(&mut self, snapshot: &Snapshot) -> PublicAccessBlock {
        let own = self.bucket.public_access_block.as_ref().map(|block| block.value);
        let account = self.owner.and_then(|owner| snapshot.account(owner));
        let of_account = account.and_then(|account| account.public_access_block.as_ref()).map(|block| block.value);
        let mut flag = |flag: fn(&crate::snapshot::PublicAccessBlock) -> bool| match (
            own.map(|own| flag(&own)),
            of_account.map(|block| flag(&block)),
        ) {
            (Some(true), _) | (_, Some(true)) => Known::Is(true),
            (Some(false), Some(false)) => Known::Is(false),
            (None, _) => Known::Gap(self.why("s3:GetPublicAccessBlock")),
            (Some(false), None) => {
                let question = Question::of("s3control:GetPublicAccessBlock");
                Known::Gap(self.open.why(self.owner.map_or(question, |owner| question.account(owner))))
            }
        };
        PublicAccessBlock {
            block_public_acls: flag(|block| block.block_public_acls),
            ignore_public_acls: flag(|block| block.ignore_public_acls),
            block_public_policy: flag(|block| block.block_public_policy),
            restrict_public_buckets: flag(|block| block.restrict_public_buckets),
        }
    }

    fn access_logging(&mut self) -> Known<AccessLogging> {
        let Some(read) = &self.bucket.access_logging else { return Known::Gap(self.why("s3:GetBucketLogging")) };
        let Some(target) = &read.value.target_bucket else {
            let off = AccessLogging {
                enabled: false,
                target_bucket: None,
                target_is_itself: false,
                target_exists: Known::Is(false),
            };
            return Known::Is(off);
        };
        let exists = match read.value.target_existence {
            Some(existence) => Known::Is(existence == Existence::Present),
            None => {
                let question = Question::of("s3:HeadBucket").resource(target);
                Known::Gap(self.open.why(self.owner.map_or(question, |owner| question.account(owner))))
            }
        };
        match target.parse() {
            Ok(name) => Known::Is(AccessLogging {
                enabled: true,
                target_bucket: Some(name),
                target_is_itself: target == self.bucket.name.as_str(),
                target_exists: exists,
            }),
            Err(_) => Known::Gap(self.why("s3:GetBucketLogging")),
        }
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
