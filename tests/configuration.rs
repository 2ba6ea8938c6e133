//! The configuration file and the options that say the same: what counts, and what is wrong with them.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use simulated::{code, good_world, read, stderr, trailproof};
use trailproof::simulator::Simulator;

/// A folder with a snapshot of a good organization, and a configuration.
fn folder_with(configuration: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = read(&Simulator::new(good_world()));
    snapshot.write_json(&mut fs::File::create(folder.path().join("snapshot.json")).unwrap()).unwrap();
    fs::write(folder.path().join("trailproof.yaml"), configuration).unwrap();
    folder
}

fn check(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = trailproof();
    command.current_dir(folder).args(["check", "snapshot.json", "--fail-on", "none", "--output", "json=report.json"]);
    command.args(arguments).output().unwrap()
}

fn report(folder: &Path, arguments: &[&str]) -> Value {
    let output = check(folder, arguments);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    serde_json::from_slice(&fs::read(folder.join("report.json")).unwrap()).unwrap()
}

fn results<'r>(report: &'r Value, rule: &str) -> Vec<&'r Value> {
    report["results"].as_array().unwrap().iter().filter(|result| result["policy"] == rule).collect()
}

/// The packs that chose something.
fn packs(report: &Value) -> Vec<&str> {
    let results = report["results"].as_array().unwrap().iter();
    let packs = results.flat_map(|result| result["packs"].as_array().unwrap()).map(|pack| pack.as_str().unwrap());
    packs.collect::<BTreeSet<_>>().into_iter().collect()
}

const WHOLE: &str = "
packs: [recommended, hipaa]
rules:
  log-bucket-retention: { parameters: { retention_days: 400 } }
  log-file-validation: { severity: critical }
  kms-cmk-encryption: { disabled: true }
";

#[test]
fn the_file_of_the_working_directory_counts() {
    let folder = folder_with(WHOLE);
    let report = report(folder.path(), &[]);
    assert_eq!(packs(&report), ["hipaa", "recommended"]);
    // Set beside the packs, a parameter is the same in both.
    let retention = results(&report, "log-bucket-retention");
    assert!(retention.iter().all(|result| result["parameters"]["retention_days"] == 400), "{retention:?}");
    assert_eq!(retention.len(), 1);
    assert!(results(&report, "log-file-validation").iter().all(|result| result["severity"] == "critical"));
    assert_eq!(results(&report, "kms-cmk-encryption").len(), 0);
    assert!(stderr(&check(folder.path(), &[])).contains("the rules are set as trailproof.yaml says"));
}

#[test]
fn the_command_line_counts_before_the_file() {
    let folder = folder_with(WHOLE);
    let arguments = [
        "--pack",
        "fsbp",
        "--pack",
        "recommended",
        "--set",
        "log-bucket-retention.retention_days=500",
        "--severity",
        "log-file-validation=info",
        "--disable",
        "organization-trail,multi-region-trail",
    ];
    let report = report(folder.path(), &arguments);
    assert_eq!(packs(&report), ["fsbp", "recommended"]);
    assert_eq!(results(&report, "log-bucket-retention")[0]["parameters"]["retention_days"], 500);
    assert_eq!(results(&report, "log-file-validation")[0]["severity"], "info");
    assert_eq!(results(&report, "organization-trail").len() + results(&report, "multi-region-trail").len(), 0);
    // What the file alone says still holds, and a control whose rule was left out is not covered.
    assert_eq!(results(&report, "kms-cmk-encryption").len(), 0);
    assert_eq!(report["frameworks"][0]["controls"][1]["status"], "not-covered");
}

#[test]
fn another_file_is_named_and_its_folders_are_found_from_it() {
    let folder = folder_with("packs: [nonsense]\n");
    let rules = folder.path().join("conf/rules");
    fs::create_dir_all(&rules).unwrap();
    let own =
        fs::read_to_string("policies/log-file-validation.yaml").unwrap().replace("log-file-validation", "own-rule");
    fs::write(rules.join("own-rule.yaml"), own).unwrap();
    fs::write(folder.path().join("conf/strict.yaml"), "policies: [rules]\nrules: { own-rule: { severity: high } }\n")
        .unwrap();
    let report = report(folder.path(), &["--config", "conf/strict.yaml"]);
    assert_eq!(results(&report, "own-rule")[0]["severity"], "high");
    assert_eq!(packs(&report), ["recommended"]);
}

