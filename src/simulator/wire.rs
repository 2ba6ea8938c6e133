//! Answers and errors, and how each protocol of AWS writes them.

pub(super) mod cbor;
pub(super) mod page;
pub(super) mod xml;

use bytes::Bytes;
use http::HeaderValue;
use std::borrow::Cow;
use std::fmt::Write as _;
use xml::Xml;

/// A request, whole.
pub type Request = http::Request<Bytes>;

/// A response, whole.
pub type Response = http::Response<Bytes>;

/// How a service speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Protocol {
    /// awsJson 1.1: the operation is in `x-amz-target`.
    Json,
    /// restJson 1: the operation is in the path.
    RestJson,
    /// awsQuery: a form comes in, XML goes out.
    Query,
    /// restXml without a wrapper around errors: S3.
    S3,
    /// restXml with a wrapper around errors: S3 Control.
    RestXml,
    /// rpcV2Cbor: the operation is in the path.
    Cbor,
}

impl Protocol {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/x-amz-json-1.1",
            Self::RestJson => "application/json",
            Self::Query => "text/xml",
            Self::S3 | Self::RestXml => "application/xml",
            Self::Cbor => "application/cbor",
        }
    }
}

/// What a service answers when all is well.
#[derive(Debug, Clone, Default)]
pub(super) struct Answer {
    pub(super) body: Vec<u8>,
    /// Overrides the protocol's content type.
    pub(super) content_type: Option<&'static str>,
    pub(super) bucket_region: Option<String>,
}

impl Answer {
    pub(super) fn text(body: impl Into<String>) -> Self {
        Self { body: body.into().into_bytes(), ..Self::default() }
    }

    pub(super) fn cbor(body: &serde_json::Value) -> Self {
        Self { body: cbor::encode(body), ..Self::default() }
    }
}

/// What a service answers when it will not.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) status: u16,
    pub(super) code: Cow<'static, str>,
    pub(super) message: String,
    pub(super) bucket_region: Option<String>,
}

impl Failure {
    pub(super) fn new(status: u16, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into(), bucket_region: None }
    }

    /// The failure as its protocol writes it.
    pub(super) fn body(&self, protocol: Protocol, request_id: &str) -> Vec<u8> {
        let typed = || serde_json::json!({ "__type": self.code, "message": self.message });
        let text = match protocol {
            Protocol::Cbor => return cbor::encode(&typed()),
            Protocol::Json => typed().to_string(),
            Protocol::RestJson => serde_json::json!({ "message": self.message }).to_string(),
            Protocol::Query | Protocol::RestXml => {
                let mut xml = Xml::document("ErrorResponse", None);
                xml.open("Error").leaf("Type", if self.status < 500 { "Sender" } else { "Receiver" });
                xml.leaf("Code", &self.code).leaf("Message", &self.message).close("Error");
                xml.leaf("RequestId", request_id).finish("ErrorResponse")
            }
            Protocol::S3 => {
                let mut xml = Xml::document("Error", None);
                xml.leaf("Code", &self.code).leaf("Message", &self.message);
                xml.leaf("RequestId", request_id).leaf("HostId", "simulator").finish("Error")
            }
        };
        text.into_bytes()
    }
}

/// The id of the request with a number: counted, so that the same run gives the same ids.
pub(super) fn request_id(number: u64) -> String {
    let mut id = String::with_capacity(36);
    // Writing to a string cannot fail.
    let _ = write!(id, "00000000-0000-4000-8000-{number:012x}");
    id
}

/// A response of a protocol to the request with a number.
pub(super) fn respond(protocol: Protocol, number: u64, outcome: Result<Answer, Failure>) -> Response {
    let id = request_id(number);
    let (status, body, content_type, code, bucket_region) = match outcome {
        Ok(answer) => {
            let content_type = answer.content_type.unwrap_or(protocol.content_type());
            (200, answer.body, content_type, None, answer.bucket_region)
        }
        Err(failure) => {
            let body = failure.body(protocol, &id);
            (failure.status, body, protocol.content_type(), Some(failure.code), failure.bucket_region)
        }
    };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    let id_header = if protocol == Protocol::S3 { "x-amz-request-id" } else { "x-amzn-requestid" };
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(id_header, &id);
    match (protocol, code) {
        // restJson carries the code in a header, awsJson in the body.
        (Protocol::RestJson, Some(code)) => set("x-amzn-errortype", &code),
        // A service that spoke awsQuery before says its codes as it did then, too.
        (Protocol::Cbor, Some(code)) => {
            set("x-amzn-query-error", &format!("{code};{}", if status < 500 { "Sender" } else { "Receiver" }));
        }
        _ => {}
    }
    if protocol == Protocol::Cbor {
        set("smithy-protocol", "rpc-v2-cbor");
    }
    if let Some(region) = bucket_region {
        set("x-amz-bucket-region", &region);
    }
    response
}

/// What a request asks about, as text for the record.
pub(super) fn what_was_asked(protocol: Protocol, request: &Request) -> String {
    match protocol {
        Protocol::S3 | Protocol::RestXml => request.uri().to_string(),
        Protocol::Cbor => cbor::decode(request.body()).map(|body| body.to_string()).unwrap_or_default(),
        _ => String::from_utf8_lossy(request.body()).into_owned(),
    }
}
