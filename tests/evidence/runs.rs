//! What runs leave is verified: of scans, resumed runs, shards and snapshots that are judged.

use std::fs;

use serde_json::Value;
use trailproof::simulator::{DEMO_ROLE, Effect, Simulator, Weather, demo_organization};

use crate::simulated::{ROLE, code, serve, stderr, stdout, trailproof};
use crate::{WAIVERS, files, scan, served, verify};

#[test]
fn a_scan_is_derived_again_from_its_raw_answers() {
    let folder = tempfile::tempdir().unwrap();
    let (kept, waivers) = (folder.path().join("kept"), folder.path().join("waivers.yaml"));
    fs::write(&waivers, WAIVERS).unwrap();
    let output = scan(&served(), &kept, &["--waivers", waivers.to_str().unwrap(), "--pack", "all"]);
    assert!([1, 3].contains(&code(&output)), "{}", stderr(&output));
    let told = stderr(&output);
    let sha256 = told.split("manifest ").nth(1).unwrap().split(';').next().unwrap().to_owned();
    let output = verify(&kept, &["--manifest", &sha256]);
    let said = stdout(&output);
    assert_eq!(code(&output), 0, "{said}{}", stderr(&output));
    for line in ["o-exampleorg, read", "as expected", "byte for byte", "read again: the same snapshot", "\nsame\n"] {
        assert!(said.contains(line), "{line}: {said}");
    }

    let report: Value = serde_json::from_slice(&fs::read(kept.join("report.json")).unwrap()).unwrap();
    let causes: Vec<&str> =
        report["gaps"].as_array().unwrap().iter().map(|gap| gap["cause"].as_str().unwrap()).collect();
    for cause in ["scp", "role-missing", "malformed-answer"] {
        assert!(causes.contains(&cause), "{cause} is none of {causes:?}");
    }
    assert!(causes.iter().any(|cause| ["throttled", "unreachable", "timeout"].contains(cause)), "{causes:?}");
    assert!(report["summary"]["outcomes"]["waived"].as_u64().unwrap() > 0);

    // Each answer is found again by what AWS knows it by.
    let answers = fs::read_to_string(kept.join("answers/1.jsonl")).unwrap();
    let lines: Vec<Value> = answers.lines().skip(1).map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() > 100);
    let answered = lines.iter().flat_map(|line| line["answers"].as_array().unwrap());
    let sts = |line: &&Value| line["operation"] == "sts:AssumeRole";
    assert!(lines.iter().filter(sts).count() >= 3);
    for answer in answered {
        assert!(answer["request_id"].as_str().is_some_and(|id| !id.is_empty()), "{answer}");
    }
    assert!(!kept.join("INCOMPLETE").exists());
}

/// What is waived, known, configured and the user's own is part of it.
#[test]
fn all_that_decides_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let served = served();
    let first = served
        .trailproof()
        .args(["scan", "--role-name", ROLE, "--call-timeout", "8", "--output"])
        .arg(format!("json={}", path("known.json").display()))
        .args(["--snapshot"])
        .arg(path("snapshot.json"))
        .output()
        .unwrap();
    assert!([1, 3].contains(&code(&first)), "{}", stderr(&first));
    fs::create_dir_all(path("rules/packs")).unwrap();
    let own =
        fs::read_to_string("policies/log-file-validation.yaml").unwrap().replace("log-file-validation", "own-rule");
    fs::write(path("rules/own-rule.yaml"), own).unwrap();
    fs::write(
        path("trailproof.yaml"),
        format!(
            "organization:\n  external_id: >-\n    canary-external-id\n  role_name: {ROLE}\npolicies: [rules]\npacks: [all]\n\
             baselines:\n  - name: members\n    match: {{ accounts: [\"333333333333\"] }}\n    gate: {{ fail_on: low }}\n{WAIVERS}"
        ),
    )
    .unwrap();
    let kept = path("kept");
    let output = trailproof()
        .current_dir(folder.path())
        .args(["check", "snapshot.json", "--known", "known.json", "--as-of", "2027-01-01", "--set"])
        .args(["log-bucket-retention.retention_days=400", "--disable", "multi-region-trail", "--severity"])
        .args(["own-rule=critical", "--fail-on", "high", "--output", "json=/dev/null", "--evidence", "kept"])
        .output()
        .unwrap();
    assert!([0, 1, 3].contains(&code(&output)), "{}", stderr(&output));
    let output = verify(&kept, &[]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("none are kept: the snapshot is taken as it is"), "{}", stdout(&output));
    let configuration = fs::read_to_string(kept.join("configuration.yaml")).unwrap();
    assert!(configuration.contains("withheld"), "{configuration}");
    for file in files(&kept) {
        let text = fs::read_to_string(kept.join(&file)).unwrap();
        assert!(!text.contains("canary-external-id"), "{}", file.display());
    }
    let report: Value = serde_json::from_slice(&fs::read(kept.join("report.json")).unwrap()).unwrap();
    assert_eq!(report["baselines"][0]["file"], "trailproof.yaml");
    assert!(report["known"].is_object());
}

