//! One role by which a trail writes to its log group: who may assume it and what it may do, from its account.

use std::collections::BTreeSet;

use aws_sdk_iam::Client;

use super::call::Call;
use super::ledger::{Answer, Ledger, Malformed, Unit};
use super::needs::Needs;
use super::session::Session;
use crate::id::Arn;
use crate::snapshot::{Cause, Existence, Gap, InlinePolicy, LogRole, ManagedPolicy, Observed, RoleDescription};

/// How IAM says that something is not there.
///
/// Source: IAM API Reference, GetRole, "Errors".
const MISSING: &str = "NoSuchEntity";

/// A role of which nothing is known yet.
pub(super) fn unread(arn: Arn) -> LogRole {
    LogRole { arn, description: None, inline: None, attached: None, boundary: None }
}

/// Whether anything is to be asked about such roles.
pub(super) fn is_needed(needs: &Needs) -> bool {
    needs.asks(Call::GetRole)
}

/// Leaves a gap for what the account could have said of a role.
pub(super) fn unit(role: &LogRole) -> Unit<'_> {
    let unit = Unit::of(Call::GetRole).resource(role.arn.as_str());
    role.arn.account().map_or(unit, |owner| unit.account(owner))
}

/// Reads a role with the credentials of its account.
pub(super) async fn read(session: &Session, role: &mut LogRole, ledger: &Ledger) {
    let arn = role.arn.to_string();
    let name = match arn.rsplit_once('/') {
        Some((before, name)) if before.contains(":role") && !name.is_empty() => name,
        _ => {
            let message = "the trail names its role by an ARN of something else".to_owned();
            return ledger.not_asked(&unit(role), Cause::MalformedAnswer, &message);
        }
    };
    let one = One { client: session.iam(&session.first_region), session, arn: &arn, name, ledger };
    role.description = one.describe().await;
    let Some(description) = role.description.as_ref().map(|read| &read.value) else { return };
    if description.existence == Existence::Missing {
        return;
    }
    let boundary = description.boundary.clone();
    role.inline = one.inline().await;
    role.attached = one.attached().await;
    if let Some(boundary) = boundary {
        role.boundary = one.managed(&boundary).await;
    }
}

struct One<'a> {
    client: Client,
    session: &'a Session,
    arn: &'a str,
    name: &'a str,
    ledger: &'a Ledger,
}

