//! The short path: a question is written, addressed, signed and sent as the SDK's client does, and nothing else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::user_agent::{ApiMetadata, AwsUserAgent};
use aws_sdk_cloudtrail::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use aws_sdk_cloudtrail::operation::describe_trails as trails;
use aws_sdk_cloudtrail::operation::list_event_data_stores as stores;
use aws_sigv4::http_request::{PayloadChecksumKind, SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_async::future::timeout::Timeout;
use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep};
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime::client::orchestrator::endpoints::StaticUriEndpointResolver;
use aws_smithy_runtime::client::retries::strategy::NeverRetryStrategy;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnector, HttpConnectorSettings, SharedHttpConnector};
use aws_smithy_runtime_api::client::identity::Identity;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_types::body::SdkBody;
use http::HeaderValue;
use http_body_util::BodyExt;

use super::super::endpoint;
use super::super::renewal::Renewal;
use super::Asked;
use super::operation::{Ending, Operation, OperationError, Shape};
use crate::id::RegionName;

type DescribeTrails = Operation<trails::DescribeTrailsInput, trails::DescribeTrailsOutput, trails::DescribeTrailsError>;
type ListEventDataStores =
    Operation<stores::ListEventDataStoresInput, stores::ListEventDataStoresOutput, stores::ListEventDataStoresError>;

/// Why a question stays open.
#[derive(Debug, Clone, Copy)]
pub(super) enum Open {
    /// It cannot be put, and was not.
    NotPut,
    /// It was put, and what went wrong may pass.
    MayPass,
}

