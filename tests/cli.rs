//! The binary as a user runs it: exit codes, outputs, errors.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use simulated::{MEMBER, ROLE, Served, code, good_world, read, serve, stderr, stdout, trailproof};
use trailproof::simulator::{Account, AccountState, Effect, Simulator, Trail, TrailStatus, Weather, World};
use trailproof::snapshot::Snapshot;

fn keep(folder: &Path, snapshot: &Snapshot) -> PathBuf {
    let path = folder.join("snapshot.json");
    snapshot.write_json(&mut fs::File::create(&path).unwrap()).unwrap();
    path
}

fn snapshot_of(folder: &Path, world: World) -> PathBuf {
    keep(folder, &read(&Simulator::new(world)))
}

fn bad_world() -> World {
    let mut world = good_world();
    let status = TrailStatus::logging(jiff::Timestamp::now());
    world
        .trails
        .push(Trail::new(MEMBER, "unsigned", "eu-west-1", simulated::BUCKET).multi_region().with_status(status));
    world.trails[0].status = TrailStatus::stopped(jiff::Timestamp::now());
    world
}

fn incomplete_world() -> World {
    let mut world = good_world();
    world.accounts.push(Account::new("444444444444", "closed-door"));
    world
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap()
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

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
        (&["check", "x", "--output", "yaml"], "text, json and sarif"),
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

fn scan(served: &Served, arguments: &[&str]) -> Output {
    run(served.trailproof().arg("scan").args(arguments))
}

#[test]
fn a_scan_through_a_socket_is_judged_like_its_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let served = serve(Simulator::new(good_world()));
    let path = |name: &str| folder.path().join(name).display().to_string();
    let output = scan(
        &served,
        &["--role-name", ROLE, "--snapshot", &path("s.json.gz"), "--output", &format!("json={}", path("a.json"))],
    );
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    let again = run(trailproof().args(["check", &path("s.json.gz"), "--output", &format!("json={}", path("b.json"))]));
    assert_eq!(code(&again), 0);
    assert_eq!(fs::read(path("a.json")).unwrap(), fs::read(path("b.json")).unwrap());
    assert_eq!(served.simulator.refused_writes(), vec![]);
    let report = json(&folder.path().join("a.json"));
    assert_eq!(report["gaps"], serde_json::json!([]));
    assert_eq!(report["summary"]["accounts"]["observed"], 3);
}

#[test]
fn two_scans_of_what_did_not_change_give_equal_reports() {
    let served = serve(Simulator::new(incomplete_world()));
    let report = || {
        let output = scan(&served, &["--role-name", ROLE, "--pack", "recommended", "--output", "json"]);
        let mut report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
        let parts = report.as_object_mut().unwrap();
        assert!(parts.remove("run").is_some() && parts.remove("snapshot").is_some());
        report
    };
    let first = report();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(first, report());
}

#[test]
fn a_run_of_one_account_says_so() {
    let served = serve(Simulator::new(good_world()));
    let output = scan(&served, &[]);
    let first = stdout(&output).lines().next().unwrap_or_default().to_owned();
    assert!(first.starts_with("account 111111111111 alone, no organization was listed"), "{first}");
    assert!(stderr(&output).contains("--role-name"));
    let output = scan(&served, &["--role-name", ROLE, "--account-only", "--output", "json"]);
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let results = report["results"].as_array().unwrap();
    let organization = results.iter().find(|result| result["policy"] == "organization-trail").unwrap();
    assert_eq!(organization["outcome"], "not-applicable");
    assert!(organization["reason"].as_str().unwrap().contains("no organization was listed"));
    assert_eq!(report["snapshot"]["organization"], serde_json::Value::Null);
}

#[test]
fn errors_of_reaching_aws_are_two_and_say_what_to_do() {
    let output = run(trailproof().args(["scan", "--region", "us-east-1"]));
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("no AWS credentials") && stderr(&output).contains("AWS_PROFILE"),
        "{}",
        stderr(&output)
    );

    let alone = serve(Simulator::new(World::with_account(Account::new("111111111111", "alone"))));
    let output = scan(&alone, &["--role-name", ROLE]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("leave out --role-name"), "{}", stderr(&output));

    let served = serve(Simulator::new(good_world()));
    let (key, secret) = served.simulator.credentials_of(MEMBER);
    let output = run(served.trailproof().env("AWS_ACCESS_KEY_ID", key).env("AWS_SECRET_ACCESS_KEY", secret).args([
        "scan",
        "--role-name",
        ROLE,
    ]));
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("management account"), "{}", stderr(&output));

    let output = run(served.trailproof().env("AWS_ACCESS_KEY_ID", "AKIANOBODY").args(["scan", "--role-name", ROLE]));
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("cannot tell who is asking"), "{}", stderr(&output));

    let output = run(served.trailproof().env("AWS_ENDPOINT_URL", "http://127.0.0.1:9").args(["scan"]));
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("AWS_ENDPOINT_URL"), "{}", stderr(&output));
}

