//! What the policy of a KMS key lets whom do: whether CloudTrail can encrypt with it and for whom, and who else can
//! decrypt, or make the logs unreadable.
//!
//! Sources: CloudTrail User Guide, "Configure AWS KMS key policies for CloudTrail"; KMS Developer Guide, "Key policies in
//! AWS KMS" (in a key policy, `Resource: "*"` means the key). Grants, and what the key account's own IAM allows, are not
//! judged: that the account's root may do everything is the default, and leaves the key to that account.

use super::bucket_policy::{self, LogTrail};
use super::policy_document::{
    Answer, Condition, Doubt, Grant, Grantee, Grants, Outsider, Pattern, PolicyDocument, Principal, PrincipalCall,
    Reason, Right, Scope, Source, Standing, account_of,
};
use crate::id::{Arn, TrailArn};
use crate::snapshot::KeyPolicy;

/// What is known of a key.
#[derive(Debug, Clone, Copy)]
pub struct KeyPolicyInputs<'a> {
    /// Its policy; nothing, where it was not read.
    pub policy: Option<&'a KeyPolicy>,
    /// Its ARN: the account in it is the owner, whatever the scope says.
    pub key: &'a Arn,
    /// Who counts as one's own.
    pub scope: Scope<'a>,
    /// The trails that encrypt with it.
    pub trails: &'a [LogTrail<'a>],
}

/// What the policy of a key means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPolicyVerdict {
    /// Whether CloudTrail can encrypt the files of each trail, in the order of the trails.
    pub encrypts: Vec<(TrailArn, Answer)>,
    /// Whether every statement by which CloudTrail can encrypt names for whom, by `aws:SourceArn` or by the trail in the
    /// encryption context.
    pub encryption_is_pinned: Answer,
    /// Whether `*`, accounts outside the organization or anybody under conditions that do not bound them can decrypt,
    /// disable or delete the key, or change its policy.
    pub is_open: Answer,
    /// Who they are, and who may be one of them.
    pub outsiders: Vec<Outsider>,
    /// What hides others.
    pub outsiders_hidden: Vec<Doubt>,
    /// What does not decide, and should be known.
    pub notes: Vec<Reason>,
}

const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";
const GENERATE: &str = "kms:GenerateDataKey";

/// The key under which CloudTrail writes the trail's ARN into the encryption context.
const TRAIL_IN_CONTEXT: &str = "kms:encryptioncontext:aws:cloudtrail:arn";

/// Reading what was encrypted, by oneself or through a grant.
const DECRYPT: [&str; 3] = ["kms:Decrypt", "kms:ReEncryptFrom", "kms:CreateGrant"];

/// Making it unreadable, and giving oneself more.
const ADMINISTER: [&str; 4] =
    ["kms:DisableKey", "kms:ScheduleKeyDeletion", "kms:PutKeyPolicy", "kms:DeleteImportedKeyMaterial"];

/// Works out what the policy of a key means.
pub fn key_policy(inputs: &KeyPolicyInputs<'_>) -> KeyPolicyVerdict {
    let document = match inputs.policy {
        None => return every(inputs, &Answer::not_read(Source::KeyPolicy)),
        Some(policy) => PolicyDocument::read(&policy.document),
    };
    let document = match document {
        Ok(document) => document,
        Err(why) => {
            return every(inputs, &Answer::undecided(Reason::whole(format!("the key's policy cannot be read: {why}"))));
        }
    };
    let scope = Scope { owner: inputs.key.account().or(inputs.scope.owner), ..inputs.scope };
    let key = Pattern::exact(inputs.key.as_str());
    let Holders { outsiders, hidden, mut notes } = holders(&document, &key, &scope);
    let is_open = Outsider::any(&outsiders, &hidden, CLOSED);
    let encrypts = inputs.trails.iter().map(|trail| (trail.arn.clone(), encrypts(&document, &key, trail))).collect();
    notes.extend(inputs.trails.iter().filter_map(|trail| cannot_describe(&document, &key, trail)));
    KeyPolicyVerdict {
        encrypts,
        encryption_is_pinned: is_pinned(&document, &key, &scope),
        is_open,
        outsiders,
        outsiders_hidden: hidden,
        notes,
    }
}

