//! What governs the accounts that hold logs: who may do what there.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt};

use super::Scan;
use crate::collect::call::Call;
use crate::collect::{authorization, service_control};
use crate::id::AccountId;
use crate::snapshot::{Account, Authorization, Bucket, Observed, Owner, ServiceControl, Trail};

/// The accounts that own a trail that logs, or of which it is not known whether it logs, or a log bucket.
pub(in super::super) fn holders(trails: &[Trail], buckets: &[Bucket]) -> BTreeSet<AccountId> {
    let silent = |trail: &&Trail| trail.status.as_ref().is_some_and(|read| read.value.is_logging == Some(false));
    let of_trails = trails.iter().filter(|trail| !silent(trail)).map(|trail| trail.arn.account());
    let of_buckets = buckets.iter().filter_map(|bucket| match &bucket.owner {
        Some(Observed { value: Owner::Account(owner), .. }) => Some(*owner),
        _ => None,
    });
    of_trails.chain(of_buckets).collect()
}

impl Scan<'_> {
    /// The accounts that hold logs, and those that administer CloudTrail.
    pub(super) fn governed(&self, trails: &[Trail], buckets: &[Bucket]) -> BTreeSet<AccountId> {
        let mut accounts = holders(trails, buckets);
        let listed = self.organization.and_then(|organization| organization.delegated_administrators.as_ref());
        accounts.extend(listed.into_iter().flat_map(|listed| &listed.value).map(|one| one.account));
        accounts
    }

    /// The service control policies that bind these accounts: those of the management account bind nobody.
    pub(super) async fn service_control(
        &self,
        governed: &BTreeSet<AccountId>,
        everyone: &[Account],
    ) -> Option<ServiceControl> {
        let management = self.organization?.management_account;
        if !self.asks(Call::ListPoliciesForTarget) {
            return None;
        }
        let bound = everyone.iter().filter(|account| account.id != management && governed.contains(&account.id));
        let targets = bound.flat_map(|account| account.ou_ids.iter().cloned().chain([account.id.to_string()]));
        Some(service_control::read(self.sessions.caller(), targets.collect(), self.ledger).await)
    }

    /// Who may do what in these accounts, or in all, as far as they are scanned. Those that hold logs are read whatever
    /// shard they are of: another may not know of the trail or bucket that makes them do so.
    pub(super) async fn authorization(
        &self,
        governed: &BTreeSet<AccountId>,
        accounts: &[Account],
    ) -> BTreeMap<AccountId, Observed<Authorization>> {
        let all = self.asks(Call::GetAllAuthorizationDetails);
        if !all && !self.asks(Call::GetAuthorizationDetails) {
            return BTreeMap::new();
        }
        let wanted = |account: &&Account| {
            account.is_active() && (governed.contains(&account.id) || (all && self.visits(account.id)))
        };
        let wanted: Vec<AccountId> = accounts.iter().filter(wanted).map(|account| account.id).collect();
        let read = stream::iter(wanted).map(|account| async move {
            // That an account could not be entered was left as a gap when it was to be visited.
            let session = self.sessions.enter(account, self.ledger).await.ok()?;
            Some((account, authorization::read(&session, self.ledger).await?))
        });
        read.buffer_unordered(self.at_once()).filter_map(|read| async { read }).collect().await
    }
}
