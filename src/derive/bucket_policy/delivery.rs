//! Whether CloudTrail can deliver a trail's files.
//!
//! Source: CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail": PutObject on `[prefix/]AWSLogs/account/*`, and
//! for an organization trail on `[prefix/]AWSLogs/organization/*`; its other path is for the trail's becoming one of the
//! account alone.

use super::rights::{Folder, Resources};
use super::{LogTrail, request};
use crate::derive::policy_document::{
    Answer, Doubt, Pattern, PolicyDocument, Principal, PrincipalCall, Reason, Source,
};
use crate::id::TrailArn;

/// How the policy lets one trail deliver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The trail.
    pub trail: TrailArn,
    /// Whether CloudTrail can put the trail's files where they belong.
    pub path_fits: Answer,
    /// Whether no Deny stops digests that are encrypted with AES256; also where the trail writes none.
    pub digests_pass: Answer,
    /// What does not decide whether its files fit, and should be known.
    pub notes: Vec<Reason>,
    /// What does not decide whether its digests get through, and should be known.
    pub digest_note: Option<Reason>,
}

impl Delivery {
    pub(super) fn all(trail: &LogTrail<'_>, answer: &Answer) -> Self {
        Self {
            trail: trail.arn.clone(),
            path_fits: answer.clone(),
            digests_pass: answer.clone(),
            notes: Vec::new(),
            digest_note: None,
        }
    }
}

pub(super) fn of(document: &PolicyDocument, bucket: &Resources<'_>, trail: &LogTrail<'_>) -> Delivery {
    let account = || puts(document, trail, &folders(trail, |folder| bucket.account_files(trail, folder)));
    let organization = || puts(document, trail, &folders(trail, |folder| bucket.organization_files(trail, folder)));
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
    let (digests_pass, digest_note) = digests_pass(document, bucket, trail);
    Delivery { trail: trail.arn.clone(), path_fits, digests_pass, notes, digest_note }
}

/// What does not fit every organization may still fit the one that is not known.
fn of_some_organization(answer: Answer, trail: &LogTrail<'_>) -> Answer {
    match answer {
        Answer::No(_) if trail.organization.is_none() => Answer::not_read(Source::Organization),
        answer => answer,
    }
}

/// The folders that a trail writes to.
fn folders(trail: &LogTrail<'_>, files: impl Fn(Folder) -> Pattern) -> Vec<(Folder, Pattern)> {
    let mut folders = vec![(Folder::Logs, files(Folder::Logs))];
    if trail.validation != Some(false) {
        folders.push((Folder::Digests, files(Folder::Digests)));
    }
    folders
}

/// Whether CloudTrail can put every file of these folders. What denies digests by their encryption, or perhaps, is judged
/// by [`digests_pass`].
fn puts(document: &PolicyDocument, trail: &LogTrail<'_>, folders: &[(Folder, Pattern)]) -> Answer {
    let (mut allowed, mut doubts, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for (folder, keys) in folders {
        let call = put(trail, trail.kms_key, keys);
        let found = call.allowed(document);
        if found.proven.is_empty() && found.doubts.is_empty() {
            missing.extend(found.near);
            missing.push(Reason::whole(format!(
                "no statement lets CloudTrail put all files of {} under {}",
                trail.arn,
                folder.name()
            )));
        } else if found.proven.is_empty() {
            doubts.extend(found.doubts);
        }
        allowed.extend(found.proven);
        match folder {
            Folder::Logs => {
                let (sure, unsure) = call.denied(document);
                missing.extend(sure);
                doubts.extend(unsure);
            }
            Folder::Digests => {
                let (sure, _) = put_somehow(trail, keys).denied(document);
                if trail.validation.is_some() {
                    missing.extend(sure);
                } else if !sure.is_empty() {
                    doubts.push(Doubt::NotRead(Source::Trail));
                }
            }
        }
    }
    if !missing.is_empty() {
        return Answer::No(missing);
    }
    allowed.dedup();
    if doubts.is_empty() { Answer::Yes(allowed) } else { Answer::Unknown(doubts) }
}

fn put<'a>(trail: &LogTrail<'_>, kms_key: Option<&str>, keys: &'a Pattern) -> PrincipalCall<'a> {
    let context = request::put(trail, kms_key);
    PrincipalCall {
        principal: Principal::service("cloudtrail.amazonaws.com"),
        action: "s3:PutObject",
        on: keys,
        context,
    }
}

/// Putting files, however they are encrypted.
fn put_somehow<'a>(trail: &LogTrail<'_>, keys: &'a Pattern) -> PrincipalCall<'a> {
    PrincipalCall { context: request::put_somehow(trail), ..put(trail, None, keys) }
}

/// Whether no Deny stops digests that are encrypted with AES256, and a note where those that follow the trail's key pass.
///
/// CloudTrail's pages differ: "Encrypting CloudTrail log files with AWS KMS keys" says that digests are encrypted with
/// keys that S3 manages whatever the trail's key, newer pages that they follow the trail's key. A policy that lets both
/// pass is the one that is sure to let digests arrive.
fn digests_pass(document: &PolicyDocument, bucket: &Resources<'_>, trail: &LogTrail<'_>) -> (Answer, Option<Reason>) {
    if trail.validation == Some(false) {
        return (Answer::Yes(vec![Reason::whole("log file validation is off, so no digest is written")]), None);
    }
    let folders = match trail.is_organization {
        Some(false) => vec![bucket.account_files(trail, Folder::Digests)],
        Some(true) => vec![bucket.organization_files(trail, Folder::Digests)],
        None => {
            [bucket.account_files(trail, Folder::Digests), bucket.organization_files(trail, Folder::Digests)].into()
        }
    };
    let (mut stops, mut doubts, mut stopped) = (Vec::new(), Vec::new(), 0);
    for keys in &folders {
        let (sure, unsure) = put(trail, None, keys).denied(document);
        stopped += usize::from(!sure.is_empty());
        stops.extend(sure);
        doubts.extend(unsure);
    }
    if stopped > 0 {
        // In which of the folders the trail writes, or whether it writes digests at all, may not be known.
        if stopped < folders.len() || trail.validation.is_none() {
            return (Answer::not_read(Source::Trail), None);
        }
        let with_key = |key| folders.iter().all(|keys| none(&put(trail, Some(key), keys).denied(document)));
        let note = trail.kms_key.is_some_and(with_key).then(|| Reason::whole(FOLLOWS_KEY));
        return (Answer::No(stops), note);
    }
    if doubts.is_empty() {
        return (Answer::Yes(vec![Reason::whole("no statement denies putting digests")]), None);
    }
    (Answer::Unknown(doubts), None)
}

const FOLLOWS_KEY: &str = "the policy lets digests pass that the trail's key encrypts; AWS's pages differ on whether that key or S3's own does";

fn none((sure, unsure): &(Vec<Reason>, Vec<Doubt>)) -> bool {
    sure.is_empty() && unsure.is_empty()
}
