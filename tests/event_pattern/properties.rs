//! What must hold of all event patterns.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};
use trailproof::derive::event_pattern::{EventPattern, envelope};
use trailproof::event::{EventKind, trail_changes};

use super::{brute, pattern};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[ab*.\\\\]{0,3}".prop_map(Value::from),
        prop::sample::select(vec!["<", ">=", "10.0.0.0/8", "::/0"]).prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "a",
        "b",
        "a.b",
        "$or",
        "prefix",
        "suffix",
        "wildcard",
        "numeric",
        "exists",
        "cidr",
        "anything-but",
        "detail",
        "equals-ignore-case",
        "eventName",
        "",
    ]);
    leaf.prop_recursive(5, 32, 4, move |inner| {
        let fields = prop::collection::vec((key.clone(), inner.clone()), 0..4);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            fields.prop_map(|fields| {
                Value::Object(fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
            }),
        ]
    })
}

/// Patterns over fields of CloudTrail events.
fn over_events() -> impl Strategy<Value = Value> {
    let asked = |values: Vec<Value>| prop::collection::vec(prop::sample::select(values), 1..3).prop_map(Value::from);
    let text = |value: &str| vec![json!(value), json!({ "anything-but": value }), json!({ "prefix": &value[..2] })];
    let presence = vec![json!({ "exists": true }), json!({ "exists": false })];
    let names = [text("StopLogging"), text("DeleteTrail"), vec![json!({ "suffix": "Trail" })]].concat();
    let kinds = [text("Root"), text("AssumedRole"), presence.clone()].concat();
    let invoked = [text("cloudformation.amazonaws.com"), presence].concat();
    let record = (
        prop::option::of(asked(names)),
        prop::option::of(asked(kinds)),
        prop::option::of(asked(invoked)),
        prop::option::of(asked(text("203.0.113.64"))),
    );
    let around = (prop::option::of(asked(text("aws.cloudtrail"))), prop::option::of(asked(text("eu-west-1"))));
    (record, around).prop_map(|((name, kind, invoked, address), (source, region))| {
        let mut pattern = json!({});
        let mut set = |path: &[&str], value: Option<Value>| {
            if let Some(value) = value {
                *path.iter().fold(&mut pattern, |inner, key| &mut inner[*key]) = value;
            }
        };
        set(&["detail", "eventName"], name);
        set(&["detail", "userIdentity", "type"], kind);
        set(&["detail", "userIdentity", "invokedBy"], invoked);
        set(&["detail", "sourceIPAddress"], address);
        set(&["source"], source);
        set(&["region"], region);
        pattern
    })
}

/// Changes of a trail, each with events that it stands for, as EventBridge has them.
static KINDS: LazyLock<Vec<(EventKind, Vec<Value>)>> = LazyLock::new(|| {
    let changes = trail_changes(&"arn:aws:cloudtrail:eu-west-1:111122223333:trail/main".parse().unwrap());
    let some = changes.into_iter().filter(|change| ["DeleteTrail", "StopLogging"].contains(&change.name())).step_by(2);
    some.map(|kind| {
        let events = completions(&kind).iter().map(|record| envelope(record).unwrap()).collect();
        (kind, events)
    })
    .collect()
});

/// Events of a kind: its samples, and the first of them with every value that patterns compare with.
fn completions(kind: &EventKind) -> Vec<Value> {
    const FRESH: [&str; 5] = ["Root", "AssumedRole", "cloudformation.amazonaws.com", "203.0.113.64", "another"];
    let mut all = vec![kind.sample().clone()];
    for path in [&["userIdentity", "type"][..], &["userIdentity", "invokedBy"], &["sourceIPAddress"]] {
        let with = |record: &Value, value: &str| {
            let mut record = record.clone();
            *path.iter().fold(&mut record, |inner, key| &mut inner[*key]) = json!(value);
            record
        };
        let changed: Vec<Value> = all.iter().flat_map(|record| FRESH.map(|value| with(record, value))).collect();
        all.extend(changed);
    }
    kind.samples().into_iter().chain(all).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_plain_matcher_agrees(written in brute::written(), events in prop::collection::vec(brute::event(), 1..8)) {
        let pattern = pattern(&written.to_string());
        for event in &events {
            prop_assert_eq!(pattern.matches(event).known(), Some(brute::matches(&written, event)), "{} on {}", written, event);
        }
    }

    #[test]
    fn what_is_printed_reads_back_as_the_same(written in brute::written()) {
        let first = pattern(&written.to_string());
        let printed = first.to_string();
        prop_assert_eq!(&pattern(&printed), &first, "{}", printed);
        prop_assert_eq!(pattern(&printed).to_string(), printed);
    }

    #[test]
    fn whatever_reads_reads_back(value in any_json()) {
        if let Ok(first) = value.to_string().parse::<EventPattern>() {
            let printed = first.to_string();
            prop_assert_eq!(&pattern(&printed), &first, "{} as {}", value, printed);
        }
    }

    #[test]
    fn one_value_more_takes_nothing_away(written in brute::written(), other in brute::written(), event in brute::event()) {
        let either = json!({ "$or": [written.clone(), other] });
        if pattern(&written.to_string()).matches(&event).known() == Some(true) {
            prop_assert_eq!(pattern(&either.to_string()).matches(&event).known(), Some(true));
        }
    }

    #[test]
    fn nothing_that_is_read_makes_it_fail(value in any_json(), text in "\\PC*", event in any_json()) {
        for text in [value.to_string(), text] {
            if let Ok(pattern) = text.parse::<EventPattern>() {
                let _ = pattern.matches(&event).because();
                let _ = pattern.matches_every(&KINDS[0].0).because();
            }
        }
        let _ = envelope(&event);
    }

    #[test]
    fn a_kind_is_matched_only_if_every_event_is(written in over_events(), at in 0..2_usize) {
        let Ok(pattern) = written.to_string().parse::<EventPattern>() else { return Ok(()) };
        let (kind, events) = &KINDS[at];
        let known: Vec<Option<bool>> = events.iter().map(|event| pattern.matches(event).known()).collect();
        match pattern.matches_every(kind).known() {
            Some(true) => prop_assert!(known.iter().all(|known| *known == Some(true)), "{}", written),
            Some(false) => prop_assert!(known.contains(&Some(false)), "{}", written),
            None => {}
        }
    }
}
