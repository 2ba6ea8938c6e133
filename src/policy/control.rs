//! Controls: what a framework demands, and the rules that prove it.

use std::collections::BTreeMap;

use super::load::Policies;
use super::read::{Part, nearest};

/// Something that a framework demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// Its id, as the framework writes it.
    pub id: String,
    /// What it demands, in our words.
    pub title: String,
    /// What proves it.
    pub standing: Standing,
    /// The rules that prove it, sorted by id; where a human must look, those whose results help.
    pub edges: Vec<Edge>,
}

/// What proves a control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Its rules, all of which must pass.
    Rules,
    /// Its rules, all of which must pass, and more than they see: what a human must look at besides.
    Partly(String),
    /// Not its rules alone: why a human must look.
    Manual(String),
    /// No rule that there is: what is missing.
    NotCovered(String),
}

/// That a rule proves a control, or a part of it, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// The rule.
    pub rule: String,
    /// The address of who says so.
    pub source: String,
    /// The place there: a section, a control's or a check's name.
    pub section: String,
}

impl Control {
    /// Reads a control from its part of a pack; `sources` are the pack's, by name, and `partly` is what its rules do not
    /// see of any control.
    pub(super) fn read(
        part: Part<'_>,
        sources: &BTreeMap<String, String>,
        partly: Option<&str>,
        policies: &Policies,
    ) -> Option<Self> {
        part.only(&["id", "title", "rules", "partly", "manual", "not_covered"]);
        let id = part.demand("id").and_then(|part| part.text());
        let title = part.demand("title").and_then(|part| part.text());
        let edges = part.get("rules").map(|part| read_edges(part, sources, policies));
        let why = |key: &str| part.get(key).map(|part| part.text().unwrap_or_default());
        let standing = match (&edges, why("manual"), why("not_covered"), why("partly")) {
            (_, Some(why), None, None) => Standing::Manual(why),
            (None, None, Some(why), None) => Standing::NotCovered(why),
            (Some(_), None, None, Some(why)) => Standing::Partly(why),
            (Some(_), None, None, None) => partly.map_or(Standing::Rules, |why| Standing::Partly(why.to_owned())),
            _ => {
                let message = "a control has `rules`, which may prove it only `partly`, or is `manual` with or without \
                               them, or is `not_covered`";
                part.file.mistake(part.node.range.start..part.node.range.start, message);
                return None;
            }
        };
        Some(Self { id: id?, title: title?, standing, edges: edges.unwrap_or_default() })
    }
}

fn read_edges(part: Part<'_>, sources: &BTreeMap<String, String>, policies: &Policies) -> Vec<Edge> {
    let entries = part.entries();
    if entries.is_empty() {
        part.file.mistake(part.node.range.clone(), "a control without a rule is `manual` or `not_covered`");
    }
    let mut edges: Vec<Edge> = {
        let read = entries.into_iter().filter_map(|(rule, edge)| {
            demand_rule(rule, part, policies);
            read_edge(rule, edge, sources)
        });
        read.collect()
    };
    edges.sort_by(|left, right| left.rule.cmp(&right.rule));
    edges
}

/// An edge is a rule and `SOURCE SECTION`.
fn read_edge(rule: &str, part: Part<'_>, sources: &BTreeMap<String, String>) -> Option<Edge> {
    let text = part.text()?;
    let (name, section) = text.split_once(' ').unwrap_or((&text, ""));
    let Some(source) = sources.get(name) else {
        let message = format!("there is no source `{name}` in this pack");
        let near = nearest(name, sources.keys().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
        let help = near.or_else(|| Some("give one of `sources`, and the place in it".to_owned()));
        part.note(message, help);
        return None;
    };
    if section.trim().is_empty() {
        part.file.mistake(part.node.range.clone(), "name the place in the source: a section, a control or a check");
        return None;
    }
    Some(Edge { rule: rule.to_owned(), source: source.clone(), section: section.trim().to_owned() })
}

/// Takes down a key of a mapping that is the id of no rule. A rule whose file has mistakes is there.
pub(super) fn demand_rule(id: &str, part: Part<'_>, policies: &Policies) {
    if policies.get(id).is_none() && !policies.is_broken(id) {
        let help = nearest(id, policies.ids()).map(|near| format!("did you mean `{near}`?"));
        part.note_key(id, format!("there is no rule `{id}`"), help);
    }
}
