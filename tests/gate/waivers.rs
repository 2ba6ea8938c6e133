//! Waivers: what they cover, when they hold, and what is said of each.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::simulated::{MEMBER, code, stderr, stdout};
use super::{RULE, UNSIGNED, exit_code, folder, put, report, result, run, with_closed_door, world};

/// A configuration with one waiver: what it covers, and when it ends.
fn waiver(covers: &str, expires: &str) -> String {
    format!(
        "waivers:\n  - {{ {covers}, reason: the vendor signs, owner: payments, ticket: SEC-1, expires: {expires} }}\n"
    )
}

fn configured(text: &str) -> tempfile::TempDir {
    let folder = folder();
    fs::write(folder.path().join("trailproof.yaml"), text).unwrap();
    folder
}

/// The failures of the member's trail that close the gate, all waived but for the rule that a test is about.
fn only(rule: &str) -> Vec<String> {
    let folder = folder();
    let report = report(folder.path(), &[]);
    let failures = report["results"].as_array().unwrap().iter().filter(|result| result["outcome"] == "fail");
    let others = failures.map(|result| result["policy"].as_str().unwrap().to_owned()).filter(|id| id != rule);
    others.flat_map(|id| ["--disable".to_owned(), id]).collect()
}

fn standing(report: &Value) -> &Value {
    assert_eq!(report["waivers"].as_array().unwrap().len(), 1);
    &report["waivers"][0]
}

#[test]
fn a_waived_failure_stays_in_the_report_and_opens_the_gate() {
    let folder = configured(&waiver(&format!("rule: {RULE}, arn: '{UNSIGNED}'"), "2027-03-31"));
    let others = only(RULE);
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    let report = report(folder.path(), &others);
    let waived = result(&report, RULE, UNSIGNED);
    assert_eq!(waived["outcome"], "waived");
    assert_eq!(waived["reason"], "fail beneath; waived until 2027-03-31 by payments (SEC-1): the vendor signs");
    let accepted = json!({ "reason": "the vendor signs", "owner": "payments", "ticket": "SEC-1", "since": null,
        "expires": "2027-03-31", "file": "trailproof.yaml", "line": 2 });
    assert_eq!(waived["waived"], json!({ "outcome": "fail", "waivers": [accepted] }));
    assert_eq!(report["summary"]["outcomes"]["waived"], 1);
    assert_eq!(report["summary"]["outcomes"]["fail"], 0);
    assert_eq!(exit_code(&report), 0);
    let standing = standing(&report);
    assert_eq!(
        (&standing["state"], &standing["covered"], &standing["days_left"]),
        (&json!("active"), &json!(1), &json!(131))
    );

    let beneath = super::report(folder.path(), &[&others[..], &["--no-waivers"]].concat());
    assert_eq!(result(&beneath, RULE, UNSIGNED)["outcome"], "fail");
    assert_eq!((exit_code(&beneath), &beneath["waivers"][0]["state"]), (1, &json!("ignored")));
}

