//! What the inventory says of a trail.

use serde::Serialize;
use serde_json::{Value, json};

use super::{NOT_READ, Properties, read};
use crate::snapshot::{AdvancedEventSelector, EventSelectors, Observed, Trail, TrailConfiguration, TrailStatus};

/// The properties of a trail. Every field of it is decided on here: none is forgotten.
pub(super) fn properties(trail: &Trail) -> serde_json::Result<Properties> {
    let Trail {
        arn,
        configuration,
        described_by: _,
        described_in: _,
        status,
        // Read with `--deep` alone: they would come and go with the option.
        regional_status: _,
        event_selectors,
        insight_selectors,
        tags,
    } = trail;
    let mut properties = configured(&configuration.value)?;
    properties.extend(running(status.as_ref())?);
    let selectors = event_selectors.as_ref().map(|read| Observed::new(read.read_at, normalised(&read.value)));
    let more = [
        ("account", json!(arn.account())),
        ("arn", json!(arn)),
        ("home_region", json!(arn.home_region())),
        ("name", json!(arn.name())),
        ("event_selectors", read(selectors.as_ref())?),
        ("insight_selectors", read(insight_selectors.as_ref())?),
        ("tags", read(tags.as_ref())?),
    ];
    properties.extend(more.map(|(name, value)| (name.to_owned(), value)));
    Ok(properties)
}

fn configured(configuration: &TrailConfiguration) -> serde_json::Result<Properties> {
    let TrailConfiguration {
        s3_bucket_name,
        s3_key_prefix,
        sns_topic_arn,
        include_global_service_events,
        is_multi_region_trail,
        is_organization_trail,
        log_file_validation_enabled,
        cloud_watch_logs_log_group_arn,
        cloud_watch_logs_role_arn,
        kms_key_id,
        has_custom_event_selectors,
        has_insight_selectors,
        recursive_logging,
    } = configuration;
    let properties = [
        ("s3_bucket_name", serde_json::to_value(s3_bucket_name)?),
        ("s3_key_prefix", serde_json::to_value(s3_key_prefix)?),
        ("sns_topic_arn", serde_json::to_value(sns_topic_arn)?),
        ("include_global_service_events", serde_json::to_value(include_global_service_events)?),
        ("is_multi_region_trail", serde_json::to_value(is_multi_region_trail)?),
        ("is_organization_trail", serde_json::to_value(is_organization_trail)?),
        ("log_file_validation_enabled", serde_json::to_value(log_file_validation_enabled)?),
        ("cloud_watch_logs_log_group_arn", serde_json::to_value(cloud_watch_logs_log_group_arn)?),
        ("cloud_watch_logs_role_arn", serde_json::to_value(cloud_watch_logs_role_arn)?),
        ("kms_key_id", serde_json::to_value(kms_key_id)?),
        ("has_custom_event_selectors", serde_json::to_value(has_custom_event_selectors)?),
        ("has_insight_selectors", serde_json::to_value(has_insight_selectors)?),
        ("recursive_logging", serde_json::to_value(recursive_logging)?),
    ];
    Ok(properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Whether the trail logs, and what the latest deliveries failed of; when they were is no property of it.
fn running(status: Option<&Observed<TrailStatus>>) -> serde_json::Result<Properties> {
    fn of<T: Serialize>(value: Option<&Option<T>>) -> serde_json::Result<Value> {
        value.map_or(Ok(NOT_READ.into()), serde_json::to_value)
    }
    let status = status.map(|status| &status.value);
    let properties = [
        ("is_logging", of(status.map(|status| &status.is_logging))?),
        ("latest_delivery_error", of(status.map(|status| &status.latest_delivery_error))?),
        ("latest_notification_error", of(status.map(|status| &status.latest_notification_error))?),
        (
            "latest_cloud_watch_logs_delivery_error",
            of(status.map(|status| &status.latest_cloud_watch_logs_delivery_error))?,
        ),
        ("latest_digest_delivery_error", of(status.map(|status| &status.latest_digest_delivery_error))?),
    ];
    Ok(properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Selectors with their sets sorted: in which order values were given means nothing. That of the selectors stays, for they
/// are told by their numbers.
fn normalised(selectors: &EventSelectors) -> EventSelectors {
    let mut selectors = selectors.clone();
    match &mut selectors {
        EventSelectors::Basic(selectors) => {
            for selector in selectors {
                selector.exclude_management_event_sources.sort();
                for resource in &mut selector.data_resources {
                    resource.values.sort();
                }
                selector.data_resources.sort_by(|left, right| left.resource_type.cmp(&right.resource_type));
            }
        }
        EventSelectors::Advanced(selectors) => selectors.iter_mut().for_each(sort_advanced),
    }
    selectors
}

fn sort_advanced(selector: &mut AdvancedEventSelector) {
    for field in &mut selector.field_selectors {
        field.equals.sort();
        field.starts_with.sort();
        field.ends_with.sort();
        field.not_equals.sort();
        field.not_starts_with.sort();
        field.not_ends_with.sort();
    }
    selector.field_selectors.sort_by(|left, right| left.field.cmp(&right.field));
}
