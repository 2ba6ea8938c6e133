//! The binary as a user runs it: exit codes, outputs, errors.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;
mod cli {
    mod collect;
    mod judge;
    mod rules;
    mod scan;
    mod shell;
}

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use simulated::{MEMBER, Served, good_world, read};
use trailproof::simulator::{Account, Simulator, Trail, TrailStatus, World};
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

fn scan(served: &Served, arguments: &[&str]) -> Output {
    run(served.trailproof().arg("scan").args(arguments))
}
