//! IAM policy documents, read into typed statements.
//!
//! Source: IAM User Guide, "Grammar of the IAM JSON policy language" and "IAM JSON policy elements reference".
//! What does not fit the grammar is [`Unreadable`], as a document or as one statement of it: no guess is made, what
//! depends on it is unknown, and what the other statements prove stays proven.

mod answer;
mod call;
mod condition;
mod context;
mod grant;
mod json;
mod outsider;
mod pattern;
mod principal;
mod standing;
mod statement;

pub use answer::{Answer, Doubt, Place, Reason, Source};
pub use call::{Allowed, PrincipalCall};
pub use condition::{Condition, Operator, Quantifier, Test};
pub use context::{Context, Truth, Value};
pub use grant::{Grant, Grantee, Grants, Right};
pub use outsider::Outsider;
pub use pattern::{Class, Pattern};
pub use principal::{Kind, Principal, Principals};
pub(super) use standing::account_of;
pub use standing::{Organization, Scope, Standing};
pub use statement::{Actions, Effect, Resources, Statement};

use json::Json;
use statement::Form;

/// Longer than any policy that AWS stores (S3 takes 20 kB, KMS 32 kB).
const LONGEST: usize = 40 * 1024;

/// Why a document, or one statement of it, could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

impl Unreadable {
    pub(in crate::derive) fn because<T>(why: impl Into<String>) -> Result<T, Self> {
        Err(Self(why.into()))
    }
}

/// A policy that stands on a resource: every statement of it names principals and resources.
///
/// ```
/// use trailproof::derive::policy_document::{Effect, PolicyDocument};
/// let text = r#"{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}}"#;
/// let document = PolicyDocument::read(text)?;
/// assert_eq!(document.entries()[0].effect, Some(Effect::Deny));
/// assert!(PolicyDocument::read("not JSON").is_err());
/// # Ok::<(), trailproof::derive::policy_document::Unreadable>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDocument {
    entries: Vec<Entry>,
}

/// One statement of a document, or why it could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where it stands.
    pub place: Place,
    /// Its effect, where that much could be read.
    pub effect: Option<Effect>,
    /// What it says.
    pub statement: Result<Statement, Unreadable>,
}

impl PolicyDocument {
    /// Reads a document from its text.
    ///
    /// # Errors
    /// Where it is not JSON, is nested too deep, is longer than any policy of AWS, or has no `Statement`.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        Self::of_form(text, Form::Resource)
    }

    /// Reads a policy that is attached to an identity, an account or an organizational unit. Its statements name no
    /// principal: they are about whoever it is attached to, and are read as being about everybody.
    ///
    /// ```
    /// use trailproof::derive::policy_document::{Effect, PolicyDocument};
    /// let text = r#"{"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}"#;
    /// assert_eq!(PolicyDocument::of_identity(text)?.having(Effect::Allow).count(), 1);
    /// assert_eq!(PolicyDocument::read(text)?.having(Effect::Allow).count(), 0);
    /// # Ok::<(), trailproof::derive::policy_document::Unreadable>(())
    /// ```
    ///
    /// # Errors
    /// As [`PolicyDocument::read`].
    pub fn of_identity(text: &str) -> Result<Self, Unreadable> {
        Self::of_form(text, Form::Identity)
    }

    /// Reads the trust policy of a role. Its statements name no resource: they are about the role.
    ///
    /// # Errors
    /// As [`PolicyDocument::read`].
    pub fn of_trust(text: &str) -> Result<Self, Unreadable> {
        Self::of_form(text, Form::Trust)
    }

    fn of_form(text: &str, form: Form) -> Result<Self, Unreadable> {
        if text.len() > LONGEST {
            return Unreadable::because(format!("it is {} bytes long, more than AWS stores", text.len()));
        }
        let document: Json = match serde_json::from_str(text) {
            Ok(document) => document,
            Err(error) => return Unreadable::because(format!("it is not JSON: {error}")),
        };
        let Json::Object(elements) = document else { return Unreadable::because("it is not a JSON object") };
        json::no_duplicates(&elements)?;
        for (name, value) in &elements {
            match (name.as_str(), value) {
                ("Version" | "Id", Json::Text(_)) | ("Statement", _) => {}
                ("Version" | "Id", _) => return Unreadable::because(format!("its {name} is not a string")),
                _ => {
                    return Unreadable::because(format!(
                        "it has an element that is not known: `{}`",
                        json::brief(name)
                    ));
                }
            }
        }
        let entries = match json::get(&elements, "Statement") {
            Some(Json::List(statements)) => {
                statements.iter().enumerate().map(|(at, json)| entry(at, json, form)).collect()
            }
            Some(statement @ Json::Object(_)) => vec![entry(0, statement, form)],
            Some(_) => return Unreadable::because("its Statement is neither an object nor a list"),
            None => return Unreadable::because("it has no Statement"),
        };
        Ok(Self { entries })
    }

    /// The statements, in their order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The statements of an effect that could be read.
    pub fn having(&self, effect: Effect) -> impl Iterator<Item = (&Place, &Statement)> {
        self.entries
            .iter()
            .filter(move |entry| entry.effect == Some(effect))
            .filter_map(|entry| entry.statement.as_ref().ok().map(|statement| (&entry.place, statement)))
    }

    /// The statements that could not be read and may have an effect.
    pub fn unreadable(&self, effect: Effect) -> impl Iterator<Item = Reason> {
        self.entries.iter().filter(move |entry| entry.effect.is_none_or(|read| read == effect)).filter_map(|entry| {
            let why = entry.statement.as_ref().err()?;
            Some(Reason::at(&entry.place, format!("cannot be read: {why}")))
        })
    }
}

fn entry(at: usize, json: &Json, form: Form) -> Entry {
    let elements = if let Json::Object(elements) = json { elements.as_slice() } else { &[] };
    let sid = match json::get(elements, "Sid") {
        Some(Json::Text(sid)) => Some(json::brief(sid)),
        _ => None,
    };
    let statement = statement::read(json, form);
    // An effect that is written twice is not one that could be read.
    let once = elements.iter().filter(|(name, _)| name == "Effect").count() == 1;
    let effect = json::get(elements, "Effect").filter(|_| once).and_then(Effect::of);
    Entry { place: Place { number: at + 1, sid }, effect, statement }
}

#[cfg(test)]
mod tests;
