//! Judging: summary, SARIF, outputs and exit code, and what becomes of alerts of what nobody could look at.

use std::fs;
use std::process::Output;

use serde_json::Value;

use super::simulated::{BUCKET, MEMBER, ROLE, Served, code, good_world, serve, stdout};
use super::{Runner, json};
use trailproof::simulator::{Simulator, Trail, TrailStatus, World};

/// A member's trail that fails a rule of medium severity; it may be that its account lets nobody in.
fn world(is_open: bool) -> World {
    let mut world = good_world();
    let status = TrailStatus::logging(jiff::Timestamp::now());
    world.trails.push(Trail::new(MEMBER, "unsigned", "eu-west-1", BUCKET).with_status(status));
    if !is_open {
        world.account_mut(MEMBER).unwrap().roles.clear();
    }
    world
}

/// Runs the steps as the action has them, up to the gate.
fn judged(runner: &Runner, served: &Served, inputs: &[(&str, &str)]) -> Output {
    let _ = fs::remove_file(runner.path("output"));
    let prepared = runner.step("prepare", inputs, &[]);
    assert!(prepared.status.success(), "{prepared:?}");
    let mut inputs = inputs.to_vec();
    inputs.push(("install", env!("CARGO_BIN_EXE_trailproof")));
    assert!(runner.step("install", &inputs, &[]).status.success());
    inputs.push(("role-name", ROLE));
    let (key, secret) = served.simulator.credentials();
    let endpoint = format!("http://{}", served.address);
    let variables = [
        ("AWS_ENDPOINT_URL", endpoint.as_str()),
        ("AWS_ACCESS_KEY_ID", &key),
        ("AWS_SECRET_ACCESS_KEY", &secret),
        ("AWS_REGION", "us-east-1"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    let output = runner.step("judge", &inputs, &variables);
    assert!(output.status.success(), "{output:?}");
    output
}

/// What the last step of the action ends with.
fn gate(runner: &Runner) -> i32 {
    code(&runner.step("Gate", &[], &[]))
}

fn alerts(runner: &Runner) -> Vec<Value> {
    json(&runner.outputs()["sarif"])["runs"][0]["results"].as_array().unwrap().clone()
}

fn is_of_the_bad_trail(alert: &&Value) -> bool {
    alert["ruleId"] == "log-file-validation" && alert.to_string().contains("trail/unsigned")
}

#[test]
fn a_scan_leaves_summary_alerts_report_and_snapshot_and_ends_with_its_code() {
    let (runner, served) = (Runner::new(), serve(Simulator::new(world(true))));
    let output = judged(&runner, &served, &[("fail-on", "info")]);
    let outputs = runner.outputs();
    assert_eq!((outputs["exit-code"].as_str(), outputs["upload"].as_str()), ("1", "true"));
    assert_eq!(gate(&runner), 1);
    assert!(alerts(&runner).iter().any(|alert| is_of_the_bad_trail(&alert)));
    assert_eq!(json(&outputs["report"])["summary"]["gate"]["exit_code"], 1);
    assert!(fs::metadata(&outputs["snapshot"]).unwrap().len() > 1000);
    assert!(runner.summary().contains("log-file-validation"), "{}", runner.summary());
    // The text is between marks that let nothing in it be a command; annotations come after.
    let printed = stdout(&output);
    let token = printed.split("::stop-commands::").nth(1).unwrap().lines().next().unwrap();
    let (text, commands) = printed.split_once(&format!("\n::{token}::\n")).unwrap();
    assert!(token.len() == 32 && text.contains("log-file-validation"), "{printed}");
    assert!(commands.contains("::notice") || commands.contains("::warning"), "{commands}");

    // The same snapshot, without credentials, in a pull request.
    let pull_request = Runner::new();
    let restored = pull_request.path("temp/trailproof/snapshot.json.gz");
    fs::create_dir_all(restored.parent().unwrap()).unwrap();
    fs::copy(&outputs["snapshot"], &restored).unwrap();
    let inputs = [("command", "check"), ("snapshot", restored.to_str().unwrap()), ("upload-sarif", "false")];
    let all = [&inputs[..], &[("fail-on", "critical"), ("annotations", "false"), ("summary", "false")]].concat();
    let output = judged(&pull_request, &served, &all);
    assert_eq!(gate(&pull_request), 0, "{output:?}");
    assert_eq!(pull_request.outputs()["upload"], "false");
    assert_eq!(pull_request.summary(), "");
}

#[test]
fn alerts_of_what_nobody_could_look_at_stay_open() {
    let runner = Runner::new();
    let open = serve(Simulator::new(world(true)));
    judged(&runner, &open, &[]);
    let kept = fs::read(runner.path("temp/trailproof/earlier/findings.sarif")).unwrap();
    assert_eq!(kept, fs::read(&runner.outputs()["sarif"]).unwrap());
    // The next run, with what the cache restored.
    let closed = serve(Simulator::new(world(false)));
    judged(&runner, &closed, &[]);
    let carried = alerts(&runner);
    let alert = carried.iter().find(is_of_the_bad_trail).unwrap();
    assert_eq!(alert["properties"]["carried"], true, "{alert}");
    assert_eq!(runner.outputs()["upload"], "true");
    judged(&runner, &closed, &[("incomplete", "accept")]);
    assert!(!alerts(&runner).iter().any(|alert| is_of_the_bad_trail(&alert)));
}

#[test]
fn where_the_run_before_is_lost_nothing_closes_unseen() {
    let runner = Runner::new();
    let served = serve(Simulator::new(world(false)));
    // GitHub has alerts of this organization.
    runner
        .put_program("gh", "echo trailproof/o-other; echo trailproof/o-exampleorg; echo \"$@\" > \"$RUNNER_TEMP/gh\"");
    let output = judged(&runner, &served, &[("allow-incomplete", "true"), ("fail-on", "none")]);
    assert!(stdout(&output).contains("::error title=Nothing was uploaded::"), "{output:?}");
    assert_eq!((runner.outputs()["upload"].as_str(), gate(&runner)), ("false", 5));
    assert!(!runner.path("temp/trailproof/earlier/findings.sarif").exists());
    let asked = fs::read_to_string(runner.path("temp/gh")).unwrap();
    assert!(
        asked.contains("repos/acme/audit/code-scanning/analyses") && asked.contains("ref=refs/heads/main"),
        "{asked}"
    );
    // Somebody decides; or it is the first run of this organization.
    judged(&runner, &served, &[("incomplete", "accept"), ("fail-on", "none"), ("allow-incomplete", "true")]);
    assert_eq!((runner.outputs()["upload"].as_str(), gate(&runner)), ("true", 0));
    let first = Runner::new();
    first.put_program("gh", "echo trailproof/o-other; exit 1");
    judged(&first, &served, &[]);
    assert_eq!(first.outputs()["upload"], "true");
}

#[test]
fn inputs_are_never_read_by_a_shell() {
    let (runner, served) = (Runner::new(), serve(Simulator::new(good_world())));
    let hostile = "a; touch pwned $(touch pwned) `touch pwned`\n\"$(touch pwned)";
    for input in
        ["fail-on", "config", "pack", "known", "arguments", "allow-incomplete", "snapshot", "command", "incomplete"]
    {
        judged(&runner, &served, &[(input, hostile)]);
        let ended = gate(&runner);
        assert!(ended == 2 || input == "snapshot" && ended == 0, "{input}: {ended}");
        assert_eq!(runner.outputs()["upload"] == "true", ended == 0, "{input}");
        assert_eq!(fs::read_dir(runner.path("workspace")).unwrap().count(), 0, "{input}");
    }
    assert!(runner.summary().contains("judged nothing (exit code 2)"));
    // One argument a line, whatever is in it.
    let two = "--disable\nlog-file-validation,insights-enabled\n";
    judged(&runner, &served, &[("arguments", two)]);
    let report = json(&runner.outputs()["report"]);
    let is_left_out = |result: &Value| result["policy"] != "log-file-validation";
    assert!(report["results"].as_array().unwrap().iter().all(is_left_out));
}
