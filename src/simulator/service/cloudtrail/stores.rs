//! Event data stores: which an account lists in a Region, and what they say.

use crate::simulator::call::Call;
use crate::simulator::wire::page::page;
use crate::simulator::wire::{Answer, Failure};
use crate::simulator::world::EventDataStore;
use serde_json::{Map, Value, json};

/// "Valid range: minimum value of 1, maximum value of 1000" (ListEventDataStores).
const MOST: i64 = 1000;

/// The stores that the caller's account sees in the Region: its own, and the organization's where it is a delegated
/// administrator. "Member accounts can't see the organization event data store" (CloudTrail User Guide, "Understanding
/// organization event data stores").
fn seen<'a>(call: &Call<'a>) -> Vec<&'a EventDataStore> {
    let index = call.index;
    let mut seen: Vec<&EventDataStore> = index.event_data_stores.at(call.account(), call.region).iter().collect();
    let management = index.world.organization.as_ref().map(|organization| organization.management.as_str());
    if let Some(management) =
        management.filter(|_| index.is_delegated(call.account(), Some("cloudtrail.amazonaws.com")))
    {
        let of_organization = index.event_data_stores.at(management, call.region).iter();
        seen.extend(of_organization.filter(|store| store.organization));
    }
    seen
}

pub(super) fn list(call: &Call<'_>) -> Result<Answer, Failure> {
    let size = call.parameters.number("MaxResults").unwrap_or(MOST);
    if !(1..=MOST).contains(&size) {
        return Err(Failure::new(400, "InvalidMaxResultsException", "MaxResults must be between 1 and 1000."));
    }
    let all = seen(call);
    let page = page(&all, call.parameters.text("NextToken"), usize::try_from(size).unwrap_or(1))
        .ok_or_else(|| Failure::new(400, "InvalidNextTokenException", "The NextToken is not valid."))?;
    let rows = page.items.iter().map(|store| json!({ "EventDataStoreArn": store.arn, "Name": store.name }));
    let mut body = json!({ "EventDataStores": rows.collect::<Vec<_>>() });
    if let Some(next) = page.next {
        body["NextToken"] = json!(next);
    }
    Ok(Answer::text(body.to_string()))
}

/// A store by its ARN, or by the last part of it.
fn named<'a>(call: &Call<'a>, name: &str) -> Option<&'a EventDataStore> {
    seen(call).into_iter().find(|store| store.arn == name || store.arn.rsplit('/').next() == Some(name))
}

pub(super) fn get(call: &Call<'_>) -> Result<Answer, Failure> {
    let name = call.required("EventDataStore")?;
    let store = named(call, name)
        .ok_or_else(|| Failure::new(400, "EventDataStoreNotFoundException", "Event data store not found."))?;
    let fields = json!({
        "EventDataStoreArn": store.arn,
        "Name": store.name,
        "Status": store.status,
        "AdvancedEventSelectors": store.advanced_event_selectors,
        "MultiRegionEnabled": store.multi_region,
        "OrganizationEnabled": store.organization,
        "RetentionPeriod": store.retention_days,
        "TerminationProtectionEnabled": store.termination_protection,
        "CreatedTimestamp": 1_672_531_200,
        "UpdatedTimestamp": 1_672_531_200,
        "KmsKeyId": store.kms_key,
        "BillingMode": "EXTENDABLE_RETENTION_PRICING",
        "FederationStatus": "DISABLED",
    });
    let Value::Object(fields) = fields else { return Ok(Answer::default()) };
    let kept = fields.into_iter().filter(|(name, value)| !value.is_null() && !store.left_out.contains(name));
    Ok(Answer::text(Value::Object(kept.collect::<Map<_, _>>()).to_string()))
}

pub(super) fn policy(call: &Call<'_>) -> Result<Answer, Failure> {
    let arn = call.required("ResourceArn")?;
    let store = seen(call).into_iter().find(|store| store.arn == arn);
    let Some(store) = store else {
        return Err(Failure::new(400, "ResourceNotFoundException", format!("The resource {arn} was not found.")));
    };
    match &store.policy {
        Some(policy) => {
            let body = json!({ "ResourceArn": store.arn, "ResourcePolicy": policy });
            Ok(Answer::text(body.to_string()))
        }
        None => {
            let message = format!("No resource policy was found for {arn}.");
            Err(Failure::new(400, "ResourcePolicyNotFoundException", message))
        }
    }
}
