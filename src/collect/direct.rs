//! Services that are asked over the SDK's runtime without a crate of their own.
//!
//! AWS Config, Athena and S3 Control are asked seven questions in all, and their crates were a seventh of a first build.
//! What a crate adds to the runtime is little for those: where the service is, how a question is written, how an answer
//! and an error are read. Credentials, signature, retries, bounds of time and the user agent are the runtime's, as for
//! every other service. The tests have the crates, and hold that both ask the same questions at the same addresses.

mod answer;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt::Debug;

use aws_config::{Region, SdkConfig};
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::auth::{SigV4OperationSigningConfig, SigningOptions};
use aws_runtime::invocation_id::InvocationIdInterceptor;
use aws_runtime::recursion_detection::RecursionDetectionInterceptor;
use aws_runtime::request_info::RequestInfoInterceptor;
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_runtime::service_clock_skew::{
    DisableClockSkewCorrection, ServiceClockSkewClassifier, ServiceClockSkewInterceptor,
};
use aws_runtime::user_agent::{ApiMetadata, UserAgentInterceptor};
use aws_smithy_runtime::client::http::connection_poisoning::ConnectionPoisoningInterceptor;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::RetryPartition;
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{AuthSchemeOptionResolverParams, SharedAuthSchemeOptionResolver};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::metadata::ErrorMetadata;
use aws_types::SigningName;
use aws_types::region::SigningRegion;
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::call::Call;
use super::endpoint;
use super::renewal::Renewal;
use crate::id::{AccountId, RegionName};

/// A service, as the runtime has to know it.
#[derive(Debug)]
pub(super) struct Service {
    /// The name that AWS's settings and operations know it by.
    pub(super) id: &'static str,
    /// The name by which the user agent tells it.
    agent: &'static str,
    /// What its host begins with.
    pub(super) host: &'static str,
    /// The name that requests are signed for.
    signing_name: &'static str,
    /// What the name of an operation follows in the header of a question in JSON; empty where questions are not.
    target: &'static str,
}

/// AWS Config.
pub(super) const CONFIG: Service = Service {
    id: "Config Service",
    agent: "configservice",
    host: "config",
    signing_name: "config",
    target: "StarlingDoveService",
};

/// Athena.
pub(super) const ATHENA: Service =
    Service { id: "Athena", agent: "athena", host: "athena", signing_name: "athena", target: "AmazonAthena" };

/// S3 Control.
pub(super) const S3_CONTROL: Service =
    Service { id: "S3 Control", agent: "s3control", host: "s3-control", signing_name: "s3", target: "" };

/// The input of a question that says nothing.
#[derive(Debug, Serialize)]
pub(super) struct Nothing {}

/// What an answer's object holds beside what is read. Where it is flattened in, a list in the object's place is malformed, which
/// serde would take for the fields in their order.
pub(super) type Rest = BTreeMap<String, IgnoredAny>;

/// What a question came to: the answer, or what was there instead.
pub(super) type Asked<T> = Result<T, SdkError<ErrorMetadata, HttpResponse>>;

/// A client of such a service, in one Region and with the credentials of one account.
#[derive(Debug, Clone)]
pub(super) struct Client {
    service: &'static Service,
    config: SdkConfig,
    region: RegionName,
    retry: RetryPartition,
    renewal: Renewal,
}

/// The name of an operation, without its service.
fn name(call: Call) -> &'static str {
    let operation = call.operation();
    operation.split_once(':').map_or(operation, |(_, name)| name)
}

/// A question before it is signed.
#[derive(Debug)]
struct Question {
    method: &'static str,
    path: &'static str,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Question {
    fn request(self) -> Result<HttpRequest, BoxError> {
        let mut request = http::Request::builder().method(self.method).uri(self.path);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        if !self.body.is_empty() {
            request = request.header("content-length", self.body.len());
        }
        Ok(request.body(SdkBody::from(self.body))?.try_into()?)
    }
}

impl Client {
    /// A client that asks with the credentials and settings of a session.
    pub(super) fn new(
        service: &'static Service,
        config: SdkConfig,
        region: RegionName,
        retry: RetryPartition,
        renewal: Renewal,
    ) -> Self {
        Self { service, config, region, retry, renewal }
    }

    /// Asks a service that speaks AWS JSON 1.1.
    ///
    /// Source: Smithy specification, "AWS JSON 1.1 protocol".
    ///
    /// # Errors
    /// Where the service refuses, cannot be reached, or answers what is no `T`.
    pub(super) async fn ask<T>(&self, call: Call, input: &impl Serialize) -> Asked<T>
    where
        T: DeserializeOwned + Debug + Send + Sync + 'static,
    {
        let question = Question {
            method: "POST",
            path: "/",
            headers: vec![
                ("content-type", "application/x-amz-json-1.1".to_owned()),
                ("x-amz-target", format!("{}.{}", self.service.target, name(call))),
            ],
            body: serde_json::to_vec(input).map_err(SdkError::construction_failure)?,
        };
        let address = endpoint::of(self.service, None, &self.config, &self.region).await;
        self.put(call, question, address, SigningOptions::default(), answer::json, answer::json_error).await
    }

