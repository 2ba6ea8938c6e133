//! Who there is in an account and which policies they have, from its IAM.

use std::collections::BTreeSet;

use aws_sdk_iam::operation::get_account_authorization_details::GetAccountAuthorizationDetailsOutput as Page;
use aws_sdk_iam::types;

use super::call::Call;
use super::ledger::{Ledger, Malformed, Unit};
use super::log_role::{document, named};
use super::session::Session;
use crate::id::{AccountId, Arn};
use crate::snapshot::{Authorization, Identity, InlinePolicy, ManagedPolicy, Observed};

/// The call about an account.
fn unit<'a>(account: AccountId) -> Unit<'a> {
    Unit::of(Call::GetAuthorizationDetails).account(account)
}

/// Everybody in the account of a session, and all of their policies: all of it or nothing.
pub(super) async fn read(session: &Session, ledger: &Ledger) -> Option<Observed<Authorization>> {
    let unit = unit(session.account);
    let client = session.iam(&session.first_region);
    let request = client.get_account_authorization_details().into_paginator();
    let pages = ledger.ask(&unit, super::page::all(ledger.most_pages, request.send(), |page| page.marker())).await;
    ledger.read(&unit, pages, |pages| {
        let mut found = Authorization::default();
        for page in pages.whole()? {
            if page.is_truncated && page.marker.is_none() {
                return Err(Malformed::lacks("the marker of more"));
            }
            add(&mut found, page)?;
        }
        keep_what_is_used(&mut found);
        Ok(found)
    })
}

fn add(found: &mut Authorization, page: Page) -> Result<(), Malformed> {
    let lists = (page.user_detail_list, page.group_detail_list, page.role_detail_list, page.policies);
    let (Some(users), Some(groups), Some(roles), Some(policies)) = lists else {
        return Err(Malformed::lacks("one of its four lists"));
    };
    for user in users {
        let boundary = boundary(user.permissions_boundary)?;
        let mut groups = user.group_list.ok_or_else(|| Malformed::lacks("the groups of a user"))?;
        groups.sort();
        // The one list that IAM leaves out where it would be empty: of a user without policies of its own.
        let inline = Some(user.user_policy_list.unwrap_or_default());
        let user = identity(user.arn, inline, user.attached_managed_policies)?;
        found.users.push(Identity { boundary, groups, ..user });
    }
    for group in groups {
        found.groups.push(identity(group.arn, group.group_policy_list, group.attached_managed_policies)?);
    }
    for role in roles {
        let boundary = boundary(role.permissions_boundary)?;
        let role = identity(role.arn, role.role_policy_list, role.attached_managed_policies)?;
        found.roles.push(Identity { boundary, ..role });
    }
    for policy in policies {
        found.policies.push(managed(policy)?);
    }
    Ok(())
}

fn identity(
    arn: Option<String>,
    inline: Option<Vec<types::PolicyDetail>>,
    attached: Option<Vec<types::AttachedPolicy>>,
) -> Result<Identity, Malformed> {
    let arn =
        arn.and_then(|arn| arn.parse().ok()).ok_or_else(|| Malformed::lacks("the ARN of a user, group or role"))?;
    let mut policies = Vec::new();
    for policy in inline.ok_or_else(|| Malformed::lacks("the inline policies of a group or role"))? {
        let name = policy.policy_name.ok_or_else(|| Malformed::lacks("the name of a policy"))?;
        let text = policy.policy_document.ok_or_else(|| Malformed::lacks("the text of a policy"))?;
        policies.push(InlinePolicy { name, document: document(&text)? });
    }
    policies.sort();
    let attached = attached.ok_or_else(|| Malformed::lacks("the attached policies of a user, group or role"))?;
    let attached: BTreeSet<Arn> =
        attached.into_iter().map(|policy| named(policy.policy_arn)).collect::<Result<_, _>>()?;
    let attached = attached.into_iter().collect();
    Ok(Identity { arn, inline: policies, attached, boundary: None, groups: Vec::new() })
}

fn boundary(given: Option<types::AttachedPermissionsBoundary>) -> Result<Option<Arn>, Malformed> {
    given.map(|boundary| named(boundary.permissions_boundary_arn)).transpose()
}

/// A managed policy in its default version.
fn managed(policy: types::ManagedPolicyDetail) -> Result<ManagedPolicy, Malformed> {
    let versions = policy.policy_version_list.unwrap_or_default();
    let default = policy.default_version_id;
    let version = versions.into_iter().find(|version| match &default {
        Some(id) => version.version_id.as_ref() == Some(id),
        None => version.is_default_version,
    });
    let text = version.and_then(|version| version.document);
    let text = text.ok_or_else(|| Malformed::lacks("the default version of a policy"))?;
    Ok(ManagedPolicy { arn: named(policy.arn)?, document: document(&text)? })
}

/// Leaves AWS's policies out that nobody has, and puts everything in order.
fn keep_what_is_used(found: &mut Authorization) {
    let everybody = [&found.users, &found.groups, &found.roles].into_iter().flatten();
    let used: BTreeSet<Arn> =
        everybody.flat_map(|identity| identity.attached.iter().chain(&identity.boundary)).cloned().collect();
    found.policies.retain(|policy| !policy.is_aws() || used.contains(&policy.arn));
    found.policies.sort();
    for list in [&mut found.users, &mut found.groups, &mut found.roles] {
        list.sort();
    }
}