#[test]
fn a_resumed_run_keeps_what_the_journal_answered() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let journal = path("kept.journal");
    let first = served()
        .trailproof()
        .args(["scan", "--role-name", ROLE, "--call-timeout", "8", "--output", "json=/dev/null", "--journal"])
        .arg(&journal)
        .output()
        .unwrap();
    assert!(journal.exists(), "{}", stderr(&first));
    let kept = path("kept");
    let output = scan(&served(), &kept, &["--resume", "--journal", journal.to_str().unwrap()]);
    assert!(stderr(&output).contains("going on with"), "{}", stderr(&output));
    let output = verify(&kept, &[]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn shards_are_merged_with_their_answers() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let served = serve(Simulator::new(demo_organization(jiff::Timestamp::now())));
    let role = DEMO_ROLE;
    for shard in ["1", "2"] {
        let output = served
            .trailproof()
            .args(["collect", "--role-name", role, "--shard", &format!("{shard}/2"), "--output"])
            .args([path(&format!("{shard}.json")), "--evidence".to_owned(), path(shard)])
            .output()
            .unwrap();
        assert!([0, 3].contains(&code(&output)), "{}", stderr(&output));
        let output = verify(&folder.path().join(shard), &[]);
        assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
        assert!(stdout(&output).contains("no report is kept"), "{}", stdout(&output));
    }
    let merge = |from: [&str; 2], to: &str| {
        let arguments = [path(from[0]), path(from[1]), "--output".to_owned(), path("whole.json")];
        trailproof().arg("merge").args(arguments).args(["--evidence", &path(to)]).output().unwrap()
    };
    let output = merge(["1.json", "2"], "refused");
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("1.json holds no raw answers"), "{}", stderr(&output));
    let output = merge(["2", "1"], "whole");
    assert!([0, 3].contains(&code(&output)), "{}", stderr(&output));
    let judged = trailproof()
        .args(["check", &path("whole"), "--output", "json=/dev/null", "--evidence", &path("judged")])
        .output()
        .unwrap();
    assert_eq!(code(&judged), 1, "{}", stderr(&judged));
    for (name, verdicts) in [("whole", "no report is kept"), ("judged", "byte for byte")] {
        let output = verify(&folder.path().join(name), &[]);
        assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
        assert!(stdout(&output).contains(verdicts) && stdout(&output).contains("read again: the same snapshot"));
    }
}

/// Many answers at once, and some that come late: what was read does not depend on it.
#[test]
fn a_busy_run_is_derived_again() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("kept");
    let weather = vec![Weather::new(Effect::Throttle).on("cloudtrail", "*").every(4)];
    let served = serve(Simulator::new(demo_organization(jiff::Timestamp::now())).with_weather(weather));
    let output = served
        .trailproof()
        .args(["scan", "--role-name", DEMO_ROLE, "--pack", "all", "--deep", "--output"])
        .args(["json=/dev/null", "--evidence"])
        .arg(&kept)
        .output()
        .unwrap();
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let output = verify(&kept, &[]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
}
