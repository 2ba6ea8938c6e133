//! Advanced event selectors as clauses.
//!
//! Sources: CloudTrail API Reference, AdvancedEventSelector (fields for each category of events on trails) and
//! AdvancedFieldSelector (operators and values for each field); CloudTrail User Guide, "Filtering data events by using
//! advanced event selectors" (both for data events, in one table) and "Logging network activity events" (both for network
//! activity, `userIdentity.arn` among them). What none of them documents is open, never guessed.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html>
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html>
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html>
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-network-events-with-cloudtrail.html>

use super::clause::{Clause, Constraint, Doubt, Field};
use super::normal::{Normal, excludable};
use super::sample::ANY;
use super::text::TextSet;
use crate::snapshot::{AdvancedEventSelector, FieldSelector};

/// What has selectors: event data stores have more fields for management events, and more operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// A trail.
    Trail,
    /// An event data store.
    Store,
}

impl Holder {
    fn words(self) -> &'static str {
        match self {
            Self::Trail => "trails",
            Self::Store => "event data stores",
        }
    }
}

/// The clause of one advanced selector.
pub(super) fn normalise(number: usize, selector: &AdvancedEventSelector, holder: Holder, normal: &mut Normal) {
    let fields = &selector.field_selectors;
    let category = category(fields);
    let mut constraints: Vec<Constraint> = Vec::new();
    for field in fields {
        let constraint = constraint(category, field, holder);
        if let Some(doubt) = &constraint.doubt {
            normal.mistake(number, &field.field, doubt.why());
        }
        for source in &constraint.set.may_not_equal {
            normal.mistake(number, &field.field, format!("`{source}` cannot be excluded"));
        }
        let again = constraints.iter().any(|other| other.field == constraint.field);
        constraints.push(constraint);
        if again {
            let why = normal.mistake(number, &field.field, "is named twice, which is not documented");
            constraints.push(Constraint::opaque(Field::Other(field.field.clone()), why));
        }
    }
    for required in required(category) {
        if !fields.iter().any(|field| field.field == required.name()) {
            let why = normal.mistake(number, required.name(), "is required, and is missing");
            constraints.push(Constraint::opaque(required, why));
        }
    }
    normal.clauses.push(Clause::new(number, constraints));
}

/// The category of a selector's events, where it has one.
fn category(fields: &[FieldSelector]) -> Option<&str> {
    let field = fields.iter().find(|field| field.field == "eventCategory")?;
    match field.equals.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

fn required(category: Option<&str>) -> Vec<Field> {
    let beside = match category {
        Some("Data") => Some(Field::ResourceType),
        Some("NetworkActivity") => Some(Field::EventSource),
        _ => None,
    };
    std::iter::once(Field::Category).chain(beside).collect()
}

/// Whether a field is documented for a category of events.
fn documented(category: Option<&str>, field: &Field, holder: Holder) -> bool {
    use Field::{
        Category, ConsoleSession, ErrorCode, EventName, EventSource, EventType, ReadOnly, ResourceArn, ResourceType,
        UserArn, VpcEndpoint,
    };
    match (category, field) {
        (_, Category) => true,
        (Some("Management"), EventSource | ReadOnly) => true,
        (Some("Management"), field) => {
            holder == Holder::Store && matches!(field, EventName | EventType | ConsoleSession | UserArn)
        }
        (Some("Data"), field) => matches!(
            field,
            ResourceType | ResourceArn | ReadOnly | EventName | EventSource | EventType | ConsoleSession | UserArn
        ),
        (Some("NetworkActivity"), field) => {
            matches!(field, EventSource | EventName | ErrorCode | VpcEndpoint | UserArn)
        }
        _ => false,
    }
}

fn constraint(category: Option<&str>, selector: &FieldSelector, holder: Holder) -> Constraint {
    let field = Field::named(&selector.field);
    let mut set = TextSet {
        equals: selector.equals.clone(),
        starts_with: selector.starts_with.clone(),
        ends_with: selector.ends_with.clone(),
        not_equals: selector.not_equals.clone(),
        not_starts_with: selector.not_starts_with.clone(),
        not_ends_with: selector.not_ends_with.clone(),
        ..TextSet::default()
    };
    if !documented(category, &field, holder) {
        let events = category.unwrap_or("such");
        return Constraint::opaque(field, format!("is not documented for {events} events on {}", holder.words()));
    }
    if set.is_empty() || set.values().any(|value| value.is_empty() || value.contains(ANY)) {
        return Constraint::opaque(field, "has no value that is documented");
    }
    if (holder, category, &field) == (Holder::Trail, Some("Management"), &Field::EventSource) {
        let deselected = std::mem::take(&mut set.not_equals);
        (set.not_equals, set.may_not_equal) = deselected.into_iter().partition(|source| excludable(source));
    }
    let doubt = doubt(category, &field, &set, holder);
    Constraint { field, set, doubt }
}

/// What the documentation leaves open about the operators and values of a field.
fn doubt(category: Option<&str>, field: &Field, set: &TextSet, holder: Holder) -> Option<Doubt> {
    let only_equals = set.values().count() == set.equals.len();
    let all_equal = |allowed: &[&str]| set.values().all(|value| allowed.contains(&value.as_str()));
    let open = |why: &str| Some(Doubt::OfAll(why.to_owned()));
    match field {
        Field::Category | Field::ReadOnly | Field::ResourceType | Field::ErrorCode if !only_equals => {
            open("can be compared by Equals alone")
        }
        Field::ReadOnly if !all_equal(&["true", "false"]) => open("is true or false, and nothing else"),
        Field::ErrorCode if !all_equal(&["VpceAccessDenied"]) => open("can be VpceAccessDenied alone"),
        Field::EventSource if category == Some("NetworkActivity") && !only_equals => {
            open("can be compared by Equals alone for network activity")
        }
        Field::EventSource
            if (holder, category) == (Holder::Trail, Some("Management")) && set.values().count() != deselected(set) =>
        {
            open("of management events can only be excluded (NotEquals)")
        }
        Field::ConsoleSession if set.values().count() != set.equals.len() + set.not_equals.len() => {
            open("can be compared by Equals and NotEquals alone")
        }
        Field::ConsoleSession if !all_equal(&["true"]) => open("can be compared with `true` alone"),
        Field::Category | Field::ReadOnly | Field::ResourceType if set.equals.len() > 1 => {
            Some(Doubt::OfMatches("takes one value a selector".to_owned()))
        }
        Field::EventSource if category == Some("NetworkActivity") && set.equals.len() > 1 => {
            Some(Doubt::OfMatches("takes one value a selector for network activity".to_owned()))
        }
        _ => None,
    }
}

fn deselected(set: &TextSet) -> usize {
    set.not_equals.len() + set.may_not_equal.len()
}
