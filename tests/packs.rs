//! Packs: which rules they choose, with what severity and parameters, and what results mean for their controls.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;
mod packs {
    mod builtin;
    mod choose;
    mod files;
    mod frameworks;
    mod recommended;
}

use std::fs;
use std::path::PathBuf;

use trailproof::policy::{Loaded, load, render};

/// Packs in a folder, by name.
fn folder_of(packs: &[(&str, &str)]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("packs")).unwrap();
    for (name, text) in packs {
        let text = format!("id: {name}\ntitle: A pack\nversion: 3\n{text}");
        fs::write(folder.path().join("packs").join(format!("{name}.yaml")), text).unwrap();
    }
    let path = folder.path().to_owned();
    (folder, vec![path])
}

fn loaded(packs: &[(&str, &str)]) -> Loaded {
    let (_folder, paths) = folder_of(packs);
    load(&paths)
}

fn mistakes(packs: &[(&str, &str)]) -> String {
    let (folder, paths) = folder_of(packs);
    let loaded = load(&paths);
    let rendered = render(&loaded.diagnostics, &loaded.sources, false);
    rendered.replace(&format!("{}/packs/", folder.path().display()), "")
}
