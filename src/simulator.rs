//! A simulated AWS organization, beneath the SDK's HTTP client.
//!
//! One pure function goes from a request to its answer; it is reached in process ([`Simulator::http_client`]) or over a
//! socket. It speaks each service's wire protocol, so that the real SDK clients are what is tested.

mod answer;
mod call;
mod caller;
mod client;
mod demo;
mod glob;
mod index;
mod permission;
mod policy;
mod record;
mod region;
mod service;
mod session;
mod wire;
mod world;

pub use demo::{DEMO_ROLE, demo_organization};
pub use record::RequestRecord;
pub use wire::{Request, Response};
pub use world::{
    Account, AccountState, Bucket, Denial, Grant, Key, LogGroup, MemberSelectors, MultiRegion, Organization,
    PolicyKind, PublicAccessBlock, Role, Rotation, Subscription, Topic, Trail, TrailStatus, World,
};

use answer::Heard;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use index::Index;
use jiff::Timestamp;
use record::Log;
use session::Sessions;
use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A simulated organization that answers requests; clones share the world and the record.
#[derive(Debug, Clone)]
pub struct Simulator {
    index: Arc<Index>,
    sessions: Arc<Sessions>,
    log: Arc<Log>,
    count: Arc<AtomicU64>,
}

impl Simulator {
    /// A simulator of a world.
    pub fn new(world: World) -> Self {
        Self {
            index: Arc::new(Index::new(world)),
            sessions: Arc::default(),
            log: Arc::new(Log::new(true)),
            count: Arc::default(),
        }
    }

    /// The simulator, recording refused writes alone.
    #[must_use]
    pub fn without_log(mut self) -> Self {
        self.log = Arc::new(Log::new(false));
        self
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
        self.log.requests()
    }

    /// The requests so far that were not on the list of reads.
    pub fn refused_writes(&self) -> Vec<RequestRecord> {
        self.log.refused_writes()
    }

    /// The answer to one request.
    pub fn handle(&self, request: &Request) -> Response {
        let now = Timestamp::now();
        let heard = Heard::new(&self.index, &self.sessions, request, now);
        let protocol = heard.protocol(request);
        let outcome = heard.answer(&self.index, &self.sessions, request, now);
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        let mut response = wire::respond(protocol, number, outcome);
        if request.method() == http::Method::HEAD {
            response.body_mut().clear();
        }
        self.log.keep(heard.is_write(), || RequestRecord {
            account: heard.account().to_owned(),
            region: heard.region.to_owned(),
            service: heard.service_name.to_string(),
            operation: heard.operation.to_string(),
            status: response.status().as_u16(),
            resource: wire::what_was_asked(protocol, request),
        });
        response
    }
}
