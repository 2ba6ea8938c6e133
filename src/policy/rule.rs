//! One rule: a file of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::diagnostic::Diagnostic;
use super::example::Example;
use super::id::PolicyId;
use super::notes::Notes;
use super::parameter::{Parameter, ParameterType, ParameterValue, Parameters};
use super::read::{File, Part};
use super::severity::Severity;
use super::template::{Template, fact_path};
use crate::expr::{Expression, Path as FactPath, Schema};
use crate::facts::{self, Scope};

/// A checked rule.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Its id, the name of its file.
    pub id: PolicyId,
    /// What is so where it holds.
    pub title: String,
    /// How bad it is when it fails.
    pub severity: Severity,
    /// How bad it is for what serves redundant trails alone.
    pub severity_if_redundant: Option<Severity>,
    /// How bad it is where a parameter is given: one of type bool that is true, a text or a list that is not empty.
    pub severity_with: BTreeMap<String, Severity>,
    /// What it judges.
    pub scope: Scope,
    /// Where it applies; nothing, everywhere.
    pub when: Option<Expression>,
    /// What must be so. Its evidence has the facts of [`Policy::evidence`] and the notes too.
    pub assert: Expression,
    /// Facts that the report shows beside those that the conditions read.
    pub evidence: Vec<FactPath>,
    /// What is said where it fails.
    pub message: Template,
    /// Where its results find what they note.
    pub notes: Option<Notes>,
    /// Why it matters.
    pub why: String,
    /// What to do where it fails.
    pub fix: Fix,
    /// Where AWS says so.
    pub references: Vec<String>,
    /// Its parameters, by name.
    pub parameters: BTreeMap<String, Parameter>,
    /// Its own tests.
    pub examples: Vec<Example>,
    place: Option<(PathBuf, usize)>,
}

/// What to do where a rule fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// In words.
    pub text: String,
    /// With the AWS CLI.
    pub cli: Option<Template>,
    /// In Terraform.
    pub terraform: Option<String>,
}

/// The keys of a rule.
pub(super) const KEYS: [&str; 16] = [
    "id",
    "title",
    "severity",
    "severity_if_redundant",
    "severity_with",
    "scope",
    "when",
    "assert",
    "evidence",
    "message",
    "notes",
    "why",
    "fix",
    "references",
    "parameters",
    "examples",
];

impl Policy {
    /// The user's file that holds the rule, and the line of its `assert`; nothing for built-in rules.
    pub fn place(&self) -> Option<(&Path, usize)> {
        self.place.as_ref().map(|(path, line)| (path.as_path(), *line))
    }

    /// The values that its parameters have unless others are set.
    pub fn defaults(&self) -> Parameters {
        self.parameters.iter().map(|(name, parameter)| (name.clone(), parameter.default.clone())).collect()
    }

    /// What is missing, in words, where a parameter that it lives from is empty.
    pub fn not_given(&self, parameters: &Parameters) -> Option<&str> {
        let empty = |name: &String| parameters.get(name).is_none_or(ParameterValue::is_empty);
        let empty = self.parameters.iter().filter(|(name, _)| empty(name));
        empty.filter_map(|(_, parameter)| parameter.needed.as_deref()).next()
    }

    /// The facts that it reads: in its conditions, as evidence, and to say what is wrong and what to do.
    pub fn paths(&self) -> BTreeSet<FactPath> {
        let conditions = self.when.iter().chain([&self.assert]).flat_map(Expression::paths).cloned();
        let texts = [Some(&self.message), self.fix.cli.as_ref()];
        let texts = texts.into_iter().flatten().flat_map(Template::paths);
        let shown = self.evidence.iter().cloned().chain(self.notes.iter().map(Notes::path));
        conditions.chain(texts).chain(shown).collect()
    }

    /// How bad a failure is, for these parameters and this standing of the subject.
    pub fn severity_for(&self, parameters: &Parameters, redundant: bool) -> Severity {
        if let Some(severity) = self.severity_if_redundant.filter(|_| redundant) {
            return severity;
        }
        let set = |name: &String| parameters.get(name).is_some_and(ParameterValue::is_given);
        let raised = self.severity_with.iter().filter(|(name, _)| set(name)).map(|(_, severity)| *severity).min();
        raised.unwrap_or(self.severity)
    }

