//! Shards through the binary, as jobs run them, and the manifests of those jobs.

use std::path::{Path, PathBuf};

use serde_json::Value;
use trailproof::simulator::Simulator;

use super::simulated::{ROLE, Served, code, good_world, serve, stderr, stdout, trailproof};
use super::{same, without_run};

fn collect(served: &Served, path: &Path, arguments: &[&str]) -> std::process::Output {
    let mut command = served.trailproof();
    command.args(["collect", "--role-name", ROLE, "-o"]).arg(path).args(arguments).output().unwrap()
}

fn judged(path: &Path) -> (i32, Value) {
    let output = trailproof().arg("check").arg(path).args(["--output", "json", "--fail-on", "info"]).output().unwrap();
    (code(&output), without_run(serde_json::from_str(&stdout(&output)).unwrap()))
}

#[test]
fn three_jobs_and_a_merge_say_what_one_run_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let served = serve(Simulator::new(good_world()));
    assert_eq!(code(&collect(&served, &path("whole.json"), &[])), 0);
    let mut files: Vec<PathBuf> = Vec::new();
    for index in 0..3 {
        let file = path(&format!("{index}.json.gz"));
        let mut command = served.trailproof();
        command.env("JOB_COMPLETION_INDEX", index.to_string()).env("TRAILPROOF_SHARDS", "3");
        let output =
            command.args(["collect", "--role-name", ROLE, "--shard", "auto", "-o"]).arg(&file).output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert!(
            stderr(&output).contains(&format!("shard {}/3: {} of 3 accounts, 0 gaps", index + 1, [0, 1, 2][index])),
            "{}",
            stderr(&output)
        );
        files.push(file);
    }
    let merge = |files: &[PathBuf], more: &[&str]| {
        trailproof().arg("merge").args(files).arg("-o").arg(path("merged.json")).args(more).output().unwrap()
    };
    let output = merge(&files[..2], &[]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("missing: 3/3"), "{}", stderr(&output));
    assert!(!path("merged.json").exists());
    let output = merge(&files[..2], &["--allow-missing"]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    assert_eq!(judged(&path("merged.json")).0, 3);
    let output = merge(&files, &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let (exit, report) = judged(&path("merged.json"));
    assert_eq!(exit, 0);
    same("the binary's", &judged(&path("whole.json")).1, &report);
}

#[test]
fn a_shard_claims_no_completeness() {
    let served = serve(Simulator::new(good_world()));
    let scan =
        |arguments: &[&str]| served.trailproof().args(["scan", "--role-name", ROLE]).args(arguments).output().unwrap();
    let output = scan(&["--shard", "2/3"]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    for said in
        ["2 accounts of other shards: only shard 2/3 was read", "1 of 3 accounts observed", "coverage was incomplete"]
    {
        assert!(stdout(&output).contains(said), "{}", stdout(&output));
    }
    // Of this rule nothing is unknown: all trails that the shard sees are signed.
    let trails = ["--shard", "2/3", "--policies", "policies/log-file-validation.yaml", "--output", "json"];
    let report: Value = serde_json::from_str(&stdout(&scan(&trails))).unwrap();
    assert_eq!(report["run"]["only_shards"], "2/3");
    assert_eq!(report["summary"]["gate"]["complete"], false);
    for (arguments, expected) in [
        (&["scan", "--shard", "1/2"][..], "--role-name"),
        (&["scan", "--role-name", "x", "--shard", "3/2"], "give K/N"),
        (&["scan", "--role-name", "x", "--shard", "auto"], "JOB_COMPLETION_INDEX"),
        (&["merge", "no-such-file", "-o", "x"], "no-such-file"),
        (&["merge", "-o", "x"], "SNAPSHOT"),
    ] {
        let output = trailproof().args(arguments).output().unwrap();
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(stderr(&output).contains(expected), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn the_manifests_are_yaml_and_their_commands_are_ours() {
    let page = std::fs::read_to_string("docs/many-machines.md").unwrap();
    let blocks: Vec<&str> = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 3);
    for block in blocks {
        serde_yaml::from_str::<Value>(block).unwrap();
    }
    let mut checked = 0;
    for line in page.lines().filter(|line| line.contains("trailproof ") && line.contains(" --")) {
        for command in line.split("trailproof ").skip(1) {
            let Some(name) = command.split(' ').next().filter(|name| ["collect", "merge", "check"].contains(name))
            else {
                continue;
            };
            let help = stdout(&trailproof().args([name, "--help"]).output().unwrap());
            let command = command.split(['#', '|', '\'']).next().unwrap();
            for option in command.split(' ').filter(|word| word.starts_with("--")) {
                assert!(help.contains(option.split('=').next().unwrap()), "{name} {option}");
                checked += 1;
            }
        }
    }
    assert!(checked > 10, "{checked}");
}
