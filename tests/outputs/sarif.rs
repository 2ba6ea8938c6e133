//! SARIF, for GitHub and in full: what is written, what is left out, and what is carried from run to run.

use serde_json::Value;
use trailproof::anchor::Anchors;
use trailproof::emit::{EarlierAlerts, Incomplete, write_full_sarif, write_sarif};
use trailproof::evaluate::{Judgement, Outcome, Report};
use trailproof::facts::Scope;
use trailproof::policy::Severity;
use trailproof::simulator::{Simulator, Trail, TrailStatus};

use crate::simulated::{BUCKET, MEMBER, good_world, read};
use crate::{all, named, report, with_failures, written};

fn sarif(report: &Report, incomplete: Incomplete<'_>) -> Value {
    serde_json::from_str(&written(|writer| write_sarif(report, &Anchors::default(), incomplete, writer))).unwrap()
}

/// GitHub shows 5,000 results of a run: the worst are among them, and one tells of the others.
#[test]
fn github_is_given_what_it_shows_and_told_of_the_rest() {
    let mut report = with_failures(25_001);
    let worst = report.judgements.iter_mut().rfind(|one| one.outcome == Outcome::Fail).unwrap();
    worst.severity = Severity::Critical;
    worst.message = "the worst of all".into();
    let log = sarif(&report, Incomplete::Accept);
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 5_000);
    assert_eq!(results.iter().filter(|one| one["message"]["text"] == "the worst of all.").count(), 1);
    let rest = results.last().unwrap();
    assert_eq!(rest["ruleId"], "results-left-out");
    assert!(rest["message"]["text"].as_str().unwrap().starts_with("20002 more findings are not shown here"), "{rest}");
    let rule = usize::try_from(rest["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], "results-left-out");
    assert_eq!(log, sarif(&report, Incomplete::Accept), "the same input gives the same log");
}

/// Accounts that fail for one cause are one alert, which lists them.
#[test]
fn accounts_with_one_cause_are_one_result() {
    let mut report = named("plain");
    let template = report.judgements.iter().find(|one| one.scope == Scope::Account).unwrap().clone();
    let others = ["555555555555", "666666666666"].map(|id| id.parse().unwrap());
    let failures = others.map(|id| Judgement { account: Some(id), outcome: Outcome::Fail, ..template.clone() });
    report.judgements.retain(|one| one.policy != template.policy);
    let at = report.judgements.partition_point(|one| one.policy < template.policy);
    report.judgements.splice(at..at, failures.clone());
    let log = sarif(&report, Incomplete::Accept);
    let of_rule: Vec<&Value> = log["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["ruleId"] == template.policy.as_str())
        .collect();
    assert_eq!(of_rule.len(), 1);
    assert_eq!(of_rule[0]["properties"]["accounts"], serde_json::json!(["555555555555", "666666666666"]));
    assert!(of_rule[0]["message"]["text"].as_str().unwrap().starts_with("2 accounts, among them 555555555555: "));
    // The alert is the same when another account has the cause.
    let third = Judgement { account: Some("777777777777".parse().unwrap()), ..failures[0].clone() };
    report.judgements.insert(at, third);
    let more = sarif(&report, Incomplete::Accept);
    let of_more =
        more["runs"][0]["results"].as_array().unwrap().iter().find(|one| one["ruleId"] == template.policy.as_str());
    assert_eq!(of_more.unwrap()["partialFingerprints"], of_rule[0]["partialFingerprints"]);
    assert_eq!(of_more.unwrap()["locations"][0]["physicalLocation"], of_rule[0]["locations"][0]["physicalLocation"]);
}

#[test]
fn the_full_profile_has_every_result_and_its_controls() {
    for report in all() {
        let text = written(|writer| write_full_sarif(report, &Anchors::default(), writer));
        let log: Value = serde_json::from_str(&text).unwrap();
        let run = &log["runs"][0];
        assert_eq!(run["invocations"][0]["executionSuccessful"], report.gate.complete);
        let results = run["results"].as_array().unwrap();
        assert_eq!(results.len(), report.judgements.len());
        for (result, judgement) in results.iter().zip(&report.judgements) {
            let kind = match judgement.outcome {
                Outcome::Pass => "pass",
                Outcome::Fail | Outcome::Waived { .. } => "fail",
                Outcome::Unknown { .. } => "open",
                Outcome::NotApplicable { .. } => "notApplicable",
            };
            assert_eq!(result["kind"], kind);
        }
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        for reference in rules.iter().flat_map(|rule| rule["relationships"].as_array().into_iter().flatten()) {
            let target = &reference["target"];
            let at = |key: &Value| usize::try_from(key.as_u64().unwrap()).unwrap();
            let taxonomy = &run["taxonomies"][at(&target["toolComponent"]["index"])];
            assert_eq!(taxonomy["name"], target["toolComponent"]["name"]);
            assert_eq!(taxonomy["taxa"][at(&target["index"])]["id"], target["id"]);
        }
    }
}

/// One account is not let into any more: its alerts stay open, run after run, until it can be looked at again.
#[test]
fn alerts_of_what_cannot_be_looked_at_are_carried() {
    let mut world = good_world();
    let status = TrailStatus::logging(jiff::Timestamp::now());
    world.trails.push(Trail::new(MEMBER, "unsigned", "eu-west-1", BUCKET).with_status(status));
    let open = report(&read(&Simulator::new(world.clone())));
    let first = sarif(&open, Incomplete::Accept);
    let of = |log: &Value| -> Vec<String> {
        let results = log["runs"][0]["results"].as_array().unwrap();
        let about = results.iter().filter(|one| one["properties"]["account"] == MEMBER);
        about.map(|one| one["partialFingerprints"]["primaryLocationLineHash"].to_string()).collect()
    };
    assert!(!of(&first).is_empty());
    world.account_mut(MEMBER).unwrap().roles.clear();
    let closed = report(&read(&Simulator::new(world)));
    let refused = sarif(&closed, Incomplete::Refuse);
    assert_eq!(refused["runs"][0]["invocations"][0]["executionSuccessful"], false);
    let accepted = sarif(&closed, Incomplete::Accept);
    assert_eq!(accepted["runs"][0]["invocations"][0]["executionSuccessful"], true);
    assert!(of(&accepted).len() < of(&first).len(), "without the earlier log, they would close");
    let mut earlier = EarlierAlerts::read(first.to_string().as_bytes()).unwrap();
    for _ in 0..2 {
        assert!(earlier.is_of(&closed));
        let carried = sarif(&closed, Incomplete::Carry(&earlier));
        assert_eq!(carried["runs"][0]["invocations"][0]["executionSuccessful"], true);
        assert!(of(&first).iter().all(|print| of(&carried).contains(print)), "{carried}");
        earlier = EarlierAlerts::read(carried.to_string().as_bytes()).unwrap();
    }
    let again = sarif(&open, Incomplete::Carry(&earlier));
    assert_eq!(again, sarif(&open, Incomplete::Accept), "what is seen again is not carried");
}

#[test]
fn a_log_that_github_would_refuse_is_not_carried() {
    let log = sarif(&named("plain"), Incomplete::Accept);
    let broken = |change: fn(&mut Value)| {
        let mut log = log.clone();
        change(&mut log);
        EarlierAlerts::read(log.to_string().as_bytes()).unwrap_err()
    };
    assert!(EarlierAlerts::read(b"{").unwrap_err().starts_with("not JSON"));
    assert!(broken(|log| log["runs"][0]["tool"]["driver"]["name"] = "other".into()).contains("no SARIF log that"));
    assert!(
        broken(|log| log["runs"][0]["results"][0]["locations"] = serde_json::json!([]))
            .contains("runs[0].results[0]: its location")
    );
    assert!(
        broken(|log| log["runs"][0]["results"][0]["message"] = serde_json::json!({ "id": "found" }))
            .contains("no text")
    );
    assert!(
        broken(|log| {
            let place = &mut log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
            place["uri"] = "arn:aws:s3:::logs".into();
        })
        .contains("not a path")
    );
}