#[test]
fn every_format_tells_of_what_is_waived() {
    let folder = configured(&waiver(&format!("rule: {RULE}, arn: '{UNSIGNED}'"), "2026-11-25"));
    let written = |format: &str| {
        let output = run(folder.path(), &["check", "snapshot.json", "--as-of", "2026-11-21", "--output", format]);
        stdout(&output)
    };
    let text = written("text");
    let line = format!("  {RULE} of {UNSIGNED}\n    1 result until 2026-11-25 by payments, SEC-1: the vendor signs\n");
    assert!(text.contains(&format!("Waived\n{line}")), "{text}");
    assert!(!text.contains("not met: Log file validation is on"), "{text}");
    assert!(text.contains("expiring   log-file-validation of arn:aws:cloudtrail:eu-west-1"), "{text}");
    assert!(text.contains("ends in 4 days, and waives 1 result (payments)  trailproof.yaml:2\n"), "{text}");
    assert!(text.trim_end().lines().last().unwrap().ends_with("; 1 waived; 1 waiver ending soon"), "{text}");
    assert!(written("markdown").contains("## Waived\n"), "{}", written("markdown"));
    let github = written("github");
    assert!(!github.contains(&format!("title={RULE}")), "{github}");
    assert!(github.contains("title=waiver expiring::log-file-validation of arn"), "{github}");
    let csv = written("csv");
    let row = csv.lines().find(|line| line.contains(",waived,")).unwrap();
    assert!(row.starts_with(&format!("{RULE},")) && row.ends_with(",,fail,payments,SEC-1,2026-11-25,"), "{row}");
    assert!(written("jsonl").contains("\"outcome\":\"waived\""));
    assert!(
        written("junit").contains("<skipped message=\"fail beneath; waived until 2026-11-25"),
        "{}",
        written("junit")
    );
    assert!(
        written("sarif").contains("\"ruleId\":\"") && !written("sarif").contains(&format!("\"ruleId\":\"{RULE}\""))
    );
}

/// The clock is the snapshot's, to the day; another day may be given.
#[test]
fn a_waiver_holds_to_its_last_day() {
    for (expires, arguments, state) in [
        ("2026-11-19", &[][..], "expired"),
        ("2026-11-20", &[], "expiring"),
        ("2026-12-04", &[], "expiring"),
        ("2026-12-05", &[], "active"),
        ("2026-12-05", &["--waiver-reminder-days", "15"], "expiring"),
        ("2026-12-05", &["--as-of", "2026-12-06"], "expired"),
        ("2026-12-05", &["--waiver-longest-days", "14"], "too-long"),
        ("2026-12-05", &["--waiver-longest-days", "15"], "active"),
    ] {
        let folder = configured(&waiver(&format!("rule: {RULE}, account: '{MEMBER}'"), expires));
        let report = report(folder.path(), arguments);
        assert_eq!(standing(&report)["state"], state, "{expires} {arguments:?}");
        assert_eq!(standing(&report)["covered"], 1);
        let waives = matches!(state, "expiring" | "active");
        let outcome = if waives { "waived" } else { "fail" };
        assert_eq!(result(&report, RULE, UNSIGNED)["outcome"], outcome, "{expires} {arguments:?}");
    }
    // The life of a waiver is counted from the day on which it was accepted.
    let since = waiver(&format!("rule: {RULE}, account: '{MEMBER}', since: 2026-01-01"), "2026-12-05");
    let folder = configured(&format!("gate: {{ waiver_longest_days: 337 }}\n{since}"));
    assert_eq!(standing(&report(folder.path(), &[]))["state"], "too-long");
    assert_eq!(standing(&report(folder.path(), &["--waiver-longest-days=338"]))["state"], "active");
}

#[test]
fn a_scope_takes_in_what_it_says_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = world();
    world.trails.last_mut().unwrap().tags.push(("stage".to_owned(), "test".to_owned()));
    put(folder.path(), "snapshot.json", world, "2026-11-20");
    for (scope, waives) in [
        (format!("arn: '{UNSIGNED}'"), true),
        ("arn: 'arn:aws:cloudtrail:eu-west-1:333333333333:trail/unsign'".to_owned(), false),
        ("arn: { glob: 'arn:aws:cloudtrail:*:333333333333:trail/un*' }".to_owned(), true),
        ("arn: { glob: 'arn:aws:cloudtrail:*:333333333333:trail/u' }".to_owned(), false),
        (format!("account: '{MEMBER}'"), true),
        ("account: '222222222222'".to_owned(), false),
        (format!("account: '{MEMBER}', region: eu-west-1"), true),
        (format!("account: '{MEMBER}', region: us-east-1"), false),
        ("ou: /".to_owned(), true),
        ("ou: /Sandbox".to_owned(), false),
        ("tag: stage=test".to_owned(), true),
        ("tag: stage=tes".to_owned(), false),
        ("tag: { glob: 'stage=t*' }".to_owned(), true),
    ] {
        fs::write(folder.path().join("waivers.yaml"), waiver(&format!("rule: {RULE}, {scope}"), "2027-03-31")).unwrap();
        let report = report(folder.path(), &["--waivers", "waivers.yaml"]);
        // Tags of accounts are not in the snapshot.
        let idle = if scope.starts_with("tag") { "open" } else { "unmatched" };
        let (outcome, state) = if waives { ("waived", "active") } else { ("fail", idle) };
        assert_eq!(result(&report, RULE, UNSIGNED)["outcome"], outcome, "{scope}");
        assert_eq!(standing(&report)["state"], state, "{scope}");
    }
}

