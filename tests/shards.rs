//! Many machines: an organization that is read in shards gives the report of one that is read in one run.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/frayed.rs"]
mod frayed;
#[path = "shards/jobs.rs"]
mod jobs;
#[path = "support/simulated.rs"]
mod simulated;

use frayed::frayed_world;
use serde_json::Value;
use simulated::{ARCHIVE, MANAGEMENT, MEMBER, ROLE, good_world, settings, try_read};
use trailproof::collect::{Needs, Settings};
use trailproof::emit::write_json;
use trailproof::evaluate::{Question, evaluate};
use trailproof::id::AccountId;
use trailproof::policy::{Policies, Setting, load};
use trailproof::simulator::{Account, Denial, Effect, PolicyKind, Role, Simulator, Weather, World, demo_organization};
use trailproof::snapshot::{Cause, MergeError, Place, Reused, ReusedUnits, Run, Selection, Shards, Snapshot, merge};

/// Rules whose parameters make the collector look for more.
const SET: [&str; 1] = ["sensitive-bucket-data-events.tags=[class=secret]"];

fn set(policies: &Policies) -> Vec<Setting> {
    SET.iter().map(|text| Setting::parse(text, policies).unwrap()).collect()
}

/// The report of all rules, without what differs from run to run.
fn report(snapshot: &Snapshot) -> Value {
    let policies = load(&[]).policies;
    let settings = set(&policies);
    let question = Question {
        policies: &policies,
        packs: vec!["all".into()],
        settings: &settings,
        fail_on: None,
        allow_incomplete: false,
    };
    let mut json = Vec::new();
    write_json(&evaluate(snapshot, String::new(), &question), &mut json).unwrap();
    without_run(serde_json::from_slice(&json).unwrap())
}

fn without_run(mut report: Value) -> Value {
    let parts = report.as_object_mut().unwrap();
    parts.remove("run");
    parts.remove("snapshot");
    report
}

fn everything() -> Settings {
    let policies = load(&[]).policies;
    let settings_of_rules = set(&policies);
    let question = Question {
        policies: &policies,
        packs: vec!["all".into()],
        settings: &settings_of_rules,
        fail_on: None,
        allow_incomplete: false,
    };
    Settings { needs: Needs::of(&question.all()).and_everything().deep(), ..settings() }
}

fn shard(settings: &Settings, shard: u32, count: u32) -> Settings {
    let selection = Selection { shards: Shards::one(shard, count), ..settings.selection.clone() };
    Settings { selection, ..settings.clone() }
}

/// The snapshots of all shards of a world.
fn shards(simulator: &Simulator, settings: &Settings, count: u32) -> Vec<(String, Snapshot)> {
    let read = |number| try_read(simulator, &shard(settings, number, count)).unwrap();
    (1..=count).map(|number| (format!("{number}.json"), read(number))).collect()
}

/// Reads a world in one run and in one to four, and holds the reports against each other.
fn is_the_same_in_shards(name: &str, simulator: &Simulator, settings: &Settings) {
    let expected = report(&try_read(simulator, settings).unwrap());
    for count in 1..=4 {
        let mut parts = shards(simulator, settings, count);
        parts.reverse();
        let merged = merge(parts, false).unwrap();
        assert_eq!(merged.selection.shards, None);
        assert_eq!(merged.run.shards.len(), count as usize);
        same(&format!("{name}, {count} shards"), &expected, &report(&merged));
    }
}

/// Two values that are to be equal, with the first place in which they are not.
fn same(name: &str, one: &Value, other: &Value) {
    if one == other {
        return;
    }
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            for (key, value) in one {
                same(&format!("{name}.{key}"), value, other.get(key).unwrap_or(&Value::Null));
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (at, (one, other)) in one.iter().zip(other).enumerate() {
                same(&format!("{name}[{at}]"), one, other);
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            let only = |list: &[Value], rest: &[Value]| -> Vec<String> {
                list.iter().filter(|value| !rest.contains(value)).map(ToString::to_string).collect()
            };
            panic!("{name}: only in the one: {:#?}\nonly in the merged: {:#?}", only(one, other), only(other, one));
        }
        _ => {}
    }
    panic!("{name}: {one} and {other}");
}

#[test]
fn a_frayed_organization_is_the_same_in_shards() {
    is_the_same_in_shards("frayed", &Simulator::new(frayed_world()), &everything());
}

#[test]
fn the_demo_is_the_same_in_shards() {
    let mut settings = everything();
    settings.entrance.as_mut().unwrap().role_name = "trailproof-audit".to_owned();
    is_the_same_in_shards("demo", &Simulator::new(demo_organization(jiff::Timestamp::now())), &settings);
}

/// Numbers that look random and are the same in every run.
struct Draw(u64);

