//! Kinds: changes of trails and event data stores.

use trailproof::derive::selector::{Category, Event};
use trailproof::event::{CisAlarm, Place, known, store_changes, trail_changes};

use super::pattern;

const TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main";

fn missed(text: &str) -> Vec<String> {
    let pattern = pattern(text);
    let changes = trail_changes(&TRAIL.parse().unwrap());
    let missed = changes.iter().filter(|event| pattern.matches_every(event).known() != Some(true));
    missed.map(|event| event.name().to_owned()).collect()
}

#[test]
fn the_filter_of_cis_misses_what_narrows_a_trail() {
    let cis = "{($.eventName=CreateTrail) || ($.eventName=UpdateTrail) || ($.eventName=DeleteTrail) || ($.eventName=StartLogging) || ($.eventName=StopLogging)}";
    // Each change is there with the trail's ARN and with its name.
    assert_eq!(missed(cis), ["PutEventSelectors", "PutEventSelectors", "PutInsightSelectors", "PutInsightSelectors"]);
    assert_eq!(missed("{ $.eventSource = cloudtrail.amazonaws.com && $.readOnly IS FALSE }"), Vec::<String>::new());
}

#[test]
fn a_trail_can_be_named_in_two_ways() {
    let by_arn = format!("{{ $.requestParameters.name = \"{TRAIL}\" || $.requestParameters.trailName = \"{TRAIL}\" }}");
    assert_eq!(missed(&by_arn).len(), 5);
    let both = "{ $.requestParameters.name = \"*main\" || $.requestParameters.trailName = \"*main\" }";
    assert_eq!(missed(both), Vec::<String>::new());
    assert_eq!(missed("{ $.requestParameters.isMultiRegionTrail IS FALSE }").len(), 10);
}

#[test]
fn samples_are_whole_records() {
    for event in trail_changes(&TRAIL.parse().unwrap()) {
        assert!(event.samples().len() > 10);
        for sample in event.samples() {
            assert_eq!(sample["eventSource"], "cloudtrail.amazonaws.com");
            assert_eq!(sample["awsRegion"], "eu-west-1");
            assert_eq!(sample["recipientAccountId"], "111122223333");
            let parameters = &sample["requestParameters"];
            let name = parameters["name"].as_str().or(parameters["trailName"].as_str()).unwrap();
            assert!(name == "main" || name == TRAIL, "{sample}");
            assert_eq!(sample["eventName"], event.name());
        }
    }
}

#[test]
fn stores_have_their_own_changes() {
    let store =
        "arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE".parse().unwrap();
    let names: Vec<String> = store_changes(&store).iter().map(|event| event.name().to_owned()).collect();
    assert_eq!(names, ["DeleteEventDataStore", "StopEventDataStoreIngestion", "UpdateEventDataStore"]);
    for event in store_changes(&store) {
        assert_eq!(pattern("{ $.eventName = *EventDataStore* }").matches_every(&event).known(), Some(true));
        assert_eq!(pattern("{ $.eventName = *Trail }").matches_every(&event).known(), Some(false));
    }
}

/// What filters are asked of is what `trace` knows of events by their names, and what selectors are asked of.
#[test]
fn kinds_are_of_events_that_are_known() {
    let trail = TRAIL.parse().unwrap();
    let store = "arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/EXAMPLE".parse().unwrap();
    let alarms = CisAlarm::ALL.iter().flat_map(|alarm| alarm.events(&Place::default()));
    for kind in trail_changes(&trail).into_iter().chain(store_changes(&store)).chain(alarms) {
        let (source, name) = (&kind.sample()["eventSource"], &kind.sample()["eventName"]);
        let known = known(source.as_str().unwrap(), name.as_str().unwrap()).unwrap();
        assert_eq!(known.category, Category::Management, "{name}");
        assert_ne!(known.read_only, Some(true), "{name}");
        for sample in kind.samples() {
            let event = Event::from_record(&sample);
            assert_eq!(event.category.as_deref(), Some("Management"), "{sample}");
            assert!(event.is_complete, "{sample}");
        }
    }
}
