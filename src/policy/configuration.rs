//! The configuration: a file beside the user's work that says which packs and rules of their own are judged, and what is
//! set of rules.

mod anchors;
mod gate;
mod organization;
mod schema;

use std::path::{Path, PathBuf};

use super::baseline::{Baseline, read_baselines};
use super::control::demand_rule;
use super::load::Policies;
use super::pack::read_parameters;
use super::read::{Part, nearest};

use super::setting::{Change, Setting};
use super::waiver::Waivers;

pub use anchors::AnchorSettings;
pub use gate::{GateSettings, UnknownGate};
pub use organization::{Hidden, OrganizationSettings};
pub(super) use organization::{external_id, without_secrets};
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
    /// What it says of the organization.
    pub organization: OrganizationSettings,
    /// Where the report goes, where nothing else is said.
    pub outputs: Vec<OutputSetting>,
    /// Where results stand in the repository, beside rules and names.
    pub anchors: AnchorSettings,
    /// What some accounts are held to, in the order of the file: of those that match an account, the first counts.
    pub baselines: Vec<Baseline>,
}

/// An output of a report, as it is written: a format, or `FORMAT=PATH`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputSetting {
    /// The format and the path.
    pub text: String,
    /// The line that names it, from 1.
    pub line: usize,
}

/// The rule that judges the buckets that a configuration names.
const SENSITIVE: &str = "sensitive-bucket-data-events";

const KEYS: [&str; 10] = [
    "organization",
    "packs",
    "policies",
    "rules",
    "sensitive_buckets",
    "outputs",
    "anchors",
    "gate",
    "waivers",
    "baselines",
];

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
        let buckets = part.get("sensitive_buckets").map(|part| read_buckets(part, policies)).unwrap_or_default();
        let rules = part.get("rules").map(|part| read_settings(part, policies)).unwrap_or_default();
        let settings = buckets.into_iter().chain(rules).collect();
        let gate = part.get("gate").map(GateSettings::read).unwrap_or_default();
        if let Some(part) = part.get("waivers") {
            waivers.read(part, policies);
        }
        let organization = part.get("organization").map(OrganizationSettings::read).unwrap_or_default();
        let outputs = part.get("outputs").map(|part| part.elements()).unwrap_or_default();
        let output = |part: Part<'_>| Some(OutputSetting { text: part.text()?, line: part.line() });
        let outputs = outputs.into_iter().filter_map(output).collect();
        let anchors = part.get("anchors").map(AnchorSettings::read).unwrap_or_default();
        let baselines = part.get("baselines").map(|part| read_baselines(part, policies, broken_packs));
        Self { packs, settings, gate, organization, outputs, anchors, baselines: baselines.unwrap_or_default() }
    }
}

/// Reads what is set of rules, by their ids.
pub(super) fn read_settings(rules: Part<'_>, policies: &Policies) -> Vec<Setting> {
    let mut settings = Vec::new();
    for (id, entry) in rules.entries() {
        demand_rule(id, rules, policies);
        settings.extend(read_rule(id, entry, policies));
    }
    settings
}

/// Reads the buckets that hold sensitive data: the parameters of the rule about them.
fn read_buckets(part: Part<'_>, policies: &Policies) -> Vec<Setting> {
    let Some(policy) = policies.get(SENSITIVE) else { return Vec::new() };
    let parameters = read_parameters(SENSITIVE, part, policies).into_iter();
    let change = |(name, value)| Setting { policy: policy.id.clone(), change: Change::Parameter { name, value } };
    parameters.map(change).collect()
}

pub(super) fn read_packs(part: Part<'_>, policies: &Policies, broken: &[String]) -> Vec<String> {
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
