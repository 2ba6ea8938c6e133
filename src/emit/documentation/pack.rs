//! The page of a pack.

use crate::emit::document::{Document, Target, Words};
use crate::policy::{Control, Edge, Pack, PackRule, Policies, Standing};

/// The page of a pack: its rules, as it has them, and its controls.
pub fn pack_document(policies: &Policies, pack: &Pack) -> Document {
    let mut page = Document::new(Words::prose(&pack.title));
    page.paragraph(summary(pack));
    page.prose(&format!("`trailproof scan --pack {}` judges by it.", pack.id));
    page.heading("Rules");
    let rows = pack.rules.iter().map(|(id, said)| rule_row(policies, id, said));
    page.table(&["rule", "severity", "parameters", "what should hold"], rows.collect());
    if !pack.controls.is_empty() {
        page.heading("Controls");
        let rows = pack.controls.iter().map(control_row);
        page.table(&["control", "what it demands", "what proves it"], rows.collect());
    }
    page
}

fn summary(pack: &Pack) -> Words {
    let mut words = Words::code_alone(&pack.id).text(format!(" · version {}", pack.version));
    let includes: Vec<Words> = pack.includes().map(|id| Words::new().pack(id)).collect();
    if !includes.is_empty() {
        words = Words::joined([words.text(" · includes"), Words::joined(includes, ", ")], " ");
    }
    match &pack.source {
        Some(source) => words.text(" · made after ").link(source, Target::Address(source.clone())),
        None => words,
    }
}

/// A rule, as the pack has it: with its severity and parameters, where they are not the rule's own.
fn rule_row(policies: &Policies, id: &str, said: &PackRule) -> Vec<Words> {
    let rule = policies.get(id);
    let severity = said.severity.or_else(|| rule.map(|rule| rule.severity)).map_or("", |severity| severity.as_str());
    let set = said.parameters.iter();
    let parameters = set.map(|(name, value)| Words::code_alone(&format!("{name}: {}", value.to_json())));
    vec![
        Words::new().rule(id),
        Words::new().text(severity),
        Words::joined(parameters, ", "),
        Words::prose(rule.map_or("", |rule| rule.title.as_str())),
    ]
}

fn control_row(control: &Control) -> Vec<Words> {
    let edge = |edge: &Edge| {
        Words::new().rule(&edge.rule).text(" (").link(&edge.section, Target::Address(edge.source.clone())).text(")")
    };
    let rules = Words::joined(control.edges.iter().map(edge), ", ");
    let proof = match &control.standing {
        Standing::Rules => rules,
        Standing::Partly(what) => Words::joined([rules, Words::prose(&format!("in part: {what}"))], "; "),
        Standing::Manual(why) if control.edges.is_empty() => Words::prose(&format!("manual: {why}")),
        Standing::Manual(why) => Words::joined([Words::prose(&format!("manual: {why}")), rules], "; "),
        Standing::NotCovered(what) => Words::prose(&format!("not covered: {what}")),
    };
    vec![Words::new().text(control.id.clone()), Words::prose(&control.title), proof]
}
