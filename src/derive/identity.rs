//! Who in an account may change trails and log buckets, by IAM alone, and which policies give all of CloudTrail away.
//!
//! Source: IAM User Guide, "Policy evaluation logic". What service control policies and the policy of the bucket take
//! away is not counted in, and the root user, whom IAM does not bound, is not named. A condition on an Allow is taken to
//! hold; one on a Deny, not to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::bucket_policy;
use super::governed::{CHANGES, Holding, requests};
use super::permission::{Wish, conditions};
use super::policy_document::{Context, Effect, Pattern, PolicyDocument, Truth, Unreadable};
use super::question::Question;
use super::subject::{Derivation, Derived, Subject};
use crate::expr::{Fact, Gaps, Listed};
use crate::facts::Scope;
use crate::id::Arn;
use crate::snapshot::{Account, Authorization, Cause, Identity};

/// AWS's policies that give all of CloudTrail, by name; the second name is that before March 2021.
///
/// Source: CloudTrail User Guide, "AWS managed policies for AWS CloudTrail".
const FULL_ACCESS: [&str; 2] = ["AWSCloudTrail_FullAccess", "AWSCloudTrailFullAccess"];

const CALL: &str = "iam:GetAccountAuthorizationDetails";

/// What a policy says of some wishes, in their order.
struct Said {
    allows: Vec<Option<String>>,
    denies: Vec<bool>,
    /// Why something that allows, and something that denies, could not be read.
    unread: [Option<String>; 2],
}

impl Said {
    fn of(name: &str, text: &str, wishes: &[Wish]) -> Self {
        let document = match PolicyDocument::of_identity(text) {
            Ok(document) => document,
            Err(why) => {
                let why = Some(format!("{name} cannot be read: {why}"));
                let nothing = vec![None; wishes.len()];
                return Self { allows: nothing, denies: vec![false; wishes.len()], unread: [why.clone(), why] };
            }
        };
        let unread = [Effect::Allow, Effect::Deny].map(|effect| {
            let first = document.unreadable(effect).next();
            first.map(|reason| format!("{reason} ({name})"))
        });
        Self {
            allows: wishes.iter().map(|wish| allowing(&document, name, wish)).collect(),
            denies: wishes.iter().map(|wish| denies(&document, wish)).collect(),
            unread,
        }
    }
}

/// The statement that may allow a wish, or a part of it.
fn allowing(document: &PolicyDocument, name: &str, wish: &Wish) -> Option<String> {
    document.having(Effect::Allow).find_map(|(place, statement)| {
        let about = statement.actions.include(wish.action) && statement.resources.meet(&wish.on);
        match wish.context.satisfies(statement) {
            _ if !about => None,
            Truth::No => None,
            Truth::Yes => Some(format!("{place} of {name}")),
            Truth::Unknown => Some(format!("{place} of {name}, where {}", conditions(statement))),
        }
    })
}

fn denies(document: &PolicyDocument, wish: &Wish) -> bool {
    document.having(Effect::Deny).any(|(_, statement)| {
        statement.actions.include(wish.action)
            && statement.resources.cover(&wish.on)
            && wish.context.satisfies(statement) == Truth::Yes
    })
}

/// All that is to be kept from others in an account: its trails, those that it administers, and its log buckets.
fn wishes(holding: &Holding, partition: &str, context: &Context) -> Vec<Wish> {
    let mut wishes = Vec::new();
    for trail in holding.trails.iter().chain(&holding.administered) {
        let context = context
            .clone()
            .is("aws:RequestedRegion", trail.home_region().as_str())
            .is("aws:ResourceAccount", &trail.account().to_string());
        let context = Arc::new(context);
        let on = Pattern::exact(trail.as_str());
        wishes.extend(CHANGES.map(|action| Wish { action, on: on.clone(), context: Arc::clone(&context) }));
    }
    let context = Arc::new(context.clone());
    for bucket in &holding.buckets {
        let rights = bucket_policy::changes(&format!("arn:{partition}:s3:::{bucket}"));
        let each =
            rights.into_iter().map(|right| Wish { action: right.action, on: right.on, context: Arc::clone(&context) });
        wishes.extend(each);
    }
    wishes
}

/// What the policies of an account say, each read once.
struct Reading<'a> {
    authorization: &'a Authorization,
    wishes: Vec<Wish>,
    managed: BTreeMap<&'a Arn, Said>,
    groups: BTreeMap<&'a str, Vec<Said>>,
}

