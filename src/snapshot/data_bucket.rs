//! Buckets of data: those that rules' parameters name, and how they are named.

use std::collections::BTreeSet;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Tags;
use crate::glob::takes_in;
use crate::id::{AccountId, BucketName, RegionName};

/// A bucket that rules' parameters name, as its owner lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataBucket {
    /// The bucket's name.
    pub name: BucketName,
    /// The account that lists it as its own.
    pub account: AccountId,
    /// Where it is.
    pub region: RegionName,
    /// Those of its tags that are among the named ones.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// When it was listed.
    pub read_at: Timestamp,
}

/// What was looked at of an account's own buckets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketListing {
    /// How many buckets it has in the Regions that are scanned.
    pub count: usize,
    /// The Regions of these, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<RegionName>,
    /// Those of the Regions in which buckets were looked up by their tags, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tagged_regions: Vec<RegionName>,
}

/// How buckets are named: by their names, and by their tags.
///
/// ```
/// use trailproof::snapshot::BucketPatterns;
/// let patterns = BucketPatterns::new(["cardholder-*", "arn:aws:s3:::ledger"], ["class=secret", "pii"]);
/// assert!(patterns.name("cardholder-eu") && patterns.name("ledger") && !patterns.name("ledger-2"));
/// assert!(patterns.tag("class", "secret") && patterns.tag("pii", "") && !patterns.tag("class", "public"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BucketPatterns {
    /// Names or ARNs; in them `*` stands for any letters and `?` for one.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub names: BTreeSet<String>,
    /// Tags, as `key`, or `key=value` where only that value is meant; a key ends at its first `=`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<String>,
}

impl BucketPatterns {
    /// Patterns of names and tags.
    pub fn new<N: Into<String>, T: Into<String>>(
        names: impl IntoIterator<Item = N>,
        tags: impl IntoIterator<Item = T>,
    ) -> Self {
        Self { names: names.into_iter().map(Into::into).collect(), tags: tags.into_iter().map(Into::into).collect() }
    }

    /// Whether nothing is named.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.tags.is_empty()
    }

    /// Takes in all that others name.
    pub fn extend(&mut self, others: Self) {
        self.names.extend(others.names);
        self.tags.extend(others.tags);
    }

    /// What both these and others name, pattern by pattern.
    #[must_use]
    pub fn and(&self, others: &Self) -> Self {
        Self {
            names: self.names.intersection(&others.names).cloned().collect(),
            tags: self.tags.intersection(&others.tags).cloned().collect(),
        }
    }

    /// What these name and others do not, pattern by pattern.
    #[must_use]
    pub fn without(&self, others: &Self) -> Self {
        Self {
            names: self.names.difference(&others.names).cloned().collect(),
            tags: self.tags.difference(&others.tags).cloned().collect(),
        }
    }

    /// Whether a bucket of a name is meant.
    pub fn name(&self, name: &str) -> bool {
        self.names.iter().any(|pattern| takes_in(bare(pattern).as_bytes(), name.as_bytes()))
    }

    /// Whether buckets with a tag are meant.
    pub fn tag(&self, key: &str, value: &str) -> bool {
        self.tags.iter().any(|pattern| match pattern.split_once('=') {
            Some((named, wanted)) => named == key && wanted == value,
            None => pattern == key,
        })
    }

    /// Whether a bucket is meant.
    pub fn mean(&self, bucket: &DataBucket) -> bool {
        self.name(bucket.name.as_str()) || bucket.tags.iter().any(|(key, value)| self.tag(key, value))
    }

    /// The names without a wildcard: each means one bucket, which must be somewhere.
    pub fn exact_names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|pattern| bare(pattern)).filter(|name| !name.contains(['*', '?']))
    }
}

/// The name in an ARN of a bucket; any other text as it is.
fn bare(pattern: &str) -> &str {
    let arn = pattern.strip_prefix("arn:").and_then(|rest| rest.split_once(":s3:::"));
    arn.map_or(pattern, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_matched_whole() {
        let cases = [
            ("logs", "logs", true),
            ("logs", "logs2", false),
            ("logs*", "logs", true),
            ("*", "anything", true),
            ("*-pii-*", "eu-pii-1", true),
            ("*-pii-*", "eu-pi-1", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a*b*c", "axbxbxc", true),
            ("a*b*c", "axbxbx", false),
            ("", "x", false),
            ("arn:aws:s3:::card*", "cards", true),
            ("arn:aws-cn:s3:::card", "card", true),
            ("arn:aws:s3:::card", "arn:aws:s3:::card", false),
            ("arn:aws:sqs:::card", "card", false),
            ("Card", "card", false),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(BucketPatterns::new([pattern], [""; 0]).name(name), expected, "{pattern} {name}");
        }
        let long = "a".repeat(60_000);
        assert!(!BucketPatterns::new(["*a*a*a*b"], [""; 0]).name(&long), "and that does not take for ever");
    }

    #[test]
    fn exact_names_are_those_without_a_wildcard() {
        let patterns = BucketPatterns::new(["b", "arn:aws:s3:::a", "c*", "d?"], [""; 0]);
        assert_eq!(patterns.exact_names().collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn what_others_lack_is_told_pattern_by_pattern() {
        let (few, more) = (BucketPatterns::new(["a*"], ["k"]), BucketPatterns::new(["a*", "b"], ["k", "l=1"]));
        assert!(few.without(&more).is_empty());
        assert_eq!(more.without(&few), BucketPatterns::new(["b"], ["l=1"]));
        assert_eq!(more.and(&few), few);
    }
}
