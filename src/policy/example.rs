//! The examples of a rule: its own tests.

use std::collections::BTreeMap;

use serde_yaml::Value;

use super::declared::declared;
use super::diagnostic::Diagnostic;
use super::parameter::{Parameter, Parameters, value};
use super::read::{Part, nearest};
use super::rule::Policy;
use crate::expr::{Bindings, Explained, Fact, GapId, Gaps, PARAMETERS, RecordType, Schema, Type, Verdict};
use crate::facts::Scope;
use crate::snapshot::Cause;

/// Facts, and the outcome that a rule must come to over them.
#[derive(Debug, Clone)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// The outcome.
    pub expected: Expected,
    facts: Fact,
    parameters: Parameters,
    /// What each gap of the facts is.
    gaps: Vec<Hidden>,
}

/// An outcome that an example can expect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expected {
    /// The rule holds.
    Pass,
    /// It does not.
    Fail,
    /// It is not known.
    Unknown,
    /// It does not apply.
    NotApplicable,
}

const OUTCOMES: [(Expected, &str); 4] = [
    (Expected::Pass, "pass"),
    (Expected::Fail, "fail"),
    (Expected::Unknown, "unknown"),
    (Expected::NotApplicable, "not-applicable"),
];

impl Expected {
    /// All outcomes that an example can expect.
    pub(super) const ALL: [Self; 4] = [Self::Pass, Self::Fail, Self::Unknown, Self::NotApplicable];

    /// The outcome as examples write it.
    pub fn as_str(self) -> &'static str {
        OUTCOMES.iter().find(|(outcome, _)| *outcome == self).map_or("", |(_, name)| name)
    }
}

impl std::str::FromStr for Expected {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = OUTCOMES.iter().find(|(_, name)| *name == text).map(|(outcome, _)| *outcome);
        found.ok_or_else(|| "an example expects pass, fail, unknown or not-applicable".to_owned())
    }
}

/// Why a fact of an example is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Hidden {
    /// The example says so.
    Gap(Cause),
    /// The example does not set it.
    Unset(String),
}

/// What became of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExampleResult {
    /// The example's name.
    pub name: String,
    /// Why it does not hold; nothing where it does.
    pub failure: Option<String>,
}

impl Example {
    /// Reads the examples of a rule.
    pub(super) fn read_all(
        part: Part<'_>,
        scope: Option<Scope>,
        schema: Option<&Schema>,
        parameters: &BTreeMap<String, Parameter>,
    ) -> Option<Vec<Self>> {
        let elements = part.demand("examples")?.elements();
        let (scope, schema) = (scope?, schema?);
        let read = elements.into_iter().map(|part| Self::read(part, scope, schema, parameters));
        read.collect::<Vec<_>>().into_iter().collect()
    }

    fn read(part: Part<'_>, scope: Scope, schema: &Schema, declared: &BTreeMap<String, Parameter>) -> Option<Self> {
        part.only(&["name", "given", "parameters", "expect"]);
        let name = part.demand("name").and_then(|part| part.text());
        let expected = part.demand("expect").and_then(|part| part.parse());
        let mut parameters: Parameters =
            declared.iter().map(|(name, parameter)| (name.clone(), parameter.default.clone())).collect();
        for (name, part) in part.get("parameters").map(|part| part.entries()).unwrap_or_default() {
            match declared.get(name) {
                Some(parameter) => parameters.extend(value(part, parameter.kind).map(|value| (name.to_owned(), value))),
                None => part.file.mistake(part.node.range.clone(), format!("the rule has no parameter `{name}`")),
            }
        }
        let mut given = Given { gaps: Vec::new() };
        let facts = part.demand("given").and_then(|part| {
            part.only(&[scope.variable()]);
            given.fact(part.demand(scope.variable())?, schema.variable(scope.variable())?, scope.variable())
        });
        Some(Self { name: name?, expected: expected?, facts: facts?, parameters, gaps: given.gaps })
    }

    /// Runs the example over its rule.
    pub fn run(&self, policy: &Policy) -> ExampleResult {
        let params = self.params();
        let bindings = self.bindings(policy, &params);
        let outcome = self.outcome(policy, &bindings).map(|outcome| match declared(&self.parameters) {
            Some(_) if outcome != Expected::Pass => Expected::NotApplicable,
            _ => outcome,
        });
        let failure = match outcome {
            Ok(outcome) if outcome == self.expected => None,
            Ok(outcome) => Some(format!("expected {}, and it is {}", self.expected.as_str(), outcome.as_str())),
            Err(failure) => Some(failure),
        };
        ExampleResult { name: self.name.clone(), failure }
    }

    /// What each part of the rule's conditions comes to over the example, under the name of the condition: `when`, `assert`.
    pub fn explain(&self, policy: &Policy) -> Vec<(&'static str, Vec<Explained>)> {
        let params = self.params();
        let bindings = self.bindings(policy, &params);
        let when = policy.when.iter().map(|when| ("when", when));
        let conditions = when.chain([("assert", &policy.assert)]);
        conditions.map(|(name, condition)| (name, condition.explain(&bindings))).collect()
    }

