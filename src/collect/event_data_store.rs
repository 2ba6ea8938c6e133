//! Event data stores of CloudTrail Lake: found where they are listed, read at their owner.

use std::collections::BTreeMap;

use aws_sdk_cloudtrail::operation::get_event_data_store::GetEventDataStoreOutput;
use aws_sdk_cloudtrail::operation::get_resource_policy::GetResourcePolicyOutput;
use jiff::Timestamp;

use super::call::Call;
use super::ledger::{Answer, Ledger, Malformed, Unit};
use super::needs::Needs;
use super::page::Listing;
use super::session::Session;
use super::sweep::Sweep;
use super::trail::advanced_selector;
use crate::id::{AccountId, Arn, RegionName};
use crate::snapshot::{
    Cause, EventDataStore, EventDataStoreConfiguration, EventDataStorePolicy, Observed, StoreSighting,
};

/// What an account listed in each Region, or nothing.
pub(super) type Listed = Vec<(RegionName, Option<Observed<Vec<EventDataStore>>>)>;

/// Which event data stores an account lists in which Regions, and each of them.
pub(super) fn sightings(answers: Listed) -> (Vec<StoreSighting>, Vec<EventDataStore>) {
    let mut folded: BTreeMap<Vec<Arn>, (Vec<RegionName>, Timestamp)> = BTreeMap::new();
    let mut stores = Vec::new();
    for (region, answer) in answers {
        let Some(listed) = answer else { continue };
        let mut arns: Vec<Arn> = listed.value.iter().map(|store| store.arn.clone()).collect();
        arns.sort();
        let entry = folded.entry(arns).or_insert_with(|| (Vec::new(), listed.read_at));
        entry.0.push(region);
        entry.1 = entry.1.min(listed.read_at);
        stores.extend(listed.value);
    }
    let sighting = |(stores, (mut regions, read_at)): (Vec<Arn>, (Vec<RegionName>, Timestamp))| {
        regions.sort();
        StoreSighting { regions, stores, read_at }
    };
    let mut sightings: Vec<StoreSighting> = folded.into_iter().map(sighting).collect();
    sightings.sort_by(|a, b| a.regions.cmp(&b.regions));
    (sightings, stores)
}

/// The stores that an account lists in a Region. A Region in which CloudTrail does not know the operation has none:
/// `UnsupportedOperationException` (CloudTrail API Reference, ListEventDataStores).
pub(super) async fn list(
    sweep: &Sweep,
    account: AccountId,
    region: &RegionName,
    ledger: &Ledger,
) -> Option<Observed<Vec<EventDataStore>>> {
    let unit = Unit::of(Call::ListEventDataStores).account(account).region(region);
    let ask = async |token| sweep.list_event_data_stores(region, token).await;
    let pages = ledger.ask(&unit, super::page::by_token(ledger.most_pages, ask, |page| page.next_token())).await;
    let pages = pages.or_absent(&["UnsupportedOperationException"], Listing::empty);
    ledger.read(&unit, pages, |pages| {
        let mut found = Vec::new();
        for page in pages.whole()? {
            for listed in page.event_data_stores.ok_or_else(|| Malformed::lacks("EventDataStores"))? {
                let arn = listed.event_data_store_arn.as_deref().and_then(|arn| arn.parse::<Arn>().ok());
                let arn = arn.filter(|arn| arn.account().is_some() && arn.region().as_ref() == Some(region));
                let arn = arn.ok_or_else(|| Malformed::lacks("the ARN of an event data store of this Region"))?;
                let name = listed.name.filter(|name| !name.is_empty());
                found.push(EventDataStore { arn, name, listed_by: account, configuration: None, policy: None });
            }
        }
        if !super::page::all_differ(found.iter().map(|store| store.arn.as_str())) {
            return Err(Malformed("names an event data store twice".to_owned()));
        }
        Ok(found)
    })
}

