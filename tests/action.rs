//! The action for GitHub: its scripts, run as a runner runs them, over a simulated organization.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "action/definition.rs"]
mod definition;
#[path = "action/install.rs"]
mod install;
#[path = "action/judge.rs"]
mod judge;
#[path = "support/simulated.rs"]
mod simulated;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A runner: its folders, and what GitHub sets on it.
struct Runner {
    folder: tempfile::TempDir,
}

impl Runner {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for inner in ["temp", "programs", "workspace"] {
            fs::create_dir(folder.path().join(inner)).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a program where the runner finds it before all others.
    fn put_program(&self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt;
        let path = self.path("programs").join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Runs a step of the action with these inputs, and every other input as it is by default.
    fn step(&self, id: &str, inputs: &[(&str, &str)], variables: &[(&str, &str)]) -> Output {
        let step = definition::step(id);
        let mut command = Command::new("bash");
        command.env_clear().current_dir(self.path("workspace"));
        let path = format!("{}:/usr/bin:/bin", self.path("programs").display());
        command.env("PATH", path).env("GITHUB_ACTION_PATH", env!("CARGO_MANIFEST_DIR"));
        command.env("RUNNER_TEMP", self.path("temp")).env("GITHUB_OUTPUT", self.path("output"));
        command.env("GITHUB_STEP_SUMMARY", self.path("summary")).env("HOME", "/nonexistent");
        command.env("GITHUB_REPOSITORY", "acme/audit").env("GITHUB_REF", "refs/heads/main");
        command.env("GITHUB_WORKFLOW", "audit, daily").env("GITHUB_JOB", "scan");
        for (name, value) in definition::variables(&step) {
            command.env(name, self.filled_in(&value, inputs));
        }
        command.envs(variables.iter().copied());
        // As GitHub runs `shell: bash`.
        let script = step["run"].as_str().unwrap();
        command.args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]).output().unwrap()
    }

    /// The value of an expression of the action's definition.
    fn filled_in(&self, expression: &str, inputs: &[(&str, &str)]) -> String {
        let name = expression.trim_start_matches("${{").trim_end_matches("}}").trim();
        match name.split('.').collect::<Vec<_>>()[..] {
            ["inputs", name] => {
                let given = inputs.iter().find(|(given, _)| *given == name).map(|(_, value)| (*value).to_owned());
                given.unwrap_or_else(|| definition::default(name))
            }
            ["steps", _, "outputs", name] => self.outputs().remove(name).unwrap_or_default(),
            ["github", "token"] => "token".to_owned(),
            _ => panic!("{expression}"),
        }
    }

    /// What the steps have said so far.
    fn outputs(&self) -> BTreeMap<String, String> {
        let said = fs::read_to_string(self.path("output")).unwrap_or_default();
        said.lines().filter_map(|line| line.split_once('=')).map(|(name, value)| (name.into(), value.into())).collect()
    }

    fn summary(&self) -> String {
        fs::read_to_string(self.path("summary")).unwrap_or_default()
    }
}

fn json(path: impl AsRef<Path>) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}
