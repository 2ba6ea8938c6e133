//! Where results stand in a repository: the inventory as code, and the ladder from infrastructure code to the stable path.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

mod anchors {
    mod cloudformation;
    mod committed;
    mod inventory;
    pub(crate) mod repository;
    mod terraform;
}
#[path = "support/simulated.rs"]
mod simulated;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use anchors::repository;
use simulated::{code, read, stderr, stdout, trailproof};
use trailproof::simulator::{Simulator, World};
use trailproof::snapshot::Snapshot;

fn snapshot(world: World) -> Snapshot {
    read(&Simulator::new(world))
}

/// A snapshot as a file.
fn keep(folder: &Path, snapshot: &Snapshot) -> PathBuf {
    let path = folder.join("snapshot.json");
    let mut bytes = Vec::new();
    snapshot.write_json(&mut bytes).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

/// Every file beneath a folder, by its path there.
fn files(folder: &Path) -> BTreeMap<String, String> {
    fn walk(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, files);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut all = BTreeMap::new();
    walk(folder, folder, &mut all);
    all
}

/// Writes the inventory of a snapshot to the folder `inventory`.
fn write_inventory(folder: &Path, snapshot: &Snapshot) -> (Output, PathBuf) {
    let kept = keep(folder, snapshot);
    let inventory = folder.join("inventory");
    (trailproof().arg("inventory").arg(kept).arg("--write").arg(&inventory).output().unwrap(), inventory)
}

#[track_caller]
fn done(output: &Output) -> String {
    assert_eq!(code(output), 0, "{}", stderr(output));
    stdout(output)
}
