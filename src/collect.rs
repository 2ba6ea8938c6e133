//! Reading from AWS: the only room that names its SDK.
//!
//! Nothing that one account answers, or fails to answer, stops the others: a refusal becomes a gap. Every question is
//! in the [table of calls](CALLS) and goes through the ledger.

mod account;
mod account_tags;
mod alarm;
mod alert_topic;
mod answers;
mod athena;
mod authorization;
mod bucket;
mod call;
mod classify;
mod config;
mod data_bucket;
mod destination;
mod direct;
mod doctor;
mod endpoint;
mod error;
mod event_bus;
mod event_data_store;
mod journal;
mod key;
mod ledger;
#[cfg(test)]
mod listening;
mod log_group;
mod log_role;
mod needs;
mod network;
mod once;
mod organization;
mod owner;
mod pace;
mod page;
mod patience;
mod permissions;
mod plan;
mod raw;
mod renewal;
mod scan;
mod selection;
mod service_control;
mod session;
mod session_policy;
mod sweep;
mod trail;
mod trail_list;
mod wire;

use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

pub use answers::{AnswerLog, Answers, AnswersError};
pub use call::{Asker, CALLS, Call, CallDeclaration, Each, FactGroup, SESSION_POLICY_LIMIT};
pub use doctor::{Check, Examined, Matter, State, examine};
pub use error::CollectError;
pub use journal::{Journal, JournalError};
pub use needs::Needs;
pub use network::{Network, NetworkError};
pub use pace::Pace;
pub use patience::Patience;
pub use permissions::{ENTERING_ACTION, Holder, Permissions};
pub use session::{Entrance, Secret};
pub use wire::Progress;

use crate::snapshot::{Organization, Plan, Selection, Snapshot};

/// What to read, and how.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What is to be scanned.
    pub selection: Selection,
    /// What of it is read.
    pub needs: Needs,
    /// How members are entered; nothing where only the caller's account is scanned.
    pub entrance: Option<Entrance>,
    /// At most this many accounts are read at once.
    pub accounts_at_once: usize,
    /// How long an answer is waited for.
    pub patience: Patience,
    /// Where answers are kept, and those of a run that ended early are found.
    pub journal: Option<Arc<Journal>>,
    /// Where all answers are kept for whoever doubts the snapshot.
    pub answers: Option<Arc<AnswerLog>>,
    /// The answers of an earlier run, where nobody is asked but those: see [`replay`].
    pub replay: Option<Arc<Answers>>,
    /// How fast requests go out.
    pub pace: Pace,
    /// An earlier snapshot of the same organization, which says what there is: the plan is made from it.
    pub like: Option<Arc<Snapshot>>,
}

impl Settings {
    /// At most this many accounts are read at once.
    fn at_once(&self) -> usize {
        self.accounts_at_once.max(1)
    }

    /// The selection as the snapshot keeps it: with what is read of what is scanned.
    fn selection(&self) -> Selection {
        Selection {
            buckets: self.needs.buckets().clone(),
            deep: self.needs.asks(Call::GetRegionalTrailStatus),
            fast: self.needs.asks(Call::ListTrails),
            operations: self.needs.operations(),
            ..self.selection.clone()
        }
    }
}

/// Says what [`collect`] will take, by the same settings: lists the accounts, and enters none.
///
/// # Errors
/// As [`collect`].
pub async fn plan(
    base: &SdkConfig,
    http: SharedHttpClient,
    settings: &Settings,
) -> Result<(Option<Organization>, Plan), CollectError> {
    let http = pace::paced(http, settings.pace);
    scan::planned(&settings.patience.over(base.to_builder().http_client(http).build()), settings).await
}

/// Reads everything that the settings ask for.
///
/// `base` carries the caller's credentials, the Region of the first calls and the user's endpoints; `http` is the
/// client that all services share.
///
/// # Errors
/// Where it is not known who asks, where the organization was asked for and cannot be listed, and where the selection
/// names an account or organizational unit that is not there. Everything else becomes a gap.
pub async fn collect(
    base: &SdkConfig,
    http: SharedHttpClient,
    settings: &Settings,
    progress: Arc<Progress>,
) -> Result<Snapshot, CollectError> {
    let http = pace::paced(http, settings.pace);
    let metered =
        SharedHttpClient::new(wire::MeteredClient::new(http, progress.clone(), settings.patience.largest_answer));
    let base = settings.patience.over(base.to_builder().http_client(metered).build());
    scan::scan(&base, settings, &progress).await
}

/// Reads what a run read, from the answers that it kept: nobody is asked. The snapshot is that of the run, but for how it
/// went.
///
/// # Errors
/// As [`collect`], where the answers are not those of a run that came to its end.
pub async fn replay(answers: Arc<Answers>) -> Result<Snapshot, CollectError> {
    let head = answers.head().clone();
    let nobody = Credentials::new("none", "none", None, None, "answers");
    let base = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(head.region.map(Region::new))
        .credentials_provider(SharedCredentialsProvider::new(nobody))
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(SystemTimeSource::new())
        .build();
    let entrance = head.selection.role_name.clone().map(|role_name| Entrance {
        role_name,
        external_id: None,
        session_name: String::new(),
    });
    // What AWS was asked several times was kept as it answered last.
    let patience = Patience { attempts: 1, ..Patience::default() };
    let settings = Settings {
        selection: head.selection,
        needs: head.needs,
        entrance,
        accounts_at_once: head.accounts_at_once,
        patience,
        replay: Some(answers),
        ..Settings::default()
    };
    collect(&base, answers::from_nowhere(), &settings, Arc::default()).await
}
