//! Answers and errors of services that are asked directly.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::error::metadata::ErrorMetadata;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Why an answer is none.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unread {
    #[error("the answer is no JSON of the operation")]
    Json(#[from] serde_json::Error),
    #[error("the answer is no XML of the operation")]
    Xml(#[from] quick_xml::DeError),
}

pub(super) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unread> {
    Ok(serde_json::from_slice(body)?)
}

pub(super) fn xml<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unread> {
    Ok(quick_xml::de::from_reader(body)?)
}

/// An error in JSON: its code stands in a header or in the body, where a name space may go before it and an address follow.
///
/// Source: Smithy specification, "AWS JSON 1.1 protocol", section "Operation error serialization".
pub(super) fn json_error(response: &HttpResponse) -> ErrorMetadata {
    let body: serde_json::Value =
        serde_json::from_slice(response.body().bytes().unwrap_or_default()).unwrap_or_default();
    let text = |names: &[&str]| names.iter().find_map(|name| body.get(name)?.as_str());
    let code = response.headers().get("x-amzn-errortype").or_else(|| text(&["__type", "code"]));
    let code = code.map(|code| {
        let code = code.split_once(':').map_or(code, |(code, _)| code);
        code.rsplit_once('#').map_or(code, |(_, code)| code)
    });
    told(code, text(&["message", "Message", "errorMessage"]))
}

/// An error in XML, which S3 Control puts in an `ErrorResponse`, and S3 before it not.
///
/// Source: Smithy specification, "AWS restXml protocol", section "Operation error serialization".
pub(super) fn xml_error(response: &HttpResponse) -> ErrorMetadata {
    #[derive(Deserialize)]
    enum Document {
        ErrorResponse {
            #[serde(rename = "Error")]
            error: Said,
        },
        Error(Said),
    }
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "PascalCase")]
    struct Said {
        code: Option<String>,
        message: Option<String>,
    }
    let said = match xml(response.body().bytes().unwrap_or_default()) {
        Ok(Document::ErrorResponse { error } | Document::Error(error)) => error,
        Err(_) => Said::default(),
    };
    told(said.code.as_deref(), said.message.as_deref())
}

fn told(code: Option<&str>, message: Option<&str>) -> ErrorMetadata {
    let mut error = ErrorMetadata::builder();
    if let Some(code) = code {
        error = error.code(code);
    }
    if let Some(message) = message {
        error = error.message(message);
    }
    error.build()
}
