//! What rules may say about a KMS key.

use std::collections::BTreeSet;

use super::question::Question;
use super::subject::{Derivation, Subject, arns, to_fact};
use crate::expr::{Gaps, Known, Listed};
use crate::facts::{self, Scope};
use crate::id::RegionName;
use crate::snapshot::{Bucket, Key, KeyDescription, Trail};

pub(super) fn subjects(derivation: &mut Derivation<'_>) -> Vec<Subject> {
    derivation.snapshot.keys.iter().filter_map(|key| subject(derivation, key)).collect()
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
            None => Known::Gap(derivation.open.why(question("kms:GetKeyRotationStatus"))),
        },
        rotation_supported: holds(KeyDescription::rotates),
        bucket_regions: bucket_regions(derivation, &trails),
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
