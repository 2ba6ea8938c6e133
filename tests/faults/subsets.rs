//! Any accounts may fail in any way: the results of the others are what they were.

use std::collections::BTreeSet;

use proptest::prelude::*;
use trailproof::collect::CALLS;
use trailproof::evaluate::Outcome;
use trailproof::simulator::{Account, Bucket, Effect, Role, Simulator, Trail, TrailStatus, Weather, World};
use trailproof::snapshot::{Ending, Snapshot};

use super::judged::{Results, Rules, read};
use crate::simulated::{MANAGEMENT, ROLE, good_world};

const MEMBERS: usize = 6;

fn member(number: usize) -> String {
    format!("40000000000{number}")
}

/// A good organization, and members that have a trail and a bucket of their own.
fn world() -> World {
    let mut world = good_world();
    for number in 0..MEMBERS {
        let (id, bucket) = (member(number), format!("own-{number}"));
        world.accounts.push(Account::new(&id, &bucket).with_role(Role::new(ROLE, MANAGEMENT)));
        let status = TrailStatus::logging(jiff::Timestamp::now());
        world.trails.push(Trail::new(&id, "own", "eu-west-1", &bucket).with_status(status));
        world.buckets.push(Bucket::new(&bucket, &id, "eu-west-1"));
    }
    world
}

/// The ways in which an account fails.
fn failure(kind: usize, account: &str) -> Weather {
    let denied = "is not authorized to perform: x with an explicit deny in a service control policy";
    let effects = [
        Effect::Deny(denied.to_owned()),
        Effect::Throttle,
        Effect::NeverAnswers,
        Effect::ResetBeforeAnswer,
        Effect::MalformedBody,
        Effect::EmptyBody,
        Effect::Status(500),
    ];
    Weather::new(effects[kind % effects.len()].clone()).in_account(account)
}

fn judged(weather: Vec<Weather>) -> (Snapshot, Results) {
    thread_local! {
        static ORGANIZATION: (Simulator, Rules) = (Simulator::new(world()), Rules::resting_on(&CALLS[0]));
    }
    ORGANIZATION.with(|(simulator, rules)| {
        let snapshot = read(&simulator.with_weather(weather), &rules.reading()).0.unwrap();
        let results = rules.judge(&snapshot);
        (snapshot, results)
    })
}

thread_local! {
    static FAIR: Results = judged(Vec::new()).1;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn results_that_rest_on_no_failing_account_are_what_they_were(
        failing in prop::collection::btree_map(0..MEMBERS, 0usize..7, 1..=MEMBERS),
    ) {
        let weather = failing.iter().map(|(number, kind)| failure(*kind, &member(*number))).collect();
        let failing: BTreeSet<String> = failing.keys().map(|number| member(*number)).collect();
        let (snapshot, results) = judged(weather);
        FAIR.with(|fair| -> Result<(), TestCaseError> {
            for (key, (written, before)) in fair {
                let own = before.account.is_some_and(|id| failing.contains(&id.to_string()));
                match results.get(key) {
                    Some((now, _)) if now == written => {}
                    Some((_, now)) => match &now.outcome {
                        Outcome::Unknown { gaps } => {
                            let ours = gaps.iter().all(|gap| gap.account.is_none_or(|id| failing.contains(&id.to_string())));
                            prop_assert!(ours, "{key}: {gaps:?}");
                        }
                        // Another of the facts decides it.
                        other => prop_assert_eq!(other, &before.outcome, "{}", key),
                    },
                    None => prop_assert!(own, "{key} is judged no more"),
                }
            }
            Ok(())
        })?;
        let named: BTreeSet<String> = snapshot.gaps.iter().filter_map(|gap| gap.account).map(|id| id.to_string()).collect();
        prop_assert_eq!(&named, &failing);
        let endings = &snapshot.run.endings;
        let unanswered = snapshot.gaps.iter().filter(|gap| gap.cause.ending() != Ending::NotAttempted).count() as u64;
        let counted = endings.denied.values().chain(endings.failed.values()).sum::<u64>();
        prop_assert!(counted >= unanswered && unanswered > 0, "{counted} of {unanswered}");
    }
}
