//! One document: from its text to what it says, or all that is wrong with it.

use serde_yaml::Value;

use super::super::configuration::Configuration;
use super::super::diagnostic::Diagnostic;
use super::super::pack::Pack;
use super::super::read::{File, Part};
use super::super::rule::Policy;
use super::super::waiver::Waivers;
use super::super::yaml::{self, Node};
use super::Policies;

/// What reading a document came to: all that is wrong with it, or what it says.
pub(super) type Reading<T> = Result<Option<T>, Vec<Diagnostic>>;

/// Reads a document of the user's.
pub(super) fn read<T>(name: &str, text: &str, read: impl FnOnce(&File<'_>, Part<'_>) -> Option<T>) -> Reading<T> {
    let value = |file: &File<'_>, _: &Node| match serde_yaml::from_str::<Value>(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let at = error.location().map_or(0, |place| place.index());
            file.mistake(at..at, error.to_string());
            None
        }
    };
    read_with(name, text, value, read)
}

/// Reads a document that is built in. Of those a test says that both parsers read the same, so that one is enough.
pub(super) fn read_built_in<T>(
    name: &str,
    text: &str,
    read: impl FnOnce(&File<'_>, Part<'_>) -> Option<T>,
) -> Reading<T> {
    read_with(name, text, |_, node| Some(node.to_value()), read)
}

fn read_with<T>(
    name: &str,
    text: &str,
    value: impl FnOnce(&File<'_>, &Node) -> Option<Value>,
    read: impl FnOnce(&File<'_>, Part<'_>) -> Option<T>,
) -> Reading<T> {
    let file = File::new(name, text);
    let made = match yaml::parse(text) {
        Err(problems) => {
            problems.into_iter().for_each(|problem| file.mistake(problem.range, problem.message));
            None
        }
        Ok(node) => value(&file, &node).and_then(|value| read(&file, Part { file: &file, node: &node, value: &value })),
    };
    let mistakes = file.mistakes();
    if mistakes.is_empty() { Ok(made) } else { Err(mistakes) }
}

/// Texts alone, over rules and packs that were loaded: nothing is kept.
impl Policies {
    /// Reads a rule from its text; nothing where it says none.
    ///
    /// # Errors
    /// All mistakes in it, in the order of their places, in a file `name`.
    pub fn read_rule(&self, name: &str, text: &str) -> Result<Option<Policy>, Vec<Diagnostic>> {
        read(name, text, |file, part| Policy::read(file, part, None, None))
    }

    /// Reads a pack from its text, without the rules of those that it includes; nothing where it says none.
    ///
    /// # Errors
    /// All mistakes in it, in the order of their places, in a file `name`.
    pub fn read_pack(&self, name: &str, text: &str) -> Result<Option<Pack>, Vec<Diagnostic>> {
        read(name, text, |file, part| Pack::read(file, part, None, self))
    }

    /// Reads a configuration from its text, and not the folders that it names.
    ///
    /// # Errors
    /// All mistakes in it, in the order of their places, in a file `name`.
    pub fn read_configuration(&self, name: &str, text: &str) -> Result<Option<Configuration>, Vec<Diagnostic>> {
        read(name, text, |_, part| Some(Configuration::read(part, self, &[], &mut Waivers::default())))
    }
}
