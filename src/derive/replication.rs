//! What replication rules do to log files: whether every one of them is copied.
//!
//! Sources: S3 User Guide, "Replication configuration file elements" (filters, priority, destinations), "Replicating
//! encrypted objects" (objects that KMS encrypts are left out unless a rule takes them in).

use super::log_keys::{LogKeys, Reach};
use crate::snapshot::ReplicationRule;

/// The files that one trail writes to one of its folders.
#[derive(Debug, Clone)]
pub struct LogFolder<'a> {
    /// Where the trail writes.
    pub keys: &'a LogKeys,
    /// The folder, such as `CloudTrail-Digest/`.
    pub folder: &'a str,
    /// Whether a KMS key encrypts them; nothing, where AWS's pages differ.
    pub is_encrypted: Option<bool>,
    /// Whether the trail writes for more Regions than one.
    pub of_many_regions: bool,
}

/// Whether a rule's copies lie in another Region or account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// They do.
    Away,
    /// They lie in the same Region and account.
    Near,
    /// There is no such bucket.
    Nowhere,
    /// It is not known.
    Unknown,
}

/// What becomes of the files of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copied {
    /// This rule copies all of them away.
    By(usize),
    /// Some are not copied away, and why each rule that is for some of them does not; by the rules' places.
    Not(Vec<(usize, Miss)>),
    /// It is not decided, and why.
    Open(Vec<(usize, Doubt)>),
}

/// Why a rule does not copy all files of a folder away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Miss {
    /// It leaves out what KMS keys encrypt.
    Encrypted,
    /// Its copies lie in the same Region and account.
    Near,
    /// It copies to a bucket that does not exist.
    Nowhere,
    /// It is for a part of the files.
    Part,
}

/// Why it is not known whether a rule copies all files of a folder away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// Where its copies lie is not known.
    Place,
    /// It is for objects with tags, and whether all have them is not known.
    Tags,
    /// It is for keys of an organization, and which the trail's is, is not known.
    Organization,
    /// Several rules are each for a part; whether they make up the whole is not worked out.
    Parts,
    /// Another rule with the same destination comes before it, and leaves out what KMS keys encrypt.
    Precedence,
    /// It leaves out what KMS keys encrypt, and whether one encrypts the files is not known.
    Encryption,
}

/// What enabled rules make of the files of a folder; `place` says where each rule's copies lie.
pub fn copied(rules: &[ReplicationRule], place: &dyn Fn(&ReplicationRule) -> Place, log: &LogFolder<'_>) -> Copied {
    let enabled = rules.iter().enumerate().filter(|(_, rule)| rule.enabled);
    let reached: Vec<(usize, &ReplicationRule, Reach)> = enabled
        .map(|(index, rule)| (index, rule, log.reach_of(rule)))
        .filter(|(.., reach)| *reach != Reach::None)
        .collect();
    let (mut misses, mut doubts, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    for (index, rule, reach) in &reached {
        let place = place(rule);
        let missed = match place {
            _ if log.is_encrypted == Some(true) && !rule.takes_kms_objects => Some(Miss::Encrypted),
            Place::Near => Some(Miss::Near),
            Place::Nowhere => Some(Miss::Nowhere),
            Place::Away | Place::Unknown => None,
        };
        if let Some(miss) = missed {
            misses.push((*index, miss));
        } else if *reach == Reach::Some {
            parts.push(*index);
        } else if let Some(doubt) = doubt(rule, *reach, place, &reached, log) {
            doubts.push((*index, doubt));
        } else {
            return Copied::By(*index);
        }
    }
    // All files of a trail of one Region may lie beneath a longer prefix than that of its folder.
    if parts.len() > 1 || !log.of_many_regions {
        doubts.extend(parts.drain(..).map(|index| (index, Doubt::Parts)));
    }
    misses.extend(parts.into_iter().map(|index| (index, Miss::Part)));
    if doubts.is_empty() { Copied::Not(misses) } else { Copied::Open(doubts) }
}

fn doubt(
    rule: &ReplicationRule,
    reach: Reach,
    place: Place,
    reached: &[(usize, &ReplicationRule, Reach)],
    log: &LogFolder<'_>,
) -> Option<Doubt> {
    // "If there are two or more rules with the same destination bucket, then objects will be replicated according to the
    // rule with the highest priority." Whether a rule that leaves an object out counts among them is not documented.
    let comes_first = |other: &ReplicationRule| {
        other.destination == rule.destination && other.priority > rule.priority && !other.takes_kms_objects
    };
    if reach == Reach::Undecided {
        Some(Doubt::Organization)
    } else if !rule.tags.is_empty() {
        Some(Doubt::Tags)
    } else if place == Place::Unknown {
        Some(Doubt::Place)
    } else if log.is_encrypted.is_none() && !rule.takes_kms_objects {
        Some(Doubt::Encryption)
    } else if log.is_encrypted != Some(false) && reached.iter().any(|(_, other, _)| comes_first(other)) {
        Some(Doubt::Precedence)
    } else {
        None
    }
}

impl LogFolder<'_> {
    fn reach_of(&self, rule: &ReplicationRule) -> Reach {
        self.keys.reach_in_folder(rule.prefix.as_deref().unwrap_or(""), self.folder)
    }
}

#[cfg(test)]
mod tests;
