//! What rules may say about a trail.

use std::sync::Arc;

use super::delivery;
use super::insights;
use super::log_role;
use super::question::{OpenQuestions, Question};
use super::selector::{self, Trap};
use super::subject::{Derivation, Subject, to_fact};
use crate::expr::{Known, Listed, Shared};
use crate::facts::trail::{LogGroup, Topic};
use crate::facts::{self, Scope};
use crate::id::{AccountId, Arn};
use crate::snapshot::{Bucket, Cause, Existence, Owner, Tags, Trail};

pub(super) fn subjects(derivation: &Derivation<'_>) -> Vec<Subject> {
    derivation.trails.values().map(subject).collect()
}

fn subject(trail: &Shared<facts::Trail>) -> Subject {
    Subject {
        scope: Scope::Trail,
        resource: Some(trail.arn.as_str().into()),
        account: Some(trail.account),
        region: Some(trail.home_region.clone()),
        related: Arc::default(),
        redundant: trail.redundant == Known::Is(true),
        not_applicable: None,
        facts: to_fact(trail),
    }
}

pub(super) fn facts(derivation: &mut Derivation<'_>, trail: &Trail, redundant: Known<bool>) -> facts::Trail {
    let snapshot = derivation.snapshot;
    let configuration = &trail.configuration.value;
    let arn = trail.arn.as_str();
    let owner = bucket_owner(derivation, configuration.s3_bucket_name.as_deref().unwrap_or(""));
    let open = &mut derivation.open;
    let mut flag = |flag: Option<bool>, name: &str| match flag {
        Some(flag) => Known::Is(flag),
        None => Known::Gap(
            open.leave(
                Question::of("cloudtrail:DescribeTrails")
                    .account(trail.described_by)
                    .region(&trail.described_in)
                    .resource(arn),
                Cause::MalformedAnswer,
                &format!("the answer lacks {name}"),
            ),
        ),
    };
    let is_multi_region = flag(configuration.is_multi_region_trail, "IsMultiRegionTrail");
    let is_organization = flag(configuration.is_organization_trail, "IsOrganizationTrail");
    let include_global_service_events = flag(configuration.include_global_service_events, "IncludeGlobalServiceEvents");
    let log_file_validation = flag(configuration.log_file_validation_enabled, "LogFileValidationEnabled");
    let leader = snapshot.caller.partition.leader_region();
    let question = |operation| Question::of(operation).account(trail.arn.account()).resource(arn);
    let tags = match &trail.tags {
        Some(tags) => Known::Is(tags.value.clone()),
        None => Known::Gap(open.why(question("cloudtrail:ListTags"))),
    };
    facts::Trail {
        arn: trail.arn.clone(),
        name: trail.arn.name().to_owned(),
        account: trail.arn.account(),
        account_name: snapshot.account(trail.arn.account()).and_then(|account| account.name.clone()),
        home_region: trail.arn.home_region().clone(),
        leader_region: match leader {
            Some(leader) => Known::Is(leader),
            None => Known::Gap(open.leave(
                question("cloudtrail:DescribeTrails"),
                Cause::Unsupported,
                "the leader Region of this partition is not known to this version",
            )),
        },
        is_multi_region,
        is_organization,
        include_global_service_events,
        log_file_validation,
        kms_key_id: configuration.kms_key_id.clone().map(Known::Is),
        bucket: match configuration.s3_bucket_name.as_deref().map(str::parse) {
            Some(Ok(bucket)) => Known::Is(bucket),
            _ => Known::Gap(open.why(question("cloudtrail:DescribeTrails"))),
        },
        bucket_owner: owner.0,
        bucket_owner_is_management: owner.1,
        prefix: configuration.s3_key_prefix.clone().map(Known::Is),
        redundant,
        status: match &trail.status {
            Some(status) => Known::Is(delivery::status(open, trail, status)),
            None => Known::Gap(open.why(question("cloudtrail:GetTrailStatus"))),
        },
        delivery_errors: delivery::errors(trail, |status| status.latest_delivery_error.as_deref()),
        cloudwatch_logs_delivery_errors: delivery::errors(trail, |status| {
            status.latest_cloud_watch_logs_delivery_error.as_deref()
        }),
        notification_errors: delivery::errors(trail, |status| status.latest_notification_error.as_deref()),
        late_regions: delivery::late(trail),
        other_regions: delivery::other_regions(open, snapshot, trail),
        topic: topic(derivation, trail),
        log_group: log_group(derivation, trail),
        log_role: log_role::facts(derivation, trail),
        blind_spots: blind_spots(&mut derivation.open, trail),
        insights: insights::over_management_events(&mut derivation.open, trail),
        labels: match &tags {
            Known::Is(tags) => Known::Is(labels(tags)),
            Known::Gap(gaps) => Known::Gap(gaps.clone()),
        },
        tags,
    }
}