impl Draw {
    fn one_of(&mut self, many: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % many
    }
}

/// Refusals of all kinds, drawn at random, in a frayed organization with more accounts.
fn stormy(seed: u64) -> Simulator {
    let mut draw = Draw(seed);
    let mut world = frayed_world();
    for number in 0..6_u64 {
        let id = format!("{:012}", 500_000_000_000 + number * 77 + seed);
        let account = Account::new(&id, &format!("account-{number}"));
        world.accounts.push(if draw.one_of(4) == 0 { account } else { account.with_role(Role::new(ROLE, MANAGEMENT)) });
    }
    let actions = [
        "cloudtrail:DescribeTrails",
        "cloudtrail:GetTrailStatus",
        "s3:ListAllMyBuckets",
        "s3:GetBucketPolicy",
        "kms:DescribeKey",
        "account:ListRegions",
        "iam:GetAccountAuthorizationDetails",
        "logs:DescribeLogGroups",
        "athena:ListDataCatalogs",
        "s3:GetAccountPublicAccessBlock",
        "events:ListRules",
        "cloudtrail:ListEventDataStores",
        "cloudwatch:DescribeAlarms",
    ];
    for account in &mut world.accounts {
        for action in actions {
            if draw.one_of(5) == 0 {
                *account = account.clone().with_denial(Denial::implicit(PolicyKind::ServiceControl, action));
            }
        }
    }
    Simulator::new(world)
}

#[test]
fn whatever_is_refused_shards_say_the_same() {
    for seed in 1..=5 {
        is_the_same_in_shards(&format!("seed {seed}"), &stormy(seed), &everything());
    }
}

fn names(parts: &[(String, Snapshot)], wanted: &[usize]) -> Vec<(String, Snapshot)> {
    wanted.iter().map(|at| parts[*at].clone()).collect()
}

#[test]
fn what_does_not_belong_together_is_refused() {
    let simulator = Simulator::new(good_world());
    let parts = shards(&simulator, &settings(), 3);
    let refused = |parts: Vec<(String, Snapshot)>| merge(parts, true).unwrap_err().to_string();
    assert!(
        matches!(merge(names(&parts, &[0, 2]), false), Err(MergeError::Missing { missing, count: 3 }) if missing == [2])
    );
    assert_eq!(refused(names(&parts, &[0, 0])), "1.json and 1.json are both of shard 1/3");
    let whole = ("whole.json".to_owned(), try_read(&simulator, &settings()).unwrap());
    assert!(refused(vec![parts[0].clone(), whole]).contains("whole.json was read by one run"));
    let mixed = |what: &str, change: &dyn Fn(&mut Snapshot)| {
        let mut other = parts[1].clone();
        change(&mut other.1);
        let error = refused(vec![parts[0].clone(), other]);
        assert!(error.contains(what), "{error}");
    };
    mixed("number of shards: 3, and 4", &|other| other.selection.shards = Shards::one(2, 4));
    mixed("the organization: o-exampleorg, and o-other", &|other| {
        other.organization.as_mut().unwrap().id = "o-other".into();
    });
    mixed("schema", &|other| other.schema = "trailproof.snapshot/2".into());
    mixed("version that collected", &|other| other.tool_version = "9.9.9".into());
    mixed("what was to be scanned", &|other| other.selection.exclude_accounts = vec![MEMBER.parse().unwrap()]);
    mixed("operations", &|other| drop(other.selection.operations.pop()));
    mixed("caller's partition", &|other| other.caller.partition = "aws-cn".parse().unwrap());
    let mut moved = parts[1].clone();
    moved.1.selection.shards = Shards::one(1, 3);
    assert!(refused(vec![moved]).contains("is of shard 2, not of 1/3"));
}

#[test]
fn a_missing_shard_is_not_observed_and_may_come_later() {
    let simulator = Simulator::new(good_world());
    let parts = shards(&simulator, &settings(), 3);
    let some = merge(names(&parts, &[0, 2]), true).unwrap();
    assert_eq!(some.selection.shards.as_ref().unwrap().to_string(), "1,3/3");
    let left: Vec<_> = some.gaps.iter().map(|gap| (gap.account.unwrap().to_string(), gap.cause.clone())).collect();
    assert_eq!(left, [(MEMBER.to_owned(), Cause::NotAttempted)]);
    let report_of_some = report(&some);
    assert_eq!(report_of_some["summary"]["gate"]["complete"], false);
    assert_eq!(report_of_some["summary"]["accounts"]["unobserved"], 1);
    let whole = merge(vec![("some".to_owned(), some), parts[1].clone()], false).unwrap();
    same("in two steps", &report(&try_read(&simulator, &settings()).unwrap()), &report(&whole));
    assert_eq!(whole.run.shards.iter().map(|run| run.shards.as_str()).collect::<Vec<_>>(), ["1/3", "2/3", "3/3"]);
}

