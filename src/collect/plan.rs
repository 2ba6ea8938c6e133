//! Planned work: how many calls of which API a run will make, how long that takes, and what binds it.
//!
//! How often each call is made is in the [table of calls](Call::each); what there is to ask about is taken from an earlier
//! snapshot, or assumed.

mod inventory;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Settings;
use super::call::{CALLS, Call};
use crate::snapshot::{Plan, PlanBasis};

pub(super) use inventory::{Extent, Inventory};

/// How long an answer takes, in seconds: a request within a continent.
const LATENCY: f64 = 0.05;

/// At most this many Regions of one account are asked at once.
const REGIONS_AT_ONCE: f64 = super::account::REGIONS_AT_ONCE as f64;

/// The accounts that Organizations gives on a page (Organizations API Reference, ListAccountsForParent).
const ACCOUNTS_ON_A_PAGE: f64 = 20.0;

/// Calls a second that all accounts share.
///
/// Sources: IAM User Guide, "IAM and AWS STS quotas" (600 a second for an account and Region, of AssumeRole and
/// GetCallerIdentity together); Organizations User Guide, "Quotas and service limits", Throttling limits (per account). Of
/// ListTagsForResource the share is a guess.
const QUOTAS: [(&[Call], f64); 7] = [
    (&[Call::AssumeRole], 600.0),
    (&[Call::ListAccountsForParent, Call::ListOrganizationalUnitsForParent], 5.0),
    (&[Call::ListPoliciesForTarget], 5.0),
    (&[Call::DescribePolicy], 2.0),
    (&[Call::ListDelegatedAdministrators], 5.0),
    (&[Call::ListServiceAccess], 1.0),
    (&[Call::ListAccountTags], 5.0),
];

/// What a run holds in memory whatever it reads, and for each account, in bytes: measured, see docs/speed.md.
const MEMORY: (u64, u64) = (55_000_000, 9_500);

/// What is planned for what there is.
pub(super) fn plan(settings: &Settings, inventory: &Inventory, extent: &Extent<'_>) -> Plan {
    let needs = &settings.needs;
    let mut calls: BTreeMap<String, u64> = BTreeMap::new();
    let mut counted: BTreeMap<Call, u64> = BTreeMap::new();
    for declared in CALLS.iter().filter(|declared| needs.reads(declared.group)) {
        // Who may do what is asked once, whether of some accounts or of all.
        if declared.call == Call::GetAuthorizationDetails && needs.asks(Call::GetAllAuthorizationDetails) {
            continue;
        }
        let count = match declared.call {
            Call::DescribeTrails if needs.asks(Call::ListTrails) => inventory.homes(),
            call => inventory.count(call),
        };
        if count > 0 {
            *calls.entry(declared.operation.to_owned()).or_default() += count;
            counted.insert(declared.call, count);
        }
    }
    let total = calls.values().sum();
    let (seconds, bound_by) = time(settings, inventory, extent, total, &counted);
    Plan {
        basis: if settings.like.is_some() { PlanBasis::Snapshot } else { PlanBasis::Assumed },
        accounts: extent.visited.len() as u64,
        regions: inventory.most_regions,
        calls,
        total,
        seconds,
        bound_by,
        bytes: MEMORY.0 + MEMORY.1 * extent.visited.len() as u64,
    }
}

/// The longest of what a run must wait for, in seconds, and what that is: the accounts of a unit are listed one page after
/// the other, and visited side by side as they are listed, or after that where the selection names some.
fn time(
    settings: &Settings,
    inventory: &Inventory,
    extent: &Extent<'_>,
    total: u64,
    counted: &BTreeMap<Call, u64>,
) -> (u64, String) {
    let units = inventory.count(Call::ListAccountsForParent) as f64;
    let pages = if units > 0.0 { 2.0 * units + extent.everyone as f64 / ACCOUNTS_ON_A_PAGE } else { 0.0 };
    let in_each_region = |call| f64::from(u8::from(settings.needs.asks(call)));
    let sweeps = in_each_region(Call::ListEventDataStores) + 1.0 - in_each_region(Call::ListTrails);
    let chain = LATENCY * (2.0 + sweeps * (inventory.most_regions as f64 / REGIONS_AT_ONCE).ceil() + 12.0);
    let wide = settings.accounts_at_once.max(1) as f64 * REGIONS_AT_ONCE;
    let at_once = settings.pace.max_requests.map_or(wide, |most| wide.min(most as f64));
    let listing = pages * LATENCY / units.clamp(1.0, super::organization::UNITS_AT_ONCE as f64);
    let before = if settings.selection.names_accounts() { listing } else { 0.0 };
    let mut waits = vec![
        (listing + chain, "the listing of accounts, page by page, and the longest account".to_owned()),
        (before + total as f64 * LATENCY / at_once, format!("{at_once} requests at once")),
    ];
    if let Some(rps) = settings.pace.max_rps {
        waits.push((total as f64 / f64::from(rps), format!("--max-rps {rps}")));
    }
    for (calls, rate) in QUOTAS {
        let names: Vec<&str> = calls.iter().map(|call| call.operation()).collect();
        let made = match calls {
            [Call::ListAccountsForParent, ..] => pages,
            calls => calls.iter().filter_map(|call| counted.get(call)).sum::<u64>() as f64,
        };
        waits.push((made / rate, format!("the quota of {}, {rate} a second", names.join(" and "))));
    }
    let longest = waits.into_iter().max_by(|a, b| a.0.total_cmp(&b.0));
    let (seconds, what) = longest.unwrap_or((0.0, String::new()));
    (seconds.ceil() as u64, what)
}

impl Settings {
    /// The earlier snapshot that says what there is.
    pub(super) fn like(&self) -> Option<&Arc<crate::snapshot::Snapshot>> {
        self.like.as_ref()
    }
}
