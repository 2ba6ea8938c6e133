//! Under which keys a trail writes, and which of them a prefix takes in.
//!
//! Source: CloudTrail User Guide, "Finding your CloudTrail log files":
//! `[prefix/]AWSLogs/[organization/]account/CloudTrail/region/…`, digests under `CloudTrail-Digest`, Insights under
//! `CloudTrail-Insight`.

use crate::id::AccountId;

/// The keys under which one trail writes log and digest files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogKeys {
    /// `[prefix/]AWSLogs/`
    base: String,
    owner: Level,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Level {
    /// One account's folder.
    Account(AccountId),
    /// The organization's folder, with a folder for every account in it.
    Organization(String),
    /// An organization's folder, but of which organization is not known.
    SomeOrganization,
    /// Whether it is an organization trail is not known.
    Either(AccountId),
}

/// How the keys that begin with a prefix meet the keys of a trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every key of the trail.
    All,
    /// Some keys of the trail.
    Some,
    /// No key of the trail.
    None,
    /// Not decided by what is known.
    Undecided,
}

/// What every folder of a trail's files is called, or begins with.
const TRAIL_FOLDER: &str = "CloudTrail";

impl LogKeys {
    /// The keys of a trail that is owned by an account.
    ///
    /// `is_organization` and `organization` are what is known of it: whether it is an organization trail, and the id
    /// of the organization.
    pub fn new(
        prefix: Option<&str>,
        owner: AccountId,
        is_organization: Option<bool>,
        organization: Option<&str>,
    ) -> Self {
        let base = match prefix.map(|prefix| prefix.trim_end_matches('/')).filter(|prefix| !prefix.is_empty()) {
            Some(prefix) => format!("{prefix}/AWSLogs/"),
            None => "AWSLogs/".to_owned(),
        };
        let owner = match (is_organization, organization) {
            (Some(false), _) => Level::Account(owner),
            (Some(true), Some(id)) => Level::Organization(format!("{id}/")),
            (Some(true), None) => Level::SomeOrganization,
            (None, _) => Level::Either(owner),
        };
        Self { base, owner }
    }

    /// The beginning of the trail's keys, and whether all that begins so are the trail's.
    pub(super) fn beginning(&self) -> (String, bool) {
        match &self.owner {
            Level::Account(id) => (format!("{}{id}/{TRAIL_FOLDER}", self.base), true),
            Level::Organization(id) => (format!("{}{id}", self.base), true),
            Level::SomeOrganization | Level::Either(_) => (self.base.clone(), false),
        }
    }

    /// How the keys that begin with `prefix` meet the trail's.
    pub fn reach_of(&self, prefix: &str) -> Reach {
        if self.base.starts_with(prefix) {
            return Reach::All;
        }
        let Some(rest) = prefix.strip_prefix(self.base.as_str()) else { return Reach::None };
        match &self.owner {
            Level::Account(id) => beneath_folder(rest, &format!("{id}/"), trail_folder),
            Level::Organization(id) => beneath_folder(rest, id, |rest| match rest.split_once('/') {
                Some((account, rest)) if is_account(account) && trail_folder(rest) != Reach::None => Reach::Some,
                None if may_begin_account(rest) => Reach::Some,
                _ => Reach::None,
            }),
            Level::SomeOrganization | Level::Either(_) => Reach::Undecided,
        }
    }

    /// How the keys in a folder meet those of the log files that the trail writes for one account.
    pub(super) fn reach_in_account(&self, folder: &str, account: AccountId) -> Reach {
        let folder = match folder.trim_end_matches('/') {
            "" => String::new(),
            path => format!("{path}/"),
        };
        let whole = match &self.owner {
            Level::Account(_) => format!("{}{account}/{TRAIL_FOLDER}/", self.base),
            Level::Organization(id) => format!("{}{id}{account}/{TRAIL_FOLDER}/", self.base),
            Level::SomeOrganization | Level::Either(_) if self.base.starts_with(&folder) => return Reach::All,
            Level::SomeOrganization | Level::Either(_) if folder.starts_with(&self.base) => return Reach::Undecided,
            Level::SomeOrganization | Level::Either(_) => return Reach::None,
        };
        if whole.starts_with(&folder) {
            Reach::All
        } else if folder.starts_with(&whole) {
            Reach::Some
        } else {
            Reach::None
        }
    }

    /// How the keys that begin with `prefix` meet those in one of the trail's folders, such as `CloudTrail-Digest/`.
    ///
    /// Only an account's own trail has such a folder in one place.
    pub fn reach_in_folder(&self, prefix: &str, folder: &str) -> Reach {
        let Level::Account(id) = &self.owner else { return self.reach_of(prefix) };
        let whole = format!("{}{id}/{folder}", self.base);
        if whole.starts_with(prefix) {
            Reach::All
        } else if prefix.starts_with(&whole) {
            Reach::Some
        } else {
            Reach::None
        }
    }
}

