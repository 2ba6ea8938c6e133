//! What rules may say about a log group that trails copy their events to.

use super::notice::{Ears, Filters, Heard, benchmark, none_of_the_benchmark, watching};
use super::question::Question;
use super::subject::{Derivation, Subject, all_redundant, arns, to_fact};
use crate::event::{Place, trail_changes};
use crate::expr::{Gaps, Known, Listed, Shared};
use crate::facts::log_group::{Alarms, WatchingAlarm};
use crate::facts::{self, Scope};
use crate::snapshot::{Existence, LogGroup, LogGroupDescription, Trail};

pub(super) fn subjects(derivation: &mut Derivation<'_>) -> Vec<Subject> {
    let mut subjects: Vec<Subject> =
        derivation.snapshot.log_groups.iter().filter_map(|group| subject(derivation, group)).collect();
    let fed = derivation.uses.log_groups.values().flatten();
    // What may be fed is a subject of its own, of which something is not known.
    if !fed.into_iter().any(|trail| trail.status.is_none() || trail.logs()) {
        subjects.push(none(derivation));
    }
    subjects
}

/// What stands for it that no trail that logs has a log group: under the organization, or the account that was scanned alone.
fn none(derivation: &mut Derivation<'_>) -> Subject {
    let snapshot = derivation.snapshot;
    let (resource, account) = match &snapshot.organization {
        Some(organization) => (organization.arn.to_string(), organization.management_account),
        None => {
            let account = snapshot.caller.account;
            (format!("arn:{}:iam::{account}:root", snapshot.caller.partition), account)
        }
    };
    let everyone: Vec<_> =
        snapshot.accounts.iter().filter(|account| account.is_active()).map(|account| account.id).collect();
    let hidden = derivation.unseen(&everyone);
    let why = "no trail that logs has a log group".to_owned();
    let heard = if hidden.is_empty() { Heard::No(vec![why]) } else { Heard::Unknown(hidden, vec![why]) };
    let facts = facts::LogGroup {
        arn: None,
        name: "log group".to_owned(),
        account,
        region: None,
        exists: Known::Is(false),
        retention_days: None,
        kms_key_id: None,
        is_fed: Known::Is(false),
        used_by: Listed::complete(Vec::new()),
        subscription_destinations: Listed::complete(Vec::new()),
        alarms: none_of_the_benchmark(&heard),
        watching: Listed::complete(Vec::new()),
        alarm_problems: Vec::new(),
    };
    Subject {
        scope: Scope::LogGroup,
        resource: Some(resource.into()),
        account: Some(account),
        region: None,
        related: [].into(),
        redundant: false,
        not_applicable: None,
        facts: to_fact(&facts),
    }
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
    let (alarms, watching) = alarms(derivation, group, &trails);
    let facts = facts::LogGroup {
        arn: Some(group.arn.clone()),
        name: group.name().to_owned(),
        account,
        region: Some(region.clone()),
        exists: description.clone().map(|description| description.existence == Existence::Present),
        retention_days: said(&description, |description| description.retention_in_days.map(i64::from)),
        kms_key_id: said(&description, |description| description.kms_key_id.clone()),
        is_fed: is_fed(&users),
        used_by: Listed { found: users.clone(), unread: Gaps::none() },
        subscription_destinations: match &group.subscription_filters {
            Some(filters) => Listed::complete(filters.value.iter().map(|filter| filter.destination.clone()).collect()),
            None => {
                let question = Question::of("logs:DescribeSubscriptionFilters").account(account);
                Listed { found: Vec::new(), unread: derivation.open.why(question.resource(group.arn.as_str())) }
            }
        },
        alarms,
        alarm_problems: watching
            .found
            .iter()
            .filter(|alarm| !alarm.problems.is_empty())
            .map(|alarm| format!("{}: {}", alarm.name, alarm.problems.join("; ")))
            .collect(),
        watching,
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

/// What is noticed of the events that trails copy to a log group, and the alarms that should tell of them.
fn alarms(derivation: &mut Derivation<'_>, group: &LogGroup, trails: &[&Trail]) -> (Alarms, Listed<WatchingAlarm>) {
    let mut ears = Ears { snapshot: derivation.snapshot, open: &mut derivation.open };
    let Some(mut filters) = Filters::of(&mut ears, group) else {
        let nothing = Heard::No(vec!["its ARN names no account and Region".to_owned()]);
        return (none_of_the_benchmark(&nothing), Listed::complete(Vec::new()));
    };
    let leader = ears.snapshot.caller.partition.leader_region();
    let alarms = benchmark(&mut ears, &mut filters, &Place { leader, ..place(trails) });
    for trail in trails {
        trail_changes(&trail.arn).chunk_by(|a, b| a.name() == b.name()).for_each(|kinds| filters.mark(kinds));
    }
    (alarms, watching(&mut ears, &filters))
}

/// What the events of trails have in common: of one trail that is not the organization's the account, and of one that has a
/// single Region that too.
fn place(trails: &[&Trail]) -> Place {
    let [trail] = trails else { return Place::default() };
    let configuration = &trail.configuration.value;
    Place {
        account: (configuration.is_organization_trail == Some(false)).then(|| trail.arn.account()),
        region: (configuration.is_multi_region_trail == Some(false)).then(|| trail.arn.home_region().clone()),
        leader: None,
    }
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
