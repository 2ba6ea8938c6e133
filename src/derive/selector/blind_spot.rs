//! Known traps: selectors that look as if they recorded what they do not.

use std::collections::BTreeSet;
use std::fmt;

use super::Selectors;
use super::clause::{Clause, Constraint, Field, listed};
use super::text::{TextSet, Truth, Value};

/// A kind of trap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Trap {
    /// An S3 selector with a prefix misses `DeleteObjects`: its record names the bucket alone.
    BulkDeletion,
    /// `Equals` with a bucket's ARN and a slash equals the ARN of no object.
    EqualsBucket,
    /// `*` is a sign like any other.
    LiteralStar,
    /// Without a slash, the name of a bucket begins the names of other buckets too.
    PrefixSpills,
    /// Without KMS, `ScheduleKeyDeletion` and `DisableKey` are not recorded.
    KmsExcluded,
    /// Something that AWS does not document, or refuses.
    Undocumented,
}

/// A trap in a selector.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlindSpot {
    /// The number of the selector, the first being 1; 0 for the set as a whole.
    pub selector: usize,
    /// The kind.
    pub trap: Trap,
    /// What it does, in words.
    pub text: String,
}

impl fmt::Display for BlindSpot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "selector {}: {}", self.selector, self.text)
    }
}

/// The traps in a set of selectors, by selector. What another selector of the set records after all is no trap.
pub fn blind_spots(selectors: &Selectors) -> Vec<BlindSpot> {
    let mut found = BTreeSet::new();
    for clause in selectors.clauses() {
        let mut add = |trap, text: String| {
            found.insert(BlindSpot { selector: clause.selector, trap, text });
        };
        for constraint in &clause.constraints {
            stars(constraint, &mut add);
            match constraint.field {
                Field::ResourceArn if of_objects(clause) => objects(selectors, clause, &constraint.set, &mut add),
                Field::EventSource if of_management(clause) => kms(selectors, &constraint.set, &mut add),
                _ => {}
            }
        }
    }
    for mistake in selectors.mistakes() {
        let field = mistake.field.as_deref().unwrap_or("it");
        let text = format!("{field}: {}; what CloudTrail makes of it is not known", mistake.text);
        found.insert(BlindSpot { selector: mistake.selector.unwrap_or(0), trap: Trap::Undocumented, text });
    }
    found.into_iter().collect()
}

fn is(clause: &Clause, field: &Field, value: &str) -> bool {
    let mut on_field = clause.constraints.iter().filter(|constraint| constraint.field == *field);
    on_field.any(|constraint| constraint.set.equals.iter().any(|equal| equal == value))
}

fn of_objects(clause: &Clause) -> bool {
    is(clause, &Field::ResourceType, "AWS::S3::Object")
}

fn of_management(clause: &Clause) -> bool {
    is(clause, &Field::Category, "Management")
}

fn stars(constraint: &Constraint, add: &mut impl FnMut(Trap, String)) {
    let starred: Vec<&String> = constraint.set.values().filter(|value| value.contains('*')).collect();
    if !starred.is_empty() {
        let values = listed(starred.into_iter());
        add(Trap::LiteralStar, format!("{} {values}: there are no wildcards, `*` stands for itself", constraint.field));
    }
}

fn objects(selectors: &Selectors, clause: &Clause, set: &TextSet, add: &mut impl FnMut(Trap, String)) {
    let writes = |clause: &Clause| {
        let mut on = clause.constraints.iter().filter(|constraint| constraint.field == Field::ReadOnly);
        on.all(|constraint| constraint.holds(Value::Text("false")) != Truth::No)
    };
    for value in &set.starts_with {
        let (bucket, key) = parts(value);
        match (bucket, key) {
            (Some(bucket), Some(key)) if !key.is_empty() && writes(clause) && !bulk_recorded(selectors, value) => add(
                Trap::BulkDeletion,
                format!(
                    "{value} does not record DeleteObjects on {bucket}: its record names the bucket alone, and needs an empty prefix"
                ),
            ),
            (Some(bucket), None) if !bucket.contains('*') => {
                add(
                    Trap::PrefixSpills,
                    format!("{value} has no slash at its end: it records every bucket whose name begins with {bucket}"),
                );
            }
            _ => {}
        }
    }
    for value in set.equals.iter().filter(|value| parts(value).1.is_none_or(str::is_empty)) {
        add(
            Trap::EqualsBucket,
            format!("Equals {value} equals the ARN of no object; it takes StartsWith and a slash at the end"),
        );
    }
    for value in set.not_equals.iter().filter(|value| parts(value).1.is_none_or(str::is_empty)) {
        add(Trap::EqualsBucket, format!("NotEquals {value} equals the ARN of no object, and leaves out nothing"));
    }
    for value in set.not_starts_with.iter() {
        if let (Some(bucket), None) = parts(value) {
            add(
                Trap::PrefixSpills,
                format!("NotStartsWith {value} leaves out every bucket whose name begins with {bucket}"),
            );
        }
    }
}

/// Whether some selector records the bulk deletion of objects under a prefix.
fn bulk_recorded(selectors: &Selectors, prefix: &str) -> bool {
    let Some(slash) = prefix.find('/') else { return true };
    let event = super::Event {
        is_complete: true,
        category: Some("Data".to_owned()),
        read_only: Some(false),
        source: Some("s3.amazonaws.com".to_owned()),
        name: Some("DeleteObjects".to_owned()),
        event_type: Some("AwsApiCall".to_owned()),
        resources: vec![super::EventResource {
            resource_type: Some("AWS::S3::Object".to_owned()),
            arn: None,
            arn_prefix: prefix.get(..=slash).map(str::to_owned),
        }],
        ..super::Event::default()
    };
    matches!(selectors.record(&event), super::Verdict::Recorded(_))
}

/// The bucket and the beginning of the key in an ARN; no bucket where it ends before it.
fn parts(arn: &str) -> (Option<&str>, Option<&str>) {
    let Some(path) = arn.splitn(6, ':').nth(5).filter(|path| !path.is_empty()) else { return (None, None) };
    match path.split_once('/') {
        Some((bucket, key)) => (Some(bucket), Some(key)),
        None => (Some(path), None),
    }
}

fn kms(selectors: &Selectors, set: &TextSet, add: &mut impl FnMut(Trap, String)) {
    use super::{Access, Answer, EventClass, Sources};
    let excluded = set.not_equals.iter().any(|source| source == "kms.amazonaws.com");
    let class = EventClass::management("aws", Sources::One("kms.amazonaws.com".to_owned()), Access::Write);
    if excluded && selectors.cover(&class) != Answer::All {
        let text = "leaves out kms.amazonaws.com, and with it ScheduleKeyDeletion and DisableKey";
        add(Trap::KmsExcluded, text.to_owned());
    }
}
