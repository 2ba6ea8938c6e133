//! The page of a rule.

use super::fact::named;
use crate::collect::Needs;
use crate::emit::document::{Document, Target, Words};
use crate::expr::PARAMETERS;
use crate::facts;
use crate::policy::{Parameter, ParameterValue, Policies, Policy};

/// The page of a rule: all that it says of itself, and who demands it.
pub fn rule_document(policies: &Policies, rule: &Policy) -> Document {
    let mut page = Document::new(Words::prose(&rule.title));
    page.paragraph(summary(policies, rule));
    page.prose(&rule.why);
    conditions(&mut page, rule);
    parameters(&mut page, rule);
    fix(&mut page, rule);
    demanded(&mut page, policies, rule);
    read(&mut page, rule);
    if !rule.references.is_empty() {
        page.heading("References");
        let link = |address: &String| Words::new().link(address, Target::Address(address.clone()));
        page.list(rule.references.iter().map(link).collect());
    }
    page
}

/// What it is, in one line: how bad a failure is, what is judged, and which packs have it.
fn summary(policies: &Policies, rule: &Policy) -> Words {
    let mut words = Words::code_alone(rule.id.as_str()).text(format!(" · severity {}", rule.severity.as_str()));
    if let Some(severity) = rule.severity_if_redundant {
        words = words.text(format!(" ({} for what serves redundant trails alone)", severity.as_str()));
    }
    for (name, severity) in &rule.severity_with {
        words = words.text(format!(" ({} where ", severity.as_str())).code(name).text(" is true)");
    }
    words = words.text(format!(" · judges {} · ", rule.scope.subjects()));
    let packs: Vec<&str> = policies.packs().filter(|id| has(policies, id, rule)).collect();
    match packs.as_slice() {
        [] => words.text("in no pack"),
        packs => {
            let links = packs.iter().map(|id| Words::new().pack(id));
            Words::joined(
                [words.text(if packs.len() == 1 { "pack" } else { "packs" }), Words::joined(links, ", ")],
                " ",
            )
        }
    }
}

fn has(policies: &Policies, pack: &str, rule: &Policy) -> bool {
    policies.pack(pack).is_some_and(|pack| pack.rules.contains_key(rule.id.as_str()))
}

/// Where it applies, passes and fails, and the cases that are its tests.
fn conditions(page: &mut Document, rule: &Policy) {
    page.heading("What it asks");
    if let Some(when) = &rule.when {
        page.prose("It applies where this is so; elsewhere it is not applicable:");
        page.code("cel", when.source());
    }
    page.prose("It passes where this is so:");
    page.code("cel", rule.assert.source());
    page.prose("It fails where that is not so, and says:");
    page.code("text", &rule.message.to_string());
    page.prose("It is unknown where a fact that decides could not be read.");
    for (name, parameter) in &rule.parameters {
        if let Some(needed) = &parameter.needed {
            page.paragraph(
                Words::new()
                    .text("It applies to nothing until its parameter ")
                    .code(name)
                    .text(format!(" is given: {needed}.")),
            );
        }
    }
    if !rule.examples.is_empty() {
        let row = |example: &crate::policy::Example| {
            vec![Words::new().text(example.expected.as_str()), Words::prose(&example.name)]
        };
        let mut examples: Vec<_> = rule.examples.iter().collect();
        examples.sort_by_key(|example| example.expected);
        page.table(&["outcome", "case"], examples.into_iter().map(row).collect());
    }
}

fn parameters(page: &mut Document, rule: &Policy) {
    if rule.parameters.is_empty() {
        return;
    }
    page.heading("Parameters");
    let row = |(name, parameter): (&String, &Parameter)| {
        let default = match &parameter.default {
            value if value.is_empty() => Words::prose("none"),
            ParameterValue::List(texts) => Words::joined(texts.iter().map(|text| Words::code_alone(text)), ", "),
            ParameterValue::String(text) => Words::code_alone(text),
            other => Words::code_alone(&other.to_json().to_string()),
        };
        vec![
            Words::code_alone(name),
            Words::new().text(parameter.kind.to_string()),
            default,
            Words::prose(&parameter.description),
        ]
    };
    page.table(&["parameter", "type", "default", "meaning"], rule.parameters.iter().map(row).collect());
}

fn fix(page: &mut Document, rule: &Policy) {
    page.heading("Fix");
    page.prose(&rule.fix.text);
    if let Some(cli) = &rule.fix.cli {
        page.prose("With the AWS CLI:");
        page.code("sh", &cli.to_string());
    }
    if let Some(terraform) = &rule.fix.terraform {
        page.prose("In Terraform:");
        page.code("hcl", terraform);
    }
}

/// The controls of all packs that it proves, or a part of each, and who says so.
fn demanded(page: &mut Document, policies: &Policies, rule: &Policy) {
    let mut rows = Vec::new();
    for pack in policies.packs().filter_map(|id| policies.pack(id)) {
        for control in pack.controls_of(rule.id.as_str()) {
            let edges = control.edges.iter().filter(|edge| edge.rule == rule.id.as_str());
            let source =
                |edge: &crate::policy::Edge| Words::new().link(&edge.section, Target::Address(edge.source.clone()));
            rows.push(vec![
                Words::new().pack(&pack.id),
                Words::new().text(control.id.clone()),
                Words::prose(&control.title),
                Words::joined(edges.map(source), ", "),
            ]);
        }
    }
    if !rows.is_empty() {
        page.heading("Controls");
        page.table(&["pack", "control", "what it demands", "who says so"], rows);
    }
}

/// The facts that it reads, and what it takes to read them.
fn read(page: &mut Document, rule: &Policy) {
    page.heading("What it reads");
    if let Some(schema) = facts::schema(rule.scope) {
        let paths = rule.paths();
        let facts = paths.iter().filter(|path| path.variable() != PARAMETERS);
        let field = |path: &crate::expr::Path| Some(named(path.to_string(), schema.fields_along(path).last()?));
        page.names(facts.filter_map(field).collect());
    }
    let actions = Needs::actions_of(rule);
    if actions.is_empty() {
        page.prose("It needs no permission beside those of every run.");
        return;
    }
    let actions = Words::joined(actions.into_iter().map(Words::code_alone), ", ");
    page.paragraph(Words::joined([Words::prose("Beside what every run needs, it takes"), actions], " ").text("."));
}
