//! Who asks: read from the request's signature, which is believed.

use super::index::{AccountEntry, Index};
use super::service::Codes;
use super::session::{Session, Sessions};
use super::wire::{Failure, Request};
use super::world::AccountState;
use jiff::Timestamp;
use std::sync::Arc;

/// The credential scope of a Signature Version 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scope<'a> {
    pub(super) access_key: &'a str,
    pub(super) region: &'a str,
    pub(super) service: &'a str,
}

impl<'a> Scope<'a> {
    /// The scope that a request is signed for, if it is signed.
    pub(super) fn of(request: &'a Request) -> Option<Self> {
        let header = request.headers().get(http::header::AUTHORIZATION)?.to_str().ok()?;
        let credential = header.strip_prefix("AWS4-HMAC-SHA256")?.split_once("Credential=")?.1;
        let credential = credential.split([',', ' ']).next()?;
        let mut parts = credential.split('/');
        let (access_key, _date) = (parts.next()?, parts.next()?);
        let (region, service) = (parts.next()?, parts.next()?);
        (parts.next()? == "aws4_request" && parts.next().is_none()).then_some(Self { access_key, region, service })
    }
}

/// A principal of an account.
#[derive(Debug, Clone)]
pub(super) struct Caller<'a> {
    pub(super) entry: &'a AccountEntry,
    pub(super) arn: Arc<str>,
    pub(super) session: Option<Arc<Session>>,
}

/// The access key id of an account's user: it shows the account, so that no list is needed.
pub(super) fn access_key_of(account: &str) -> String {
    format!("AKIASIM0{account}")
}

impl<'a> Caller<'a> {
    /// The id of the account.
    pub(super) fn account(&self) -> &'a str {
        &self.entry.account.id
    }

    /// The caller behind a scope, if its key is good.
    pub(super) fn authenticate(
        index: &'a Index,
        sessions: &Sessions,
        scope: Scope<'_>,
        request: &Request,
        codes: &Codes,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let unknown = || codes.unknown_key();
        if let Some(account) = scope.access_key.strip_prefix("AKIASIM0") {
            let entry = index.account(account).ok_or_else(unknown)?;
            // Keys of an account that is not in use are as good as none.
            let usable = matches!(entry.account.state, AccountState::Active | AccountState::PendingClosure);
            let user = Self { entry, arn: Arc::clone(&entry.user_arn), session: None };
            return usable.then_some(user).ok_or_else(unknown);
        }
        let session = sessions.find(scope.access_key).ok_or_else(unknown)?;
        let token = request.headers().get("x-amz-security-token").and_then(|token| token.to_str().ok());
        if token != Some(session.token.as_str()) {
            return Err(unknown());
        }
        if session.expires <= now {
            return Err(codes.expired_token());
        }
        let entry = index.account(&session.account).ok_or_else(unknown)?;
        Ok(Self { entry, arn: Arc::clone(&session.arn), session: Some(session) })
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;
    use bytes::Bytes;

    fn scope(header: &str) -> Option<(String, String, String)> {
        let request = http::Request::builder().header("authorization", header).body(Bytes::new()).unwrap();
        Scope::of(&request).map(|s| (s.access_key.to_owned(), s.region.to_owned(), s.service.to_owned()))
    }

    #[test]
    fn a_scope_is_read_or_there_is_none() {
        let good =
            "AWS4-HMAC-SHA256 Credential=AKIA1/20261120/eu-west-1/kms/aws4_request, SignedHeaders=host, Signature=0";
        assert_eq!(scope(good), Some(("AKIA1".into(), "eu-west-1".into(), "kms".into())));
        for header in [
            "",
            "Bearer x",
            "AWS4-HMAC-SHA256",
            "AWS4-HMAC-SHA256 Credential=a/b/c",
            "AWS4-HMAC-SHA256 Credential=/////",
        ] {
            assert_eq!(scope(header), None, "{header}");
        }
    }
}
