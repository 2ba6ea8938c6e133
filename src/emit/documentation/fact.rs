//! The names that rules may use.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use crate::emit::document::{Document, Name, Words};
use crate::expr::{Field, Source, Type};
use crate::facts::{self, Scope};

/// The schema of [`write_fact_list`].
const SCHEMA: &str = "trailproof.facts/1";

/// Every name that a rule may use, scope by scope.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "trailproof.facts/1")]
pub struct FactList {
    schema: &'static str,
    scopes: Vec<FactsOfScope>,
}

/// The names that a rule of one scope may use.
#[derive(Debug, Serialize, JsonSchema)]
struct FactsOfScope {
    /// The scope, as rules write it.
    scope: &'static str,
    /// What a rule of the scope judges.
    judges: &'static str,
    /// The variable that all names begin with.
    variable: &'static str,
    /// The type of the variable.
    #[serde(rename = "type")]
    ty: String,
    /// What it is.
    description: String,
    /// The names, a record's before those of its fields.
    names: Vec<FactName>,
}

/// A name that a rule may use.
#[derive(Debug, Serialize, JsonSchema)]
struct FactName {
    /// The name; `[]` stands for each element of a list.
    name: String,
    /// Its type where it is there. A type that is the variable of another scope has that scope's fields.
    #[serde(rename = "type")]
    ty: String,
    /// Whether it may be absent: to be asked for with `has` or `.?`.
    optional: bool,
    /// What it means, and what its absence means.
    description: String,
    /// The calls that it rests on.
    sources: Vec<FactSource>,
}

/// A call that a fact rests on.
#[derive(Debug, Serialize, JsonSchema)]
struct FactSource {
    /// The call, such as `cloudtrail:GetTrailStatus`.
    call: String,
    /// The IAM action that allows it.
    permission: String,
}

impl FactList {
    /// The names of one scope, or of all.
    pub fn new(only: Option<Scope>) -> Self {
        let scopes = Scope::ALL.into_iter().filter(|scope| only.is_none_or(|only| only == *scope));
        Self { schema: SCHEMA, scopes: scopes.filter_map(of_scope).collect() }
    }
}

fn of_scope(scope: Scope) -> Option<FactsOfScope> {
    let schema = facts::schema(scope)?;
    let variable = scope.variable();
    let Type::Record(record) = schema.variable(variable)? else { return None };
    let mut names = Vec::new();
    add(&record.fields, variable, &subjects(), &mut names);
    let (ty, description) = (record.name.clone(), record.doc.clone());
    Some(FactsOfScope { scope: scope.name(), judges: scope.subjects(), variable, ty, description, names })
}

/// The types of the variables of all scopes: their fields are told once, where they are judged.
fn subjects() -> Vec<String> {
    let schemas = Scope::ALL.into_iter().filter_map(|scope| Some((facts::schema(scope)?, scope.variable())));
    schemas.filter_map(|(schema, variable)| schema.variable(variable).map(Type::to_string)).collect()
}

fn add(fields: &[Field], path: &str, subjects: &[String], names: &mut Vec<FactName>) {
    for field in fields {
        let name = format!("{path}.{}", field.name);
        let sources = field.sources.iter();
        let source =
            |source: &Source| FactSource { call: source.operation.clone(), permission: source.permission.clone() };
        names.push(FactName {
            name: name.clone(),
            ty: field.ty.to_string(),
            optional: field.optional,
            description: field.doc.clone(),
            sources: sources.map(source).collect(),
        });
        let (inner, name) = innermost(&field.ty, name);
        if let Type::Record(record) = inner
            && !subjects.contains(&record.name)
        {
            add(&record.fields, &name, subjects, names);
        }
    }
}

/// What a list or a map holds in the end, and its name.
fn innermost(ty: &Type, name: String) -> (&Type, String) {
    match ty {
        Type::List(element) => innermost(element, format!("{name}[]")),
        Type::Map(element) => innermost(element, format!("{name}[…]")),
        other => (other, name),
    }
}

/// The names as a page.
pub fn fact_document(list: &FactList) -> Document {
    let mut page = Document::new(Words::prose("What a rule may name"));
    page.prose(
        "A rule of a scope has one variable, the subject that it judges, and `params`, its own parameters. These are all \
         of its names. A fact that could not be read makes unknown whatever needs it; an optional one may be absent, \
         which is an answer: ask with `has(…)`, or read it with `.?` and `orValue(…)`.",
    );
    for scope in &list.scopes {
        page.heading(&format!("`{}`, in the scope `{}`", scope.variable, scope.scope));
        page.prose(&format!("{} Its type is `{}`. Rules judge {}.", scope.description, scope.ty, scope.judges));
        page.names(scope.names.iter().map(explained).collect());
    }
    page
}

fn explained(name: &FactName) -> Name {
    let optional = if name.optional { "optional " } else { "" };
    let sources = name.sources.iter().map(|source| told(&source.call, &source.permission));
    Name {
        name: name.name.clone(),
        ty: format!("{optional}{}", name.ty),
        meaning: Words::prose(&name.description),
        sources: Words::joined(sources, ", "),
    }
}

/// A call, and the action that allows it where that has another name.
fn told(call: &str, permission: &str) -> Words {
    let words = Words::code_alone(call);
    if call == permission { words } else { words.text(" (").code(permission).text(")") }
}

/// A field under its name, as pages of rules show it.
pub(super) fn named(name: String, field: &Field) -> Name {
    let optional = if field.optional { "optional " } else { "" };
    let sources = field.sources.iter().map(|source| told(&source.operation, &source.permission));
    Name {
        name,
        ty: format!("{optional}{}", field.ty),
        meaning: Words::prose(&field.doc),
        sources: Words::joined(sources, ", "),
    }
}

/// Writes the names as JSON.
///
/// # Errors
/// Where the writer fails.
pub fn write_fact_list(list: &FactList, writer: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *writer, list)?;
    writer.write_all(b"\n")
}
