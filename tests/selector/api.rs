//! Selectors as the CloudTrail API writes them.

use serde_json::Value;
use trailproof::derive::selector::Selectors;
use trailproof::snapshot::{AdvancedEventSelector, BasicEventSelector, DataResource, FieldSelector};

pub(crate) fn selectors(basic: &Value, advanced: &Value) -> Selectors {
    let basic = basic.as_array().map(|list| list.iter().map(basic_selector).collect::<Vec<_>>());
    let advanced = advanced.as_array().map(|list| list.iter().map(advanced_selector).collect::<Vec<_>>());
    Selectors::new(basic.as_deref(), advanced.as_deref())
}

pub(crate) fn basic(list: Value) -> Selectors {
    selectors(&list, &Value::Null)
}

pub(crate) fn advanced(list: Value) -> Selectors {
    selectors(&Value::Null, &list)
}

/// Advanced selectors, each a list of `[field, operator, values…]`.
pub(crate) fn fields(list: &[&[(&str, &str, &[&str])]]) -> Selectors {
    let selectors = list.iter().map(|fields| {
        let fields = fields.iter().map(|(field, operator, values)| {
            let mut object = serde_json::json!({ "Field": field });
            object[*operator] = serde_json::json!(values);
            object
        });
        serde_json::json!({ "FieldSelectors": fields.collect::<Vec<_>>() })
    });
    advanced(Value::Array(selectors.collect()))
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn basic_selector(value: &Value) -> BasicEventSelector {
    BasicEventSelector {
        read_write_type: text(&value["ReadWriteType"]),
        include_management_events: value["IncludeManagementEvents"].as_bool(),
        exclude_management_event_sources: texts(&value["ExcludeManagementEventSources"]),
        data_resources: value["DataResources"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|resource| DataResource { resource_type: text(&resource["Type"]), values: texts(&resource["Values"]) })
            .collect(),
    }
}

fn advanced_selector(value: &Value) -> AdvancedEventSelector {
    let field = |value: &Value| FieldSelector {
        field: text(&value["Field"]).unwrap(),
        equals: texts(&value["Equals"]),
        starts_with: texts(&value["StartsWith"]),
        ends_with: texts(&value["EndsWith"]),
        not_equals: texts(&value["NotEquals"]),
        not_starts_with: texts(&value["NotStartsWith"]),
        not_ends_with: texts(&value["NotEndsWith"]),
    };
    AdvancedEventSelector {
        name: text(&value["Name"]),
        field_selectors: value["FieldSelectors"].as_array().unwrap().iter().map(field).collect(),
    }
}
