//! The JSON Schemas of rules and packs, for editors: what loading refuses for its form, an editor marks while one writes.
//!
//! Draft 7, which the YAML language server reads. What rests on meaning (expressions, templates, names of rules) is
//! checked when files are loaded.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::example::Expected;
use super::parameter::ParameterType;
use super::severity::Severity;
use crate::expr::{RecordType, Type};
use crate::facts::{self, Scope};
use crate::snapshot::Cause;

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// The JSON Schema of a rule's file.
pub fn rule_schema() -> Value {
    let mut records = Records::default();
    let scopes: Vec<(Scope, Value)> =
        Scope::ALL.into_iter().filter_map(|scope| Some((scope, records.given(scope)?))).collect();
    let names: Vec<&str> = scopes.iter().map(|(scope, _)| scope.name()).collect();
    let mut schema = json!({
        "$schema": DRAFT,
        "title": "A rule of trailproof",
        "type": "object",
        "required": ["id", "title", "severity", "scope", "assert", "message", "why", "fix", "examples"],
        "additionalProperties": false,
        "properties": {
            "id": id("The id of the rule, and the name of its file: words in lower case with hyphens between them."),
            "title": text("What should hold, as a sentence without a full stop."),
            "severity": severity("How bad it is when the rule fails."),
            "severity_if_redundant": severity("How bad it is for what serves redundant trails alone."),
            "severity_with": {
                "description": "How bad it is where a parameter of the type bool is true, by the parameter's name.",
                "type": "object",
                "additionalProperties": severity("How bad it is then."),
            },
            "scope": { "description": "What the rule judges one by one; `trailproof facts` prints what it may name.", "enum": names },
            "when": text("Where the rule applies, as an expression. Elsewhere the result is not-applicable."),
            "assert": text("What must be so, as an expression: true where all is well."),
            "evidence": list("Facts that the report shows beside those that the expressions name.", text("A fact, such as `trail.status.is_logging`.")),
            "message": text("What is said where it fails. `{trail.name}` stands for a fact."),
            "notes": text("A fact, a list of texts, that the report notes whatever the outcome."),
            "why": text("Why it matters."),
            "fix": {
                "description": "What to do where it fails.",
                "type": "object",
                "required": ["text"],
                "additionalProperties": false,
                "properties": {
                    "text": text("In words."),
                    "cli": text("With the AWS CLI. `{trail.name}` stands for a fact."),
                    "terraform": text("In Terraform."),
                },
            },
            "references": list("Where AWS says so.", address("An address that begins with https://.")),
            "parameters": {
                "description": "Values that packs and users may set; `params.name` in expressions.",
                "type": "object",
                "additionalProperties": parameter(),
            },
            "examples": list("The tests of the rule: facts, and the outcome that it must come to.", example()),
        },
    });
    let of_scopes = scopes.into_iter().map(|(scope, given)| of_scope(scope, given)).collect();
    if let Value::Object(schema) = &mut schema {
        schema.insert("allOf".to_owned(), Value::Array(of_scopes));
        schema.insert("definitions".to_owned(), records.definitions());
    }
    schema
}

/// The JSON Schema of a pack's file.
pub fn pack_schema() -> Value {
    let why = |what: &str| text(what);
    json!({
        "$schema": DRAFT,
        "title": "A pack of rules of trailproof",
        "type": "object",
        "required": ["id", "title", "version"],
        "additionalProperties": false,
        "properties": {
            "id": text("The id of the pack, and the name of its file."),
            "title": text("What the pack is."),
            "version": { "description": "It rises when what the pack demands changes.", "type": "integer", "minimum": 0, "maximum": u32::MAX },
            "source": address("The address of what the pack is made after."),
            "sources": {
                "description": "Addresses of those who say that a rule proves a control, by the names that edges use.",
                "type": "object",
                "additionalProperties": address("An address that begins with https://."),
            },
            "partly": text("What the rules do not see of any control, so that none is proven in full."),
            "include": list("Packs whose rules this one has too.", text("The id of a pack.")),
            "rules": {
                "description": "The rules of the pack, by id.",
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": {
                        "severity": severity("A severity instead of the rule's own."),
                        "parameters": { "description": "Values instead of the rule's defaults.", "type": "object" },
                    },
                },
            },
            "controls": list("What the framework demands, in its order.", json!({
                "type": "object",
                "required": ["id", "title"],
                "additionalProperties": false,
                "properties": {
                    "id": text("The control's id, as the framework writes it."),
                    "title": text("What it demands, in our words."),
                    "rules": {
                        "description": "The rules that prove it, by id, each with who says so: `SOURCE SECTION`.",
                        "type": "object",
                        "minProperties": 1,
                        "additionalProperties": why("Who says so: the name of a source, and the place in it."),
                    },
                    "partly": why("What the rules do not see of it."),
                    "manual": why("Why a human must look."),
                    "not_covered": why("What no rule proves."),
                },
                "oneOf": [
                    { "required": ["rules"], "not": any_of(&["manual", "not_covered"]) },
                    { "required": ["manual"], "not": any_of(&["partly", "not_covered"]) },
                    { "required": ["not_covered"], "not": any_of(&["rules", "partly", "manual"]) },
                ],
            })),
        },
    })
}

fn any_of(keys: &[&str]) -> Value {
    json!({ "anyOf": keys.iter().map(|key| json!({ "required": [key] })).collect::<Vec<_>>() })
}

fn text(description: &str) -> Value {
    json!({ "description": description, "type": "string", "pattern": "\\S" })
}

