//! What governs the accounts that hold logs: who may do what there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use futures_util::stream::{self, StreamExt};
use tokio::sync::mpsc::UnboundedSender;

use super::Scan;
use crate::collect::authorization;
use crate::collect::call::Call;
use crate::id::AccountId;
use crate::snapshot::{Account, Authorization, Bucket, Observed, Owner, Trail};

/// Where it is told which accounts hold logs, as soon as that is known: whose service control policies are to be read.
pub(super) struct Bound<'a> {
    /// Whom no service control policy binds; nobody is bound where there is no organization.
    pub(super) management: &'a OnceLock<AccountId>,
    pub(super) targets: UnboundedSender<String>,
}

impl Bound<'_> {
    /// Tells of an account: its policies are those of the roots and units above it, and its own.
    pub(super) fn tell(&self, account: &Account) {
        if self.management.get().is_some_and(|management| *management != account.id) {
            for target in account.ou_ids.iter().cloned().chain([account.id.to_string()]) {
                // Nobody listens where the policies are not needed.
                let _ = self.targets.send(target);
            }
        }
    }
}

/// Whether a trail logs, or may.
pub(super) fn may_log(trail: &Trail) -> bool {
    trail.status.as_ref().is_none_or(|read| read.value.is_logging != Some(false))
}

/// The accounts that own a trail that logs, or of which it is not known whether it logs, or a log bucket.
pub(in super::super) fn holders(trails: &[Trail], buckets: &[Bucket]) -> BTreeSet<AccountId> {
    let of_trails = trails.iter().filter(|trail| may_log(trail)).map(|trail| trail.arn.account());
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
