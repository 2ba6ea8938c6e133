//! Generated selectors and events. Generated selectors are all documented, so every answer is yes or no.

use proptest::prelude::*;
use trailproof::derive::selector::{Event, EventResource};
use trailproof::snapshot::{AdvancedEventSelector, BasicEventSelector, DataResource, FieldSelector};

pub(crate) use super::matcher::Written;

pub(crate) const NAMES: &[&str] =
    &["GetObject", "PutObject", "PutObjectAcl", "DeleteObject", "GetThing", "PutThing", "SomethingElse", "Put", "Acl"];
const NAME_PARTS: &[&str] = &["Get", "Put", "PutObject", "Delete", "Acl", "Object", "Thing"];
pub(crate) const ARNS: &[&str] = &[
    "arn:aws:s3:::b1/k",
    "arn:aws:s3:::b1/secret/k",
    "arn:aws:s3:::b1/secret/z.log",
    "arn:aws:s3:::b12/k",
    "arn:aws:s3:::b2/k.log",
    "arn:aws:s3:::unnamed/k",
];
const ARN_PARTS: &[&str] = &[
    "arn:aws:s3:::",
    "arn:aws:s3:::b1",
    "arn:aws:s3:::b1/",
    "arn:aws:s3:::b1/secret/",
    "arn:aws:s3:::b2/",
    "arn:aws:s3:::b1/k",
];
pub(crate) const SOURCES: &[&str] =
    &["ec2.amazonaws.com", "iam.amazonaws.com", "kms.amazonaws.com", "rdsdata.amazonaws.com"];

fn some(values: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(prop::sample::select(values).prop_map(str::to_owned), 0..3)
}

fn text_field(
    name: &'static str,
    whole: &'static [&'static str],
    starts: &'static [&'static str],
    ends: &'static [&'static str],
) -> impl Strategy<Value = Option<FieldSelector>> {
    (some(whole), some(starts), some(ends), some(whole), some(starts), some(ends), 0..8u8).prop_map(
        move |(equals, starts_with, ends_with, not_equals, not_starts_with, not_ends_with, mask)| {
            let keep = |list: Vec<String>, at: u8| if mask == at || mask == at + 3 { list } else { vec![] };
            let field = FieldSelector {
                field: name.to_owned(),
                equals: keep(equals, 0),
                starts_with: if mask == 2 || mask == 5 { starts_with } else { vec![] },
                ends_with: if mask == 1 { ends_with } else { vec![] },
                not_equals: if mask == 0 || mask == 4 { not_equals } else { vec![] },
                not_starts_with: if mask == 3 || mask == 5 { not_starts_with } else { vec![] },
                not_ends_with: if mask == 6 { not_ends_with } else { vec![] },
            };
            let is_empty = field == FieldSelector { field: name.to_owned(), ..FieldSelector::default() };
            (!is_empty).then_some(field)
        },
    )
}

fn equal(name: &str, value: &str) -> FieldSelector {
    FieldSelector { field: name.to_owned(), equals: vec![value.to_owned()], ..FieldSelector::default() }
}

fn advanced() -> impl Strategy<Value = AdvancedEventSelector> {
    let read_only = prop::option::of(any::<bool>());
    let names = text_field("eventName", NAMES, NAME_PARTS, NAME_PARTS);
    let arns = text_field("resources.ARN", ARNS, ARN_PARTS, &[".log", "k"]);
    let types = prop::sample::select(vec!["AWS::S3::Object", "AWS::Lambda::Function"]);
    let excluded = some(&["kms.amazonaws.com", "rdsdata.amazonaws.com"]);
    (0..4u8, read_only, names, arns, types, excluded).prop_map(|(kind, read_only, names, arns, of_type, excluded)| {
        let mut fields = Vec::new();
        let read_only = read_only.map(|read| equal("readOnly", &read.to_string()));
        match kind {
            0 => {
                fields.push(equal("eventCategory", "Management"));
                fields.extend(read_only);
                if !excluded.is_empty() {
                    let field = "eventSource".to_owned();
                    fields.push(FieldSelector { field, not_equals: excluded, ..FieldSelector::default() });
                }
            }
            1 => {
                fields.push(equal("eventCategory", "NetworkActivity"));
                fields.push(equal("eventSource", "kms.amazonaws.com"));
                fields.extend(names);
            }
            _ => {
                fields.push(equal("eventCategory", "Data"));
                fields.push(equal("resources.type", of_type));
                fields.extend(read_only);
                fields.extend(names);
                fields.extend(arns.filter(|_| of_type == "AWS::S3::Object"));
            }
        }
        AdvancedEventSelector { name: None, field_selectors: fields }
    })
}

