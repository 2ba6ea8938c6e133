//! Judging, as scan and check do it.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::arguments::{JudgingArguments, RuleArguments};
use super::error::CliError;
use super::gate::Gate;
use crate::collect::Needs;
use crate::evaluate::{Exceptions, Question, Report, evaluate_with};
use crate::policy::{
    CONFIGURATION_FILE, GateSettings, Loaded, Policies, Setting, Severity, Waiver, load, load_configured, nearest,
    render,
};
use crate::snapshot::Snapshot;

/// The rules of a run, and the parameters that were set.
#[derive(Debug)]
pub(super) struct Rules {
    policies: Policies,
    packs: Vec<String>,
    settings: Vec<Setting>,
    waivers: Vec<Arc<Waiver>>,
    /// What the configuration says of the gate, and its folder.
    gate: GateSettings,
    home: Option<PathBuf>,
}

/// What is judged where nothing else is said.
const RECOMMENDED: &str = "recommended";

impl Rules {
    /// The recommended rules, whatever there is in the working directory.
    pub(super) fn recommended() -> Self {
        Self {
            policies: load(&[]).policies,
            packs: vec![RECOMMENDED.to_owned()],
            settings: Vec::new(),
            waivers: Vec::new(),
            gate: GateSettings::default(),
            home: None,
        }
    }

    /// Loads the rules that the arguments and the configuration name. Every mistake in them is an error, before anything
    /// is read, and all are told at once.
    pub(super) fn load(arguments: &RuleArguments) -> Result<Self, CliError> {
        Self::load_with(arguments, &[])
    }

    /// Loads the rules of a run that judges, and the gate: with files of waivers, besides those of the configuration.
    pub(super) fn load_judging(arguments: &JudgingArguments) -> Result<(Self, Gate), CliError> {
        let rules = Self::load_with(&arguments.rules, &arguments.gate.waivers)?;
        let gate = arguments.gate.gate(&rules.gate, rules.home.as_deref())?;
        Ok((rules, gate))
    }

    fn load_with(arguments: &RuleArguments, waivers: &[PathBuf]) -> Result<Self, CliError> {
        let found = || Some(PathBuf::from(CONFIGURATION_FILE)).filter(|path| path.exists());
        let path = arguments.config.clone().or_else(found);
        let (loaded, configuration) = load_configured(&arguments.policies, path.as_deref(), waivers);
        let mut settings = configuration.settings;
        let mut wrong = missing_packs(&arguments.packs, &loaded.policies, |pack| loaded.has_pack(pack));
        type Parse = fn(&str, &Policies) -> Result<Setting, String>;
        let options: [(&str, &[String], Parse); 3] = [
            ("--set", &arguments.set, Setting::parse),
            ("--severity", &arguments.severity, Setting::parse_severity),
            ("--disable", &arguments.disable, Setting::parse_disabled),
        ];
        for (option, texts, parse) in options {
            for text in texts {
                match parse(text, &loaded.policies) {
                    Ok(setting) => settings.push(setting),
                    Err(_) if text.split(['.', '=']).next().is_some_and(|id| loaded.is_broken(id)) => {}
                    Err(message) => wrong.push(format!("{option} {message}")),
                }
            }
        }
        if !loaded.diagnostics.is_empty() {
            let coloured = std::io::stderr().is_terminal();
            let rendered = render(&loaded.diagnostics, &loaded.sources, coloured);
            return Err(CliError::Policies { rendered, arguments: wrong });
        }
        if !wrong.is_empty() {
            return Err(CliError::Usage(wrong.join("\n  ")));
        }
        let named = [arguments.packs.clone(), configuration.packs].into_iter().find(|packs| !packs.is_empty());
        let packs = named.unwrap_or_else(|| vec![RECOMMENDED.to_owned()]);
        if let Some(path) = path.as_ref().filter(|_| arguments.config.is_none()) {
            anstream::eprintln!("the rules are set as {} says", path.display());
        }
        let home = path.and_then(|path| path.parent().map(Path::to_owned));
        let Loaded { policies, waivers, .. } = loaded;
        Ok(Self { policies, packs, settings, waivers, gate: configuration.gate, home })
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
        let Self { policies, packs, settings, .. } = self;
        Question { policies, packs: packs.clone(), settings, fail_on, allow_incomplete }
    }
}

/// Loads the built-in rules and those of files and folders; every mistake in them is an error.
pub(super) fn loaded(folders: &[PathBuf]) -> Result<Policies, CliError> {
    let loaded = load(folders);
    if loaded.diagnostics.is_empty() {
        return Ok(loaded.policies);
    }
    let coloured = std::io::stderr().is_terminal();
    let rendered = render(&loaded.diagnostics, &loaded.sources, coloured);
    Err(CliError::Policies { rendered, arguments: Vec::new() })
}

/// Refuses packs that there are not.
pub(super) fn ensure_packs(packs: &[String], policies: &Policies) -> Result<(), CliError> {
    let wrong = missing_packs(packs, policies, |pack| policies.pack(pack).is_some());
    if wrong.is_empty() { Ok(()) } else { Err(CliError::Usage(wrong.join("\n  "))) }
}

/// The packs that there are not, each with the one that may be meant.
fn missing_packs(packs: &[String], policies: &Policies, is_there: impl Fn(&str) -> bool) -> Vec<String> {
    let told = |pack: &String| {
        let help = match nearest(pack, policies.packs()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the packs are {}", policies.packs().collect::<Vec<_>>().join(", ")),
        };
        format!("--pack {pack}: there is no such pack; {help}")
    };
    packs.iter().filter(|pack| !is_there(pack)).map(told).collect()
}

/// Judges a snapshot.
pub(super) fn judge(snapshot: &Snapshot, sha256: String, rules: &Rules, gate: &Gate) -> Result<Report, CliError> {
    ensure_anything(snapshot)?;
    let question = rules.question(gate.fail_on, gate.allow_incomplete);
    gate.ensure_known_is_of(snapshot)?;
    let exceptions = Exceptions { waivers: &rules.waivers, ..gate.exceptions() };
    let report = evaluate_with(snapshot, sha256, &question, &exceptions);
    Ok(Report { stale_days: gate.stale_days(snapshot), ..report })
}

/// Refuses a snapshot in which no account is to be looked at, or none could be.
pub(super) fn ensure_anything(snapshot: &Snapshot) -> Result<(), CliError> {
    let active: Vec<_> = snapshot.accounts.iter().filter(|account| account.is_active()).collect();
    if active.is_empty() {
        return Err(CliError::NothingSelected);
    }
    if !active.iter().any(|account| account.shows_trails()) {
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
