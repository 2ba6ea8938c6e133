//! Delivery, Region by Region: what `--deep` asks, and what it changes.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use jiff::{SignedDuration, Timestamp};
use simulated::{BUCKET, MANAGEMENT, MEMBER, good_world, settings, try_read};
use trailproof::collect::{Needs, Settings};
use trailproof::evaluate::{Judgement, Outcome, Question, evaluate};
use trailproof::policy::load;
use trailproof::simulator::{Denial, PolicyKind, Simulator, Trail, TrailStatus, World};
use trailproof::snapshot::{Cause, Snapshot};

fn deep() -> Settings {
    Settings { needs: Needs::everything().deep(), ..settings() }
}

fn ago(hours: i64) -> Option<Timestamp> {
    Some(Timestamp::now() - SignedDuration::from_hours(hours))
}

fn judgement(snapshot: &Snapshot, rule: &str) -> Judgement {
    let policies = load(&[]).policies;
    let question = Question {
        policies: &policies,
        packs: vec!["recommended".into()],
        settings: &[],
        fail_on: None,
        allow_incomplete: false,
    };
    let judgements = evaluate(snapshot, String::new(), &question).judgements;
    let of_trail = |judgement: &&Judgement| {
        judgement.policy.as_str() == rule && judgement.resource.as_deref() == Some(simulated::TRAIL)
    };
    judgements.iter().find(of_trail).unwrap().clone()
}

/// A good organization whose trail has another status in one Region.
fn with_status_in(region: &str, change: fn(&mut TrailStatus)) -> World {
    let mut world = good_world();
    let mut status = world.trails[0].status.clone();
    change(&mut status);
    world.trails[0] = world.trails[0].clone().with_status_in(region, status);
    world
}

fn statuses_asked(simulator: &Simulator) -> Vec<String> {
    let asked = simulator.requests().into_iter().filter(|request| request.operation == "GetTrailStatus");
    let mut regions: Vec<String> = asked.map(|request| format!("{} {}", request.account, request.region)).collect();
    regions.sort();
    regions
}

#[test]
fn only_a_deep_run_asks_elsewhere_than_at_home() {
    let mut world = good_world();
    let now = Timestamp::now();
    world.trails.push(Trail::new(MEMBER, "single", "eu-west-1", BUCKET).with_status(TrailStatus::logging(now)));
    let stopped = Trail::new(MEMBER, "stopped", "eu-west-1", BUCKET).multi_region();
    world.trails.push(stopped.with_status(TrailStatus::stopped(now)));

    let simulator = Simulator::new(world.clone());
    let snapshot = try_read(&simulator, &settings()).unwrap();
    let home = format!("{MANAGEMENT} us-east-1");
    let local = format!("{MEMBER} eu-west-1");
    assert_eq!(statuses_asked(&simulator), [home.clone(), local.clone(), local.clone()]);
    assert!(!snapshot.selection.deep && snapshot.trails.iter().all(|trail| trail.regional_status.is_empty()));

    let simulator = Simulator::new(world);
    let snapshot = try_read(&simulator, &deep()).unwrap();
    let asked = statuses_asked(&simulator);
    assert_eq!(asked.len(), 17 + 2, "{asked:?}");
    assert_eq!(asked.iter().filter(|asked| **asked == home).count(), 1);
    assert_eq!(asked.iter().filter(|asked| **asked == local).count(), 2);
    assert!(snapshot.selection.deep);
    let elsewhere: Vec<usize> = snapshot.trails.iter().map(|trail| trail.regional_status.len()).collect();
    assert_eq!(elsewhere, [0, 0, 16]);
    assert_eq!(snapshot.gaps, []);
    assert_eq!(simulator.refused_writes(), []);
    let mut json = Vec::new();
    snapshot.write_json(&mut json).unwrap();
    assert_eq!(Snapshot::from_document(&json).unwrap(), snapshot);
}

#[test]
fn deep_asks_where_the_scan_looks() {
    let simulator = Simulator::new(good_world());
    let mut settings = deep();
    settings.selection.regions = ["eu-west-1", "us-east-1"].map(|name| name.parse().unwrap()).to_vec();
    try_read(&simulator, &settings).unwrap();
    assert_eq!(statuses_asked(&simulator).len(), 2);

    // The owner is not among the accounts: where the member sees the trail, it is asked at the owner.
    let simulator = Simulator::new(good_world());
    let mut settings = deep();
    settings.selection.accounts = vec![MEMBER.parse().unwrap()];
    let snapshot = try_read(&simulator, &settings).unwrap();
    let asked = statuses_asked(&simulator);
    assert_eq!((asked.len(), asked.iter().all(|asked| asked.starts_with(MANAGEMENT))), (17, true));
    assert_eq!(judgement(&snapshot, "s3-delivery-no-error").outcome, Outcome::Pass);
}

