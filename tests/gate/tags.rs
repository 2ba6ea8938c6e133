//! Tags of accounts: baselines and waivers by them, and what is said where nobody told them.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use trailproof::simulator::{Denial, PolicyKind, Simulator, World};

use super::simulated::{ARCHIVE, MANAGEMENT, MEMBER, ROLE, code, serve, stderr, stdout};
use super::{RULE, UNSIGNED, result, world};

const BY_TAG: &str = "
gate: { fail_on: critical }
baselines:
  - { name: production, match: { tags: [env=prod] }, gate: { fail_on: info } }
  - { name: trials, match: { names: [payments], tags: [{ glob: 'env=trial-*' }] }, rules: { log-file-validation: { disabled: true } } }
";

fn waiver_by_tag() -> String {
    format!(
        "waivers:\n  - {{ rule: {RULE}, tag: env=prod, reason: known, owner: payments, ticket: SEC-1, expires: 2099-03-31 }}\n"
    )
}

/// The organization with the bad trail, whose owner has a tag.
fn tagged(value: &str) -> World {
    with_tag(MEMBER, value)
}

fn with_tag(account: &str, value: &str) -> World {
    let mut world = world();
    let account = world.account_mut(account).unwrap();
    *account = account.clone().with_tag("env", value);
    world
}

fn silent(mut world: World) -> World {
    let caller = world.account_mut(MANAGEMENT).unwrap();
    let denial = Denial::implicit(PolicyKind::Identity, "organizations:ListTagsForResource");
    *caller = caller.clone().with_denial(denial);
    world
}

/// Scans a world by a configuration, with all outputs in a folder: the exit code, the report and the text.
fn scan(folder: &Path, world: World, configuration: &str, arguments: &[&str]) -> (i32, Value, String) {
    fs::write(folder.join("trailproof.yaml"), configuration).unwrap();
    let served = serve(Simulator::new(world));
    let mut command = served.trailproof();
    command.current_dir(folder).args(["scan", "--role-name", ROLE, "--snapshot", "snapshot.json"]);
    let output = command.args(["--output", "json=report.json", "--output", "text"]).args(arguments).output().unwrap();
    let report = fs::read(folder.join("report.json")).unwrap_or_else(|_| panic!("{}", stderr(&output)));
    (code(&output), serde_json::from_slice(&report).unwrap(), stdout(&output))
}

fn questions(report: &Value) -> &Value {
    &report["run"]["calls"]["organizations:ListTagsForResource"]
}

#[test]
fn a_tag_of_the_account_decides_its_baseline() {
    let folder = tempfile::tempdir().unwrap();
    let (code, report, text) = scan(folder.path(), tagged("prod"), BY_TAG, &["--fail-on", "critical"]);
    assert_eq!(code, 0, "{text}");
    let accounts = |report: &Value| [0, 1].map(|number| report["baselines"][number]["accounts"].clone());
    assert_eq!(accounts(&report), [json!([MEMBER]), json!([])]);
    assert_eq!(report["baselines"][0]["open"], json!([]));
    assert_eq!(result(&report, RULE, UNSIGNED)["baseline"], "production");
    assert_eq!(questions(&report)["answered"], 3, "{}", report["run"]["calls"]);
    let (_, report, _) = scan(folder.path(), tagged("trial-7"), BY_TAG, &[]);
    assert_eq!(accounts(&report), [json!([]), json!([MEMBER])]);

    let explained = super::run(folder.path(), &["explain", "payments", "--snapshot", "snapshot.json"]);
    assert!(stdout(&explained).contains("baseline  trials, the first that matches: name payments, tag env=trial-* ("));
    let unknown = super::run(folder.path(), &["explain", MEMBER]);
    let said = "baseline  none: what holds for the rest; or production, by tags of the account that are not known\n";
    assert!(stdout(&unknown).contains(said), "{}", stdout(&unknown));
}

