//! Sessions: the credentials of each account, and the clients made with them.
//!
//! Two defaults of the SDK break across accounts. Its retry tokens are shared by all clients of a Region, so that one
//! throttled account takes away the retries of the others: each session has a retry partition of its own. Its
//! identity cache keeps 64 providers and evicts any of them, so that a thousand accounts assume their roles again and
//! again: each session has a cache of its own.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::client::identity::SharedIdentityCache;
use tokio::sync::OnceCell;

use super::call::Call;
use super::ledger::{Answer, Ledger, Malformed, Unit};
use super::renewal::Renewal;
use super::sweep::{ShortPath, Sweep};
use super::{direct, endpoint};
use crate::id::{AccountId, Partition, RegionName};
use crate::snapshot::{Account, Cause};

/// How members are entered.
#[derive(Debug, Clone, Default)]
pub struct Entrance {
    /// The role's name, with its path where it has one.
    pub role_name: String,
    /// The external id that the role's trust policy asks for.
    pub external_id: Option<Secret>,
    /// The name under which members' own trails will show the session.
    pub session_name: String,
}

/// A text that no debug print shows.
#[derive(Clone)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// The credentials of one account.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) account: AccountId,
    config: SdkConfig,
    retry: RetryPartition,
    renewal: Renewal,
    /// The path past the SDK's clients that all sessions of a run share.
    path: Option<Arc<ShortPath>>,
    /// The Region where global calls go.
    pub(super) first_region: RegionName,
}

macro_rules! clients {
    ($($name:ident: $service:ident),+) => {$(
        pub(super) fn $name(&self, region: &RegionName) -> $service::Client {
            let config = $service::config::Builder::from(&self.config)
                .region(Region::new(region.to_string()))
                .retry_partition(self.retry.clone())
                .retry_classifier(self.renewal.clone());
            $service::Client::from_conf(config.build())
        }
    )+};
}

impl Session {
    /// The session of an account, with a cache of credentials and a retry partition of its own.
    fn of(account: AccountId, config: aws_types::sdk_config::Builder, first_region: RegionName) -> Self {
        let renewal = Renewal::new();
        let config = config.identity_cache(SharedIdentityCache::new(renewal.clone())).build();
        Self { account, config, retry: partition_of(account), renewal, path: None, first_region }
    }

    clients! {
        account_management: aws_sdk_account,
        cloudtrail: aws_sdk_cloudtrail,
        cloudwatch: aws_sdk_cloudwatch,
        events: aws_sdk_eventbridge,
        iam: aws_sdk_iam,
        kms: aws_sdk_kms,
        logs: aws_sdk_cloudwatchlogs,
        organizations: aws_sdk_organizations,
        sns: aws_sdk_sns,
        sts: aws_sdk_sts,
        tagging: aws_sdk_resourcegroupstagging
    }

    /// What asks CloudTrail in many Regions.
    pub(super) fn sweep(&self) -> Sweep {
        let client = self.cloudtrail(&self.first_region);
        Sweep::new(client, self.config.clone(), self.renewal.clone(), self.path.clone())
    }

    /// A client of S3, with path-style addresses where the endpoint is an IP address or localhost: a bucket's name
    /// cannot be put before those.
    pub(super) fn s3(&self, region: &RegionName) -> aws_sdk_s3::Client {
        let mut config = aws_sdk_s3::config::Builder::from(&self.config)
            .region(Region::new(region.to_string()))
            .retry_partition(self.retry.clone())
            .retry_classifier(self.renewal.clone());
        if endpoint::configured(&self.config, "S3").is_some_and(|endpoint| endpoint::takes_no_prefix(&endpoint)) {
            config = config.force_path_style(true);
        }
        aws_sdk_s3::Client::from_conf(config.build())
    }

    /// A client of a service that is asked without a crate of its own.
    pub(super) fn direct(&self, service: &'static direct::Service, region: &RegionName) -> direct::Client {
        direct::Client::new(service, self.config.clone(), region.clone(), self.retry.clone(), self.renewal.clone())
    }
}

/// A session, or why there is none.
pub(super) type Entered = Result<Session, (Cause, String)>;

/// By what every member is entered.
#[derive(Debug)]
struct Door {
    sts: aws_sdk_sts::Client,
    entrance: Entrance,
    policy: String,
}

/// The sessions of a run: the caller's own, and one for each account that was entered.
#[derive(Debug)]
pub(super) struct Sessions {
    caller: Session,
    partition: Partition,
    door: Option<Arc<Door>>,
    /// The accounts that are not in use, and what they are instead.
    inactive: OnceLock<BTreeMap<AccountId, String>>,
    entered: Mutex<HashMap<AccountId, Arc<OnceCell<Entered>>>>,
}

impl Sessions {
    /// Sessions that begin with the caller's; members are entered with a session policy.
    pub(super) fn new(
        base: &SdkConfig,
        account: AccountId,
        partition: Partition,
        first_region: RegionName,
        entrance: Option<Entrance>,
        policy: String,
    ) -> Self {
        let mut caller = Session::of(account, base.to_builder(), first_region);
        caller.path = ShortPath::new(&caller.config).map(Arc::new);
        let door = entrance.map(|entrance| Arc::new(Door { sts: caller.sts(&caller.first_region), entrance, policy }));
        Self { caller, partition, door, inactive: OnceLock::new(), entered: Mutex::default() }
    }

