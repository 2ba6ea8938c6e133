//! Why selectors record nothing of a class of events.

use super::Selectors;
use super::class::EventClass;
use super::clause::{Clause, Constraint, Field};
use super::sample::samples;
use super::text::Truth;

/// What a selector asks for that no event of a class has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Refusal {
    /// It takes reads alone.
    ReadsAlone,
    /// It takes writes alone.
    WritesAlone,
    /// It leaves the source of the events out.
    Source,
    /// It asks for something else in this field, or in no single one.
    Other(Option<String>),
}

impl Selectors {
    /// The selectors of a class's category and type of resource that take none of its events, by number, each with why.
    /// None at all where no selector is about such events.
    pub(crate) fn refusals(&self, class: &EventClass) -> Vec<(usize, Refusal)> {
        let about = self.clauses().iter().filter(|clause| is_about(clause, class));
        about.map(|clause| (clause.selector, refusal(clause, class))).collect()
    }
}

fn is_about(clause: &Clause, class: &EventClass) -> bool {
    let kinds = clause.constraints.iter();
    let mut kinds = kinds.filter(|constraint| matches!(constraint.field, Field::Category | Field::ResourceType));
    kinds.all(|constraint| !refuses(constraint, class))
}

/// Whether no event of a class satisfies a constraint.
fn refuses(constraint: &Constraint, class: &EventClass) -> bool {
    let found = samples(&constraint.field, &class.domain(&constraint.field), &[&constraint.set]);
    found.iter().all(|sample| constraint.holds(sample.value()) == Truth::No)
}

fn refusal(clause: &Clause, class: &EventClass) -> Refusal {
    let constraint = clause.constraints.iter().find(|constraint| refuses(constraint, class));
    match constraint.map(|constraint| (&constraint.field, constraint.set.equals.as_slice())) {
        Some((Field::ReadOnly, [value])) if value == "true" => Refusal::ReadsAlone,
        Some((Field::ReadOnly, [value])) if value == "false" => Refusal::WritesAlone,
        Some((Field::EventSource, [])) => Refusal::Source,
        other => Refusal::Other(other.map(|(field, _)| field.name().to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::selector::{Access, Sources};
    use crate::snapshot::BasicEventSelector;

    fn basic(kind: &str, management: bool, excluded: &[&str]) -> Selectors {
        let selector = BasicEventSelector {
            read_write_type: Some(kind.to_owned()),
            include_management_events: Some(management),
            exclude_management_event_sources: excluded.iter().map(|source| (*source).to_owned()).collect(),
            data_resources: Vec::new(),
        };
        Selectors::new(Some(&[selector]), None)
    }

    #[test]
    fn a_selector_refuses_by_access_or_by_source_or_is_about_something_else() {
        let kms = EventClass::management("aws", Sources::One("kms.amazonaws.com".to_owned()), Access::Read);
        assert_eq!(basic("WriteOnly", true, &[]).refusals(&kms), [(1, Refusal::WritesAlone)]);
        assert_eq!(basic("All", true, &["kms.amazonaws.com"]).refusals(&kms), [(1, Refusal::Source)]);
        assert_eq!(basic("All", false, &[]).refusals(&kms), []);
        assert_eq!(Selectors::new(None, Some(&[])).refusals(&kms), []);
    }
}
