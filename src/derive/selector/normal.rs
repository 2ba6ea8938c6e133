//! From event selectors to clauses.

use super::advanced::Holder;
use super::clause::{Clause, Constraint, Field};
use super::reason::Reason;
use super::{advanced, basic};
use crate::snapshot::{AdvancedEventSelector, BasicEventSelector};

/// The clauses so far, and what AWS would refuse or does not document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Normal {
    pub(super) clauses: Vec<Clause>,
    pub(super) mistakes: Vec<Reason>,
}

impl Normal {
    /// Notes a mistake and gives its text back.
    pub(super) fn mistake(&mut self, selector: usize, field: &str, text: impl Into<String>) -> String {
        let text = text.into();
        self.mistakes.push(Reason::of_selector(selector, Some(field), text.clone()));
        text
    }

    /// Adds a clause of which nothing is certain.
    fn open(&mut self, field: &str, text: &str) {
        let why = self.mistake(0, field, text);
        let constraints = vec![Constraint::opaque(Field::Other(field.to_owned()), why)];
        self.clauses.push(Clause::new(0, constraints));
    }
}

/// The sources whose management events a selector can leave out.
///
/// Source: CloudTrail API Reference, EventSelector (ExcludeManagementEventSources) and AdvancedFieldSelector.
pub(super) fn excludable(source: &str) -> bool {
    matches!(source, "kms.amazonaws.com" | "rdsdata.amazonaws.com")
}

/// The clauses of selectors as the API gives them: of either kind, never of both.
pub(super) fn normalise(basic: Option<&[BasicEventSelector]>, advanced: Option<&[AdvancedEventSelector]>) -> Normal {
    let mut normal = Normal::default();
    match (basic, advanced) {
        (Some(selectors), None) => {
            for (at, selector) in selectors.iter().enumerate() {
                basic::normalise(at + 1, selector, &mut normal);
            }
            if selectors.is_empty() {
                normal.open("EventSelectors", "an empty set of basic selectors is not documented");
            }
        }
        // Once selectors are advanced, nothing is recorded that none of them selects: without any, nothing.
        (None, Some(selectors)) => {
            for (at, selector) in selectors.iter().enumerate() {
                advanced::normalise(at + 1, selector, Holder::Trail, &mut normal);
            }
        }
        (Some(_), Some(_)) => normal.open("EventSelectors", "a trail cannot have basic and advanced selectors at once"),
        (None, None) => normal.open("EventSelectors", "no selectors of either kind were given"),
    }
    normal
}

/// The clauses of an event data store's selectors.
pub(super) fn of_store(selectors: &[AdvancedEventSelector]) -> Normal {
    let mut normal = Normal::default();
    for (at, selector) in selectors.iter().enumerate() {
        advanced::normalise(at + 1, selector, Holder::Store, &mut normal);
    }
    normal
}
