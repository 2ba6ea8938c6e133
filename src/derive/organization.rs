//! What rules may say about the organization.

use super::subject::{Derivation, Subject, to_fact};
use crate::expr::{Gaps, Known, Listed, Shared};
use crate::facts::{self, Scope};

pub(super) fn subject(derivation: &mut Derivation<'_>) -> Subject {
    let Some(organization) = &derivation.snapshot.organization else { return unlisted(derivation) };
    // Every organization trail is seen by the management account, which owns it; only what that account could not be
    // asked can hide one.
    let unread = match derivation.snapshot.account(organization.management_account) {
        Some(_) => derivation.unseen(&[organization.management_account]),
        None => derivation
            .open
            .why(super::question::Question::of("cloudtrail:DescribeTrails").account(organization.management_account)),
    };
    let facts = facts::Organization {
        id: Some(organization.id.clone()),
        management_account: Some(organization.management_account),
        is_known: true,
        trails: Listed { found: organization_trails(derivation), unread },
    };
    Subject {
        scope: Scope::Organization,
        resource: Some(organization.arn.to_string()),
        account: Some(organization.management_account),
        region: None,
        related: Vec::new(),
        redundant: false,
        not_applicable: None,
        facts: to_fact(&facts),
    }
}

/// Trails that are, or may be, organization trails.
fn organization_trails(derivation: &Derivation<'_>) -> Vec<Shared<facts::Trail>> {
    derivation.trails.values().filter(|trail| trail.is_organization != Known::Is(false)).cloned().collect()
}

fn unlisted(derivation: &Derivation<'_>) -> Subject {
    let account = derivation.snapshot.caller.account;
    let facts = facts::Organization {
        id: None,
        management_account: None,
        is_known: false,
        trails: Listed { found: organization_trails(derivation), unread: Gaps::none() },
    };
    Subject {
        scope: Scope::Organization,
        resource: None,
        account: Some(account),
        region: None,
        related: Vec::new(),
        redundant: false,
        not_applicable: Some(format!("no organization was listed: only account {account} was scanned")),
        facts: to_fact(&facts),
    }
}