#[test]
fn all_mistakes_are_told_at_once_with_their_places() {
    let folder = folder_with(
        "pack: [hipaa]
packs: [hippa, recommended]
policies: [rules, broken]
rules:
  log-file-validaton: { severity: high }
  log-bucket-retention:
    severity: hihg
    disabled: perhaps
    parameters: { retenton_days: 3, retention_days: long }
  own-rule: { severity: high }
",
    );
    fs::create_dir(folder.path().join("broken")).unwrap();
    fs::write(folder.path().join("broken/own-rule.yaml"), "id: own-rule\n").unwrap();
    let arguments =
        ["--pack", "fspb", "--set", "own-rule.days=3", "--disable", "organisation-trail", "--severity", "x"];
    let output = check(folder.path(), &arguments);
    assert_eq!(code(&output), 2);
    insta::assert_snapshot!(stderr(&output));
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let folder = folder_with("packs: [recommended");
    let told = |arguments: &[&str]| {
        let output = check(folder.path(), arguments);
        assert_eq!(code(&output), 2);
        stderr(&output)
    };
    let first = told(&[]);
    assert!(first.contains("this is not YAML") && first.contains("1 mistake in 1 file"), "{first}");
    assert!(told(&["--config", "other.yaml"]).contains("other.yaml"));
    fs::write(folder.path().join("other.yaml"), [0x70, 0xff, 0xfe]).unwrap();
    assert!(told(&["--config", "other.yaml"]).contains("the file is not UTF-8 (byte 1)"));
    fs::write(folder.path().join("other.yaml"), "packs: []\n").unwrap();
    assert!(told(&["--config", "other.yaml"]).contains("no pack is named"));
    fs::write(folder.path().join("other.yaml"), "- recommended\n").unwrap();
    assert!(told(&["--config", "other.yaml"]).contains("a mapping is expected here"));
}

/// What is read depends on the rules: `permissions` follows the file too. The demo does not.
#[test]
fn other_commands_follow_the_file_and_the_demo_does_not() {
    let folder = folder_with("packs: [fsbp]\n");
    let run = |arguments: &[&str]| trailproof().current_dir(folder.path()).args(arguments).output().unwrap();
    let few = run(&["permissions"]).stdout;
    let many = run(&["permissions", "--pack", "recommended"]).stdout;
    assert!(!few.is_empty() && few.len() < many.len());
    let demo = run(&["demo"]);
    assert!(String::from_utf8(demo.stdout).unwrap().contains("pack recommended"));
    fs::write(folder.path().join("trailproof.yaml"), "nonsense").unwrap();
    assert_eq!(code(&run(&["demo"])), 0);
}

/// What an organization says that it does is told beside the results, with who said it and when; less is a mistake.
#[test]
fn a_declaration_is_listed_and_names_an_owner_and_a_date() {
    const SIEM: &str = "our SIEM, security team, 2026-11-20";
    let declare = |what: &str| {
        let mut world = good_world();
        world.event_buses.clear();
        let folder = tempfile::tempdir().unwrap();
        let snapshot = read(&Simulator::new(world));
        snapshot.write_json(&mut fs::File::create(folder.path().join("snapshot.json")).unwrap()).unwrap();
        let text = format!("rules:\n  tamper-alert-path: {{ parameters: {{ declared: \"{what}\" }} }}\n");
        fs::write(folder.path().join("trailproof.yaml"), text).unwrap();
        trailproof().current_dir(folder.path()).args(["check", "snapshot.json"]).output().unwrap()
    };
    let output = declare(SIEM);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(code(&output), 0, "{text}");
    assert!(text.contains(&format!("Declared, and not proven\n  tamper-alert-path  {SIEM}\n")), "{text}");
    assert_eq!(code(&declare("")), 1, "nothing is declared, and nobody is told");
    let vague = declare("our SIEM");
    assert!(stderr(&vague).contains("say what is declared, by whom and when"), "{}", stderr(&vague));
}
