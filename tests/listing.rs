//! How the accounts are listed: side by side, read as they come, or named by a file; whatever the way, the same is found.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use simulated::{
    ARCHIVE, MANAGEMENT, MEMBER, ROLE, Served, code, good_world, serve, settings, stderr, stdout, try_read,
};
use trailproof::collect::{Needs, Settings};
use trailproof::simulator::{Account, Effect, Role, Simulator, Weather, World};
use trailproof::snapshot::Snapshot;

/// Ninety accounts in nine units, of which one has three pages of them.
fn large() -> World {
    let mut world = good_world();
    for number in 0..90_u64 {
        let id = format!("{:012}", 600_000_000_000 + number * 7_919);
        let unit = if number < 45 { "Workloads".to_owned() } else { format!("Workloads/Team {}/Sandbox", number % 4) };
        world.accounts.push(Account::new(&id, &id).in_unit(&unit).with_role(Role::new(ROLE, MANAGEMENT)));
    }
    world
}

fn least() -> Settings {
    Settings { needs: Needs::of(&[]), ..settings() }
}

fn late(operation: &str, millis: u64) -> Weather {
    Weather::new(Effect::Latency(Duration::from_millis(millis))).on("organizations", operation)
}

/// The snapshot without times and counts.
fn timeless(snapshot: &Snapshot) -> String {
    fn forget(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.remove("read_at");
                fields.values_mut().for_each(forget);
            }
            Value::Array(items) => items.iter_mut().for_each(forget),
            _ => {}
        }
    }
    let mut value = serde_json::to_value(snapshot).unwrap();
    forget(&mut value);
    for key in ["run", "taken_at"] {
        value.as_object_mut().unwrap().remove(key);
    }
    serde_json::to_string_pretty(&value).unwrap()
}

fn read(simulator: &Simulator) -> Snapshot {
    try_read(simulator, &least()).unwrap()
}

#[test]
fn the_first_accounts_are_read_while_others_are_listed_and_the_same_is_found() {
    let simulator = Simulator::new(large());
    let expected = timeless(&read(&simulator));
    for weather in [
        vec![late("*", 8)],
        vec![late("ListAccountsForParent", 15)],
        vec![late("ListOrganizationalUnitsForParent", 15), late("ListAccountsForParent", 2).every(3)],
    ] {
        let simulator = simulator.with_weather(weather.clone());
        assert!(timeless(&read(&simulator)) == expected, "{weather:?}");
        let requests = simulator.requests();
        let entered = requests.iter().position(|asked| asked.operation == "AssumeRole").unwrap();
        let listed = requests.iter().rposition(|asked| asked.operation == "ListAccountsForParent").unwrap();
        assert!(entered < listed, "{weather:?}: {entered} {listed}");
        let mut entries: Vec<_> =
            requests.iter().filter(|asked| asked.operation == "AssumeRole").map(|asked| &asked.resource).collect();
        entries.sort();
        entries.dedup();
        assert_eq!(entries.len(), 92, "each account is entered, and once");
    }
}

#[test]
fn units_are_listed_side_by_side_within_what_organizations_takes() {
    let simulator = Simulator::new(large()).with_weather(vec![late("*", 40)]);
    let started = std::time::Instant::now();
    let planned = tokio::runtime::Runtime::new().unwrap().block_on(trailproof::collect::plan(
        &simulated::base(&simulator),
        simulator.http_client(),
        &least(),
    ));
    assert_eq!(planned.unwrap().1.accounts, 93);
    let asked = simulator.requests().iter().filter(|asked| asked.operation.ends_with("ForParent")).count();
    let one_by_one = Duration::from_millis(40) * u32::try_from(asked).unwrap();
    assert!(asked > 20 && started.elapsed() < one_by_one * 2 / 3, "{asked}: {:?}", started.elapsed());
}

/// A name that may be mistyped is known to be right before anybody is entered.
#[test]
fn where_accounts_are_named_nobody_is_entered_before_all_are_listed() {
    let simulator = Simulator::new(large()).with_weather(vec![late("*", 2)]);
    let mut settings = least();
    settings.selection.accounts = vec![MEMBER.parse().unwrap(), "999999999999".parse().unwrap()];
    let error = try_read(&simulator, &settings).unwrap_err();
    assert!(error.to_string().contains("no account 999999999999"), "{error}");
    assert!(simulator.requests().iter().all(|asked| asked.operation != "AssumeRole"));
}

