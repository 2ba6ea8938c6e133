//! The ARNs of S3 objects.
//!
//! `DeleteObjects` and `HeadBucket` carry no ARN of an object but the `ARNPrefix` of the bucket, so a selector records
//! them only with an empty prefix. Source: S3 User Guide, "Logging data events" (CloudTrail logging of S3 API calls).

use std::collections::BTreeSet;

use super::class::Access;
use super::clause::Field;
use super::sample::{ANY, Kind, Sample, texts};
use super::text::TextSet;

/// The representatives of objects under a prefix, or of one object.
pub(super) fn samples(field: &Field, under: &str, exactly: bool, access: Access, sets: &[&TextSet]) -> Vec<Sample> {
    let mut found = if exactly {
        vec![Sample {
            kind: Kind::Text(under.to_owned()),
            is_sure: true,
            words: format!("{field} {under}"),
            only: None,
        }]
    } else {
        texts(field, under, sets)
    };
    found.retain(|sample| exactly || matches!(&sample.kind, Kind::Text(text) if may_be_object(text)));
    found.extend(wholes(under, sets).into_iter().flat_map(|bucket| {
        let whole = |name, read_only, what: &str| Sample {
            kind: Kind::Prefix(bucket.clone()),
            is_sure: true,
            words: format!("{what} in {}", shown(&bucket)),
            only: Some((name, read_only)),
        };
        let deletes = access.includes(false).then(|| whole("DeleteObjects", false, "bulk deletion (DeleteObjects)"));
        let heads = access.includes(true) && path(under).is_none_or(str::is_empty);
        let heads = heads.then(|| whole("HeadBucket", true, "HeadBucket"));
        deletes.into_iter().chain(heads)
    }));
    found
}

fn shown(bucket: &str) -> String {
    if bucket.contains(ANY) { "every other bucket".to_owned() } else { bucket.to_owned() }
}

/// What follows the bucket and its slash, where an ARN has that slash.
fn path(arn: &str) -> Option<&str> {
    arn.splitn(6, ':').nth(5)?.split_once('/').map(|(_, path)| path)
}

/// Whether an ARN can be that of an object: it has a bucket and a key. What stands for any text may contain both.
fn may_be_object(arn: &str) -> bool {
    arn.contains(ANY) || path(arn).is_some_and(|path| !path.is_empty())
}

/// The `ARNPrefix`es of the buckets that hold what is asked for, as far as selectors can tell them apart.
fn wholes(under: &str, sets: &[&TextSet]) -> BTreeSet<String> {
    if let Some(bucket) = bucket(under) {
        return BTreeSet::from([bucket]);
    }
    let values = sets.iter().flat_map(|set| set.values()).filter(|value| value.starts_with(under));
    let named = values.map(|value| bucket(value).unwrap_or_else(|| format!("{value}{ANY}/")));
    named.chain([format!("{under}{ANY}/")]).collect()
}

/// The bucket of an ARN and the slash after it.
fn bucket(arn: &str) -> Option<String> {
    let path = path(arn)?;
    arn.strip_suffix(path).map(str::to_owned)
}
