//! CloudTrail: which trails an account sees from where, and what they record.

mod describe;
mod sight;
mod stores;

pub(in crate::simulator) use describe::{describe, status_text};

use super::{Codes, Service, operation_in_target};
use crate::simulator::call::Call;
use crate::simulator::index::TrailEntry;
use crate::simulator::wire::{Answer, Failure, Protocol};
use crate::simulator::world::MemberSelectors;
use serde_json::json;
use sight::{Sight, arn_invalid};

pub(in crate::simulator) static SERVICE: Service = Service {
    name: "cloudtrail",
    signing_name: "cloudtrail",
    target: Some("CloudTrail_20131101"),
    protocol: Protocol::Json,
    codes: Codes { validation: (400, "InvalidParameterException"), ..Codes::JSON },
    reads: &[
        ("DescribeTrails", "cloudtrail:DescribeTrails"),
        ("GetTrail", "cloudtrail:GetTrail"),
        ("ListTrails", "cloudtrail:ListTrails"),
        ("GetTrailStatus", "cloudtrail:GetTrailStatus"),
        ("GetEventSelectors", "cloudtrail:GetEventSelectors"),
        ("GetInsightSelectors", "cloudtrail:GetInsightSelectors"),
        ("ListTags", "cloudtrail:ListTags"),
        ("ListEventDataStores", "cloudtrail:ListEventDataStores"),
        ("GetEventDataStore", "cloudtrail:GetEventDataStore"),
        ("GetResourcePolicy", "cloudtrail:GetResourcePolicy"),
    ],
    operation: operation_in_target,
    resource,
    answer,
};

fn resource(call: &Call<'_>) -> Option<String> {
    let store = call.parameters.text("EventDataStore").or_else(|| call.parameters.text("ResourceArn"));
    if let Some(arn) = store.filter(|name| name.starts_with("arn:")) {
        return Some(arn.to_owned());
    }
    let name = call.parameters.text("Name").or_else(|| call.parameters.text("TrailName"))?;
    Some(if name.starts_with("arn:") { name.to_owned() } else { sight::arn_here(call, name) })
}

fn answer(call: &Call<'_>) -> Result<Answer, Failure> {
    let sight = Sight::of(call);
    match call.operation {
        "DescribeTrails" => describe_trails(call, &sight),
        "ListTrails" => Ok(list_trails(&sight)),
        "GetTrail" => {
            let entry = sight.at_home(call.required("Name")?)?;
            Ok(Answer::text(format!("{{\"Trail\":{}}}", entry.description)))
        }
        "GetTrailStatus" => {
            let entry = sight.recording_here(call.required("Name")?)?;
            Ok(Answer::text(entry.status_in.get(call.region).unwrap_or(&entry.status).as_str()))
        }
        "GetEventSelectors" => event_selectors(call, &sight),
        "GetInsightSelectors" => insight_selectors(call, &sight),
        "ListTags" => tags(call, &sight),
        "ListEventDataStores" => stores::list(call),
        "GetEventDataStore" => stores::get(call),
        _ => stores::policy(call),
    }
}

fn list<'a>(name: &str, items: impl Iterator<Item = &'a str>) -> Answer {
    let mut body = format!("{{\"{name}\":[");
    for (place, item) in items.enumerate() {
        if place > 0 {
            body.push(',');
        }
        body.push_str(item);
    }
    body.push_str("]}");
    Answer::text(body)
}

fn describe_trails(call: &Call<'_>, sight: &Sight<'_>) -> Result<Answer, Failure> {
    let names = call.parameters.texts("trailNameList");
    let found = if names.is_empty() {
        sight.everything(call.parameters.flag("includeShadowTrails").unwrap_or(true))
    } else {
        sight.named(&names)?
    };
    Ok(list("trailList", found.iter().map(|entry| entry.description.as_str())))
}

/// "Lists trails that are in the current account": those of every Region, with the organization's.
fn list_trails(sight: &Sight<'_>) -> Answer {
    let row = |entry: &&TrailEntry| {
        json!({ "TrailARN": entry.arn, "Name": entry.trail.name, "HomeRegion": entry.trail.home_region }).to_string()
    };
    let rows: Vec<String> = sight.in_any_region().iter().map(row).collect();
    list("Trails", rows.iter().map(String::as_str))
}

/// What members are told of selectors is a choice of the world: see [`MemberSelectors`].
fn refuse_member(call: &Call<'_>, sight: &Sight<'_>, entry: &TrailEntry) -> Result<(), Failure> {
    if sight.manages(entry) {
        return Ok(());
    }
    match call.index.world.member_selectors {
        MemberSelectors::Readable => Ok(()),
        MemberSelectors::NotFound => Err(sight.unknown(&entry.arn)),
        MemberSelectors::ArnInvalid => Err(sight.wrong_account()),
    }
}

fn event_selectors(call: &Call<'_>, sight: &Sight<'_>) -> Result<Answer, Failure> {
    let entry = sight.at_home(call.required("TrailName")?)?;
    refuse_member(call, sight, entry)?;
    let trail = &entry.trail;
    let body = if !trail.advanced_event_selectors.is_empty() {
        json!({ "TrailARN": entry.arn, "AdvancedEventSelectors": trail.advanced_event_selectors })
    } else if !trail.event_selectors.is_empty() {
        json!({ "TrailARN": entry.arn, "EventSelectors": trail.event_selectors })
    } else {
        // PutEventSelectors: a trail without selectors of its own logs all management events and no data events.
        json!({ "TrailARN": entry.arn, "EventSelectors": [{ "ReadWriteType": "All", "IncludeManagementEvents": true,
            "DataResources": [], "ExcludeManagementEventSources": [] }] })
    };
    Ok(Answer::text(body.to_string()))
}

fn insight_selectors(call: &Call<'_>, sight: &Sight<'_>) -> Result<Answer, Failure> {
    let entry = sight.at_home(call.required("TrailName")?)?;
    refuse_member(call, sight, entry)?;
    if entry.trail.insight_selectors.is_empty() {
        let message = format!("Trail {} does not have Insights enabled.", entry.arn);
        return Err(Failure::new(400, "InsightNotEnabledException", message));
    }
    let body = json!({ "TrailARN": entry.arn, "InsightSelectors": entry.trail.insight_selectors });
    Ok(Answer::text(body.to_string()))
}

fn tags(call: &Call<'_>, sight: &Sight<'_>) -> Result<Answer, Failure> {
    let mut rows = Vec::new();
    for arn in call.parameters.texts("ResourceIdList") {
        let entry = call.index.trail_by_arn.get(arn).map(|&place| &call.index.trails[place]);
        let mut parts = arn.split(':').skip(3);
        let (region, account) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        // Only tags of one's own trails, "in the current Region"; the wording is that of bug reports about it.
        if account != call.account() && !entry.is_some_and(|entry| sight.manages(entry)) {
            return Err(sight.wrong_account());
        }
        if region != call.region {
            return Err(arn_invalid(format!(
                "Region in ARN is wrong, you can only access resources in region {}.",
                call.region
            )));
        }
        let Some(entry) = entry else {
            return Err(Failure::new(400, "ResourceNotFoundException", format!("Resource not found: {arn}")));
        };
        let tags = entry.trail.tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value }));
        rows.push(json!({ "ResourceId": arn, "TagsList": tags.collect::<Vec<_>>() }));
    }
    Ok(Answer::text(json!({ "ResourceTagList": rows }).to_string()))
}
