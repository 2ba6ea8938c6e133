//! What goes over the wire for one question: asked of the journal first, and heard for it.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What tells a request from the others of its question: a hash of its method, query, target and body, and of the Region
/// that it is signed for. Host and path are not part of it: they differ with the endpoint by which AWS is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::collect) struct RequestKey(String);

impl RequestKey {
    pub(in crate::collect) fn of(request: &HttpRequest) -> Self {
        let query = request.uri().split_once('?').map_or("", |(_, query)| query);
        let digest = Sha256::new_with_prefix(request.method())
            .chain_update(b"\0")
            .chain_update(query)
            .chain_update(b"\0")
            .chain_update(signed_for(request).unwrap_or_default())
            .chain_update(b"\0")
            .chain_update(request.headers().get("x-amz-target").unwrap_or(""))
            .chain_update(b"\0")
            .chain_update(request.body().bytes().unwrap_or_default())
            .finalize();
        Self(hex::encode(&digest[..16]))
    }
}

/// The Region that a request is signed for.
///
/// Source: IAM User Guide, "Elements of an AWS API request signature" (Credential).
fn signed_for(request: &HttpRequest) -> Option<&str> {
    request.headers().get("authorization")?.split("Credential=").nth(1)?.split('/').nth(2)
}

/// The headers by which the SDK reads an answer, and those by which AWS finds it again; no other is kept.
const HEADERS: [&str; 7] = [
    "content-type",
    "x-amz-bucket-region",
    "x-amzn-errortype",
    "x-amzn-query-error",
    "smithy-protocol",
    REQUEST_IDS[0],
    REQUEST_IDS[1],
];

/// The headers that hold the request id: of all services, and of S3.
const REQUEST_IDS: [&str; 2] = ["x-amzn-requestid", "x-amz-request-id"];

/// An answer as it came over the wire.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::collect) struct Recorded {
    pub(in crate::collect) request: RequestKey,
    /// When it was heard.
    at: Timestamp,
    status: u16,
    headers: Vec<(String, String)>,
    body: Body,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Body {
    Text(String),
    Bytes(Vec<u8>),
}

impl Recorded {
    fn of(request: RequestKey, response: &HttpResponse) -> Self {
        let headers =
            HEADERS.iter().filter_map(|name| Some(((*name).to_owned(), response.headers().get(*name)?.to_owned())));
        let bytes = response.body().bytes().unwrap_or_default();
        let body = match std::str::from_utf8(bytes) {
            Ok(text) => Body::Text(text.to_owned()),
            Err(_) => Body::Bytes(bytes.to_vec()),
        };
        let status = response.status().as_u16();
        Self { request, at: Timestamp::now(), status, headers: headers.collect(), body }
    }

    /// The id that AWS gave the request.
    pub(in crate::collect) fn request_id(&self) -> Option<&str> {
        let held = |(name, _): &&(String, String)| REQUEST_IDS.contains(&name.as_str());
        self.headers.iter().find(held).map(|(_, id)| id.as_str())
    }

    /// The SHA-256 of the body, in hexadecimal.
    pub(in crate::collect) fn sha256(&self) -> String {
        let body = match &self.body {
            Body::Text(text) => text.as_bytes(),
            Body::Bytes(bytes) => bytes,
        };
        hex::encode(Sha256::digest(body))
    }

    /// The same without what it says, and without the hash of what was asked: both may hold secrets.
    pub(in crate::collect) fn withheld(&self) -> Self {
        Self { request: RequestKey(String::new()), body: Body::Text(String::new()), ..self.clone() }
    }

    fn response(&self) -> Option<HttpResponse> {
        let mut response = http::Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(name, value);
        }
        let body = match &self.body {
            Body::Text(text) => SdkBody::from(text.as_str()),
            Body::Bytes(bytes) => SdkBody::from(bytes.clone()),
        };
        HttpResponse::try_from(response.body(body).ok()?).ok()
    }
}

/// The requests and answers of one question.
#[derive(Debug, Default)]
pub(in crate::collect) struct Exchange {
    told: Vec<Recorded>,
    heard: Mutex<Heard>,
}

#[derive(Debug, Default)]
struct Heard {
    answers: Vec<Recorded>,
    over_the_wire: bool,
    last: Option<RequestKey>,
}

/// What became of the requests of one question.
#[derive(Debug)]
pub(in crate::collect) struct Conversation {
    /// The last answer to each request, in the order in which they came.
    pub(in crate::collect) answers: Vec<Recorded>,
    /// Whether AWS was asked for any.
    pub(in crate::collect) over_the_wire: bool,
    /// The request that was made last.
    pub(in crate::collect) last: Option<RequestKey>,
}

tokio::task_local! {
    static CURRENT: Arc<Exchange>;
}

/// The exchange of the question that is being asked, where there is a journal.
pub(in crate::collect) fn current() -> Option<Arc<Exchange>> {
    CURRENT.try_with(Arc::clone).ok()
}

/// Does something of which the question that is being asked hears nothing: credentials, which no journal may hold.
pub(in crate::collect) async fn unheard<T>(aside: impl Future<Output = T>) -> T {
    CURRENT.scope(Arc::default(), aside).await
}

impl Exchange {
    /// An exchange of which these answers are known already.
    pub(in crate::collect) fn new(told: Vec<Recorded>) -> Arc<Self> {
        Arc::new(Self { told, heard: Mutex::default() })
    }

    /// Asks a question within the exchange.
    pub(in crate::collect) async fn of<T>(self: &Arc<Self>, question: impl Future<Output = T>) -> T {
        CURRENT.scope(Arc::clone(self), question).await
    }

    /// The answer to a request that is known already.
    pub(in crate::collect) fn told(&self, request: &RequestKey) -> Option<HttpResponse> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).last = Some(request.clone());
        let told = self.told.iter().find(|told| told.request == *request)?;
        let response = told.response()?;
        self.hear(told.clone(), false);
        Some(response)
    }

    /// Takes down an answer of AWS; the last one to a request counts.
    pub(in crate::collect) fn heard(&self, request: RequestKey, response: &HttpResponse) {
        self.hear(Recorded::of(request, response), true);
    }

    fn hear(&self, answer: Recorded, over_the_wire: bool) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.answers.retain(|other| other.request != answer.request);
        heard.answers.push(answer);
        heard.over_the_wire |= over_the_wire;
    }

    /// All that was said.
    pub(in crate::collect) fn close(&self) -> Conversation {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let Heard { answers, over_the_wire, last } = std::mem::take(&mut *heard);
        Conversation { answers, over_the_wire, last }
    }
}