/// The stores that were listed, each once: as the owner lists it, else the first account that does.
pub(super) fn witnessed(listed: Vec<EventDataStore>) -> Vec<EventDataStore> {
    let rank = |store: &EventDataStore| (store.arn.account() != Some(store.listed_by), store.listed_by);
    let mut best: BTreeMap<Arn, EventDataStore> = BTreeMap::new();
    for store in listed {
        match best.get(&store.arn) {
            Some(other) if rank(other) <= rank(&store) => {}
            _ => drop(best.insert(store.arn.clone(), store)),
        }
    }
    best.into_values().collect()
}

/// The questions about one store.
const CALLS: [Call; 2] = [Call::GetEventDataStore, Call::GetStorePolicy];

/// Leaves a gap for everything that could have been said of a store.
pub(super) fn leave_unread(store: &EventDataStore, cause: &Cause, message: &str, needs: &Needs, ledger: &Ledger) {
    for call in CALLS.into_iter().filter(|call| needs.asks(*call)) {
        let account = store.arn.account().unwrap_or(store.listed_by);
        ledger.not_asked(&Unit::of(call).account(account).resource(store.arn.as_str()), cause.clone(), message);
    }
}

/// Reads a store, in its Region.
pub(super) async fn read(
    session: &Session,
    store: &mut EventDataStore,
    region: &RegionName,
    needs: &Needs,
    ledger: &Ledger,
) {
    let client = session.cloudtrail(region);
    let arn = store.arn.clone();
    // The gap is the owner's, whoever asks: that is where what is said of the store is looked for.
    let account = arn.account().unwrap_or(session.account);
    let unit = |call| Unit::of(call).account(account).region(region).resource(arn.as_str());

    if needs.asks(Call::GetEventDataStore) {
        let asked = unit(Call::GetEventDataStore);
        let answer = ledger.ask(&asked, client.get_event_data_store().event_data_store(arn.as_str()).send()).await;
        store.configuration = ledger.read(&asked, answer, configuration);
    }
    if needs.asks(Call::GetStorePolicy) {
        let asked = unit(Call::GetStorePolicy);
        let answer = ledger.ask(&asked, client.get_resource_policy().resource_arn(arn.as_str()).send()).await;
        let absent = || GetResourcePolicyOutput::builder().build();
        let answer: Answer<GetResourcePolicyOutput> = answer.or_absent(&["ResourcePolicyNotFoundException"], absent);
        store.policy = ledger.read(&asked, answer, |output| {
            Ok(EventDataStorePolicy { document: output.resource_policy.filter(|text| !text.trim().is_empty()) })
        });
    }
}

/// The account whose credentials read a store: its owner's, and those of the account that listed it where the owner
/// cannot be entered, as a delegated administrator has the owner's rights on an organization's store.
///
/// Source: CloudTrail User Guide, "Organization delegated administrator".
pub(super) fn readers(store: &EventDataStore) -> Vec<AccountId> {
    let mut readers: Vec<AccountId> = store.arn.account().into_iter().chain([store.listed_by]).collect();
    readers.dedup();
    readers
}

fn configuration(output: GetEventDataStoreOutput) -> Result<EventDataStoreConfiguration, Malformed> {
    if output.status.is_none() {
        return Err(Malformed::lacks("Status"));
    }
    let selectors = output.advanced_event_selectors.map(|selectors| selectors.into_iter().map(advanced_selector));
    Ok(EventDataStoreConfiguration {
        status: output.status.map(|status| status.as_str().to_owned()),
        advanced_event_selectors: selectors.map(Iterator::collect).transpose()?,
        multi_region_enabled: output.multi_region_enabled,
        organization_enabled: output.organization_enabled,
        retention_period: output.retention_period,
        termination_protection_enabled: output.termination_protection_enabled,
        kms_key_id: output.kms_key_id.filter(|key| !key.is_empty()),
    })
}