/// Each tag by its key, and by key and value.
fn labels(tags: &Tags) -> Vec<String> {
    tags.iter().flat_map(|(key, value)| [key.clone(), format!("{key}={value}")]).collect()
}

/// The known traps in a trail's selectors. That KMS is left out is judged by the account's coverage. Of what AWS does not
/// document it is not known whether it is one.
fn blind_spots(open: &mut OpenQuestions, trail: &Trail) -> Listed<String> {
    let question =
        Question::of("cloudtrail:GetEventSelectors").account(trail.arn.account()).resource(trail.arn.as_str());
    let Some(selectors) = selector::selectors_of(trail) else {
        return Listed { found: Vec::new(), unread: open.why(question) };
    };
    let mut listed = Listed::complete(Vec::new());
    for spot in selector::blind_spots(&selectors) {
        match spot.trap {
            Trap::KmsExcluded => {}
            Trap::Undocumented => {
                let doubt = open.leave(question, Cause::Unsupported, &spot.to_string());
                listed.unread = listed.unread.union(&doubt);
            }
            _ => listed.found.push(spot.to_string()),
        }
    }
    listed
}

/// Who owns a bucket, where it exists, and whether that is the management account.
fn bucket_owner(derivation: &mut Derivation<'_>, name: &str) -> (Option<Known<AccountId>>, Known<bool>) {
    let snapshot = derivation.snapshot;
    let found = snapshot.buckets.binary_search_by(|bucket| bucket.name.as_str().cmp(name)).ok();
    let bucket = found.map(|at| &snapshot.buckets[at]);
    let management = snapshot.organization.as_ref().map(|organization| organization.management_account);
    match bucket.and_then(|bucket| bucket.owner.as_ref()).map(|owner| &owner.value) {
        Some(Owner::Account(owner)) => (Some(Known::Is(*owner)), Known::Is(management == Some(*owner))),
        Some(Owner::OutsideOrganization) => {
            (Some(Known::Gap(derivation.open.why(Question::of("s3:ListBuckets").resource(name)))), Known::Is(false))
        }
        None if bucket.is_some_and(Bucket::is_missing) => (None, Known::Is(false)),
        None => {
            let gaps = derivation.open.why(Question::of("s3:ListBuckets").resource(name));
            (Some(Known::Gap(gaps.clone())), Known::Gap(gaps))
        }
    }
}

fn topic(derivation: &mut Derivation<'_>, trail: &Trail) -> Option<Known<Topic>> {
    let arn: Arn = trail.configuration.value.sns_topic_arn.as_deref()?.parse().ok()?;
    let read = derivation.snapshot.topics.iter().find(|topic| topic.arn == arn);
    let existence = read.and_then(|topic| topic.existence.as_ref()).map(|existence| existence.value);
    let exists = exists(&mut derivation.open, existence, "sns:GetTopicAttributes", arn.account(), arn.as_str());
    Some(Known::Is(Topic { arn, exists }))
}

fn log_group(derivation: &mut Derivation<'_>, trail: &Trail) -> Option<Known<LogGroup>> {
    let arn: Arn = trail.configuration.value.log_group()?.parse().ok()?;
    let read = derivation.snapshot.log_groups.iter().find(|group| group.arn == arn);
    let existence = read.and_then(|group| group.description.as_ref()).map(|description| description.value.existence);
    let exists = exists(&mut derivation.open, existence, "logs:DescribeLogGroups", arn.account(), arn.as_str());
    Some(Known::Is(LogGroup { arn, exists }))
}

fn exists(
    open: &mut OpenQuestions,
    existence: Option<Existence>,
    operation: &str,
    owner: Option<AccountId>,
    resource: &str,
) -> Known<bool> {
    match existence {
        Some(existence) => Known::Is(existence == Existence::Present),
        None => {
            let question = Question::of(operation).resource(resource);
            Known::Gap(open.why(owner.map_or(question, |owner| question.account(owner))))
        }
    }
}
