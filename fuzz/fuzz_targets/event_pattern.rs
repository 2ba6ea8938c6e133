//! Any text as an event pattern, and any JSON as an event: no answer may panic, and what is printed reads back.

#![no_main]

use libfuzzer_sys::fuzz_target;
use trailproof::derive::event_pattern::{EventPattern, envelope};
use trailproof::event::trail_changes;

fuzz_target!(|input: (&str, &str)| {
    let (text, event) = input;
    let Ok(pattern) = text.parse::<EventPattern>() else { return };
    assert_eq!(pattern.to_string().parse::<EventPattern>().as_ref(), Ok(&pattern), "{pattern}");
    if let Ok(event) = serde_json::from_str(event) {
        pattern.matches(&event).because();
        envelope(&event);
    }
    let trail = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main".parse().expect("a trail");
    for kind in trail_changes(&trail).iter().take(2) {
        // A kind that is matched has no event that is not.
        let every = pattern.matches_every(kind).known();
        let sample = envelope(kind.sample()).map(|event| pattern.matches(&event).known());
        assert!(every != Some(true) || sample == Some(Some(true)), "{pattern}");
    }
});
