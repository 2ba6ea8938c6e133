//! Evidence through the binary: what `--evidence` keeps, and what `verify` finds when any of it is changed.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/frayed.rs"]
mod frayed;
#[path = "support/simulated.rs"]
mod simulated;
mod evidence {
    mod answers;
    mod changed;
    mod refused;
    mod runs;
}

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use sha2::{Digest, Sha256};
use simulated::{MEMBER, ROLE, Served, good_world, serve, trailproof};
use trailproof::simulator::{Account, Effect, Simulator, Weather};

/// An organization with findings, an account that lets nobody in, and services that do not answer.
fn served() -> Served {
    let mut world = good_world();
    world.accounts.push(Account::new("444444444444", "closed-door"));
    let status = trailproof::simulator::TrailStatus::logging(jiff::Timestamp::now());
    let unsigned = trailproof::simulator::Trail::new(MEMBER, "unsigned", "eu-west-1", simulated::BUCKET);
    world.trails.push(unsigned.multi_region().with_status(status));
    let denied = Effect::Deny("User is not authorized with an explicit deny in a service control policy".to_owned());
    serve(Simulator::new(world).with_weather(vec![
        Weather::new(denied).on("sns", "*"),
        Weather::new(Effect::Throttle).on("logs", "DescribeMetricFilters"),
        Weather::new(Effect::ResetBeforeAnswer).on("kms", "GetKeyRotationStatus"),
        Weather::new(Effect::MalformedBody).on("events", "ListRules"),
    ]))
}

fn scan(served: &Served, evidence: &Path, arguments: &[&str]) -> Output {
    let mut command = served.trailproof();
    command.args(["scan", "--role-name", ROLE, "--call-timeout", "8", "--output", "json=/dev/null"]);
    command.arg("--evidence").arg(evidence).args(arguments).output().unwrap()
}

fn verify(folder: &Path, arguments: &[&str]) -> Output {
    trailproof().arg("verify").arg(folder).args(arguments).output().unwrap()
}

/// All files beneath a folder, by their ways from it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { found.push(path.strip_prefix(folder).unwrap().to_owned()) }
        }
    }
    found.sort();
    found
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Changes a file, and makes the manifest anew as a forger would who knows how.
fn forge(folder: &Path, file: &str, change: impl FnOnce(String) -> String) {
    let path = folder.join(file);
    let before = fs::read_to_string(&path).unwrap();
    let after = change(before.clone());
    assert_ne!(before, after, "{file}");
    fs::write(&path, &after).unwrap();
    reseal(folder, |manifest| {
        let entries = manifest["files"].as_array_mut().unwrap();
        let entry = entries.iter_mut().find(|entry| entry["path"] == file).unwrap();
        entry["bytes"] = after.len().into();
        entry["sha256"] = hex(after.as_bytes()).into();
    });
}

fn reseal(folder: &Path, change: impl FnOnce(&mut Value)) {
    let path = folder.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    manifest["seal"] = "".into();
    manifest["seal"] = hex(&serde_json::to_vec(&manifest).unwrap()).into();
    fs::write(&path, serde_json::to_string_pretty(&manifest).unwrap() + "\n").unwrap();
}

const WAIVERS: &str = "waivers:
  - rule: log-file-validation
    account: \"333333333333\"
    reason: it goes soon
    owner: platform team
    ticket: SEC-1
    expires: 2099-03-31
";
