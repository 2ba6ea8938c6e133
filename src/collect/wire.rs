//! The one HTTP client beneath all service clients, which counts what goes over the wire.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::{BodyExt, Limited};
use tokio::sync::Notify;

use crate::snapshot::Plan;

/// How far a run has come: read by whoever shows it, while it goes on.
#[derive(Debug, Default)]
pub struct Progress {
    /// Accounts to be scanned.
    pub accounts: AtomicU64,
    /// Accounts that are done.
    pub accounts_done: AtomicU64,
    /// Requests on the wire, retries included.
    pub requests: AtomicU64,
    /// Requests that AWS refused for rate.
    pub throttles: AtomicU64,
    plan: OnceLock<Plan>,
    planned: Notify,
}

impl Progress {
    /// Shows what the run will take.
    pub(super) fn show(&self, plan: Plan) {
        if self.plan.set(plan).is_ok() {
            self.planned.notify_one();
        }
    }

    /// Waits until it is known what the run will take. For one who waits.
    pub async fn planned(&self) -> Option<&Plan> {
        if self.plan.get().is_none() {
            self.planned.notified().await;
        }
        self.plan.get()
    }
}

/// The production client: TLS by rustls, the roots of the system, proxies from the environment.
pub fn https_client() -> SharedHttpClient {
    use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
    aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}

/// A client that counts the requests of another.
#[derive(Debug, Clone)]
pub(super) struct MeteredClient {
    inner: SharedHttpClient,
    progress: Arc<Progress>,
}

impl MeteredClient {
    pub(super) fn new(inner: SharedHttpClient, progress: Arc<Progress>) -> Self {
        Self { inner, progress }
    }
}

impl HttpClient for MeteredClient {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(MeteredConnector {
            inner: self.inner.http_connector(settings, components),
            progress: self.progress.clone(),
        })
    }
}

#[derive(Debug)]
struct MeteredConnector {
    inner: SharedHttpConnector,
    progress: Arc<Progress>,
}

impl HttpConnector for MeteredConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.progress.requests.fetch_add(1, Ordering::Relaxed);
        let progress = self.progress.clone();
        let answer = self.inner.call(request);
        HttpConnectorFuture::new(async move {
            let response = answer.await?;
            if response.status().is_success() {
                return Ok(response);
            }
            let response = load_error(response).await?;
            if is_throttle(&response) {
                progress.throttles.fetch_add(1, Ordering::Relaxed);
            }
            Ok(response)
        })
    }
}

/// Errors are small; one that is not is no error of AWS.
const LARGEST_ERROR: usize = 1 << 20;

pub(super) async fn load_error(mut response: HttpResponse) -> Result<HttpResponse, ConnectorError> {
    let body = std::mem::replace(response.body_mut(), SdkBody::taken());
    let bytes = Limited::new(body, LARGEST_ERROR)
        .collect()
        .await
        .map_err(|error| ConnectorError::io(format!("the body of an error broke off: {error}").into()))?
        .to_bytes();
    *response.body_mut() = SdkBody::from(bytes);
    Ok(response)
}

pub(super) fn is_throttle(response: &HttpResponse) -> bool {
    let status = response.status().as_u16();
    let body = response.body().bytes().unwrap_or_default();
    let says = |words: &[u8]| body.windows(words.len()).any(|window| window == words);
    status == 429
        || says(b"Throttl")
        || says(b"TooManyRequests")
        || says(b"SlowDown")
        || says(b"RequestLimitExceeded")
        || says(b"Rate exceeded")
}
