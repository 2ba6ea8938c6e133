//! Judging, as scan and check do it.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::arguments::{JudgingArguments, RuleArguments};
use super::error::CliError;
use super::gate::Gate;
use super::hashing::Hashing;
use crate::collect::Needs;
use crate::evaluate::{Exceptions, Held, Question, Report, evaluate_with};
use crate::policy::{
    AnchorSettings, Baseline, CONFIGURATION_FILE, Configuration, GateSettings, Given, Loaded, OrganizationSettings,
    OutputSetting, Policies, Setting, Severity, Waiver, load, load_configured, load_given, nearest, render,
};
use crate::snapshot::Snapshot;

/// The rules of a run, and the parameters that were set.
#[derive(Debug)]
pub(super) struct Rules {
    policies: Policies,
    packs: Vec<String>,
    settings: Vec<Setting>,
    waivers: Vec<Arc<Waiver>>,
    /// What some accounts are held to, in the order in which it counts.
    baselines: Vec<HeldRules>,
    /// What the configuration says beside that, and where it is.
    said: Said,
    /// The texts that all of this was read from, and what was set by hand.
    pub(super) given: Given,
    pub(super) hand: Hand,
}

/// What is set of rules by hand, as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Hand {
    packs: Vec<String>,
    set: Vec<String>,
    severity: Vec<String>,
    disable: Vec<String>,
}

impl Hand {
    fn of(arguments: &RuleArguments) -> Self {
        let RuleArguments { packs, set, severity, disable, policies: _, config: _ } = arguments;
        Self { packs: packs.clone(), set: set.clone(), severity: severity.clone(), disable: disable.clone() }
    }
}

/// What a configuration says beside rules.
#[derive(Debug, Default)]
struct Said {
    path: Option<PathBuf>,
    gate: GateSettings,
    organization: OrganizationSettings,
    outputs: Vec<OutputSetting>,
    anchors: AnchorSettings,
    /// Whether it names packs, and whether some were given by hand.
    names_packs: bool,
    packs_by_hand: bool,
    /// What was set of rules by hand.
    by_hand: Vec<Setting>,
}

