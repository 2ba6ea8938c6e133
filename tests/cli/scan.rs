//! `scan` through a socket: what it says and how it ends.

use std::fs;

use crate::simulated::{MEMBER, ROLE, code, good_world, serve, stderr, stdout, trailproof};
use crate::{incomplete_world, json, run, scan};
use trailproof::simulator::{Account, AccountState, Effect, Simulator, Weather, World};

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
fn an_endpoint_that_is_no_address_is_told_without_what_was_asked() {
    let served = serve(Simulator::new(good_world()));
    for endpoint in ["nonsense", "http://a b/", "http://["] {
        let output = run(served.trailproof().env("AWS_ENDPOINT_URL", endpoint).args(["scan"]));
        assert_eq!(code(&output), 2);
        let told = stderr(&output);
        assert!(told.contains(&format!("endpoint `{endpoint}`")) && !told.contains("SdkBody"), "{told}");

        let mut command = served.trailproof();
        let services = [("KMS", "kms"), ("CONFIG_SERVICE", "config"), ("S3_CONTROL", "s3control")];
        for (variable, _) in services {
            command.env(format!("AWS_ENDPOINT_URL_{variable}"), endpoint);
        }
        let output = run(command.args(["scan", "--role-name", ROLE, "--pack", "all", "--output", "json"]));
        let report: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
        let gaps = report["gaps"].as_array().unwrap();
        for (_, service) in services {
            let of_service = |gap: &&serde_json::Value| gap["operation"].as_str().unwrap().starts_with(service);
            let gap = gaps.iter().find(of_service).unwrap_or_else(|| panic!("{service}: {gaps:?}"));
            assert_eq!(gap["cause"], "unreachable", "{gap}");
            let told = gap["message"].as_str().unwrap();
            assert!(told.contains("failed to apply endpoint") && !told.contains("SdkBody"), "{told}");
        }
    }
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
fn a_wrong_partition_is_told() {
    let served = serve(Simulator::new(good_world()));
    let output = scan(&served, &["--partition", "aws-us-gov"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("of the partition aws, not of aws-us-gov"), "{}", stderr(&output));
}
