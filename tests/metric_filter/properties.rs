//! What must hold of all filter patterns.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::Value;
use trailproof::derive::metric_filter::FilterPattern;
use trailproof::event::{CisAlarm, EventKind, Place, trail_changes};

use super::brute::{self, Written};
use super::pattern;

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-c*.]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-c]|a\\.b", inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Something that looks like a pattern, more or less.
fn any_pattern() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &[
        "{", "}", "(", ")", "$", ".", "a", "b", "[0]", "[*]", ".*", ".['a.b']", " ", "=", "!=", "<", ">=", "\"", "%",
        "x*", "*", "1", "1e3", "&&", "||", "IS", "NULL", "TRUE", "NOT", "EXISTS", "$.a", "$.a.b", "\\", "é", "[", "]",
        "^", "|",
    ];
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat());
    prop_oneof![
        pieces.clone(),
        pieces.prop_map(|inner| format!("{{ {inner} }}")),
        "[$]\\.[abc](\\.[ab]|\\[[0*]\\])? (=|!=|<|>=) [ab*0-9\"%.]{1,5}".prop_map(|inner| format!("{{ {inner} }}")),
        "\\PC*",
    ]
}

/// Patterns over fields of CloudTrail records, and the constants that they use.
fn over_records() -> impl Strategy<Value = String> {
    let conditions: Vec<String> = POOL
        .iter()
        .flat_map(|(field, values)| {
            let compared =
                values.iter().flat_map(move |value| ["=", "!="].map(|sign| format!("$.{field} {sign} \"{value}\"")));
            compared.chain([format!("$.{field} NOT EXISTS"), format!("$.{field} = \"*\"")])
        })
        .collect();
    let one = prop::sample::select(conditions);
    one.prop_recursive(3, 12, 3, |inner| {
        (prop::collection::vec(inner, 1..4), any::<bool>())
            .prop_map(|(parts, all)| format!("({})", parts.join(if all { " && " } else { " || " })))
    })
    .prop_map(|inner| format!("{{ {inner} }}"))
}

const POOL: [(&str, &[&str]); 6] = [
    ("eventName", &["StopLogging", "HeadBucket", "*Trail"]),
    ("awsRegion", &["eu-west-1", "us-west-2", "us-*"]),
    ("userIdentity.type", &["Root", "IAMUser", "AssumedRole"]),
    ("userIdentity.invokedBy", &["cloudformation.amazonaws.com"]),
    ("sourceIPAddress", &["delivery.logs.amazonaws.com", "203.0.113.64"]),
    ("errorCode", &["AccessDenied"]),
];

/// Kinds of several kinds, each with events that it stands for.
static KINDS: LazyLock<Vec<(EventKind, Vec<Value>)>> = LazyLock::new(|| {
    let place = Place { leader: "us-east-1".parse().ok(), ..Place::default() };
    let kinds = ["alarm-unauthorized-api", "alarm-console-no-mfa", "alarm-root-usage", "alarm-iam-policy-change"];
    let alarms = CisAlarm::ALL.iter().filter(|alarm| kinds.contains(&alarm.id));
    let alarms = alarms.filter_map(|alarm| alarm.events(&place).into_iter().next());
    let trail = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main".parse().unwrap();
    let kinds = alarms.chain(trail_changes(&trail).into_iter().take(1));
    kinds.map(|kind| (kind.clone(), completions(&kind))).collect()
});

/// Events of a kind: its samples, and the first of them with every value of the pool in each field in which its
/// events differ.
fn completions(kind: &EventKind) -> Vec<Value> {
    let samples = kind.samples();
    let mut all = vec![kind.sample().clone()];
    for (field, values) in POOL {
        let pointer = format!("/{}", field.replace('.', "/"));
        let seen: Vec<Option<&Value>> = samples.iter().map(|sample| sample.pointer(&pointer)).collect();
        if seen.iter().all(|value| *value == seen[0]) {
            continue;
        }
        // What CIS lets a filter of refused calls leave out.
        let fixed: &[&str] = match field {
            "eventName" | "sourceIPAddress" if kind.sample()["errorCode"].is_string() => {
                &["HeadBucket", "delivery.logs.amazonaws.com"]
            }
            _ => &[],
        };
        let values = values.iter().chain(&["another"]).map(|value| value.replace('*', ""));
        let changed: Vec<Value> = values
            .filter(|value| !fixed.contains(&value.as_str()))
            .flat_map(|value| all.iter().map(move |record| with(record, field, &value)))
            .collect();
        all.extend(changed);
    }
    samples.into_iter().chain(all).collect()
}

