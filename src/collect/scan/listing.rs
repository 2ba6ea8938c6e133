//! The beginning of a run: who asks, which accounts there are, which of them are scanned, and what that will take.

use std::collections::BTreeSet;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;

use crate::collect::ledger::Ledger;
use crate::collect::organization::{News, caller, lone_account, organization};
use crate::collect::owner::{ASKED_AT_ONCE, Candidates};
use crate::collect::plan::{Extent, Inventory, plan};
use crate::collect::session::Sessions;
use crate::collect::{CollectError, Settings, selection};
use crate::id::AccountId;
use crate::snapshot::{Account, Breadth, Caller, Organization, Plan};

/// Who asks, and the sessions by which the run goes on.
pub(in crate::collect) struct Beginning {
    pub(in crate::collect) caller: Caller,
    pub(in crate::collect) sessions: Sessions,
}

impl Beginning {
    /// Asks who asks.
    pub(super) async fn read(base: &SdkConfig, settings: &Settings, ledger: &Ledger) -> Result<Self, CollectError> {
        // Nothing is lost when the very first call fails: better to say so soon than to try for long.
        let hasty = RetryConfig::standard().with_max_attempts(3).with_initial_backoff(settings.patience.first_pause);
        let sts = aws_sdk_sts::config::Builder::from(base).retry_config(hasty);
        let sts = aws_sdk_sts::Client::from_conf(sts.build());
        let caller = caller(&sts, ledger).await?;
        let role = settings.entrance.as_ref().map_or("", |entrance| entrance.role_name.as_str());
        ledger.asked_by(format!("{} {} {role}", caller.partition, caller.account));
        Ok(Self::of(base, caller, settings))
    }

    /// The sessions that begin with those of a caller.
    pub(in crate::collect) fn of(base: &SdkConfig, caller: Caller, settings: &Settings) -> Self {
        let first_region = super::first_region(base, &caller.partition);
        let policy = settings.needs.session_policy();
        let entrance = settings.entrance.clone();
        let sessions = Sessions::new(base, caller.account, caller.partition.clone(), first_region, entrance, policy);
        Self { caller, sessions }
    }

    /// Lists the organization, where it is scanned. Each account that is scanned for certain is told as soon as it is
    /// listed; where the selection names accounts or units, which may be mistyped, that is known at the end alone.
    pub(in crate::collect) async fn list(
        &self,
        settings: &Settings,
        ledger: &Ledger,
        tell: &(dyn Fn(News<'_>) + Sync),
    ) -> Result<Listing, CollectError> {
        let at_once = !settings.selection.names_accounts() && settings.selection.breadth == Breadth::Organization;
        let listed = |news: News<'_>| match news {
            News::Account(_) if !at_once => {}
            news => tell(news),
        };
        let (organization, everyone) = match settings.selection.breadth {
            Breadth::Account => (None, vec![lone_account(self.caller.account)]),
            Breadth::Organization => {
                let session = self.sessions.caller();
                let (organization, accounts) = organization(session, &settings.needs, ledger, &listed).await?;
                (Some(organization), accounts)
            }
        };
        self.sessions.learn(&everyone);
        let chosen = selection::choose(everyone.clone(), &settings.selection)?;
        if !at_once {
            chosen.iter().for_each(|account| tell(News::Account(account)));
        }
        Ok(Listing { organization, everyone, chosen })
    }
}

/// What is known before any account is entered, or while the first ones are.
pub(in crate::collect) struct Listing {
    pub(in crate::collect) organization: Option<Organization>,
    pub(in crate::collect) everyone: Vec<Account>,
    pub(in crate::collect) chosen: Vec<Account>,
}

impl Listing {
    /// The accounts that are scanned.
    pub(in crate::collect) fn active(&self) -> BTreeSet<AccountId> {
        self.chosen.iter().filter(|account| account.is_active()).map(|account| account.id).collect()
    }

    /// Whom to ask for the owner of a bucket, and whether these are all there are.
    pub(super) fn candidates(&self, settings: &Settings) -> Candidates {
        let selection = &settings.selection;
        Candidates {
            named: selection.log_archives.clone(),
            scanned: self.active().into_iter().collect(),
            at_once: settings.accounts_at_once.clamp(1, ASKED_AT_ONCE),
            are_all: self.organization.is_some() && !selection.names_accounts(),
        }
    }

    /// The accounts that are visited by this run: they are of no other shard.
    pub(in crate::collect) fn visited(&self, settings: &Settings) -> Vec<&Account> {
        self.chosen.iter().filter(|account| account.is_active() && settings.selection.visits(account.id)).collect()
    }

    /// What the run will take.
    pub(super) fn plan(&self, beginning: &Beginning, settings: &Settings) -> Plan {
        let members: BTreeSet<AccountId> = self.everyone.iter().map(|account| account.id).collect();
        let extent = Extent {
            caller: beginning.caller.account,
            partition: &beginning.caller.partition,
            first_region: &beginning.sessions.caller().first_region,
            organization: self.organization.as_ref(),
            everyone: members.len(),
            members: &members,
            visited: self.visited(settings),
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
