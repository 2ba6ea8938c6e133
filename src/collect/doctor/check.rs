//! What a check found.

use serde::Serialize;

use crate::collect::{CollectError, NetworkError};

/// All that was found, in the order in which it was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// What each check found.
    pub checks: Vec<Check>,
}

impl Examined {
    /// What is found where the network cannot be used as the environment sets it: nobody is asked past it.
    pub fn without_network(error: &NetworkError) -> Self {
        let rest = [
            Matter::Endpoints,
            Matter::Clock,
            Matter::Credentials,
            Matter::Organization,
            Matter::Role,
            Matter::Regions,
        ];
        let unasked = rest.map(|matter| Check::not_done(matter, "nothing is sent before the network is set"));
        let wrong = Check::problem(Matter::Proxy, error.to_string(), Some(error.remedy()));
        Self { checks: [wrong].into_iter().chain(unasked).collect() }
    }

    /// Whether everything is as a scan needs it.
    pub fn is_well(&self) -> bool {
        self.checks.iter().all(|check| check.state == State::Ok)
    }
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What it is about.
    pub check: Matter,
    /// What was found.
    pub state: State,
    /// The same in words.
    pub message: String,
    /// What to do; nothing where all is well, or where nothing can be said.
    pub remedy: Option<String>,
}

/// What a check is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Matter {
    /// Proxies and certificate authorities.
    Proxy,
    /// The endpoints of services.
    Endpoints,
    /// The difference of clocks.
    Clock,
    /// Who asks.
    Credentials,
    /// The organization, and whether it can be listed.
    Organization,
    /// The accounts that are chosen.
    Selection,
    /// Whether the organization trusts CloudTrail.
    TrustedAccess,
    /// Who administers CloudTrail in the management account's stead.
    DelegatedAdministrator,
    /// The role by which accounts are entered.
    Role,
    /// The Regions that accounts have, and whether CloudTrail answers in each.
    Regions,
}

impl Matter {
    /// The matter in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proxy => "proxy",
            Self::Endpoints => "endpoints",
            Self::Clock => "clock",
            Self::Credentials => "credentials",
            Self::Organization => "organization",
            Self::Selection => "selection",
            Self::TrustedAccess => "trusted access",
            Self::DelegatedAdministrator => "delegated administrator",
            Self::Role => "role",
            Self::Regions => "Regions",
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It is as a scan needs it.
    Ok,
    /// A scan would not see everything.
    Problem,
    /// It could not be looked for: something else must be put right first.
    NotChecked,
}

impl Check {
    pub(super) fn ok(check: Matter, message: String) -> Self {
        Self { check, state: State::Ok, message, remedy: None }
    }

    pub(super) fn problem(check: Matter, message: String, remedy: Option<&str>) -> Self {
        Self { check, state: State::Problem, message, remedy: remedy.map(str::to_owned) }
    }

    pub(super) fn not_done(check: Matter, why: &str) -> Self {
        Self { check, state: State::NotChecked, message: why.to_owned(), remedy: None }
    }

    pub(super) fn of_error(check: Matter, error: &CollectError) -> Self {
        Self::problem(check, error.to_string(), error.remedy())
    }
}