#[test]
fn a_listing_that_breaks_off_ends_the_run() {
    let refused = Weather::new(Effect::Deny(String::new())).on("organizations", "ListAccountsForParent").after(6);
    let simulator = Simulator::new(large()).with_weather(vec![late("*", 5), refused]);
    let error = try_read(&simulator, &least()).unwrap_err();
    assert!(error.to_string().contains("organizations:ListAccountsForParent"), "{error}");
}

fn scan(served: &Served, arguments: &[&str]) -> Value {
    let output = served
        .trailproof()
        .args(["scan", "--role-name", ROLE, "--regions", "us-east-1", "--output", "json"])
        .args(arguments)
        .output()
        .unwrap();
    let mut report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stderr(&output)));
    for key in ["run", "snapshot"] {
        report.as_object_mut().unwrap().remove(key);
    }
    report
}

#[test]
fn accounts_of_a_file_are_those_of_the_command_line() {
    let served = serve(Simulator::new(good_world()));
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let both = format!("{MEMBER},{ARCHIVE}");
    let expected = scan(&served, &["--accounts", &both]);
    assert_eq!(expected["summary"]["accounts"]["total"], 2);
    let lines = file("lines", &format!("# those that hold logs\n{ARCHIVE} # log-archive\n\n{MEMBER}\n"));
    let json = file("list.json", &format!("[\n  \"{MEMBER}\",\n  \"{ARCHIVE}\"\n]\n"));
    assert_eq!(scan(&served, &["--accounts-file", &lines]), expected);
    assert_eq!(scan(&served, &["--accounts-file", &json]), expected);
    let one = file("one", ARCHIVE);
    assert_eq!(scan(&served, &["--accounts-file", &one, "--accounts", MEMBER]), expected);
    let mut command = served.trailproof();
    command.args(["plan", "--role-name", ROLE, "--accounts-file", "-", "--format", "json"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(MEMBER.as_bytes()).unwrap();
    let plan: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(plan["accounts"], 1);
    let snapshot = folder.path().join("s.json");
    let collected = served
        .trailproof()
        .args(["collect", "--role-name", ROLE, "--accounts-file", &one, "-o"])
        .arg(&snapshot)
        .output()
        .unwrap();
    assert!([0, 3].contains(&code(&collected)), "{}", stderr(&collected));
    let doctor = served.trailproof().args(["doctor", "--role-name", ROLE, "--accounts-file", &one]).output().unwrap();
    assert!(stdout(&doctor).contains("1 selected"), "{}", stdout(&doctor));
}

#[test]
fn every_mistake_of_a_file_is_told_with_line_and_column() {
    let served = serve(Simulator::new(good_world()));
    let folder = tempfile::tempdir().unwrap();
    let with = |text: &[u8]| {
        let path = folder.path().join("accounts");
        std::fs::write(&path, text).unwrap();
        let output =
            served.trailproof().args(["scan", "--role-name", ROLE, "--accounts-file"]).arg(&path).output().unwrap();
        assert_eq!(code(&output), 2, "{}", stderr(&output));
        stderr(&output)
    };
    let told = with(format!("{MEMBER}\n  1234 # short\n{MEMBER}\npayments\n").as_bytes());
    for said in [
        "accounts:2:3",
        "is it 000000001234?",
        "accounts:3:1",
        "named twice, first in line 1",
        "accounts:4:1",
        "3 mistakes in 1 file",
    ] {
        assert!(told.contains(said), "{said}\n{told}");
    }
    let told = with(format!("[\n  \"{MEMBER}\",\n  {ARCHIVE},\n  \"x\"\n]").as_bytes());
    for said in ["accounts:3:3", "between quotes", "accounts:4:3", "2 mistakes in 1 file"] {
        assert!(told.contains(said), "{said}\n{told}");
    }
    assert!(with(b"[1").contains("this is no JSON list"));
    assert!(with(b"# nobody\n").contains("no account is named"));
    assert!(with(b"\xff\n").contains("is no text"));
    assert!(with(b"999999999999\n").contains("no account 999999999999"));
    let output = served.trailproof().args(["scan", "--accounts-file", "x"]).output().unwrap();
    assert!(code(&output) == 2 && stderr(&output).contains("needs --role-name"), "{}", stderr(&output));
    let output =
        served.trailproof().args(["plan", "--role-name", ROLE, "--accounts-file", "/no/such"]).output().unwrap();
    assert!(code(&output) == 2 && stderr(&output).contains("/no/such"), "{}", stderr(&output));
    assert!(served.simulator.requests().iter().all(|asked| asked.operation != "AssumeRole"));
}
