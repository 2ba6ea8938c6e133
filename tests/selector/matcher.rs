//! A plain matcher, event by event. It shares nothing with the algebra: it reads documented selectors as the API has them.

use trailproof::derive::selector::{Event, Selectors};
use trailproof::snapshot::{AdvancedEventSelector, BasicEventSelector, FieldSelector};

/// Selectors as they were written.
#[derive(Debug, Clone)]
pub(crate) enum Written {
    Basic(Vec<BasicEventSelector>),
    Advanced(Vec<AdvancedEventSelector>),
}

impl Written {
    pub(crate) fn normal(&self) -> Selectors {
        match self {
            Self::Basic(list) => Selectors::new(Some(list), None),
            Self::Advanced(list) => Selectors::new(None, Some(list)),
        }
    }

    pub(crate) fn records(&self, event: &Event) -> bool {
        match self {
            Self::Basic(list) => list.iter().any(|selector| basic(selector, event)),
            Self::Advanced(list) => {
                list.iter().any(|selector| selector.field_selectors.iter().all(|f| field(f, event)))
            }
        }
    }
}

fn basic(selector: &BasicEventSelector, event: &Event) -> bool {
    let kind = selector.read_write_type.as_deref().unwrap_or("All");
    if (kind == "ReadOnly" && event.read_only == Some(false)) || (kind == "WriteOnly" && event.read_only == Some(true))
    {
        return false;
    }
    match event.category.as_deref().unwrap() {
        "Management" => {
            selector.include_management_events == Some(true)
                && !selector.exclude_management_event_sources.contains(event.source.as_ref().unwrap())
        }
        "Data" => selector.data_resources.iter().any(|data| {
            data.resource_type == event.resources[0].resource_type
                && data.values.iter().any(|value| {
                    let resource = &event.resources[0];
                    let arn = resource.arn.as_ref().or(resource.arn_prefix.as_ref()).unwrap();
                    // A service's name stands for all that it has.
                    match (value.matches(':').count(), data.resource_type.as_deref().unwrap()) {
                        (2, _) => arn.starts_with(&format!("{value}:")),
                        (_, "AWS::S3::Object") => arn.starts_with(value),
                        _ => arn == value,
                    }
                })
        }),
        _ => false,
    }
}

fn field(selector: &FieldSelector, event: &Event) -> bool {
    let resource = event.resources.first();
    let mut whole = true;
    let value = match selector.field.as_str() {
        "eventCategory" => event.category.clone(),
        "readOnly" => event.read_only.map(|read| read.to_string()),
        "eventSource" => event.source.clone(),
        "eventName" => event.name.clone(),
        "eventType" => event.event_type.clone(),
        "errorCode" => event.error_code.clone(),
        "vpcEndpointId" => event.vpc_endpoint.clone(),
        "resources.type" => resource.and_then(|resource| resource.resource_type.clone()),
        "resources.ARN" => resource.and_then(|resource| {
            whole = resource.arn.is_some();
            resource.arn.clone().or(resource.arn_prefix.clone())
        }),
        "userIdentity.arn" => event.user_arn.clone(),
        // It is there only where it is true.
        "sessionCredentialFromConsole" => Some(event.console_session.clone().unwrap_or_else(|| "false".to_owned())),
        other => panic!("{other} is not documented"),
    };
    let Some(value) = value else { return false };
    let select = selector.equals.iter().any(|equal| whole && *equal == value)
        || selector.starts_with.iter().any(|start| value.starts_with(start))
        || selector.ends_with.iter().any(|end| whole && value.ends_with(end));
    let no_select = selector.equals.is_empty() && selector.starts_with.is_empty() && selector.ends_with.is_empty();
    let deselect = selector.not_equals.iter().any(|equal| whole && *equal == value)
        || selector.not_starts_with.iter().any(|start| value.starts_with(start))
        || selector.not_ends_with.iter().any(|end| whole && value.ends_with(end));
    (select || no_select) && !deselect
}
