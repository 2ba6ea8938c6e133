//! Packs: which rules are judged, with which severities and parameters, and which controls they prove.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::control::{Control, demand_rule};
use super::declared::{VAGUE, is_vague};
use super::load::Policies;
use super::parameter::{Parameters, value};
use super::read::{File, Part, nearest};
use super::severity::Severity;

/// A set of rules under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Its id, the name of its file.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Its version: it rises when what it demands changes.
    pub version: u32,
    /// The address of what it is made after, where it is made after something.
    pub source: Option<String>,
    /// Its rules, by id: those that it names, those that prove its controls, and those of the packs that it includes.
    pub rules: BTreeMap<String, PackRule>,
    /// What its framework demands, in the framework's order; empty where it follows none.
    pub controls: Vec<Control>,
    /// The packs that it includes, and where it says so. Their rules are in [`Pack::rules`] once all packs are read.
    pub(super) includes: Vec<(String, Range<usize>)>,
}

/// What a pack says of one rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PackRule {
    /// A severity instead of the rule's own.
    pub severity: Option<Severity>,
    /// Parameters instead of the rule's defaults.
    pub parameters: Parameters,
}

/// The id of the pack that names every built-in rule. It has no file: a new rule is in it by being there.
pub(super) const ALL: &str = "all";

/// The keys of a pack.
pub(super) const KEYS: [&str; 9] =
    ["id", "title", "version", "source", "sources", "partly", "include", "rules", "controls"];

impl Pack {
    /// The pack of every built-in rule, each as its own file has it.
    pub(super) fn all<'r>(rules: impl Iterator<Item = &'r str>) -> Self {
        Self {
            id: ALL.to_owned(),
            title: "Every built-in rule, those too that are for some organizations only".to_owned(),
            version: 1,
            source: None,
            rules: rules.map(|id| (id.to_owned(), PackRule::default())).collect(),
            controls: Vec::new(),
            includes: Vec::new(),
        }
    }

    /// The packs that it includes, as it names them.
    pub fn includes(&self) -> impl Iterator<Item = &str> {
        self.includes.iter().map(|(id, _)| id.as_str())
    }

    /// The controls that a rule proves, or a part of each, in the framework's order.
    pub fn controls_of(&self, rule: &str) -> impl Iterator<Item = &Control> {
        self.controls.iter().filter(move |control| control.edges.iter().any(|edge| edge.rule == rule))
    }

    /// Reads a pack from its file; nothing where there is a mistake, which the file then holds.
    pub(super) fn read(file: &File<'_>, part: Part<'_>, stem: Option<&str>, policies: &Policies) -> Option<Self> {
        part.only(&KEYS);
        let id = part.demand("id").and_then(|part| part.text());
        if let (Some(id), Some(stem)) = (&id, stem)
            && id != stem
        {
            let message = format!("the id is `{id}`, and the file is called `{stem}`");
            let place = part.get("id").map_or(0..0, |part| part.node.range.clone());
            part.file.mistake(place, message);
        }
        let title = part.demand("title").and_then(|part| part.text());
        let version = part.demand("version").and_then(|part| part.read());
        let source = part.get("source").map(address);
        let sources = read_sources(part);
        let includes = part.get("include").map(|part| part.elements()).unwrap_or_default();
        let includes = includes.iter().filter_map(|part| Some((part.text()?, part.node.range.clone()))).collect();
        let controls = read_controls(part, &sources, policies);
        let entries = part.get("rules").map(|part| part.entries()).unwrap_or_default();
        let mut rules: BTreeMap<String, PackRule> =
            entries.into_iter().map(|(id, part)| (id.to_owned(), read_rule(id, part, policies))).collect();
        if let Some(part) = part.get("rules") {
            rules.keys().for_each(|id| demand_rule(id, part, policies));
        }
        for edge in controls.iter().flat_map(|control| &control.edges) {
            rules.entry(edge.rule.clone()).or_default();
        }
        if !file.is_clean() {
            return None;
        }
        Some(Self { id: id?, title: title?, version: version?, source: source.flatten(), rules, controls, includes })
    }
}

fn read_rule(id: &str, part: Part<'_>, policies: &Policies) -> PackRule {
    part.only(&["severity", "parameters"]);
    let severity = part.get("severity").and_then(|part| part.parse());
    let parameters = part.get("parameters").map(|part| read_parameters(id, part, policies)).unwrap_or_default();
    PackRule { severity, parameters }
}

/// Reads values of a rule's parameters; a mistake where the rule has none of the name, or of another type.
pub(super) fn read_parameters(id: &str, part: Part<'_>, policies: &Policies) -> Parameters {
    let mut parameters = Parameters::new();
    let entries = part.entries();
    let Some(policy) = policies.get(id) else { return parameters };
    for (name, given) in entries {
        match policy.parameters.get(name) {
            Some(parameter) => {
                let value = value(given, parameter.kind);
                if value.as_ref().is_some_and(|value| is_vague(name, value)) {
                    given.file.mistake(given.node.range.clone(), VAGUE);
                }
                parameters.extend(value.map(|value| (name.to_owned(), value)));
            }
            None => {
                let near = nearest(name, policy.parameters.keys().map(String::as_str));
                let help = match near {
                    Some(near) => Some(format!("did you mean `{near}`?")),
                    None if policy.parameters.is_empty() => Some("it has none".to_owned()),
                    None => {
                        let known: Vec<&str> = policy.parameters.keys().map(String::as_str).collect();
                        Some(format!("it has {}", known.join(", ")))
                    }
                };
                part.note_key(name, format!("the rule `{id}` has no parameter `{name}`"), help);
            }
        }
    }
    parameters
}

fn read_controls(part: Part<'_>, sources: &BTreeMap<String, String>, policies: &Policies) -> Vec<Control> {
    let mut seen = BTreeSet::new();
    let mut controls = Vec::new();
    let partly = part.get("partly").and_then(|part| part.text());
    for part in part.get("controls").map(|part| part.elements()).unwrap_or_default() {
        let Some(control) = Control::read(part, sources, partly.as_deref(), policies) else { continue };
        if !seen.insert(control.id.clone()) {
            let place = part.get("id").map_or(0..0, |part| part.node.range.clone());
            part.file.mistake(place, format!("the control `{}` is here twice", control.id));
        }
        controls.push(control);
    }
    controls
}

fn read_sources(part: Part<'_>) -> BTreeMap<String, String> {
    let entries = part.get("sources").map(|part| part.entries()).unwrap_or_default();
    entries.into_iter().filter_map(|(name, part)| Some((name.to_owned(), address(part)?))).collect()
}

fn address(part: Part<'_>) -> Option<String> {
    let text = part.text()?;
    if !text.starts_with("https://") {
        part.file.mistake(part.node.range.clone(), "a source is an address that begins with https://");
        return None;
    }
    Some(text)
}
