//! Reading answers back: the questions of a run, answered by what was kept.

use std::collections::HashMap;
use std::fs::File;
use std::future::Future;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use jiff::Timestamp;

use super::{Asked, Head, Kept, Key, SCHEMA, is_secret, key};
use crate::collect::classify::Refusal;
use crate::collect::journal::Exchange;
use crate::collect::ledger::Unit;
use crate::snapshot::Cause;

/// Why a file of answers cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnswersError {
    /// The file cannot be read.
    #[error("{0}")]
    File(#[from] io::Error),
    /// A line is not one of such a file.
    #[error("line {line}: {message}")]
    Line {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// Another version wrote it.
    #[error("trailproof {0} wrote it, and only that version reads it as it was read")]
    Version(String),
}

/// The kept answers of a run.
#[derive(Debug)]
pub struct Answers {
    head: Head,
    places: HashMap<Key, Vec<(u64, usize)>>,
    file: Mutex<File>,
    questions: usize,
    asked: Asked,
}

impl Answers {
    /// Opens a file of answers. Each line is read once, and must be whole.
    ///
    /// # Errors
    /// Where the file cannot be read, is none of answers, is damaged, or of another version.
    pub fn open(path: &Path) -> Result<Self, AnswersError> {
        let file = File::open(path)?;
        let mut reader = BufReader::new(&file);
        let mut text = Vec::new();
        let wrong =
            |line: usize, message: &dyn std::fmt::Display| AnswersError::Line { line, message: message.to_string() };
        let mut offset = reader.read_until(b'\n', &mut text)? as u64;
        let head: serde_json::Value = serde_json::from_slice(&text).map_err(|error| wrong(1, &error))?;
        if head.get("schema").and_then(|schema| schema.as_str()) != Some(SCHEMA) {
            return Err(wrong(1, &format_args!("the key `schema` is not `{SCHEMA}`")));
        }
        match head.get("version").and_then(|version| version.as_str()) {
            Some(env!("CARGO_PKG_VERSION")) => {}
            other => return Err(AnswersError::Version(other.unwrap_or("of no version").to_owned())),
        }
        let head: Head = serde_json::from_value(head).map_err(|error| wrong(1, &error))?;
        let (mut places, mut questions): (HashMap<Key, Vec<_>>, usize) = (HashMap::new(), 0);
        loop {
            text.clear();
            let length = reader.read_until(b'\n', &mut text)?;
            if length == 0 {
                break;
            }
            questions += 1;
            let kept: Kept = serde_json::from_slice(&text).map_err(|error| wrong(questions + 1, &error))?;
            if !text.ends_with(b"\n") || !is_whole(&kept) {
                return Err(wrong(questions + 1, &"a body is not the one that its hash was made of"));
            }
            let key = (kept.operation, kept.account, kept.region, kept.resource);
            places.entry(key).or_default().push((offset, length));
            offset += length as u64;
        }
        Ok(Self { head, places, file: Mutex::new(file), questions, asked: Asked::default() })
    }

    /// How many questions there are.
    pub fn questions(&self) -> usize {
        self.questions
    }

    /// What was to be read, and how.
    pub(in crate::collect) fn head(&self) -> &Head {
        &self.head
    }

    /// Answers a question by what was kept; and when that was read. Where there was no answer, why.
    pub(in crate::collect) async fn answer<T, E>(
        &self,
        unit: &Unit<'_>,
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> (Result<Result<T, SdkError<E, HttpResponse>>, Refusal>, Timestamp) {
        let kept = self.find(unit);
        let Some(first) = kept.first() else { return (Err(not_kept()), self.head.started_at) };
        if let Some(refusal) = first.refusal.as_ref().filter(|_| is_secret(unit)) {
            return (Err(refusal.clone()), first.read_at);
        }
        let answers = kept.iter().flat_map(|kept| &kept.answers).map(|kept| kept.answer.clone());
        let exchange = Exchange::new(if is_secret(unit) { Vec::new() } else { answers.collect() });
        let result = exchange.of(request).await;
        let last = exchange.close().last;
        let answers_last = |kept: &&Kept| kept.answers.iter().any(|kept| Some(&kept.answer.request) == last.as_ref());
        match result {
            Err(error) if error.raw_response().is_none() => match kept.iter().find(|kept| kept.refusal.is_some()) {
                Some(Kept { refusal: Some(refusal), read_at, .. }) => (Err(refusal.clone()), *read_at),
                _ => (Err(not_kept()), first.read_at),
            },
            result => (Ok(result), kept.iter().find(answers_last).unwrap_or(first).read_at),
        }
    }

    /// All that was kept of a question, first what it was answered when it was asked as often before: some are put twice,
    /// for two things or in two Regions.
    fn find(&self, unit: &Unit<'_>) -> Vec<Kept> {
        let places = self.places.get(&key(unit)).map(Vec::as_slice).unwrap_or_default();
        let read = |(offset, length): &(u64, usize)| {
            let mut text = vec![0; *length];
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(*offset)).and_then(|_| file.read_exact(&mut text)).ok()?;
            serde_json::from_slice(&text).ok()
        };
        let mut kept: Vec<Kept> = places.iter().filter_map(read).collect();
        let before = self.asked.before(key(unit));
        kept.sort_by_key(|kept| (kept.asked_before != before, kept.asked_before));
        kept
    }
}

/// Whether each body is the one that its hash was made of.
fn is_whole(kept: &Kept) -> bool {
    kept.answers.iter().all(|kept| kept.sha256.as_ref().is_none_or(|sha256| *sha256 == kept.answer.sha256()))
}

fn not_kept() -> Refusal {
    let message = "no answer to this was kept".to_owned();
    Refusal { code: None, status: None, bucket_region: None, cause: Cause::NotAttempted, message }
}

/// A client that reaches nobody, and lets everybody in: what was said when an account was entered is not kept.
pub(in crate::collect) fn from_nowhere() -> SharedHttpClient {
    SharedHttpClient::new(Nowhere)
}

#[derive(Debug, Clone)]
struct Nowhere;

impl HttpClient for Nowhere {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Self)
    }
}

impl HttpConnector for Nowhere {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = request.body().bytes().unwrap_or_default();
        let enters = body.starts_with(b"Action=AssumeRole&");
        let let_in = enters.then(|| http::Response::builder().status(200).body(SdkBody::from(LET_IN)).ok()).flatten();
        let response = let_in.and_then(|response| HttpResponse::try_from(response).ok());
        HttpConnectorFuture::ready(response.ok_or_else(|| ConnectorError::user("nobody is asked".into())))
    }
}

/// Credentials that open nothing.
const LET_IN: &str = "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>\
    <AccessKeyId>none</AccessKeyId><SecretAccessKey>none</SecretAccessKey><SessionToken>none</SessionToken>\
    <Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
