//! What changed in configuration between two snapshots: every setting of everything that was read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{SettingChange, SettingKind};
use crate::snapshot::{Gap, Snapshot};

/// The lists of a snapshot, and the keys that name what is in them.
const LISTS: [(&str, &[&str]); 13] = [
    ("accounts", &["id"]),
    ("trails", &["arn"]),
    ("buckets", &["name"]),
    ("data_buckets", &["name"]),
    ("keys", &["arn"]),
    ("topics", &["arn"]),
    ("log_groups", &["arn"]),
    ("log_roles", &["arn"]),
    ("alarms", &["account", "region"]),
    ("event_buses", &["arn"]),
    ("alert_topics", &["arn"]),
    ("event_data_stores", &["arn"]),
    ("athena_tables", &["account", "region"]),
];

/// Who answered and when, and what AWS writes by itself: no settings.
fn is_setting(key: &str) -> bool {
    let by_itself = key.starts_with("latest_") && key.ends_with("_time");
    !by_itself && !matches!(key, "described_by" | "described_in" | "listed_by" | "read_at")
}

/// What changed, sorted by account, subject and path.
pub(super) fn configuration(old: &Snapshot, new: &Snapshot) -> serde_json::Result<Vec<SettingChange>> {
    let (before, after) = (serde_json::to_value(old)?, serde_json::to_value(new)?);
    let mut changes = Vec::new();
    for (list, keys) in LISTS {
        let (before, after) = (named(&before, list, keys), named(&after, list, keys));
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for name in names {
            let (was, is) = (before.get(name).copied(), after.get(name).copied());
            let owner = is.or(was).and_then(|subject| owner(name, subject));
            let unseen = |gaps: &[Gap]| is_unseen(gaps, name, owner.as_deref());
            let mut found = Found { account: owner.clone(), subject: name, changes: &mut changes };
            match (was, is) {
                (Some(_), None) if unseen(&new.gaps) => found.take("", SettingKind::Unobserved, None, None),
                (Some(_), None) => found.take("", SettingKind::Removed, None, None),
                (None, Some(_)) if unseen(&old.gaps) => found.take("", SettingKind::Observed, None, None),
                (None, Some(_)) => found.take("", SettingKind::Added, None, None),
                (Some(was), Some(is)) => found.compare("", was, is),
                (None, None) => {}
            }
        }
    }
    let mut whole = Found { account: None, subject: "organization", changes: &mut changes };
    let nothing = Value::Object(Map::new());
    let of = |snapshot: &Value| snapshot.get("organization").unwrap_or(&nothing).clone();
    whole.compare("", &of(&before), &of(&after));
    changes.sort_by(|left, right| {
        (&left.account, &left.subject, &left.path).cmp(&(&right.account, &right.subject, &right.path))
    });
    Ok(changes)
}

fn named<'a>(snapshot: &'a Value, list: &str, keys: &[&str]) -> BTreeMap<String, &'a Value> {
    let name = |thing: &Value| {
        let parts = keys.iter().filter_map(|key| thing.get(*key)?.as_str());
        parts.collect::<Vec<_>>().join(" ")
    };
    let things = snapshot.get(list).and_then(Value::as_array).into_iter().flatten();
    things.map(|thing| (name(thing), thing)).collect()
}

/// The account that something belongs to: that of its ARN, its own id, or the one that a bucket was found to be of.
fn owner(name: &str, subject: &Value) -> Option<String> {
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|letter| letter.is_ascii_digit());
    let of_arn = name.strip_prefix("arn:").and_then(|rest| rest.split(':').nth(3));
    let of_pair = name.split(' ').next();
    let found = subject.get("owner").map(bare).and_then(|owner| match owner {
        Value::String(text) => Some(text.as_str()),
        other => other.get("account").and_then(Value::as_str),
    });
    of_arn.or(found).or(of_pair).filter(|text| is_account(text)).map(str::to_owned)
}

/// Whether a gap may hide something: one about it, or one of the account that lists it.
fn is_unseen(gaps: &[Gap], name: &str, owner: Option<&str>) -> bool {
    gaps.iter().any(|gap| {
        let about = gap.resource.as_deref().is_some_and(|resource| resource == name || resource.ends_with(name));
        let listing = gap.resource.is_none() || gap.operation.starts_with("sts:");
        let of_owner = gap.account.map(|id| id.to_string()).as_deref() == owner && owner.is_some();
        about || (listing && of_owner)
    })
}

struct Found<'a> {
    account: Option<String>,
    subject: &'a str,
    changes: &'a mut Vec<SettingChange>,
}

impl Found<'_> {
    fn take(&mut self, path: &str, kind: SettingKind, before: Option<&Value>, after: Option<&Value>) {
        self.changes.push(SettingChange {
            account: self.account.clone(),
            subject: self.subject.to_owned(),
            path: path.to_owned(),
            kind,
            before: before.cloned(),
            after: after.cloned(),
        });
    }

    /// Compares two readings of a thing; maps are gone into, lists are compared as a whole.
    fn compare(&mut self, path: &str, before: &Value, after: &Value) {
        let (before, after) = (bare(before), bare(after));
        let (Value::Object(was), Value::Object(is)) = (before, after) else {
            if plain(before) != plain(after) {
                self.take(path, SettingKind::Changed, Some(&plain(before)), Some(&plain(after)));
            }
            return;
        };
        let keys: BTreeSet<&String> = was.keys().chain(is.keys()).filter(|key| is_setting(key)).collect();
        for key in keys {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            match (was.get(key), is.get(key)) {
                (Some(before), Some(after)) => self.compare(&path, before, after),
                // An answer is wrapped in the time at which it was read: without it, nothing was answered.
                (Some(before), None) if is_answer(before) => {
                    self.take(&path, SettingKind::Unobserved, Some(&plain(bare(before))), None);
                }
                (None, Some(after)) if is_answer(after) => {
                    self.take(&path, SettingKind::Observed, None, Some(&plain(bare(after))));
                }
                (before, after) => {
                    let kind = if before.is_some() { SettingKind::Removed } else { SettingKind::Added };
                    self.take(&path, kind, before.map(plain).as_ref(), after.map(plain).as_ref());
                }
            }
        }
    }
}

/// Whether a value is an answer with the time at which it was read.
fn is_answer(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|object| object.len() == 2 && object.contains_key("read_at") && object.contains_key("value"))
}

/// A value without the time at which it was read.
fn bare(value: &Value) -> &Value {
    match value.get("value") {
        Some(inner) if is_answer(value) => inner,
        _ => value,
    }
}

/// A value without all that is no setting.
fn plain(value: &Value) -> Value {
    match bare(value) {
        Value::Object(object) => {
            let kept = object.iter().filter(|(key, _)| is_setting(key));
            Value::Object(kept.map(|(key, value)| (key.clone(), plain(value))).collect())
        }
        Value::Array(values) => Value::Array(values.iter().map(plain).collect()),
        other => other.clone(),
    }
}
