//! Planned work: what a scan will take is told before it, and is what it takes where nothing fails.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/frayed.rs"]
mod frayed;
#[path = "support/simulated.rs"]
mod simulated;

use std::collections::BTreeMap;
use std::sync::Arc;

use frayed::frayed_world;
use serde_json::Value;
use simulated::{MANAGEMENT, MEMBER, ROLE, code, good_world, serve, settings, stderr, stdout, trailproof, try_read};
use trailproof::collect::{CALLS, Call, Each, Needs, Settings};
use trailproof::evaluate::Question;
use trailproof::policy::{Setting, load};
use trailproof::simulator::{Account, Role, Simulator, Trail, TrailStatus, World};
use trailproof::snapshot::{PlanBasis, Selection, Shards, Snapshot};

/// What rules of the packs need, with buckets of data looked for by tags.
fn needs(pack: &str) -> Needs {
    let policies = load(&[]).policies;
    let settings = [Setting::parse("sensitive-bucket-data-events.tags=[class=secret]", &policies).unwrap()];
    let question = Question {
        policies: &policies,
        packs: vec![pack.into()],
        settings: &settings,
        fail_on: None,
        allow_incomplete: false,
    };
    Needs::of(&question.chosen())
}

/// A frayed organization in which every account lets us in, with opted-in Regions and trails of members.
fn open_world() -> World {
    let mut world = frayed_world();
    world.accounts.retain(|account| account.id != "444444444444");
    for number in 0..30_u64 {
        let id = format!("{:012}", 600_000_000_000 + number * 7_919);
        let account = Account::new(&id, &format!("account-{number}")).with_role(Role::new(ROLE, MANAGEMENT));
        world.accounts.push(if number % 5 == 0 { account.opted_in("eu-south-1") } else { account });
        if number % 3 == 0 {
            let status = TrailStatus::logging(jiff::Timestamp::now());
            world.trails.push(Trail::new(&id, "own", "eu-west-1", "own-bucket").multi_region().with_status(status));
        }
    }
    world
}

fn called(snapshot: &Snapshot) -> BTreeMap<String, u64> {
    snapshot.run.calls.iter().map(|(operation, calls)| (operation.clone(), calls.answered + calls.unanswered)).collect()
}

/// The second run over a world is planned from the first, and makes the calls that were planned.
fn keeps_to_its_plan(name: &str, world: &World, settings: &Settings) {
    let first = try_read(&Simulator::new(world.clone()), settings).unwrap();
    let left: Vec<_> = first.gaps.iter().filter(|gap| gap.cause.as_str() != "outside-organization").collect();
    assert!(left.iter().all(|gap| gap.cause.as_str() == "not-attempted"), "{name}: {left:?}");
    let planned = Settings { like: Some(Arc::new(first)), ..settings.clone() };
    let second = try_read(&Simulator::new(world.clone()), &planned).unwrap();
    let plan = second.run.plan.clone().unwrap();
    assert_eq!(plan.basis, PlanBasis::Snapshot);
    let called = called(&second);
    let differing: Vec<String> = CALLS
        .iter()
        .map(|declared| declared.operation)
        .filter(|operation| plan.calls.get(*operation) != called.get(*operation))
        .map(|operation| {
            format!("{operation}: {:?} planned, {:?} made", plan.calls.get(operation), called.get(operation))
        })
        .collect();
    assert!(differing.is_empty(), "{name}: {differing:#?}");
    assert_eq!(plan.total, called.values().sum::<u64>());
}

#[test]
fn planned_calls_are_the_calls_that_are_made() {
    let everything = Settings { needs: needs("all").and_everything().deep().and_account_tags(), ..settings() };
    let recommended = Settings { needs: needs("recommended"), ..settings() };
    let least = Settings { needs: Needs::of(&[]), ..settings() };
    for (name, world) in [("good", good_world()), ("open", open_world())] {
        keeps_to_its_plan(&format!("{name}, everything"), &world, &everything);
        keeps_to_its_plan(&format!("{name}, recommended"), &world, &recommended);
        keeps_to_its_plan(&format!("{name}, least"), &world, &least);
    }
    let selection = Selection { shards: Shards::one(2, 3), ..everything.selection.clone() };
    keeps_to_its_plan("a shard", &open_world(), &Settings { selection, ..recommended.clone() });
    let regions = ["eu-west-1", "us-east-1"].map(|region| region.parse().unwrap()).to_vec();
    let selection = Selection { regions, ..everything.selection.clone() };
    keeps_to_its_plan("two Regions", &open_world(), &Settings { selection, ..everything });
}

/// Without an earlier snapshot, what hangs on the accounts alone is planned as it will be.
#[test]
fn what_hangs_on_the_accounts_is_planned_without_a_snapshot() {
    let settings = Settings { needs: needs("all"), ..settings() };
    let world = {
        let mut world = good_world();
        world.accounts.push(Account::new("444444444444", "four").with_role(Role::new(ROLE, MANAGEMENT)));
        world
    };
    let snapshot = try_read(&Simulator::new(world), &settings).unwrap();
    let (plan, called) = (snapshot.run.plan.clone().unwrap(), called(&snapshot));
    assert_eq!((plan.basis, plan.accounts, plan.regions), (PlanBasis::Assumed, 4, 17));
    let known = [Each::Run, Each::Organization, Each::Unit, Each::Entered, Each::Account, Each::AccountRegion];
    let mut compared = 0;
    for declared in CALLS.iter().filter(|declared| settings.needs.reads(declared.group)) {
        if known.contains(&declared.call.each()) && declared.call != Call::ListAllBuckets {
            assert_eq!(plan.calls.get(declared.operation), called.get(declared.operation), "{}", declared.operation);
            compared += 1;
        }
    }
    assert!(compared > 8, "{compared}");
    // The good world is what is assumed, but for the search for an owner and what a log group spares.
    let difference = plan.total.abs_diff(called.values().sum());
    assert!(difference * 10 < plan.total, "{plan:?} {called:?}");
}

