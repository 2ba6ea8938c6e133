//! Whom a statement is about.
//!
//! Source: IAM User Guide, "AWS JSON policy elements: Principal" and "NotPrincipal".

use super::Unreadable;
use super::json::{self, Json};
use super::pattern::Pattern;
use crate::id::AccountId;

/// The kind of a principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An account, a user, a role or a session.
    Aws,
    /// An AWS service.
    Service,
    /// Somebody that an identity provider vouches for.
    Federated,
    /// An account by its canonical id, or an access identity.
    CanonicalUser,
}

/// One principal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Principal {
    /// `*`, or `{"AWS": "*"}`, which means the same.
    Everyone,
    /// A principal that is named.
    Named(Kind, String),
}

impl Principal {
    /// An AWS service, by its name.
    pub fn service(name: &str) -> Self {
        Self::Named(Kind::Service, name.to_owned())
    }

    /// The account of an account, user, role or session, where it is written as one.
    pub fn account(&self) -> Option<AccountId> {
        let Self::Named(Kind::Aws | Kind::Federated, text) = self else { return None };
        if let Ok(account) = text.parse() {
            return Some(account);
        }
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        match fields.as_slice() {
            ["arn", _, "iam" | "sts", _, account, _] => account.parse().ok(),
            _ => None,
        }
    }

    /// Whether it stands for a whole account.
    pub fn is_account(&self) -> bool {
        let Self::Named(Kind::Aws, text) = self else { return false };
        self.account().is_some() && (!text.contains(':') || text.ends_with(":root"))
    }

    /// Whether it is what AWS leaves of a user or role that was deleted: its unique id. It stands for nobody.
    ///
    /// Source: IAM User Guide, "AWS JSON policy elements: Principal": the ARN is changed into the id when the role is
    /// deleted, and AWS refuses to store such an id otherwise.
    pub fn is_deleted(&self) -> bool {
        let Self::Named(Kind::Aws, text) = self else { return false };
        let id = text.strip_prefix("AIDA").or_else(|| text.strip_prefix("AROA"));
        id.is_some_and(|id| id.len() >= 8 && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()))
    }

    /// Whether it contains a wildcard or a policy variable.
    pub fn is_fixed(&self) -> bool {
        match self {
            Self::Everyone => false,
            Self::Named(_, text) => Pattern::new(text).is_fixed(),
        }
    }
}

impl std::fmt::Display for Principal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Everyone => f.write_str("*"),
            Self::Named(Kind::CanonicalUser, text) => write!(f, "canonical user {}", json::brief(text)),
            Self::Named(_, text) => f.write_str(&json::brief(text)),
        }
    }
}

/// The principals of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principals {
    /// These.
    Are(Vec<Principal>),
    /// Everybody but these.
    AllBut(Vec<Principal>),
}

impl Principals {
    pub(super) fn read(elements: &[(String, Json)]) -> Result<Self, Unreadable> {
        match (json::get(elements, "Principal"), json::get(elements, "NotPrincipal")) {
            (Some(json), None) => Ok(Self::Are(named(json, "Principal")?)),
            (None, Some(json)) => Ok(Self::AllBut(named(json, "NotPrincipal")?)),
            (None, None) => Unreadable::because("it names no Principal"),
            (Some(_), Some(_)) => Unreadable::because("it has both Principal and NotPrincipal"),
        }
    }
}

fn named(json: &Json, what: &str) -> Result<Vec<Principal>, Unreadable> {
    let kinds = match json {
        Json::Text(text) if text == "*" => return Ok(vec![Principal::Everyone]),
        Json::Object(kinds) if !kinds.is_empty() => kinds,
        _ => return Unreadable::because(format!("its {what} is neither `*` nor an object of principals")),
    };
    json::no_duplicates(kinds)?;
    let mut principals = Vec::new();
    for (name, values) in kinds {
        let kind = match name.as_str() {
            "AWS" => Kind::Aws,
            "Service" => Kind::Service,
            "Federated" => Kind::Federated,
            "CanonicalUser" => Kind::CanonicalUser,
            _ => {
                return Unreadable::because(format!(
                    "its {what} has a kind that is not known: `{}`",
                    json::brief(name)
                ));
            }
        };
        principals.extend(values.texts(&format!("{what} {name}"))?.into_iter().map(|text| {
            match (kind, text.as_str()) {
                (Kind::Aws, "*") => Principal::Everyone,
                _ => Principal::Named(kind, text),
            }
        }));
    }
    Ok(principals)
}
