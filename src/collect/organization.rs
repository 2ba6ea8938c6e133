//! The caller, and the organization by walking its tree.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use aws_sdk_organizations::operation::list_accounts_for_parent::ListAccountsForParentOutput;
use aws_sdk_organizations::types::Account as SdkAccount;
use futures_util::stream::{FuturesUnordered, StreamExt};
use jiff::Timestamp;

use super::CollectError;
use super::call::Call;
use super::ledger::{Answer, Ledger, Malformed, Unit};
use super::needs::Needs;
use super::session::Session;
use crate::id::{AccountId, Arn};
use crate::snapshot::{Account, AccountState, Caller, DelegatedAdministrator, Observed, Organization};

/// Who asks: the first call of every run.
pub(super) async fn caller(sts: &aws_sdk_sts::Client, ledger: &Ledger) -> Result<Caller, CollectError> {
    let unit = Unit::of(Call::GetCallerIdentity);
    let output = match ledger.ask(&unit, sts.get_caller_identity().send()).await {
        Answer::Read(_, output) => output,
        Answer::Refused(_, refusal) => return Err(CollectError::caller(refusal)),
    };
    ledger.answered(&unit);
    let arn: Option<Arn> = output.arn().and_then(|arn| arn.parse().ok());
    let account = output.account().and_then(|id| id.parse().ok());
    match (arn, account) {
        (Some(arn), Some(account)) => match arn.partition() {
            Some(partition) => Ok(Caller { arn, account, partition }),
            None => Err(CollectError::malformed_caller("the partition of the caller's ARN is none of AWS's")),
        },
        _ => Err(CollectError::malformed_caller("the answer lacks the caller's ARN or account")),
    }
}

/// What is told of an organization while it is listed.
#[derive(Debug, Clone, Copy)]
pub(super) enum News<'a> {
    /// Its management account: told before any other.
    Management(AccountId),
    /// An account.
    Account(&'a Account),
}