fn beneath_folder(rest: &str, folder: &str, inside: impl Fn(&str) -> Reach) -> Reach {
    if folder.starts_with(rest) {
        return Reach::All;
    }
    rest.strip_prefix(folder).map_or(Reach::None, inside)
}

fn trail_folder(rest: &str) -> Reach {
    if TRAIL_FOLDER.starts_with(rest) {
        Reach::All
    } else if rest.starts_with(TRAIL_FOLDER) {
        Reach::Some
    } else {
        Reach::None
    }
}

fn is_account(text: &str) -> bool {
    text.parse::<AccountId>().is_ok()
}

fn may_begin_account(text: &str) -> bool {
    text.len() <= 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(prefix: Option<&str>) -> LogKeys {
        LogKeys::new(prefix, "111122223333".parse().unwrap(), Some(false), Some("o-1"))
    }

    fn organization() -> LogKeys {
        LogKeys::new(None, "111122223333".parse().unwrap(), Some(true), Some("o-1"))
    }

    #[test]
    fn prefixes_of_an_accounts_trail() {
        let cases = [
            ("", Reach::All),
            ("AWSLogs", Reach::All),
            ("AWSLogs/111122223333/", Reach::All),
            ("AWSLogs/111122223333/CloudTrail", Reach::All),
            ("AWSLogs/111122223333/CloudTrail/", Reach::Some),
            ("AWSLogs/111122223333/CloudTrail-Digest/us-east-1", Reach::Some),
            ("AWSLogs/111122223333/Config/", Reach::None),
            ("AWSLogs/444455556666/", Reach::None),
            ("other/", Reach::None),
        ];
        for (prefix, expected) in cases {
            assert_eq!(own(None).reach_of(prefix), expected, "{prefix}");
        }
        assert_eq!(own(Some("logs")).reach_of("AWSLogs/"), Reach::None);
        assert_eq!(own(Some("logs/")).reach_of("logs/AWSLogs/"), Reach::All);
    }

    #[test]
    fn prefixes_of_an_organization_trail() {
        let cases = [
            ("AWSLogs/", Reach::All),
            ("AWSLogs/o-1/", Reach::All),
            ("AWSLogs/o-1/111122223333/", Reach::Some),
            ("AWSLogs/o-1/1111", Reach::Some),
            ("AWSLogs/o-1/111122223333/CloudTrail/", Reach::Some),
            ("AWSLogs/o-1/111122223333/Config/", Reach::None),
            ("AWSLogs/o-2/", Reach::None),
        ];
        for (prefix, expected) in cases {
            assert_eq!(organization().reach_of(prefix), expected, "{prefix}");
        }
    }

    #[test]
    fn folders_of_one_account_in_an_organization_trail() {
        let account = "444455556666".parse().unwrap();
        let cases = [
            ("", Reach::All),
            ("AWSLogs", Reach::All),
            ("AWSLogs/o-1", Reach::All),
            ("AWSLogs/o", Reach::None),
            ("AWSLogs/o-1/444455556666/", Reach::All),
            ("AWSLogs/o-1/444455556666/CloudTrail/eu-west-1/", Reach::Some),
            ("AWSLogs/o-1/444455556666/CloudTrail-Digest/", Reach::None),
            ("AWSLogs/o-1/111122223333/", Reach::None),
            ("AWSLogs/444455556666/", Reach::None),
        ];
        for (folder, expected) in cases {
            assert_eq!(organization().reach_in_account(folder, account), expected, "{folder}");
        }
        let unknown = LogKeys::new(None, account, None, Some("o-1"));
        assert_eq!(unknown.reach_in_account("AWSLogs/", account), Reach::All);
        assert_eq!(unknown.reach_in_account("AWSLogs/o-1/", account), Reach::Undecided);
        assert_eq!(unknown.reach_in_account("other/", account), Reach::None);
    }

    #[test]
    fn what_is_not_known_is_not_decided() {
        let unknown = LogKeys::new(None, "111122223333".parse().unwrap(), Some(true), None);
        assert_eq!(unknown.reach_of("AWSLogs/o-2/"), Reach::Undecided);
        assert_eq!(unknown.reach_of("AWSLogs/"), Reach::All);
        assert_eq!(unknown.reach_of("elsewhere/"), Reach::None);
    }

    #[test]
    fn folders_of_an_accounts_trail() {
        assert_eq!(own(None).reach_in_folder("AWSLogs/111122223333/CloudTrail/", "CloudTrail/"), Reach::All);
        assert_eq!(own(None).reach_in_folder("AWSLogs/111122223333/CloudTrail/", "CloudTrail-Digest/"), Reach::None);
    }
}