    /// Reads a rule from its file; nothing where there is a mistake, which the file then holds.
    pub(super) fn read(file: &File<'_>, part: Part<'_>, stem: Option<&str>, path: Option<&Path>) -> Option<Self> {
        part.only(&KEYS);
        let id = read_id(part, stem);
        let title = part.demand("title").and_then(|part| part.text());
        let severity = part.demand("severity").and_then(|part| part.parse());
        let severity_if_redundant = part.get("severity_if_redundant").map(|part| part.parse());
        let scope: Option<Scope> = part.demand("scope").and_then(|part| part.parse());
        let parameters = read_parameters(part);
        let severity_with = read_severity_with(part, &parameters);
        let why = part.demand("why").and_then(|part| part.text());
        let references = read_references(part);
        if let Some(scope) = scope {
            demand_patterns(part, scope, &parameters);
        }
        let schema = scope.and_then(|scope| schema(part, scope, &parameters));
        let schema = schema.as_ref();
        let when = part.get("when").map(|part| read_expression(part, schema));
        let assert_part = part.demand("assert");
        let assert = assert_part.and_then(|part| read_expression(part, schema));
        let evidence = read_evidence(part, schema);
        let message = part.demand("message").and_then(|part| read_template(part, schema));
        let notes = part.get("notes").and_then(|part| read_notes(part, schema));
        let fix = part.demand("fix").and_then(|part| read_fix(part, schema));
        let examples = Example::read_all(part, scope, schema, &parameters);
        if !file.is_clean() {
            return None;
        }
        let line = assert_part.map_or(1, |part| line_of(file.text, part.node.range.start));
        Some(Self {
            id: id?,
            title: title?,
            severity: severity?,
            severity_if_redundant: severity_if_redundant.flatten(),
            severity_with,
            scope: scope?,
            when: when.flatten(),
            assert: assert?.showing(evidence.iter().cloned().chain(notes.iter().map(Notes::path)).collect()),
            evidence,
            message: message?,
            notes,
            why: why?,
            fix: fix?,
            references,
            parameters,
            examples: examples?,
            place: path.map(|path| (path.to_owned(), line)),
        })
    }
}

fn line_of(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}

fn read_id(part: Part<'_>, stem: Option<&str>) -> Option<PolicyId> {
    let part = part.demand("id")?;
    let id: PolicyId = part.parse()?;
    if stem.is_some_and(|stem| stem != id.as_str()) {
        let message = format!("the id is `{id}`, and the file is called `{}`", stem.unwrap_or(""));
        let help = Some("a rule's id is the name of its file".to_owned());
        part.file.note(Diagnostic::at(part.file.name, part.node.range.clone(), message).help(help));
        return None;
    }
    Some(id)
}

fn read_parameters(part: Part<'_>) -> BTreeMap<String, Parameter> {
    let entries = part.get("parameters").map(|part| part.entries()).unwrap_or_default();
    entries.into_iter().filter_map(|(name, part)| Some((name.to_owned(), Parameter::read(part)?))).collect()
}

fn read_severity_with(part: Part<'_>, parameters: &BTreeMap<String, Parameter>) -> BTreeMap<String, Severity> {
    let Some(part) = part.get("severity_with") else { return BTreeMap::new() };
    let mut read = BTreeMap::new();
    for (name, part) in part.entries() {
        let can_be_missing =
            parameters.get(name).is_some_and(|parameter| !matches!(parameter.default, ParameterValue::Int(_)));
        if !can_be_missing {
            let message = format!("`{name}` is no parameter of the type bool, string or list");
            part.file.mistake(part.node.range.clone(), message);
        }
        if let Some(severity) = part.parse() {
            read.insert(name.to_owned(), severity);
        }
    }
    read
}

fn read_references(part: Part<'_>) -> Vec<String> {
    let elements = part.get("references").map(|part| part.elements()).unwrap_or_default();
    let mut read = Vec::new();
    for element in elements {
        match element.text() {
            Some(text) if text.starts_with("https://") => read.push(text),
            Some(_) => {
                element.file.mistake(element.node.range.clone(), "a reference is an address that begins with https://")
            }
            None => {}
        }
    }
    read
}

/// The parameters by which a rule of the scope `bucket` names its buckets: by name, and by tag.
pub const BUCKET_NAMES: &str = "names";
/// See [`BUCKET_NAMES`].
pub const BUCKET_TAGS: &str = "tags";

