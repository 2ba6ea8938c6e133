//! An account's own buckets: those that rules' parameters name, by their names and by their tags.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_resourcegroupstagging::types::TagFilter;

use super::call::Call;
use super::ledger::{Ledger, Malformed, Unit};
use super::session::Session;
use crate::id::{BucketName, RegionName};
use crate::snapshot::{BucketListing, BucketPatterns, DataBucket, Observed, Tags};

/// The most buckets that S3 lists at once (S3 API Reference, ListBuckets).
const PAGE: i32 = 10_000;

/// The most values of a key that can be asked for at once (Resource Groups Tagging API Reference, TagFilter).
const VALUES: usize = 20;

/// The buckets of an account that patterns name, and what was looked at for it; nothing where it could not be listed.
///
/// `only` are the Regions that are scanned; empty, all.
pub(super) async fn find(
    session: &Session,
    patterns: &BucketPatterns,
    only: &[RegionName],
    ledger: &Ledger,
) -> Option<(Observed<BucketListing>, Vec<DataBucket>)> {
    let mut all = list(session, ledger).await?;
    all.value.retain(|(_, region)| only.is_empty() || only.contains(region));
    let regions: BTreeSet<RegionName> = all.value.iter().map(|(_, region)| region.clone()).collect();
    let mut tags: BTreeMap<BucketName, Tags> = BTreeMap::new();
    let mut tagged_regions = Vec::new();
    for region in regions.iter().filter(|_| !patterns.tags.is_empty()) {
        if let Some(found) = tagged(session, region, patterns, ledger).await {
            tags.extend(found);
            tagged_regions.push(region.clone());
        }
    }
    let listing = BucketListing { count: all.value.len(), regions: regions.into_iter().collect(), tagged_regions };
    let buckets = all.value.into_iter().map(|(name, region)| DataBucket {
        tags: tags.remove(&name).unwrap_or_default(),
        account: session.account,
        read_at: all.read_at,
        name,
        region,
    });
    let named = buckets.filter(|bucket| patterns.mean(bucket)).collect();
    Some((Observed::new(all.read_at, listing), named))
}

/// All buckets of an account, with their Regions: S3 gives those where the request has a parameter.
///
/// Source: S3 API Reference, data type Bucket (BucketRegion).
async fn list(session: &Session, ledger: &Ledger) -> Option<Observed<Vec<(BucketName, RegionName)>>> {
    let unit = Unit::of(Call::ListAllBuckets).account(session.account);
    let request = session.s3(&session.first_region).list_buckets().max_buckets(PAGE).into_paginator();
    let pages =
        ledger.ask(&unit, super::page::all(ledger.most_pages, request.send(), |page| page.continuation_token())).await;
    ledger.read(&unit, pages, |pages| {
        let mut found = Vec::new();
        for page in pages.whole()? {
            for listed in page.buckets.ok_or_else(|| Malformed::lacks("Buckets"))? {
                let name = listed.name.and_then(|name| name.parse::<BucketName>().ok());
                let name = name.ok_or_else(|| Malformed::lacks("the name of a bucket"))?;
                let region = listed.bucket_region.and_then(|region| region.parse::<RegionName>().ok());
                let region = region.ok_or_else(|| Malformed(format!("lacks the Region of the bucket {name}")))?;
                found.push((name, region));
            }
        }
        if !super::page::all_differ(found.iter().map(|(name, _)| name.as_str())) {
            return Err(Malformed("names a bucket twice".to_owned()));
        }
        Ok(found)
    })
}

/// The buckets of a Region with a tag that is named, each with its tags of those: a question for each key.
async fn tagged(
    session: &Session,
    region: &RegionName,
    patterns: &BucketPatterns,
    ledger: &Ledger,
) -> Option<BTreeMap<BucketName, Tags>> {
    let client = session.tagging(region);
    let mut found: BTreeMap<BucketName, Tags> = BTreeMap::new();
    for filter in filters(patterns) {
        let unit = Unit::of(Call::GetResources).account(session.account).region(region);
        let request = client.get_resources().resource_type_filters("s3:bucket").resources_per_page(100);
        let pages = request.tag_filters(filter).into_paginator().send();
        let pages = ledger.ask(&unit, super::page::all(ledger.most_pages, pages, |page| page.pagination_token())).await;
        let read = ledger.read(&unit, pages, |pages| {
            let mut read = Vec::new();
            for page in pages.whole()? {
                for resource in
                    page.resource_tag_mapping_list.ok_or_else(|| Malformed::lacks("ResourceTagMappingList"))?
                {
                    let name = resource.resource_arn.as_deref().and_then(name_in);
                    let name = name.ok_or_else(|| Malformed::lacks("the ARN of a bucket"))?;
                    // It was asked for by its tags: it has some.
                    let tags = resource.tags.filter(|tags| !tags.is_empty()).ok_or_else(|| Malformed::lacks("Tags"))?;
                    read.push((name, tags.into_iter().map(|tag| (tag.key, tag.value)).collect::<Tags>()));
                }
            }
            Ok(read)
        })?;
        for (name, mut tags) in read.value {
            tags.retain(|key, value| patterns.tag(key, value));
            found.entry(name).or_default().extend(tags);
        }
    }
    Some(found)
}

fn name_in(arn: &str) -> Option<BucketName> {
    arn.split_once(":s3:::").and_then(|(_, name)| name.parse().ok())
}

/// How many questions for tagged buckets are put to a Region.
pub(super) fn questions(patterns: &BucketPatterns) -> usize {
    filters(patterns).len()
}

/// A filter for each key: several filters in one request would ask for buckets that have all of them.
fn filters(patterns: &BucketPatterns) -> Vec<TagFilter> {
    let mut values: BTreeMap<&str, Option<Vec<&str>>> = BTreeMap::new();
    for pattern in &patterns.tags {
        match pattern.split_once('=') {
            None => drop(values.insert(pattern, None)),
            Some((key, value)) => {
                if let Some(wanted) = values.entry(key).or_insert_with(|| Some(Vec::new())) {
                    wanted.push(value);
                }
            }
        }
    }
    let filter = |(key, values): (&str, Option<Vec<&str>>)| {
        // Without values, those of the key are all given, and looked through here.
        let few = values.filter(|values| values.len() <= VALUES);
        let values = few.map(|values| values.into_iter().map(str::to_owned).collect());
        TagFilter::builder().key(key).set_values(values).build()
    };
    values.into_iter().map(filter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_for_each_key() {
        let many: Vec<String> = (0..=VALUES).map(|number| format!("many={number}")).collect();
        let tags = ["class=secret", "class=top", "pii", "pii=yes", "zone=a=b"].map(str::to_owned);
        let filters = filters(&BucketPatterns::new([""; 0], tags.into_iter().chain(many)));
        let shown: Vec<(&str, Vec<&str>)> = filters
            .iter()
            .map(|filter| (filter.key().unwrap(), filter.values().iter().map(String::as_str).collect()))
            .collect();
        let expected = [("class", vec!["secret", "top"]), ("many", vec![]), ("pii", vec![]), ("zone", vec!["a=b"])];
        assert_eq!(shown, expected);
    }
}
