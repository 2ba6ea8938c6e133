//! Known findings: what failed in an earlier report does not close the gate.

use std::fs;

use serde_json::{Value, json};

use super::simulated::{MEMBER, code, good_world, stderr, stdout};
use super::{RULE, UNSIGNED, exit_code, folder, put, report, result, run, with_closed_door, world};

/// A folder with a snapshot of the day before, its report as `old.json`, and the snapshot of today.
fn with_report() -> tempfile::TempDir {
    let folder = folder();
    report(folder.path(), &[]);
    fs::rename(folder.path().join("report.json"), folder.path().join("old.json")).unwrap();
    folder
}

#[test]
fn what_is_known_keeps_the_gate_open_and_what_is_new_closes_it() {
    let folder = with_report();
    let same = report(folder.path(), &["--known", "old.json"]);
    assert_eq!(exit_code(&same), 0);
    assert_eq!(result(&same, RULE, UNSIGNED)["known"], "unchanged");
    let failures = same["summary"]["outcomes"]["fail"].as_u64().unwrap();
    let known = &same["known"];
    assert_eq!((&known["new"], &known["unchanged"], &known["fixed"]), (&json!(0), &json!(failures), &json!(0)));
    // Worse than it was: new.
    let results = same["results"].as_array().unwrap();
    let finding = results.iter().find(|one| one["outcome"] == "fail" && one["severity"] != "info").unwrap();
    let raised = format!("{}=critical", finding["policy"].as_str().unwrap());
    let worse = report(folder.path(), &["--known", "old.json", "--severity", &raised]);
    assert_eq!((exit_code(&worse), &worse["known"]["new"]), (1, &json!(1)));

    let mut world = world();
    world.trails.last_mut().unwrap().name = "other".to_owned();
    put(folder.path(), "snapshot.json", world, "2026-11-21");
    let moved = report(folder.path(), &["--known", "old.json"]);
    assert_eq!(exit_code(&moved), 1);
    assert_eq!(result(&moved, RULE, &UNSIGNED.replace("unsigned", "other"))["known"], "new");
    let gone: Vec<&Value> = moved["known"]["gone"].as_array().unwrap().iter().map(|one| &one["resource"]).collect();
    assert!(gone.contains(&&json!(UNSIGNED)), "{gone:?}");
}

#[test]
fn what_passes_now_is_fixed_and_what_cannot_be_seen_is_not() {
    let folder = with_report();
    let mut signed = world();
    signed.trails.last_mut().unwrap().log_file_validation = true;
    put(folder.path(), "snapshot.json", signed, "2026-11-21");
    let fixed = report(folder.path(), &["--known", "old.json"]);
    assert_eq!((&result(&fixed, RULE, UNSIGNED)["known"], exit_code(&fixed)), (&json!("fixed"), 0));
    let output = run(folder.path(), &["check", "snapshot.json", "--known", "old.json"]);
    let text = stdout(&output);
    assert!(text.contains(" unchanged, 1 fixed\n") && text.contains("; 0 new since 2026-11-20T12:00:00Z"), "{text}");

    // The member lets nobody in any more: its trail is seen by nobody.
    let mut closed = with_closed_door(good_world());
    closed.account_mut(MEMBER).unwrap().roles.clear();
    put(folder.path(), "snapshot.json", closed, "2026-11-21");
    let closed = report(folder.path(), &["--known", "old.json"]);
    let unobserved = closed["known"]["unobserved"].as_array().unwrap();
    assert!(unobserved.iter().any(|one| one["resource"] == UNSIGNED), "{unobserved:?}");
    assert!(!closed["known"]["gone"].as_array().unwrap().iter().any(|one| one["resource"] == UNSIGNED));
}

/// A finding that was waived is not known: where its waiver has ended, it closes the gate.
#[test]
fn what_was_waived_is_new_once_the_waiver_has_ended() {
    let folder = folder();
    let waivers = format!(
        "waivers:\n  - {{ rule: {RULE}, account: '{MEMBER}', reason: r, owner: o, ticket: t, expires: 2026-11-30 }}\n"
    );
    fs::write(folder.path().join("trailproof.yaml"), waivers).unwrap();
    report(folder.path(), &[]);
    fs::rename(folder.path().join("report.json"), folder.path().join("old.json")).unwrap();
    let held = report(folder.path(), &["--known", "old.json"]);
    assert_eq!((exit_code(&held), &result(&held, RULE, UNSIGNED)["known"]), (0, &Value::Null));
    let ended = report(folder.path(), &["--known", "old.json", "--as-of", "2026-12-01"]);
    assert_eq!((exit_code(&ended), &result(&ended, RULE, UNSIGNED)["known"]), (1, &json!("new")));
}

#[test]
fn a_report_that_was_edited_or_is_none_is_refused_with_a_place() {
    let folder = with_report();
    let old = fs::read_to_string(folder.path().join("old.json")).unwrap();
    let failing = old.find("\"outcome\": \"fail\"").unwrap();
    let edited = |from: usize, what: &str, with: &str| {
        let at = from + old[from..].find(what).unwrap();
        format!("{}{with}{}", &old[..at], &old[at + what.len()..])
    };
    let result_end = failing + old[failing..].find("\n    },\n").unwrap() + "\n    },\n".len();
    let result_start = old[..failing].rfind("    {\n").unwrap();
    for (text, message) in [
        (edited(failing, "\"fail\"", "\"pass\""), "the summary counts other outcomes than there are"),
        (edited(failing, "\"fail\"", "\"passed\""), "unknown variant `passed`"),
        (edited(result_start, "\"policy\": \"", "\"policy\": \"x"), "the fingerprint is not that of"),
        (edited(failing, "\"fingerprint\": \"", "\"fingerprint\": \"g"), "sixteen hexadecimal digits"),
        (format!("{}{}", &old[..result_start], &old[result_end..]), "the summary counts other outcomes"),
        (edited(0, "trailproof.report/1", "trailproof.report/2"), "schema `trailproof.report/2`, and this version"),
        (edited(0, "trailproof.report/1", "trailproof.snapshot/1"), "no report: there is no key `schema`"),
        (old[..old.len() / 2].to_owned(), "not JSON"),
        (String::new(), "not JSON"),
        ("[]".to_owned(), "no report"),
    ] {
        fs::write(folder.path().join("edited.json"), text).unwrap();
        let output =
            run(folder.path(), &["check", "snapshot.json", "--known", "edited.json", "--output", "json=no.json"]);
        let told = stderr(&output);
        assert_eq!(code(&output), 2, "{message}: {told}");
        assert!(told.contains("edited.json") && told.contains(message), "{message}: {told}");
        assert!(message.starts_with("schema") || message.starts_with("no report") || told.contains("line "), "{told}");
        assert!(!folder.path().join("no.json").exists());
    }
    let output = run(folder.path(), &["check", "snapshot.json", "--known", "gone.json"]);
    assert!(code(&output) == 2 && stderr(&output).contains("gone.json"));
    let mut other = trailproof::simulator::World::with_organization("o-other", MEMBER);
    other.trails.clear();
    put(folder.path(), "other-snapshot.json", other, "2026-11-20");
    run(folder.path(), &["check", "other-snapshot.json", "--output", "json=other.json"]);
    let output = run(folder.path(), &["check", "snapshot.json", "--known", "other.json"]);
    assert!(code(&output) == 2 && stderr(&output).contains("that report is of o-other"), "{}", stderr(&output));
}
