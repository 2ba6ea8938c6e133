//! What the fuzz target holds of any text, held here of texts that are nearly selectors: without a fuzzer, on stable Rust.

#[allow(unreachable_pub, reason = "the fuzz target uses it too")]
#[path = "../../fuzz/checks/selectors.rs"]
mod checks;

use proptest::prelude::*;
use serde_json::{Value, json};

const FIELDS: &[&str] = &[
    "eventCategory",
    "readOnly",
    "eventSource",
    "eventName",
    "eventType",
    "resources.type",
    "resources.ARN",
    "errorCode",
    "vpcEndpointId",
    "userIdentity.arn",
    "sessionCredentialFromConsole",
    "requestParameters.key",
    "",
];
const OPERATORS: &[&str] = &["Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith"];
const VALUES: &[&str] = &[
    "Management",
    "Data",
    "NetworkActivity",
    "true",
    "false",
    "kms.amazonaws.com",
    "rdsdata.amazonaws.com",
    "AWS::S3::Object",
    "AWS::Lambda::Function",
    "AWS::New::Thing",
    "arn:aws:s3:::b/k",
    "arn:aws:s3:::b/",
    "arn:aws:s3:::b",
    "arn:aws:s3",
    "arn:aws:lambda",
    "arn:aws:lambda:us-east-1:111122223333:function:f",
    "PutObject",
    "putobject",
    "DeleteObjects",
    "Put",
    "*",
    "",
    "VpceAccessDenied",
];

fn values() -> impl Strategy<Value = Value> {
    let value = prop_oneof![9 => prop::sample::select(VALUES).prop_map(|value| json!(value)), 1 => "\\PC{0,12}".prop_map(Value::from)];
    prop::collection::vec(value, 0..3).prop_map(Value::from)
}

/// A field that is what AWS documents more often than not.
fn field() -> impl Strategy<Value = Value> {
    let any = (prop::sample::select(FIELDS), prop::sample::select(OPERATORS), values())
        .prop_map(|(field, operator, values)| json!({ "Field": field, operator: values }));
    let arn = (prop::sample::select(OPERATORS), prop::sample::select(&VALUES[10..15]))
        .prop_map(|(operator, value)| json!({ "Field": "resources.ARN", operator: [value] }));
    let name = (prop::sample::select(OPERATORS), prop::sample::select(&VALUES[16..20]))
        .prop_map(|(operator, value)| json!({ "Field": "eventName", operator: [value] }));
    prop_oneof![any, arn, name]
}

fn advanced() -> impl Strategy<Value = Value> {
    let kinds: &[&[(&str, &str)]] = &[
        &[("eventCategory", "Management")],
        &[("eventCategory", "Data"), ("resources.type", "AWS::S3::Object")],
        &[("eventCategory", "Data"), ("resources.type", "AWS::Lambda::Function")],
        &[("eventCategory", "NetworkActivity"), ("eventSource", "kms.amazonaws.com")],
        &[],
    ];
    (prop::sample::select(kinds), prop::collection::vec(field(), 0..3)).prop_map(|(kind, more)| {
        let kind = kind.iter().map(|(field, value)| json!({ "Field": field, "Equals": [value] }));
        json!({ "FieldSelectors": kind.chain(more).collect::<Vec<Value>>() })
    })
}

fn basic() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(&["All", "ReadOnly", "WriteOnly", "None"][..]);
    let data = (prop::sample::select(&VALUES[7..10]), values())
        .prop_map(|(name, values)| json!({ "Type": name, "Values": values }));
    (kind, any::<bool>(), values(), prop::collection::vec(data, 0..3)).prop_map(|(kind, include, excluded, data)| {
        json!({
            "ReadWriteType": kind, "IncludeManagementEvents": include, "ExcludeManagementEventSources": excluded,
            "DataResources": data,
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_is_nearly_selectors_contradicts_itself(
        advanced in prop::collection::vec(advanced(), 0..4),
        basic in prop::collection::vec(basic(), 0..3),
        record in prop::collection::vec((prop::sample::select(FIELDS), prop::sample::select(VALUES)), 0..6),
    ) {
        let record: serde_json::Map<String, Value> =
            record.into_iter().map(|(field, value)| (field.to_owned(), value.into())).collect();
        let document = json!({ "AdvancedEventSelectors": advanced, "EventSelectors": basic, "Records": [record] });
        checks::check(&document.to_string());
    }

    #[test]
    fn nothing_that_is_no_selector_is_read(text in "\\PC{0,60}") {
        checks::check(&text);
    }
}

#[test]
fn selectors_of_snapshots_are_read_too() {
    checks::check(r#"{"basic":[{"read_write_type":"All","include_management_events":true}]}"#);
    checks::check(r#"{"advanced":[{"field_selectors":[{"field":"eventCategory","equals":["Management"]}]}]}"#);
}
