//! What rules may say about a log group that trails copy their events to.

use super::question::Question;
use super::subject::{Derivation, Subject, all_redundant, arns, to_fact};
use crate::expr::{Gaps, Known, Listed, Shared};
use crate::facts::{self, Scope};
use crate::snapshot::{Existence, LogGroup, LogGroupDescription};

pub(super) fn subjects(derivation: &mut Derivation<'_>) -> Vec<Subject> {
    derivation.snapshot.log_groups.iter().filter_map(|group| subject(derivation, group)).collect()
}

fn subject(derivation: &mut Derivation<'_>, group: &LogGroup) -> Option<Subject> {
    let (account, region) = (group.arn.account()?, group.arn.region()?);
    let trails = derivation.uses.log_groups.get(group.arn.as_str()).cloned().unwrap_or_default();
    let users = derivation.facts_of(&trails);
    let description = match &group.description {
        Some(description) => Known::Is(&description.value),
        None => {
            let question = Question::of("logs:DescribeLogGroups").account(account).resource(group.arn.as_str());
            Known::Gap(derivation.open.why(question))
        }
    };
    let facts = facts::LogGroup {
        arn: group.arn.clone(),
        name: group.name().to_owned(),
        account,
        region: region.clone(),
        exists: description.clone().map(|description| description.existence == Existence::Present),
        retention_days: said(&description, |description| description.retention_in_days.map(i64::from)),
        kms_key_id: said(&description, |description| description.kms_key_id.clone()),
        is_fed: is_fed(&users),
        used_by: Listed { found: users.clone(), unread: Gaps::none() },
    };
    Some(Subject {
        scope: Scope::LogGroup,
        resource: Some(group.arn.as_str().into()),
        account: Some(account),
        region: Some(region),
        related: arns(&users),
        redundant: all_redundant(&users) == Known::Is(true),
        not_applicable: None,
        facts: to_fact(&facts),
    })
}

/// A part of the description that may be absent.
fn said<T>(
    description: &Known<&LogGroupDescription>,
    part: impl FnOnce(&LogGroupDescription) -> Option<T>,
) -> Option<Known<T>> {
    match description {
        Known::Is(description) => part(description).map(Known::Is),
        Known::Gap(gaps) => Some(Known::Gap(gaps.clone())),
    }
}

/// Whether one of the trails logs.
fn is_fed(users: &[Shared<facts::Trail>]) -> Known<bool> {
    let mut gaps = Gaps::none();
    for user in users {
        let logs = match &user.status {
            Known::Is(status) => &status.is_logging,
            Known::Gap(unknown) => &Known::Gap(unknown.clone()),
        };
        match logs {
            Known::Is(true) => return Known::Is(true),
            Known::Is(false) => {}
            Known::Gap(unknown) => gaps = gaps.union(unknown),
        }
    }
    if gaps.is_empty() { Known::Is(false) } else { Known::Gap(gaps) }
}
