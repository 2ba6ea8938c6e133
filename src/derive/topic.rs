//! What rules may say about a topic.

use super::access::{Answers, because};
use super::bucket_policy::LogTrail;
use super::policy_document::Reason;
use super::question::Question;
use super::subject::{Derivation, Subject, all_redundant, arns, to_fact};
use super::topic_policy::{TopicPolicyInputs, does_more_than_subscribe, topic_policy};
use crate::expr::{Gaps, Known, Listed};
use crate::facts::topic::{TopicAccess, TopicOutsider};
use crate::facts::{self, Scope};
use crate::snapshot::{Existence, Topic, Trail};

pub(super) fn subjects(derivation: &mut Derivation<'_>) -> Vec<Subject> {
    derivation.snapshot.topics.iter().filter_map(|topic| subject(derivation, topic)).collect()
}

fn subject(derivation: &mut Derivation<'_>, topic: &Topic) -> Option<Subject> {
    let (account, region) = (topic.arn.account()?, topic.arn.region()?);
    let trails = derivation.uses.topics.get(topic.arn.as_str()).cloned().unwrap_or_default();
    let users = derivation.facts_of(&trails);
    let exists = match &topic.existence {
        Some(existence) => Known::Is(existence.value == Existence::Present),
        None => {
            let question = Question::of("sns:GetTopicAttributes").account(account).resource(topic.arn.as_str());
            Known::Gap(derivation.open.why(question))
        }
    };
    let access = access(derivation, topic, &trails);
    let facts = facts::NotifiedTopic {
        arn: topic.arn.clone(),
        account,
        region: region.clone(),
        exists,
        access,
        used_by: Listed { found: users.clone(), unread: Gaps::none() },
    };
    Some(Subject {
        scope: Scope::Topic,
        resource: Some(topic.arn.as_str().into()),
        account: Some(account),
        region: Some(region),
        related: arns(&users),
        redundant: all_redundant(&users) == Known::Is(true),
        not_applicable: None,
        facts: to_fact(&facts),
    })
}

/// What the policy of a topic lets whom do.
fn access(derivation: &mut Derivation<'_>, topic: &Topic, trails: &[&Trail]) -> TopicAccess {
    let log_trails: Vec<LogTrail<'_>> = trails.iter().map(|trail| derivation.insiders.log_trail(trail)).collect();
    let verdict = topic_policy(&TopicPolicyInputs {
        policy: topic.policy.as_ref().map(|policy| policy.value.as_str()),
        topic: &topic.arn,
        scope: derivation.insiders.scope(topic.arn.account()),
        trails: &log_trails,
    });
    let (open, resource) = (&mut derivation.open, topic.arn.as_str());
    let mut answers = Answers { open, owner: topic.arn.account(), resource, policy: "sns:GetTopicAttributes" };
    let found = verdict.outsiders.iter().map(|outsider| TopicOutsider {
        name: outsider.reason.to_string(),
        account: outsider.account,
        is_outside: answers.is_outside(outsider),
        does_more_than_subscribe: does_more_than_subscribe(&outsider.actions),
    });
    let found = found.collect();
    let loose = because(&verdict.publish_is_pinned).into_iter();
    let open = because(&verdict.is_open).into_iter();
    let mut problems: Vec<String> = loose.filter(|_| verdict.publish_is_pinned.known() == Some(false)).collect();
    problems.extend(open.filter(|_| verdict.is_open.known() == Some(true)));
    TopicAccess {
        publish_is_pinned: answers.known(&verdict.publish_is_pinned),
        publish_is_pinned_because: because(&verdict.publish_is_pinned),
        outsiders: Listed { found, unread: answers.gaps(&verdict.outsiders_hidden) },
        problems,
        notes: verdict.notes.iter().map(Reason::to_string).collect(),
    }
}
