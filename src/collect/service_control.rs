//! Service control policies: which are attached along the paths of some accounts, and what they say.

use std::collections::BTreeSet;

use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::PolicyType;
use futures_util::future;
use futures_util::stream::{self, StreamExt};
use tokio::sync::mpsc::UnboundedReceiver;

use super::call::Call;
use super::ledger::{Ledger, Malformed, Unit};
use super::session::Session;
use crate::snapshot::{Observed, PolicyTarget, ServiceControl, ServiceControlPolicy};

/// Reads the policies of roots, organizational units and accounts as they are named, each once, with the caller's
/// credentials: their quotas let few questions through in a second, and most of a run goes on meanwhile.
pub(super) async fn read(session: &Session, mut named: UnboundedReceiver<String>, ledger: &Ledger) -> ServiceControl {
    let client = session.organizations(&session.first_region);
    let mut known = BTreeSet::new();
    let new = stream::poll_fn(|context| named.poll_recv(context)).filter(|id| future::ready(known.insert(id.clone())));
    let asked = new.map(|id| attached(&client, id, ledger)).buffer_unordered(AT_ONCE);
    let mut targets: Vec<PolicyTarget> = asked.filter_map(future::ready).collect().await;
    targets.sort_by(|a, b| a.id.cmp(&b.id));
    let ids: BTreeSet<String> = targets.iter().flat_map(|target| target.policies.value.iter().cloned()).collect();
    let asked = stream::iter(ids).map(|id| policy(&client, id, ledger)).buffered(AT_ONCE);
    let policies = asked.filter_map(future::ready).collect().await;
    ServiceControl { targets, policies }
}

/// At most this many questions at once: their quotas let few through in a second.
const AT_ONCE: usize = 4;

async fn attached(client: &Client, id: String, ledger: &Ledger) -> Option<PolicyTarget> {
    let unit = Unit::of(Call::ListPoliciesForTarget).resource(&id);
    let request = client.list_policies_for_target().target_id(&id).filter(PolicyType::ServiceControlPolicy);
    let pages = request.into_paginator().send();
    let pages = ledger.ask(&unit, super::page::all(ledger.most_pages, pages, |page| page.next_token())).await;
    let policies = ledger.read(&unit, pages, |pages| {
        let mut ids = BTreeSet::new();
        for page in pages.whole()? {
            for policy in page.policies.ok_or_else(|| Malformed::lacks("Policies"))? {
                ids.insert(policy.id.ok_or_else(|| Malformed::lacks("the id of a policy"))?);
            }
        }
        Ok(ids.into_iter().collect())
    })?;
    Some(PolicyTarget { id, policies })
}

async fn policy(client: &Client, id: String, ledger: &Ledger) -> Option<ServiceControlPolicy> {
    let unit = Unit::of(Call::DescribePolicy).resource(&id);
    let answer = ledger.ask(&unit, client.describe_policy().policy_id(&id).send()).await;
    let read = ledger.read(&unit, answer, |output| {
        let policy = output.policy.ok_or_else(|| Malformed::lacks("the policy"))?;
        let document = policy.content.filter(|text| !text.trim().is_empty());
        let name = policy.policy_summary.and_then(|summary| summary.name);
        Ok((name, document.ok_or_else(|| Malformed::lacks("the policy's content"))?))
    })?;
    let (name, document) = read.value;
    Some(ServiceControlPolicy { id, name, document: Observed::new(read.read_at, document) })
}