#[test]
fn another_organizations_snapshot_says_nothing() {
    let mut other = try_read(&Simulator::new(good_world()), &settings()).unwrap();
    other.organization.as_mut().unwrap().id = "o-other".into();
    let settings = Settings { like: Some(Arc::new(other)), ..settings() };
    let snapshot = try_read(&Simulator::new(good_world()), &settings).unwrap();
    assert_eq!(snapshot.run.plan.unwrap().basis, PlanBasis::Assumed);
}

/// Whatever is read, nothing is asked twice: of the account, in the Region, with these words.
#[test]
fn no_question_is_put_twice() {
    let settings = Settings { needs: needs("all").and_everything().deep().and_account_tags(), ..settings() };
    for (name, world) in [("frayed", frayed_world()), ("open", open_world())] {
        let simulator = Simulator::new(world);
        try_read(&simulator, &settings).unwrap();
        let mut asked: BTreeMap<String, usize> = BTreeMap::new();
        for request in simulator.requests() {
            let question = format!(
                "{} {} {}:{} {}",
                request.account, request.region, request.service, request.operation, request.resource
            );
            *asked.entry(question).or_default() += 1;
        }
        let twice: Vec<_> = asked.iter().filter(|(_, count)| **count > 1).collect();
        assert!(twice.is_empty(), "{name}: {twice:#?}");
    }
}

#[test]
fn plan_says_what_a_scan_will_take_and_enters_no_account() {
    let folder = tempfile::tempdir().unwrap();
    let served = serve(Simulator::new(open_world()));
    let plan =
        |arguments: &[&str]| served.trailproof().args(["plan", "--role-name", ROLE]).args(arguments).output().unwrap();
    let output = plan(&[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    for said in [
        "o-exampleorg · 33 accounts × 17 Regions · ",
        "the time is that of ",
        "561  cloudtrail:DescribeTrails",
        "--like",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let entered = served
        .simulator
        .requests()
        .into_iter()
        .any(|request| request.account != MANAGEMENT || request.operation == "AssumeRole");
    assert!(!entered);
    let snapshot = folder.path().join("s.json");
    let path = snapshot.to_str().unwrap();
    let output = served.trailproof().args(["collect", "--role-name", ROLE, "-o", path]).output().unwrap();
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    let said = stderr(&output);
    assert!(said.lines().next().unwrap().contains("33 accounts × 17 Regions · "), "{said}");
    let made: u64 = called(&Snapshot::from_document(&std::fs::read(&snapshot).unwrap()).unwrap()).values().sum();
    let output = plan(&["--like", path, "--format", "json"]);
    let planned: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((planned["total"].as_u64(), planned["basis"].as_str()), (Some(made), Some("snapshot")));
    assert_eq!(planned["regions"], 18);
    let output =
        served.trailproof().args(["scan", "--role-name", ROLE, "--like", path, "--output", "json"]).output().unwrap();
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(report["run"]["plan"]["total"], made);
    assert_eq!(
        report["run"]["calls"]["cloudtrail:DescribeTrails"]["answered"],
        report["run"]["plan"]["calls"]["cloudtrail:DescribeTrails"]
    );
    let output = plan(&["--accounts", MEMBER, "--exclude-accounts", MEMBER]);
    assert_eq!(code(&output), 4, "{}", stderr(&output));
    let output = trailproof().args(["plan", "--like", "no-such-file", "--role-name", "x"]).output().unwrap();
    assert_eq!((code(&output), stderr(&output).contains("no-such-file")), (2, true));
}

/// What binds is named: the listing of a large organization, or how many requests are under way.
#[test]
fn the_longest_wait_is_named() {
    let mut world = good_world();
    for number in 0..600_u64 {
        let id = format!("{:012}", 700_000_000_000 + number);
        world.accounts.push(Account::new(&id, &id).with_role(Role::new(ROLE, MANAGEMENT)));
    }
    let served = serve(Simulator::new(world));
    let plan = |arguments: &[&str]| {
        let output = served
            .trailproof()
            .args(["plan", "--role-name", ROLE, "--format", "json"])
            .args(arguments)
            .output()
            .unwrap();
        serde_json::from_str::<Value>(&stdout(&output)).unwrap()
    };
    let wide = plan(&["--max-concurrency", "4096"]);
    assert_eq!(
        wide["bound_by"],
        "the quota of organizations:ListAccountsForParent and organizations:ListOrganizationalUnitsForParent, 5 a second"
    );
    let narrow = plan(&["--max-concurrency", "8"]);
    assert_eq!(narrow["bound_by"], "8 requests at once");
    assert!(narrow["seconds"].as_u64() > wide["seconds"].as_u64());
}
