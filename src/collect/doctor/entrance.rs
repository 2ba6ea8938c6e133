//! Whether accounts can be entered, which Regions they have, and whether CloudTrail answers there.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::stream::{self, StreamExt};

use super::check::{Check, Matter};
use crate::collect::Settings;
use crate::collect::account::{REGIONS_AT_ONCE, describe, regions};
use crate::collect::ledger::{Closed, Ledger};
use crate::collect::scan::{Beginning, Listing};
use crate::id::{AccountId, RegionName};
use crate::snapshot::{Account, Cause, Gap};

/// At most this many accounts are asked at once.
const AT_ONCE: usize = 16;

/// So many accounts are named for one cause.
const NAMED: usize = 5;

/// What an account said.
struct Seen<'a> {
    account: &'a Account,
    entered: Result<(), (Cause, String)>,
    regions: Option<BTreeSet<RegionName>>,
    gaps: Vec<Gap>,
}

/// Enters a sample of the accounts, or all of them.
pub(super) async fn examine(
    beginning: &Beginning,
    listing: &Listing,
    settings: &Settings,
    sample: Option<usize>,
) -> Vec<Check> {
    let mut active = listing.visited(settings);
    active.sort_by_key(|account| account.id);
    let chosen = sampled(&active, sample, &settings.selection.log_archives);
    let seen: Vec<Seen<'_>> =
        stream::iter(chosen).map(|account| see(beginning, settings, account)).buffered(AT_ONCE).collect().await;
    let mut checks = Vec::new();
    if settings.is_of_organization() {
        checks.extend(role(&seen, settings, beginning.caller.account, active.len()));
    }
    checks.extend(of_regions(&seen));
    checks
}

/// Some of the accounts, evenly spread over their ids, the first and the last among them, and those that own the logs.
fn sampled<'a>(active: &[&'a Account], sample: Option<usize>, log_archives: &[AccountId]) -> Vec<&'a Account> {
    let count = sample.unwrap_or(active.len()).min(active.len());
    let last = active.len().saturating_sub(1);
    let places: BTreeSet<usize> = match count {
        0 => BTreeSet::new(),
        1 => [0].into(),
        many => (0..many).map(|number| number * last / (many - 1)).collect(),
    };
    let is_taken = |(place, account): &(usize, &&Account)| places.contains(place) || log_archives.contains(&account.id);
    active.iter().enumerate().filter(is_taken).map(|(_, account)| *account).collect()
}

async fn see<'a>(beginning: &Beginning, settings: &Settings, account: &'a Account) -> Seen<'a> {
    let ledger = Ledger::new(settings.patience);
    let session = match beginning.sessions.enter(account.id, &ledger).await {
        Ok(session) => session,
        Err(refused) => return Seen { account, entered: Err(refused), regions: None, gaps: Vec::new() },
    };
    let found = regions(&session, &ledger).await.map(|read| read.value);
    let enabled: Option<BTreeSet<RegionName>> = found.map(|regions| regions.enabled().into_iter().cloned().collect());
    let only = &settings.selection.regions;
    let swept = enabled.iter().flatten().filter(|region| only.is_empty() || only.contains(region)).cloned();
    let (sweep, id, asks) = (&session.sweep(), session.account, &ledger);
    let asked = stream::iter(swept).map(|region| async move { describe(sweep, id, &region, None, asks).await });
    asked.buffer_unordered(REGIONS_AT_ONCE).collect::<Vec<_>>().await;
    let Closed { gaps, .. } = ledger.close();
    Seen { account, entered: Ok(()), regions: enabled, gaps }
}