#[test]
fn rules_that_do_not_look_there_cost_no_call_there() {
    let policies = load(&[]).policies;
    let question = Question {
        policies: &policies,
        packs: vec!["recommended".into()],
        settings: &[],
        fail_on: None,
        allow_incomplete: false,
    };
    let mut rules = question.chosen();
    rules.retain(|rule| rule.policy.id.as_str() == "log-file-validation");
    let simulator = Simulator::new(good_world());
    let snapshot = try_read(&simulator, &Settings { needs: Needs::of(&rules).deep(), ..settings() }).unwrap();
    assert_eq!(statuses_asked(&simulator).len(), 1);
    assert!(!snapshot.selection.deep);
}

/// What goes wrong in one Region, and the rule that says so: only a deep run can know.
#[test]
fn a_failure_in_one_region_is_found_by_a_deep_run_alone() {
    type Case = (&'static str, fn(&mut TrailStatus), &'static str);
    let cases: [Case; 3] = [
        (
            "s3-delivery-no-error",
            |status| status.delivery_error = Some("AccessDenied".to_owned()),
            "eu-west-1: AccessDenied",
        ),
        (
            "cloudwatch-delivery-healthy",
            |status| status.log_group_error = Some("ThrottlingException".to_owned()),
            "eu-west-1: ThrottlingException",
        ),
        (
            "s3-delivery-recent",
            |status| (status.delivered, status.digest_delivered) = (ago(25), ago(7)),
            "eu-west-1: last delivery under a week before",
        ),
    ];
    for (rule, change, said) in cases {
        let simulator = Simulator::new(with_status_in("eu-west-1", change));
        let home = judgement(&try_read(&simulator, &settings()).unwrap(), rule);
        assert_eq!(home.outcome, Outcome::Pass, "{rule}");
        let evidence = |judgement: &Judgement| serde_json::to_value(&judgement.evidence).unwrap();
        assert!(evidence(&home).get("trail.other_regions").is_none(), "{home:?}");
        let everywhere = judgement(&try_read(&simulator, &deep()).unwrap(), rule);
        assert_eq!(everywhere.outcome, Outcome::Fail, "{rule}");
        assert!(everywhere.message.contains(said), "{}", everywhere.message);
        assert_eq!(evidence(&everywhere)["trail.other_regions"].as_array().unwrap().len(), 16);
    }
}

#[test]
fn what_is_wrong_everywhere_is_said_once() {
    let mut world = good_world();
    world.trails[0].status.delivery_error = Some("AccessDenied".to_owned());
    let everywhere = judgement(&try_read(&Simulator::new(world), &deep()).unwrap(), "s3-delivery-no-error");
    let said = "us-east-1, ap-northeast-1, ap-northeast-2 and 14 more: AccessDenied";
    assert!(everywhere.message.ends_with(said), "{}", everywhere.message);
}

#[test]
fn a_quiet_region_is_told_from_a_broken_one_by_its_digests() {
    let outcome =
        |world: World| judgement(&try_read(&Simulator::new(world), &deep()).unwrap(), "s3-delivery-recent").outcome;
    assert_eq!(outcome(good_world()), Outcome::Pass);
    let quiet = with_status_in("eu-west-1", |status| status.delivered = None);
    assert_eq!(outcome(quiet), Outcome::Pass);
    let bouncing = with_status_in("eu-west-1", |status| {
        (status.delivered, status.digest_error) = (None, Some("AccessDenied".to_owned()));
    });
    assert_eq!(outcome(bouncing), Outcome::Fail);
    let silent = with_status_in("eu-west-1", |status| (status.delivered, status.digest_delivered) = (None, None));
    assert_eq!(outcome(silent), Outcome::Fail, "validation is on, so that digests should come");
    let mut unsigned =
        with_status_in("eu-west-1", |status| (status.delivered, status.digest_delivered) = (ago(30), None));
    unsigned.trails[0].log_file_validation = false;
    let Outcome::Unknown { gaps } = outcome(unsigned) else { panic!("without digests nobody knows") };
    assert_eq!((gaps.len(), &gaps[0].cause), (1, &Cause::Unsupported));
    assert_eq!(gaps[0].region.as_ref().unwrap().as_str(), "eu-west-1");
}

#[test]
fn a_region_that_does_not_answer_is_a_gap_and_changes_nothing_at_home() {
    let mut world = good_world();
    let management = world.account_mut(MANAGEMENT).unwrap();
    let denial = Denial::explicit(PolicyKind::ServiceControl, "cloudtrail:GetTrailStatus").in_region("eu-*");
    *management = management.clone().with_denial(denial);
    let snapshot = try_read(&Simulator::new(world), &deep()).unwrap();
    assert_eq!(snapshot.gaps.len(), 5, "{:?}", snapshot.gaps);
    for rule in ["s3-delivery-no-error", "s3-delivery-recent", "cloudwatch-delivery-healthy"] {
        let Outcome::Unknown { gaps } = judgement(&snapshot, rule).outcome else { panic!("{rule}") };
        assert!(gaps.iter().all(|gap| gap.cause == Cause::Scp && gap.operation == "cloudtrail:GetTrailStatus"));
        assert_eq!(gaps.len(), 5);
    }
    assert_eq!(judgement(&snapshot, "digest-delivery-healthy").outcome, Outcome::Pass);
    assert_eq!(judgement(&snapshot, "log-file-validation").outcome, Outcome::Pass);
}
