//! The gate through the binary: waivers, what was known before, and what is told of both.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "gate/configuration.rs"]
mod configuration;
#[path = "gate/diff.rs"]
mod diff;
#[path = "gate/formats.rs"]
mod formats;
#[path = "gate/known.rs"]
mod known;
#[path = "support/simulated.rs"]
mod simulated;
#[path = "gate/tags.rs"]
mod tags;
#[path = "gate/waivers.rs"]
mod waivers;

use std::fs;
use std::path::Path;
use std::process::Output;
use std::sync::OnceLock;

use serde_json::Value;
use simulated::{BUCKET, MEMBER, good_world, read, trailproof};
use trailproof::simulator::{Account, Simulator, Trail, TrailStatus, World};

/// The trail of a member that fails a few rules.
const UNSIGNED: &str = "arn:aws:cloudtrail:eu-west-1:333333333333:trail/unsigned";
const RULE: &str = "log-file-validation";

/// A good organization but for a member's trail.
fn world() -> World {
    let mut world = good_world();
    let status = TrailStatus::logging(jiff::Timestamp::now());
    world.trails.push(Trail::new(MEMBER, "unsigned", "eu-west-1", BUCKET).with_status(status));
    world
}

/// The same, with an account that lets nobody in.
fn with_closed_door(mut world: World) -> World {
    world.accounts.push(Account::new("444444444444", "closed-door"));
    world
}

/// The snapshot of a world, taken at noon of a day, as JSON.
fn taken(world: World, day: &str) -> Vec<u8> {
    let mut snapshot = read(&Simulator::new(world));
    snapshot.taken_at = format!("{day}T12:00:00Z").parse().unwrap();
    // Worlds are made at different moments.
    for trail in &mut snapshot.trails {
        trail.status.as_mut().unwrap().value.start_logging_time = None;
    }
    let mut bytes = Vec::new();
    snapshot.write_json(&mut bytes).unwrap();
    bytes
}

/// Puts the snapshot of a world into a folder.
fn put(folder: &Path, name: &str, world: World, day: &str) {
    fs::write(folder.join(name), taken(world, day)).unwrap();
}

/// A folder with a snapshot of the organization with the bad trail.
fn folder() -> tempfile::TempDir {
    static SNAPSHOT: OnceLock<Vec<u8>> = OnceLock::new();
    let folder = tempfile::tempdir().unwrap();
    let snapshot = SNAPSHOT.get_or_init(|| taken(world(), "2026-11-20"));
    fs::write(folder.path().join("snapshot.json"), snapshot).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    trailproof().current_dir(folder).args(arguments).output().unwrap()
}

/// Checks the snapshot and reads the report. The bad trail is redundant, so that its failures are for information.
fn report(folder: &Path, arguments: &[&str]) -> Value {
    let mut all = vec!["check", "snapshot.json", "--fail-on", "info", "--output", "json=report.json"];
    all.extend(arguments);
    let output = run(folder, &all);
    assert!(matches!(simulated::code(&output), 0 | 1 | 3), "{}", simulated::stderr(&output));
    serde_json::from_slice(&fs::read(folder.join("report.json")).unwrap()).unwrap()
}

fn result<'r>(report: &'r Value, rule: &str, resource: &str) -> &'r Value {
    let mut results = report["results"].as_array().unwrap().iter();
    results.find(|result| result["policy"] == rule && result["resource"] == resource).unwrap()
}

fn exit_code(report: &Value) -> u64 {
    report["summary"]["gate"]["exit_code"].as_u64().unwrap()
}
