//! Which snapshots can be merged.

use super::super::{Selection, Shards, Snapshot};

/// Why snapshots cannot be merged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// There are none.
    #[error("there is nothing to merge")]
    Nothing,
    /// A snapshot of all accounts.
    #[error("{0} was read by one run, without --shard: it needs no merge")]
    Whole(String),
    /// Shards that cannot be, or an account in one that it is not of.
    #[error("{name} is not what `collect --shard` writes: {what}")]
    Unsound {
        /// The snapshot.
        name: String,
        /// What is wrong with it.
        what: String,
    },
    /// A shard that is there twice.
    #[error("{first} and {second} are both of shard {shard}/{count}")]
    Overlap {
        /// One of them.
        first: String,
        /// The other.
        second: String,
        /// The shard.
        shard: u32,
        /// How many there are.
        count: u32,
    },
    /// Snapshots that do not belong together.
    #[error("{first} and {second} differ in {what}: {one}, and {other}")]
    Mixed {
        /// One of them.
        first: String,
        /// The other.
        second: String,
        /// In what they differ.
        what: &'static str,
        /// What the one says.
        one: String,
        /// What the other says.
        other: String,
    },
    /// Shards that are not there.
    #[error("not all shards are there, missing: {}", list(.missing, *.count))]
    Missing {
        /// Those that are missing.
        missing: Vec<u32>,
        /// How many there are.
        count: u32,
    },
}

fn list(shards: &[u32], count: u32) -> String {
    shards.iter().map(|shard| format!("{shard}/{count}")).collect::<Vec<_>>().join(", ")
}

/// All shards that snapshots of one organization read, each once.
pub(super) fn all_of_one(parts: &[(String, Snapshot)], missing_allowed: bool) -> Result<Shards, MergeError> {
    let Some((first, one)) = parts.first() else { return Err(MergeError::Nothing) };
    let mut all: Vec<(u32, &String)> = Vec::new();
    let mut count = 0;
    for (name, part) in parts {
        let shards = part.selection.shards.as_ref().ok_or_else(|| MergeError::Whole(name.clone()))?;
        all_the_same((first, one), (name, part))?;
        sound(name, part, shards)?;
        count = shards.count;
        all.extend(shards.read.iter().map(|shard| (*shard, name)));
    }
    all.sort();
    if let Some([(shard, first), (_, second)]) = all.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let (first, second) = ((*first).clone(), (*second).clone());
        return Err(MergeError::Overlap { first, second, shard: *shard, count });
    }
    let shards = Shards { count, read: all.into_iter().map(|(shard, _)| shard).collect() };
    let missing = shards.missing();
    if missing.is_empty() || missing_allowed { Ok(shards) } else { Err(MergeError::Missing { missing, count }) }
}

/// Refuses shards that cannot be, and accounts that were visited in the wrong one.
fn sound(name: &str, part: &Snapshot, shards: &Shards) -> Result<(), MergeError> {
    let unsound = |what: String| Err(MergeError::Unsound { name: name.to_owned(), what });
    if !shards.is_sound() {
        return unsound(format!("its shards are {shards}"));
    }
    let visited = part.accounts.iter().filter(|account| account.regions.is_some() || account.shows_trails());
    match visited.map(|account| account.id).find(|id| !shards.hold(*id)) {
        Some(id) => unsound(format!("account {id} is of shard {}, not of {shards}", shards.of(id))),
        None => Ok(()),
    }
}

/// Refuses snapshots of different runs: what one of them did not look for would be taken as not there.
fn all_the_same(first: (&String, &Snapshot), second: (&String, &Snapshot)) -> Result<(), MergeError> {
    let (one, other) = (said(first.1), said(second.1));
    let differing = one.into_iter().zip(other).find(|(one, other)| one.1 != other.1);
    let Some(((what, one), (_, other))) = differing else { return Ok(()) };
    Err(MergeError::Mixed { first: first.0.clone(), second: second.0.clone(), what, one, other })
}

/// What must be the same of all.
fn said(part: &Snapshot) -> [(&'static str, String); 9] {
    let shards = part.selection.shards.as_ref();
    let organization = part.organization.as_ref();
    let selection = &part.selection;
    // What is not named here, in the order in which it is written.
    let rest = Selection { shards: None, operations: Vec::new(), ..selection.clone() };
    let written = |value: serde_json::Result<String>| value.unwrap_or_default();
    [
        ("their schema", part.schema.clone()),
        ("the version that collected them", part.tool_version.clone()),
        ("the number of shards", shards.map_or_else(String::new, |shards| shards.count.to_string())),
        ("the organization", organization.map_or_else(|| "none".to_owned(), |one| one.id.clone())),
        ("the management account", organization.map_or_else(String::new, |one| one.management_account.to_string())),
        ("the caller's partition", part.caller.partition.to_string()),
        ("the caller's account", part.caller.account.to_string()),
        ("what was to be scanned", written(serde_json::to_string(&rest))),
        ("the operations that their rules needed", selection.operations.join(" ")),
    ]
}
