//! Whether CloudTrail can deliver a trail's files.
//!
//! Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail": PutObject on `[prefix/]AWSLogs/account/*`, and
//! for an organization trail on `[prefix/]AWSLogs/organization/*`; its other path is for the trail's becoming one of the
//! account alone.

use super::rights::Resources;
use super::{LogTrail, request};
use crate::derive::policy_document::{Answer, Doubt, Pattern, PolicyDocument, Reason, ServiceCall, Source};
use crate::id::TrailArn;

/// How the policy lets one trail deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The trail.
    pub trail: TrailArn,
    /// Whether CloudTrail can put the trail's files where they belong.
    pub path_fits: Answer,
    /// Whether digests get through; also where the trail writes none.
    pub digests_pass: Answer,
    /// What does not decide, and should be known.
    pub notes: Vec<Reason>,
}

const LOGS: &str = "CloudTrail/";
const DIGESTS: &str = "CloudTrail-Digest/";

impl Delivery {
    pub(super) fn all(trail: &LogTrail<'_>, answer: &Answer) -> Self {
        Self { trail: trail.arn.clone(), path_fits: answer.clone(), digests_pass: answer.clone(), notes: Vec::new() }
    }
}

pub(super) fn of(document: &PolicyDocument, bucket: &Resources<'_>, trail: &LogTrail<'_>) -> Delivery {
    let account = || puts(document, trail, &folders(trail, |folder| bucket.account_keys(trail, folder)));
    let organization = || puts(document, trail, &folders(trail, |folder| bucket.organization_keys(trail, folder)));
    let mut notes = Vec::new();
    let path_fits = match trail.is_organization {
        Some(false) => account(),
        Some(true) => {
            if let Answer::No(_) = account() {
                let path = format!("AWSLogs/{}/", trail.arn.account());
                notes.push(Reason::whole(format!("the policy does not let CloudTrail put under {path}: were the trail made one of its account alone, it could not deliver")));
            }
            of_some_organization(organization(), trail)
        }
        None => match (account(), of_some_organization(organization(), trail)) {
            (Answer::Yes(mut one), Answer::Yes(two)) => {
                one.extend(two);
                Answer::Yes(one)
            }
            (Answer::No(one), Answer::No(_)) => Answer::No(one),
            _ => Answer::not_read(Source::Trail),
        },
    };
    Delivery { trail: trail.arn.clone(), path_fits, digests_pass: digests_pass(document, bucket, trail), notes }
}

/// What does not fit every organization may still fit the one that is not known.
fn of_some_organization(answer: Answer, trail: &LogTrail<'_>) -> Answer {
    match answer {
        Answer::No(_) if trail.organization.is_none() => Answer::not_read(Source::Organization),
        answer => answer,
    }
}

/// The folders that a trail writes to.
fn folders(trail: &LogTrail<'_>, keys: impl Fn(&str) -> Pattern) -> Vec<(&'static str, Pattern)> {
    let mut folders = vec![(LOGS, keys(LOGS))];
    if trail.validation != Some(false) {
        folders.push((DIGESTS, keys(DIGESTS)));
    }
    folders
}

/// Whether CloudTrail can put every file of these folders. Denials of digests alone are judged by [`digests_pass`].
fn puts(document: &PolicyDocument, trail: &LogTrail<'_>, folders: &[(&str, Pattern)]) -> Answer {
    let (mut allowed, mut doubts, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for (folder, keys) in folders {
        let call = put(trail, trail.kms_key, keys);
        let found = call.allowed(document);
        if found.proven.is_empty() && found.doubts.is_empty() {
            missing.extend(found.near);
            missing.push(Reason::whole(format!(
                "no statement lets CloudTrail put all files of {} under {folder}",
                trail.arn
            )));
        } else if found.proven.is_empty() {
            doubts.extend(found.doubts);
        }
        allowed.extend(found.proven);
        if *folder == LOGS {
            let (sure, unsure) = call.denied(document);
            missing.extend(sure);
            doubts.extend(unsure);
        }
    }
    if !missing.is_empty() {
        return Answer::No(missing);
    }
    allowed.dedup();
    if doubts.is_empty() { Answer::Yes(allowed) } else { Answer::Unknown(doubts) }
}

fn put<'a>(trail: &LogTrail<'_>, kms_key: Option<&str>, keys: &'a Pattern) -> ServiceCall<'a> {
    let context = request::put(trail, kms_key);
    ServiceCall { service: "cloudtrail.amazonaws.com", action: "s3:PutObject", on: keys, context }
}

/// Whether no Deny stops digests.
///
/// They were encrypted with AES256 whatever the trail's key (CloudTrail User Guide of 2023, "Encrypting CloudTrail log
/// files with AWS KMS keys"); the present guide says that they follow the key. Where the two differ, it is not known.
fn digests_pass(document: &PolicyDocument, bucket: &Resources<'_>, trail: &LogTrail<'_>) -> Answer {
    if trail.validation == Some(false) {
        return Answer::Yes(vec![Reason::whole("log file validation is off, so no digest is written")]);
    }
    let keys = match trail.is_organization {
        Some(false) => vec![bucket.account_keys(trail, DIGESTS)],
        Some(true) => vec![bucket.organization_keys(trail, DIGESTS)],
        None => vec![bucket.account_keys(trail, DIGESTS), bucket.organization_keys(trail, DIGESTS)],
    };
    let stopped = |kms_key: Option<&str>| {
        let (mut sure, mut unsure) = (Vec::new(), Vec::new());
        for keys in &keys {
            let (more_sure, more_unsure) = put(trail, kms_key, keys).denied(document);
            sure.extend(more_sure);
            unsure.extend(more_unsure);
        }
        (sure, unsure)
    };
    let (sure, mut unsure) = stopped(None);
    if !sure.is_empty() {
        let follows_key = trail.kms_key.is_some_and(|key| {
            let (stopped_too, doubts) = stopped(Some(key));
            stopped_too.is_empty() && doubts.is_empty()
        });
        if trail.validation.is_none() {
            return Answer::not_read(Source::Trail);
        }
        if !follows_key {
            return Answer::No(sure);
        }
        unsure.extend(sure.into_iter().map(|mut reason| {
            reason.text.push_str(": that stops digests with AES256, and not those that follow the trail's key");
            Doubt::Undecided(reason)
        }));
    }
    if unsure.is_empty() {
        return Answer::Yes(vec![Reason::whole("no statement denies putting digests")]);
    }
    Answer::Unknown(unsure)
}
