//! One log bucket: where it is, whose it is, and how its owner has set it up.

mod configuration;
mod replication;

use jiff::Timestamp;
use serde::Deserialize;

use super::call::Call;
use super::classify::Refusal;
use super::direct;
use super::ledger::{Answer, Ledger, Malformed, Unit};
use super::needs::Needs;
use super::session::Session;
use crate::id::{AccountId, BucketName, RegionName};
use crate::snapshot::{Bucket, Cause, Existence, Gap, Observed, PublicAccessBlock};

pub(super) use configuration::read;

/// A bucket of which nothing is known yet.
pub(super) fn unread(name: BucketName) -> Bucket {
    Bucket {
        name,
        existence: None,
        owner: None,
        region: None,
        policy: None,
        acl: None,
        public_access_block: None,
        ownership_controls: None,
        versioning: None,
        lifecycle: None,
        encryption: None,
        access_logging: None,
        object_lock: None,
        policy_status: None,
        payer: None,
        replication: None,
    }
}

/// Whether a log bucket exists, and where.
pub(super) async fn find(session: &Session, bucket: &mut Bucket, ledger: &Ledger) {
    let found = locate(session, &bucket.name, ledger).await;
    bucket.existence = found.existence.or_else(|| bucket.existence.take());
    bucket.region = found.region.or_else(|| bucket.region.take());
}

/// Whether a bucket of this name exists, and where; nothing where it could not be asked.
#[derive(Default)]
struct Located {
    existence: Option<Observed<Existence>>,
    region: Option<RegionName>,
}

/// What `s3:HeadBucket` says: where a bucket is, or why that was not said.
#[derive(Debug, Clone)]
pub(super) enum Head {
    /// It is there, in this Region where that is said.
    Present(Timestamp, Option<RegionName>),
    /// It is there, and the account may not see it.
    Closed(Timestamp, Option<RegionName>, Refusal),
    /// There is none.
    Missing(Timestamp),
    /// It was not said.
    Refused(Refusal),
}

/// Asks an account, in a Region, for a bucket: once, whoever wants to know.
///
/// Source: S3 API Reference, HeadBucket: `x-amz-bucket-region` stands on 200, 301 and 403; 404 is a bucket that is not.
async fn head(session: &Session, region: &RegionName, name: &str, ledger: &Ledger) -> Head {
    let ask = async {
        let unit = Unit::of(Call::HeadBucket).account(session.account).resource(name);
        let named = |region: Option<String>| region.and_then(|region| region.parse::<RegionName>().ok());
        let answer = ledger.ask(&unit, session.s3(region).head_bucket().bucket(name).send()).await;
        let head = match answer {
            Answer::Read(at, output) => Head::Present(at, named(output.bucket_region)),
            Answer::Refused(at, refusal) if refusal.status == Some(404) => Head::Missing(at),
            Answer::Refused(at, refusal)
                if matches!(refusal.status, Some(301 | 400 | 403)) && refusal.bucket_region.is_some() =>
            {
                Head::Closed(at, named(refusal.bucket_region.clone()), refusal)
            }
            Answer::Refused(_, refusal) => Head::Refused(refusal),
        };
        match &head {
            Head::Refused(refusal) => ledger.refused(&unit, &refusal.cause),
            _ => ledger.answered(&unit),
        }
        head
    };
    ledger.heads.ask(session.account, format!("{region} {name}"), ask).await
}

/// `s3:HeadBucket` says both whatever the caller may do there.
async fn locate(session: &Session, name: &BucketName, ledger: &Ledger) -> Located {
    match head(session, &session.first_region, name.as_str(), ledger).await {
        Head::Present(at, region) => {
            let region = region.unwrap_or_else(|| session.first_region.clone());
            Located { existence: Some(Observed::new(at, Existence::Present)), region: Some(region) }
        }
        Head::Closed(at, region, _) => Located { existence: Some(Observed::new(at, Existence::Present)), region },
        Head::Missing(at) => Located { existence: Some(Observed::new(at, Existence::Missing)), region: None },
        Head::Refused(refusal) => {
            let unit = Unit::of(Call::HeadBucket).account(session.account).resource(name.as_str());
            ledger.not_asked(&unit, refusal.cause, &refusal.message);
            Located::default()
        }
    }
}

/// Whether an account lists a bucket as its own; a gap, which is not left yet, where it did not say.
pub(super) async fn lists(session: &Session, bucket: &BucketName, ledger: &Ledger) -> Result<Observed<bool>, Box<Gap>> {
    let ask = async {
        let unit = Unit::of(Call::ListBuckets).account(session.account).resource(bucket.as_str());
        let client = session.s3(&session.first_region);
        let request = client.list_buckets().prefix(bucket.as_str()).max_buckets(1000).into_paginator();
        let pages = ledger
            .ask(&unit, super::page::all(ledger.most_pages, request.send(), |page| page.continuation_token()))
            .await;
        ledger.read_or_gap(&unit, pages, |pages| {
            let mut found = false;
            for page in pages.whole()? {
                for listed in page.buckets.ok_or_else(|| Malformed::lacks("Buckets"))? {
                    let name = listed.name.ok_or_else(|| Malformed::lacks("the name of a bucket"))?;
                    found |= name == bucket.as_str();
                }
            }
            Ok(found)
        })
    };
    ledger.listings.ask(session.account, bucket.to_string(), ask).await
}

#[derive(Debug, Deserialize)]
enum BlockDocument {
    PublicAccessBlockConfiguration(Block),
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Block {
    block_public_acls: Option<bool>,
    ignore_public_acls: Option<bool>,
    block_public_policy: Option<bool>,
    restrict_public_buckets: Option<bool>,
}

/// Block Public Access of an account, organization policies included.
pub(super) async fn account_public_access_block(
    session: &Session,
    region: &RegionName,
    ledger: &Ledger,
) -> Option<Observed<PublicAccessBlock>> {
    let unit = Unit::of(Call::GetAccountPublicAccessBlock).account(session.account);
    let client = session.direct(&direct::S3_CONTROL, region);
    let request = client.document(unit.call, "/v20180820/configuration/publicAccessBlock", session.account);
    let answer = ledger.ask(&unit, request).await;
    let absent = || BlockDocument::PublicAccessBlockConfiguration(Block::default());
    let answer = answer.or_absent(&["NoSuchPublicAccessBlockConfiguration"], absent);
    ledger.read(&unit, answer, |BlockDocument::PublicAccessBlockConfiguration(read)| {
        // A flag that is not given is off: the defaults of the four are FALSE (S3 API Reference, data type
        // PublicAccessBlockConfiguration).
        Ok(PublicAccessBlock {
            block_public_acls: read.block_public_acls.unwrap_or(false),
            ignore_public_acls: read.ignore_public_acls.unwrap_or(false),
            block_public_policy: read.block_public_policy.unwrap_or(false),
            restrict_public_buckets: read.restrict_public_buckets.unwrap_or(false),
        })
    })
}

/// Leaves a gap for everything that only the owner could have said of a bucket.
pub(super) fn leave_unread(
    bucket: &BucketName,
    owner: Option<AccountId>,
    cause: &Cause,
    message: &str,
    needs: &Needs,
    ledger: &Ledger,
) {
    for call in configuration::CALLS.into_iter().filter(|call| needs.asks(*call)) {
        let unit = Unit::of(call).resource(bucket.as_str());
        let unit = owner.map_or(unit, |owner| unit.account(owner));
        ledger.not_asked(&unit, cause.clone(), message);
    }
}
