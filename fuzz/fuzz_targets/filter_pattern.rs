//! Any text as a filter pattern, and any JSON as an event: no answer may panic, and what is printed reads back.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use trailproof::derive::metric_filter::FilterPattern;
use trailproof::event::{CisAlarm, EventKind, Place, trail_changes};

/// A change of the trail, and an event of each of three alarms. To make them takes longer than what is tried with them.
static KINDS: LazyLock<Vec<EventKind>> = LazyLock::new(|| {
    let trail = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main".parse().expect("a trail");
    let alarms = CisAlarm::ALL.iter().filter_map(|alarm| alarm.events(&Place::default()).into_iter().next());
    trail_changes(&trail).into_iter().take(1).chain(alarms.take(3)).collect()
});

fuzz_target!(|input: (&str, &str)| {
    let (text, event) = input;
    let Ok(pattern) = text.parse::<FilterPattern>() else { return };
    if text.trim_start().starts_with('{') {
        assert_eq!(pattern.to_string().parse::<FilterPattern>().as_ref(), Ok(&pattern), "{pattern}");
    }
    if let Ok(event) = serde_json::from_str(event) {
        pattern.matches(&event).because();
    }
    for kind in &*KINDS {
        // A kind that is matched has no event that is not.
        let every = pattern.matches_every(kind).known();
        let sample = pattern.matches(kind.sample()).known();
        assert!(every != Some(true) || sample == Some(true), "{pattern}");
    }
});
