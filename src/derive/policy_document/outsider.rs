//! Those whom a policy lets in and who are not known to belong to the organization.

use std::collections::BTreeSet;

use super::answer::{Answer, Doubt, Reason, Source};
use super::grant::{Grant, Grantee};
use super::standing::{Scope, Standing};
use crate::id::AccountId;

/// Somebody who is let in, and who is outside the organization or may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outsider {
    /// By which statement, and to do what.
    pub reason: Reason,
    /// The account, where the statement names one: as its principal, or as the only one that its conditions let through.
    pub account: Option<AccountId>,
    /// Whether it is an AWS service.
    pub is_service: bool,
    /// What it may do.
    pub actions: Vec<&'static str>,
    /// Why it is not known whether it is outside; empty where it surely is.
    pub doubts: Vec<Doubt>,
}

impl Grant<'_> {
    /// Those of this grant who are outside, or may be; nobody, where no condition bounds a service.
    pub fn outsiders(&self, scope: &Scope<'_>) -> Vec<Outsider> {
        let Some(worst @ (Standing::Outside | Standing::Undecided)) = self.standing else { return Vec::new() };
        let named = match &self.grantee {
            Grantee::Principal(principal) => principal.account().map(|account| BTreeSet::from([account])),
            Grantee::Everyone | Grantee::AllBut | Grantee::Service(_) => scope.accounts_of(self.statement),
        };
        let Some(accounts) = named else { return vec![self.outsider(None, worst, scope)] };
        let each = accounts.into_iter().map(|account| (account, scope.account(account)));
        let strange = each.filter(|(_, standing)| *standing >= Standing::Undecided);
        strange.map(|(account, standing)| self.outsider(Some(account), standing, scope)).collect()
    }

    /// A service that acts for whoever tells it to.
    pub fn of_whomever(&self) -> Outsider {
        Outsider { doubts: Vec::new(), account: None, ..self.outsider_of(None) }
    }

    fn outsider(&self, account: Option<AccountId>, standing: Standing, scope: &Scope<'_>) -> Outsider {
        let mut outsider = self.outsider_of(account);
        if standing == Standing::Undecided {
            let mut reason = outsider.reason.clone();
            reason.text.push_str(", and the policy does not say whether that is inside the organization");
            outsider.doubts.push(Doubt::Undecided(reason));
            if scope.organization.id.is_none() || !scope.organization.complete {
                outsider.doubts.push(Doubt::NotRead(Source::Organization));
            }
        }
        outsider
    }

    fn outsider_of(&self, account: Option<AccountId>) -> Outsider {
        let is_service = matches!(self.grantee, Grantee::Service(_));
        Outsider { reason: self.reason(), account, is_service, actions: self.actions.clone(), doubts: Vec::new() }
    }
}

impl Outsider {
    /// Whether anybody outside is let in, by these and by what hides others.
    pub fn any(outsiders: &[Self], hidden: &[Doubt], otherwise: &str) -> Answer {
        let (sure, unsure): (Vec<&Self>, Vec<&Self>) =
            outsiders.iter().partition(|outsider| outsider.doubts.is_empty());
        let proven = sure.iter().map(|outsider| outsider.reason.clone()).collect();
        let doubts = unsure.iter().flat_map(|outsider| &outsider.doubts).chain(hidden).cloned().collect();
        Answer::any(proven, doubts, || vec![Reason::whole(otherwise)])
    }
}

#[cfg(test)]
mod tests;
