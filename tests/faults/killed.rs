//! The binary, killed again and again, comes to what it comes to in one go.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;
use trailproof::simulator::{Effect, Simulator, Weather};

use super::journal::Chance;
use crate::simulated::{ROLE, Served, code, good_world, serve, stderr, trailproof};

fn start(served: &Served, snapshot: &Path, more: &[&str]) -> Child {
    let mut command = served.trailproof();
    command.args(["collect", "--role-name", ROLE, "--regions", "us-east-1,eu-west-1", "-o"]).arg(snapshot).args(more);
    command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The report of a snapshot, without what differs from run to run.
fn report(snapshot: &Path) -> Value {
    let output = trailproof().arg("check").arg(snapshot).args(["--pack", "all", "--output", "json"]).output().unwrap();
    let mut report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let parts = report.as_object_mut().unwrap();
    assert!(parts.remove("run").is_some() && parts.remove("snapshot").is_some());
    report
}

fn slow() -> Served {
    let latency = Weather::new(Effect::Latency(Duration::from_millis(15)));
    serve(Simulator::new(good_world()).with_weather(vec![latency]))
}

/// `TRAILPROOF_CRASHES` says how many times; a seed that is printed says when.
#[test]
fn a_run_that_is_killed_at_any_time_goes_on_to_the_same_report() {
    let folder = tempfile::tempdir().unwrap();
    let served = slow();
    let whole = folder.path().join("whole.json");
    assert!(start(&served, &whole, &[]).wait().unwrap().success());
    let expected = report(&whole);
    let crashes: u32 = std::env::var("TRAILPROOF_CRASHES").ok().and_then(|count| count.parse().ok()).unwrap_or(12);
    let mut chance = Chance::new();
    let (mut killed, mut finished) = (0, 0);
    let snapshot = folder.path().join("killed.json");
    while killed < crashes || finished == 0 {
        let mut child = start(&served, &snapshot, &["--resume"]);
        std::thread::sleep(Duration::from_millis(chance.below(700)));
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            assert_eq!(report(&snapshot), expected);
            assert!(!folder.path().join("killed.json.journal").exists());
            fs::remove_file(&snapshot).unwrap();
            finished += 1;
            continue;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        killed += 1;
        if snapshot.exists() {
            // It came in the moment between the last byte and the end.
            assert_eq!(report(&snapshot), expected);
            fs::remove_file(&snapshot).unwrap();
        }
        if killed >= crashes {
            assert!(start(&served, &snapshot, &["--resume"]).wait().unwrap().success());
            assert_eq!(report(&snapshot), expected);
            finished += 1;
        }
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_asked_to_stop_stops_at_once_keeps_what_it_read_and_says_how_to_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let never = Weather::new(Effect::NeverAnswers).on("cloudtrail", "GetEventSelectors");
    let simulator = Simulator::new(good_world());
    for signal in ["-INT", "-TERM"] {
        let served = serve(simulator.with_weather(vec![never.clone()]));
        let snapshot = folder.path().join(format!("s{signal}.json"));
        let child = start(&served, &snapshot, &[]);
        while !served.simulator.requests().iter().any(|request| request.operation == "GetEventSelectors") {
            std::thread::sleep(Duration::from_millis(20));
        }
        let asked = std::time::Instant::now();
        std::process::Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(asked.elapsed() < Duration::from_secs(5));
        assert_eq!(code(&output), 130);
        assert!(stderr(&output).contains("--resume goes on"), "{}", stderr(&output));
        let fine = serve(simulator.with_weather(Vec::new()));
        let output = start(&fine, &snapshot, &["--resume"]).wait_with_output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert!(stderr(&output).contains("going on with"), "{}", stderr(&output));
        assert!(!fine.simulator.requests().iter().any(|request| request.operation == "DescribeTrails"));
        let text = trailproof().arg("check").arg(&snapshot).output().unwrap();
        let text = String::from_utf8(text.stdout).unwrap();
        assert!(text.contains("of them were answered by the journal, the oldest at 20"), "{text}");
    }
}

#[test]
fn a_journal_is_named_or_stands_beside_the_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let served = serve(Simulator::new(good_world()));
    let scan =
        |arguments: &[&str]| served.trailproof().args(["scan", "--role-name", ROLE]).args(arguments).output().unwrap();
    let output = scan(&["--resume"]);
    assert_eq!((code(&output), stderr(&output).contains("name it with --journal")), (2, true));
    let output = scan(&["--journal", "/no/such/folder/journal"]);
    assert_eq!((code(&output), stderr(&output).contains("/no/such/folder/journal")), (2, true), "{}", stderr(&output));
    let left = folder.path().join("journal");
    fs::write(&left, "anything at all").unwrap();
    let output = scan(&["--journal", left.to_str().unwrap()]);
    assert_eq!((code(&output), stderr(&output).contains("is no journal")), (2, true), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(&left).unwrap(), "anything at all");
    fs::remove_file(&left).unwrap();
    let closed = Weather::new(Effect::Throttle).on("kms", "*");
    let throttled = serve(served.simulator.with_weather(vec![closed]));
    let arguments = ["scan", "--role-name", ROLE, "--call-timeout", "2", "--journal", left.to_str().unwrap()];
    let output = throttled.trailproof().args(arguments).output().unwrap();
    assert!(stderr(&output).contains("the same command with --resume asks them again"), "{}", stderr(&output));
    fs::copy(&left, folder.path().join("other")).unwrap();
    let other = folder.path().join("other");
    let output = scan(&["--journal", other.to_str().unwrap()]);
    assert!(code(&output) == 0 && stderr(&output).contains("it is begun anew"), "{}", stderr(&output));
    let output = scan(&["--journal", left.to_str().unwrap(), "--resume"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(!left.exists());
}
