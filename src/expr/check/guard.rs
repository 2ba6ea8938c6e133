//! Guards: which facts a condition proves present.

use std::collections::BTreeSet;

use super::Checker;
use crate::expr::node::{Kind, Node};
use crate::expr::path::{Path, Step};
use crate::expr::schema::Type;

impl Checker<'_> {
    /// Checks something that is reached only where a condition came out as said.
    ///
    /// What a condition with a mistake in it guards is not known, so nothing is said about guards then.
    pub(super) fn guarded<R>(
        &mut self,
        condition: Option<&Node>,
        outcome: bool,
        check: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let before = self.present.len();
        self.present.extend(condition.map(|condition| proven(condition, outcome)).unwrap_or_default());
        self.broken_guards += usize::from(condition.is_none());
        let checked = check(self);
        self.broken_guards -= usize::from(condition.is_none());
        self.present.truncate(before);
        checked
    }
}

/// The facts that are present wherever a condition came out as said.
///
/// Where such a fact is absent, the condition comes out the other way for certain, gaps or not; so what it guards
/// is not reached, or does not count.
fn proven(condition: &Node, outcome: bool) -> BTreeSet<Path> {
    match (&condition.kind, outcome) {
        (Kind::Has { of, name }, true) => {
            of.place.iter().map(|place| place.own.then(step_to(&of.ty, name.as_str()))).collect()
        }
        (Kind::HasValue(of), true) => optional_chain(of),
        (Kind::In { element, within }, true) => match (&element.kind, &within.ty, &within.place) {
            (Kind::String(key), Type::Map(_), Some(place)) => [place.own.then(Step::Key(key.to_string()))].into(),
            _ => BTreeSet::new(),
        },
        (Kind::Not(inner), _) => proven(inner, !outcome),
        (Kind::And(left, right), true) | (Kind::Or(left, right), false) => {
            &proven(left, outcome) | &proven(right, outcome)
        }
        (Kind::And(left, right), false) | (Kind::Or(left, right), true) => {
            &proven(left, outcome) & &proven(right, outcome)
        }
        (Kind::If { condition, then, otherwise }, _) => {
            &(&proven(condition, true) | &proven(then, outcome))
                & &(&proven(condition, false) | &proven(otherwise, outcome))
        }
        _ => BTreeSet::new(),
    }
}

/// `a.?b.?c` has a value only where `a.b` and `a.b.c` are present.
fn optional_chain(node: &Node) -> BTreeSet<Path> {
    let mut chain = BTreeSet::new();
    let mut at = node;
    while let Kind::SelectOptional { of, .. } = &at.kind {
        chain.extend(at.place.as_ref().map(|place| place.own.clone()));
        at = of;
    }
    chain
}

/// The step that a name takes from a value of a type.
pub(super) fn step_to(ty: &Type, name: &str) -> Step {
    match ty {
        Type::Map(_) => Step::Key(name.to_owned()),
        Type::Optional(inner) => step_to(inner, name),
        _ => Step::Field(name.to_owned()),
    }
}
