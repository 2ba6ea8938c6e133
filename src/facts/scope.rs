//! The kinds of subjects that a rule may judge.

use std::fmt;
use std::str::FromStr;

/// What a rule judges one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The organization, once.
    Organization,
    /// Each selected account.
    Account,
    /// Each trail, once, however many accounts see it.
    Trail,
    /// Each bucket that a trail delivers to.
    LogBucket,
    /// Each KMS key that a trail names.
    Key,
    /// Each topic that a trail names.
    Topic,
    /// Each log group that a trail names.
    LogGroup,
    /// Each event data store of CloudTrail Lake.
    EventDataStore,
    /// Each bucket that a rule's parameters name.
    Bucket,
}

impl Scope {
    /// All scopes, in the order of reports.
    pub const ALL: [Self; 9] = [
        Self::Organization,
        Self::Account,
        Self::Trail,
        Self::LogBucket,
        Self::Key,
        Self::Topic,
        Self::LogGroup,
        Self::EventDataStore,
        Self::Bucket,
    ];

    /// The scope as policy files write it.
    ///
    /// ```
    /// use trailproof::facts::Scope;
    /// assert_eq!(Scope::LogBucket.name(), "log-bucket");
    /// assert_eq!("log-bucket".parse(), Ok(Scope::LogBucket));
    /// ```
    pub const fn name(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Account => "account",
            Self::Trail => "trail",
            Self::LogBucket => "log-bucket",
            Self::Key => "key",
            Self::Topic => "topic",
            Self::LogGroup => "log-group",
            Self::EventDataStore => "event-data-store",
            Self::Bucket => "bucket",
        }
    }

    /// The variable under which expressions find the subject.
    ///
    /// ```
    /// use trailproof::facts::Scope;
    /// assert_eq!(Scope::LogBucket.variable(), "bucket");
    /// ```
    pub const fn variable(self) -> &'static str {
        match self {
            Self::LogBucket => "bucket",
            Self::LogGroup => "log_group",
            Self::EventDataStore => "event_data_store",
            _ => self.name(),
        }
    }
}

impl Scope {
    /// What a rule of the scope judges, in words.
    ///
    /// ```
    /// use trailproof::facts::Scope;
    /// assert_eq!(Scope::LogBucket.subjects(), "each bucket that a trail delivers to");
    /// ```
    pub const fn subjects(self) -> &'static str {
        match self {
            Self::Organization => "the organization, once",
            Self::Account => "each selected account",
            Self::Trail => "each trail, once, however many accounts see it",
            Self::LogBucket => "each bucket that a trail delivers to",
            Self::Key => "each KMS key that encrypts what CloudTrail records",
            Self::Topic => "each topic that a trail names",
            Self::LogGroup => "each log group that a trail delivers to",
            Self::EventDataStore => "each event data store of CloudTrail Lake",
            Self::Bucket => "each bucket that the rule's parameters name",
        }
    }
}

/// Text that names no scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no scope")]
pub struct UnknownScope(String);

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        Self::ALL.into_iter().find(|scope| scope.name() == text).ok_or_else(|| UnknownScope(text.to_owned()))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
