//! What the policy of a topic lets whom do: for whom CloudTrail publishes, and who else can publish, hear what is
//! published, or change the topic.
//!
//! Sources: CloudTrail User Guide, "Amazon SNS topic policy for CloudTrail"; SNS Developer Guide, "Example cases for Amazon
//! SNS access control" (the policy that a topic is made with lets `*` in where `aws:SourceOwner` is the owner); Service
//! Authorization Reference, "Actions, resources, and condition keys for Amazon SNS". What the owner account's own IAM
//! allows is not judged.

use super::bucket_policy::{self, LogTrail, is_pinned};
use super::policy_document::{
    Answer, Doubt, Grants, Outsider, Pattern, PolicyDocument, Principal, PrincipalCall, Reason, Right, Scope, Source,
};
use crate::id::Arn;

/// What is known of a topic.
#[derive(Debug, Clone, Copy)]
pub struct TopicPolicyInputs<'a> {
    /// The JSON text of its policy; nothing, where it was not read.
    pub policy: Option<&'a str>,
    /// Its ARN: the account in it is the owner, whatever the scope says.
    pub topic: &'a Arn,
    /// Who counts as one's own.
    pub scope: Scope<'a>,
    /// The trails that announce their deliveries to it.
    pub trails: &'a [LogTrail<'a>],
}

/// What the policy of a topic means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicPolicyVerdict {
    /// Whether every statement by which CloudTrail can publish names for which account or organization.
    pub publish_is_pinned: Answer,
    /// Whether anybody outside the organization, or a service for whomever it acts, can publish, subscribe or change it.
    pub is_open: Answer,
    /// Who they are, and who may be one of them.
    pub outsiders: Vec<Outsider>,
    /// What hides others.
    pub outsiders_hidden: Vec<Doubt>,
    /// What does not decide, and should be known.
    pub notes: Vec<Reason>,
}

const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";
const PUBLISH: &str = "sns:Publish";
const SUBSCRIBE: &str = "sns:Subscribe";

/// Deleting the topic, and changing who gets at it and what becomes of its messages.
const CHANGE: [&str; 5] = [
    "sns:AddPermission",
    "sns:RemovePermission",
    "sns:SetTopicAttributes",
    "sns:DeleteTopic",
    "sns:PutDataProtectionPolicy",
];

/// Whether some of the actions are more than subscribing.
pub fn does_more_than_subscribe(actions: &[&str]) -> bool {
    actions.iter().any(|action| *action != SUBSCRIBE)
}

/// Works out what the policy of a topic means.
pub fn topic_policy(inputs: &TopicPolicyInputs<'_>) -> TopicPolicyVerdict {
    let Some(text) = inputs.policy else { return every(&Answer::not_read(Source::TopicPolicy)) };
    let document = match PolicyDocument::read(text) {
        Ok(document) => document,
        Err(why) => {
            return every(&Answer::undecided(Reason::whole(format!("the topic's policy cannot be read: {why}"))));
        }
    };
    let scope = Scope { owner: inputs.topic.account().or(inputs.scope.owner), ..inputs.scope };
    let topic = Pattern::exact(inputs.topic.as_str());
    let (outsiders, hidden) = outsiders(&document, &topic, &scope);
    TopicPolicyVerdict {
        publish_is_pinned: publish_is_pinned(&document, &topic, &scope),
        is_open: Outsider::any(&outsiders, &hidden, CLOSED),
        outsiders,
        outsiders_hidden: hidden,
        notes: inputs.trails.iter().filter_map(|trail| cannot_publish(&document, &topic, trail)).collect(),
    }
}

/// The same answer to every question.
fn every(answer: &Answer) -> TopicPolicyVerdict {
    TopicPolicyVerdict {
        publish_is_pinned: answer.clone(),
        is_open: answer.clone(),
        outsiders: Vec::new(),
        outsiders_hidden: match answer {
            Answer::Unknown(doubts) => doubts.clone(),
            Answer::Yes(_) | Answer::No(_) => Vec::new(),
        },
        notes: Vec::new(),
    }
}

const CLOSED: &str = "the policy lets nobody outside the organization publish, subscribe or change the topic";

fn publish_is_pinned(document: &PolicyDocument, topic: &Pattern, scope: &Scope<'_>) -> Answer {
    let grants = Grants::of(document, &[Right { action: PUBLISH, on: topic.clone() }], scope);
    let (mut pinned, mut loose) = (Vec::new(), Vec::new());
    for grant in grants.held.iter().filter(|grant| grant.grantee.is_cloudtrail()) {
        if is_pinned(grant.statement) {
            pinned.push(grant.reason());
        } else {
            let mut reason = grant.reason();
            reason.text.push_str(", for whichever account");
            loose.push(reason);
        }
    }
    Answer::any(loose, grants.doubts, || match pinned.is_empty() {
        true => vec![Reason::whole("no statement names CloudTrail and lets it publish")],
        false => pinned,
    })
    .opposite()
}

/// Those who can publish, subscribe or change the topic and are not known to belong to the organization, and what hides
/// others. A service that no condition bounds acts for whoever tells it to; CloudTrail's publishing is
/// [`TopicPolicyVerdict::publish_is_pinned`].
fn outsiders(document: &PolicyDocument, topic: &Pattern, scope: &Scope<'_>) -> (Vec<Outsider>, Vec<Doubt>) {
    let actions = [PUBLISH, SUBSCRIBE].into_iter().chain(CHANGE);
    let rights: Vec<Right> = actions.map(|action| Right { action, on: topic.clone() }).collect();
    let grants = Grants::of(document, &rights, scope);
    let mut outsiders = Vec::new();
    for grant in &grants.held {
        match grant.standing {
            Some(_) => outsiders.extend(grant.outsiders(scope)),
            None if grant.grantee.is_cloudtrail() && grant.actions == [PUBLISH] => {}
            None => outsiders.push(grant.of_whomever()),
        }
    }
    (outsiders, grants.doubts)
}

fn cannot_publish(document: &PolicyDocument, topic: &Pattern, trail: &LogTrail<'_>) -> Option<Reason> {
    let context = bucket_policy::cloudtrail(trail.arn, trail.organization);
    let call = PrincipalCall { principal: Principal::service(CLOUDTRAIL), action: PUBLISH, on: topic, context };
    let found = call.allowed(document);
    let (denied, _) = call.denied(document);
    if let Some(denied) = denied.into_iter().next() {
        return Some(denied);
    }
    (found.proven.is_empty() && found.doubts.is_empty())
        .then(|| Reason::whole(format!("no statement allows {CLOUDTRAIL} {PUBLISH} for {}", trail.arn)))
}

#[cfg(test)]
mod tests;
