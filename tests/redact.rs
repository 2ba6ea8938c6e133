//! Redaction through the binary: nothing that was planted comes out, in any format, and outputs stay what they are.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use simulated::{BUCKET, MEMBER, ROLE, code, good_world, serve, stderr, stdout, trailproof};
use trailproof::simulator::{Account, Bucket, Effect, Role, Simulator, Trail, TrailStatus, Weather, World};

const FORMATS: [&str; 13] = [
    "text",
    "json",
    "jsonl",
    "csv",
    "markdown",
    "html",
    "junit",
    "github",
    "sarif",
    "sarif-full",
    "ocsf",
    "asff",
    "oscal",
];

/// A name that is a common word, one with a space, one that begins another.
const NAMES: [&str; 8] = [
    "canaryland",
    "Canary Payments",
    "canary-closed",
    "canary-trail",
    "canary-trail-two",
    "canary-bucket-333333333333",
    "canary-user",
    "canary.mail",
];

/// What must not come out: names, ids of accounts that are ours, foreign and in messages, the organization's.
const CANARIES: [&str; 10] = [
    "anary",
    "111111111111",
    "222222222222",
    "333333333333",
    "444444444444",
    "999988887777",
    "exampleorg",
    "example-trail-logs",
    "example-access-logs",
    "0123abcd-4567-89ab-cdef-0123456789ab",
];

fn planted() -> World {
    let mut world = good_world();
    let status = || TrailStatus::logging(jiff::Timestamp::now());
    world.account_mut(MEMBER).unwrap().name = NAMES[1].to_owned();
    world.accounts.push(Account::new("444444444444", NAMES[2]));
    for name in [NAMES[3], NAMES[4]] {
        world.trails.push(Trail::new(MEMBER, name, "eu-west-1", NAMES[5]).with_status(status()));
    }
    let open = serde_json::json!({ "Version": "2012-10-17", "Statement": [
        { "Sid": NAMES[0], "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::999988887777:user/canary-user" },
          "Action": "s3:PutObject", "Resource": format!("arn:aws:s3:::{}/*", NAMES[5]) },
        { "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": format!("arn:aws:s3:::{}/*", NAMES[5]) },
    ] });
    world.buckets.push(Bucket::new(NAMES[5], MEMBER, "eu-west-1").with_policy(&open));
    world.accounts.push(Account::new("555555555555", NAMES[0]).with_role(Role::new(ROLE, simulated::MANAGEMENT)));
    world
}

fn weather() -> Vec<Weather> {
    let message = "User: arn:aws:sts::999988887777:assumed-role/canary-role/canary.mail@canary.example is not authorized \
                   to perform: kms:DescribeKey on canary-trail in o-canary12345, key 0123abcd-4567-89ab-cdef-0123456789ab, \
                   with an explicit deny in a service control policy";
    vec![Weather::new(Effect::Deny(message.to_owned())).on("kms", "*")]
}

