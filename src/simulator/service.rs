//! The services: one file each, one row each in the table.

mod account;
pub(super) mod athena;
pub(super) mod cloudtrail;
mod cloudwatch;
mod config;
mod events;
mod iam;
mod kms;
mod logs;
pub(super) mod organizations;
mod s3;
mod s3control;
mod sns;
mod sts;
mod tagging;

use super::call::Call;
use super::wire::{Answer, Failure, Protocol, Request};
use std::borrow::Cow;

/// All services.
static SERVICES: &[&Service] = &[
    &sts::SERVICE,
    &organizations::SERVICE,
    &account::SERVICE,
    &cloudtrail::SERVICE,
    &s3::SERVICE,
    &s3control::SERVICE,
    &kms::SERVICE,
    &sns::SERVICE,
    &logs::SERVICE,
    &cloudwatch::SERVICE,
    &config::SERVICE,
    &athena::SERVICE,
    &events::SERVICE,
    &iam::SERVICE,
    &tagging::SERVICE,
];

/// A service: how it speaks, what it lets one read, and what it answers.
#[derive(Debug)]
pub(super) struct Service {
    /// The name in records, weather and IAM actions.
    pub(super) name: &'static str,
    /// The name that requests are signed for.
    pub(super) signing_name: &'static str,
    /// What stands before the operation in `x-amz-target`.
    pub(super) target: Option<&'static str>,
    pub(super) protocol: Protocol,
    pub(super) codes: Codes,
    /// The operations that read, with the IAM action each needs; all others are refused.
    pub(super) reads: &'static [(&'static str, &'static str)],
    /// The operation that a request calls.
    pub(super) operation: fn(&Request) -> Cow<'static, str>,
    /// The ARN that a call is about, for policies and refusals.
    pub(super) resource: fn(&Call<'_>) -> Option<String>,
    pub(super) answer: fn(&Call<'_>) -> Result<Answer, Failure>,
}

/// The service that a request is signed for.
pub(super) fn signed_for(signing_name: &str, request: &Request) -> Option<&'static Service> {
    if signing_name == "s3" {
        let control =
            request.headers().contains_key("x-amz-account-id") || request.uri().path().starts_with("/v20180820/");
        return Some(if control { &s3control::SERVICE } else { &s3::SERVICE });
    }
    SERVICES.iter().copied().find(|service| service.signing_name == signing_name)
}

/// The service that an unsigned request seems to mean.
pub(super) fn seemingly_for(request: &Request) -> Option<&'static Service> {
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    if let Some((prefix, _)) = target.and_then(|target| target.split_once('.')) {
        return SERVICES.iter().copied().find(|service| service.target == Some(prefix));
    }
    let host = host(request);
    let named = |service: &&&Service| host.split(['.', '-']).any(|label| label == service.signing_name);
    SERVICES.iter().find(named).copied()
}

/// The Region of the bucket that a call to S3 is about: S3 tells it "whatever the permissions".
pub(super) fn bucket_region(call: &Call<'_>) -> Option<String> {
    (call.service.protocol == Protocol::S3).then(|| s3::bucket_region(call)).flatten()
}

/// The host that a request is for, without the port.
pub(super) fn host(request: &Request) -> &str {
    let header = request.headers().get(http::header::HOST).and_then(|host| host.to_str().ok());
    let host = request.uri().host().or(header).unwrap_or("");
    host.split(':').next().unwrap_or("")
}

/// The operation of awsJson.
pub(super) fn operation_in_target(request: &Request) -> Cow<'static, str> {
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or("");
    Cow::Owned(target.rsplit('.').next().unwrap_or("").to_owned())
}

/// The operation of rpcV2Cbor.
pub(super) fn operation_in_path(request: &Request) -> Cow<'static, str> {
    Cow::Owned(request.uri().path().rsplit('/').next().unwrap_or("").to_owned())
}

/// The operation of awsQuery.
pub(super) fn operation_in_form(request: &Request) -> Cow<'static, str> {
    let action = form_urlencoded::parse(request.body()).find(|(key, _)| key == "Action");
    Cow::Owned(action.map(|(_, value)| value.into_owned()).unwrap_or_default())
}

/// The codes and statuses of the errors that every service has in its own words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Codes {
    pub(super) denied: (u16, &'static str),
    pub(super) unknown_key: (u16, &'static str),
    pub(super) expired: (u16, &'static str),
    pub(super) throttled: (u16, &'static str),
    pub(super) validation: (u16, &'static str),
    pub(super) unavailable: (u16, &'static str),
    pub(super) broken: (u16, &'static str),
}

impl Codes {
    /// Those of most awsJson services.
    pub(super) const JSON: Self = Self {
        denied: (400, "AccessDeniedException"),
        unknown_key: (400, "UnrecognizedClientException"),
        expired: (400, "ExpiredTokenException"),
        throttled: (400, "ThrottlingException"),
        validation: (400, "ValidationException"),
        unavailable: (503, "ServiceUnavailableException"),
        broken: (500, "InternalFailure"),
    };

    /// Those of most awsQuery services.
    pub(super) const QUERY: Self = Self {
        denied: (403, "AccessDenied"),
        unknown_key: (403, "InvalidClientTokenId"),
        expired: (403, "ExpiredToken"),
        throttled: (400, "Throttling"),
        validation: (400, "ValidationError"),
        unavailable: (503, "ServiceUnavailable"),
        broken: (500, "InternalFailure"),
    };

    /// Those of S3.
    pub(super) const S3: Self = Self {
        denied: (403, "AccessDenied"),
        unknown_key: (403, "InvalidAccessKeyId"),
        expired: (400, "ExpiredToken"),
        throttled: (503, "SlowDown"),
        validation: (400, "InvalidRequest"),
        unavailable: (503, "ServiceUnavailable"),
        broken: (500, "InternalError"),
    };

    pub(super) fn denied(&self, message: impl Into<String>) -> Failure {
        Failure::new(self.denied.0, self.denied.1, message)
    }

    pub(super) fn validation(&self, message: impl Into<String>) -> Failure {
        Failure::new(self.validation.0, self.validation.1, message)
    }

    pub(super) fn unknown_key(&self) -> Failure {
        Failure::new(self.unknown_key.0, self.unknown_key.1, "The security token included in the request is invalid.")
    }

    pub(super) fn expired_token(&self) -> Failure {
        Failure::new(self.expired.0, self.expired.1, "The security token included in the request is expired")
    }

    pub(super) fn throttled(&self) -> Failure {
        Failure::new(self.throttled.0, self.throttled.1, "Rate exceeded")
    }
}

/// The protocol that a request to an unknown service seems to speak.
pub(super) fn guess_protocol(request: &Request) -> Protocol {
    let content_type = request.headers().get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    match content_type.unwrap_or("") {
        _ if request.headers().contains_key("x-amz-target") => Protocol::Json,
        "application/x-www-form-urlencoded" => Protocol::Query,
        "application/json" => Protocol::RestJson,
        "application/cbor" => Protocol::Cbor,
        _ => Protocol::RestXml,
    }
}

/// The operation that a request to an unknown service seems to call.
pub(super) fn guess_operation(request: &Request) -> Cow<'static, str> {
    match guess_protocol(request) {
        Protocol::Json => operation_in_target(request),
        Protocol::Query => operation_in_form(request),
        Protocol::Cbor => operation_in_path(request),
        _ => Cow::Owned(format!("{} {}", request.method(), request.uri().path())),
    }
}
