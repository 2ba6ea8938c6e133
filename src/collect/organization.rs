//! The caller, and the organization by walking its tree.

use std::collections::BTreeMap;

use aws_sdk_organizations::types::Account as SdkAccount;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
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
        Answer::Refused(_, refusal) => {
            return Err(CollectError::Caller { cause: refusal.cause, message: refusal.message });
        }
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

/// The organization and all its accounts, in whatever state.
pub(super) async fn organization(
    session: &Session,
    needs: &Needs,
    ledger: &Ledger,
) -> Result<(Organization, Vec<Account>), CollectError> {
    let client = session.organizations(&session.first_region);
    let unit = Unit::of(Call::DescribeOrganization);
    let described = match ledger.ask(&unit, client.describe_organization().send()).await {
        Answer::Refused(_, refusal) => return Err(CollectError::organization(&unit, refusal)),
        Answer::Read(at, output) => (at, output.organization.ok_or_else(|| CollectError::incomplete(&unit))?),
    };
    ledger.answered(&unit);
    let (read_at, described) = described;
    let mut tree = Tree { client: &client, ledger, accounts: BTreeMap::new(), units: 0 };
    tree.walk().await?;
    let units_total = Some(tree.units);
    let accounts: Vec<Account> = tree.accounts.into_values().collect();
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
    let pages = ledger.ask(&unit, super::page::all(request.send(), |page| page.next_token())).await;
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
    let pages = ledger.ask(&unit, super::page::all(request.send(), |page| page.next_token())).await;
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

/// The walk through the organizational units: an account's place is known only from its parent.
struct Tree<'a> {
    client: &'a aws_sdk_organizations::Client,
    ledger: &'a Ledger,
    accounts: BTreeMap<AccountId, Account>,
    /// The roots and organizational units.
    units: usize,
}

/// A root or an organizational unit: the ids from the root down, and its path in names.
#[derive(Clone)]
struct Parent {
    ids: Vec<String>,
    path: String,
}

impl Tree<'_> {
    async fn walk(&mut self) -> Result<(), CollectError> {
        let unit = Unit::of(Call::ListRoots);
        let pages = match self
            .ledger
            .ask(&unit, super::page::all(self.client.list_roots().into_paginator().send(), |page| page.next_token()))
            .await
        {
            Answer::Read(_, pages) => pages.whole().map_err(|_| CollectError::incomplete(&unit))?,
            Answer::Refused(_, refusal) => return Err(CollectError::organization(&unit, refusal)),
        };
        self.ledger.answered(&unit);
        let mut roots = Vec::new();
        for page in pages {
            roots.extend(page.roots.ok_or_else(|| CollectError::incomplete(&unit))?);
        }
        for root in roots {
            let id = root.id.ok_or_else(|| CollectError::incomplete(&unit))?;
            self.descend(Parent { ids: vec![id], path: "/".to_owned() }).await?;
        }
        if self.accounts.is_empty() { Err(CollectError::incomplete(&unit)) } else { Ok(()) }
    }

    fn descend(&mut self, parent: Parent) -> BoxFuture<'_, Result<(), CollectError>> {
        async move {
            self.units += 1;
            self.list_accounts(&parent).await?;
            for child in self.list_units(&parent).await? {
                self.descend(child).await?;
            }
            Ok(())
        }
        .boxed()
    }

    async fn list_accounts(&mut self, parent: &Parent) -> Result<(), CollectError> {
        let id = parent.ids.last().map_or("", String::as_str);
        let unit = Unit::of(Call::ListAccountsForParent).resource(id);
        let request = self.client.list_accounts_for_parent().parent_id(id).into_paginator();
        let pages = match self.ledger.ask(&unit, super::page::all(request.send(), |page| page.next_token())).await {
            Answer::Read(_, pages) => pages.whole().map_err(|_| CollectError::incomplete(&unit))?,
            Answer::Refused(_, refusal) => return Err(CollectError::organization(&unit, refusal)),
        };
        self.ledger.answered(&unit);
        for page in pages {
            for listed in page.accounts.ok_or_else(|| CollectError::incomplete(&unit))? {
                let account = account(&listed, parent).ok_or_else(|| CollectError::incomplete(&unit))?;
                self.accounts.insert(account.id, account);
            }
        }
        Ok(())
    }

    async fn list_units(&mut self, parent: &Parent) -> Result<Vec<Parent>, CollectError> {
        let id = parent.ids.last().map_or("", String::as_str);
        let unit = Unit::of(Call::ListOrganizationalUnitsForParent).resource(id);
        let request = self.client.list_organizational_units_for_parent().parent_id(id).into_paginator();
        let pages = match self.ledger.ask(&unit, super::page::all(request.send(), |page| page.next_token())).await {
            Answer::Read(_, pages) => pages.whole().map_err(|_| CollectError::incomplete(&unit))?,
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
    Account {
        id,
        name: None,
        state: None,
        ou_path: None,
        ou_ids: Vec::new(),
        tags: None,
        regions: None,
        sightings: Vec::new(),
        listed_trails: None,
        buckets: None,
        event_data_stores: Vec::new(),
        config: std::collections::BTreeMap::new(),
        public_access_block: None,
        authorization: None,
    }
}

/// The time of a run's start.
pub(super) fn now() -> Timestamp {
    Timestamp::now()
}
