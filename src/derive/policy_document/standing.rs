//! Whether those whom a statement lets in belong to the organization.
//!
//! Source: IAM User Guide, "AWS global condition context keys". Keys that the caller cannot choose decide: who calls
//! (`aws:Principal…`, `kms:CallerAccount`) and for whom a service calls (`aws:Source…`). The network does not.

use std::collections::BTreeSet;

use super::condition::Condition;
use super::pattern::Pattern;
use super::principal::Principal;
use super::statement::Statement;
use crate::id::AccountId;

/// An organization, or the accounts that stand for one where there is none.
#[derive(Debug, Clone, Copy)]
pub struct Organization<'a> {
    /// Its id, where it is known.
    pub id: Option<&'a str>,
    /// The accounts that are known to be in it.
    pub accounts: &'a BTreeSet<AccountId>,
    /// Whether these are all of them.
    pub complete: bool,
}

/// Who counts as one's own.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The account that owns the resource, where it is known.
    pub owner: Option<AccountId>,
    /// The organization.
    pub organization: Organization<'a>,
    /// Accounts outside it that are trusted.
    pub trusted: &'a BTreeSet<AccountId>,
}

/// Where somebody stands. From the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// In the organization.
    Inside,
    /// In an account outside it that is trusted.
    Trusted,
    /// Not known.
    Undecided,
    /// Outside.
    Outside,
}

impl Scope<'_> {
    /// Where an account stands.
    pub fn account(&self, account: AccountId) -> Standing {
        if self.owner == Some(account) || self.organization.accounts.contains(&account) {
            Standing::Inside
        } else if self.trusted.contains(&account) {
            Standing::Trusted
        } else if self.organization.complete {
            Standing::Outside
        } else {
            Standing::Undecided
        }
    }

    fn organization(&self, id: &str) -> Standing {
        match self.organization.id {
            Some(own) if own == id => Standing::Inside,
            Some(_) => Standing::Outside,
            None => Standing::Undecided,
        }
    }

    /// Where a principal stands by itself; nothing, where its name does not say.
    pub fn principal(&self, principal: &Principal) -> Standing {
        match (principal, principal.account()) {
            (Principal::Everyone, _) => Standing::Outside,
            (_, Some(account)) => self.account(account),
            (_, None) => Standing::Undecided,
        }
    }

    /// Where the conditions of a statement leave those whom it lets in; nothing, where they do not bound them.
    pub fn bound(&self, statement: &Statement) -> Option<Standing> {
        // Every condition must hold, so each of them bounds: the best one counts.
        statement.conditions.iter().filter_map(|condition| self.bound_by(condition)).min()
    }

    /// The accounts that the conditions of a statement name and alone let through; nothing, where none of them does.
    pub fn accounts_of(&self, statement: &Statement) -> Option<BTreeSet<AccountId>> {
        let named = statement.conditions.iter().filter(|condition| condition.operator.is_strict()).filter_map(accounts);
        // Every condition must hold, so an account must be in all of them. That none is in all proves nothing here: who
        // calls and for whom a service calls are two things.
        named.reduce(|one, other| &one & &other).filter(|accounts| !accounts.is_empty())
    }

    /// The bound of one condition: that of its worst value.
    fn bound_by(&self, condition: &Condition) -> Option<Standing> {
        if !condition.operator.is_strict() {
            return None;
        }
        let values: Option<Vec<Standing>> =
            condition.values.iter().map(|value| self.bound_by_value(condition, value)).collect();
        values?.into_iter().max()
    }

    fn bound_by_value(&self, condition: &Condition, value: &str) -> Option<Standing> {
        let pattern = condition.operator.pattern(value);
        match condition.key.as_str() {
            "aws:principalorgid" | "aws:sourceorgid" => pattern.is_fixed().then(|| self.organization(value)),
            "aws:principalorgpaths" | "aws:sourceorgpaths" => {
                let id = value.split('/').next().filter(|id| Pattern::new(id).is_fixed())?;
                Some(self.organization(id))
            }
            "aws:principalaccount" | "aws:sourceaccount" | "aws:sourceowner" | "kms:calleraccount" => {
                Some(self.account(value.parse().ok()?))
            }
            "aws:principalarn" | "aws:sourcearn" => Some(self.account(account_of(value)?)),
            // Whose network, whose access point policy or whose session it is, is not in the policy.
            "aws:sourcevpc"
            | "aws:sourcevpce"
            | "aws:vpceaccount"
            | "aws:vpceorgid"
            | "aws:vpceorgpaths"
            | "s3:dataaccesspointarn"
            | "s3:dataaccesspointaccount"
            | "aws:userid" => (!pattern.covers(&Pattern::new("*"))).then_some(Standing::Undecided),
            _ => None,
        }
    }
}

/// The accounts that a condition names, where all of its values do.
fn accounts(condition: &Condition) -> Option<BTreeSet<AccountId>> {
    let account = |value: &String| match condition.key.as_str() {
        "aws:principalaccount" | "aws:sourceaccount" | "aws:sourceowner" | "kms:calleraccount" => value.parse().ok(),
        "aws:principalarn" | "aws:sourcearn" => account_of(value),
        _ => None,
    };
    condition.values.iter().map(account).collect()
}

/// The account of an ARN that may have wildcards elsewhere.
pub(in crate::derive) fn account_of(arn: &str) -> Option<AccountId> {
    let fields: Vec<&str> = arn.splitn(6, ':').collect();
    match fields.as_slice() {
        ["arn", _, service, _, account, _] if Pattern::new(service).is_fixed() => account.parse().ok(),
        _ => None,
    }
}
