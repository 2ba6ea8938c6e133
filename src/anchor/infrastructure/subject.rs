//! The subjects of results, by what infrastructure code and its states know them by.

use std::collections::BTreeMap;

use crate::evaluate::Judgement;
use crate::facts::Scope;
use crate::id::{AccountId, RegionName};
use crate::snapshot::Snapshot;

/// The subject of a result.
pub(super) struct Subject<'a> {
    pub(super) scope: Scope,
    pub(super) resource: &'a str,
    account: Option<AccountId>,
    region: Option<&'a RegionName>,
}

impl<'a> Subject<'a> {
    pub(super) fn of(judgement: &'a Judgement) -> Option<Self> {
        let resource = judgement.resource.as_deref()?;
        Some(Self { scope: judgement.scope, resource, account: judgement.account, region: judgement.region.as_ref() })
    }

    /// The name in its ARN.
    pub(super) fn name(&self) -> Option<&'a str> {
        name_in(self.resource)
    }
}

/// The subject that an ARN of a state is of: an account is judged by the ARN of its root user, and a log group without the
/// `:*` that older providers wrote behind it.
pub(super) fn resource_of_arn(arn: &str) -> String {
    let arn = arn.strip_suffix(":*").unwrap_or(arn);
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts[..] {
        ["arn", partition, "organizations", _, _, resource] if resource.starts_with("account/") => {
            let id = resource.rsplit('/').next().unwrap_or_default();
            format!("arn:{partition}:iam::{id}:root")
        }
        _ => arn.to_owned(),
    }
}

/// The name in an ARN, without its kind.
fn name_in(arn: &str) -> Option<&str> {
    let mut parts = arn.splitn(6, ':').skip(2);
    let service = parts.next()?;
    let rest = parts.nth(2)?;
    Some(match service {
        "s3" | "sns" => rest,
        "logs" => rest.strip_prefix("log-group:").unwrap_or(rest),
        _ => rest.split_once('/').map_or(rest, |(_, name)| name),
    })
}

/// Where a stack stands.
pub(in crate::anchor) type Home = Option<(AccountId, RegionName)>;

/// The resources of a snapshot.
#[derive(Debug, Default)]
pub(super) struct Subjects {
    /// How many have a name, by kind.
    names: BTreeMap<(Scope, String), usize>,
    /// The tags of the trails, by ARN.
    tags: BTreeMap<String, BTreeMap<String, String>>,
}

impl Subjects {
    /// Those of a snapshot.
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let mut subjects = Self::default();
        let mut named = |scope, arn: &str| {
            let name = name_in(arn).unwrap_or(arn).to_owned();
            *subjects.names.entry((scope, name)).or_default() += 1;
        };
        snapshot.trails.iter().for_each(|trail| named(Scope::Trail, trail.arn.as_str()));
        snapshot.buckets.iter().for_each(|bucket| named(Scope::LogBucket, bucket.name.as_str()));
        snapshot.topics.iter().for_each(|topic| named(Scope::Topic, topic.arn.as_str()));
        snapshot.log_groups.iter().for_each(|group| named(Scope::LogGroup, group.arn.as_str()));
        for trail in &snapshot.trails {
            if let Some(tags) = &trail.tags {
                subjects.tags.insert(trail.arn.to_string(), tags.value.clone());
            }
        }
        subjects
    }

    /// A tag of a subject.
    pub(super) fn tag(&self, subject: &Subject<'_>, key: &str) -> Option<&str> {
        self.tags.get(subject.resource)?.get(key).map(String::as_str)
    }

    /// The name of a subject that no other of its kind has.
    pub(super) fn unique_name<'a>(&self, subject: &Subject<'a>) -> Option<&'a str> {
        let name = subject.name()?;
        (self.names.get(&(subject.scope, name.to_owned())) == Some(&1)).then_some(name)
    }

    /// Whether a subject is what a stack knows by a physical id: an ARN or a name. Names of buckets are those of all
    /// accounts; others are of the stack's account and Region, or, where these are not known, must be of one subject.
    pub(super) fn is(&self, subject: &Subject<'_>, physical_id: &str, home: &Home) -> bool {
        if physical_id.starts_with("arn:") {
            return resource_of_arn(physical_id) == subject.resource;
        }
        if subject.name() != Some(physical_id) {
            return false;
        }
        match (subject.scope, home) {
            (Scope::LogBucket | Scope::Bucket, _) => true,
            (_, Some((account, region))) => subject.account == Some(*account) && subject.region == Some(region),
            (Scope::Trail | Scope::Topic | Scope::LogGroup, None) => self.unique_name(subject).is_some(),
            // The id of a key or store is of no other.
            (_, None) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_of_a_state_is_that_of_a_subject() {
        let cases = [
            ("arn:aws:logs:us-east-1:111122223333:log-group:x:*", "arn:aws:logs:us-east-1:111122223333:log-group:x"),
            ("arn:aws:organizations::111122223333:account/o-a/444455556666", "arn:aws:iam::444455556666:root"),
            ("arn:aws:s3:::logs", "arn:aws:s3:::logs"),
            ("nonsense", "nonsense"),
        ];
        for (arn, resource) in cases {
            assert_eq!(resource_of_arn(arn), resource);
        }
    }
}