/// The organization and all its accounts, in whatever state. Each is told as soon as it is listed.
pub(super) async fn organization(
    session: &Session,
    needs: &Needs,
    ledger: &Ledger,
    tell: &(dyn Fn(News<'_>) + Sync),
) -> Result<(Organization, Vec<Account>), CollectError> {
    let client = session.organizations(&session.first_region);
    let unit = Unit::of(Call::DescribeOrganization);
    let described = match ledger.ask(&unit, client.describe_organization().send()).await {
        Answer::Refused(_, refusal) => return Err(CollectError::organization(&unit, refusal)),
        Answer::Read(at, output) => (at, output.organization.ok_or_else(|| CollectError::incomplete(&unit))?),
    };
    ledger.answered(&unit);
    let (read_at, described) = described;
    if let Some(id) = described.master_account_id.as_deref().and_then(|id| id.parse().ok()) {
        tell(News::Management(id));
    }
    let tree = Tree { client: &client, ledger, tell, accounts: Mutex::default() };
    let units_total = Some(tree.walk().await?);
    let accounts: Vec<Account> =
        tree.accounts.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect();
    let complete = (|| {
        Some(Organization {
            id: described.id.clone()?,
            arn: described.arn.as_deref()?.parse().ok()?,
            management_account: described.master_account_id.as_deref()?.parse().ok()?,
            read_at,
            accounts_total: accounts.len(),
            units_total,
            delegated_administrators: None,
            trusted_services: None,
            service_control: None,
        })
    })();
    let mut organization = complete.ok_or_else(|| CollectError::incomplete(&unit))?;
    organization.delegated_administrators = delegated_administrators(&client, ledger).await;
    if needs.asks(Call::ListServiceAccess) {
        organization.trusted_services = trusted_services(&client, ledger).await;
    }
    Ok((organization, accounts))
}

async fn delegated_administrators(
    client: &aws_sdk_organizations::Client,
    ledger: &Ledger,
) -> Option<Observed<Vec<DelegatedAdministrator>>> {
    let unit = Unit::of(Call::ListDelegatedAdministrators);
    let request = client.list_delegated_administrators().service_principal("cloudtrail.amazonaws.com").into_paginator();
    let pages = ledger.ask(&unit, super::page::all(ledger.most_pages, request.send(), |page| page.next_token())).await;
    ledger.read(&unit, pages, |pages| {
        let mut found = Vec::new();
        for page in pages.whole()? {
            let listed = page.delegated_administrators.ok_or_else(|| Malformed::lacks("DelegatedAdministrators"))?;
            for administrator in listed {
                let id = administrator.id.as_deref().and_then(|id| id.parse().ok());
                found.push(DelegatedAdministrator { account: id.ok_or_else(|| Malformed::lacks("an account id"))? });
            }
        }
        found.sort();
        Ok(found)
    })
}

async fn trusted_services(client: &aws_sdk_organizations::Client, ledger: &Ledger) -> Option<Observed<Vec<String>>> {
    let unit = Unit::of(Call::ListServiceAccess);
    let request = client.list_aws_service_access_for_organization().into_paginator();
    let pages = ledger.ask(&unit, super::page::all(ledger.most_pages, request.send(), |page| page.next_token())).await;
    ledger.read(&unit, pages, |pages| {
        let mut found = Vec::new();
        for page in pages.whole()? {
            for service in
                page.enabled_service_principals.ok_or_else(|| Malformed::lacks("EnabledServicePrincipals"))?
            {
                found.push(service.service_principal.ok_or_else(|| Malformed::lacks("a service principal"))?);
            }
        }
        found.sort();
        Ok(found)
    })
}

/// At most this many units are listed at once, with two calls each: as many as Organizations takes at once.
///
/// Source: Organizations User Guide, "Quotas and service limits", Throttling limits.
pub(super) const UNITS_AT_ONCE: usize = 4;

/// The walk through the organizational units: an account's place is known only from its parent.
struct Tree<'a> {
    client: &'a aws_sdk_organizations::Client,
    ledger: &'a Ledger,
    tell: &'a (dyn Fn(News<'_>) + Sync),
    accounts: Mutex<BTreeMap<AccountId, Account>>,
}

/// A root or an organizational unit: the ids from the root down, and its path in names.
#[derive(Clone)]
struct Parent {
    ids: Vec<String>,
    path: String,
}

