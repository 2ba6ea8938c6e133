//! The inventory that is committed: the line of the property that a rule read.

use std::collections::BTreeMap;

use super::tree::{Tree, parse};
use super::wanted::Wanted;
use super::{Mistake, Place, Rung};
use crate::evaluate::Judgement;
use crate::facts::Scope;
use crate::inventory::{INVENTORY_SCHEMA, Subject, property};

/// The files of an inventory, as they are in the repository.
#[derive(Debug, Default)]
pub struct Committed {
    files: BTreeMap<Subject, (String, Tree)>,
}

impl Committed {
    /// Takes a file in; one that is not of an inventory is passed over.
    ///
    /// # Errors
    /// Where it is no JSON, or of another version.
    pub fn take(&mut self, uri: String, text: &str) -> Result<(), Mistake> {
        let value: serde_json::Value =
            serde_json::from_str(text).map_err(|error| Mistake::of_json(&error, "an inventory"))?;
        let schema = value.get("schema").and_then(serde_json::Value::as_str).unwrap_or_default();
        if schema.starts_with("trailproof.inventory/") && schema != INVENTORY_SCHEMA {
            let message =
                format!("another version of trailproof wrote it: write the inventory anew, as {INVENTORY_SCHEMA}");
            return Err(Mistake::of_file(message));
        }
        let Some(subject) = Subject::of_file(text) else { return Ok(()) };
        self.files.insert(subject, (uri, parse(text)?));
        Ok(())
    }

    /// The line of the property that a result is about, else the first line of the file.
    pub(super) fn place(&self, judgement: &Judgement, wanted: &Wanted, scope: Scope) -> Option<Place> {
        let (uri, tree) = self.files.get(&self.subject(judgement)?)?;
        let line = wanted.facts.iter().find_map(|fact| line_of(tree, scope, fact)).unwrap_or(1);
        Some(Place { uri: uri.clone(), line, rung: Rung::Inventory })
    }

    /// What the file is of: the subject itself, or the first trail with a file that uses a key, topic or log group.
    fn subject(&self, judgement: &Judgement) -> Option<Subject> {
        let resource = judgement.resource.as_deref()?;
        match judgement.scope {
            Scope::Account => judgement.account.map(Subject::Account),
            Scope::Trail => resource.parse().ok().map(Subject::Trail),
            Scope::LogBucket => resource.rsplit_once(":::")?.1.parse().ok().map(Subject::Bucket),
            Scope::Key | Scope::Topic | Scope::LogGroup => {
                let trails = judgement.related.iter().filter_map(|arn| arn.parse().ok().map(Subject::Trail));
                trails.into_iter().find(|trail| self.files.contains_key(trail))
            }
            Scope::Organization | Scope::Bucket | Scope::EventDataStore => None,
        }
    }
}

/// The line of the property that a fact comes from, and within it of what the fact names as the property does.
fn line_of(tree: &Tree, scope: Scope, fact: &[String]) -> Option<usize> {
    let steps: Vec<&str> = fact.iter().map(String::as_str).collect();
    let (mut line, mut value) = tree.get(property(scope, &steps)?)?;
    for step in steps.iter().skip(1) {
        let Some((deeper, inner)) = value.get(step) else { break };
        (line, value) = (deeper, inner);
    }
    Some(line)
}
