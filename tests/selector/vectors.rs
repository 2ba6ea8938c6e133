//! The cited vectors: whether a trail records an event.
//!
//! `invalid` is a set that AWS refuses: no trail has it, so nothing may be certain of what it was meant to record, and
//! the mistake is named. All of them are passed as they are written.

use serde_json::Value;
use trailproof::derive::selector::{Circumstances, Event, Recorder, Verdict};

use super::api;

fn recorder(vector: &Value) -> Recorder {
    let trail = &vector["trail"];
    let home: trailproof::id::RegionName = trail["home_region"].as_str().unwrap().parse().unwrap();
    Recorder {
        owner: trail["owner_account"].as_str().unwrap().parse().unwrap(),
        home_region: home,
        leader_region: "us-east-1".parse().ok(),
        is_multi_region: trail["is_multi_region"].as_bool(),
        is_organization: trail["is_organization"].as_bool(),
        insights: None,
        includes_global: trail["include_global_service_events"].as_bool(),
        is_logging: trail["is_logging"].as_bool(),
        records_own_deliveries: trail["recursive_logging"].as_bool(),
        selectors: Some(api::selectors(&vector["event_selectors"], &vector["advanced_event_selectors"])),
    }
}

fn circumstances(vector: &Value) -> Circumstances {
    let event = &vector["event"];
    Circumstances {
        in_organization: event["in_org"].as_bool(),
        is_global: event["global_service"].as_bool(),
        is_own_delivery: Some(event["delivery_of_trail"] == vector["trail"]["name"]),
    }
}

#[test]
fn every_vector_holds() {
    let document: Value = serde_json::from_str(include_str!("vectors.json")).unwrap();
    let vectors = document["vectors"].as_array().unwrap();
    let mut wrong = Vec::new();
    for vector in vectors {
        let recorder = recorder(vector);
        let verdict = recorder.records(&Event::from_record(&vector["event"]), circumstances(vector));
        let right = match (&vector["recorded"], &verdict) {
            (Value::Bool(true), Verdict::Recorded(_)) | (Value::Bool(false), Verdict::NotRecorded(_)) => true,
            (Value::String(text), Verdict::Unknown(_)) => {
                text == "unknown" || !recorder.selectors.unwrap().mistakes().is_empty()
            }
            _ => false,
        };
        if !right {
            wrong.push(format!("{}: {} but {verdict:?}", vector["id"], vector["recorded"]));
        }
        assert!(!verdict.reasons().is_empty(), "{}: no reason", vector["id"]);
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), vectors.len(), wrong.join("\n"));
}
