//! Representatives: finitely many values that stand for all values of a field.
//!
//! Selectors compare text with values as a whole, at its beginning and at its end. Two texts with the same answers to
//! all those comparisons are recorded alike. So one text for each set of answers decides a question exactly: every value
//! itself, and for every beginning and every ending one text that has them and equals no value.

use std::collections::BTreeSet;

use super::class::Access;
use super::clause::Field;
use super::names;
use super::text::{TextSet, Value};

/// A sign that no value contains: it stands for any text that no selector names.
pub(super) const ANY: char = '\u{10FFFD}';

/// The values that a field of a class can have.
#[derive(Debug, Clone)]
pub(super) enum Domain {
    /// These.
    Values(Vec<String>),
    /// Any text but these; where it is not sure, whether there are such events is not known.
    Texts { except: Vec<&'static str>, is_sure: bool, or_absent: bool },
    /// The names of events, of a type of resource where there is one.
    Names(Option<String>, Access),
    /// ARNs that begin so: those of a service, or just those of a partition.
    Arns { under: String, is_namespace: bool },
    /// ARNs of S3 objects, and the events that name a bucket's objects as a whole.
    Objects { under: String, exactly: bool, access: Access },
    /// Of a console session or not.
    Session,
    /// Nothing.
    Absent,
}

impl Domain {
    pub(super) fn values<'a>(values: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Values(values.into_iter().map(str::to_owned).collect())
    }

    pub(super) fn any(or_absent: bool) -> Self {
        Self::Texts { except: vec![], is_sure: true, or_absent }
    }

    pub(super) fn absent() -> Self {
        Self::Absent
    }
}

/// One value that stands for many.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) kind: Kind,
    /// Whether there are such events for certain.
    pub(super) is_sure: bool,
    /// What it stands for, in words.
    pub(super) words: String,
    /// The name and the access of the only event that has this value, where there is only one.
    pub(super) only: Option<(&'static str, bool)>,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Text(String),
    Prefix(String),
    Absent,
}

impl Sample {
    fn text(text: impl Into<String>, words: impl Into<String>) -> Self {
        Self { kind: Kind::Text(text.into()), is_sure: true, words: words.into(), only: None }
    }

    fn absent(field: &Field) -> Self {
        Self { kind: Kind::Absent, is_sure: true, words: format!("events without {field}"), only: None }
    }

    pub(super) fn value(&self) -> Value<'_> {
        match &self.kind {
            Kind::Text(text) => Value::Text(text),
            Kind::Prefix(text) => Value::Prefix(text),
            Kind::Absent => Value::Absent,
        }
    }
}

/// The representatives of a domain for some sets of text.
pub(super) fn samples(field: &Field, domain: &Domain, sets: &[&TextSet]) -> Vec<Sample> {
    match domain {
        // The only value that a class has need not be told.
        Domain::Values(values) if values.len() == 1 => vec![Sample::text(values[0].as_str(), "")],
        Domain::Values(values) => values.iter().map(|value| Sample::text(value, words_of(field, value))).collect(),
        Domain::Texts { except, is_sure, or_absent } => {
            let mut found = texts(field, "", sets);
            found.retain(|sample| !matches!(&sample.kind, Kind::Text(text) if except.contains(&text.as_str())));
            found.iter_mut().for_each(|sample| sample.is_sure = *is_sure);
            found.extend(or_absent.then(|| Sample::absent(field)));
            found
        }
        Domain::Names(resource_type, access) => {
            let mut found = texts(field, "", sets);
            found.retain(|sample| match &sample.kind {
                Kind::Text(text) => names::may_be(resource_type.as_deref(), text, *access),
                _ => true,
            });
            found
        }
        Domain::Arns { under, is_namespace } => arns(field, under, *is_namespace, sets),
        Domain::Objects { under, exactly, access } => super::objects::samples(field, under, *exactly, *access, sets),
        Domain::Session => vec![Sample::text("true", "console sessions"), Sample::absent(field)],
        Domain::Absent => vec![Sample { words: String::new(), ..Sample::absent(field) }],
    }
}

fn words_of(field: &Field, value: &str) -> String {
    match (field, value) {
        (Field::ReadOnly, "true") => "reads".to_owned(),
        (Field::ReadOnly, _) => "writes".to_owned(),
        _ => format!("{field} {value}"),
    }
}

/// The representatives of all texts that begin so.
pub(super) fn texts(field: &Field, under: &str, sets: &[&TextSet]) -> Vec<Sample> {
    let whole: BTreeSet<&str> = sets.iter().flat_map(|set| set.whole()).map(String::as_str).collect();
    let starts: BTreeSet<&str> = sets.iter().flat_map(|set| set.beginnings()).map(String::as_str).collect();
    let ends: BTreeSet<&str> = sets.iter().flat_map(|set| set.endings()).map(String::as_str).collect();
    let bases: BTreeSet<&str> =
        std::iter::once(under).chain(starts.into_iter().filter(|start| start.starts_with(under))).collect();
    let mut found: Vec<Sample> = whole
        .iter()
        .filter(|value| value.starts_with(under))
        .map(|value| Sample::text(*value, format!("{field} {value}")))
        .collect();
    for base in bases {
        for end in std::iter::once("").chain(ends.iter().copied()) {
            found.push(Sample::text(format!("{base}{ANY}{end}"), described(field, base, end, base == under)));
        }
    }
    found
}

fn described(field: &Field, start: &str, end: &str, is_rest: bool) -> String {
    match (is_rest, start, end) {
        (true, "", "") => format!("every other {field}"),
        (true, _, "") => format!("every other {field} under {start}"),
        (_, _, "") => format!("{field} {start}…"),
        _ => format!("{field} {start}…{end}"),
    }
}

/// ARNs of a type. Where its service is not known here, AWS accepts only ARNs of that service as values, so the values
/// show which it is; whether there are others is not known.
fn arns(field: &Field, under: &str, is_namespace: bool, sets: &[&TextSet]) -> Vec<Sample> {
    let mut found = texts(field, under, sets);
    if is_namespace {
        return found;
    }
    let rest = format!("{under}{ANY}");
    found.iter_mut().for_each(|sample| {
        sample.is_sure = !matches!(&sample.kind, Kind::Text(text) if text.starts_with(&rest));
    });
    let services: BTreeSet<String> = sets.iter().flat_map(|set| set.values()).filter_map(|arn| service(arn)).collect();
    found.extend(services.into_iter().filter(|start| start.starts_with(under)).map(|start| {
        let words = format!("every other {field} under {start}");
        Sample::text(format!("{start}{ANY}"), words)
    }));
    found
}

/// The beginning of an ARN up to and with its service.
fn service(arn: &str) -> Option<String> {
    let mut parts = arn.splitn(4, ':');
    let (arn, partition, service) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().map(|_| format!("{arn}:{partition}:{service}:"))
}
