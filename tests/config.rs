//! AWS Config: where it is asked, and whether it records and delivers.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use std::collections::BTreeSet;

use simulated::{ARCHIVE, MANAGEMENT, MEMBER, good_world, settings, try_read};
use trailproof::collect::{Needs, Settings};
use trailproof::evaluate::{Judgement, Outcome, Question, evaluate};
use trailproof::policy::{Setting, load};
use trailproof::simulator::{Config, Denial, PolicyKind, Simulator, Trail, TrailStatus, World};

const RULE: &str = "config-recorder-enabled";

/// The result of every account, and the Regions in which AWS Config was asked.
fn judged(world: World, regions: &str) -> (Vec<Judgement>, BTreeSet<String>) {
    let policies = load(&[]).policies;
    let set = [Setting::parse(&format!("{RULE}.regions={regions}"), &policies).unwrap()];
    let question = Question {
        policies: &policies,
        packs: vec!["all".into()],
        settings: &set,
        fail_on: None,
        allow_incomplete: false,
    };
    let mut chosen = question.chosen();
    chosen.retain(|rule| rule.policy.id.as_str() == RULE);
    let simulator = Simulator::new(world);
    let snapshot = try_read(&simulator, &Settings { needs: Needs::of(&chosen), ..settings() }).unwrap();
    let judgements = evaluate(&snapshot, String::new(), &question).judgements;
    let asked = simulator.requests().into_iter().filter(|request| request.service == "config");
    (
        judgements.into_iter().filter(|judgement| judgement.policy.as_str() == RULE).collect(),
        asked.map(|request| request.region).collect(),
    )
}

/// The outcome for the member.
fn of_member(world: World, regions: &str) -> &'static str {
    of(MEMBER, world, regions)
}

fn of(account: &str, world: World, regions: &str) -> &'static str {
    let judgements = judged(world, regions).0;
    let own = |judgement: &&Judgement| judgement.account.is_some_and(|id| id.to_string() == account);
    judgements.iter().find(own).unwrap().outcome.as_str()
}

/// The good organization, with other AWS Config in the member at the trail's home.
fn with(change: impl Fn(&mut Config)) -> World {
    let mut world = good_world();
    change(world.config.iter_mut().find(|config| config.account == MEMBER).unwrap());
    world
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn each_defect_is_told_in_words() {
    let words = |change: fn(&mut Config)| {
        let (judgements, _) = judged(with(change), "home");
        let failed = judgements.iter().filter(|judgement| judgement.outcome == Outcome::Fail);
        failed.map(|judgement| format!("{:?}", judgement.evidence)).collect::<String>()
    };
    assert_eq!(words(|_| {}), "");
    assert!(words(|config| config.recorder = None).contains("there is no recorder"));
    assert!(words(|config| config.channel = None).contains("there is no delivery channel"));
    assert!(words(|config| *config = config.clone().stopped()).contains("the recorder default is stopped"));
    let failing = words(|config| *config = config.clone().failing("AccessDenied"));
    assert!(failing.contains("delivery by the channel default fails (AccessDenied)"), "{failing}");
    let unable = words(|config| {
        let recorder = config.recorder.as_mut().unwrap();
        recorder.last_status = "Failure".into();
        recorder.last_error_code = Some("AccessDenied".into());
    });
    assert!(unable.contains("the recorder default fails (AccessDenied)"), "{unable}");
}

#[test]
fn statuses_are_read_in_any_case_and_one_delivery_to_the_bucket_is_enough() {
    let with_history = |status: &'static str| {
        with(move |config| {
            let channel = config.channel.as_mut().unwrap();
            channel.snapshot = None;
            channel.history = Some((status.into(), None));
        })
    };
    assert_eq!(of_member(with_history("SUCCESS"), "home"), "pass");
    assert_eq!(of_member(with_history("FAILURE"), "home"), "fail");
}

#[test]
fn a_channel_that_has_delivered_nothing_proves_nothing() {
    let quiet = with(|config| {
        let channel = config.channel.as_mut().unwrap();
        (channel.snapshot, channel.history) = (None, Some(("Not_Applicable".into(), None)));
    });
    assert_eq!(of_member(quiet, "home"), "unknown");
    let told = with(|config| {
        let channel = config.channel.as_mut().unwrap();
        (channel.snapshot, channel.history) = (None, None);
        channel.stream = Some(("Success".into(), None));
    });
    assert_eq!(of_member(told, "home"), "unknown", "a notification is no delivery to the bucket");
}

#[test]
fn only_the_regions_that_are_asked_for_are_read() {
    let (judgements, asked) = judged(good_world(), "home");
    assert_eq!(asked, set(&["us-east-1"]));
    assert!(judgements.iter().all(|judgement| judgement.outcome == Outcome::Pass), "{judgements:?}");
    let (judgements, asked) = judged(good_world(), "home,eu-west-1");
    assert_eq!(asked, set(&["eu-west-1", "us-east-1"]));
    assert!(judgements.iter().all(|judgement| judgement.outcome == Outcome::Fail), "{judgements:?}");
    let (judgements, asked) = judged(good_world(), "all");
    assert_eq!(asked.len(), 17);
    assert!(judgements.iter().all(|judgement| judgement.outcome == Outcome::Fail));
    let (judgements, asked) = judged(good_world(), "af-south-1");
    assert_eq!(asked, set(&[]), "no account has opted in to it");
    assert!(judgements.iter().all(|judgement| judgement.outcome.as_str() == "not-applicable"));
}

#[test]
fn home_is_where_the_trail_is() {
    let now = jiff::Timestamp::now();
    let mut world = good_world();
    world.trails[0] =
        Trail::new(MANAGEMENT, "own", "eu-west-1", "example-trail-logs").with_status(TrailStatus::logging(now));
    world.config = vec![Config::recording(MANAGEMENT, "eu-west-1"), Config::recording(MEMBER, "us-east-1")];
    assert_eq!(of(MANAGEMENT, world.clone(), "home"), "pass");
    assert_eq!(of(MEMBER, world.clone(), "home"), "pass", "without a trail, the Region of global services");
    assert_eq!(of(ARCHIVE, world, "home"), "fail");
}

#[test]
fn what_could_not_be_read_is_unknown_and_what_is_proven_stays_so() {
    let deny = |mut world: World, action: &str| {
        world.account_mut(MEMBER).unwrap().denials.push(Denial::explicit(PolicyKind::ServiceControl, action));
        world
    };
    for action in ["Recorders", "RecorderStatus"].map(|of| format!("config:DescribeConfiguration{of}")) {
        let outcome = of_member(deny(good_world(), &action), "home");
        // That a recorder is at work is proven by its status alone.
        assert_eq!(outcome, if action.ends_with("Status") { "unknown" } else { "pass" }, "{action}");
    }
    assert_eq!(of_member(deny(good_world(), "config:DescribeDelivery*"), "home"), "unknown");
    let stopped = with(|config| *config = config.clone().stopped());
    assert_eq!(of_member(deny(stopped, "config:DescribeDelivery*"), "home"), "fail");
    assert_eq!(of_member(deny(good_world(), "account:ListRegions"), "home"), "unknown");
}