/// The gate of the baseline that an account may be held to counts: what is judged instead proves nothing of it.
#[test]
fn tags_that_nobody_told_leave_the_gate_open_to_doubt() {
    let folder = tempfile::tempdir().unwrap();
    let (code, report, text) = scan(folder.path(), silent(tagged("prod")), BY_TAG, &[]);
    let everybody = json!([MANAGEMENT, ARCHIVE, MEMBER]);
    assert_eq!((&report["baselines"][0]["open"], &report["baselines"][1]["open"]), (&everybody, &json!([MEMBER])));
    assert_eq!(
        (code, &report["summary"]["gate"]["complete"], report["gaps"].as_array().unwrap().len()),
        (3, &json!(false), 3)
    );
    assert_eq!(report["gaps"][0]["operation"], "organizations:ListTagsForResource");
    let said =
        "held to baselines: production (0 accounts, and 3 may be: tags not read), trials (0 accounts, and 1 may be";
    assert!(text.contains(said), "{text}");
    let last = text.trim_end().lines().last().unwrap();
    assert!(last.contains("and coverage was incomplete"), "{last}");
    assert_eq!(scan(folder.path(), silent(tagged("prod")), BY_TAG, &["--allow-incomplete"]).0, 0);

    // A snapshot that was taken for other questions does not know tags either.
    scan(folder.path(), tagged("prod"), "packs: [recommended]", &[]);
    fs::write(folder.path().join("trailproof.yaml"), BY_TAG).unwrap();
    let report = super::report(folder.path(), &[]);
    assert_eq!((&report["baselines"][0]["open"], &report["summary"]["gate"]["complete"]), (&everybody, &json!(false)));
}

/// What a framework asks of accounts that may be held to it is not known.
#[test]
fn a_control_is_unknown_where_its_accounts_are() {
    let configuration = "baselines:\n  - { name: archive, match: { tags: [env=prod] }, packs: [fsbp] }\n";
    let folder = tempfile::tempdir().unwrap();
    let statuses = |report: &Value| -> Vec<Value> {
        let frameworks = report["frameworks"].as_array().unwrap();
        let of_fsbp = frameworks.iter().find(|framework| framework["pack"] == "fsbp").unwrap();
        let decided = of_fsbp["controls"].as_array().unwrap().iter().map(|control| control["status"].clone());
        decided.filter(|status| ["pass", "not-applicable", "unknown"].iter().any(|one| status == one)).collect()
    };
    let (_, report, _) = scan(folder.path(), with_tag(ARCHIVE, "prod"), configuration, &[]);
    assert!(statuses(&report).iter().any(|status| status != "unknown"));
    let (_, report, _) = scan(folder.path(), silent(with_tag(ARCHIVE, "prod")), configuration, &[]);
    assert!(!statuses(&report).is_empty() && statuses(&report).iter().all(|status| status == "unknown"), "{report}");
}

#[test]
fn an_alert_of_an_account_whose_baseline_is_not_known_stays() {
    let configuration = "rules: { log-file-validation: { disabled: true } }\nbaselines:\n  - { name: strict, match: { tags: [env=prod] }, rules: { log-file-validation: { disabled: false } } }\n";
    let folder = tempfile::tempdir().unwrap();
    let is_there = |name: &str| {
        fs::read_to_string(folder.path().join(name)).unwrap().contains(&format!("\"{RULE}\",\"ruleIndex\""))
    };
    scan(folder.path(), tagged("prod"), configuration, &["--output", "sarif=first.sarif"]);
    assert!(is_there("first.sarif"));
    let carry = ["--sarif-carry-from", "first.sarif"];
    let again = |world, name: &str| {
        scan(folder.path(), world, configuration, &[&["--output", &format!("sarif={name}")], &carry[..]].concat());
    };
    again(silent(tagged("prod")), "silent.sarif");
    assert!(is_there("silent.sarif"));
    again(tagged("other"), "other.sarif");
    assert!(!is_there("other.sarif"));
}

#[test]
fn a_waiver_by_a_tag_of_the_account_waits_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let told = |world: World| {
        let (_, report, text) = scan(folder.path(), world, &waiver_by_tag(), &[]);
        (result(&report, RULE, UNSIGNED)["outcome"].clone(), report["waivers"][0]["state"].clone(), text)
    };
    let (outcome, state, _) = told(tagged("prod"));
    assert_eq!((outcome, state), (json!("waived"), json!("active")));
    let (outcome, state, _) = told(tagged("test"));
    assert_eq!((outcome, state), (json!("fail"), json!("unmatched")));
    let (outcome, state, text) = told(silent(tagged("prod")));
    assert_eq!((outcome, state), (json!("fail"), json!("open")));
    assert!(text.contains("what it covers is not known: tags of accounts were not read"), "{text}");
}

/// Whoever sets up the permissions is told of the call, and others are not.
#[test]
fn the_permission_is_asked_for_where_tags_are() {
    let folder = tempfile::tempdir().unwrap();
    let allows = |configuration: &str| {
        fs::write(folder.path().join("trailproof.yaml"), configuration).unwrap();
        stdout(&super::run(folder.path(), &["permissions", "--of", "caller"]))
            .contains("organizations:ListTagsForResource")
    };
    assert!(allows(BY_TAG) && allows(&waiver_by_tag()) && !allows("packs: [recommended]"));
}