/// What nobody could see may be accepted too; a result that another gap hides as well stays unknown.
#[test]
fn a_gap_may_be_waived_and_the_picture_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "snapshot.json", with_closed_door(super::simulated::good_world()), "2026-11-20");
    let write = |text: &str| fs::write(folder.path().join("trailproof.yaml"), text).unwrap();
    let open = report(folder.path(), &[]);
    assert_eq!(exit_code(&open), 3);
    let unknown = open["summary"]["outcomes"]["unknown"].as_u64().unwrap();
    assert!(unknown > 0);
    write(&waiver("gap: role-missing, account: '444444444444'", "2027-03-31"));
    let waived = report(folder.path(), &[]);
    assert_eq!((exit_code(&waived), &waived["summary"]["gate"]["complete"]), (0, &json!(true)), "{waived:#}");
    let waived_results = waived["summary"]["outcomes"]["waived"].as_u64().unwrap();
    assert_eq!(waived_results + waived["summary"]["outcomes"]["unknown"].as_u64().unwrap(), unknown);
    assert_eq!(standing(&waived)["covered"], waived_results);
    assert_eq!(waived["gaps"], open["gaps"], "what was not observed is told nevertheless");
    for other in ["gap: scp, account: '444444444444'", "gap: role-missing, region: eu-west-1"] {
        write(&waiver(other, "2027-03-31"));
        let report = report(folder.path(), &[]);
        assert_eq!((exit_code(&report), &standing(&report)["state"]), (3, &json!("unmatched")));
    }
}

#[test]
fn a_control_is_not_passed_by_a_waiver() {
    let folder = configured(&waiver(&format!("rule: {RULE}, account: '{MEMBER}'"), "2027-03-31"));
    let report = report(folder.path(), &["--pack", "cis-aws-foundations-5.0"]);
    let controls = report["frameworks"][0]["controls"].as_array().unwrap();
    let validation = controls.iter().find(|control| control["id"] == "3.2").unwrap();
    assert_eq!((&validation["status"], &validation["rules"][0]["waived"]), (&json!("waived"), &json!(1)));
}

/// An old snapshot is said to be one, by the clock or by the day that was given; in text alone, so that reports are equal.
#[test]
fn the_last_line_says_how_old_the_snapshot_is() {
    let folder = folder();
    let last = |arguments: &[&str]| {
        let output = run(folder.path(), &[&["check", "snapshot.json"], arguments].concat());
        stdout(&output).trim_end().lines().last().unwrap().to_owned()
    };
    assert!(last(&["--as-of", "2026-12-24"]).ends_with("; the snapshot is 34 days old"));
    assert!(!last(&["--as-of", "2026-11-27"]).contains("days old"));
    let old = |as_of: &str| report(folder.path(), &["--as-of", as_of]);
    let (mut one, two) = (old("2026-11-20"), old("2026-12-24"));
    one["summary"]["gate"]["as_of"] = "2026-12-24".into();
    assert_eq!(one, two);
}

