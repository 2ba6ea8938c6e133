//! What rules may say about a KMS key.

use std::collections::BTreeSet;

use super::access::{Answers, all_because, because};
use super::bucket_policy::LogTrail;
use super::key_policy::{KeyPolicyInputs, KeyPolicyVerdict, administers, key_policy};
use super::policy_document::Reason;
use super::question::Question;
use super::subject::{Derivation, Subject, arns, to_fact};
use crate::expr::{Gaps, Known, Listed};
use crate::facts::access::{KeyAccess, KeyOutsider};
use crate::facts::{self, Scope};
use crate::id::RegionName;
use crate::snapshot::{Bucket, Key, KeyDescription, Trail};

pub(super) fn subjects(derivation: &mut Derivation<'_>) -> Vec<Subject> {
    derivation.in_parts(&derivation.snapshot.keys, |derivation, keys| {
        keys.iter().filter_map(|key| subject(derivation, key)).collect()
    })
}

fn subject(derivation: &mut Derivation<'_>, key: &Key) -> Option<Subject> {
    let (account, region) = (key.arn.account()?, key.arn.region()?);
    let trails = derivation.uses.keys.get(key.arn.as_str()).cloned().unwrap_or_default();
    let users = derivation.facts_of(&trails);
    let question = |operation| Question::of(operation).account(account).resource(key.arn.as_str());
    let description = match &key.description {
        Some(description) => Known::Is(description.value.clone()),
        None => Known::Gap(derivation.open.why(question("kms:DescribeKey"))),
    };
    let said = |part: fn(&KeyDescription) -> Option<String>| match &description {
        Known::Is(description) => part(description).map(Known::Is),
        Known::Gap(gaps) => Some(Known::Gap(gaps.clone())),
    };
    let holds = |part: fn(&KeyDescription) -> bool| description.clone().map(|description| part(&description));
    let state = said(|description| description.state.clone())
        .unwrap_or_else(|| Known::Gap(derivation.open.why(question("kms:DescribeKey"))));
    let access = access(derivation, key, &trails);
    let facts = facts::Key {
        arn: key.arn.clone(),
        account,
        region: region.clone(),
        state,
        origin: said(|description| description.origin.clone()),
        manager: said(|description| description.manager.clone()),
        is_multi_region: holds(|description| description.multi_region == Some(true)),
        is_replica: holds(|description| description.primary.is_some()),
        expires: holds(|description| description.valid_to.is_some()),
        deletion_date: said(|description| {
            description.deletion_date.map(|date| date.to_string().chars().take_while(|letter| *letter != 'T').collect())
        }),
        rotation_enabled: match &key.rotation {
            Some(rotation) => Known::Is(rotation.value.enabled),
            // What a key is decides whether its rotation is asked.
            None => match &description {
                Known::Gap(gaps) => Known::Gap(gaps.clone()),
                Known::Is(_) => Known::Gap(derivation.open.why(question("kms:GetKeyRotationStatus"))),
            },
        },
        rotation_supported: holds(KeyDescription::rotates),
        bucket_regions: bucket_regions(derivation, &trails),
        access,
        used_by: Listed { found: users.clone(), unread: Gaps::none() },
    };
    Some(Subject {
        scope: Scope::Key,
        resource: Some(key.arn.as_str().into()),
        account: Some(account),
        region: Some(region),
        related: arns(&users),
        redundant: super::subject::all_redundant(&users) == Known::Is(true),
        not_applicable: None,
        facts: to_fact(&facts),
    })
}

/// What the policy of a key lets whom do.
fn access(derivation: &mut Derivation<'_>, key: &Key, trails: &[&Trail]) -> KeyAccess {
    let log_trails: Vec<LogTrail<'_>> = trails.iter().map(|trail| derivation.insiders.log_trail(trail)).collect();
    let verdict = key_policy(&KeyPolicyInputs {
        policy: key.policy.as_ref().map(|policy| &policy.value),
        key: &key.arn,
        scope: derivation.insiders.scope(key.arn.account()),
        trails: &log_trails,
    });
    let (open, resource) = (&mut derivation.open, key.arn.as_str());
    let mut answers = Answers { open, owner: key.arn.account(), resource, policy: "kms:GetKeyPolicy" };
    let encrypts = || verdict.encrypts.iter().map(|(_, answer)| answer);
    let found = verdict.outsiders.iter().map(|outsider| KeyOutsider {
        name: outsider.reason.to_string(),
        account: outsider.account,
        is_outside: answers.is_outside(outsider),
        administers: administers(&outsider.actions),
    });
    let found = found.collect();
    KeyAccess {
        encrypts: answers.all(encrypts()),
        encrypts_because: all_because(encrypts()),
        encryption_is_pinned: answers.known(&verdict.encryption_is_pinned),
        encryption_is_pinned_because: because(&verdict.encryption_is_pinned),
        outsiders: Listed { found, unread: answers.gaps(&verdict.outsiders_hidden) },
        problems: problems(&verdict),
        notes: verdict.notes.iter().map(Reason::to_string).collect(),
    }
}

/// What is surely wrong with the policy of a key.
fn problems(verdict: &KeyPolicyVerdict) -> Vec<String> {
    let encrypts = verdict.encrypts.iter().map(|(_, answer)| (answer, false));
    let wrong = encrypts.chain([(&verdict.encryption_is_pinned, false), (&verdict.is_open, true)]);
    let mut problems: Vec<String> = Vec::new();
    for reason in
        wrong.filter(|(answer, wrong)| answer.known() == Some(*wrong)).flat_map(|(answer, _)| answer.because())
    {
        if !problems.contains(&reason) {
            problems.push(reason);
        }
    }
    problems
}

/// The Regions of the buckets that these trails deliver to. A bucket that does not exist has none.
fn bucket_regions(derivation: &mut Derivation<'_>, trails: &[&Trail]) -> Listed<RegionName> {
    let mut listed = Listed::complete(Vec::new());
    let names: BTreeSet<&str> =
        trails.iter().filter_map(|trail| trail.configuration.value.s3_bucket_name.as_deref()).collect();
    let snapshot = derivation.snapshot;
    for name in names {
        let found = snapshot.buckets.binary_search_by(|bucket| bucket.name.as_str().cmp(name)).ok();
        let bucket = found.map(|at| &snapshot.buckets[at]);
        match bucket.and_then(|bucket| bucket.region.as_ref()) {
            Some(region) => listed.found.push(region.clone()),
            None if bucket.is_some_and(Bucket::is_missing) => {}
            None => {
                let question = Question::of("s3:HeadBucket").resource(name);
                listed.unread = listed.unread.union(&derivation.open.why(question));
            }
        }
    }
    listed.found.sort();
    listed.found.dedup();
    listed
}
