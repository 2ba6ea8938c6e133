//! The JSON Schema of the configuration, for editors. Draft 7, which the YAML language server reads.

use serde_json::{Map, Value, json};

use crate::policy::{ParameterType, Policies, Policy, Severity};

/// The JSON Schema of the configuration: it names the rules that there are, their parameters, and the packs. Rules of the
/// user's own are known once they are loaded.
pub fn configuration_schema(policies: &Policies) -> Value {
    let rules: Map<String, Value> = policies.rules().map(|rule| (rule.id.to_string(), of_rule(rule))).collect();
    let own = entry("What is set of a rule of your own.", json!({ "type": "object" }));
    let packs: Vec<&str> = policies.packs().collect();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "The configuration of trailproof",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "packs": {
                "description": "The packs of rules that are judged; without it, the pack `recommended`.",
                "type": "array",
                "minItems": 1,
                "items": { "anyOf": [{ "enum": packs }, { "type": "string", "pattern": "\\S" }] },
            },
            "policies": {
                "description": "Folders of rules and packs of your own, by their way from this file.",
                "type": "array",
                "items": { "type": "string", "pattern": "\\S" },
            },
            "rules": {
                "description": "What is set of rules, in every pack.",
                "type": "object",
                "properties": rules,
                "additionalProperties": own,
            },
        },
    })
}

fn of_rule(rule: &Policy) -> Value {
    let parameters = rule.parameters.iter().map(|(name, parameter)| {
        let mut value = of_type(parameter.kind);
        value["description"] = parameter.description.trim().into();
        value["default"] = parameter.default.to_json();
        (name.clone(), value)
    });
    let parameters: Map<String, Value> = parameters.collect();
    let parameters = json!({ "type": "object", "additionalProperties": false, "properties": parameters });
    entry(&rule.title, parameters)
}

fn entry(description: &str, parameters: Value) -> Value {
    let mut parameters = parameters;
    parameters["description"] = "Values of its parameters.".into();
    json!({
        "description": description,
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "severity": { "description": "How bad it is when the rule fails.", "enum": Severity::ALL.map(Severity::as_str) },
            "disabled": { "description": "Whether the rule is left out.", "type": "boolean" },
            "parameters": parameters,
        },
    })
}

fn of_type(kind: ParameterType) -> Value {
    match kind {
        ParameterType::Bool => json!({ "type": "boolean" }),
        ParameterType::Int => json!({ "type": "integer" }),
        ParameterType::String => json!({ "type": "string" }),
        ParameterType::List => json!({ "type": "array", "items": { "type": "string" } }),
    }
}
