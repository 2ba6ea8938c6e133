//! What would keep a scan from seeing everything, found out before it: asked of the network, of the credentials, of the
//! organization, and of some accounts or all.

mod check;
mod entrance;
mod probe;

pub use check::{Check, Examined, Matter, State};

use std::time::Duration;

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::call::Call;
use super::ledger::{Closed, Ledger};
use super::network::Network;
use super::organization::caller;
use super::patience::Patience;
use super::scan::{Beginning, Listing};
use super::{CollectError, Settings, pace};
use crate::id::{AccountId, Partition};
use crate::snapshot::{Account, Breadth, Caller, Cause, Gap, Organization};

/// CloudTrail among the services that an organization trusts, and that delegated administrators are registered for.
const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";

/// Finds out what would keep a scan by these settings from seeing everything.
///
/// At most `sample` accounts are entered, chosen the same way every time; all of them where there is no such number.
/// Endpoints are asked without credentials. `partition` is the one that the credentials must be of. Nothing is kept.
pub async fn examine(
    base: &SdkConfig,
    network: &Network,
    http: SharedHttpClient,
    settings: &Settings,
    partition: Option<&Partition>,
    sample: Option<usize>,
) -> Examined {
    let http = pace::paced(http, settings.pace);
    let base = hasty(settings.patience).over(base.to_builder().http_client(http.clone()).build());
    let mut checks = vec![probe::proxy(network)];
    checks.extend(probe::endpoints(&base, network, &http, settings).await);
    let ledger = Ledger::new(settings.patience);
    match caller(&aws_sdk_sts::Client::new(&base), &ledger).await {
        Ok(caller) => {
            checks.push(credentials(&base, &caller, partition).await);
            checks.extend(of_caller(&base, settings, caller, sample).await);
        }
        Err(error) => {
            checks.push(Check::of_error(Matter::Credentials, &error));
            let rest = [Matter::Organization, Matter::Role, Matter::Regions];
            checks.extend(rest.map(|matter| Check::not_done(matter, "nobody can be asked without credentials")));
        }
    }
    Examined { checks }
}

/// As patient as a check need be: who waits for it can try again.
fn hasty(patience: Patience) -> Patience {
    Patience {
        call: patience.call.min(Duration::from_secs(30)),
        attempt: patience.attempt.min(Duration::from_secs(10)),
        read: patience.read.min(Duration::from_secs(10)),
        attempts: 3,
        pause: Duration::from_secs(1),
        ..patience
    }
}

/// Who asks, and until when.
async fn credentials(base: &SdkConfig, caller: &Caller, wanted: Option<&Partition>) -> Check {
    let who = format!("{}, of the partition {}", caller.arn, caller.partition);
    if let Some(wanted) = wanted.filter(|wanted| **wanted != caller.partition) {
        let message = format!("{who}, not of {wanted}, which --partition names");
        return Check::problem(Matter::Credentials, message, Cause::WrongPartition.remedy());
    }
    let expiry = match base.credentials_provider() {
        Some(provider) => {
            use aws_credential_types::provider::ProvideCredentials;
            provider.provide_credentials().await.ok().and_then(|credentials| credentials.expiry())
        }
        None => None,
    };
    let until = expiry.and_then(|expiry| jiff::Timestamp::try_from(expiry).ok());
    let until = until.map(|until| format!("; good until {until:.0}, and then asked for anew")).unwrap_or_default();
    Check::ok(Matter::Credentials, format!("{who}{until}"))
}

