//! Resource Groups Tagging: which resources of a Region have which tags. Buckets are the only resources that are tagged here.

use super::{Codes, Service, operation_in_target};
use crate::simulator::call::Call;
use crate::simulator::wire::page::page;
use crate::simulator::wire::{Answer, Failure, Protocol};
use crate::simulator::world::Bucket;
use serde_json::{Value, json};

pub(in crate::simulator) static SERVICE: Service = Service {
    name: "tag",
    signing_name: "tagging",
    target: Some("ResourceGroupsTaggingAPI_20170126"),
    protocol: Protocol::Json,
    codes: Codes {
        throttled: (400, "ThrottledException"),
        validation: (400, "InvalidParameterException"),
        broken: (500, "InternalServiceException"),
        ..Codes::JSON
    },
    reads: &[("GetResources", "tag:GetResources")],
    operation: operation_in_target,
    // The action knows no resources.
    resource: |_| None,
    answer,
};

/// The caller's tagged buckets in the Region that is asked, sorted by name, at most 100 a page.
fn answer(call: &Call<'_>) -> Result<Answer, Failure> {
    let invalid = |message: &str| call.service.codes.validation(message);
    let size = call.parameters.number("ResourcesPerPage").unwrap_or(50);
    let size = usize::try_from(size).ok().filter(|size| (1..=100).contains(size));
    let size = size.ok_or_else(|| invalid("ResourcesPerPage must be between 1 and 100"))?;
    let filters = filters(call)?;
    let types = call.parameters.texts("ResourceTypeFilters");
    let wants_buckets = types.is_empty() || types.iter().any(|kind| ["s3", "s3:bucket"].contains(kind));
    let found: Vec<&Bucket> = call
        .index
        .buckets_of(call.account())
        .filter(|bucket| wants_buckets && bucket.region == call.region && !bucket.tags.is_empty())
        .filter(|bucket| filters.iter().all(|filter| filter.takes_in(bucket)))
        .collect();
    // An empty token is that of the first page, as the empty one in the answer is of none.
    let token = call.parameters.text("PaginationToken").filter(|token| !token.is_empty());
    let expired = || Failure::new(400, "PaginationTokenExpiredException", "The pagination token is not valid");
    let page = page(&found, token, size).ok_or_else(expired)?;
    let partition = &call.index.world.partition;
    let rows: Vec<Value> = page.items.iter().map(|bucket| describe(bucket, partition)).collect();
    let body = json!({ "PaginationToken": page.next.unwrap_or_default(), "ResourceTagMappingList": rows });
    Ok(Answer::text(body.to_string()))
}

fn describe(bucket: &Bucket, partition: &str) -> Value {
    let tags = bucket.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value }));
    json!({ "ResourceARN": format!("arn:{partition}:s3:::{}", bucket.name), "Tags": tags.collect::<Vec<_>>() })
}

/// One filter: a key, and values of which one must be there; none, any value.
struct Filter<'a> {
    key: &'a str,
    values: Vec<&'a str>,
}

impl Filter<'_> {
    fn takes_in(&self, bucket: &Bucket) -> bool {
        let wanted = |value: &str| self.values.is_empty() || self.values.contains(&value);
        bucket.tags.iter().any(|(key, value)| key == self.key && wanted(value))
    }
}

/// "A request can include up to 50 keys, and each key can include up to 20 values" (GetResources, TagFilters).
fn filters<'a>(call: &'a Call<'_>) -> Result<Vec<Filter<'a>>, Failure> {
    let invalid = |message: &str| call.service.codes.validation(message);
    let listed = call.parameters.values("TagFilters");
    if listed.len() > 50 {
        return Err(invalid("TagFilters must have at most 50 items"));
    }
    let mut filters = Vec::new();
    for filter in listed {
        let key = filter.get("Key").and_then(Value::as_str).filter(|key| !key.is_empty());
        let key = key.ok_or_else(|| invalid("a tag filter needs a key"))?;
        let values = filter.get("Values").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let values: Vec<&str> = values.collect();
        if values.len() > 20 {
            return Err(invalid("the values of a tag filter must have at most 20 items"));
        }
        filters.push(Filter { key, values });
    }
    Ok(filters)
}