fn basic_selector() -> impl Strategy<Value = BasicEventSelector> {
    let kinds = prop::sample::select(vec!["All", "ReadOnly", "WriteOnly"]);
    let objects =
        prop::sample::select(vec!["arn:aws:s3", "arn:aws:s3:::", "arn:aws:s3:::b1/", "arn:aws:s3:::b1/secret/"]);
    let data = prop_oneof![
        objects.prop_map(|value| ("AWS::S3::Object", value)),
        Just(("AWS::Lambda::Function", "arn:aws:lambda")),
    ]
    .prop_map(|(name, value)| DataResource { resource_type: Some(name.to_owned()), values: vec![value.to_owned()] });
    let excluded = some(&["kms.amazonaws.com", "rdsdata.amazonaws.com"]);
    (kinds, any::<bool>(), excluded, prop::collection::vec(data, 0..3)).prop_map(|(kind, include, excluded, data)| {
        BasicEventSelector {
            read_write_type: Some(kind.to_owned()),
            include_management_events: Some(include),
            exclude_management_event_sources: excluded,
            data_resources: data,
        }
    })
}

pub(crate) fn written() -> impl Strategy<Value = Written> {
    prop_oneof![
        1 => prop::collection::vec(basic_selector(), 1..4).prop_map(Written::Basic),
        3 => prop::collection::vec(advanced(), 0..4).prop_map(Written::Advanced),
    ]
}

/// Every event that is made of the pool: of each category, read and write.
pub(crate) fn events() -> Vec<Event> {
    let mut all = Vec::new();
    for read_only in [true, false] {
        let event = |category: &str, source: &str, name: &str, resource: Option<EventResource>| Event {
            is_complete: true,
            category: Some(category.to_owned()),
            read_only: Some(read_only),
            source: Some(source.to_owned()),
            name: Some(name.to_owned()),
            event_type: Some("AwsApiCall".to_owned()),
            resources: resource.into_iter().collect(),
            ..Event::default()
        };
        for source in SOURCES {
            all.push(event("Management", source, "DoIt", None));
        }
        for name in NAMES.iter().filter(|name| possible(name, read_only)) {
            all.push(event("NetworkActivity", "kms.amazonaws.com", name, None));
            for arn in ARNS {
                let resource = EventResource {
                    resource_type: Some("AWS::S3::Object".to_owned()),
                    arn: Some((*arn).to_owned()),
                    arn_prefix: None,
                };
                all.push(event("Data", "s3.amazonaws.com", name, Some(resource)));
            }
        }
        for bucket in ["b1", "b12", "b2", "unnamed"] {
            let resource = EventResource {
                resource_type: Some("AWS::S3::Object".to_owned()),
                arn: None,
                arn_prefix: Some(format!("arn:aws:s3:::{bucket}/")),
            };
            let name = if read_only { "HeadBucket" } else { "DeleteObjects" };
            all.push(event("Data", "s3.amazonaws.com", name, Some(resource)));
        }
    }
    all
}

/// Whether S3 writes an event of this name as one that only reads, or does not.
fn possible(name: &str, read_only: bool) -> bool {
    match name {
        "GetObject" => read_only,
        "PutObject" | "PutObjectAcl" | "DeleteObject" => !read_only,
        _ => true,
    }
}