fn id(description: &str) -> Value {
    json!({ "description": description, "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 80 })
}

fn address(description: &str) -> Value {
    json!({ "description": description, "type": "string", "pattern": "^https://" })
}

fn list(description: &str, element: Value) -> Value {
    json!({ "description": description, "type": "array", "items": element })
}

fn severity(description: &str) -> Value {
    json!({ "description": description, "enum": Severity::ALL.map(Severity::as_str) })
}

fn parameter() -> Value {
    let types: Vec<String> = ParameterType::ALL.iter().map(ParameterType::to_string).collect();
    let of_type = |name: &String| {
        let (value, needed) = match name.as_str() {
            "bool" => (json!({ "type": "boolean" }), false),
            "int" => (json!({ "type": "integer" }), false),
            "list" => (json!({ "type": "array", "items": { "type": "string" } }), true),
            _ => (json!({ "type": "string" }), true),
        };
        let needed = if needed { json!({}) } else { json!(false) };
        json!({ "if": { "properties": { "type": { "const": name } } }, "then": { "properties": { "default": value, "needed": needed } } })
    };
    json!({
        "type": "object",
        "required": ["type", "default", "description"],
        "additionalProperties": false,
        "properties": {
            "type": { "description": "What values it takes.", "enum": types },
            "default": { "description": "The value that it has unless another is set." },
            "description": text("What it means."),
            "needed": text("What is missing where it is empty, in words: the rule then applies to nothing."),
        },
        "allOf": types.iter().map(of_type).collect::<Vec<_>>(),
    })
}

fn example() -> Value {
    json!({
        "type": "object",
        "required": ["name", "given", "expect"],
        "additionalProperties": false,
        "properties": {
            "name": text("What it shows."),
            "given": { "description": "The facts that the rule reads; `{ $gap: scp }` stands for one that could not be read.", "type": "object" },
            "parameters": { "description": "Values instead of the defaults.", "type": "object" },
            "expect": { "description": "The outcome.", "enum": Expected::ALL.map(Expected::as_str) },
        },
    })
}

/// What a rule of a scope may give in its examples. A rule about buckets of data lives from parameters that name them.
fn of_scope(scope: Scope, given: Value) -> Value {
    let mut then = json!({ "properties": { "examples": { "items": { "properties": { "given": given } } } } });
    if let (Scope::Bucket, Value::Object(then)) = (scope, &mut then) {
        let named = [super::rule::BUCKET_NAMES, super::rule::BUCKET_TAGS].map(|name| json!({ "required": [name] }));
        then.insert("required".to_owned(), json!(["parameters"]));
        then["properties"]["parameters"] = json!({ "anyOf": named });
    }
    json!({ "if": { "properties": { "scope": { "const": scope.name() } }, "required": ["scope"] }, "then": then })
}

/// The records that facts are made of, each told once.
#[derive(Default)]
struct Records {
    known: Vec<(String, RecordType)>,
    described: BTreeMap<String, Value>,
}

impl Records {
    /// The facts of a scope under their variable; nothing where this version has none.
    fn given(&mut self, scope: Scope) -> Option<Value> {
        let schema = facts::schema(scope)?;
        let variable = scope.variable();
        let fact = self.fact(schema.variable(variable)?);
        let properties: Map<String, Value> = [(variable.to_owned(), fact)].into_iter().collect();
        Some(json!({ "required": [variable], "additionalProperties": false, "properties": properties }))
    }

    /// A fact of a type, or a gap.
    fn fact(&mut self, ty: &Type) -> Value {
        let known = match ty {
            Type::Bool => json!({ "type": "boolean" }),
            Type::Int => json!({ "type": "integer" }),
            Type::List(element) => json!({ "type": "array", "items": self.fact(element) }),
            Type::Map(element) => json!({ "type": "object", "additionalProperties": self.fact(element) }),
            Type::Record(record) => self.record(record),
            _ => json!({ "type": "string" }),
        };
        json!({ "anyOf": [known, { "$ref": "#/definitions/gap" }] })
    }

    fn record(&mut self, record: &RecordType) -> Value {
        let known = self.known.iter().find(|(_, known)| known == record).map(|(name, _)| name.clone());
        let name = known.unwrap_or_else(|| self.describe(record));
        json!({ "$ref": format!("#/definitions/{name}") })
    }

    fn describe(&mut self, record: &RecordType) -> String {
        let same = self.known.iter().filter(|(_, known)| known.name == record.name).count();
        let name = if same == 0 { record.name.clone() } else { format!("{}{}", record.name, same + 1) };
        self.known.push((name.clone(), record.clone()));
        let mut properties = Map::new();
        for field in &record.fields {
            let mut fact = self.fact(&field.ty);
            fact["description"] = Value::from(field.doc.as_str());
            properties.insert(field.name.clone(), fact);
        }
        let described = json!({
            "description": record.doc,
            "type": "object",
            "additionalProperties": false,
            "properties": properties,
        });
        self.described.insert(name.clone(), described);
        name
    }

    fn definitions(self) -> Value {
        let causes: Vec<&str> = Cause::names().collect();
        let gap = json!({
            "description": "A fact that could not be read, and why.",
            "type": "object",
            "required": ["$gap"],
            "additionalProperties": false,
            "properties": { "$gap": { "enum": causes } },
        });
        let definitions: Map<String, Value> = self.described.into_iter().chain([("gap".to_owned(), gap)]).collect();
        Value::Object(definitions)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{pack, rule};
    use super::*;

    #[test]
    fn the_schemas_have_the_keys_that_loading_knows() {
        let keys = |schema: Value| schema["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(rule_schema()), rule::KEYS);
        assert_eq!(keys(pack_schema()), pack::KEYS);
    }
}
