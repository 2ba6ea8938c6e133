//! The inventory as code: what a snapshot says of each account, trail and bucket, as files to commit. Pure.
//!
//! A file is JSON with its keys sorted and one property a line, without times and ages: two scans of what did not change
//! give the same bytes, and a diff shows the lines that drifted and no others.

mod account;
mod bucket;
mod property;
mod subject;
mod trail;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::snapshot::{Observed, Snapshot};

pub use property::property;
pub use subject::Subject;

/// The schema of the files that this version writes and reads: the mark by which a file is known to be of an inventory.
pub const INVENTORY_SCHEMA: &str = "trailproof.inventory/1";

/// What stands for an answer that the snapshot does not have: a refusal is not the absence of a setting, which is null.
pub const NOT_READ: &str = "(not read)";

/// A file of an inventory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InventoryFile {
    /// What it is of, which names it.
    pub subject: Subject,
    /// What stands in it.
    pub text: String,
}

/// The files of a snapshot's inventory, sorted by what they are of.
///
/// # Errors
/// Where serialising fails, which it does not for what a snapshot holds.
pub fn inventory(snapshot: &Snapshot) -> serde_json::Result<Vec<InventoryFile>> {
    let mut files = Vec::new();
    for account in &snapshot.accounts {
        files.push(file(Subject::Account(account.id), account::properties(account)?)?);
    }
    for trail in &snapshot.trails {
        files.push(file(Subject::Trail(trail.arn.clone()), trail::properties(trail)?)?);
    }
    for bucket in &snapshot.buckets {
        files.push(file(Subject::Bucket(bucket.name.clone()), bucket::properties(bucket)?)?);
    }
    Ok(files)
}

/// The properties of one thing, under construction.
type Properties = Map<String, Value>;

fn file(subject: Subject, properties: Properties) -> serde_json::Result<InventoryFile> {
    let mut all = Value::Object(properties);
    if let Some(properties) = all.as_object_mut() {
        properties.insert("schema".to_owned(), INVENTORY_SCHEMA.into());
    }
    all.sort_all_objects();
    let mut text = serde_json::to_string_pretty(&all)?;
    text.push('\n');
    Ok(InventoryFile { subject, text })
}

/// What was answered; that it was not read, where it was not.
fn read<T: Serialize>(answer: Option<&Observed<T>>) -> serde_json::Result<Value> {
    answer.map_or(Ok(NOT_READ.into()), |answer| serde_json::to_value(&answer.value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_not_an_absence() {
        let absent: Observed<Option<bool>> = Observed::new(jiff::Timestamp::UNIX_EPOCH, None);
        assert_eq!(read(Some(&absent)).unwrap(), Value::Null);
        assert_eq!(read(None::<&Observed<bool>>).unwrap(), NOT_READ);
    }
}
