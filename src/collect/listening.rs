//! A network for tests: everything that is sent is written down, and answered as told.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::{SharedTimeSource, StaticTimeSource};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;

/// A request: the first line, the headers by their names, and the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sent {
    pub(super) line: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Sent {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The same without headers that have one of these names.
    pub(super) fn without(mut self, names: &[&str]) -> Self {
        self.headers.retain(|(name, _)| !names.contains(&name.as_str()));
        self
    }
}

/// An answer. There is none of status 0, where the connection breaks, and of status 1, where nothing comes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) header: Option<(&'static str, &'static str)>,
    pub(super) body: &'static str,
}

/// The network. Requests are answered in their order; the last answer serves for all that follow.
#[derive(Debug, Clone)]
pub(super) struct Listening {
    sent: Arc<Mutex<Vec<Sent>>>,
    replies: Arc<Mutex<Vec<Reply>>>,
}

impl Listening {
    pub(super) fn answering(replies: Vec<Reply>) -> Self {
        Self { sent: Arc::default(), replies: Arc::new(Mutex::new(replies)) }
    }

    /// Answers so from now on.
    pub(super) fn answer(&self, replies: Vec<Reply>) {
        *self.replies.lock().unwrap() = replies;
    }

    /// What was sent since this was asked last.
    pub(super) fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut self.sent.lock().unwrap())
    }

    pub(super) fn client(&self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(self.clone());
        SharedHttpClient::new(http_client_fn(move |_, _| connector.clone()))
    }
}

impl HttpConnector for Listening {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut headers: Vec<_> =
            request.headers().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        headers.sort();
        let body = String::from_utf8(request.body().bytes().unwrap().to_vec()).unwrap();
        let mut sent = self.sent.lock().unwrap();
        let replies = self.replies.lock().unwrap();
        let reply = replies[sent.len().min(replies.len() - 1)];
        sent.push(Sent { line: format!("{} {}", request.method(), request.uri()), headers, body });
        match reply.status {
            0 => return HttpConnectorFuture::ready(Err(ConnectorError::io("the connection broke".into()))),
            1 => return HttpConnectorFuture::new(std::future::pending()),
            _ => {}
        }
        let mut response = HttpResponse::new(reply.status.try_into().unwrap(), SdkBody::from(reply.body));
        if let Some((name, value)) = reply.header {
            response.headers_mut().insert(name, value);
        }
        HttpConnectorFuture::ready(Ok(response))
    }
}

/// When it is, in all tests.
pub(super) fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000)
}

/// Settings for the network, without credentials.
pub(super) fn config(network: &Listening, attempts: u32) -> aws_types::sdk_config::Builder {
    let pause = Duration::from_millis(1);
    let retry = RetryConfig::standard().with_max_attempts(attempts).with_initial_backoff(pause).with_max_backoff(pause);
    let second = Duration::from_secs(1);
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(second).operation_timeout(5 * second);
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .app_name(AppName::new("trailproof").unwrap())
        .retry_config(retry)
        .timeout_config(timeouts.build())
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(SharedTimeSource::new(StaticTimeSource::new(now())))
        .http_client(network.client())
}