#[test]
fn an_account_that_came_between_the_shards_is_not_observed() {
    let settings = settings();
    let mut later = good_world();
    later.accounts.push(Account::new("444444444444", "new").with_role(Role::new(ROLE, MANAGEMENT)));
    let early = try_read(&Simulator::new(good_world()), &shard(&settings, 3, 4)).unwrap();
    let mut parts = vec![("3".to_owned(), early)];
    for number in [1, 2, 4] {
        parts.push((
            number.to_string(),
            try_read(&Simulator::new(later.clone()), &shard(&settings, number, 4)).unwrap(),
        ));
    }
    let merged = merge(parts, false).unwrap();
    let gap = merged.gaps.iter().find(|gap| gap.account == Some("444444444444".parse().unwrap())).unwrap();
    assert_eq!(gap.message, "the account was not there yet when shard 3/4 was read");
    assert_eq!(report(&merged)["summary"]["accounts"]["unobserved"], 1);
}

/// A shard visits its own accounts, and no other account's Regions.
#[test]
fn a_shard_sweeps_its_own_accounts_alone() {
    let simulator = Simulator::new(good_world());
    try_read(&simulator, &shard(&settings(), 1, 4)).unwrap();
    let swept: std::collections::BTreeSet<String> = simulator
        .requests()
        .into_iter()
        .filter(|request| request.operation == "DescribeTrails" || request.operation == "ListRegions")
        .map(|request| request.account)
        .collect();
    assert_eq!(swept, [ARCHIVE, MEMBER].map(str::to_owned).into());
}

/// Weather that only some requests meet would make runs differ; a call that is refused for all does not.
#[test]
fn a_shared_bucket_that_nobody_may_read_is_the_same_in_shards() {
    let deny = Effect::Deny("User is not authorized with an explicit deny in a service control policy".to_owned());
    for operation in ["GetBucketPolicy", "HeadBucket", "ListBuckets"] {
        let weather = vec![Weather::new(deny.clone()).on("s3", operation)];
        let simulator = Simulator::new(frayed_world()).with_weather(weather);
        is_the_same_in_shards(operation, &simulator, &everything());
    }
}

/// Where no account is left for a shard, it is collected all the same: the merge needs it.
#[test]
fn a_shard_without_accounts_is_a_shard() {
    let world: World = good_world();
    is_the_same_in_shards("more shards than accounts", &Simulator::new(world), &settings());
}

/// What the runs of shards did is told of the merge as their sum: calls, how questions ended, and what journals answered.
#[test]
fn a_merge_counts_what_its_shards_did() {
    const OPERATION: &str = "cloudtrail:DescribeTrails";
    let mut parts = shards(&Simulator::new(frayed_world()), &everything(), 3);
    let accounts: [AccountId; 2] = [ARCHIVE.parse().unwrap(), MEMBER.parse().unwrap()];
    let reused = |questions: u64, account: AccountId, oldest: &str| Reused {
        questions,
        accounts: [account].into(),
        oldest: Some(oldest.parse().unwrap()),
        units: vec![ReusedUnits { accounts: vec![account], places: vec![Place::default()] }],
    };
    parts[0].1.run.reused.insert(OPERATION.to_owned(), reused(2, accounts[0], "2026-11-02T00:00:00Z"));
    parts[2].1.run.reused.insert(OPERATION.to_owned(), reused(5, accounts[1], "2026-11-01T00:00:00Z"));
    let runs: Vec<Run> = parts.iter().map(|(_, snapshot)| snapshot.run.clone()).collect();
    let sum = |count: &dyn Fn(&Run) -> u64| runs.iter().map(count).sum::<u64>();
    let merged = merge(parts, false).unwrap().run;
    assert_eq!(merged.requests, sum(&|run| run.requests));
    assert_eq!(merged.endings.observed, sum(&|run| run.endings.observed));
    assert!(!merged.endings.denied.is_empty(), "nothing was refused: {:?}", merged.endings);
    for (cause, count) in &merged.endings.denied {
        assert_eq!(*count, sum(&|run| run.endings.denied.get(cause).copied().unwrap_or_default()), "{cause}");
    }
    for (operation, calls) in &merged.calls {
        let of = |run: &Run| run.calls.get(operation).map_or((0, 0), |calls| (calls.answered, calls.unanswered));
        assert_eq!((calls.answered, calls.unanswered), (sum(&|run| of(run).0), sum(&|run| of(run).1)), "{operation}");
    }
    let found = &merged.reused[OPERATION];
    assert_eq!((found.questions, found.accounts.len(), found.units.len()), (7, 2, 2));
    assert_eq!(found.oldest.unwrap().to_string(), "2026-11-01T00:00:00Z");
}
