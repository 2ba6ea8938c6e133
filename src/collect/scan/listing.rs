//! The beginning of a run: who asks, which accounts there are, which of them are scanned, and what that will take.

use std::collections::BTreeSet;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;

use crate::collect::ledger::Ledger;
use crate::collect::organization::{caller, lone_account, organization};
use crate::collect::owner::{ASKED_AT_ONCE, Candidates};
use crate::collect::plan::{Extent, Inventory, plan};
use crate::collect::session::Sessions;
use crate::collect::{CollectError, Settings, selection};
use crate::id::AccountId;
use crate::snapshot::{Account, Breadth, Caller, Organization, Plan};

/// What is known before any account is entered.
pub(super) struct Listing {
    pub(super) caller: Caller,
    pub(super) sessions: Sessions,
    pub(super) organization: Option<Organization>,
    pub(super) everyone: Vec<Account>,
    pub(super) chosen: Vec<Account>,
}

impl Listing {
    /// Asks who asks, and lists the organization where it is scanned.
    pub(super) async fn read(base: &SdkConfig, settings: &Settings, ledger: &Ledger) -> Result<Self, CollectError> {
        // Nothing is lost when the very first call fails: better to say so soon than to try for long.
        let hasty = aws_sdk_sts::config::Builder::from(base).retry_config(RetryConfig::standard().with_max_attempts(3));
        let sts = aws_sdk_sts::Client::from_conf(hasty.build());
        let caller = caller(&sts, ledger).await?;
        let role = settings.entrance.as_ref().map_or("", |entrance| entrance.role_name.as_str());
        ledger.asked_by(format!("{} {} {role}", caller.partition, caller.account));
        let first_region = super::first_region(base, &caller.partition);
        let policy = settings.needs.session_policy();
        let entrance = settings.entrance.clone();
        let mut sessions =
            Sessions::new(base, caller.account, caller.partition.clone(), first_region, entrance, policy);
        let (organization, everyone) = match settings.selection.breadth {
            Breadth::Account => (None, vec![lone_account(caller.account)]),
            Breadth::Organization => {
                let (organization, accounts) = organization(sessions.caller(), &settings.needs, ledger).await?;
                (Some(organization), accounts)
            }
        };
        sessions.learn(&everyone);
        let chosen = selection::choose(everyone.clone(), &settings.selection)?;
        Ok(Self { caller, sessions, organization, everyone, chosen })
    }

    /// The accounts that are scanned.
    pub(super) fn active(&self) -> BTreeSet<AccountId> {
        self.chosen.iter().filter(|account| account.is_active()).map(|account| account.id).collect()
    }

    /// Whom to ask for the owner of a bucket, and whether these are all there are.
    pub(super) fn candidates(&self, settings: &Settings) -> Candidates {
        let selection = &settings.selection;
        let narrowed = !selection.accounts.is_empty()
            || !selection.exclude_accounts.is_empty()
            || !selection.ous.is_empty()
            || !selection.exclude_ous.is_empty();
        Candidates {
            named: selection.log_archives.clone(),
            scanned: self.active().into_iter().collect(),
            at_once: settings.accounts_at_once.clamp(1, ASKED_AT_ONCE),
            are_all: self.organization.is_some() && !narrowed,
        }
    }

    /// What the run will take.
    pub(super) fn plan(&self, settings: &Settings) -> Plan {
        let shards = settings.selection.shards.as_ref();
        let visits = |account: &&Account| account.is_active() && shards.is_none_or(|shards| shards.hold(account.id));
        let members: BTreeSet<AccountId> = self.everyone.iter().map(|account| account.id).collect();
        let extent = Extent {
            caller: self.caller.account,
            partition: &self.caller.partition,
            first_region: &self.sessions.caller().first_region,
            organization: self.organization.as_ref(),
            everyone: members.len(),
            members: &members,
            visited: self.chosen.iter().filter(visits).collect(),
            candidates: self.candidates(settings),
        };
        // Another organization's snapshot says nothing of this one.
        let id = |listed: Option<&Organization>| listed.map(|listed| listed.id.clone());
        let same =
            settings.like.as_ref().filter(|like| id(like.organization.as_ref()) == id(self.organization.as_ref()));
        let settings = &Settings { like: same.cloned(), ..settings.clone() };
        plan(settings, &Inventory::expected(settings, &extent), &extent)
    }
}
