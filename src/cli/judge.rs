//! Judging, as scan and check do it.

use std::io::{IsTerminal, Write};

use sha2::{Digest, Sha256};

use super::arguments::JudgingArguments;
use super::error::CliError;
use crate::evaluate::{Question, Report, evaluate};
use crate::policy::{Policies, Setting, load, render};
use crate::snapshot::Snapshot;

/// The rules of a run, and the parameters that were set.
#[derive(Debug)]
pub(super) struct Rules {
    policies: Policies,
    settings: Vec<Setting>,
}

impl Rules {
    /// Loads the rules that the arguments name; every mistake in them is an error, before anything is read.
    pub(super) fn load(arguments: &JudgingArguments) -> Result<Self, CliError> {
        let loaded = load(&arguments.policies);
        if !loaded.diagnostics.is_empty() {
            let coloured = std::io::stderr().is_terminal();
            return Err(CliError::Policies(render(&loaded.diagnostics, &loaded.sources, coloured)));
        }
        if loaded.policies.pack(&arguments.pack).is_none() {
            let packs = loaded.policies.packs().collect::<Vec<_>>().join(", ");
            return Err(CliError::Usage(format!(
                "--pack {}: there is no such pack; the packs are {packs}",
                arguments.pack
            )));
        }
        let mut settings = Vec::new();
        let mut wrong = Vec::new();
        for text in &arguments.set {
            match Setting::parse(text, &loaded.policies) {
                Ok(setting) => settings.push(setting),
                Err(message) => wrong.push(format!("--set {message}")),
            }
        }
        if !wrong.is_empty() {
            return Err(CliError::Usage(wrong.join("\n  ")));
        }
        Ok(Self { policies: loaded.policies, settings })
    }
}

/// Judges a snapshot.
pub(super) fn judge(
    snapshot: &Snapshot,
    sha256: String,
    rules: &Rules,
    arguments: &JudgingArguments,
) -> Result<Report, CliError> {
    let active: Vec<_> = snapshot.accounts.iter().filter(|account| account.is_active()).collect();
    if active.is_empty() {
        return Err(CliError::NothingSelected);
    }
    if active.iter().all(|account| account.sightings.is_empty()) {
        let first = snapshot.gaps.first().map_or("no account was entered", |gap| gap.message.as_str());
        return Err(CliError::NothingRead(first.to_owned()));
    }
    let question = Question {
        policies: &rules.policies,
        pack: &arguments.pack,
        settings: &rules.settings,
        fail_on: arguments.fail_on.0,
        allow_incomplete: arguments.allow_incomplete,
    };
    Ok(evaluate(snapshot, sha256, &question))
}

/// The SHA-256 of a snapshot's JSON: of the file that `--snapshot` writes.
pub(super) fn digest(snapshot: &Snapshot) -> String {
    struct Hashing(Sha256);
    impl Write for Hashing {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.update(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut hashing = Hashing(Sha256::new());
    // Hashing cannot fail, and neither can serialising data that is plain.
    let _ = snapshot.write_json(&mut hashing);
    hashing.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