/// The parameter by which a rule about AWS Config asks for Regions: `home`, `all`, or their names.
pub const CONFIG_REGIONS: &str = "regions";

/// The parameters by which a rule of the scope `account` names events, for `account.named_events`: the types of resources
/// of data events, and the sources of network activity events.
pub const RESOURCE_TYPES: &str = "resource_types";
/// See [`RESOURCE_TYPES`].
pub const EVENT_SOURCES: &str = "event_sources";

/// The parameter by which a rule of the scope `account` names the principals that may change trails and log buckets, by
/// patterns of their ARNs: they are left out of `account.tamper_principals`.
pub const ALLOWED_PRINCIPALS: &str = "allowed_principals";

/// A rule about buckets of data lives from parameters that name them.
fn demand_patterns(part: Part<'_>, scope: Scope, parameters: &BTreeMap<String, Parameter>) {
    let is_list = |name| parameters.get(name).is_some_and(|parameter| parameter.kind == ParameterType::List);
    if scope == Scope::Bucket && !is_list(BUCKET_NAMES) && !is_list(BUCKET_TAGS) {
        let range = part.get("scope").map_or(0..0, |part| part.node.range.clone());
        let message = format!(
            "a rule of the scope `bucket` has its buckets named by a parameter `{BUCKET_NAMES}` or `{BUCKET_TAGS}` of the type list"
        );
        part.file.mistake(range, message);
    }
}

/// The names that a rule of a scope may use.
fn schema(part: Part<'_>, scope: Scope, parameters: &BTreeMap<String, Parameter>) -> Option<Schema> {
    let Some(schema) = facts::schema(scope) else {
        let range = part.get("scope").map_or(0..0, |part| part.node.range.clone());
        part.file.mistake(range, format!("this version has no facts of the scope `{scope}` yet"));
        return None;
    };
    let declared = parameters.iter();
    let declared =
        declared.map(|(name, parameter)| (name.clone(), parameter.kind.to_type(), parameter.description.clone()));
    Some(schema.with_parameters(declared))
}

fn read_expression(part: Part<'_>, schema: Option<&Schema>) -> Option<Expression> {
    let source = part.text()?;
    match Expression::check(&source, schema?) {
        Ok(expression) => Some(expression),
        Err(mistakes) => {
            for mistake in mistakes {
                let place = part.node.place(mistake.range.clone(), part.file.text);
                part.file.note(Diagnostic::at(part.file.name, place, mistake.message).help(mistake.help));
            }
            None
        }
    }
}

fn read_notes(part: Part<'_>, schema: Option<&Schema>) -> Option<Notes> {
    let path = part.text()?;
    match Notes::check(path.trim(), schema?) {
        Ok(notes) => Some(notes),
        Err((message, help)) => {
            part.file.note(Diagnostic::at(part.file.name, part.node.range.clone(), message).help(help));
            None
        }
    }
}

/// The facts that the report shall show beside those that the conditions read.
fn read_evidence(part: Part<'_>, schema: Option<&Schema>) -> Vec<FactPath> {
    let (Some(part), Some(schema)) = (part.get("evidence"), schema) else { return Vec::new() };
    let mut read = Vec::new();
    for element in part.elements() {
        let Some(text) = element.text() else { continue };
        match fact_path(&text, schema) {
            Ok(path) => read.push(path),
            Err((message, help)) => {
                let place = element.node.range.clone();
                element.file.note(Diagnostic::at(element.file.name, place, message).help(help));
            }
        }
    }
    read
}

fn read_template(part: Part<'_>, schema: Option<&Schema>) -> Option<Template> {
    let source = part.text()?;
    match Template::check(&source, schema?) {
        Ok(template) => Some(template),
        Err(bad) => {
            for bad in bad {
                let place = part.node.place(bad.range, part.file.text);
                part.file.note(Diagnostic::at(part.file.name, place, bad.message).help(bad.help));
            }
            None
        }
    }
}

fn read_fix(part: Part<'_>, schema: Option<&Schema>) -> Option<Fix> {
    part.only(&["text", "cli", "terraform"]);
    let text = part.demand("text").and_then(|part| part.text());
    let cli = part.get("cli").map(|part| read_template(part, schema));
    let terraform = part.get("terraform").map(|part| part.text());
    Some(Fix { text: text?, cli: cli.flatten(), terraform: terraform.flatten() })
}
