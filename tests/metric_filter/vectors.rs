//! Cited vectors: whether a pattern matches an event. `"unknown"` stands where AWS documents nothing.

use serde_json::Value;
use trailproof::derive::metric_filter::FilterPattern;

#[test]
fn every_vector_holds() {
    let document: Value = serde_json::from_str(include_str!("vectors.json")).unwrap();
    let mut wrong = Vec::new();
    for group in document["groups"].as_array().unwrap() {
        assert!(group["source"].is_string(), "a group has no source");
        for vector in group["vectors"].as_array().unwrap() {
            let event = if vector["event"].is_null() { &group["event"] } else { &vector["event"] };
            let text = vector["pattern"].as_str().unwrap();
            let found = text.parse::<FilterPattern>().map(|pattern| pattern.matches(event));
            let expected = vector["matches"].as_bool();
            match &found {
                Ok(found) if found.known() == expected => {}
                Err(_) if vector["matches"] == "refused" => {}
                found => wrong.push(format!("{text} on {event}: {} expected, {found:?}", vector["matches"])),
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