impl One<'_> {
    fn unit(&self, call: Call) -> Unit<'_> {
        Unit::of(call).account(self.session.account).resource(self.arn)
    }

    async fn describe(&self) -> Option<Observed<RoleDescription>> {
        let unit = self.unit(Call::GetRole);
        let answer = self.ledger.ask(&unit, self.client.get_role().role_name(self.name).send()).await;
        if let Answer::Refused(at, refusal) = &answer
            && refusal.is(&[MISSING])
        {
            self.ledger.answered(&unit);
            let missing = RoleDescription { existence: Existence::Missing, trust: None, boundary: None };
            return Some(Observed::new(*at, missing));
        }
        self.ledger.read(&unit, answer, |output| {
            let role = output.role.ok_or_else(|| Malformed::lacks("the role"))?;
            if role.arn != self.arn {
                // Names are unique whatever the path: the role that is there now is another than the trail names.
                return Ok(RoleDescription { existence: Existence::Missing, trust: None, boundary: None });
            }
            let trust = role.assume_role_policy_document.ok_or_else(|| Malformed::lacks("the trust policy"))?;
            let boundary = role.permissions_boundary.map(|boundary| named(boundary.permissions_boundary_arn));
            Ok(RoleDescription {
                existence: Existence::Present,
                trust: Some(document(&trust)?),
                boundary: boundary.transpose()?,
            })
        })
    }

    /// The policies that stand in the role; all of them or none.
    async fn inline(&self) -> Option<Observed<Vec<InlinePolicy>>> {
        let unit = self.unit(Call::ListRolePolicies);
        let held = super::raw::Held::new("PolicyNames");
        let ask = async |marker| {
            let request = self.client.list_role_policies().role_name(self.name).set_marker(marker);
            request.customize().interceptor(held.clone()).send().await
        };
        let pages = super::page::by_token(self.ledger.most_pages, ask, |page| page.marker());
        let pages = self.ledger.ask(&unit, pages).await;
        let names = self.ledger.read(&unit, pages, |pages| {
            let pages = pages.whole()?;
            // The SDK's list is empty where the answer holds none.
            if !held.was_held() || pages.last().is_some_and(|page| page.is_truncated && page.marker.is_none()) {
                return Err(Malformed::lacks("PolicyNames, or the marker of more of them"));
            }
            Ok(pages.into_iter().flat_map(|page| page.policy_names).collect::<BTreeSet<String>>())
        })?;
        let mut policies = Vec::new();
        for name in names.value {
            let unit = self.unit(Call::GetRolePolicy);
            let request = self.client.get_role_policy().role_name(self.name).policy_name(&name);
            let answer = self.ledger.ask(&unit, request.send()).await;
            let read = self.ledger.read(&unit, answer, |output| document(&output.policy_document))?;
            policies.push(InlinePolicy { name, document: read.value });
        }
        Some(Observed::new(names.read_at, policies))
    }

    /// The policies that are attached to the role; all of them or none.
    async fn attached(&self) -> Option<Observed<Vec<ManagedPolicy>>> {
        let unit = self.unit(Call::ListAttachedRolePolicies);
        let request = self.client.list_attached_role_policies().role_name(self.name).into_paginator();
        let pages = self
            .ledger
            .ask(&unit, super::page::all(self.ledger.most_pages, request.send(), |page| page.marker()))
            .await;
        let arns = self.ledger.read(&unit, pages, |pages| {
            let mut arns = BTreeSet::new();
            for page in pages.whole()? {
                if page.is_truncated && page.marker.is_none() {
                    return Err(Malformed::lacks("the marker of more policies"));
                }
                for policy in page.attached_policies.ok_or_else(|| Malformed::lacks("AttachedPolicies"))? {
                    arns.insert(named(policy.policy_arn)?);
                }
            }
            Ok(arns)
        })?;
        let mut policies = Vec::new();
        for arn in arns.value {
            policies.push(self.managed(&arn).await?.value);
        }
        Some(Observed::new(arns.read_at, policies))
    }

    /// A managed policy, in its default version; several roles may have it.
    async fn managed(&self, arn: &Arn) -> Option<Observed<ManagedPolicy>> {
        let read = self.ledger.policies.ask(self.session.account, arn.to_string(), self.read_managed(arn)).await;
        // The gap is of the role, whichever asked first.
        read.map_err(|gap| self.ledger.leave(Gap { resource: Some(self.arn.to_owned()), ..*gap })).ok()
    }

    async fn read_managed(&self, arn: &Arn) -> Result<Observed<ManagedPolicy>, Box<Gap>> {
        let unit = self.unit(Call::GetPolicy);
        let answer = self.ledger.ask(&unit, self.client.get_policy().policy_arn(arn.as_str()).send()).await;
        let version = self.ledger.read_or_gap(&unit, answer, |output| {
            let version = output.policy.and_then(|policy| policy.default_version_id);
            version.ok_or_else(|| Malformed::lacks("DefaultVersionId"))
        })?;
        let unit = self.unit(Call::GetPolicyVersion);
        let request = self.client.get_policy_version().policy_arn(arn.as_str()).version_id(&version.value);
        let answer = self.ledger.ask(&unit, request.send()).await;
        self.ledger.read_or_gap(&unit, answer, |output| {
            let text = output.policy_version.and_then(|version| version.document);
            let text = text.ok_or_else(|| Malformed::lacks("the document"))?;
            Ok(ManagedPolicy { arn: arn.clone(), document: document(&text)? })
        })
    }
}

/// The ARN of a policy.
pub(super) fn named(arn: Option<String>) -> Result<Arn, Malformed> {
    arn.and_then(|arn| arn.parse().ok()).ok_or_else(|| Malformed::lacks("the ARN of a policy"))
}

/// The text of a document, which IAM gives percent-encoded.
///
/// Source: IAM API Reference, GetRolePolicy: "URL-encoded compliant with RFC 3986".
pub(super) fn document(encoded: &str) -> Result<String, Malformed> {
    let text = percent_encoding::percent_decode_str(encoded).decode_utf8();
    match text {
        Ok(text) if !text.trim().is_empty() => Ok(text.into_owned()),
        _ => Err(Malformed::lacks("the text of a policy")),
    }
}