impl<'a> Reading<'a> {
    fn of(authorization: &'a Authorization, wishes: Vec<Wish>) -> Self {
        let managed = authorization.policies.iter();
        let managed =
            managed.map(|policy| (&policy.arn, Said::of(&format!("policy {}", policy.arn), &policy.document, &wishes)));
        let managed = managed.collect();
        let inline = |group: &'a Identity| (group.name(), inline_of(group, &wishes));
        let groups = authorization.groups.iter().map(inline).collect();
        Self { authorization, wishes, managed, groups }
    }

    /// What the policies of a user or role say: its own, those that are attached, and those of its groups. Missing ones,
    /// which IAM does not know, in words.
    fn said<'b>(&'b self, identity: &'b Identity, own: &'b [Said]) -> (Vec<&'b Said>, Vec<String>) {
        let (mut said, mut missing): (Vec<&Said>, Vec<String>) = (own.iter().collect(), Vec::new());
        let mut attached: Vec<&Arn> = identity.attached.iter().collect();
        for name in &identity.groups {
            match self.authorization.groups.iter().find(|group| group.name() == name) {
                Some(group) => attached.extend(&group.attached),
                None => missing.push(format!("group {name} was not listed")),
            }
            said.extend(self.groups.get(name.as_str()).into_iter().flatten());
        }
        for arn in attached {
            match self.managed.get(arn) {
                Some(policy) => said.push(policy),
                None => missing.push(format!("policy {arn} was not listed")),
            }
        }
        (said, missing)
    }

    /// What a user or role may do of the wishes, in words; and why it is not known whether it may do more.
    fn may(&self, identity: &Identity) -> (Option<String>, Option<String>) {
        let own = inline_of(identity, &self.wishes);
        let (said, mut missing) = self.said(identity, &own);
        let bound = identity.boundary.as_ref().map(|arn| (arn, self.managed.get(arn)));
        if let Some((arn, None)) = bound {
            missing.push(format!("the permissions boundary {arn} was not listed"));
        }
        let boundary = bound.and_then(|(_, said)| said);
        let (mut held, mut open) = (Vec::new(), None);
        for at in 0..self.wishes.len() {
            let by: Vec<&String> = said.iter().filter_map(|said| said.allows[at].as_ref()).collect();
            let within = boundary.is_none_or(|boundary| boundary.allows[at].is_some());
            let unread = |effect: usize| {
                let all = said.iter().chain(&boundary);
                all.filter_map(|said| said.unread[effect].clone()).chain(missing.iter().cloned()).next()
            };
            let doubt = unread(1).or_else(|| unread(0).filter(|_| by.is_empty() || !within));
            if said.iter().chain(&boundary).any(|said| said.denies[at]) {
                continue;
            }
            match doubt {
                Some(doubt) => open = Some(doubt),
                None if within && !by.is_empty() => held.push((&self.wishes[at], by)),
                None => {}
            }
        }
        (told(&held), open)
    }
}

fn inline_of(identity: &Identity, wishes: &[Wish]) -> Vec<Said> {
    let inline = identity.inline.iter();
    let said = inline.map(|policy| {
        Said::of(&format!("inline policy {} of {}", policy.name, identity.name()), &policy.document, wishes)
    });
    said.collect()
}

/// At most this many actions on a thing, and this many statements, are named in words.
const NAMED: usize = 3;

/// What may be done and by what, in words; nothing, where nothing may.
fn told(held: &[(&Wish, Vec<&String>)]) -> Option<String> {
    if held.is_empty() {
        return None;
    }
    let mut on: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (wish, _) in held {
        let thing = wish.on.as_text();
        on.entry(thing.trim_end_matches("/*").to_owned()).or_default().push(wish.action);
    }
    let on = on.into_iter().map(|(thing, actions)| format!("{} on {thing}", some_of(&actions)));
    let by: BTreeSet<&str> = held.iter().flat_map(|(_, by)| by.iter().map(|by| by.as_str())).collect();
    let by: Vec<&str> = by.into_iter().collect();
    Some(format!("{}, by {}", on.collect::<Vec<_>>().join("; "), some_of(&by)))
}

