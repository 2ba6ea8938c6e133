//! A simulated AWS organization, beneath the SDK's HTTP client.
//!
//! One pure function goes from a request to its answer; it is reached in process ([`Simulator::http_client`]) or over a
//! socket. It speaks each service's wire protocol, so that the real SDK clients are what is tested.

mod answer;
mod call;
mod caller;
mod client;
mod delivery;
mod demo;
mod glob;
mod index;
mod permission;
mod policy;
mod quota;
mod record;
mod region;
mod server;
mod service;
mod session;
mod weather;
mod wire;
mod world;

pub use demo::{DEMO_ROLE, demo_organization};
pub use quota::Quota;
pub use record::RequestRecord;
pub use weather::{Effect, Weather};
pub use wire::{Request, Response};
pub use world::{
    Account, AccountState, Alarm, AthenaTable, Bucket, Config, ConfigChannel, ConfigRecorder, DataCatalog, Denial,
    EventBus, EventDataStore, EventRule, Grant, Identities, Identity, IdentityPolicy, Key, LogGroup, MemberSelectors,
    MetricFilter, MultiRegion, Organization, PolicyKind, PublicAccessBlock, Role, Rotation, ServiceControlPolicy,
    Subscription, SubscriptionFilter, Target, Topic, Trail, TrailStatus, Watched, WatchedMetric, World,
};
pub use world::{log_bucket_policy, log_role_policy, trail_key_policy};

use answer::Heard;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use delivery::Delivery;
use index::Index;
use jiff::{SignedDuration, Timestamp};
use quota::Meter;
use record::Log;
use session::Sessions;
use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;
use weather::Forecast;

/// A simulated organization that answers requests; clones share the world, the sessions and the record.
///
/// ```
/// use trailproof::simulator::{Simulator, demo_organization};
/// let simulator = Simulator::new(demo_organization(jiff::Timestamp::now()));
/// let client = simulator.http_client(); // for `aws_config::SdkConfig::builder().http_client(…)`
/// let (access_key, secret) = simulator.credentials();
/// assert!(simulator.requests().is_empty());
/// # let _ = (client, access_key, secret);
/// ```
#[derive(Debug, Clone)]
pub struct Simulator {
    index: Arc<Index>,
    state: Arc<State>,
}

/// What changes while a simulator answers.
#[derive(Debug)]
struct State {
    sessions: Sessions,
    forecast: Forecast,
    meter: Meter,
    log: Log,
    count: AtomicU64,
    /// How many seconds the simulator's clock is ahead.
    ahead: AtomicI64,
}

impl State {
    fn new(weather: Vec<Weather>, quotas: Vec<Quota>, logs_everything: bool) -> Self {
        Self {
            sessions: Sessions::default(),
            forecast: Forecast::new(weather),
            meter: Meter::new(quotas),
            log: Log::new(logs_everything),
            count: AtomicU64::new(0),
            ahead: AtomicI64::new(0),
        }
    }
}

impl Simulator {
    /// A simulator of a world, in fair weather.
    pub fn new(world: World) -> Self {
        Self { index: Arc::new(Index::new(world)), state: Arc::new(State::new(Vec::new(), Vec::new(), true)) }
    }

    /// A simulator of the same world in other weather. It starts anew: no sessions, nothing recorded.
    #[must_use]
    pub fn with_weather(&self, weather: Vec<Weather>) -> Self {
        self.renewed(State::new(weather, self.state.meter.quotas(), self.state.log.everything))
    }

    /// A simulator of the same world that throttles. It starts anew: no sessions, nothing recorded.
    #[must_use]
    pub fn with_quota(&self, quota: Quota) -> Self {
        let quotas = self.state.meter.quotas().into_iter().chain([quota]).collect();
        self.renewed(State::new(self.state.forecast.rules(), quotas, self.state.log.everything))
    }

    /// A simulator of the same world that records refused writes alone. It starts anew: no sessions, nothing recorded.
    #[must_use]
    pub fn without_log(&self) -> Self {
        self.renewed(State::new(self.state.forecast.rules(), self.state.meter.quotas(), false))
    }

    fn renewed(&self, state: State) -> Self {
        Self { index: Arc::clone(&self.index), state: Arc::new(state) }
    }

    /// The simulator as the HTTP client of SDK clients.
    pub fn http_client(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }

    /// The access key id and secret of a user in the management account, or in the first account where there is none.
    pub fn credentials(&self) -> (String, String) {
        let organization = self.index.world.organization.as_ref();
        let first = self.index.accounts.first().map(|entry| entry.account.id.as_str());
        self.credentials_of(organization.map(|organization| organization.management.as_str()).or(first).unwrap_or(""))
    }

    /// The access key id and secret of a user in an account.
    pub fn credentials_of(&self, account: impl Display) -> (String, String) {
        let key = caller::access_key_of(&account.to_string());
        let secret = format!("simulated-secret-of-{key}");
        (key, secret)
    }

    /// All requests so far, in the order of their answers.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.state.log.requests()
    }

    /// The requests so far that were not on the list of reads; each was refused.
    pub fn refused_writes(&self) -> Vec<RequestRecord> {
        self.state.log.refused_writes()
    }

    /// Puts the simulator's clock forward, so that sessions expire.
    pub fn advance(&self, time: Duration) {
        let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        self.state.ahead.fetch_add(seconds, Ordering::Relaxed);
    }

    /// The answer to one request, whatever becomes of it on the way.
    pub fn answer(&self, request: &Request) -> Response {
        self.deliver(request).response
    }

    fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_secs(self.state.ahead.load(Ordering::Relaxed));
        Timestamp::now().saturating_add(ahead).unwrap_or(Timestamp::MAX)
    }

    /// What the simulator's clock says, as HTTP writes it (RFC 9110, 5.6.7).
    fn date(&self) -> String {
        self.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    fn deliver(&self, request: &Request) -> Delivery {
        let (state, now) = (&*self.state, self.now());
        let heard = Heard::new(&self.index, &state.sessions, request, now);
        let effects = state.forecast.effects(&heard);
        let outcome = if let Some(refusal) = delivery::refusal(&effects, &heard) {
            Err(refusal)
        } else if !state.meter.allows(&heard) {
            Err(heard.codes().throttled())
        } else {
            heard.answer(&self.index, &state.sessions, request, now)
        };
        let protocol = heard.protocol(request);
        let mut response = wire::respond(protocol, state.count.fetch_add(1, Ordering::Relaxed), outcome);
        if request.method() == http::Method::HEAD {
            response.body_mut().clear();
        }
        let delivery = Delivery::new(response, &effects);
        state.log.keep(heard.is_write(), || RequestRecord {
            account: heard.account().to_owned(),
            region: heard.region.to_owned(),
            service: heard.service_name.to_string(),
            operation: heard.operation.to_string(),
            action: heard.action(),
            also: heard.also(),
            status: delivery.status(),
            resource: wire::what_was_asked(protocol, request),
        });
        delivery
    }
}
