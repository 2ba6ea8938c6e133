//! Verdicts on simulated organizations: what was planted is found, and nothing else.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;
mod verdicts {
    mod bucket;
    mod data_events;
    mod key;
    mod named;
    mod recorded;
    mod replication;
    mod selectors;
    mod topic;
    mod trail;
}

use std::collections::BTreeSet;
use std::fmt::Write as _;

use simulated::{good_world, read, settings, try_read};
use trailproof::evaluate::{Outcome, Question, Report, evaluate};
use trailproof::policy::{Setting, Severity, load};
use trailproof::simulator::{Account, Simulator, World, demo_organization};
use trailproof::snapshot::Snapshot;

fn judge(snapshot: &Snapshot, pack: &str) -> Report {
    judge_set(snapshot, pack, &[])
}

/// Judges with parameters set, each as `RULE.PARAM=VALUE`.
fn judge_set(snapshot: &Snapshot, pack: &str, set: &[&str]) -> Report {
    let policies = load(&[]).policies;
    let settings: Vec<Setting> = set.iter().map(|text| Setting::parse(text, &policies).unwrap()).collect();
    let question = Question {
        policies: &policies,
        packs: vec![pack.into()],
        settings: &settings,
        fail_on: Some(Severity::Medium),
        allow_incomplete: false,
    };
    evaluate(snapshot, String::new(), &question)
}

fn report(world: World) -> Report {
    judge(&read(&Simulator::new(world)), "recommended")
}

/// The rules that fail or are unknown: `rule outcome name`.
fn not_passed(report: &Report) -> BTreeSet<String> {
    let judgements = report.judgements.iter();
    let judgements =
        judgements.filter(|judgement| matches!(judgement.outcome, Outcome::Fail | Outcome::Unknown { .. }));
    judgements
        .map(|judgement| {
            let resource = judgement.resource.as_deref().unwrap_or("none");
            let name = resource.rsplit([':', '/']).next().unwrap_or("");
            let account = judgement.account.map(|account| account.to_string()).unwrap_or_default();
            let name = if name == "root" { account.as_str() } else { name };
            format!("{} {} {name}", judgement.policy, judgement.outcome.as_str())
        })
        .collect()
}

fn set(expected: &[&str]) -> BTreeSet<String> {
    expected.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_good_organization_passes_everything() {
    let report = report(good_world());
    assert_eq!(not_passed(&report), set(&[]));
    assert_eq!(report.gate.exit_code, 0);
    let judged: BTreeSet<&str> = report.judgements.iter().map(|judgement| judgement.policy.as_str()).collect();
    assert_eq!(judged.len(), load(&[]).policies.pack("recommended").unwrap().rules.len());
}

#[test]
fn the_demo_is_judged_as_it_was_planted() {
    let mut settings = settings();
    settings.entrance.as_mut().unwrap().role_name = "trailproof-audit".to_owned();
    let snapshot = try_read(&Simulator::new(demo_organization(jiff::Timestamp::now())), &settings).unwrap();
    let mut table = String::new();
    for judgement in judge(&snapshot, "recommended").judgements {
        if judgement.outcome == Outcome::Pass {
            continue;
        }
        let resource = judgement.resource.unwrap_or_default();
        let outcome = judgement.outcome.as_str();
        let severity = judgement.severity.as_str();
        writeln!(table, "{outcome:<14} {severity:<8} {:<28} {resource}", judgement.policy.to_string()).unwrap();
    }
    insta::assert_snapshot!(table);
}

/// A name, what is broken, and what must be found.
type Defect<'a> = (&'a str, fn(&mut World), &'a [&'a str]);

fn find_each(cases: &[Defect<'_>]) {
    for (name, plant, expected) in cases {
        let mut world = good_world();
        plant(&mut world);
        assert_eq!(not_passed(&report(world)), set(expected), "{name}");
    }
}

/// Nothing that one account fails to answer changes what rests on the others.
#[test]
fn an_account_that_cannot_be_entered_changes_no_other_result() {
    let whole = report(good_world());
    let mut world = good_world();
    world.accounts.push(Account::new("444444444444", "closed-door"));
    let holed = report(world);
    // What is said of all trails there are rests on every account.
    for judgement in whole.judgements.iter().filter(|judgement| judgement.policy.as_str() != "tamper-alert-path") {
        assert!(holed.judgements.contains(judgement), "{judgement:?}");
    }
    assert_eq!(not_passed(&holed).len(), 6);
    assert_eq!((holed.gate.complete, holed.gate.exit_code), (false, 3));
}