fn some_of(all: &[&str]) -> String {
    let mut text = all[..all.len().min(NAMED)].join(", ");
    if let Some(more @ 1..) = all.len().checked_sub(NAMED) {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

/// Who may change what an account holds of the logs; nothing, where it is not known to hold any. Roles that only services
/// of AWS assume are not among them.
pub(super) fn tamper_principals(
    derivation: &mut Derivation<'_>,
    account: &Account,
    holding: &Holding,
) -> Option<Listed<String>> {
    if holding.is_empty() {
        return None;
    }
    let question = Question::of(CALL).account(account.id);
    let Some(read) = &account.authorization else {
        return Some(Listed { found: Vec::new(), unread: derivation.open.why(question) });
    };
    let snapshot = derivation.snapshot;
    let context = requests(snapshot, account);
    let reading = Reading::of(&read.value, wishes(holding, snapshot.caller.partition.as_str(), &context));
    let mut listed = Listed { found: Vec::new(), unread: holding.unread.clone() };
    let people = read.value.users.iter().chain(&read.value.roles).filter(|identity| !identity.is_service_linked());
    for identity in people {
        let (may, open) = reading.may(identity);
        if let Some(may) = may {
            listed.found.push(format!("{}: {may}", identity.arn));
        } else if let Some(why) = open {
            let message = format!("this does not decide what {} may do: {why}", identity.arn);
            let gap = derivation.open.leave(question, Cause::Unsupported, &message);
            listed.unread = listed.unread.union(&gap);
        }
    }
    Some(listed)
}

/// The policies of an account's own that give all of CloudTrail, and whoever has AWS's policy that does.
pub(super) fn full_access(derivation: &mut Derivation<'_>, account: &Account) -> Listed<String> {
    let question = Question::of(CALL).account(account.id);
    let Some(read) = &account.authorization else {
        return Listed { found: Vec::new(), unread: derivation.open.why(question) };
    };
    let mut listed = Listed::complete(Vec::new());
    let mut look = |name: String, text: &str| match all_of_cloudtrail(&name, text) {
        Ok(found) => listed.found.extend(found),
        Err(why) => {
            let message = format!("this does not decide whether it allows all of CloudTrail: {name}: {why}");
            let gap: Gaps = derivation.open.leave(question, Cause::Unsupported, &message);
            listed.unread = listed.unread.union(&gap);
        }
    };
    for policy in read.value.policies.iter().filter(|policy| !policy.is_aws()) {
        look(format!("policy {}", policy.arn), &policy.document);
    }
    let everybody = [&read.value.users, &read.value.groups, &read.value.roles];
    let everybody: Vec<&Identity> =
        everybody.into_iter().flatten().filter(|identity| !identity.is_service_linked()).collect();
    for identity in &everybody {
        for policy in &identity.inline {
            look(format!("inline policy {} of {}", policy.name, identity.arn), &policy.document);
        }
    }
    for identity in &everybody {
        let full = identity.attached.iter().filter(|arn| {
            let parts: Vec<&str> = arn.as_str().split(':').collect();
            parts.get(4) == Some(&"aws") && FULL_ACCESS.iter().any(|name| arn.as_str().ends_with(&format!("/{name}")))
        });
        listed.found.extend(full.map(|arn| format!("{arn} is attached to {}", identity.arn)));
    }
    listed
}

/// The statements of a policy that allow all of CloudTrail.
fn all_of_cloudtrail(name: &str, text: &str) -> Result<Vec<String>, Unreadable> {
    let document = PolicyDocument::of_identity(text)?;
    let full = document.having(Effect::Allow).filter(|(_, statement)| statement.actions.include_all_of("cloudtrail"));
    let found: Vec<String> = full
        .map(|(place, statement)| match statement.conditions.is_empty() {
            true => format!("{place} of {name} allows cloudtrail:*"),
            false => format!("{place} of {name} allows cloudtrail:* where {}", conditions(statement)),
        })
        .collect();
    match document.unreadable(Effect::Allow).next() {
        Some(reason) if found.is_empty() => Unreadable::because(reason.to_string()),
        _ => Ok(found),
    }
}

impl Derived {
    /// The accounts as subjects of a rule whose parameter allows some principals to change trails and log buckets, by
    /// patterns of their ARNs in which `*` and `?` have their meaning.
    pub fn accounts_allowing(&self, allowed: &[String]) -> Vec<Subject> {
        const FIELD: &str = "tamper_principals";
        let patterns: Vec<Pattern> = allowed.iter().map(|pattern| Pattern::new(pattern.trim())).collect();
        let is_allowed = |fact: &Fact| match fact {
            Fact::String(text) => {
                let arn = Pattern::exact(text.split_once(": ").map_or(text, |(arn, _)| arn));
                patterns.iter().any(|pattern| pattern.covers(&arn))
            }
            _ => false,
        };
        let accounts = self.subjects.iter().filter(|subject| subject.scope == Scope::Account);
        accounts
            .map(|subject| {
                let listed = match &subject.facts {
                    Fact::Record(record) => record.get(FIELD),
                    _ => None,
                };
                match listed {
                    Some(Fact::List(all)) => {
                        let left = all.iter().filter(|fact| !is_allowed(fact)).cloned();
                        Subject { facts: subject.facts.with_field(FIELD, Fact::list(left)), ..subject.clone() }
                    }
                    _ => subject.clone(),
                }
            })
            .collect()
    }
}