    /// Asks S3 Control for a document of an account.
    ///
    /// Sources: Smithy specification, "AWS restXml protocol"; S3 API Reference, GetPublicAccessBlock (S3 Control).
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub(super) async fn document<T>(&self, call: Call, path: &'static str, of: AccountId) -> Asked<T>
    where
        T: DeserializeOwned + Debug + Send + Sync + 'static,
    {
        let question =
            Question { method: "GET", path, headers: vec![("x-amz-account-id", of.to_string())], body: Vec::new() };
        let address = endpoint::of(self.service, Some(of), &self.config, &self.region).await;
        let mut signing = SigningOptions::default();
        signing.content_sha256_header = true;
        signing.double_uri_encode = false;
        self.put(call, question, address, signing, answer::xml, answer::xml_error).await
    }

    async fn put<T>(
        &self,
        call: Call,
        question: Question,
        address: Result<String, endpoint::Nowhere>,
        signing: SigningOptions,
        read: fn(&[u8]) -> Result<T, answer::Unread>,
        error: fn(&HttpResponse) -> ErrorMetadata,
    ) -> Asked<T>
    where
        T: Debug + Send + Sync + 'static,
    {
        // What the SDK makes of it too, wherever it comes to nothing before a request is sent.
        let address = address.map_err(|error| SdkError::dispatch_failure(ConnectorError::other(error.into(), None)))?;
        let mut asked = Operation::builder()
            .service_name(self.service.id)
            .operation_name(name(call))
            .endpoint_url(&address)
            .runtime_plugin(self.plugin(signing));
        if let Some(version) = self.config.behavior_version() {
            asked = asked.behavior_version(version);
        }
        if let Some(retry) = self.config.retry_config() {
            asked = asked.standard_retry(retry);
        }
        if let Some(timeouts) = self.config.timeout_config() {
            asked = asked.timeout_config(timeouts.clone());
        }
        let asked = asked.serializer(Question::request).deserializer(move |response: &HttpResponse| {
            if !response.status().is_success() {
                return Err(OrchestratorError::operation(error(response)));
            }
            // An answer without a body is no document, and so none.
            let body = response.body().bytes().unwrap_or_default();
            read(body).map_err(|unread| OrchestratorError::response(unread.into()))
        });
        asked.build().invoke(question).await
    }

    /// What the SDK's clients are made of, for this service.
    fn plugin(&self, signing_options: SigningOptions) -> StaticRuntimePlugin {
        let config = &self.config;
        let mut layer = Layer::new("direct");
        layer.store_put(SigV4OperationSigningConfig { signing_options, ..SigV4OperationSigningConfig::default() });
        layer.store_put(SigningName::from_static(self.service.signing_name));
        layer.store_put(SigningRegion::from(Region::new(self.region.to_string())));
        layer.store_put(ApiMetadata::new(self.service.agent, env!("CARGO_PKG_VERSION")));
        layer.store_put(AuthSchemeOptionResolverParams::new(()));
        layer.store_put(self.retry.clone());
        layer.store_or_unset(config.app_name().cloned());
        layer.store_or_unset(config.stalled_stream_protection());
        layer.store_or_unset(config.disable_clock_skew_correction().map(DisableClockSkewCorrection::from));
        let schemes = StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID]);
        let components = RuntimeComponentsBuilder::new("direct")
            .with_http_client(config.http_client())
            .with_sleep_impl(config.sleep_impl())
            .with_time_source(config.time_source())
            .with_identity_cache(config.identity_cache())
            .with_auth_scheme(SigV4AuthScheme::new())
            .with_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(schemes)))
            .with_interceptor(ConnectionPoisoningInterceptor::new())
            .with_interceptor(ServiceClockSkewInterceptor::new())
            .with_interceptor(RequestInfoInterceptor::new())
            .with_interceptor(UserAgentInterceptor::new())
            .with_interceptor(InvocationIdInterceptor::new())
            .with_interceptor(RecursionDetectionInterceptor::new())
            .with_retry_classifier(HttpStatusCodeClassifier::default())
            .with_retry_classifier(TransientErrorClassifier::<ErrorMetadata>::new())
            .with_retry_classifier(AwsErrorCodeClassifier::<ErrorMetadata>::new())
            .with_retry_classifier(ServiceClockSkewClassifier::<ErrorMetadata>::new())
            .with_retry_classifier(self.renewal.clone());
        let components = match config.credentials_provider() {
            Some(provider) => components.with_identity_resolver(SCHEME_ID, provider),
            None => components,
        };
        StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
    }
}