const WAIVERS: &str = "waivers:
  - rule: log-file-validation
    arn: { glob: \"arn:aws:cloudtrail:eu-west-1:333333333333:trail/canary-trail*\" }
    reason: Canary Payments moves to canaryland (canary.mail@canary.example)
    owner: canary-owner
    ticket: CANARY-7
    expires: 2099-03-31
";

/// Nobody's tags are known, so that all accounts may be held to it.
const BASELINES: &str = "baselines: [{ name: of canaryland, match: { tags: [canary=canaryland] } }]\n";

/// A snapshot of it in a folder, waivers and a configuration.
fn kept(folder: &Path) -> PathBuf {
    let served = serve(Simulator::new(planted()).with_weather(weather()));
    let snapshot = folder.join("snapshot.json");
    let mut command = served.trailproof();
    command.args(["collect", "--everything", "--role-name", ROLE, "--output"]).arg(&snapshot);
    let output = command.output().unwrap();
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    fs::write(folder.join("waivers.yaml"), WAIVERS).unwrap();
    fs::write(folder.join("baselines.yaml"), BASELINES).unwrap();
    fs::write(folder.join("key"), "0123456789abcdef0123456789abcdef").unwrap();
    snapshot
}

fn check(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = trailproof();
    command.current_dir(folder).args([
        "check",
        "snapshot.json",
        "--pack",
        "all",
        "--waivers",
        "waivers.yaml",
        "--config",
        "baselines.yaml",
    ]);
    command.args(arguments).output().unwrap()
}

#[test]
fn nothing_that_was_planted_comes_out_of_any_format() {
    let folder = tempfile::tempdir().unwrap();
    kept(folder.path());
    let outputs: Vec<String> = FORMATS.iter().map(|format| format!("--output={format}=out.{format}")).collect();
    let outputs: Vec<&str> = outputs.iter().map(String::as_str).collect();
    let plain = check(folder.path(), &outputs);
    let before = fs::read_to_string(folder.path().join("out.json")).unwrap();
    for canary in ["anary", "999988887777", "0123abcd-4567-89ab-cdef-0123456789ab", "canary-owner"] {
        assert!(before.contains(canary), "{canary} is nowhere, so that its absence would prove nothing");
    }
    let redacted = check(folder.path(), &[&outputs[..], &["--redact", "--redact-key", "key"]].concat());
    assert_eq!(code(&redacted), code(&plain), "{}", stderr(&redacted));
    assert_eq!(stderr(&redacted), "");
    for format in FORMATS {
        let text = fs::read_to_string(folder.path().join(format!("out.{format}"))).unwrap().to_lowercase();
        for canary in CANARIES {
            if let Some(at) = text.find(canary) {
                let from = text[..at].char_indices().rev().nth(120).map_or(0, |(from, _)| from);
                panic!("{canary} is in {format}: {}", &text[from..(at + 60).min(text.len())]);
            }
        }
        for public in ["eu-west-1", "log-file-validation"] {
            let has_all = ["json", "jsonl", "csv", "html", "sarif-full"].contains(&format);
            assert!(text.contains(public) || !has_all, "{public} is not in {format}");
        }
    }

    // It says the same of others: the same results, in the shapes that they have, and it proves that nobody edited it.
    let after = fs::read_to_string(folder.path().join("out.json")).unwrap();
    let (before, after): (Value, Value) =
        (serde_json::from_str(&before).unwrap(), serde_json::from_str(&after).unwrap());
    assert_eq!(before["summary"], after["summary"]);
    let outcomes = |report: &Value| {
        let results = report["results"].as_array().unwrap().iter();
        let mut all: Vec<String> =
            results.map(|one| format!("{}{}{}", one["policy"], one["region"], one["outcome"])).collect();
        all.sort();
        all
    };
    assert_eq!(outcomes(&before), outcomes(&after));
    let organization = after["snapshot"]["organization"].as_str().unwrap();
    assert!(organization.starts_with("o-") && organization.len() == "o-exampleorg".len(), "{organization}");
    for result in after["results"].as_array().unwrap() {
        let account = result["account"].as_str().unwrap_or("000000000000");
        assert!(account.len() == 12 && account.bytes().all(|digit| digit.is_ascii_digit()), "{account}");
        assert!(result["resource"].as_str().unwrap_or("arn:aws:").starts_with("arn:aws:"), "{result}");
    }
    let output = trailproof().current_dir(folder.path()).args(["diff", "out.json", "out.json"]).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

#[test]
fn a_key_gives_the_same_pseudonyms_and_another_gives_others() {
    let folder = tempfile::tempdir().unwrap();
    kept(folder.path());
    fs::write(folder.path().join("other"), "another key of some length").unwrap();
    let fingerprints = |arguments: &[&str]| -> BTreeSet<String> {
        let output = check(folder.path(), &[&["--redact", "--output", "json"], arguments].concat());
        let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
        report["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["fingerprint"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = fingerprints(&["--redact-key", "key"]);
    assert_eq!(first, fingerprints(&["--redact-key", "key"]));
    let mut command = trailproof();
    command.current_dir(folder.path()).env("TRAILPROOF_REDACT_KEY", "0123456789abcdef0123456789abcdef");
    let output =
        command.args(["check", "snapshot.json", "--pack", "all", "--redact", "--output", "jsonl"]).output().unwrap();
    let named = |text: &str| first.iter().filter(|fingerprint| text.contains(*fingerprint)).count();
    assert_eq!(named(&stdout(&output)), first.len(), "{}", stderr(&output));
    assert!(first.is_disjoint(&fingerprints(&["--redact-key", "other"])));
    // What is not said cannot be found by trying fingerprints of the real resources either.
    let plain: Value = serde_json::from_str(&stdout(&check(folder.path(), &["--output", "json"]))).unwrap();
    let of_resources = plain["results"].as_array().unwrap().iter().filter(|one| !one["resource"].is_null());
    for result in of_resources {
        assert!(!first.contains(result["fingerprint"].as_str().unwrap()), "{result}");
    }
    let output = check(folder.path(), &["--redact", "--output", "json=/dev/null"]);
    assert!(stderr(&output).contains("differ from run to run"), "{}", stderr(&output));
}

#[test]
fn what_keeps_everything_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    kept(folder.path());
    fs::write(folder.path().join("short"), "short\n").unwrap();
    let cases: [(&[&str], &str); 4] = [
        (&["--redact", "--evidence", "kept"], "--evidence keeps what was read as it was read"),
        (&["--redact", "--redact-key", "short"], "16 bytes or more"),
        (&["--redact", "--redact-key", "nowhere"], "nowhere"),
        (&["--redact-key", "key"], "--redact"),
    ];
    for (arguments, why) in cases {
        let output = check(folder.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(stderr(&output).contains(why), "{}", stderr(&output));
        assert!(!stdout(&output).contains("anary"));
    }
    let output = trailproof().args(["scan", "--redact", "--snapshot", "s.json"]).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("--snapshot keeps what was read"), "{}", stderr(&output));
}

/// A trail called `main`, an account called `prod`: words that stand elsewhere too.
#[test]
fn names_that_are_words_are_replaced_where_they_stand_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = good_world();
    world.account_mut(MEMBER).unwrap().name = "prod".to_owned();
    let status = TrailStatus::logging(jiff::Timestamp::now());
    world.trails.push(Trail::new(MEMBER, "main", "eu-west-1", BUCKET).with_status(status));
    let snapshot = simulated::read(&Simulator::new(world));
    snapshot.write_json(&mut fs::File::create(folder.path().join("snapshot.json")).unwrap()).unwrap();
    let mut command = trailproof();
    command.current_dir(folder.path()).args(["check", "snapshot.json", "--redact", "--output", "json"]);
    let output = command.output().unwrap();
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let results = report["results"].as_array().unwrap();
    let unsigned =
        results.iter().find(|one| one["policy"] == "log-file-validation" && one["outcome"] == "fail").unwrap();
    let message = unsigned["message"].as_str().unwrap();
    assert!(message.starts_with("name-") && message.ends_with(" does not sign its log files"), "{message}");
    let name = message.split(' ').next().unwrap();
    assert!(unsigned["resource"].as_str().unwrap().ends_with(&format!("trail/{name}")), "{unsigned}");
    assert!(!stdout(&output).contains("trail/main"));
}
