//! What the inventory says of an account.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::{NOT_READ, Properties, read};
use crate::id::RegionName;
use crate::snapshot::{Account, ConfigRegion, Observed, RecorderStatus};

/// The properties of an account. Every field of it is decided on here: none is forgotten.
pub(super) fn properties(account: &Account) -> serde_json::Result<Properties> {
    let Account {
        id,
        name,
        state,
        ou_path,
        ou_ids,
        tags,
        regions,
        sightings,
        listed_trails,
        event_data_stores,
        config,
        // Buckets of data and identities are not of the audit trail, and there may be very many.
        buckets: _,
        public_access_block,
        authorization: _,
    } = account;
    let enabled: Option<Vec<&RegionName>> = regions.as_ref().map(|regions| regions.value.enabled());
    let seen: BTreeSet<&RegionName> = sightings.iter().flat_map(|sighting| &sighting.regions).collect();
    let unseen =
        |all: &Vec<&RegionName>| json!(all.iter().filter(|region| !seen.contains(**region)).collect::<Vec<_>>());
    let trails = sightings.iter().map(|sighting| (&sighting.regions[..], &sighting.trails[..]));
    // Trails that an account names, without the Regions in which it sees them.
    let listed = listed_trails.iter().map(|listed| (&[][..], &listed.value[..]));
    let stores = event_data_stores.iter().map(|sighting| (&sighting.regions[..], &sighting.stores[..]));
    let mut regional = BTreeMap::new();
    for (region, recorded) in config {
        regional.insert(region.as_str(), of_config(recorded)?);
    }
    let properties = [
        ("id", json!(id)),
        ("name", json!(name)),
        ("state", json!(state)),
        ("ou_path", json!(ou_path)),
        ("ou_ids", json!(ou_ids)),
        ("tags", read(tags.as_ref())?),
        ("regions", enabled.as_ref().map_or(NOT_READ.into(), |enabled| json!(enabled))),
        ("trails", by_name(trails.chain(listed))),
        ("trails_not_read_in", enabled.as_ref().map_or(NOT_READ.into(), unseen)),
        ("event_data_stores", by_name(stores)),
        ("config", json!(regional)),
        ("public_access_block", read(public_access_block.as_ref())?),
    ];
    Ok(properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// The Regions in which something is seen, by its name; that it was not read, where nobody looked.
fn by_name<'a, T: ToString + 'a>(sightings: impl Iterator<Item = (&'a [RegionName], &'a [T])>) -> Value {
    let mut seen: BTreeMap<String, BTreeSet<&RegionName>> = BTreeMap::new();
    let mut sightings = sightings.peekable();
    if sightings.peek().is_none() {
        return NOT_READ.into();
    }
    for (regions, names) in sightings {
        for name in names {
            seen.entry(name.to_string()).or_default().extend(regions);
        }
    }
    json!(seen)
}

fn of_config(region: &ConfigRegion) -> serde_json::Result<Value> {
    #[derive(Serialize)]
    struct Recording<'a> {
        name: &'a str,
        recording: bool,
        last_status: Option<&'a str>,
        last_error_code: Option<&'a str>,
    }
    // When a recorder was started is left out.
    let recording = |status: &RecorderStatus| {
        json!(Recording {
            name: &status.name,
            recording: status.recording,
            last_status: status.last_status.as_deref(),
            last_error_code: status.last_error_code.as_deref(),
        })
    };
    let ConfigRegion { recorders, recorder_status, channel_status } = region;
    let status = recorder_status
        .as_ref()
        .map(|read| Observed::new(read.read_at, read.value.iter().map(recording).collect::<Vec<_>>()));
    Ok(json!({
        "recorders": read(recorders.as_ref())?,
        "recorder_status": read(status.as_ref())?,
        "channel_status": read(channel_status.as_ref())?,
    }))
}
