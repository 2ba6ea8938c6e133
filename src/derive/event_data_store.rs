//! What rules may say about an event data store of CloudTrail Lake.

mod policy;
mod selected;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::question::Question;
use super::subject::{Derivation, Subject, to_fact};
use crate::expr::{Gaps, Known};
use crate::facts::{self, Scope};
use crate::snapshot::{Cause, EventDataStore, EventDataStoreConfiguration};

const CONFIGURATION: &str = "cloudtrail:GetEventDataStore";

pub(super) fn subjects(derivation: &mut Derivation<'_>) -> Vec<Subject> {
    derivation.snapshot.event_data_stores.iter().filter_map(|store| subject(derivation, store)).collect()
}

fn subject(derivation: &mut Derivation<'_>, store: &EventDataStore) -> Option<Subject> {
    let (account, region) = (store.arn.account()?, store.arn.region()?);
    let access = policy::access(derivation, store, account);
    let organization_of_owner = derivation.insiders.organization_of(account).is_some();
    let read = store.configuration.as_ref().map(|configuration| &configuration.value);
    let mut parts = Parts { derivation, store, read };
    let selected = selected::selected(&mut parts);
    let facts = facts::EventDataStore {
        arn: store.arn.clone(),
        name: store.name.clone().unwrap_or_else(|| store.arn.to_string()),
        account,
        region: region.clone(),
        owner_is_member: organization_of_owner,
        status: parts.part("Status", |read| read.status.clone()),
        is_multi_region: parts.part("MultiRegionEnabled", |read| read.multi_region_enabled),
        is_organization: parts.part("OrganizationEnabled", |read| read.organization_enabled),
        termination_protection: parts.part("TerminationProtectionEnabled", |read| read.termination_protection_enabled),
        retention_days: parts.part("RetentionPeriod", |read| read.retention_period.map(i64::from)),
        kms_key_id: match read {
            Some(read) => read.kms_key_id.clone().map(Known::Is),
            None => Some(Known::Gap(parts.unread())),
        },
        event_categories: selected.categories,
        takes_management_events: selected.takes_management_events,
        management_events_left_out: selected.left_out,
        access,
    };
    Some(Subject {
        scope: Scope::EventDataStore,
        resource: Some(store.arn.as_str().into()),
        account: Some(account),
        region: Some(region),
        related: Arc::default(),
        redundant: is_redundant(derivation, store),
        not_applicable: None,
        facts: to_fact(&facts),
    })
}

/// The parts of a store's configuration, and the gaps of those that are not known.
struct Parts<'a, 'b> {
    derivation: &'a mut Derivation<'b>,
    store: &'a EventDataStore,
    read: Option<&'a EventDataStoreConfiguration>,
}

impl Parts<'_, '_> {
    /// The gap of a configuration that was not read.
    fn unread(&mut self) -> Gaps {
        self.derivation.open.why(question(self.store))
    }

    /// The gap of something in the configuration that does not decide.
    fn doubt(&mut self, cause: Cause, message: &str) -> Gaps {
        self.derivation.open.leave(question(self.store), cause, message)
    }

    /// One part; a configuration that lacks it does not say what the part is by default.
    fn part<T>(&mut self, name: &str, part: impl FnOnce(&EventDataStoreConfiguration) -> Option<T>) -> Known<T> {
        match self.read {
            None => Known::Gap(self.unread()),
            Some(read) => match part(read) {
                Some(value) => Known::Is(value),
                None => Known::Gap(self.doubt(Cause::MalformedAnswer, &format!("the answer lacks {name}"))),
            },
        }
    }
}

/// Whether a store now takes in at least a part of the management events.
pub(super) fn takes_events_in(derivation: &mut Derivation<'_>, store: &EventDataStore) -> Known<bool> {
    let read = store.configuration.as_ref().map(|configuration| &configuration.value);
    let mut parts = Parts { derivation, store, read };
    match parts.part("Status", |read| read.status.clone()) {
        Known::Is(status) if status != "ENABLED" => Known::Is(false),
        Known::Is(_) => selected::selected(&mut parts).takes_management_events,
        Known::Gap(gaps) => Known::Gap(gaps),
    }
}

/// Whether a store takes in the events of the whole organization.
pub(super) fn is_of_organization(derivation: &mut Derivation<'_>, store: &EventDataStore) -> Known<bool> {
    let read = store.configuration.as_ref().map(|configuration| &configuration.value);
    Parts { derivation, store, read }.part("OrganizationEnabled", |read| read.organization_enabled)
}

fn question(store: &EventDataStore) -> Question<'_> {
    let question = Question::of(CONFIGURATION).resource(store.arn.as_str());
    store.arn.account().map_or(question, |owner| question.account(owner))
}

/// Whether an organization's store that takes events in, in all Regions, is known to take in everything that this store
/// does.
fn is_redundant(derivation: &Derivation<'_>, store: &EventDataStore) -> bool {
    let owner = |store: &EventDataStore| store.arn.account();
    let Some(own) = owner(store).and_then(|account| derivation.insiders.organization_of(account)) else { return false };
    let Some(read) = store.configuration.as_ref().map(|read| &read.value) else { return false };
    let others = derivation.snapshot.event_data_stores.iter().filter(|other| other.arn != store.arn);
    let covers_all = |other: &EventDataStore| {
        let organization = owner(other).and_then(|account| derivation.insiders.organization_of(account));
        other.configuration.as_ref().is_some_and(|other| {
            let other = &other.value;
            organization == Some(own)
                && other.status.as_deref() == Some("ENABLED")
                && other.organization_enabled == Some(true)
                && other.multi_region_enabled == Some(true)
                && selected::gives_all_of(
                    other,
                    read,
                    store.arn.partition().as_ref().map_or("aws", |name| name.as_str()),
                )
        })
    };
    read.organization_enabled == Some(false) && others.into_iter().any(covers_all)
}

/// The categories that selectors name, sorted.
fn categories(read: &EventDataStoreConfiguration) -> Option<Vec<String>> {
    let fields = read.advanced_event_selectors.as_ref()?.iter().flat_map(|selector| &selector.field_selectors);
    let named = fields.filter(|field| field.field == "eventCategory").flat_map(|field| &field.equals);
    Some(named.cloned().collect::<BTreeSet<String>>().into_iter().collect())
}
