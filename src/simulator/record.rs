//! What was asked, for tests that count and compare.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// One request and how it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRecord {
    /// The account that asked; empty where it is not known.
    pub account: String,
    /// The Region in the signature.
    pub region: String,
    /// The service, such as `cloudtrail`.
    pub service: String,
    /// The operation, such as `DescribeTrails`.
    pub operation: String,
    /// The IAM action that the operation takes, where it is a read that the simulator knows.
    pub action: Option<&'static str>,
    /// A second action, of the service that is asked in the caller's name.
    pub also: Option<&'static str>,
    /// The HTTP status of the answer; 0 where there was none.
    pub status: u16,
    /// What was asked: the body of JSON and form requests, the path and query of others.
    pub resource: String,
}

/// The requests so far, in the order of their answers.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) everything: bool,
    requests: Mutex<Vec<RequestRecord>>,
    refused_writes: Mutex<Vec<RequestRecord>>,
}

fn held(records: &Mutex<Vec<RequestRecord>>) -> MutexGuard<'_, Vec<RequestRecord>> {
    records.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Log {
    pub(super) fn new(everything: bool) -> Self {
        Self { everything, requests: Mutex::default(), refused_writes: Mutex::default() }
    }

    /// Keeps a record. Refused writes are kept even where nothing else is: a test must never miss one.
    pub(super) fn keep(&self, refused_write: bool, record: impl Fn() -> RequestRecord) {
        if refused_write {
            held(&self.refused_writes).push(record());
        }
        if self.everything {
            held(&self.requests).push(record());
        }
    }

    pub(super) fn requests(&self) -> Vec<RequestRecord> {
        held(&self.requests).clone()
    }

    pub(super) fn refused_writes(&self) -> Vec<RequestRecord> {
        held(&self.refused_writes).clone()
    }
}
