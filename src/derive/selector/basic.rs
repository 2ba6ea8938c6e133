//! Basic event selectors as clauses.
//!
//! Source: CloudTrail API Reference, EventSelector and DataResource. The read/write type governs the management part and
//! the data parts alike; an exclusion of event sources holds for its own selector only.

use super::clause::{Clause, Constraint, Doubt, Field};
use super::normal::{Normal, excludable};
use super::text::TextSet;
use crate::snapshot::{BasicEventSelector, DataResource};

/// The clauses of one basic selector.
pub(super) fn normalise(number: usize, selector: &BasicEventSelector, normal: &mut Normal) {
    let access = access(number, selector.read_write_type.as_deref(), normal);
    // AWS documents the default of both: all events, management events included.
    if selector.include_management_events != Some(false) {
        let mut constraints = vec![category("Management")];
        constraints.extend(access.clone());
        constraints.extend(exclusions(number, &selector.exclude_management_event_sources, normal));
        normal.clauses.push(Clause::new(number, constraints));
    }
    for resource in &selector.data_resources {
        let mut constraints = vec![category("Data")];
        constraints.extend(access.clone());
        constraints.extend(data(number, resource, normal));
        normal.clauses.push(Clause::new(number, constraints));
    }
}

fn category(name: &str) -> Constraint {
    Constraint::on(Field::Category, TextSet::equal_to([name]))
}

fn access(number: usize, kind: Option<&str>, normal: &mut Normal) -> Option<Constraint> {
    match kind {
        None | Some("All") => None,
        Some("ReadOnly") => Some(Constraint::on(Field::ReadOnly, TextSet::equal_to(["true"]))),
        Some("WriteOnly") => Some(Constraint::on(Field::ReadOnly, TextSet::equal_to(["false"]))),
        Some(other) => {
            let why = normal.mistake(number, "ReadWriteType", format!("`{other}` is not documented"));
            Some(Constraint::opaque(Field::ReadOnly, why))
        }
    }
}

fn exclusions(number: usize, sources: &[String], normal: &mut Normal) -> Option<Constraint> {
    let (not_equals, may_not_equal): (Vec<String>, Vec<String>) =
        sources.iter().cloned().partition(|source| excludable(source));
    for source in &may_not_equal {
        let why = "only kms.amazonaws.com and rdsdata.amazonaws.com can be excluded";
        normal.mistake(number, "ExcludeManagementEventSources", format!("`{source}` is not documented: {why}"));
    }
    let set = TextSet { not_equals, may_not_equal, ..TextSet::default() };
    (!sources.is_empty()).then(|| Constraint::on(Field::EventSource, set))
}

fn data(number: usize, resource: &DataResource, normal: &mut Normal) -> Vec<Constraint> {
    let Some(kind) = resource.resource_type.as_deref() else {
        let why = normal.mistake(number, "DataResources", "a resource without a type is not documented");
        return vec![Constraint::opaque(Field::ResourceType, why)];
    };
    let named = Constraint::on(Field::ResourceType, TextSet::equal_to([kind]));
    let arns = if resource.values.is_empty() {
        let why = normal.mistake(number, "DataResources", format!("{kind} without values is not documented"));
        Constraint::opaque(Field::ResourceArn, why)
    } else {
        arns(number, kind, &resource.values, normal)
    };
    vec![named, arns]
}

/// The resources that values mean: for S3, prefixes; for functions and tables, one of them or, by the short form, all.
fn arns(number: usize, kind: &str, values: &[String], normal: &mut Normal) -> Constraint {
    let mut set = TextSet::default();
    let mut why = None;
    for value in values {
        match Form::of(kind, value) {
            Form::Prefix => set.starts_with.push(value.clone()),
            Form::Service => set.starts_with.push(format!("{value}:")),
            Form::Exactly(separator) => {
                set.equals.push(value.clone());
                // Versions of a function, indexes of a table: whether they count as it is not documented.
                set.may_start_with.push(format!("{value}{separator}"));
            }
            Form::Refused { may_match, because } => {
                let text = format!("`{value}` ({kind}): {because}");
                why = Some(normal.mistake(number, "DataResources", text));
                set.may_start_with.push(if may_match { value.clone() } else { String::new() });
            }
        }
    }
    let certain = !set.equals.is_empty() || !set.starts_with.is_empty();
    let doubt = why.filter(|_| !certain).map(Doubt::OfMatches);
    Constraint { field: Field::ResourceArn, set, doubt }
}

enum Form {
    /// What begins with it.
    Prefix,
    /// All of a service.
    Service,
    /// One resource; what continues it after this sign is not documented.
    Exactly(char),
    /// A form that AWS refuses.
    Refused { may_match: bool, because: &'static str },
}

impl Form {
    fn of(kind: &str, value: &str) -> Self {
        if value.contains('*') {
            return Self::Refused { may_match: false, because: "AWS refuses wildcards here" };
        }
        let parts: Vec<&str> = value.splitn(6, ':').collect();
        let service = match kind {
            "AWS::S3::Object" => "s3",
            "AWS::Lambda::Function" => "lambda",
            "AWS::DynamoDB::Table" => "dynamodb",
            _ => return Self::Refused { may_match: false, because: "basic selectors have no such type" },
        };
        if parts.len() < 3 || parts[0] != "arn" || !parts[1].starts_with("aws") || parts[2] != service {
            return Self::Refused { may_match: false, because: "not an ARN of this service" };
        }
        match (service, parts.as_slice()) {
            ("s3", [_, _, _]) => Self::Service,
            ("s3", [_, _, _, "", "", ""]) => Self::Prefix,
            ("s3", [_, _, _, "", "", path]) if path.find('/').is_some_and(|at| at > 0) => Self::Prefix,
            ("s3", [_, _, _, "", "", _]) => {
                Self::Refused { may_match: true, because: "AWS refuses a bucket without a slash" }
            }
            (_, [_, _, _]) => Self::Service,
            ("lambda", [.., path]) if path.strip_prefix("function:").is_some_and(|name| !name.is_empty()) => {
                Self::Exactly(':')
            }
            ("dynamodb", [.., path]) if path.strip_prefix("table/").is_some_and(|name| !name.is_empty()) => {
                Self::Exactly('/')
            }
            _ => Self::Refused { may_match: true, because: "this form is not documented" },
        }
    }
}