#[test]
fn a_role_that_nobody_lets_in_leaves_the_callers_account_judged() {
    let served = serve(Simulator::new(good_world()));
    let output = scan(&served, &["--role-name", "wrong", "--output", "json"]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(report["summary"]["accounts"]["unobserved"], 2);
    assert!(report["gaps"].as_array().unwrap().iter().any(|gap| gap["cause"] == "role-missing"));
    let results = report["results"].as_array().unwrap();
    let own = results.iter().find(|result| result["policy"] == "log-file-validation").unwrap();
    assert_eq!(own["outcome"], "pass");
}

#[test]
fn nobody_to_scan_is_four() {
    let mut world = good_world();
    world.accounts.push(Account::new("444444444444", "gone").in_state(AccountState::Suspended));
    let served = serve(Simulator::new(world));
    assert_eq!(code(&scan(&served, &["--role-name", ROLE, "--accounts", "444444444444"])), 4);
    let output = scan(&served, &["--role-name", ROLE, "--accounts", "555555555555"]);
    assert_eq!((code(&output), stderr(&output).contains("555555555555")), (2, true));
}

#[test]
fn nothing_that_could_be_read_is_two() {
    let deny = Effect::Deny("User is not authorized with an explicit deny in a service control policy".to_owned());
    let served = serve(Simulator::new(good_world()).with_weather(vec![Weather::new(deny).on("cloudtrail", "*")]));
    let output = scan(&served, &["--account-only"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("nothing could be read"), "{}", stderr(&output));
}

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

#[test]
fn a_wrong_partition_is_told() {
    let served = serve(Simulator::new(good_world()));
    let output = scan(&served, &["--partition", "aws-us-gov"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("of the partition aws, not of aws-us-gov"), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_is_130_and_leaves_nothing_half_written() {
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
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn parameters_are_set_and_change_the_identity_of_a_result() {
    let folder = tempfile::tempdir().unwrap();
    let good = snapshot_of(folder.path(), good_world());
    let result = |arguments: &[&str]| {
        let output = run(trailproof().arg("check").arg(&good).args(["--output", "json"]).args(arguments));
        let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
        let results = report["results"].as_array().unwrap().clone();
        results.into_iter().find(|result| result["policy"] == "log-bucket-retention").unwrap()
    };
    let default = result(&[]);
    let longer = result(&["--set", "log-bucket-retention.retention_days=3650"]);
    assert_eq!((default["outcome"].as_str(), longer["outcome"].as_str()), (Some("pass"), Some("fail")));
    assert_eq!(longer["parameters"]["retention_days"], 3650);
    assert_ne!(default["fingerprint"], longer["fingerprint"]);
    let same = result(&["--set", "log-bucket-retention.retention_days=365"]);
    assert_eq!(default["fingerprint"], same["fingerprint"]);
}

#[test]
fn own_rules_are_judged_and_anchored_where_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    let good = snapshot_of(folder.path(), good_world());
    let root = folder.path().join("repository");
    fs::create_dir_all(root.join("rules")).unwrap();
    let rule = "id: trail-is-called-main\ntitle: Called main\nseverity: high\nscope: trail\nassert: trail.name == \"main\"\n\
                message: \"{trail.name} is not main\"\nwhy: So.\nfix: { text: Rename. }\nexamples: []\n";
    fs::write(root.join("rules/trail-is-called-main.yaml"), rule).unwrap();
    let output = run(trailproof().current_dir(folder.path()).arg("check").arg(&good).args([
        "--policies",
        "repository/rules",
        "--source-root",
        "repository",
        "--output",
        "sarif",
    ]));
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let log: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    let location = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "rules/trail-is-called-main.yaml");
    assert_eq!(location["region"]["startLine"], 5);
    let output =
        run(trailproof().arg("check").arg(&good).arg("--policies").arg(root.join("rules")).args(["--output", "sarif"]));
    let log: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    let location = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!(location["artifactLocation"]["uri"], "aws/111111111111/us-east-1/cloudtrail/org-trail");
}

#[test]
fn help_and_version_are_zero() {
    for arguments in [&["--help"][..], &["--version"], &["scan", "--help"], &["help", "check"]] {
        assert_eq!(code(&run(trailproof().args(arguments))), 0, "{arguments:?}");
    }
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
