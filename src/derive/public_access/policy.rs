//! Public policies.

use super::pin::{self, Pin};
use super::{EffectiveBlock, PublicInputs};
use crate::derive::policy_document::{
    Answer, Doubt, Effect, Kind, PolicyDocument, Principal, Principals, Reason, Source, Statement,
};

/// Whether a policy is public. Source: "The meaning of public", Bucket policies.
pub(super) fn is_public(text: Option<&str>) -> Answer {
    let Some(text) = text else { return Answer::No(vec![Reason::whole("the bucket has no policy")]) };
    let document = match PolicyDocument::read(text) {
        Ok(document) => document,
        Err(why) => return Answer::undecided(Reason::whole(format!("the bucket's policy cannot be read: {why}"))),
    };
    let mut public = Vec::new();
    let mut doubts: Vec<Doubt> = document.unreadable(Effect::Allow).map(Doubt::Undecided).collect();
    for (place, statement) in document.having(Effect::Allow) {
        match judge(statement) {
            Pin::Fixed => {}
            Pin::Doubtful(why) => doubts.push(Doubt::Undecided(Reason::at(place, why))),
            Pin::Loose(why) => public.push(Reason::at(place, why)),
        }
    }
    Answer::any(public, doubts, || {
        vec![Reason::whole("every statement of the policy that allows is limited to fixed principals or values")]
    })
}

/// Whether the public can get in through the policy.
pub(super) fn effective(policy: Answer, block: &EffectiveBlock, inputs: &PublicInputs<'_>) -> Answer {
    match (policy, block.restrict_public_buckets) {
        (Answer::No(reasons), _) => Answer::No(reasons),
        (_, Some(true)) => Answer::No(vec![Reason::whole(
            "Block Public Access restricts a public policy to the own account and AWS services",
        )]),
        (policy, Some(false)) => policy,
        (policy, None) => {
            let mut doubts = if let Answer::Unknown(doubts) = policy { doubts } else { Vec::new() };
            doubts.extend(unread_levels(inputs));
            Answer::Unknown(doubts)
        }
    }
}

/// Whether `RestrictPublicBuckets` cuts off everybody but the own account and AWS services.
///
/// It takes effect where the policy is public, and then cuts off "public and cross-account access within any public
/// bucket policy, including non-public delegation to specific accounts" (S3 API Reference, data type
/// PublicAccessBlockConfiguration). S3 goes by its own verdict on the policy, so that one counts where it was read.
pub(super) fn restricted(policy: &Answer, block: &EffectiveBlock, inputs: &PublicInputs<'_>) -> Answer {
    let is_public = inputs.of_s3.or(policy.known());
    match (block.restrict_public_buckets, is_public) {
        (Some(false), _) => Answer::No(vec![Reason::whole("Block Public Access does not restrict public policies")]),
        (_, Some(false)) => Answer::No(vec![Reason::whole(
            "Block Public Access restricts public policies alone, and the policy is not public",
        )]),
        (Some(true), Some(true)) => Answer::Yes(vec![Reason::whole(
            "Block Public Access keeps everybody but the own account and AWS services from what the public policy allows",
        )]),
        (restricts, _) => {
            let mut doubts = if let Answer::Unknown(doubts) = policy { doubts.clone() } else { Vec::new() };
            if restricts.is_none() {
                doubts.extend(unread_levels(inputs));
            }
            Answer::Unknown(doubts)
        }
    }
}

fn unread_levels(inputs: &PublicInputs<'_>) -> impl Iterator<Item = Doubt> {
    let levels =
        [(inputs.bucket_block.is_none(), Source::BucketBlock), (inputs.account_block.is_none(), Source::AccountBlock)];
    levels.into_iter().filter(|(unread, _)| *unread).map(|(_, source)| Doubt::NotRead(source))
}

/// How a statement that allows limits whom it lets in: by its principals, or by its conditions.
fn judge(statement: &Statement) -> Pin {
    let mut conditions = Pin::Loose(String::new());
    for condition in &statement.conditions {
        conditions = conditions.tighter(pin::by_condition(condition, &statement.conditions));
    }
    match (by_principals(&statement.principals), conditions) {
        (Pin::Fixed, _) | (_, Pin::Fixed) => Pin::Fixed,
        (Pin::Doubtful(why), _) | (Pin::Loose(_), Pin::Doubtful(why)) => Pin::Doubtful(why),
        (Pin::Loose(who), Pin::Loose(_)) => {
            let only: Vec<String> = statement.conditions.iter().map(|condition| condition.describe()).collect();
            Pin::Loose(match only.as_slice() {
                [] => format!("allows {who} without a condition"),
                only => format!("allows {who} with only {} as a condition", only.join(" and ")),
            })
        }
    }
}

/// The loosest of the principals counts.
fn by_principals(principals: &Principals) -> Pin {
    match principals {
        Principals::AllBut(_) => Pin::Loose("everybody but those in NotPrincipal".into()),
        Principals::Are(principals) => {
            principals.iter().map(by_principal).fold(Pin::Fixed, |loosest, one| loosest.looser(one))
        }
    }
}

fn by_principal(principal: &Principal) -> Pin {
    let Principal::Named(kind, text) = principal else { return Pin::Loose("*".into()) };
    if !principal.is_fixed() {
        return Pin::Loose(principal.to_string());
    }
    match kind {
        Kind::Service | Kind::CanonicalUser => Pin::Fixed,
        Kind::Aws if principal.account().is_some() || principal.is_deleted() || is_access_identity(text) => Pin::Fixed,
        Kind::Aws => Pin::Doubtful(format!("names a principal of a form that is not known: {principal}")),
        // The guide counts "an AWS principal, user, role, or service principal": whether an identity provider of one
        // account is meant, it does not say; an identity provider for everybody surely is not.
        Kind::Federated if principal.account().is_some() => {
            Pin::Doubtful(format!("names an identity provider, {principal}, which S3's definition does not mention"))
        }
        Kind::Federated => Pin::Loose(format!("everybody whom {principal} vouches for")),
    }
}

/// An origin access identity of CloudFront is a principal of its own.
fn is_access_identity(text: &str) -> bool {
    text.contains(":iam::cloudfront:user/CloudFront Origin Access Identity ")
}
