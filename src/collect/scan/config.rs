//! AWS Config, account by account: where it is asked depends on the trails.

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt};

use super::Scan;
use crate::collect::call::Call;
use crate::collect::config::read;
use crate::collect::needs::Needs;
use crate::id::{AccountId, Partition, RegionName};
use crate::snapshot::{Account, ConfigRegion, Homes, Trail};

impl Scan<'_> {
    /// AWS Config of every account that was entered, in the Regions that are asked for.
    pub(super) async fn config(
        &self,
        accounts: &[Account],
        trails: &[Trail],
    ) -> BTreeMap<AccountId, BTreeMap<RegionName, ConfigRegion>> {
        if !self.asks(Call::DescribeConfigurationRecorders) {
            return BTreeMap::new();
        }
        let (only, needs) = (&self.settings.selection.regions, &self.settings.needs);
        let homes = Homes::of(trails);
        let of = |account| config_regions(account, &homes, self.partition, only, needs);
        let all = accounts.iter().map(|account| (account.id, of(account)));
        // One without Regions is closed, or could not be entered: it is not entered for this.
        let asked: Vec<(AccountId, Vec<RegionName>)> = all.filter(|(_, regions)| !regions.is_empty()).collect();
        stream::iter(asked)
            .map(|(account, regions)| async move {
                match self.sessions.enter(account, self.ledger).await {
                    Ok(session) => (account, read(&session, regions, self.ledger).await),
                    Err(_) => (account, BTreeMap::new()),
                }
            })
            .buffer_unordered(self.at_once())
            .collect()
            .await
    }
}

/// The Regions of an account in which AWS Config is asked; none of one that did not say which it has.
///
/// `only` are the Regions that are scanned; empty, all.
pub(in super::super) fn config_regions(
    account: &Account,
    homes: &Homes<'_>,
    partition: &Partition,
    only: &[RegionName],
    needs: &Needs,
) -> Vec<RegionName> {
    let Some(regions) = &account.regions else { return Vec::new() };
    let home = homes.of_account(account, partition);
    let enabled = regions.value.enabled().into_iter().cloned();
    let selected = enabled.filter(|region| only.is_empty() || only.contains(region));
    selected.filter(|region| needs.config_regions().mean(region, home.contains(region))).collect()
}
