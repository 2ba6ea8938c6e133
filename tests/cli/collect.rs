//! `collect`, and what a run leaves behind.

use std::fs;
use std::process::Command;

use crate::simulated::{ROLE, code, good_world, serve, stderr, stdout, trailproof};
use crate::{incomplete_world, run};
use trailproof::simulator::{Effect, Simulator, Weather};

#[test]
fn collect_writes_a_snapshot_and_says_how_to_judge_it() {
    let folder = tempfile::tempdir().unwrap();
    let served = serve(Simulator::new(incomplete_world()));
    let path = folder.path().join("s.json");
    let output = run(served.trailproof().args(["collect", "--role-name", ROLE, "-o"]).arg(&path));
    assert_eq!(code(&output), 3);
    assert!(stderr(&output).contains("trailproof check"));
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains(": null") && !text.contains(&served.simulator.credentials().1));
    assert_eq!(code(&run(trailproof().arg("check").arg(&path))), 3);
}

#[test]
fn collect_reads_what_its_rules_need_and_check_says_what_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    let served = serve(Simulator::new(good_world()));
    let collect = |name: &str, arguments: &[&str]| {
        let path = folder.path().join(name);
        let output = run(served.trailproof().args(["collect", "--role-name", ROLE, "-o"]).arg(&path).args(arguments));
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        path
    };
    let rules = folder.path().join("rules");
    fs::create_dir(&rules).unwrap();
    let rule = "id: trail-has-owner\ntitle: The trail has an owner\nseverity: high\nscope: trail\nassert: '\"owner\" in trail.tags'\n\
                message: \"{trail.name} has no owner\"\nwhy: So.\nfix: { text: Tag it. }\nexamples: []\n";
    fs::write(rules.join("trail-has-owner.yaml"), rule).unwrap();
    let own = rules.to_str().unwrap();
    let recommended = collect("recommended.json", &[]);
    assert_eq!(code(&run(trailproof().arg("check").arg(&recommended))), 0);
    let lacking = run(trailproof().args(["check", "--policies", own]).arg(&recommended));
    assert_eq!(code(&lacking), 3);
    for said in ["trail-has-owner", "  not collected  no rule that was selected", "with --everything"] {
        assert!(stdout(&lacking).contains(said), "{}", stdout(&lacking));
    }
    let output = run(trailproof().args(["check", "--policies", own, "--output", "json"]).arg(&recommended));
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let results = report["results"].as_array().unwrap();
    let owner = results.iter().find(|result| result["policy"] == "trail-has-owner").unwrap();
    assert!(owner["reason"].as_str().unwrap().contains("not-collected: no rule that was selected"), "{owner}");
    for arguments in [&["--policies", own][..], &["--everything"]] {
        let more = collect("more.json", arguments);
        assert_eq!(
            code(&run(trailproof().args(["check", "--policies", own]).arg(&more))),
            1,
            "it is known to have none"
        );
    }
    let output = run(trailproof().args(["collect", "-o", "x", "--pack", "recomended"]));
    assert_eq!((code(&output), stderr(&output).contains("--pack recomended")), (2, true));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_is_130_and_leaves_its_journal_alone() {
    let folder = tempfile::tempdir().unwrap();
    let never = vec![Weather::new(Effect::NeverAnswers).on("cloudtrail", "*")];
    let served = serve(Simulator::new(good_world()).with_weather(never));
    let path = folder.path().join("s.json");
    let mut child = served.trailproof().args(["collect", "--role-name", ROLE, "-o"]).arg(&path).spawn().unwrap();
    while !served.simulator.requests().iter().any(|request| request.operation == "DescribeTrails") {
        std::thread::sleep(std::time::Duration::from_millis(20));
        assert!(child.try_wait().unwrap().is_none());
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left, ["s.json.journal"], "what was read is kept, to go on with");
}

#[test]
fn no_secret_is_printed_at_any_log_level() {
    let served = serve(Simulator::new(incomplete_world()));
    let (_, secret) = served.simulator.credentials();
    let output = run(served.trailproof().args([
        "--log",
        "trace",
        "scan",
        "--role-name",
        ROLE,
        "--external-id",
        "s3cr3t-external-id",
        "--output",
        "json",
    ]));
    let printed = format!("{}{}", stdout(&output), stderr(&output));
    assert!(stderr(&output).contains("DescribeTrails"), "{}", stderr(&output));
    assert!(!printed.contains(&secret) && !printed.contains("s3cr3t"));
}
