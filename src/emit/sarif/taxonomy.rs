//! The controls of frameworks as taxonomies, and which rules bear on which.

use std::collections::{BTreeMap, BTreeSet};

use serde_sarif::sarif;

use crate::evaluate::Report;

/// The controls that the rules of a report bear on.
pub(super) struct Taxonomies<'a> {
    /// The controls of each pack.
    packs: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Those of each rule, by pack.
    rules: BTreeMap<&'a str, &'a BTreeMap<String, Vec<String>>>,
}

impl<'a> Taxonomies<'a> {
    /// Those of a report.
    pub(super) fn of(report: &'a Report) -> Self {
        let mut taxonomies = Self { packs: BTreeMap::new(), rules: BTreeMap::new() };
        for judgements in report.judgements.chunk_by(|left, right| left.policy == right.policy) {
            let Some(first) = judgements.first().filter(|first| !first.controls.is_empty()) else { continue };
            for (pack, ids) in first.controls.iter() {
                taxonomies.packs.entry(pack).or_default().extend(ids.iter().map(String::as_str));
            }
            taxonomies.rules.insert(first.policy.as_str(), &first.controls);
        }
        taxonomies
    }

    /// A taxonomy for each pack, in the order of their ids.
    pub(super) fn components(&self) -> Vec<sarif::ToolComponent> {
        let taxon = |id: &&str| sarif::ReportingDescriptor::builder().id(*id).build();
        let component = |(pack, ids): (&&str, &BTreeSet<&str>)| {
            let text = format!("The controls of {pack} that the rules bear on.");
            sarif::ToolComponent::builder()
                .name(*pack)
                .short_description(sarif::MultiformatMessageString::builder().text(text).build())
                .taxa(ids.iter().map(taxon).collect::<Vec<_>>())
                .build()
        };
        self.packs.iter().map(component).collect()
    }

    /// References to all of them.
    pub(super) fn supported(&self) -> Vec<sarif::ToolComponentReference> {
        self.packs.keys().enumerate().map(|(index, pack)| reference(index, pack)).collect()
    }

    /// What a rule bears on.
    pub(super) fn relationships(&self, rule: &str) -> Vec<sarif::ReportingDescriptorRelationship> {
        let Some(controls) = self.rules.get(rule) else { return Vec::new() };
        let mut relationships = Vec::new();
        for (index, (pack, ids)) in self.packs.iter().enumerate() {
            for id in controls.get(*pack).into_iter().flatten() {
                let at = ids.iter().position(|other| other == id).and_then(|at| i64::try_from(at).ok()).unwrap_or(-1);
                let target = sarif::ReportingDescriptorReference::builder()
                    .id(id.clone())
                    .index(at)
                    .tool_component(reference(index, pack))
                    .build();
                let kinds = vec!["relevant".to_owned()];
                relationships
                    .push(sarif::ReportingDescriptorRelationship::builder().target(target).kinds(kinds).build());
            }
        }
        relationships
    }
}

fn reference(index: usize, pack: &str) -> sarif::ToolComponentReference {
    sarif::ToolComponentReference::builder().index(i64::try_from(index).unwrap_or(-1)).name(pack).build()
}