/// The same answer to every question.
fn every(inputs: &KeyPolicyInputs<'_>, answer: &Answer) -> KeyPolicyVerdict {
    KeyPolicyVerdict {
        encrypts: inputs.trails.iter().map(|trail| (trail.arn.clone(), answer.clone())).collect(),
        encryption_is_pinned: answer.clone(),
        is_open: answer.clone(),
        outsiders: Vec::new(),
        outsiders_hidden: match answer {
            Answer::Unknown(doubts) => doubts.clone(),
            Answer::Yes(_) | Answer::No(_) => Vec::new(),
        },
        notes: Vec::new(),
    }
}

fn call<'a>(action: &'static str, key: &'a Pattern, trail: &LogTrail<'_>) -> PrincipalCall<'a> {
    let context = bucket_policy::cloudtrail(trail.arn, trail.organization).is(TRAIL_IN_CONTEXT, trail.arn.as_str());
    PrincipalCall { principal: Principal::service(CLOUDTRAIL), action, on: key, context }
}

fn encrypts(document: &PolicyDocument, key: &Pattern, trail: &LogTrail<'_>) -> Answer {
    call(GENERATE, key, trail).answer(document, &format!(" for {}", trail.arn))
}

/// CloudTrail asks for it when a trail is made or changed; what is there goes on being encrypted.
fn cannot_describe(document: &PolicyDocument, key: &Pattern, trail: &LogTrail<'_>) -> Option<Reason> {
    let found = call("kms:DescribeKey", key, trail).allowed(document);
    (found.proven.is_empty() && found.doubts.is_empty())
        .then(|| Reason::whole(format!("no statement allows {CLOUDTRAIL} kms:DescribeKey for {}", trail.arn)))
}

fn is_pinned(document: &PolicyDocument, key: &Pattern, scope: &Scope<'_>) -> Answer {
    let grants = Grants::of(document, &[Right { action: GENERATE, on: key.clone() }], scope);
    let (mut pinned, mut loose) = (Vec::new(), Vec::new());
    for grant in &grants.held {
        let by_service = grant.grantee.is_cloudtrail();
        if !by_service && !matches!(grant.grantee, Grantee::Everyone | Grantee::AllBut) {
            continue;
        }
        let names_trail = grant.statement.conditions.iter().any(|condition| names_trail(condition, by_service));
        if names_trail {
            pinned.push(grant.reason());
        } else if by_service || grant.standing == Some(Standing::Outside) {
            let mut reason = grant.reason();
            reason.text.push_str(", for whichever account");
            loose.push(reason);
        }
    }
    Answer::any(loose, grants.doubts, || match pinned.is_empty() {
        true => vec![Reason::whole("no statement lets CloudTrail encrypt")],
        false => pinned,
    })
    .opposite()
}

/// Whether a condition names the trails for which CloudTrail acts. Only CloudTrail's own encryption context can be
/// believed: everybody else chooses theirs.
fn names_trail(condition: &Condition, by_service: bool) -> bool {
    let key = condition.key == "aws:sourcearn" || (by_service && condition.key == TRAIL_IN_CONTEXT);
    key && condition.operator.is_strict() && condition.values.iter().all(|value| account_of(value).is_some())
}

const CLOSED: &str = "the policy lets nobody outside the organization decrypt, disable, delete or take over the key";

/// Who holds rights on a key that should stay in the organization.
#[derive(Default)]
struct Holders {
    outsiders: Vec<Outsider>,
    hidden: Vec<Doubt>,
    notes: Vec<Reason>,
}

fn holders(document: &PolicyDocument, key: &Pattern, scope: &Scope<'_>) -> Holders {
    let rights: Vec<Right> =
        DECRYPT.iter().chain(&ADMINISTER).map(|action| Right { action, on: key.clone() }).collect();
    let grants = Grants::of(document, &rights, scope);
    let mut found = Holders { hidden: grants.doubts.clone(), ..Holders::default() };
    for grant in &grants.held {
        match grant.standing {
            Some(_) => found.outsiders.extend(grant.outsiders(scope)),
            None if is_bound_by_trail(grant) => {}
            None if administers(&grant.actions) => found.outsiders.push(grant.of_whomever()),
            // AWS's own examples for AWS Config and CloudTrail are of this form.
            None => found.notes.push(grant.reason()),
        }
    }
    found
}

/// Whether some of the actions disable or delete a key, or give more rights on it.
pub fn administers(actions: &[&str]) -> bool {
    actions.iter().any(|action| ADMINISTER.contains(action))
}

/// Whether CloudTrail acts for named trails only.
fn is_bound_by_trail(grant: &Grant<'_>) -> bool {
    grant.grantee.is_cloudtrail() && grant.statement.conditions.iter().any(|condition| names_trail(condition, true))
}

#[cfg(test)]
mod tests;
