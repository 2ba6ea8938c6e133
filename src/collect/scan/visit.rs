//! The accounts: what each is asked for itself.

use std::sync::atomic::Ordering;

use futures_util::stream::{self, StreamExt};

use super::Scan;
use crate::collect::account::{Description, default_regions, regions, sweep};
use crate::collect::call::Call;
use crate::collect::data_bucket;
use crate::id::RegionName;
use crate::snapshot::{Account, DataBucket};

/// An account, with what was found in it.
struct Visited {
    account: Account,
    descriptions: Vec<Description>,
    buckets: Vec<DataBucket>,
}

impl Visited {
    fn nothing_of(account: Account) -> Self {
        Self { account, descriptions: Vec::new(), buckets: Vec::new() }
    }
}

impl Scan<'_> {
    /// Every chosen account: its Regions, which trails it sees, and those of its buckets that are looked for.
    pub(super) async fn accounts(&self, chosen: Vec<Account>) -> (Vec<Account>, Vec<Description>, Vec<DataBucket>) {
        self.progress.accounts.store(self.chosen.len() as u64, Ordering::Relaxed);
        let results: Vec<Visited> = stream::iter(chosen)
            .map(|account| async move {
                if !account.is_active() {
                    return Visited::nothing_of(account);
                }
                let id = account.id;
                let done = self.account(account).await;
                self.progress.accounts_done.fetch_add(1, Ordering::Relaxed);
                tracing::info!(account = %id, "read");
                done
            })
            .buffer_unordered(self.at_once())
            .collect()
            .await;
        let (mut accounts, mut descriptions, mut buckets) = (Vec::new(), Vec::new(), Vec::new());
        for visited in results {
            accounts.push(visited.account);
            descriptions.extend(visited.descriptions);
            buckets.extend(visited.buckets);
        }
        (accounts, descriptions, buckets)
    }

    async fn account(&self, account: Account) -> Visited {
        let mut visited = Visited::nothing_of(account);
        let account = &mut visited.account;
        let Ok(session) = self.sessions.enter(account.id, self.ledger).await else { return visited };
        account.regions = regions(&session, self.ledger).await;
        let enabled: Vec<RegionName> = match &account.regions {
            Some(regions) => regions.value.enabled().into_iter().cloned().collect(),
            None => default_regions(self.partition),
        };
        let only = &self.settings.selection.regions;
        let swept: Vec<RegionName> =
            enabled.into_iter().filter(|region| only.is_empty() || only.contains(region)).collect();
        (account.sightings, visited.descriptions) = sweep(&session, &swept, self.ledger).await;
        if self.asks(Call::ListAllBuckets) {
            let found = data_bucket::find(&session, self.settings.needs.buckets(), only, self.ledger).await;
            if let Some((listing, buckets)) = found {
                account.buckets = Some(listing);
                visited.buckets = buckets;
            }
        }
        visited
    }
}
