//! Judging, as scan and check do it.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::arguments::{JudgingArguments, RuleArguments};
use super::error::CliError;
use crate::collect::Needs;
use crate::evaluate::{Question, Report, evaluate};
use crate::policy::{Policies, Setting, Severity, load, nearest, render};
use crate::snapshot::Snapshot;

/// The rules of a run, and the parameters that were set.
#[derive(Debug)]
pub(super) struct Rules {
    policies: Policies,
    packs: Vec<String>,
    settings: Vec<Setting>,
}

impl Rules {
    /// Loads the rules that the arguments name; every mistake in them is an error, before anything is read.
    pub(super) fn load(arguments: &RuleArguments) -> Result<Self, CliError> {
        let policies = loaded(&arguments.policies)?;
        let mut settings = Vec::new();
        let mut wrong = missing_packs(&arguments.packs, &policies);
        for text in &arguments.set {
            match Setting::parse(text, &policies) {
                Ok(setting) => settings.push(setting),
                Err(message) => wrong.push(format!("--set {message}")),
            }
        }
        if !wrong.is_empty() {
            return Err(CliError::Usage(wrong.join("\n  ")));
        }
        Ok(Self { policies, packs: arguments.packs.clone(), settings })
    }

    /// What has to be read to judge them.
    pub(super) fn needs(&self) -> Needs {
        Needs::of(&self.question(None, false).chosen())
    }

    /// All that there is to read, and what the parameters of all rules name.
    pub(super) fn everything(&self) -> Needs {
        Needs::of(&self.question(None, false).all()).and_everything()
    }

    fn question(&self, fail_on: Option<Severity>, allow_incomplete: bool) -> Question<'_> {
        let Self { policies, packs, settings } = self;
        Question { policies, packs: packs.clone(), settings, fail_on, allow_incomplete }
    }
}

/// Loads the built-in rules and those of folders; every mistake in them is an error.
pub(super) fn loaded(folders: &[PathBuf]) -> Result<Policies, CliError> {
    let loaded = load(folders);
    if loaded.diagnostics.is_empty() {
        return Ok(loaded.policies);
    }
    let coloured = std::io::stderr().is_terminal();
    Err(CliError::Policies(render(&loaded.diagnostics, &loaded.sources, coloured)))
}

/// Refuses packs that there are not.
pub(super) fn ensure_packs(packs: &[String], policies: &Policies) -> Result<(), CliError> {
    let wrong = missing_packs(packs, policies);
    if wrong.is_empty() { Ok(()) } else { Err(CliError::Usage(wrong.join("\n  "))) }
}

fn missing_packs(packs: &[String], policies: &Policies) -> Vec<String> {
    let missing = packs.iter().filter(|pack| policies.pack(pack).is_none());
    let told = |pack: &String| match nearest(pack, policies.packs()) {
        Some(near) => format!("--pack {pack}: there is no such pack; did you mean `{near}`?"),
        None => {
            let packs = policies.packs().collect::<Vec<_>>().join(", ");
            format!("--pack {pack}: there is no such pack; the packs are {packs}")
        }
    };
    missing.map(told).collect()
}

/// Judges a snapshot.
pub(super) fn judge(
    snapshot: &Snapshot,
    sha256: String,
    rules: &Rules,
    arguments: &JudgingArguments,
) -> Result<Report, CliError> {
    ensure_anything(snapshot)?;
    Ok(evaluate(snapshot, sha256, &rules.question(arguments.fail_on.0, arguments.allow_incomplete)))
}

/// Refuses a snapshot in which no account is to be looked at, or none could be.
pub(super) fn ensure_anything(snapshot: &Snapshot) -> Result<(), CliError> {
    let active: Vec<_> = snapshot.accounts.iter().filter(|account| account.is_active()).collect();
    if active.is_empty() {
        return Err(CliError::NothingSelected);
    }
    if active.iter().all(|account| account.sightings.is_empty()) {
        let first = snapshot.gaps.first().map_or("no account was entered", |gap| gap.message.as_str());
        return Err(CliError::NothingRead(first.to_owned()));
    }
    Ok(())
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
