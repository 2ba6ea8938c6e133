//! S3 Control: the Block Public Access of a whole account.

use super::s3;
use super::{Codes, Service};
use crate::simulator::call::Call;
use crate::simulator::wire::{Answer, Failure, Protocol, Request};
use std::borrow::Cow;

pub(in crate::simulator) static SERVICE: Service = Service {
    name: "s3control",
    signing_name: "s3",
    target: None,
    protocol: Protocol::RestXml,
    codes: Codes::S3,
    reads: &[("GetPublicAccessBlock", "s3:GetAccountPublicAccessBlock")],
    operation,
    resource: |_| None,
    answer,
};

fn operation(request: &Request) -> Cow<'static, str> {
    let path = request.uri().path().trim_start_matches("/v20180820/");
    match (request.method(), path) {
        (&http::Method::GET, "configuration/publicAccessBlock") => Cow::Borrowed("GetPublicAccessBlock"),
        (method, path) => Cow::Owned(format!("{method} {path}")),
    }
}

/// The account is named in a header, whatever the host; only one's own may be asked about.
fn answer(call: &Call<'_>) -> Result<Answer, Failure> {
    let named = call.request.headers().get("x-amz-account-id").and_then(|id| id.to_str().ok());
    if named != Some(call.account()) {
        return Err(call.service.codes.denied("Access Denied"));
    }
    s3::public_access_block(call.caller.entry.account.public_access_block.as_ref(), None)
}
