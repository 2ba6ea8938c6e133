//! The names that a snapshot and a report hold: in sentences, they are known by standing here.

use std::collections::BTreeSet;

use serde_json::Value;

use super::arn::{Parts, is_public, names};
use super::text::ARN;
use crate::evaluate::Report;
use crate::id::RegionName;
use crate::snapshot::Snapshot;

/// Names, each once.
#[derive(Debug, Default)]
pub(super) struct Words(BTreeSet<String>);

/// The keys of a snapshot beneath which names stand.
const NAMES: [&str; 22] = [
    "attached",
    "buckets",
    "database",
    "groups",
    "location",
    "name",
    "names",
    "ou_path",
    "ous",
    "exclude_ous",
    "prefix",
    "resource",
    "role_name",
    "roles",
    "s3_bucket_name",
    "s3_key_prefix",
    "subscriber",
    "tags",
    "tagged",
    "target_bucket",
    "target_prefix",
    "user",
];

/// The parameters of rules whose values name somebody, or something of theirs.
const NAMING: [&str; 6] = ["allowed_principals", "buckets", "declared", "exceptions", "names", "tags"];

impl Words {
    /// The names.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Takes in all names of a snapshot: of accounts, units, tags and resources, and those in ARNs, wherever they stand.
    ///
    /// # Errors
    /// Where it cannot be written as JSON: its names are not known then.
    pub(super) fn of_snapshot(&mut self, snapshot: &Snapshot) -> Result<(), serde_json::Error> {
        self.walk(&serde_json::to_value(snapshot)?, false);
        Ok(())
    }

    /// Takes in what only a report names.
    pub(super) fn of_report(&mut self, report: &Report) {
        for judgement in &report.judgements {
            for arn in judgement.resource.iter().map(AsRef::as_ref).chain(judgement.related.iter().map(String::as_str))
            {
                self.text(arn);
            }
            for (name, value) in judgement.parameters.iter() {
                self.walk(value, NAMING.contains(&name.as_str()));
            }
        }
    }

    fn walk(&mut self, value: &Value, are_names: bool) {
        match value {
            Value::String(text) if are_names && !text.starts_with("arn:") => self.name(text),
            Value::String(text) => self.text(text),
            Value::Array(elements) => elements.iter().for_each(|element| self.walk(element, are_names)),
            Value::Object(entries) => {
                // What AWS manages is named by AWS.
                let managed = entries.get("arn").and_then(Value::as_str).is_some_and(|arn| arn.contains(":iam::aws:"));
                for (key, value) in entries {
                    let is_name = NAMES.contains(&key.as_str()) && !(managed && key == "name");
                    self.walk(value, are_names || is_name);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Takes in the names of the ARNs in a text.
    fn text(&mut self, text: &str) {
        for found in ARN.iter().flat_map(|arn| arn.find_iter(text)) {
            let Some(parts) = Parts::of(found.as_str()).filter(|parts| !parts.is_of_aws()) else { continue };
            names(parts.resource).filter(|(_, is_name)| *is_name).for_each(|(name, _)| self.name(name));
        }
    }

    /// Takes in a name, and the parts of a path. A single letter, a number and a Region are left: they stand everywhere.
    fn name(&mut self, name: &str) {
        let name = name.trim_matches(|letter: char| letter.is_whitespace() || "\"'`,;".contains(letter));
        for part in name.split(['/', '*', '?']).chain([name]) {
            let plain = part.chars().count() < 2 || part.bytes().all(|letter| letter.is_ascii_digit());
            let is_region = part.parse::<RegionName>().is_ok_and(|region| is_of_aws(&region));
            if !plain && !is_public(part) && !is_region {
                self.0.insert(part.to_owned());
            }
        }
    }
}

/// Whether a Region's name is shaped as AWS's are: `eu-west-1`.
fn is_of_aws(region: &RegionName) -> bool {
    let parts: Vec<&str> = region.as_str().split('-').collect();
    parts.len() >= 3
        && parts.first().is_some_and(|first| first.len() <= 4)
        && parts.last().is_some_and(|last| last.len() == 1)
}
