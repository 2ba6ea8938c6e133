//! S3: buckets and their configuration, never their objects.

mod access;
mod address;
mod configuration;

pub(in crate::simulator::service) use configuration::public_access_block;

use super::{Codes, Service};
use crate::simulator::call::Call;
use crate::simulator::wire::page::page;
use crate::simulator::wire::xml::Xml;
use crate::simulator::wire::{Answer, Failure, Protocol, Request};
use address::Address;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// The operations that read a bucket's configuration: the query parameter that asks for it, the operation, the IAM action.
const CONFIGURATION: [(&str, &str, &str); 14] = [
    ("location", "GetBucketLocation", "s3:GetBucketLocation"),
    ("policy", "GetBucketPolicy", "s3:GetBucketPolicy"),
    ("policyStatus", "GetBucketPolicyStatus", "s3:GetBucketPolicyStatus"),
    ("acl", "GetBucketAcl", "s3:GetBucketAcl"),
    ("publicAccessBlock", "GetPublicAccessBlock", "s3:GetBucketPublicAccessBlock"),
    ("ownershipControls", "GetBucketOwnershipControls", "s3:GetBucketOwnershipControls"),
    ("versioning", "GetBucketVersioning", "s3:GetBucketVersioning"),
    ("lifecycle", "GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration"),
    ("encryption", "GetBucketEncryption", "s3:GetEncryptionConfiguration"),
    ("logging", "GetBucketLogging", "s3:GetBucketLogging"),
    ("object-lock", "GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration"),
    ("replication", "GetBucketReplication", "s3:GetReplicationConfiguration"),
    ("requestPayment", "GetBucketRequestPayment", "s3:GetBucketRequestPayment"),
    ("tagging", "GetBucketTagging", "s3:GetBucketTagging"),
];

const READS: [(&str, &str); CONFIGURATION.len() + 2] = {
    let mut reads = [("ListBuckets", "s3:ListAllMyBuckets"); CONFIGURATION.len() + 2];
    reads[1] = ("HeadBucket", "s3:ListBucket");
    let mut place = 0;
    while place < CONFIGURATION.len() {
        reads[place + 2] = (CONFIGURATION[place].1, CONFIGURATION[place].2);
        place += 1;
    }
    reads
};

pub(in crate::simulator) static SERVICE: Service = Service {
    name: "s3",
    signing_name: "s3",
    target: None,
    protocol: Protocol::S3,
    codes: Codes::S3,
    reads: &READS,
    operation,
    resource: |call| {
        let partition = &call.index.world.partition;
        Address::of(call.request).bucket.map(|bucket| format!("arn:{partition}:s3:::{bucket}"))
    },
    answer,
};

fn operation(request: &Request) -> Cow<'static, str> {
    let address = Address::of(request);
    let query = request.uri().query().unwrap_or("");
    let mut names = query.split('&').map(|pair| pair.split('=').next().unwrap_or(""));
    let whole_bucket = address.bucket.is_some() && address.key.is_empty();
    match *request.method() {
        http::Method::GET if address.bucket.is_none() => return Cow::Borrowed("ListBuckets"),
        http::Method::HEAD if whole_bucket => return Cow::Borrowed("HeadBucket"),
        http::Method::GET if whole_bucket => {
            let asked = names.clone().find_map(|name| CONFIGURATION.iter().find(|row| row.0 == name));
            if let Some((_, operation, _)) = asked {
                return Cow::Borrowed(operation);
            }
        }
        _ => {}
    }
    // Not a read that is known: the method and the first word of the query name it well enough to be refused.
    let what = names.next().unwrap_or("");
    let of = if address.key.is_empty() { "Bucket" } else { "Object" };
    Cow::Owned(format!("{}{of}{}{what}", request.method(), if what.is_empty() { "" } else { "?" }))
}

fn answer(call: &Call<'_>) -> Result<Answer, Failure> {
    match Address::of(call.request).bucket {
        None => list_buckets(call),
        Some(name) => {
            let entry = access::bucket(call, &name)?;
            let mut answer = configuration::answer(call, entry)?;
            if call.operation == "HeadBucket" {
                answer.bucket_region = Some(entry.bucket.region.clone());
            }
            Ok(answer)
        }
    }
}

/// The Region of the bucket that a call is about.
pub(super) fn bucket_region(call: &Call<'_>) -> Option<String> {
    let place = call.index.bucket_by_name.get(&Address::of(call.request).bucket?)?;
    Some(call.index.buckets[*place].bucket.region.clone())
}

/// The canonical user id of an account, which S3 uses to name owners and grantees.
pub(in crate::simulator) fn canonical_id(account: &str) -> String {
    hex::encode(Sha256::digest(account.as_bytes()))
}

fn list_buckets(call: &Call<'_>) -> Result<Answer, Failure> {
    let parameters = &call.parameters;
    let (prefix, region) = (parameters.text("prefix"), parameters.text("bucket-region"));
    let size = parameters.number("max-buckets");
    // "If the request contains at least one valid parameter", the Region is included (API Reference, Bucket).
    let shows_region = prefix.is_some() || region.is_some() || size.is_some();
    let buckets: Vec<_> = call
        .index
        .buckets_of(call.account())
        .filter(|bucket| prefix.is_none_or(|prefix| bucket.name.starts_with(prefix)))
        .filter(|bucket| region.is_none_or(|region| bucket.region == region))
        .collect();
    let invalid = |what: &str| Failure::new(400, "InvalidArgument", format!("{what} is not valid"));
    let size = usize::try_from(size.unwrap_or(10_000)).ok().filter(|size| (1..=10_000).contains(size));
    let size = size.ok_or_else(|| invalid("max-buckets"))?;
    let page =
        page(&buckets, parameters.text("continuation-token"), size).ok_or_else(|| invalid("The continuation token"))?;
    let mut xml = Xml::document("ListAllMyBucketsResult", Some(configuration::NAMESPACE));
    xml.open("Buckets");
    for bucket in page.items {
        xml.open("Bucket").leaf("Name", &bucket.name);
        xml.leaf("CreationDate", &bucket.created.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string());
        xml.maybe("BucketRegion", shows_region.then_some(bucket.region.as_str())).close("Bucket");
    }
    xml.close("Buckets").open("Owner").leaf("ID", &canonical_id(call.account())).close("Owner");
    xml.maybe("ContinuationToken", page.next.as_deref()).maybe("Prefix", prefix);
    Ok(Answer::text(xml.finish("ListAllMyBucketsResult")))
}