/// What can be asked once it is known who asks.
async fn of_caller(base: &SdkConfig, settings: &Settings, caller: Caller, sample: Option<usize>) -> Vec<Check> {
    let ledger = Ledger::new(settings.patience);
    let needs = settings.needs.clone().and_trusted_access();
    let settings = Settings { needs, ..settings.clone() };
    let beginning = Beginning::of(base, caller, &settings);
    let listing = match beginning.list(&settings, &ledger, &|_| {}).await {
        Ok(listing) => listing,
        Err(error) => {
            let rest = [Matter::Role, Matter::Regions];
            let rest = rest.map(|matter| Check::not_done(matter, "it is not known which accounts there are"));
            let matter =
                if matches!(error, CollectError::Selection(_)) { Matter::Selection } else { Matter::Organization };
            return [Check::of_error(matter, &error)].into_iter().chain(rest).collect();
        }
    };
    let Closed { gaps, .. } = ledger.close();
    let mut checks = match &listing.organization {
        Some(organization) => organization_checks(organization, beginning.caller.account, &listing, &gaps),
        None => {
            let message = format!(
                "account {} is looked at alone; --role-name NAME names the role by which a whole organization is scanned",
                beginning.caller.account
            );
            vec![Check::ok(Matter::Organization, message)]
        }
    };
    checks.extend(entrance::examine(&beginning, &listing, &settings, sample).await);
    checks
}

fn organization_checks(organization: &Organization, account: AccountId, listing: &Listing, gaps: &[Gap]) -> Vec<Check> {
    let Organization { id, management_account, .. } = organization;
    let named = |id: AccountId| {
        listing.everyone.iter().find(|known| known.id == id).map_or_else(|| id.to_string(), Account::words)
    };
    let administrators = organization.delegated_administrators.as_ref().map(|listed| &listed.value);
    let is_administrator = administrators.is_some_and(|listed| listed.iter().any(|one| one.account == account));
    let standing = match (account == *management_account, is_administrator) {
        (true, _) => "as the management account",
        (_, true) => "as a delegated administrator of CloudTrail",
        _ => "as a member that may list it",
    };
    let (all, active) = (listing.everyone.len(), listing.everyone.iter().filter(|account| account.is_active()).count());
    let selected = listing.active().len();
    let message = format!(
        "{id}, of {}: {all} accounts, {active} of them active, {selected} selected; listed {standing}",
        named(*management_account)
    );
    let listed = match selected {
        0 => Check::problem(
            Matter::Organization,
            message,
            Some("no active account is selected: see --accounts, --exclude-accounts, --ou and --shard"),
        ),
        _ => Check::ok(Matter::Organization, message),
    };
    let trusted =
        organization.trusted_services.as_ref().map(|listed| listed.value.iter().any(|name| name == CLOUDTRAIL));
    let trusted = match trusted {
        Some(true) => Check::ok(Matter::TrustedAccess, format!("the organization trusts {CLOUDTRAIL}")),
        Some(false) => Check::problem(
            Matter::TrustedAccess,
            format!("the organization does not trust {CLOUDTRAIL}: it can have no organization trail"),
            Some("aws organizations enable-aws-service-access --service-principal cloudtrail.amazonaws.com"),
        ),
        None => unread(Matter::TrustedAccess, Call::ListServiceAccess, gaps),
    };
    let delegated = match administrators.map(|listed| listed.iter().map(|one| named(one.account)).collect::<Vec<_>>()) {
        Some(names) if names.is_empty() => Check::ok(
            Matter::DelegatedAdministrator,
            "CloudTrail has none: the management account administers it".to_owned(),
        ),
        Some(names) => Check::ok(Matter::DelegatedAdministrator, format!("of CloudTrail: {}", names.join(", "))),
        None => unread(Matter::DelegatedAdministrator, Call::ListDelegatedAdministrators, gaps),
    };
    vec![listed, trusted, delegated]
}

/// A call that was not answered, in the words of its gap.
fn unread(matter: Matter, call: Call, gaps: &[Gap]) -> Check {
    let gap = gaps.iter().find(|gap| gap.operation == call.operation());
    let message = gap.map_or("not answered", |gap| gap.message.as_str());
    Check::problem(matter, format!("{}: {message}", call.operation()), gap.and_then(|gap| gap.cause.remedy()))
}

impl Settings {
    /// Whether a whole organization is looked at.
    fn is_of_organization(&self) -> bool {
        self.selection.breadth == Breadth::Organization
    }
}
