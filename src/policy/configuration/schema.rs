//! The JSON Schema of the configuration, for editors. Draft 7, which the YAML language server reads.

use serde_json::{Map, Value, json};

use crate::policy::{ParameterType, Policies, Policy, Severity};
use crate::snapshot::Cause;

/// The JSON Schema of the configuration: it names the rules that there are, their parameters, and the packs. Rules of the
/// user's own are known once they are loaded.
pub fn configuration_schema(policies: &Policies) -> Value {
    let (packs, rules) = (packs(policies), rules(policies));
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "The configuration of trailproof",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "organization": organization(),
            "packs": packs,
            "policies": {
                "description": "Folders of rules and packs of your own, by their way from this file.",
                "type": "array",
                "items": { "type": "string", "pattern": "\\S" },
            },
            "rules": rules,
            "sensitive_buckets": {
                "description": "Buckets whose objects must be recorded when they are read and written.",
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "names": texts("By name or ARN; `*` takes in any letters, `?` one."),
                    "tags": texts("By a tag `key` or `key=value`."),
                },
            },
            "outputs": texts("Where the report goes: FORMAT, or FORMAT=PATH by its way from this file."),
            "anchors": anchors(),
            "baselines": {
                "description": "What some accounts are held to instead. The first that matches an account counts.",
                "type": "array",
                "items": baseline(&packs, &rules),
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

fn packs(policies: &Policies) -> Value {
    let packs: Vec<&str> = policies.packs().collect();
    json!({
        "description": "The packs of rules that are judged; without it, the pack `recommended`.",
        "type": "array",
        "minItems": 1,
        "items": { "anyOf": [{ "enum": packs }, { "type": "string", "pattern": "\\S" }] },
    })
}

fn rules(policies: &Policies) -> Value {
    let rules: Map<String, Value> = policies.rules().map(|rule| (rule.id.to_string(), of_rule(rule))).collect();
    let own = entry("What is set of a rule of your own.", json!({ "type": "object" }));
    json!({
        "description": "What is set of rules, in every pack.",
        "type": "object",
        "properties": rules,
        "additionalProperties": own,
    })
}

fn text(description: &str) -> Value {
    json!({ "description": description, "type": "string", "pattern": "\\S" })
}

fn texts(description: &str) -> Value {
    json!({ "description": description, "type": "array", "items": { "type": "string", "pattern": "\\S" } })
}

fn ids(description: &str) -> Value {
    json!({ "description": description, "type": "array", "items": { "type": "string", "pattern": "^\\d{12}$" } })
}

fn organization() -> Value {
    json!({
        "description": "By which role the organization is entered, and what of it is scanned.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "role_name": text("The role that is assumed in every member account."),
            "external_id": text("The external id that the role asks for. It is never printed."),
            "session_name": text("The name of the sessions, as members' trails will show it."),
            "accounts": ids("Only these accounts."),
            "exclude_accounts": ids("Not these accounts."),
            "ous": texts("Only accounts beneath these organizational units, by id or by path."),
            "exclude_ous": texts("No accounts beneath these organizational units."),
            "regions": texts("Only these Regions."),
            "log_archives": ids("Accounts that own log buckets."),
        },
    })
}

fn anchors() -> Value {
    json!({
        "description": "Where results stand in the repository, in SARIF and in annotations of GitHub.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "inventory": text("The folder that `trailproof inventory --write` writes, by its way from this file."),
            "terraform": texts("Folders of Terraform root modules: DIR, or DIR=STATE, by their way from this file."),
            "cloudformation": texts("CloudFormation templates: TEMPLATE, or TEMPLATE=RESOURCES, by their way from this file."),
        },
    })
}

/// What is compared with a text: the text itself, or a glob.
fn pattern(description: &str, exact: &str) -> Value {
    let glob = json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["glob"],
        "properties": { "glob": text("`*` takes in any letters, `?` one.") },
    });
    json!({ "description": description, "anyOf": [{ "type": "string", "pattern": exact }, glob] })
}

/// An organizational unit by id, or by its path from the root.
const UNIT: &str = "^(/|ou-|r-)[^*?]*$";

/// A tag.
const TAG: &str = "^[^*?]+=[^*?]*$";

fn baseline(packs: &Value, rules: &Value) -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "match"],
        "properties": {
            "name": text("Its name."),
            "match": {
                "description": "The accounts that are held to it: of each kind that is named, one must be so.",
                "type": "object",
                "additionalProperties": false,
                "minProperties": 1,
                "properties": {
                    "accounts": ids("By id."),
                    "ous": { "type": "array", "items": pattern("By the organizational units above.", UNIT) },
                    "names": { "type": "array", "items": pattern("By name.", "^[^*?]*$") },
                    "tags": { "type": "array", "items": pattern("By a tag `key=value` of the account.", TAG) },
                },
            },
            "packs": packs,
            "rules": rules,
            "gate": {
                "description": "What closes the gate.",
                "type": "object",
                "additionalProperties": false,
                "properties": { "fail_on": fail_on(), "allow_incomplete": { "type": "boolean" } },
            },
        },
    })
}

fn fail_on() -> Value {
    let severities: Vec<&str> = Severity::ALL.map(Severity::as_str).into_iter().chain(["none"]).collect();
    json!({ "description": "Findings of this severity or above close the gate.", "enum": severities, "default": "medium" })
}

fn gate() -> Value {
    json!({
        "description": "What closes the gate.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "fail_on": fail_on(),
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
    let date = |description: &str| {
        let mut date = text(description);
        date["pattern"] = "^\\d{4}-\\d{2}-\\d{2}$".into();
        date
    };
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
            "ou": pattern("The organizational unit above the account, by id or path.", UNIT),
            "tag": pattern("A tag `key=value` of the account or of the trail.", TAG),
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