fn with(record: &Value, field: &str, value: &str) -> Value {
    let mut record = record.clone();
    let place = field.split('.').fold(&mut record, |inner, key| &mut inner[key]);
    *place = Value::from(value);
    record
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_plain_matcher_agrees(written in brute::written(), events in prop::collection::vec(brute::event(), 1..8), seed: u64) {
        let text = written.text(seed);
        let pattern = pattern(&text);
        for event in &events {
            prop_assert_eq!(pattern.matches(event).known(), Some(written.matches(event)), "{} on {}", text, event);
        }
    }

    #[test]
    fn what_is_printed_reads_back_as_the_same(written in brute::written(), seed: u64) {
        let first = pattern(&written.text(seed));
        let printed = first.to_string();
        prop_assert_eq!(&pattern(&printed), &first, "{}", printed);
        prop_assert_eq!(pattern(&printed).to_string(), printed);
    }

    #[test]
    fn whatever_reads_reads_back(text in any_pattern()) {
        if let Ok(first) = text.parse::<FilterPattern>() && text.trim_start().starts_with('{') {
            let printed = first.to_string();
            prop_assert_eq!(&pattern(&printed), &first, "{} as {}", text, printed);
        }
    }

    #[test]
    fn a_negated_pattern_matches_the_others(written in brute::written(), event in brute::event(), seed: u64) {
        if let Some(negated) = written.negated() {
            let (one, other) = (pattern(&written.text(seed)), pattern(&negated.text(seed)));
            let known = one.matches(&event).known();
            prop_assert_eq!(known.map(|known| !known), other.matches(&event).known());
        }
    }

    #[test]
    fn parts_may_be_joined_in_any_order(parts in prop::collection::vec(brute::written(), 2..4), event in brute::event()) {
        let reversed: Vec<Written> = parts.iter().rev().cloned().collect();
        for join in [Written::All, Written::Any] {
            let (one, other) = (pattern(&join(parts.clone()).text(0)), pattern(&join(reversed.clone()).text(1)));
            prop_assert_eq!(one.matches(&event).known(), other.matches(&event).known());
        }
    }

    #[test]
    fn nothing_that_is_read_makes_it_fail(text in any_pattern(), event in any_json()) {
        match text.parse::<FilterPattern>() {
            Ok(pattern) => {
                let _ = pattern.matches(&event).because();
                let _ = pattern.matches_every(&KINDS[0].0).because();
            }
            Err(error) => prop_assert!(error.at <= text.chars().count() + 1),
        }
    }

    #[test]
    fn a_kind_is_matched_only_if_every_event_is(text in over_records(), at in 0..5_usize) {
        let (kind, events) = &KINDS[at];
        let pattern = pattern(&text);
        let known: Vec<Option<bool>> = events.iter().map(|event| pattern.matches(event).known()).collect();
        match pattern.matches_every(kind).known() {
            Some(true) => prop_assert!(known.iter().all(|known| *known == Some(true)), "{} on {}", text, kind.name()),
            Some(false) => prop_assert!(known.contains(&Some(false)), "{} on {}", text, kind.name()),
            None => {}
        }
    }
}

#[test]
fn kinds_leave_little_open() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut open, mut all) = (0, 0);
    for _ in 0..300 {
        let pattern = pattern(&over_records().new_tree(&mut runner).unwrap().current());
        for (kind, _) in KINDS.iter() {
            all += 1;
            open += u32::from(pattern.matches_every(kind).known().is_none());
        }
    }
    assert!(open * 4 < all, "{open} of {all} are unknown");
}
