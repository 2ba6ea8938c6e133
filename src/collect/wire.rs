//! The one HTTP client beneath all service clients, which counts what goes over the wire.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::journal::{self, RequestKey};
use super::renewal::SignedBy;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::{BodyExt, LengthLimitError, Limited};
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

/// A client that counts the requests of another, and cuts answers off that no service of AWS would give.
#[derive(Debug, Clone)]
pub(super) struct MeteredClient {
    inner: SharedHttpClient,
    progress: Arc<Progress>,
    largest_answer: usize,
}

impl MeteredClient {
    pub(super) fn new(inner: SharedHttpClient, progress: Arc<Progress>, largest_answer: usize) -> Self {
        Self { inner, progress, largest_answer }
    }
}

impl HttpClient for MeteredClient {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(MeteredConnector {
            inner: self.inner.http_connector(settings, components),
            progress: self.progress.clone(),
            largest_answer: self.largest_answer,
        })
    }
}

#[derive(Debug)]
struct MeteredConnector {
    inner: SharedHttpConnector,
    progress: Arc<Progress>,
    largest_answer: usize,
}

impl HttpConnector for MeteredConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let exchange = journal::current().map(|exchange| (exchange, RequestKey::of(&request)));
        if let Some(told) = exchange.as_ref().and_then(|(exchange, key)| exchange.told(key)) {
            return HttpConnectorFuture::ready(Ok(told));
        }
        self.progress.requests.fetch_add(1, Ordering::Relaxed);
        let progress = self.progress.clone();
        let signed_by = access_key(&request).map(|key| SignedBy(key.to_owned()));
        let (answer, largest_answer) = (self.inner.call(request), self.largest_answer);
        HttpConnectorFuture::new(async move {
            let response = answer.await?;
            let response = if response.status().is_success() {
                load_answer(response, largest_answer).await?
            } else {
                let mut response = load_error(response).await?;
                if is_throttle(&response) {
                    progress.throttles.fetch_add(1, Ordering::Relaxed);
                }
                if let Some(signed_by) = signed_by {
                    response.add_extension(signed_by);
                }
                response
            };
            if let Some((exchange, key)) = exchange {
                exchange.heard(key, &response);
            }
            Ok(response)
        })
    }
}

/// The access key by which a request is signed.
///
/// Source: IAM User Guide, "Elements of an AWS API request signature" (Credential).
fn access_key(request: &HttpRequest) -> Option<&str> {
    request.headers().get("authorization")?.split("Credential=").nth(1)?.split('/').next()
}

/// Reads an answer whole: one that is too long, or XML that was cut short, is none. The SDK's reader of XML would take
/// what is there for all there is.
async fn load_answer(mut response: HttpResponse, largest: usize) -> Result<HttpResponse, ConnectorError> {
    let body = std::mem::replace(response.body_mut(), SdkBody::taken());
    let bytes = match Limited::new(body, largest).collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            return Err(Unreadable(format!("is longer than {largest} bytes")).into());
        }
        Err(error) => return Err(ConnectorError::io(format!("the answer broke off: {error}").into())),
    };
    if !is_whole(&bytes) {
        return Err(Unreadable("was cut short".to_owned()).into());
    }
    *response.body_mut() = SdkBody::from(bytes);
    Ok(response)
}

/// Whether a body that begins as XML ends with the end of its first element.
fn is_whole(body: &[u8]) -> bool {
    let text = body.trim_ascii();
    if !text.starts_with(b"<") {
        return true;
    }
    let Some(end) = text.strip_suffix(b">") else { return false };
    let last = end.rsplit(|byte| *byte == b'<').next().unwrap_or_default();
    let Some(name) = last.strip_prefix(b"/") else { return last.ends_with(b"/") };
    let mut opened =
        text.split(|byte| *byte == b'<').skip(1).filter(|part| !part.starts_with(b"?") && !part.starts_with(b"!"));
    let first = opened.next().unwrap_or_default();
    let named = first.split(|byte| byte.is_ascii_whitespace() || *byte == b'>').next();
    named == Some(name.trim_ascii_end())
}

/// An answer that is none of AWS's: what is wrong with it, to follow "the answer".
#[derive(Debug, thiserror::Error)]
#[error("the answer {0}")]
pub(super) struct Unreadable(String);

impl From<Unreadable> for ConnectorError {
    fn from(unreadable: Unreadable) -> Self {
        Self::other(unreadable.into(), None)
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

#[cfg(test)]
mod tests {
    use super::is_whole;

    #[test]
    fn xml_that_is_cut_short_is_noticed() {
        let whole: [&[u8]; 6] = [
            b"",
            b"{}",
            b"<a/>",
            b"<?xml version=\"1.0\"?>\n<a b=\"c\">\n<d>e</d></a>\n",
            b"<a></a >",
            b"<?xml version=\"1.0\"?><a xmlns=\"x\"/>",
        ];
        for body in whole {
            assert!(is_whole(body), "{}", String::from_utf8_lossy(body));
        }
        let cut: [&[u8]; 5] = [b"<a", b"<a>", b"<a><b></b>", b"<a><b>c", b"<a><b></a"];
        for body in cut {
            assert!(!is_whole(body), "{}", String::from_utf8_lossy(body));
        }
    }
}
