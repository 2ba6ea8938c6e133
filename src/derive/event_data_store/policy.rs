//! Whom the resource-based policy of an event data store lets in.
//!
//! The policy that CloudTrail makes for delegated administrators is not in it: they are of the organization.
//! Source: CloudTrail User Guide, "AWS CloudTrail resource-based policy examples" and "Default resource policy for
//! delegated administrators"; Service Authorization Reference, "Actions defined by AWS CloudTrail".

use crate::derive::access::Answers;
use crate::derive::policy_document::{Doubt, Grants, Outsider, Pattern, PolicyDocument, Reason, Right, Scope};
use crate::derive::question::Question;
use crate::derive::subject::Derivation;
use crate::expr::{Gaps, Listed};
use crate::facts::event_data_store::{StoreAccess, StoreOutsider};
use crate::id::AccountId;
use crate::snapshot::EventDataStore;

const POLICY: &str = "cloudtrail:GetResourcePolicy";

/// Reading what a store holds.
const READS: [&str; 5] = [
    "cloudtrail:StartQuery",
    "cloudtrail:GetQueryResults",
    "cloudtrail:GetEventDataStoreData",
    "cloudtrail:GenerateQueryResultsSummary",
    "cloudtrail:EnableFederation",
];

/// Losing what a store holds or should take in, and giving oneself more rights.
const ADMINISTER: [&str; 7] = [
    "cloudtrail:DeleteEventDataStore",
    "cloudtrail:UpdateEventDataStore",
    "cloudtrail:StopEventDataStoreIngestion",
    "cloudtrail:PutEventConfiguration",
    "cloudtrail:PutInsightSelectors",
    "cloudtrail:PutResourcePolicy",
    "cloudtrail:DeleteResourcePolicy",
];

pub(super) fn access(derivation: &mut Derivation<'_>, store: &EventDataStore, owner: AccountId) -> StoreAccess {
    let resource = store.arn.as_str();
    let outsiders = match &store.policy {
        None => {
            let question = Question::of(POLICY).account(owner).resource(resource);
            Listed { found: Vec::new(), unread: derivation.open.why(question) }
        }
        Some(policy) => match &policy.value.document {
            None => Listed::complete(Vec::new()),
            Some(document) => {
                let (found, hidden) = outsiders(document, resource, &derivation.insiders.scope(Some(owner)));
                let mut answers = Answers { open: &mut derivation.open, owner: Some(owner), resource, policy: POLICY };
                let found = found.iter().map(|outsider| fact(outsider, &mut answers)).collect();
                let unread = if hidden.is_empty() { Gaps::none() } else { answers.gaps(&hidden) };
                Listed { found, unread }
            }
        },
    };
    StoreAccess { outsiders }
}

fn fact(outsider: &Outsider, answers: &mut Answers<'_>) -> StoreOutsider {
    StoreOutsider {
        name: outsider.reason.to_string(),
        account: outsider.account,
        is_outside: answers.is_outside(outsider),
        administers: outsider.actions.iter().any(|action| ADMINISTER.contains(action)),
    }
}

/// Those whom a policy lets in and who are not known to belong to the organization, and what hides others. A service that
/// no condition bounds acts for whoever tells it to.
fn outsiders(document: &str, store: &str, scope: &Scope<'_>) -> (Vec<Outsider>, Vec<Doubt>) {
    let document = match PolicyDocument::read(document) {
        Ok(document) => document,
        Err(why) => {
            let reason = Reason::whole(format!("the store's policy cannot be read: {why}"));
            return (Vec::new(), vec![Doubt::Undecided(reason)]);
        }
    };
    let on = Pattern::exact(store);
    let rights: Vec<Right> = READS.iter().chain(&ADMINISTER).map(|action| Right { action, on: on.clone() }).collect();
    let grants = Grants::of(&document, &rights, scope);
    let mut found = Vec::new();
    for grant in &grants.held {
        match grant.standing {
            Some(_) => found.extend(grant.outsiders(scope)),
            None => found.push(grant.of_whomever()),
        }
    }
    (found, grants.doubts)
}