/// What all questions of a run share that take the short path.
#[derive(Debug)]
pub(in crate::collect) struct ShortPath {
    describe_trails: DescribeTrails,
    list_event_data_stores: ListEventDataStores,
    connector: SharedHttpConnector,
    agent: [(&'static str, HeaderValue); 2],
    /// Which attempt it is, of how many.
    attempt: HeaderValue,
    /// At most so long for an attempt.
    patience: Duration,
    /// At most so long between two attempts.
    longest_pause: Duration,
    sleep: SharedAsyncSleep,
    clock: SharedTimeSource,
    config: SdkConfig,
    /// Where CloudTrail is in each Region, or nothing where a client has to say.
    addresses: Mutex<HashMap<RegionName, Option<Arc<str>>>>,
}

impl ShortPath {
    /// The short path with the settings of a run; nothing where they lack something that it takes, or allow one attempt
    /// alone, which is then the client's.
    pub(in crate::collect) fn new(config: &SdkConfig) -> Option<Self> {
        config.retry_config().filter(|retry| retry.max_attempts() > 1)?;
        let timeouts = config.timeout_config()?;
        let mut settings = HttpConnectorSettings::builder();
        settings.set_connect_timeout(timeouts.connect_timeout()).set_read_timeout(timeouts.read_timeout());
        Some(Self {
            describe_trails: Operation::of(&trails::DescribeTrails::new())?,
            list_event_data_stores: Operation::of(&stores::ListEventDataStores::new())?,
            connector: config.http_client()?.http_connector(&settings.build(), &components(config)?),
            agent: agent(config)?,
            attempt: format!("attempt=1; max={}", config.retry_config()?.max_attempts()).try_into().ok()?,
            patience: timeouts.operation_attempt_timeout()?,
            longest_pause: config.retry_config()?.max_backoff(),
            sleep: config.sleep_impl()?,
            clock: config.time_source()?,
            config: config.clone(),
            addresses: Mutex::default(),
        })
    }

    pub(super) fn describe_trails(&self) -> &DescribeTrails {
        &self.describe_trails
    }

    pub(super) fn list_event_data_stores(&self) -> &ListEventDataStores {
        &self.list_event_data_stores
    }

    /// Puts a question once, with the credentials in use.
    ///
    /// # Errors
    /// Where it cannot be put, and where something went wrong that may pass: then after the pause that AWS asks for, at most as
    /// long as one that the client would make.
    pub(super) async fn ask<I: Shape, O: Shape, E: OperationError>(
        &self,
        operation: &Operation<I, O, E>,
        input: I,
        region: &RegionName,
        renewal: &Renewal,
    ) -> Result<Asked<O, E>, Open> {
        let identity = renewal.current(self.clock.now()).ok_or(Open::NotPut)?;
        let address = self.address(region).await.ok_or(Open::NotPut)?;
        let request = operation.request(input).and_then(|question| self.request(question, &address, region, &identity));
        let request = request.map_err(|_| Open::NotPut)?;
        let ending = match Timeout::new(self.put(request), self.sleep.sleep(self.patience)).await {
            Ok(Ok(response)) => operation.ending(response, self.clock.now(), renewal),
            Ok(Err(error)) if is_final(&error) => Ending::Refused(SdkError::dispatch_failure(error)),
            Ok(Err(_)) | Err(_) => Ending::MayPass(None),
        };
        match ending {
            Ending::Answered(output) => Ok(Ok(output)),
            Ending::Refused(refused) => Ok(Err(refused)),
            Ending::MayPass(response) => {
                if let Some(pause) = response.as_ref().and_then(retry_after) {
                    self.sleep.sleep(pause.min(self.longest_pause)).await;
                }
                Err(Open::MayPass)
            }
        }
    }

    /// Sends a question; its answer, whole.
    async fn put(&self, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        let mut response = self.connector.call(request).await?;
        if response.body().bytes().is_none() {
            let body = std::mem::replace(response.body_mut(), SdkBody::taken());
            *response.body_mut() = SdkBody::from(body.collect().await.map_err(ConnectorError::io)?.to_bytes());
        }
        Ok(response)
    }

    /// A question with all that goes over the wire.
    fn request(
        &self,
        mut request: HttpRequest,
        address: &str,
        region: &RegionName,
        identity: &Identity,
    ) -> Result<HttpRequest, BoxError> {
        request.uri_mut().set_endpoint(address)?;
        for (name, value) in &self.agent {
            request.headers_mut().insert(*name, value.clone());
        }
        let mut settings = SigningSettings::default();
        settings.payload_checksum_kind = PayloadChecksumKind::NoHeader;
        let signing = SigningParams::builder()
            .identity(identity)
            .region(region.as_str())
            .name("cloudtrail")
            .time(self.clock.now())
            .settings(settings)
            .build()?;
        let body = SignableBody::Bytes(request.body().bytes().ok_or("the question is not in memory")?);
        let signable = SignableRequest::new(request.method(), request.uri(), request.headers().iter(), body)?;
        let (instructions, _signature) = sign(signable, &signing.into())?.into_parts();
        let (headers, _query) = instructions.into_parts();
        for header in headers {
            let mut value = HeaderValue::from_str(header.value())?;
            value.set_sensitive(header.sensitive());
            request.headers_mut().insert(header.name(), value);
        }
        // After the signature, as the client does.
        request.headers_mut().insert("amz-sdk-request", self.attempt.clone());
        Ok(request)
    }

    /// Where CloudTrail is in a Region; nothing where that takes more than an address, or there is none: a client tells why.
    async fn address(&self, region: &RegionName) -> Option<Arc<str>> {
        if let Some(known) = self.addresses.lock().unwrap_or_else(PoisonError::into_inner).get(region) {
            return known.clone();
        }
        let found = self.resolve(region).await;
        let mut addresses = self.addresses.lock().unwrap_or_else(PoisonError::into_inner);
        addresses.entry(region.clone()).or_insert(found).clone()
    }

    async fn resolve(&self, region: &RegionName) -> Option<Arc<str>> {
        let asked = Params::builder()
            .region(region.as_str())
            .set_use_fips(self.config.use_fips())
            .set_use_dual_stack(self.config.use_dual_stack())
            .set_endpoint(endpoint::configured(&self.config, "CloudTrail"));
        let found = DefaultResolver::new().resolve_endpoint(&asked.build().ok()?).await.ok()?;
        let is_plain = found.headers().next().is_none() && !found.properties().contains_key("authSchemes");
        is_plain.then(|| Arc::from(found.url()))
    }
}

/// Whether what kept a question from its answer is none of what the client tries again for.
fn is_final(error: &ConnectorError) -> bool {
    !error.is_timeout() && !error.is_io() && error.as_other().is_none()
}

/// How long AWS asks to wait, in the header that its SDKs read, in milliseconds.
fn retry_after(response: &HttpResponse) -> Option<Duration> {
    response.headers().get("x-amz-retry-after")?.trim().parse().ok().map(Duration::from_millis)
}

/// The headers by which the SDK says who asks.
fn agent(config: &SdkConfig) -> Option<[(&'static str, HeaderValue); 2]> {
    let metadata = ApiMetadata::new("cloudtrail", aws_sdk_cloudtrail::meta::PKG_VERSION);
    let mut agent = AwsUserAgent::new_from_environment(aws_types::os_shim_internal::Env::real(), metadata);
    if let Some(name) = config.app_name() {
        agent.set_app_name(name.clone());
    }
    Some([
        ("user-agent", agent.ua_header().try_into().ok()?),
        ("x-amz-user-agent", agent.aws_ua_header().try_into().ok()?),
    ])
}

/// What the SDK wants to have for a connector, which takes of it the clock and how one sleeps.
fn components(config: &SdkConfig) -> Option<RuntimeComponents> {
    let components = RuntimeComponentsBuilder::new("sweep")
        .with_sleep_impl(config.sleep_impl())
        .with_time_source(config.time_source())
        .with_identity_cache(config.identity_cache())
        .with_identity_resolver(SCHEME_ID, config.credentials_provider()?)
        .with_auth_scheme(SigV4AuthScheme::new())
        .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID])))
        .with_endpoint_resolver(Some(StaticUriEndpointResolver::http_localhost(0)))
        .with_retry_strategy(Some(NeverRetryStrategy::new()));
    components.build().ok()
}
