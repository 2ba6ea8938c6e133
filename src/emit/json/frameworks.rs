//! The chosen packs that have controls, in the report.

use schemars::JsonSchema;
use serde::Serialize;

use crate::evaluate::{ControlResult, EdgeResult, Framework, Status};

/// A chosen pack that has controls.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct JsonFramework<'a> {
    pack: &'a str,
    title: &'a str,
    /// The pack's version: it rises when what the pack demands changes.
    version: u32,
    /// The address of the framework.
    source: Option<&'a str>,
    summary: Summary,
    /// In the framework's order.
    controls: Vec<JsonControl<'a>>,
}

/// Controls by status.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct Summary {
    pass: usize,
    fail: usize,
    unknown: usize,
    waived: usize,
    not_applicable: usize,
    manual: usize,
    not_covered: usize,
}

/// What the results mean for a control.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonControl<'a> {
    /// As the framework writes it.
    id: &'a str,
    title: &'a str,
    /// `pass`, `fail`, `unknown`, `waived`, `not-applicable`, `manual` or `not-covered`.
    status: &'static str,
    /// Why, where the results alone do not say: why a human must look, what is missing, what was not seen.
    reason: Option<&'a str>,
    /// Those that prove it: all must pass. Sorted by id.
    rules: Vec<JsonEdge<'a>>,
}

/// A rule of a control, and its results with the parameters that the pack demands.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonEdge<'a> {
    policy: &'a str,
    /// Who says that the rule proves the control.
    source: &'a str,
    /// The place there.
    section: &'a str,
    pass: usize,
    fail: usize,
    unknown: usize,
    not_applicable: usize,
    waived: usize,
}

pub(super) fn frameworks(frameworks: &[Framework]) -> Vec<JsonFramework<'_>> {
    frameworks.iter().map(framework).collect()
}

fn framework(framework: &Framework) -> JsonFramework<'_> {
    let mut summary = Summary::default();
    for control in &framework.controls {
        *summary.of(control.status) += 1;
    }
    JsonFramework {
        pack: &framework.pack,
        title: &framework.title,
        version: framework.version,
        source: framework.source.as_deref(),
        summary,
        controls: framework.controls.iter().map(control).collect(),
    }
}

impl Summary {
    fn of(&mut self, status: Status) -> &mut usize {
        match status {
            Status::Pass => &mut self.pass,
            Status::Fail => &mut self.fail,
            Status::Unknown => &mut self.unknown,
            Status::Waived => &mut self.waived,
            Status::NotApplicable => &mut self.not_applicable,
            Status::Manual => &mut self.manual,
            Status::NotCovered => &mut self.not_covered,
        }
    }
}

fn control(control: &ControlResult) -> JsonControl<'_> {
    JsonControl {
        id: &control.id,
        title: &control.title,
        status: control.status.as_str(),
        reason: control.reason.as_deref(),
        rules: control.rules.iter().map(edge).collect(),
    }
}

fn edge(rule: &EdgeResult) -> JsonEdge<'_> {
    JsonEdge {
        policy: &rule.edge.rule,
        source: &rule.edge.source,
        section: &rule.edge.section,
        pass: rule.counts.pass,
        fail: rule.counts.fail,
        unknown: rule.counts.unknown,
        not_applicable: rule.counts.not_applicable,
        waived: rule.counts.waived,
    }
}
