//! What results mean for controls.

use serde_json::{Value, json};
use trailproof::emit::{TextStyle, write_json, write_text};
use trailproof::evaluate::{Question, Report, Status, evaluate};
use trailproof::policy::{Setting, load};
use trailproof::simulator::{Denial, PolicyKind, Simulator, Trail, World};

use crate::folder_of;
use crate::simulated::{BUCKET, MEMBER, good_world, read};

const PACK: &str = r#"
source: https://example.org/framework
sources: { us: https://example.org/mapping }
rules: { log-bucket-retention: { parameters: { retention_days: 30 } } }
controls:
  - { id: "1", title: Signed, rules: { log-file-validation: us 4.2, multi-region-trail: us 4.1 } }
  - { id: "2", title: Encrypted, rules: { kms-cmk-encryption: us 4.5 } }
  - { id: "3", title: Sensitive, rules: { sensitive-bucket-data-events: us 4.8 } }
  - { id: "4", title: Asked, manual: Somebody must ask., rules: { log-file-validation: us 4.3 } }
  - { id: "5", title: Elsewhere, not_covered: Nothing reads it. }
  - { id: "6", title: Kept, rules: { log-bucket-retention: us 7 } }
  - { id: "7", title: Trusted, partly: Somebody must look further., rules: { log-file-validation: us 4.2 } }
"#;

fn report(world: World, set: &[&str], packs: &[&str]) -> Report {
    let (_folder, paths) = folder_of(&[("mine", PACK)]);
    let loaded = load(&paths);
    assert_eq!(loaded.diagnostics, vec![]);
    let settings: Vec<Setting> = set.iter().map(|id| Setting::parse_disabled(id, &loaded.policies).unwrap()).collect();
    let packs = packs.iter().map(|id| (*id).to_owned()).collect();
    let question =
        Question { policies: &loaded.policies, packs, settings: &settings, fail_on: None, allow_incomplete: false };
    evaluate(&read(&Simulator::new(world)), String::new(), &question)
}

fn statuses(report: &Report) -> Vec<&'static str> {
    report.frameworks[0].controls.iter().map(|control| control.status.as_str()).collect()
}

fn json_of(report: &Report) -> Value {
    let mut bytes = Vec::new();
    write_json(report, &mut bytes).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// What the text says of the framework.
fn section(report: &Report) -> String {
    let mut text = Vec::new();
    write_text(report, TextStyle::Plain, &mut text).unwrap();
    let text = String::from_utf8(text).unwrap();
    text.split("A pack  mine, version 3\n").nth(1).unwrap().split("\n\n").next().unwrap().to_owned()
}

#[test]
fn a_good_organization_passes_what_rules_prove() {
    let report = report(good_world(), &[], &["recommended", "mine"]);
    assert_eq!(report.frameworks.len(), 1);
    assert_eq!(statuses(&report), ["pass", "pass", "not-applicable", "manual", "not-covered", "pass", "manual"]);
    assert_eq!(report.gate.exit_code, 0);
    let framework = &json_of(&report)["frameworks"][0];
    assert_eq!(framework["pack"], "mine");
    assert_eq!(framework["version"], 3);
    let summary =
        json!({ "pass": 3, "fail": 0, "unknown": 0, "waived": 0, "not_applicable": 1, "manual": 2, "not_covered": 1 });
    assert_eq!(framework["summary"], summary);
    let rule = &framework["controls"][0]["rules"][0];
    assert_eq!((&rule["policy"], &rule["section"]), (&json!("log-file-validation"), &json!("4.2")));
    assert_eq!((&rule["pass"], &rule["fail"]), (&json!(1), &json!(0)));
    assert_eq!(framework["controls"][3]["reason"], "Somebody must ask.");
    assert_eq!(framework["controls"][3]["rules"][0]["pass"], 1);
    assert_eq!(framework["controls"][6]["reason"], "Somebody must look further.");
    let section = section(&report);
    assert!(section.contains("rules pass, for a human to check beyond them  4, 7\n"), "{section}");
}

#[test]
fn a_control_fails_where_one_of_its_rules_does() {
    let mut world = good_world();
    world.trails.push(Trail::new(MEMBER, "own", "eu-west-1", BUCKET));
    let report = report(world, &[], &["mine"]);
    assert_eq!(statuses(&report), ["fail", "fail", "not-applicable", "manual", "not-covered", "pass", "fail"]);
    insta::assert_snapshot!(section(&report), @"
      7 controls: 3 fail, 1 pass, 1 not applicable, 1 for a human to check, 1 not covered; a control is judged as far as its rules go
      fail     1  Signed
                  log-file-validation (1)
      fail     2  Encrypted
                  kms-cmk-encryption (1)
      fail     7  Trusted
                  log-file-validation (1)
      manual   4  Asked
                  log-file-validation (1)
      pass  6
      not applicable  3
      not covered  5
    ");
}

#[test]
fn a_control_counts_the_results_with_its_own_packs_parameters_alone() {
    // The recommended pack demands a year, this one 30 days: the bucket that keeps 90 fails the one and not the other.
    let mut world = good_world();
    let bucket = world.buckets.iter_mut().find(|bucket| bucket.name == BUCKET).unwrap();
    bucket.object_lock = None;
    bucket.lifecycle =
        Some(json!({ "Rules": [{ "ID": "e", "Status": "Enabled", "Filter": {}, "Expiration": { "Days": 90 } }] }));
    let report = report(world, &[], &["mine", "recommended"]);
    assert_eq!(report.frameworks[0].controls[5].status, Status::Pass);
    let retention: Vec<(&str, &str, Vec<&str>)> = report
        .judgements
        .iter()
        .filter(|judgement| judgement.policy.as_str() == "log-bucket-retention")
        .map(|judgement| {
            let packs = judgement.packs.iter().map(String::as_str).collect();
            (judgement.outcome.as_str(), judgement.resource.as_deref().unwrap(), packs)
        })
        .collect();
    let arn = "arn:aws:s3:::example-trail-logs";
    let mut expected = vec![("pass", arn, vec!["mine"]), ("fail", arn, vec!["recommended"])];
    let mut retention = retention;
    retention.sort();
    expected.sort();
    assert_eq!(retention, expected);
}

#[test]
fn what_was_left_out_is_not_covered() {
    let report = report(good_world(), &["multi-region-trail"], &["mine"]);
    assert_eq!(statuses(&report)[0], "not-covered");
    assert_eq!(report.frameworks[0].controls[0].reason.as_deref(), Some("left out: multi-region-trail"));
}

/// A trail that nobody saw may be unsigned: nothing passes for all trails while some account's are not known.
#[test]
fn what_nobody_saw_is_not_passed() {
    let mut world = good_world();
    let member = world.accounts.iter_mut().find(|account| account.id == MEMBER).unwrap();
    let denial = Denial::explicit(PolicyKind::ServiceControl, "cloudtrail:*").in_region("ap-*");
    *member = member.clone().with_denial(denial);
    let report = report(world, &[], &["mine"]);
    let encrypted = &report.frameworks[0].controls[1];
    assert_eq!(encrypted.status, Status::Unknown);
    assert!(encrypted.reason.as_ref().unwrap().starts_with("not all trails of one account could be listed"));
}