fn role(seen: &[Seen<'_>], settings: &Settings, caller: AccountId, all: usize) -> Vec<Check> {
    let name = settings.entrance.as_ref().map_or("", |entrance| entrance.role_name.as_str());
    let members: Vec<&Seen<'_>> = seen.iter().filter(|seen| seen.account.id != caller).collect();
    let mut refused: BTreeMap<Cause, Vec<(&Account, &str)>> = BTreeMap::new();
    for Seen { account, entered, .. } in &members {
        if let Err((cause, message)) = entered {
            refused.entry(cause.clone()).or_default().push((account, message));
        }
    }
    let entered = members.len() - refused.values().map(Vec::len).sum::<usize>();
    let which = match seen.len() {
        count if count == all => "all that are selected".to_owned(),
        count => format!("a sample of {count} of {all}; --all tries each"),
    };
    let mut checks = Vec::new();
    if entered > 0 || refused.is_empty() {
        checks.push(Check::ok(
            Matter::Role,
            format!("{name} can be assumed in {entered} of {} accounts ({which})", members.len()),
        ));
    }
    checks.extend(refused.into_iter().map(|(cause, accounts)| {
        let first = accounts.first().map_or("", |(_, message)| *message);
        let names = some(accounts.iter().map(|(account, _)| account.words()));
        let message = format!(
            "{name} cannot be assumed in {} of {} accounts: {names}: {cause}: {first}",
            accounts.len(),
            members.len()
        );
        let remedy = match cause {
            Cause::RoleMissing => Some(
                "deploy it there: trailproof permissions --format cloudformation; where it is there, check its trust \
                 policy, and --external-id",
            ),
            ref other => other.remedy(),
        };
        Check::problem(Matter::Role, message, remedy)
    }));
    checks
}

fn of_regions(seen: &[Seen<'_>]) -> Vec<Check> {
    let known: Vec<&BTreeSet<RegionName>> = seen.iter().filter_map(|seen| seen.regions.as_ref()).collect();
    let mut missing: BTreeMap<(&str, &Cause), Vec<(&Account, &Gap)>> = BTreeMap::new();
    for Seen { account, gaps, .. } in seen {
        for gap in gaps {
            missing.entry((gap.operation.as_str(), &gap.cause)).or_default().push((account, gap));
        }
    }
    let mut checks = Vec::new();
    if let (Some(fewest), Some(most)) =
        (known.iter().map(|list| list.len()).min(), known.iter().map(|list| list.len()).max())
    {
        let count = if fewest == most { most.to_string() } else { format!("{fewest} to {most}") };
        let answers = if missing.is_empty() { ", and CloudTrail answers in each" } else { "" };
        let message = format!("{count} Regions are enabled in {} accounts{answers}", known.len());
        checks.push(Check::ok(Matter::Regions, message));
    } else if missing.is_empty() {
        checks.push(Check::not_done(Matter::Regions, "no account could be entered"));
    }
    checks.extend(missing.into_iter().map(|((operation, cause), gaps)| {
        let regions: BTreeSet<&str> =
            gaps.iter().filter_map(|(_, gap)| gap.region.as_ref()).map(RegionName::as_str).collect();
        let place = if regions.is_empty() {
            String::new()
        } else {
            format!(" in {}", some(regions.into_iter().map(str::to_owned)))
        };
        let accounts: BTreeSet<String> = gaps.iter().map(|(account, _)| account.words()).collect();
        let first = gaps.first().map_or("", |(_, gap)| gap.message.as_str());
        let message = format!("{operation} is not answered{place}, of {}: {cause}: {first}", some(accounts));
        Check::problem(Matter::Regions, message, cause.remedy())
    }));
    checks
}

/// The first of some names, and how many more there are.
fn some(names: impl IntoIterator<Item = String>) -> String {
    let mut names: Vec<String> = names.into_iter().collect();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let listed = names.join(", ");
    if more == 0 { listed } else { format!("{listed} and {more} more") }
}

impl Account {
    /// The account by its id, and its name where it is known.
    pub(super) fn words(&self) -> String {
        self.name.as_ref().map_or_else(|| self.id.to_string(), |name| format!("{} ({name})", self.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collect::organization::lone_account;

    #[test]
    fn a_sample_is_spread_evenly_and_holds_the_log_archive() {
        let accounts: Vec<Account> =
            (0..100_u64).map(|number| lone_account(format!("{:012}", number + 1).parse().unwrap())).collect();
        let active: Vec<&Account> = accounts.iter().collect();
        let ids = |sample: Option<usize>, archive: &[AccountId]| -> Vec<u64> {
            sampled(&active, sample, archive).iter().map(|account| account.id.to_string().parse().unwrap()).collect()
        };
        assert_eq!(ids(Some(4), &[]), [1, 34, 67, 100]);
        assert_eq!(ids(Some(1), &["000000000050".parse().unwrap()]), [1, 50]);
        assert_eq!((ids(None, &[]).len(), ids(Some(500), &[]).len(), ids(Some(0), &[]).len()), (100, 100, 0));
        assert_eq!(sampled(&[], Some(3), &[]).len(), 0);
    }
}