    /// Learns which accounts of the organization are not in use: nobody can enter them.
    pub(super) fn learn(&self, everyone: &[Account]) {
        let inactive = everyone.iter().filter(|account| !account.is_active());
        let states = inactive.filter_map(|account| Some((account.id, account.state.as_ref()?.to_string())));
        let _ = self.inactive.set(states.collect());
    }

    /// The caller's own session.
    pub(super) fn caller(&self) -> &Session {
        &self.caller
    }

    /// Enters an account, once; a refusal is entered in the ledger, once.
    pub(super) async fn enter(&self, account: AccountId, ledger: &Ledger) -> Entered {
        if account == self.caller.account {
            return Ok(self.caller.clone());
        }
        let cell = {
            let mut entered = self.entered.lock().unwrap_or_else(PoisonError::into_inner);
            entered.entry(account).or_default().clone()
        };
        cell.get_or_init(|| self.assume(account, ledger)).await.clone()
    }

    async fn assume(&self, account: AccountId, ledger: &Ledger) -> Entered {
        let unit = Unit::of(Call::AssumeRole).account(account);
        if let Some(state) = self.inactive.get().and_then(|inactive| inactive.get(&account)) {
            let message = format!("account {account} is {state}: nobody can enter it");
            ledger.not_asked(&unit, Cause::AccountInactive, &message);
            return Err((Cause::AccountInactive, message));
        }
        let Some(door) = &self.door else {
            let message = "only the caller's own account is scanned: give --role-name to enter others";
            ledger.not_asked(&unit, Cause::NotCollected, message);
            return Err((Cause::NotCollected, message.to_owned()));
        };
        let name = door.entrance.role_name.trim_start_matches('/');
        let role_arn = format!("arn:{}:iam::{account}:role/{name}", self.partition);
        let role = RoleCredentials { door: door.clone(), role_arn, first: Arc::default() };
        let answer = ledger.ask(&unit, role.assume().send()).await;
        match answer {
            Answer::Refused(_, refusal) => {
                let cause = entrance_cause(&refusal.cause, &refusal.message);
                let message = format!("{} cannot be assumed: {}", role.role_arn, refusal.message);
                ledger.unanswered(&unit, cause.clone(), message.clone());
                Err((cause, message))
            }
            Answer::Read(at, output) => {
                let read = ledger.read(&unit, Answer::Read(at, output), |output| {
                    credentials(output).ok_or_else(|| Malformed::lacks("credentials"))
                });
                let Some(first) = read else {
                    return Err((Cause::MalformedAnswer, "the answer of sts:AssumeRole lacks credentials".to_owned()));
                };
                *role.first.lock().unwrap_or_else(PoisonError::into_inner) = Some(first.value);
                Ok(self.session_of(account, role))
            }
        }
    }

    fn session_of(&self, account: AccountId, role: RoleCredentials) -> Session {
        let config = self.caller.config.to_builder().credentials_provider(SharedCredentialsProvider::new(role));
        let session = Session::of(account, config, self.caller.first_region.clone());
        Session { path: self.caller.path.clone(), ..session }
    }
}

fn partition_of(account: AccountId) -> RetryPartition {
    RetryPartition::custom(account.to_string()).token_bucket(TokenBucket::default()).build()
}

/// STS says of a role that is not there, and of one that does not trust the caller, only that it may not be assumed.
///
/// Source: IAM User Guide, "Troubleshoot IAM roles", "I can't assume a role".
fn entrance_cause(cause: &Cause, message: &str) -> Cause {
    match cause {
        Cause::Unclassified if message.starts_with("AccessDenied") => Cause::RoleMissing,
        other => other.clone(),
    }
}

/// Assumes a role, again whenever its credentials run out.
///
/// The SDK's own provider asks the caller's provider chain anew for every role, which for SSO or an external process
/// is a call each; this one signs with the caller's cached credentials.
#[derive(Clone)]
struct RoleCredentials {
    door: Arc<Door>,
    role_arn: String,
    first: Arc<Mutex<Option<Credentials>>>,
}

impl std::fmt::Debug for RoleCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RoleCredentials").field("role_arn", &self.role_arn).finish_non_exhaustive()
    }
}

impl RoleCredentials {
    fn assume(&self) -> aws_sdk_sts::operation::assume_role::builders::AssumeRoleFluentBuilder {
        let Door { sts, entrance, policy } = &*self.door;
        sts.assume_role()
            .role_arn(&self.role_arn)
            .role_session_name(&entrance.session_name)
            .set_external_id(entrance.external_id.clone().map(|id| id.0))
            .policy(policy)
    }

    async fn load(&self) -> Result<Credentials, CredentialsError> {
        if let Some(first) = self.first.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Ok(first);
        }
        let output = self.assume().send().await.map_err(CredentialsError::provider_error)?;
        credentials(output).ok_or_else(|| CredentialsError::unhandled("the answer of sts:AssumeRole lacks credentials"))
    }
}

impl ProvideCredentials for RoleCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.load())
    }
}

fn credentials(output: AssumeRoleOutput) -> Option<Credentials> {
    let given = output.credentials?;
    let complete =
        ![&given.access_key_id, &given.secret_access_key, &given.session_token].iter().any(|part| part.is_empty());
    let expires = std::time::SystemTime::try_from(given.expiration).ok()?;
    complete.then(|| {
        Credentials::new(given.access_key_id, given.secret_access_key, Some(given.session_token), Some(expires), "role")
    })
}
