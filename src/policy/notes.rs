//! Where a rule finds what its results note: facts that do not decide, and should be known.

use super::template::{checked, found};
use crate::expr::{Fact, Path, Schema, Step, Type};

/// The path to a fact that is a list of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notes {
    names: Vec<String>,
}

impl Notes {
    /// Checks a path against the names that there are.
    pub(super) fn check(path: &str, schema: &Schema) -> Result<Self, (String, Option<String>)> {
        let (names, ty) = checked(path, schema)?;
        match ty {
            Type::List(element) if **element == Type::String => Ok(Self { names }),
            other => Err((format!("`{path}` is a {other}, and notes are a list of texts"), None)),
        }
    }

    /// The fact that is read.
    pub(super) fn path(&self) -> Path {
        let (variable, fields) = self.names.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
        fields.iter().fold(Path::new(variable), |path, name| path.then(Step::Field(name.clone())))
    }

    /// The notes, with what `find` finds under the variable; none where they are absent or not known.
    pub fn read<'f>(&self, find: impl Fn(&str) -> Option<&'f Fact>) -> Vec<String> {
        match found(&self.names, &find) {
            Some(Fact::List(texts)) => texts
                .iter()
                .filter_map(|text| if let Fact::String(text) = text { Some(text.to_string()) } else { None })
                .collect(),
            _ => Vec::new(),
        }
    }
}
