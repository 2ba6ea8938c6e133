//! Packs: which rules are judged, with which severities and parameters.

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
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
    /// Its rules, by id.
    pub rules: BTreeMap<String, PackRule>,
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

impl Pack {
    /// The pack of every built-in rule, each as its own file has it.
    pub(super) fn all<'r>(rules: impl Iterator<Item = &'r str>) -> Self {
        Self {
            id: ALL.to_owned(),
            title: "Every built-in rule, those too that are for some organizations only".to_owned(),
            version: 1,
            rules: rules.map(|id| (id.to_owned(), PackRule::default())).collect(),
        }
    }

    /// Reads a pack from its file; nothing where there is a mistake, which the file then holds.
    pub(super) fn read(file: &File<'_>, part: Part<'_>, stem: Option<&str>, policies: &Policies) -> Option<Self> {
        part.only(&["id", "title", "version", "rules"]);
        let id = part.demand("id").and_then(|part| part.text());
        if let (Some(id), Some(stem)) = (&id, stem)
            && id != stem
        {
            let message = format!("the id is `{id}`, and the file is called `{stem}`");
            part.file.mistake(part.node.range.start..part.node.range.start, message);
        }
        let title = part.demand("title").and_then(|part| part.text());
        let version = part.demand("version").and_then(|part| part.read());
        let entries = part.demand("rules").map(|part| part.entries()).unwrap_or_default();
        let mut rules = BTreeMap::new();
        for (id, part) in entries {
            rules.insert(id.to_owned(), read_rule(id, part, policies));
        }
        if !file.is_clean() {
            return None;
        }
        Some(Self { id: id?, title: title?, version: version?, rules })
    }
}

fn read_rule(id: &str, part: Part<'_>, policies: &Policies) -> PackRule {
    part.only(&["severity", "parameters"]);
    let Some(policy) = policies.get(id) else {
        if policies.is_broken(id) {
            return PackRule::default();
        }
        let help = nearest(id, policies.ids()).map(|near| format!("did you mean `{near}`?"));
        let message = format!("there is no rule `{id}`");
        part.file.note(Diagnostic::at(part.file.name, part.node.range.clone(), message).help(help));
        return PackRule::default();
    };
    let severity = part.get("severity").and_then(|part| part.parse());
    let mut parameters = Parameters::new();
    for (name, part) in part.get("parameters").map(|part| part.entries()).unwrap_or_default() {
        match policy.parameters.get(name) {
            Some(parameter) => parameters.extend(value(part, parameter.kind).map(|value| (name.to_owned(), value))),
            None => part.file.mistake(part.node.range.clone(), format!("the rule `{id}` has no parameter `{name}`")),
        }
    }
    PackRule { severity, parameters }
}