    fn params(&self) -> Fact {
        Fact::record(self.parameters.iter().map(|(name, value)| (name.clone(), Some(value.to_fact()))))
    }

    fn bindings<'a>(&'a self, policy: &Policy, params: &'a Fact) -> Bindings<'a> {
        Bindings::new().with(policy.scope.variable(), &self.facts).with(PARAMETERS, params)
    }

    fn outcome(&self, policy: &Policy, bindings: &Bindings<'_>) -> Result<Expected, String> {
        if policy.not_given(&self.parameters).is_some() {
            return Ok(Expected::NotApplicable);
        }
        if let Some(when) = &policy.when {
            match when.evaluate(bindings) {
                Ok(Verdict::True) => {}
                Ok(Verdict::False) => return Ok(Expected::NotApplicable),
                Ok(Verdict::Unknown(gaps)) => return self.unknown(&gaps),
                Err(fault) => return Err(fault.to_string()),
            }
        }
        match policy.assert.evaluate(bindings) {
            Ok(Verdict::True) => Ok(Expected::Pass),
            Ok(Verdict::False) => Ok(Expected::Fail),
            Ok(Verdict::Unknown(gaps)) => self.unknown(&gaps),
            Err(fault) => Err(fault.to_string()),
        }
    }

    fn unknown(&self, gaps: &Gaps) -> Result<Expected, String> {
        for gap in gaps.iter() {
            if let Some(Hidden::Unset(path)) = self.gaps.get(gap.0 as usize) {
                return Err(format!("the rule reads `{path}`, which the example does not set"));
            }
        }
        Ok(Expected::Unknown)
    }
}

impl Policy {
    /// Runs the rule's own examples.
    pub fn run_examples(&self) -> Vec<ExampleResult> {
        self.examples.iter().map(|example| example.run(self)).collect()
    }
}

/// The facts of one example while they are read.
struct Given {
    gaps: Vec<Hidden>,
}

impl Given {
    fn hide(&mut self, why: Hidden) -> Fact {
        let id = GapId(self.gaps.len() as u64);
        self.gaps.push(why);
        Fact::Gap(Gaps::one(id))
    }

    fn fact(&mut self, part: Part<'_>, ty: &Type, path: &str) -> Option<Fact> {
        if let Some(cause) = part.get("$gap") {
            return self.gap(part, cause);
        }
        let read = match (ty, part.value) {
            (Type::Bool, Value::Bool(value)) => Some(Fact::Bool(*value)),
            (Type::Int, Value::Number(value)) => value.as_i64().map(Fact::Int),
            (Type::String, Value::String(text)) => Some(Fact::from(text.as_str())),
            (Type::List(element), Value::Sequence(_)) => {
                let read = part.elements().into_iter().map(|part| self.fact(part, element, path));
                return read.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>().map(Fact::list);
            }
            (Type::Record(record), Value::Mapping(_)) => return self.record(part, record, path),
            (Type::Map(element), Value::Mapping(_)) => return self.map(part, element, path),
            _ => None,
        };
        if read.is_none() {
            part.file.mistake(part.node.range.clone(), format!("`{path}` is a {ty}, and this is none"));
        }
        read
    }

    fn gap(&mut self, part: Part<'_>, cause: Part<'_>) -> Option<Fact> {
        part.only(&["$gap"]);
        let cause: Cause = cause.parse()?;
        if let Cause::Unknown(text) = &cause {
            let help = nearest(text, Cause::names()).map(|near| format!("did you mean `{near}`?"));
            let message = format!("`{text}` is no cause of a gap");
            part.file.note(Diagnostic::at(part.file.name, part.node.range.clone(), message).help(help));
            return None;
        }
        Some(self.hide(Hidden::Gap(cause)))
    }

    fn record(&mut self, part: Part<'_>, record: &RecordType, path: &str) -> Option<Fact> {
        let names: Vec<&str> = record.fields.iter().map(|field| field.name.as_str()).collect();
        part.only(&names);
        let mut fields = Vec::new();
        let mut whole = true;
        for field in &record.fields {
            let path = format!("{path}.{}", field.name);
            let fact = match part.get(&field.name) {
                Some(part) => {
                    let fact = self.fact(part, &field.ty, &path);
                    whole &= fact.is_some();
                    fact
                }
                None if field.optional => None,
                None => Some(self.hide(Hidden::Unset(path))),
            };
            fields.push((field.name.clone(), fact));
        }
        whole.then(|| Fact::record(fields))
    }

    fn map(&mut self, part: Part<'_>, element: &Type, path: &str) -> Option<Fact> {
        let mut entries = BTreeMap::new();
        for (name, part) in part.entries() {
            entries.insert(name.to_owned(), self.fact(part, element, &format!("{path}[{name:?}]"))?);
        }
        Some(Fact::Map(std::sync::Arc::new(entries)))
    }
}
