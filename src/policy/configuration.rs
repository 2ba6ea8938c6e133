//! The configuration: a file beside the user's work that says which packs and rules of their own are judged, and what is
//! set of rules.

mod gate;
mod schema;

use std::path::{Path, PathBuf};

use super::control::demand_rule;
use super::load::Policies;
use super::pack::read_parameters;
use super::read::{Part, nearest};
use super::setting::{Change, Setting};
use super::waiver::Waivers;

pub use gate::{GateSettings, UnknownGate};
pub use schema::configuration_schema;

/// The file that is looked for in the working directory.
pub const CONFIGURATION_FILE: &str = "trailproof.yaml";

/// What a configuration says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configuration {
    /// The packs, where it names some.
    pub packs: Vec<String>,
    /// What is set of rules, in the order of the file.
    pub settings: Vec<Setting>,
    /// What it says of the gate.
    pub gate: GateSettings,
}

const KEYS: [&str; 5] = ["packs", "policies", "rules", "gate", "waivers"];

/// The folders of rules that a configuration names, by its own folder; a mistake for each that is not there.
pub(super) fn read_folders(part: Part<'_>, home: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    for part in part.get("policies").map(|part| part.elements()).unwrap_or_default() {
        let Some(text) = part.text() else { continue };
        let folder = home.join(text);
        if folder.is_dir() {
            folders.push(folder);
        } else {
            part.note(
                format!("there is no folder {}", folder.display()),
                Some("a folder is named by its way from this file".to_owned()),
            );
        }
    }
    folders
}

impl Configuration {
    /// Reads a configuration from its file, its waivers apart; what is wrong is taken down there.
    pub(super) fn read(part: Part<'_>, policies: &Policies, broken_packs: &[String], waivers: &mut Waivers) -> Self {
        part.only(&KEYS);
        let packs = part.get("packs").map(|part| read_packs(part, policies, broken_packs)).unwrap_or_default();
        let rules = part.get("rules");
        let entries = rules.map(|part| part.entries()).unwrap_or_default();
        let mut settings = Vec::new();
        for (id, entry) in entries {
            if let Some(rules) = rules {
                demand_rule(id, rules, policies);
            }
            settings.extend(read_rule(id, entry, policies));
        }
        let gate = part.get("gate").map(GateSettings::read).unwrap_or_default();
        if let Some(part) = part.get("waivers") {
            waivers.read(part, policies);
        }
        Self { packs, settings, gate }
    }
}

fn read_packs(part: Part<'_>, policies: &Policies, broken: &[String]) -> Vec<String> {
    let elements = part.elements();
    if elements.is_empty() {
        part.note("no pack is named", Some("leave `packs` out for the pack `recommended`".to_owned()));
    }
    let mut packs = Vec::new();
    for part in elements {
        let Some(id) = part.text() else { continue };
        if policies.pack(&id).is_none() && !broken.contains(&id) {
            let known: Vec<&str> = policies.packs().collect();
            let help = match nearest(&id, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the packs are {}", known.join(", ")),
            };
            part.note(format!("there is no pack `{id}`"), Some(help));
        }
        packs.push(id);
    }
    packs
}

fn read_rule(id: &str, part: Part<'_>, policies: &Policies) -> Vec<Setting> {
    part.only(&["severity", "disabled", "parameters"]);
    let severity = part.get("severity").and_then(|part| part.parse()).map(Change::Severity);
    let disabled = part.get("disabled").and_then(|part| part.read()).map(Change::Disabled);
    let parameters = part.get("parameters").map(|part| read_parameters(id, part, policies)).unwrap_or_default();
    let parameters = parameters.into_iter().map(|(name, value)| Change::Parameter { name, value });
    let Some(policy) = policies.get(id) else { return Vec::new() };
    let changes = severity.into_iter().chain(disabled).chain(parameters);
    changes.map(|change| Setting { policy: policy.id.clone(), change }).collect()
}
