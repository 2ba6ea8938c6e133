//! Paths: which facts an expression touches.

use std::fmt;

/// The way from a variable to a fact.
///
/// Printed, it reads as an expression does, with `[]` for the elements of a list: `account.trails[].is_multi_region`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    variable: String,
    steps: Vec<Step>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// To a field of a record.
    Field(String),
    /// To the fact under a key of a map.
    Key(String),
    /// To each element of a list.
    Element,
}

impl Path {
    /// The path to a variable itself.
    pub fn new(variable: &str) -> Self {
        Self { variable: variable.to_owned(), steps: Vec::new() }
    }

    /// The path one step on.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut longer = self.clone();
        longer.steps.push(step);
        longer
    }

    /// The variable that the path starts from.
    pub fn variable(&self) -> &str {
        &self.variable
    }

    /// The steps from the variable on.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether the other path leads on from this one.
    pub(super) fn is_on_the_way_to(&self, other: &Self) -> bool {
        self != other && self.variable == other.variable && other.steps.starts_with(&self.steps)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.variable)?;
        self.steps.iter().try_for_each(|step| match step {
            Step::Field(name) => write!(f, ".{name}"),
            Step::Key(key) => write!(f, "[{key:?}]"),
            Step::Element => f.write_str("[]"),
        })
    }
}
