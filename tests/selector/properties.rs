//! What must hold of all selectors.

use proptest::prelude::*;
use trailproof::derive::selector::{Access, Answer, Arns, Event, EventClass, Sources, Verdict, covers};

use super::brute::{self, Written};

const S3: &str = "AWS::S3::Object";

/// Classes, each with a test that says which events are in it.
type Class = (EventClass, fn(&Event) -> bool);

fn is(event: &Event, category: &str) -> bool {
    event.category.as_deref() == Some(category)
}

fn under(event: &Event, start: &str) -> bool {
    let resource = event.resources.first();
    let arn = resource.and_then(|resource| resource.arn.as_ref().or(resource.arn_prefix.as_ref()));
    is(event, "Data") && arn.is_some_and(|arn| arn.starts_with(start))
}

fn classes(access: Access) -> Vec<Class> {
    let data = |arns| EventClass::data("aws", S3, arns, access);
    vec![
        (EventClass::management("aws", Sources::Any, access), |event| is(event, "Management")),
        (EventClass::management("aws", Sources::General, access), |event| {
            is(event, "Management")
                && !matches!(event.source.as_deref(), Some("kms.amazonaws.com" | "rdsdata.amazonaws.com"))
        }),
        (EventClass::management("aws", Sources::One("kms.amazonaws.com".into()), access), |event| {
            is(event, "Management") && event.source.as_deref() == Some("kms.amazonaws.com")
        }),
        (EventClass::network("aws", "kms.amazonaws.com", access), |event| is(event, "NetworkActivity")),
        (data(Arns::All), |event| under(event, "arn:aws:s3:::")),
        (data(Arns::Under("arn:aws:s3:::b1/".into())), |event| under(event, "arn:aws:s3:::b1/")),
        (data(Arns::Under("arn:aws:s3:::b1/secret/".into())), |event| under(event, "arn:aws:s3:::b1/secret/")),
        (data(Arns::Exactly("arn:aws:s3:::b1/k".into())), |event| {
            event.resources.first().is_some_and(|resource| resource.arn.as_deref() == Some("arn:aws:s3:::b1/k"))
        }),
    ]
}

fn of_access(event: &Event, access: Access) -> bool {
    match access {
        Access::Both => true,
        Access::Read => event.read_only == Some(true),
        Access::Write => event.read_only == Some(false),
    }
}

/// How much an answer covers; an open one can be compared with nothing.
fn rank(answer: &Answer) -> Option<u8> {
    match answer {
        Answer::None => Some(0),
        Answer::Part(_) => Some(1),
        Answer::All => Some(2),
        Answer::Unknown(_) => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_plain_matcher_agrees_event_by_event(written in brute::written()) {
        let selectors = written.normal();
        for event in brute::events() {
            match selectors.record(&event) {
                Verdict::Recorded(_) => prop_assert!(written.records(&event), "{event:?}"),
                Verdict::NotRecorded(_) => prop_assert!(!written.records(&event), "{event:?}"),
                // Whether a bucket's ARNPrefix is left out by an ARN, or ends so, is not documented.
                Verdict::Unknown(_) => prop_assert!(event.resources[0].arn.is_none(), "{event:?}"),
            }
        }
    }

    #[test]
    fn the_plain_matcher_bounds_the_answers(written in prop::collection::vec(brute::written(), 1..3)) {
        let selectors: Vec<_> = written.iter().map(Written::normal).collect();
        let events = brute::events();
        for access in [Access::Read, Access::Write, Access::Both] {
            for (class, contains) in classes(access) {
                let answer = covers(&selectors, &class);
                let members: Vec<&Event> =
                    events.iter().filter(|event| contains(event) && of_access(event, access)).collect();
                let hit = members.iter().filter(|event| written.iter().any(|one| one.records(event))).count();
                match &answer {
                    Answer::All => prop_assert_eq!(hit, members.len(), "{:?}", class),
                    Answer::None => prop_assert_eq!(hit, 0, "{:?}", class),
                    Answer::Part(missing) => prop_assert!(!missing.is_empty()),
                    Answer::Unknown(_) => {}
                }
                if hit > 0 && hit < members.len() {
                    prop_assert!(matches!(answer, Answer::Part(_) | Answer::Unknown(_)), "{:?} {:?}", class, answer);
                }
            }
        }
    }

    #[test]
    fn the_order_of_a_union_does_not_matter(a in brute::written(), b in brute::written(), c in brute::written()) {
        let [a, b, c] = [a.normal(), b.normal(), c.normal()];
        for (class, _) in classes(Access::Both) {
            let forward = covers([&a, &b, &c], &class);
            let back = covers([&c, &a, &b], &class);
            prop_assert_eq!(rank(&forward), rank(&back));
        }
    }

    #[test]
    fn one_selector_more_takes_nothing_away(a in brute::written(), b in brute::written()) {
        let [a, b] = [a.normal(), b.normal()];
        for (class, _) in classes(Access::Write) {
            let (alone, together) = (covers([&a], &class), covers([&a, &b], &class));
            if let (Some(alone), Some(together)) = (rank(&alone), rank(&together)) {
                prop_assert!(together >= alone);
            }
            if alone == Answer::All {
                prop_assert_eq!(together, Answer::All);
            }
        }
    }

    #[test]
    fn reads_and_writes_make_all(written in brute::written()) {
        let selectors = written.normal();
        let (read, write, both) = (classes(Access::Read), classes(Access::Write), classes(Access::Both));
        for ((read, write), both) in read.iter().zip(&write).zip(&both) {
            let [read, write, both] = [&read.0, &write.0, &both.0].map(|class| rank(&selectors.cover(class)));
            if let (Some(read), Some(write), Some(both)) = (read, write, both) {
                let expected = match (read, write) { (2, 2) => 2, (0, 0) => 0, _ => 1 };
                prop_assert_eq!(both, expected);
            }
        }
    }

    #[test]
    fn nothing_that_is_read_makes_it_fail(record in "\\PC*", field in "\\PC*", value in "\\PC*", start in "\\PC*") {
        let name = field.clone();
        let selectors = super::api::fields(&[&[
            ("eventCategory", "Equals", &["Data"]),
            ("resources.type", "Equals", &[S3]),
            ("resources.ARN", "StartsWith", &[&start]),
            (&name, "NotEndsWith", &[&value]),
        ]]);
        let event = Event::from_record(&serde_json::json!({ "eventCategory": record, "resources": [{ "type": S3, "ARN": value }] }));
        let _ = selectors.record(&event);
        for (class, _) in classes(Access::Both) {
            let _ = selectors.cover(&class);
        }
        let _ = trailproof::derive::selector::blind_spots(&selectors);
    }
}

#[test]
fn documented_selectors_leave_little_open() {
    use proptest::strategy::{Strategy, ValueTree};
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut open, mut all) = (0, 0);
    for _ in 0..300 {
        let selectors = brute::written().new_tree(&mut runner).unwrap().current().normal();
        for (class, _) in classes(Access::Write) {
            all += 1;
            open += u32::from(matches!(selectors.cover(&class), Answer::Unknown(_)));
        }
    }
    assert!(open * 20 < all, "{open} of {all} are unknown");
}
