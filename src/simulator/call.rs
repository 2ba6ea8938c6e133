//! One call, as the services see it.

use super::caller::Caller;
use super::index::Index;
use super::policy::Asker;
use super::service::Service;
use super::session::Sessions;
use super::wire::{Failure, Protocol, Request, cbor};
use jiff::Timestamp;
use serde_json::Value;

/// What an operation was given.
#[derive(Debug)]
pub(super) enum Parameters {
    Json(Value),
    /// A form or a query string.
    Pairs(Vec<(String, String)>),
}

impl Parameters {
    /// The parameters of a request, or nothing where its body is malformed.
    pub(super) fn read(protocol: Protocol, request: &Request) -> Option<Self> {
        let pairs = |text: &[u8]| Self::Pairs(form_urlencoded::parse(text).into_owned().collect());
        match protocol {
            Protocol::Json | Protocol::RestJson if request.body().is_empty() => Some(Self::Json(Value::Null)),
            Protocol::Json | Protocol::RestJson => {
                let value: Value = serde_json::from_slice(request.body()).ok()?;
                value.is_object().then_some(Self::Json(value))
            }
            Protocol::Cbor => cbor::decode(request.body()).filter(Value::is_object).map(Self::Json),
            Protocol::Query => Some(pairs(request.body())),
            Protocol::S3 | Protocol::RestXml => Some(pairs(request.uri().query().unwrap_or("").as_bytes())),
        }
    }

    /// A parameter that is text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self {
            Self::Json(value) => value.get(name)?.as_str(),
            Self::Pairs(pairs) => pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()),
        }
    }

    /// A parameter that is a number.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        match self {
            Self::Json(value) => value.get(name)?.as_i64(),
            Self::Pairs(_) => self.text(name)?.parse().ok(),
        }
    }

    /// A parameter that is a list of texts.
    pub(super) fn texts(&self, name: &str) -> Vec<&str> {
        match self {
            Self::Json(value) => {
                value.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
            }
            Self::Pairs(_) => Vec::new(),
        }
    }

    /// A parameter that is a list of values of whatever shape.
    pub(super) fn values(&self, name: &str) -> &[Value] {
        match self {
            Self::Json(value) => value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice),
            Self::Pairs(_) => &[],
        }
    }

    /// A parameter that is true or false.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        match self {
            Self::Json(value) => value.get(name)?.as_bool(),
            Self::Pairs(_) => self.text(name)?.parse().ok(),
        }
    }
}

/// A call of a read operation by a known caller, in a Region that is on.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) index: &'a Index,
    pub(super) sessions: &'a Sessions,
    pub(super) now: Timestamp,
    pub(super) request: &'a Request,
    pub(super) service: &'static Service,
    pub(super) operation: &'static str,
    /// The IAM action that the operation needs.
    pub(super) action: &'static str,
    pub(super) caller: Caller<'a>,
    pub(super) region: &'a str,
    pub(super) parameters: Parameters,
}

impl<'a> Call<'a> {
    /// The id of the account that asks.
    pub(super) fn account(&self) -> &'a str {
        self.caller.account()
    }

    /// The caller, as policies see it.
    pub(super) fn asker(&self) -> Asker<'_> {
        Asker {
            account: self.account(),
            arn: &self.caller.arn,
            organization: self.index.organization_of(&self.caller.entry.account),
        }
    }

    /// A required parameter.
    pub(super) fn required(&self, name: &str) -> Result<&str, Failure> {
        self.parameters.text(name).ok_or_else(|| {
            let message = format!(
                "1 validation error detected: Value null at '{name}' failed to satisfy constraint: Member must not be null"
            );
            self.service.codes.validation(message)
        })
    }
}
