//! Changes of a trail, or of an event data store, that can end or narrow what it records.
//!
//! Source: CloudTrail API Reference (StopLogging, DeleteTrail, UpdateTrail, PutEventSelectors, PutInsightSelectors;
//! DeleteEventDataStore, StopEventDataStoreIngestion, UpdateEventDataStore): which parameter names the trail or store, and
//! that a trail can be named by its name as well as by its ARN.

use serde_json::json;

use super::EventKind;
use super::record::{Place, change};
use crate::id::{Arn, TrailArn};

const SOURCE: &str = "cloudtrail.amazonaws.com";

/// The calls that change a trail, with the parameter that names it.
const OF_TRAILS: [(&str, &str); 5] = [
    ("DeleteTrail", "name"),
    ("PutEventSelectors", "trailName"),
    ("PutInsightSelectors", "trailName"),
    ("StopLogging", "name"),
    ("UpdateTrail", "name"),
];

/// The calls that change an event data store, with the parameter that names it.
const OF_STORES: [(&str, &str); 3] = [
    ("DeleteEventDataStore", "eventDataStore"),
    ("StopEventDataStoreIngestion", "eventDataStore"),
    ("UpdateEventDataStore", "eventDataStore"),
];

/// The events of stopping, deleting, updating and narrowing a trail: in its owner's account and its home Region, naming it
/// by its ARN and by its name.
///
/// ```
/// use trailproof::event::trail_changes;
/// let trail = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main".parse()?;
/// let names: Vec<String> = trail_changes(&trail).iter().map(|kind| kind.name().to_owned()).collect();
/// assert!(names.contains(&"StopLogging".to_owned()) && names.contains(&"PutEventSelectors".to_owned()));
/// # Ok::<(), trailproof::id::IdError>(())
/// ```
pub fn trail_changes(trail: &TrailArn) -> Vec<EventKind> {
    let place = Place { account: Some(trail.account()), region: Some(trail.home_region().clone()), leader: None };
    let named = |(operation, parameter): (&str, &str)| {
        [trail.as_str(), trail.name()]
            .map(|name| change(SOURCE, operation, &place).having(&["requestParameters", parameter], &json!(name)))
    };
    OF_TRAILS.into_iter().flat_map(named).collect()
}

/// The events of deleting, stopping and updating an event data store.
pub fn store_changes(store: &Arn) -> Vec<EventKind> {
    let place = Place { account: store.account(), region: store.region(), leader: None };
    let named = |(operation, parameter): (&str, &str)| {
        change(SOURCE, operation, &place).having(&["requestParameters", parameter], &json!(store.as_str()))
    };
    OF_STORES.into_iter().map(named).collect()
}
