//! What a file of an inventory is of: its name on disk, and whether a snapshot shows that it is gone.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::INVENTORY_SCHEMA;
use crate::id::{AccountId, BucketName, TrailArn};
use crate::segment::segment;
use crate::snapshot::{Account, Breadth, Snapshot};

/// What a file of an inventory is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An account that was selected.
    Account(AccountId),
    /// A trail that some account sees.
    Trail(TrailArn),
    /// A bucket that some trail delivers to.
    Bucket(BucketName),
}

impl Subject {
    /// The folders of an inventory, in which its files are.
    pub const FOLDERS: [&str; 3] = ["accounts", "trails", "buckets"];

    /// The path of its file in the folder of the inventory, with `/` between the parts.
    pub fn path(&self) -> String {
        match self {
            Self::Account(id) => format!("accounts/{id}.json"),
            Self::Trail(arn) => {
                let (account, region) = (arn.account(), file_name(arn.home_region().as_str()));
                format!("trails/{account}/{region}/{}.json", file_name(arn.name()))
            }
            Self::Bucket(name) => format!("buckets/{}.json", file_name(name.as_str())),
        }
    }

    /// What a file is of, by what stands in it; nothing, where it is no file of an inventory.
    pub fn of_file(text: &str) -> Option<Self> {
        let file: Value = serde_json::from_str(text).ok()?;
        if file.get("schema")?.as_str()? != INVENTORY_SCHEMA {
            return None;
        }
        let text = |key: &str| file.get(key).and_then(Value::as_str);
        if let Some(arn) = text("arn") {
            return arn.parse().ok().map(Self::Trail);
        }
        match (text("id"), text("name")) {
            (Some(id), _) => id.parse().ok().map(Self::Account),
            (None, Some(name)) => name.parse().ok().map(Self::Bucket),
            (None, None) => None,
        }
    }

    /// Whether a snapshot, in which it is not, shows that it is gone: whoever would name it answered without it.
    pub fn is_gone(&self, snapshot: &Snapshot) -> bool {
        let whole = is_whole(snapshot);
        match self {
            Self::Account(_) => whole,
            Self::Trail(arn) => match snapshot.account(arn.account()) {
                Some(owner) => owner.listed_trails.is_some() || sees(owner, arn),
                None => whole,
            },
            Self::Bucket(_) => {
                let mut active = snapshot.accounts.iter().filter(|account| account.is_active());
                whole && snapshot.selection.regions.is_empty() && active.all(shows_all_trails)
            }
        }
    }
}

/// Whether the accounts of a snapshot are all of an organization.
fn is_whole(snapshot: &Snapshot) -> bool {
    let selection = &snapshot.selection;
    let narrowed = selection.names_accounts() || selection.shards.is_some();
    let is_listed = snapshot.organization.is_some() && selection.breadth == Breadth::Organization;
    let lists = |operation: &str| operation.starts_with("organizations:List");
    is_listed && !narrowed && !snapshot.gaps.iter().any(|gap| lists(&gap.operation))
}

/// Whether an account answered which trails it sees in a trail's home Region.
fn sees(owner: &Account, arn: &TrailArn) -> bool {
    owner.sightings.iter().any(|sighting| sighting.regions.contains(arn.home_region()))
}

/// Whether an account answered which trails it sees in each of its Regions, or which it has.
fn shows_all_trails(account: &Account) -> bool {
    let regions = account.regions.as_ref().map(|regions| regions.value.enabled());
    let seen = |region| account.sightings.iter().any(|sighting| sighting.regions.contains(region));
    account.listed_trails.is_some() || regions.is_some_and(|enabled| enabled.into_iter().all(seen))
}

/// A longer name is cut: file systems take 255 bytes.
const LONGEST: usize = 200;

/// A name as the name of a file, which leads nowhere else.
fn file_name(name: &str) -> String {
    let encoded = segment(name);
    if encoded.len() <= LONGEST {
        return encoded;
    }
    let hash = hex::encode(&Sha256::digest(name)[..8]);
    format!("{}~{hash}", encoded.get(..LONGEST).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        assert_eq!(file_name("../../etc/passwd"), "..%2F..%2Fetc%2Fpasswd");
        assert_eq!((file_name("."), file_name("..")), ("%2E".to_owned(), "%2E%2E".to_owned()));
        let (one, other) = (file_name(&"a".repeat(10_000)), file_name(&"a".repeat(10_001)));
        assert!(one.len() < 250 && one != other);
    }

    #[test]
    fn what_a_file_is_of_is_told_by_what_stands_in_it() {
        let of = |text: &str| Subject::of_file(text).map(|subject| subject.path());
        let file = |rest: &str| format!("{{\"schema\": \"{INVENTORY_SCHEMA}\", {rest}}}");
        assert_eq!(of(&file("\"id\": \"111122223333\"")).as_deref(), Some("accounts/111122223333.json"));
        assert_eq!(of(&file("\"name\": \"logs\"")).as_deref(), Some("buckets/logs.json"));
        let trail = file("\"name\": \"x\", \"arn\": \"arn:aws:cloudtrail:us-east-1:111122223333:trail/main\"");
        assert_eq!(of(&trail).as_deref(), Some("trails/111122223333/us-east-1/main.json"));
        assert_eq!(of("{\"schema\": \"another/1\", \"id\": \"111122223333\"}"), None);
        assert_eq!(of("not JSON"), None);
    }
}
