//! The fast discovery: fewer calls, and no verdict that they do not prove.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/frayed.rs"]
mod frayed;
#[path = "support/simulated.rs"]
mod simulated;

use std::collections::BTreeMap;
use std::sync::Arc;

use frayed::frayed_world;
use simulated::{MANAGEMENT, MEMBER, ROLE, TRAIL, code, good_world, serve, settings, stderr, stdout, try_read};
use trailproof::collect::{Needs, Settings};
use trailproof::evaluate::{Outcome, Question, evaluate};
use trailproof::policy::load;
use trailproof::simulator::{Account, Role, Simulator, World, demo_organization};
use trailproof::snapshot::{Selection, Shards, Snapshot, merge};

fn fast() -> Settings {
    Settings { needs: Needs::everything().fast(), ..settings() }
}

/// The outcomes by rule and resource.
fn outcomes(snapshot: &Snapshot) -> BTreeMap<(String, String), Outcome> {
    let policies = load(&[]).policies;
    let question = Question {
        policies: &policies,
        packs: vec!["all".into()],
        settings: &[],
        fail_on: None,
        allow_incomplete: false,
    };
    let judged = evaluate(snapshot, String::new(), &question).judgements.into_iter();
    judged
        .map(|result| ((result.policy.to_string(), result.resource.unwrap_or_default().to_string()), result.outcome))
        .collect()
}

#[test]
fn a_member_with_the_organization_trail_alone_costs_three_calls() {
    let simulator = Simulator::new(good_world());
    let needs = Needs::of(&[]).fast();
    let snapshot = try_read(&simulator, &Settings { needs, ..settings() }).unwrap();
    assert_eq!(snapshot.trails[0].arn.as_str(), TRAIL);
    assert!(snapshot.trails[0].status.is_some() && snapshot.selection.fast);
    let asked: Vec<String> = simulator
        .requests()
        .into_iter()
        .filter(|request| request.account == MEMBER)
        .map(|request| request.operation)
        .collect();
    assert_eq!(asked, ["ListRegions", "ListTrails"], "and AssumeRole, which is the caller's");
}

/// Every verdict is that of the sweep, or it is unknown, and some are.
#[test]
fn no_verdict_is_another() {
    let mut of_demo = fast();
    of_demo.entrance.as_mut().unwrap().role_name = "trailproof-audit".to_owned();
    let demo = demo_organization(jiff::Timestamp::now());
    for (name, world, fast) in
        [("good", good_world(), fast()), ("frayed", frayed_world(), fast()), ("demo", demo, of_demo)]
    {
        let swept = Settings { needs: Needs::everything(), ..fast.clone() };
        let simulator = Simulator::new(world);
        let expected = outcomes(&try_read(&simulator, &swept).unwrap());
        let found = outcomes(&try_read(&simulator, &fast).unwrap());
        let mut unknown = 0;
        for (key, outcome) in &found {
            let was = expected.get(key);
            if matches!(outcome, Outcome::Unknown { .. }) {
                unknown += usize::from(!matches!(was, Some(Outcome::Unknown { .. })));
            } else {
                let same = was.is_some_and(|was| std::mem::discriminant(was) == std::mem::discriminant(outcome));
                assert!(same, "{name}: {key:?}: {was:?} and {outcome:?}");
            }
        }
        assert_eq!(found.len(), expected.len(), "{name}");
        assert!(unknown > 0, "{name}");
    }
}

/// An organization trail whose owner is not scanned is described by a member.
#[test]
fn a_trail_of_an_account_that_is_not_visited_is_found() {
    let mut settings = fast();
    settings.selection.accounts = vec![MEMBER.parse().unwrap()];
    let snapshot = try_read(&Simulator::new(good_world()), &settings).unwrap();
    assert_eq!(snapshot.trails[0].described_by.to_string(), MEMBER);
    assert!(snapshot.trails[0].status.is_some());
}

fn many() -> World {
    let mut world = good_world();
    for number in 0..6_u64 {
        let id = format!("{:012}", 600_000_000_000 + number * 7_919);
        world.accounts.push(Account::new(&id, &id).with_role(Role::new(ROLE, MANAGEMENT)));
    }
    world
}

#[test]
fn it_keeps_to_its_plan_and_may_be_sharded() {
    let simulator = Simulator::new(many());
    let first = try_read(&simulator, &fast()).unwrap();
    let expected = outcomes(&first);
    let second = try_read(&simulator, &Settings { like: Some(Arc::new(first)), ..fast() }).unwrap();
    let plan = second.run.plan.unwrap();
    let called: BTreeMap<String, u64> =
        second.run.calls.iter().map(|(name, calls)| (name.clone(), calls.answered + calls.unanswered)).collect();
    assert_eq!(plan.calls, called);
    let shard = |number| {
        let selection = Selection { shards: Shards::one(number, 2), ..settings().selection };
        (number.to_string(), try_read(&simulator, &Settings { selection, ..fast() }).unwrap())
    };
    assert_eq!(outcomes(&merge(vec![shard(1), shard(2)], false).unwrap()), expected);
}

/// What the fast discovery leaves unread by itself is no gap of `collect`; what AWS refuses is.
#[test]
fn collecting_all_that_it_reads_is_a_success() {
    let folder = tempfile::tempdir().unwrap();
    let collect = |world: World, more: &[&str]| {
        let served = serve(Simulator::new(world));
        let mut command = served.trailproof();
        command.args(["collect", "--role-name", ROLE, "--discovery", "fast", "-o"]).arg(folder.path().join("s.json"));
        command.args(more).output().unwrap()
    };
    let whole = collect(good_world(), &[]);
    assert_eq!(code(&whole), 0, "{}", stderr(&whole));
    assert!(stderr(&whole).contains("0 gaps; what each Region sees was not to be read"), "{}", stderr(&whole));
    let shard = collect(good_world(), &["--shard", "1/2"]);
    assert_eq!(code(&shard), 0, "{}", stderr(&shard));
    let mut world = good_world();
    world.accounts.push(Account::new("444444444444", "closed-door"));
    let refused = collect(world, &[]);
    assert_eq!(code(&refused), 3, "{}", stderr(&refused));
}

#[test]
fn the_command_line_says_what_is_not_known() {
    let served = serve(Simulator::new(good_world()));
    let scan = served.trailproof().args(["scan", "--role-name", ROLE, "--discovery", "fast"]).output().unwrap();
    assert_eq!(code(&scan), 3, "{}", stderr(&scan));
    for said in [
        "3 accounts × 17 Regions",
        "management-events-read-write",
        "--discovery fast: which trails",
        "3 of 3 accounts observed",
    ] {
        assert!(stdout(&scan).contains(said), "{said}: {}", stdout(&scan));
    }
    let help = served.trailproof().args(["scan", "--help"]).output().unwrap();
    assert!(stdout(&help).contains("assumes that it names those of all Regions"), "{}", stdout(&help));
    let actions = |arguments: &[&str]| {
        let output = served.trailproof().arg("permissions").args(arguments).output().unwrap();
        stdout(&output).contains("cloudtrail:ListTrails")
    };
    assert_eq!((actions(&[]), actions(&["--fast"])), (false, true));
}
