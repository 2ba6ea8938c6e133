//! One document: from its text to what it says, or all that is wrong with it.

use super::super::configuration::Configuration;
use super::super::diagnostic::Diagnostic;
use super::super::pack::Pack;
use super::super::read::{File, Part};
use super::super::rule::Policy;
use super::super::yaml;
use super::Policies;

/// Reads a document.
pub(super) fn read<T>(
    name: &str,
    text: &str,
    read: impl FnOnce(&File<'_>, Part<'_>) -> Option<T>,
) -> Result<Option<T>, Vec<Diagnostic>> {
    let file = File::new(name, text);
    let made = match yaml::parse(text) {
        Err(problems) => {
            problems.into_iter().for_each(|problem| file.mistake(problem.range, problem.message));
            None
        }
        Ok(node) => match serde_yaml::from_str::<serde_yaml::Value>(text) {
            Ok(value) => read(&file, Part { file: &file, node: &node, value: &value }),
            Err(error) => {
                let at = error.location().map_or(0, |place| place.index());
                file.mistake(at..at, error.to_string());
                None
            }
        },
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
        read(name, text, |_, part| Some(Configuration::read(part, self, &[])))
    }
}
