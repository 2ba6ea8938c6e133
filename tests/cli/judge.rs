//! `check`: its exit codes, outputs and errors.

use std::fs;

use crate::simulated::{code, good_world, stderr, stdout, trailproof};
use crate::{bad_world, incomplete_world, json, run, snapshot_of};
use trailproof::simulator::Account;
use trailproof::snapshot::Snapshot;

#[test]
fn exit_codes_of_check() {
    let folder = tempfile::tempdir().unwrap();
    let good = snapshot_of(folder.path(), good_world());
    assert_eq!(code(&run(trailproof().arg("check").arg(&good))), 0);
    assert_eq!(code(&run(trailproof().args(["check", "--fail-on", "info"]).arg(&good))), 0);

    let bad = snapshot_of(folder.path(), bad_world());
    let output = run(trailproof().arg("check").arg(&bad));
    assert_eq!(code(&output), 1, "{}", stdout(&output));
    assert_eq!(code(&run(trailproof().args(["check", "--fail-on", "critical"]).arg(&bad))), 0);
    assert_eq!(code(&run(trailproof().args(["check", "--fail-on", "none"]).arg(&bad))), 0);

    let incomplete = snapshot_of(folder.path(), incomplete_world());
    let output = run(trailproof().arg("check").arg(&incomplete));
    assert_eq!(code(&output), 3, "{}", stdout(&output));
    assert!(stdout(&output).trim_end().ends_with("gate medium: pass, and coverage was incomplete"));
    assert_eq!(code(&run(trailproof().args(["check", "--allow-incomplete"]).arg(&incomplete))), 0);
    assert_eq!(code(&run(trailproof().args(["check", "--fail-on", "critical"]).arg(&incomplete))), 0);

    let mut both = bad_world();
    both.accounts.push(Account::new("444444444444", "closed-door"));
    let both = snapshot_of(folder.path(), both);
    let output = run(trailproof().arg("check").arg(&both));
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).trim_end().ends_with("gate medium: fail, and coverage was incomplete"));
}

#[test]
fn an_output_format_never_changes_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let bad = snapshot_of(folder.path(), bad_world());
    for format in ["text", "json", "sarif", "json=/dev/null"] {
        assert_eq!(code(&run(trailproof().args(["check", "--output", format]).arg(&bad))), 1, "{format}");
    }
}

#[test]
fn snapshots_that_cannot_be_read_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let good = fs::read(snapshot_of(folder.path(), good_world())).unwrap();
    let mut gzip = Vec::new();
    Snapshot::from_document(&good).unwrap().write_compressed(&mut gzip).unwrap();
    let newer = String::from_utf8(good.clone()).unwrap().replace("trailproof.snapshot/1", "trailproof.snapshot/9");
    let odd = String::from_utf8(good.clone()).unwrap().replace("\"breadth\": \"organization\"", "\"breadth\": 7");
    let cases: [(&str, &[u8], &str); 7] = [
        ("not-json", b"{ \"schema\": ", "not JSON"),
        ("other", b"{ \"a\": 1 }", "no snapshot"),
        ("list", b"[]", "no snapshot"),
        ("newer", newer.as_bytes(), "trailproof.snapshot/9"),
        ("odd", odd.as_bytes(), "does not fit the schema"),
        ("cut.gz", &gzip[..gzip.len() / 2], "damaged or cut short"),
        ("empty", b"", "not JSON"),
    ];
    for (name, bytes, expected) in cases {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let output = run(trailproof().arg("check").arg(&path));
        assert_eq!(code(&output), 2, "{name}");
        assert!(stderr(&output).contains(expected), "{name}: {}", stderr(&output));
        assert_eq!(stdout(&output), "");
    }
    let output = run(trailproof().args(["check", "no-such-file"]));
    assert_eq!((code(&output), stderr(&output).contains("no-such-file")), (2, true));
}

#[test]
fn usage_errors_are_two() {
    let folder = tempfile::tempdir().unwrap();
    let good = snapshot_of(folder.path(), good_world());
    let cases: [(&[&str], &str); 10] = [
        (&["check"], "SNAPSHOT"),
        (&["check", "x", "--output", "yaml"], "sarif, sarif-full, ocsf, asff and oscal"),
        (&["check", "x", "--output", "json", "--output", "text"], "two outputs go to stdout"),
        (&["check", "x", "--output", "json=a", "--output", "sarif=a"], "two outputs go to a"),
        (&["check", "x", "--fail-on", "bad"], "critical, high"),
        (&["check", "x", "--set", "log-bucket-retension.retention_days=1"], "did you mean `log-bucket-retention`?"),
        (&["check", "x", "--set", "log-bucket-retention.retention_day=1"], "did you mean `retention_days`?"),
        (&["check", "x", "--set", "log-bucket-retention.retention_days=many"], "no value of the type int"),
        (&["scan", "--accounts", "111111111111"], "--role-name"),
        (&["scan", "--accounts", "1234"], "an account id (twelve digits)"),
    ];
    for (arguments, expected) in cases {
        let output = run(trailproof().args(arguments));
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(stderr(&output).contains(expected), "{arguments:?}: {}", stderr(&output));
    }
    let rules = folder.path().join("rules");
    fs::create_dir(&rules).unwrap();
    fs::write(rules.join("broken.yaml"), "id: broken\nscope: trail\nassert: trail.nme\n").unwrap();
    let output = run(trailproof().arg("check").arg(&good).arg("--policies").arg(&rules));
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("did you mean `name`?") && stderr(&output).contains("broken.yaml:3:15"));
}

#[test]
fn an_output_that_cannot_be_written_is_five_and_the_others_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let good = snapshot_of(folder.path(), good_world());
    let report = folder.path().join("report.json");
    let output = run(trailproof()
        .arg("check")
        .arg(&good)
        .args(["--output", "sarif=/no/such/folder/x.sarif", "--output"])
        .arg(format!("json={}", report.display())));
    assert_eq!(code(&output), 5);
    assert!(stderr(&output).contains("/no/such/folder/x.sarif"));
    assert_eq!(json(&report)["summary"]["gate"]["exit_code"], 0);
}

#[test]
fn help_and_version_are_zero() {
    for arguments in [&["--help"][..], &["--version"], &["scan", "--help"], &["help", "check"]] {
        assert_eq!(code(&run(trailproof().args(arguments))), 0, "{arguments:?}");
    }
}
