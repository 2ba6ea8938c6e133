//! `trailproof diff`: what changed in verdicts and in configuration, and what cannot be seen any more.

use std::fs;
use std::path::Path;

use serde_json::Value;
use trailproof::simulator::World;

use super::simulated::{MEMBER, code, good_world, stderr, stdout};
use super::{RULE, UNSIGNED, folder, put, run, with_closed_door, world};

/// A folder with the snapshot as `old.json` and that of another world as `new.json`.
fn then(world: World) -> tempfile::TempDir {
    let folder = folder();
    fs::rename(folder.path().join("snapshot.json"), folder.path().join("old.json")).unwrap();
    put(folder.path(), "new.json", world, "2026-11-21");
    folder
}

fn diff(folder: &Path, old: &str, new: &str) -> (i32, Value) {
    let output = run(folder, &["diff", old, new, "--output", "json"]);
    let printed = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", stderr(&output)));
    (code(&output), printed)
}

/// The changes of a list that are of a subject, as `what kind`.
fn of(changes: &Value, key: &str, subject: &str, what: &str) -> Vec<String> {
    let changes = changes.as_array().unwrap().iter().filter(|change| change[key] == subject);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    changes.map(|change| format!("{} {}", text(&change[what]), text(&change["change"]))).collect()
}

#[test]
fn a_trail_that_was_put_right_is_told_by_setting_and_verdict() {
    let mut signed = world();
    signed.trails.last_mut().unwrap().log_file_validation = true;
    let folder = then(signed);
    let (exit, changes) = diff(folder.path(), "old.json", "new.json");
    assert_eq!((exit, &changes["same"]), (1, &Value::Bool(false)));
    let settings = of(&changes["configuration"], "subject", UNSIGNED, "path");
    assert_eq!(settings, ["configuration.log_file_validation_enabled changed"]);
    let fixed = format!("{RULE} fixed");
    let verdicts = of(&changes["verdicts"], "resource", UNSIGNED, "policy");
    assert_eq!(verdicts, ["digest-delivery-healthy other", &fixed]);

    let text = stdout(&run(folder.path(), &["diff", "old.json", "new.json"]));
    let expected = format!("{MEMBER}  {UNSIGNED}\n  configuration.log_file_validation_enabled  false → true\n");
    assert!(text.contains(&expected) && text.contains(&format!("  fixed       {RULE} (info): it was: ")), "{text}");
    assert!(text.trim_end().ends_with("1 setting changed; verdicts: 1 changed, 1 fixed, 1 other"), "{text}");
    let markdown = stdout(&run(folder.path(), &["diff", "old.json", "new.json", "--output", "markdown"]));
    assert!(markdown.contains(&format!("| fixed | {RULE} ")) && markdown.contains("false → true"), "{markdown}");

    // The other way around.
    let (_, changes) = diff(folder.path(), "new.json", "old.json");
    let verdicts = of(&changes["verdicts"], "resource", UNSIGNED, "policy");
    assert_eq!(verdicts, ["digest-delivery-healthy other", &format!("{RULE} new")]);

    // Of two reports: the verdicts, and the facts that the rules read.
    for name in ["old", "new"] {
        let (snapshot, report) = (format!("{name}.json"), format!("json={name}-report.json"));
        assert!(code(&run(folder.path(), &["check", &snapshot, "--output", &report])) < 2);
    }
    let (exit, changes) = diff(folder.path(), "old-report.json", "new-report.json");
    assert_eq!(exit, 1);
    assert!(of(&changes["verdicts"], "resource", UNSIGNED, "policy").contains(&fixed));
    let facts = of(&changes["configuration"], "subject", UNSIGNED, "path");
    assert!(facts.contains(&"trail.log_file_validation changed".to_owned()), "{facts:?}");
}

/// Two readings of the same organization differ in times alone.
#[test]
fn what_is_the_same_exits_with_zero() {
    let folder = then(world());
    let (exit, changes) = diff(folder.path(), "old.json", "new.json");
    assert_eq!((exit, &changes["same"]), (0, &Value::Bool(true)), "{changes:#}");
    let text = stdout(&run(folder.path(), &["diff", "old.json", "new.json"]));
    assert!(text.ends_with("\nnothing changed\n"), "{text}");
}

/// A lost permission is no fix, and nothing is gone because nobody could look.
#[test]
fn what_cannot_be_seen_any_more_is_not_gone() {
    let mut closed = with_closed_door(world());
    closed.account_mut(MEMBER).unwrap().roles.clear();
    let folder = then(closed);
    let (_, changes) = diff(folder.path(), "old.json", "new.json");
    assert_eq!(of(&changes["configuration"], "subject", UNSIGNED, "path"), [" unobserved"]);
    let verdicts = of(&changes["verdicts"], "resource", UNSIGNED, "policy");
    assert!(verdicts.contains(&format!("{RULE} unobserved")), "{verdicts:?}");
    assert!(verdicts.iter().all(|verdict| verdict.ends_with(" unobserved")), "{verdicts:?}");
    let fixed: Vec<&Value> =
        changes["verdicts"].as_array().unwrap().iter().filter(|one| one["change"] == "fixed").collect();
    assert!(fixed.is_empty(), "{fixed:#?}");
    let account = of(&changes["configuration"], "subject", MEMBER, "path");
    assert!(account.contains(&"regions unobserved".to_owned()), "{account:?}");

    let gone = then(good_world());
    let (_, changes) = diff(gone.path(), "old.json", "new.json");
    assert_eq!(of(&changes["configuration"], "subject", UNSIGNED, "path"), [" removed"]);
    let verdicts = of(&changes["verdicts"], "resource", UNSIGNED, "policy");
    assert!(verdicts.contains(&format!("{RULE} gone")), "{verdicts:?}");
}

#[test]
fn what_cannot_be_compared_is_an_error() {
    let folder = then(world());
    run(folder.path(), &["check", "old.json", "--output", "json=report.json"]);
    fs::write(folder.path().join("none.json"), "{}").unwrap();
    for (old, new, message) in [
        ("old.json", "report.json", "one of them is a report and the other a snapshot"),
        ("old.json", "none.json", "none.json is no report that can be read: no report"),
        ("gone.json", "new.json", "cannot read the report gone.json"),
    ] {
        let output = run(folder.path(), &["diff", old, new]);
        assert!(code(&output) == 2 && stderr(&output).contains(message), "{old} {new}: {}", stderr(&output));
    }
}
