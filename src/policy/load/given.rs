//! What is given to load: the texts of the user's files, with the names by which they were called.

use std::path::PathBuf;

use super::super::configuration::external_id;
use super::document;

/// The texts of the user's files. The same texts, with the same version, make the same rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// The user's own rules and packs, in the order in which they count.
    pub own: Vec<OwnText>,
    /// The configuration.
    pub configuration: Option<GivenText>,
    /// The files of waivers, in their order.
    pub waivers: Vec<GivenText>,
}

/// The text of a file, and how the user called it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenText {
    /// The file, as the user named it: reports say so of waivers and baselines.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// The text of a rule or pack of the user's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnText {
    /// The file.
    pub path: PathBuf,
    /// What it holds.
    pub text: String,
    /// Whether it is a pack.
    pub is_pack: bool,
}

/// A text that holds a secret which cannot be left out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} holds its external id in more than one place")]
pub struct SecretStays(String);

impl Given {
    /// The same without the external id that the configuration may hold, which decides no verdict. Lines stay where they
    /// are.
    ///
    /// # Errors
    /// Where the external id stands elsewhere too, in a remark or as an alias.
    pub fn without_secrets(mut self) -> Result<Self, SecretStays> {
        let Some(given) = &mut self.configuration else { return Ok(self) };
        let found = document::read(&given.name, &given.text, |_, part| external_id(part));
        if let Ok(Some((range, secret))) = found {
            // A block reaches to the next key.
            let end = range.start + given.text.get(range.clone()).unwrap_or_default().trim_end().len();
            let range = range.start..end;
            let lines = given.text.get(range.clone()).unwrap_or_default().matches('\n').count();
            given.text.replace_range(range, &format!("withheld{}", "\n".repeat(lines)));
            if secret.is_some_and(|secret| given.text.contains(secret.trim())) {
                return Err(SecretStays(given.name.clone()));
            }
        }
        Ok(self)
    }
}
