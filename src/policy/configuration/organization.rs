//! What a configuration says of the organization: by which role it is entered, and what of it is scanned.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::super::read::Part;
use crate::id::{AccountId, RegionName};

/// What a configuration says of the organization; nothing, where it leaves something to the defaults.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrganizationSettings {
    /// The role that is assumed in every member account.
    pub role_name: Option<String>,
    /// The external id that the role asks for.
    pub external_id: Option<Hidden>,
    /// The name of the sessions.
    pub session_name: Option<String>,
    /// Only these accounts.
    pub accounts: Vec<AccountId>,
    /// Not these accounts.
    pub exclude_accounts: Vec<AccountId>,
    /// Only accounts beneath these organizational units.
    pub ous: Vec<String>,
    /// No accounts beneath these organizational units.
    pub exclude_ous: Vec<String>,
    /// Only these Regions.
    pub regions: Vec<RegionName>,
    /// Accounts that own log buckets.
    pub log_archives: Vec<AccountId>,
}

/// A text that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(pub String);

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// The key whose value is never printed.
const HIDDEN: &str = "external_id";

/// The keys.
pub(super) const KEYS: [&str; 9] = [
    "role_name",
    HIDDEN,
    "session_name",
    "accounts",
    "exclude_accounts",
    "ous",
    "exclude_ous",
    "regions",
    "log_archives",
];

impl OrganizationSettings {
    /// Reads it; what is wrong is taken down.
    pub(super) fn read(part: Part<'_>) -> Self {
        part.only(&KEYS);
        let text = |key: &str| part.get(key).and_then(|part| part.text());
        Self {
            role_name: text("role_name"),
            // Whatever it looks like: a mistake would show it.
            external_id: part.get(HIDDEN).and_then(|part| part.node.text()).map(|text| Hidden(text.to_owned())),
            session_name: text("session_name"),
            accounts: list(part, "accounts"),
            exclude_accounts: list(part, "exclude_accounts"),
            ous: texts(part, "ous"),
            exclude_ous: texts(part, "exclude_ous"),
            regions: list(part, "regions"),
            log_archives: list(part, "log_archives"),
        }
    }
}

fn list<T: FromStr<Err: fmt::Display>>(part: Part<'_>, key: &str) -> Vec<T> {
    let elements = part.get(key).map(|part| part.elements()).unwrap_or_default();
    elements.iter().filter_map(|part| part.parse()).collect()
}

pub(super) fn texts(part: Part<'_>, key: &str) -> Vec<String> {
    let elements = part.get(key).map(|part| part.elements()).unwrap_or_default();
    elements.iter().filter_map(|part| part.text()).collect()
}

/// Where a configuration holds the external id, and what it is where it is a text.
pub(in crate::policy) fn external_id(part: Part<'_>) -> Option<(Range<usize>, Option<String>)> {
    let node = part.get("organization")?.get(HIDDEN)?.node;
    Some((node.range.clone(), node.text().map(str::to_owned)))
}

/// A configuration as its mistakes show it: what stands behind the key of the external id is covered, byte by byte.
pub(in crate::policy) fn without_secrets(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match line.find(HIDDEN) {
            Some(at) => {
                let (before, behind) = line.split_at(at + HIDDEN.len());
                let end = behind.trim_end_matches(['\r', '\n']).len();
                shown.push_str(before);
                shown.push_str(&"*".repeat(end));
                shown.push_str(&behind[end..]);
            }
            None => shown.push_str(line),
        }
    }
    shown
}