/// A baseline, with the packs and settings that count for its accounts.
#[derive(Debug)]
struct HeldRules {
    baseline: Baseline,
    packs: Vec<String>,
    settings: Vec<Setting>,
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
            baselines: Vec::new(),
            said: Said::default(),
            given: Given::default(),
            hand: Hand { packs: vec![RECOMMENDED.to_owned()], ..Hand::default() },
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
        let home = rules.said.path.as_deref().and_then(Path::parent);
        let gate = arguments.gate.gate(&rules.said.gate, home)?;
        Ok((rules, gate))
    }

    fn load_with(arguments: &RuleArguments, waivers: &[PathBuf]) -> Result<Self, CliError> {
        let path = arguments.config.clone().or_else(|| found_upward(&std::env::current_dir().ok()?));
        let loaded = load_configured(&arguments.policies, path.as_deref(), waivers);
        let rules = Self::of(loaded, Hand::of(arguments), path.clone())?;
        if let Some(path) = path.as_ref().filter(|_| arguments.config.is_none()) {
            anstream::eprintln!("the rules are set as {} says", path.display());
        }
        Ok(rules)
    }

    /// The rules that were made of these texts and settings.
    pub(super) fn again(given: Given, hand: Hand) -> Result<Self, CliError> {
        let path = given.configuration.as_ref().map(|text| PathBuf::from(&text.name));
        Self::of(load_given(given), hand, path)
    }

    /// The rules of what was loaded, with what is set by hand.
    fn of(
        (loaded, configuration): (Loaded, Configuration),
        hand: Hand,
        path: Option<PathBuf>,
    ) -> Result<Self, CliError> {
        let mut by_hand = Vec::new();
        let mut wrong = missing_packs(&hand.packs, &loaded.policies, |pack| loaded.has_pack(pack));
        type Parse = fn(&str, &Policies) -> Result<Setting, String>;
        let options: [(&str, &[String], Parse); 3] = [
            ("--set", &hand.set, Setting::parse),
            ("--severity", &hand.severity, Setting::parse_severity),
            ("--disable", &hand.disable, Setting::parse_disabled),
        ];
        for (option, texts, parse) in options {
            for text in texts {
                match parse(text, &loaded.policies) {
                    Ok(setting) => by_hand.push(setting),
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
        let Configuration { packs, settings, gate, organization, outputs, anchors, baselines } = configuration;
        let first = |named: [&Vec<String>; 3]| {
            let named = named.into_iter().find(|packs| !packs.is_empty());
            named.cloned().unwrap_or_else(|| vec![RECOMMENDED.to_owned()])
        };
        // What is set by hand counts for all, and last.
        let all = |of_baseline: &[Setting]| [&settings[..], of_baseline, &by_hand[..]].concat();
        let held = baselines.into_iter().map(|baseline| HeldRules {
            packs: first([&hand.packs, &baseline.packs, &packs]),
            settings: all(&baseline.settings),
            baseline,
        });
        let baselines = held.collect();
        let (names_packs, packs_by_hand) = (!packs.is_empty(), !hand.packs.is_empty());
        let (packs, settings) = (first([&hand.packs, &packs, &Vec::new()]), all(&[]));
        let Loaded { policies, waivers, given, .. } = loaded;
        let said = Said { path, gate, organization, outputs, anchors, names_packs, packs_by_hand, by_hand };
        Ok(Self { policies, packs, settings, waivers, baselines, said, given, hand })
    }

    /// What the configuration says of the organization.
    pub(super) fn organization(&self) -> &OrganizationSettings {
        &self.said.organization
    }

    /// Whether packs were given by hand.
    pub(super) fn packs_are_given(&self) -> bool {
        self.said.packs_by_hand
    }

    /// Whether the configuration names packs.
    pub(super) fn packs_are_configured(&self) -> bool {
        self.said.names_packs
    }

    /// Whether the configuration names the severity of the gate.
    pub(super) fn gate_is_configured(&self) -> bool {
        self.said.gate.fail_on.is_some()
    }

    /// Whether something was set of a rule by hand.
    pub(super) fn is_by_hand(&self, setting: &Setting) -> bool {
        self.said.by_hand.contains(setting)
    }

    /// The outputs that the configuration names, and the file.
    pub(super) fn outputs(&self) -> (&[OutputSetting], Option<&Path>) {
        (&self.said.outputs, self.said.path.as_deref())
    }

    /// What the configuration says of anchors, and its folder.
    pub(super) fn anchors(&self) -> (&AnchorSettings, &Path) {
        let home = self.said.path.as_deref().and_then(Path::parent);
        (&self.said.anchors, home.unwrap_or(Path::new("")))
    }

    /// What has to be read to judge them.
    pub(super) fn needs(&self) -> Needs {
        let of_rest = self.question(None, false).chosen();
        let held = self.held(&Gate::default());
        let of_held = held.iter().flat_map(|held| held.question.chosen());
        self.with_tags(Needs::of(&of_rest.into_iter().chain(of_held).collect::<Vec<_>>()))
    }

    /// All that there is to read, and what the parameters of all rules name.
    pub(super) fn everything(&self) -> Needs {
        self.with_tags(Needs::of(&self.question(None, false).all()).and_everything())
    }

    /// With the tags of accounts, where a baseline or a waiver names some.
    fn with_tags(&self, needs: Needs) -> Needs {
        let by_baselines = self.baselines.iter().any(|held| !held.baseline.matches.tags.is_empty());
        let by_waivers = self.waivers.iter().any(|waiver| waiver.scope.tag.is_some());
        if by_baselines || by_waivers { needs.and_account_tags() } else { needs }
    }

    /// What is asked of the accounts that baselines match, at a gate.
    pub(super) fn held(&self, gate: &Gate) -> Vec<Held<'_>> {
        let gate_of = |rules: &HeldRules| {
            let own = &rules.baseline.gate;
            let fail_on = own.fail_on.filter(|_| !gate.fail_on_is_given).unwrap_or(gate.fail_on);
            let allowed = own.allow_incomplete.filter(|_| !gate.allow_incomplete_is_given);
            (fail_on, allowed.unwrap_or(gate.allow_incomplete))
        };
        let mut all = Vec::new();
        for rules in &self.baselines {
            let (fail_on, allow_incomplete) = gate_of(rules);
            let (policies, packs, settings) = (&self.policies, rules.packs.clone(), &rules.settings[..]);
            let question = Question { policies, packs, settings, fail_on, allow_incomplete };
            all.push(Held { baseline: &rules.baseline, question });
        }
        all
    }

    /// What is accepted for a while.
    pub(super) fn waivers(&self) -> &[Arc<Waiver>] {
        &self.waivers
    }

    /// What is asked of the accounts that no baseline matches.
    pub(super) fn question(&self, fail_on: Option<Severity>, allow_incomplete: bool) -> Question<'_> {
        let Self { policies, packs, settings, .. } = self;
        Question { policies, packs: packs.clone(), settings, fail_on, allow_incomplete }
    }
}

/// The nearest configuration at or above a folder, by its way from there.
fn found_upward(folder: &Path) -> Option<PathBuf> {
    let mut way = PathBuf::new();
    for above in folder.ancestors() {
        if above.join(CONFIGURATION_FILE).exists() {
            return Some(way.join(CONFIGURATION_FILE));
        }
        way.push("..");
    }
    None
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
    let report = evaluate_with(snapshot, sha256, &question, &rules.held(gate), &exceptions);
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
    let mut hashing = Hashing::default();
    // Hashing cannot fail, and neither can serialising data that is plain.
    let _ = snapshot.write_json(&mut hashing);
    hashing.finish()
}