fn told(folder: &Path, text: &str) -> String {
    fs::write(folder.join("trailproof.yaml"), text).unwrap();
    let output = run(folder, &["check", "snapshot.json", "--output", "json=never.json"]);
    assert_eq!(code(&output), 2, "{text}\n{}", stderr(&output));
    assert!(!folder.join("never.json").exists());
    stderr(&output)
}

#[test]
fn all_mistakes_of_waivers_are_told_at_once_with_their_places() {
    let folder = folder();
    let common = "reason: r, owner: o, ticket: t";
    insta::assert_snapshot!(told(
        folder.path(),
        &format!(
            "waivers:
  - {{ rule: log-file-validaton, account: '{MEMBER}', {common}, expires: 2027-01-01 }}
  - {{ rule: {RULE}, account: {MEMBER}, {common}, expires: 2027-02-30 }}
  - {{ rule: {RULE}, arn: 'arn:aws:s3:::acme-*', {common}, expires: tomorrow }}
  - {{ rule: {RULE}, arn: {{ glob: '*' }}, {common}, expires: 2027-01-01 }}
  - {{ rule: {RULE}, arn: {{ glob: 'arn:aws:s3:::[a-z]*' }}, {common}, expires: 2027-01-01 }}
  - {{ rule: {RULE}, {common}, expires: 2027-01-01 }}
  - {{ rule: {RULE}, account: '{MEMBER}', owner: o, ticket: '', expiry: 2027-01-01 }}
  - {{ gap: spc, ou: Production, {common}, expires: 2027-01-01 }}
  - {{ gap: scp, rule: {RULE}, ou: /Production, {common}, expires: 2027-01-01 }}
  - {{ rule: {RULE}, ou: /Production, tag: stage, {common}, since: 2027-02-01, expires: 2027-01-01 }}
  - {{ rule: {RULE}, ou: /Production, {common}, expires: 2027-01-01 }}
  - {{ rule: {RULE}, ou: /Production, {common}, expires: 2027-06-01 }}
"
        )
    ));
}

#[test]
fn tabs_anchors_and_merge_keys_are_told_with_their_places() {
    let folder = folder();
    for (text, message, place) in [
        ("waivers:\n\t- rule: x\n", "this is not YAML", "trailproof.yaml:2:"),
        ("waivers: &all\n  - rule: x\n", "an anchor: write the value out", "trailproof.yaml:"),
        ("waivers:\n  - &one { rule: x }\n  - <<: *one\n", "a merge key: write the values out", "trailproof.yaml:3:5"),
        ("waivers:\n  - &one { rule: x }\n  - *one\n", "an alias: write the value out", "trailproof.yaml:3:5"),
        ("waivers: none\n", "a list is expected here", "trailproof.yaml:1:10"),
    ] {
        let told = told(folder.path(), text);
        assert!(told.contains(message) && told.contains(place), "{text}\n{told}");
    }
    fs::write(folder.path().join("trailproof.yaml"), "").unwrap();
    let output = run(folder.path(), &["check", "snapshot.json", "--waivers", "gone.yaml"]);
    assert!(code(&output) == 2 && stderr(&output).contains("gone.yaml"), "{}", stderr(&output));
    let output = run(folder.path(), &["check", "snapshot.json", "--as-of", "soon"]);
    assert!(code(&output) == 2 && stderr(&output).contains("--as-of"), "{}", stderr(&output));
}

/// Two files may not waive the same: which of both counts would be chance.
#[test]
fn a_waiver_is_there_once_in_all_files() {
    let text = waiver(&format!("rule: {RULE}, account: '{MEMBER}'"), "2027-03-31");
    let folder = configured(&text);
    fs::write(folder.path().join("more.yaml"), &text).unwrap();
    let output = run(folder.path(), &["check", "snapshot.json", "--waivers", "more.yaml"]);
    assert_eq!(code(&output), 2);
    let told = stderr(&output);
    assert!(told.contains("this waiver covers what the one at trailproof.yaml:2 covers"), "{told}");
    assert!(told.contains("more.yaml:2:5"), "{told}");
}