impl Tree<'_> {
    /// Lists all units; how many there are, the roots among them.
    async fn walk(&self) -> Result<usize, CollectError> {
        let unit = Unit::of(Call::ListRoots);
        let pages = match self
            .ledger
            .ask(
                &unit,
                super::page::all(self.ledger.most_pages, self.client.list_roots().into_paginator().send(), |page| {
                    page.next_token()
                }),
            )
            .await
        {
            Answer::Read(_, pages) => pages.whole().map_err(|malformed| CollectError::malformed(&unit, malformed))?,
            Answer::Refused(_, refusal) => return Err(CollectError::organization(&unit, refusal)),
        };
        self.ledger.answered(&unit);
        let mut roots = Vec::new();
        for page in pages {
            roots.extend(page.roots.ok_or_else(|| CollectError::incomplete(&unit))?);
        }
        let mut waiting = VecDeque::new();
        for root in roots {
            let id = root.id.ok_or_else(|| CollectError::incomplete(&unit))?;
            waiting.push_back(Parent { ids: vec![id], path: "/".to_owned() });
        }
        let (mut units, mut under_way) = (0, FuturesUnordered::new());
        loop {
            while under_way.len() < UNITS_AT_ONCE
                && let Some(parent) = waiting.pop_front()
            {
                units += 1;
                under_way.push(self.list(parent));
            }
            match under_way.next().await {
                Some(children) => waiting.extend(children?),
                None => break,
            }
        }
        let is_empty = self.accounts.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
        if is_empty { Err(CollectError::incomplete(&unit)) } else { Ok(units) }
    }

    /// Lists what is in a unit; the units in it are still to be listed.
    async fn list(&self, parent: Parent) -> Result<Vec<Parent>, CollectError> {
        let (accounts, units) = tokio::join!(self.list_accounts(&parent), self.list_units(&parent));
        accounts?;
        units
    }

    async fn list_accounts(&self, parent: &Parent) -> Result<(), CollectError> {
        let id = parent.ids.last().map_or("", String::as_str);
        let unit = Unit::of(Call::ListAccountsForParent).resource(id);
        let request = self.client.list_accounts_for_parent().parent_id(id).into_paginator();
        let told = |page: &ListAccountsForParentOutput| {
            for account in page.accounts().iter().filter_map(|listed| account(listed, parent)) {
                self.take(account);
            }
        };
        let pages = super::page::as_they_come(self.ledger.most_pages, request.send(), |page| page.next_token(), told);
        let pages = match self.ledger.ask(&unit, pages).await {
            Answer::Read(_, pages) => pages.whole().map_err(|malformed| CollectError::malformed(&unit, malformed))?,
            Answer::Refused(_, refusal) => return Err(CollectError::organization(&unit, refusal)),
        };
        self.ledger.answered(&unit);
        for page in pages {
            for listed in page.accounts.ok_or_else(|| CollectError::incomplete(&unit))? {
                account(&listed, parent).ok_or_else(|| CollectError::incomplete(&unit))?;
            }
        }
        Ok(())
    }

    /// Takes an account down, and tells of it. One that is moved meanwhile may be listed twice: what was heard first stands.
    fn take(&self, account: Account) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Entry::Vacant(place) = accounts.entry(account.id) {
            (self.tell)(News::Account(&account));
            place.insert(account);
        }
    }

    async fn list_units(&self, parent: &Parent) -> Result<Vec<Parent>, CollectError> {
        let id = parent.ids.last().map_or("", String::as_str);
        let unit = Unit::of(Call::ListOrganizationalUnitsForParent).resource(id);
        let request = self.client.list_organizational_units_for_parent().parent_id(id).into_paginator();
        let pages = match self
            .ledger
            .ask(&unit, super::page::all(self.ledger.most_pages, request.send(), |page| page.next_token()))
            .await
        {
            Answer::Read(_, pages) => pages.whole().map_err(|malformed| CollectError::malformed(&unit, malformed))?,
            Answer::Refused(_, refusal) => return Err(CollectError::organization(&unit, refusal)),
        };
        self.ledger.answered(&unit);
        let mut children = Vec::new();
        for page in pages {
            for listed in page.organizational_units.ok_or_else(|| CollectError::incomplete(&unit))? {
                let (Some(id), Some(name)) = (listed.id, listed.name) else {
                    return Err(CollectError::incomplete(&unit));
                };
                let ids = parent.ids.iter().cloned().chain([id]).collect();
                children.push(Parent { ids, path: format!("{}/{name}", parent.path.trim_end_matches('/')) });
            }
        }
        Ok(children)
    }
}

fn account(listed: &SdkAccount, parent: &Parent) -> Option<Account> {
    // State replaces Status, which AWS retires; an older endpoint may answer with Status alone.
    #[allow(deprecated, reason = "the only field that older endpoints answer with")]
    let status = listed.status.as_ref().map(|status| status.as_str());
    let state = listed.state.as_ref().map(|state| state.as_str()).or(status)?;
    Some(Account {
        id: listed.id.as_deref()?.parse().ok()?,
        name: listed.name.clone(),
        state: Some(AccountState::from(state)),
        ou_path: Some(parent.path.clone()),
        ou_ids: parent.ids.clone(),
        tags: None,
        regions: None,
        sightings: Vec::new(),
        listed_trails: None,
        buckets: None,
        event_data_stores: Vec::new(),
        config: std::collections::BTreeMap::new(),
        public_access_block: None,
        authorization: None,
    })
}

/// The one account of a run that lists no organization.
pub(super) fn lone_account(id: AccountId) -> Account {
    Account::unknown(id)
}

/// The time of a run's start.
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}
