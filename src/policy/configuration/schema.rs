//! The JSON Schema of the configuration, for editors. Draft 7, which the YAML language server reads.

use serde_json::{Map, Value, json};

use crate::policy::{ParameterType, Policies, Policy, Severity};
use crate::snapshot::Cause;

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
            "gate": gate(),
            "waivers": {
                "description": "What is accepted for a while; it stays in every report.",
                "type": "array",
                "items": waiver(policies),
            },
        },
    })
}

fn gate() -> Value {
    let severities: Vec<&str> = Severity::ALL.map(Severity::as_str).into_iter().chain(["none"]).collect();
    json!({
        "description": "What closes the gate.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "fail_on": {
                "description": "Findings of this severity or above close the gate.",
                "enum": severities,
                "default": "medium",
            },
            "allow_incomplete": { "description": "Exit with 0 though the picture is incomplete.", "type": "boolean" },
            "known": {
                "description": "An earlier report as JSON, by its way from this file: what failed there does not close the gate.",
                "type": "string",
                "pattern": "\\S",
            },
            "waiver_reminder_days": {
                "description": "Tell of waivers that end within so many days.",
                "type": "integer",
                "minimum": 0,
                "default": 14,
            },
            "waiver_longest_days": {
                "description": "A waiver that lives longer than so many days waives nothing.",
                "type": "integer",
                "minimum": 0,
            },
        },
    })
}

fn waiver(policies: &Policies) -> Value {
    let text = |description: &str| json!({ "description": description, "type": "string", "pattern": "\\S" });
    let date = |description: &str| {
        let mut date = text(description);
        date["pattern"] = "^\\d{4}-\\d{2}-\\d{2}$".into();
        date
    };
    let glob = json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["glob"],
        "properties": { "glob": text("`*` takes in any letters, `?` one.") },
    });
    let pattern = |description: &str, exact: &str| json!({ "description": description, "anyOf": [{ "type": "string", "pattern": exact }, glob] });
    let rules: Vec<&str> = policies.ids().collect();
    let causes: Vec<&str> = Cause::names().collect();
    let placed = ["arn", "account", "ou", "tag", "region"].map(|key| json!({ "required": [key] }));
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["reason", "owner", "ticket", "expires"],
        "oneOf": [{ "required": ["rule"] }, { "required": ["gap"] }],
        "anyOf": placed,
        "properties": {
            "rule": {
                "description": "The rule that may fail, or be unknown.",
                "anyOf": [{ "enum": rules }, { "type": "string", "pattern": "\\S" }],
            },
            "gap": { "description": "The cause for which something may stay unobserved.", "enum": causes },
            "arn": pattern("The ARN that is judged; of a gap, what was asked about.", "^arn:[^*?]*$"),
            "account": { "description": "The account that owns it, or was asked.", "type": "string", "pattern": "^\\d{12}$" },
            "ou": pattern("The organizational unit above the account, by id or path.", "^(/|ou-|r-)[^*?]*$"),
            "tag": pattern("A tag `key=value` of the account or of the trail.", "^[^*?]+=[^*?]*$"),
            "region": text("The Region."),
            "reason": text("Why it is accepted."),
            "owner": text("Who accepted it."),
            "ticket": text("Where that was decided."),
            "since": date("When it was accepted: its life is counted from there."),
            "expires": date("The last day on which it holds, in UTC."),
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
