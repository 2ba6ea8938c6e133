//! From a request to its answer: who asks, what for, and whether they may. No I/O.

use super::call::{Call, Parameters};
use super::caller::{Caller, Scope};
use super::index::Index;
use super::permission;
use super::region;
use super::service::{self, Codes, Service};
use super::session::Sessions;
use super::wire::{Answer, Failure, Protocol, Request};
use jiff::Timestamp;
use std::borrow::Cow;

/// A request, understood as far as can be without asking whether it is allowed.
#[derive(Debug)]
pub(super) struct Heard<'a> {
    pub(super) service: Option<&'static Service>,
    pub(super) service_name: Cow<'a, str>,
    pub(super) operation: Cow<'static, str>,
    pub(super) region: &'a str,
    pub(super) caller: Result<Caller<'a>, Failure>,
}

impl<'a> Heard<'a> {
    /// Understands a request.
    pub(super) fn new(index: &'a Index, sessions: &Sessions, request: &'a Request, now: Timestamp) -> Self {
        let scope = Scope::of(request);
        let service = match scope {
            Some(scope) => service::signed_for(scope.service, request),
            None => service::seemingly_for(request),
        };
        let codes = service.map_or(&Codes::JSON, |service| &service.codes);
        let caller = scope.ok_or_else(|| codes.unknown_key());
        let caller = caller.and_then(|scope| Caller::authenticate(index, sessions, scope, request, codes, now));
        let named = scope.map_or("", |scope| scope.service);
        Self {
            service,
            service_name: Cow::Borrowed(service.map_or(named, |service| service.name)),
            operation: service
                .map_or_else(|| service::guess_operation(request), |service| (service.operation)(request)),
            region: scope.map_or("", |scope| scope.region),
            caller,
        }
    }

    /// The protocol to answer in.
    pub(super) fn protocol(&self, request: &Request) -> Protocol {
        self.service.map_or_else(|| service::guess_protocol(request), |service| service.protocol)
    }

    /// The codes of the service's errors.
    pub(super) fn codes(&self) -> &'static Codes {
        self.service.map_or(&Codes::JSON, |service| &service.codes)
    }

    /// The id of the account that asks, if it is known.
    pub(super) fn account(&self) -> &str {
        self.caller.as_ref().map_or("", |caller| caller.account())
    }

    /// The read operation and its action, if this is one.
    fn read(&self) -> Option<(&'static Service, &'static str, &'static str)> {
        let service = self.service?;
        let (operation, action) = service.reads.iter().find(|(name, _)| *name == self.operation)?;
        Some((service, operation, action))
    }

    /// The IAM action of the operation, if it is a read.
    pub(super) fn action(&self) -> Option<&'static str> {
        self.read().map(|(_, _, action)| action)
    }

    /// The action of another service that the operation takes beside its own.
    pub(super) fn also(&self) -> Option<&'static str> {
        let (service, operation, _) = self.read()?;
        (service.name == "athena").then(|| service::athena::of_glue(operation)).flatten()
    }

    /// Whether the request is for no service at all.
    fn is_garbage(&self) -> bool {
        self.service.is_none() && self.region.is_empty()
    }

    /// Whether this is an operation that is not on the list of reads, whoever asks.
    pub(super) fn is_write(&self) -> bool {
        self.read().is_none() && !self.is_garbage()
    }

    /// The answer to the request.
    pub(super) fn answer(
        &self,
        index: &'a Index,
        sessions: &'a Sessions,
        request: &'a Request,
        now: Timestamp,
    ) -> Result<Answer, Failure> {
        if self.is_garbage() {
            return Err(Failure::new(400, "BadRequest", "the request is not one to a service of AWS"));
        }
        let caller = self.caller.clone()?;
        // A Region that is off knows none of the account's keys.
        if !region::is_enabled(&index.world.partition, &caller.entry.account, self.region) {
            return Err(self.codes().unknown_key());
        }
        let Some((service, operation, action)) = self.read() else {
            return Err(Failure::new(403, "AccessDenied", "the simulator refuses every operation that is not a read"));
        };
        let parameters = Parameters::read(service.protocol, request)
            .ok_or_else(|| Failure::new(400, "SerializationException", "the body is not a JSON object"))?;
        let region = self.region;
        let call = Call { index, sessions, now, request, service, operation, action, caller, region, parameters };
        permission::check(&call)?;
        (service.answer)(&call)
    }
}
