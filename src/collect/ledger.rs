//! The ledger: every call is entered here, with what became of it.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Mutex, PoisonError};

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use jiff::Timestamp;

use super::call::Call;
use super::classify::{Refusal, refusal};
use crate::id::{AccountId, RegionName};
use crate::snapshot::{CallCount, Cause, Endings, Gap, Observed};

/// One unit of work: a call, put to an account in a Region about a resource.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit<'a> {
    pub(super) call: Call,
    pub(super) account: Option<AccountId>,
    pub(super) region: Option<&'a RegionName>,
    pub(super) resource: Option<&'a str>,
}

impl<'a> Unit<'a> {
    /// A call about the organization or the caller.
    pub(super) fn of(call: Call) -> Self {
        Self { call, account: None, region: None, resource: None }
    }

    /// The same call, put to an account.
    pub(super) fn account(self, account: AccountId) -> Self {
        Self { account: Some(account), ..self }
    }

    /// The same call, put to a Region.
    pub(super) fn region(self, region: &'a RegionName) -> Self {
        Self { region: Some(region), ..self }
    }

    /// The same call, about a resource.
    pub(super) fn resource(self, resource: &'a str) -> Self {
        Self { resource: Some(resource), ..self }
    }

    fn gap(&self, cause: Cause, message: String) -> Gap {
        Gap {
            account: self.account,
            region: self.region.cloned(),
            operation: self.call.operation().to_owned(),
            resource: self.resource.map(str::to_owned),
            cause,
            message,
        }
    }
}

/// What became of a call, not yet judged: some refusals are answers.
#[derive(Debug)]
pub(super) enum Answer<T> {
    /// AWS answered.
    Read(Timestamp, T),
    /// AWS refused, or did not answer.
    Refused(Timestamp, Refusal),
}

/// The calls of a run and the gaps that they left.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    calls: BTreeMap<String, CallCount>,
    endings: Endings,
    gaps: Vec<Gap>,
}

impl Ledger {
    /// Makes a call and takes down when it was answered.
    pub(super) async fn ask<T, E>(
        &self,
        unit: &Unit<'_>,
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Answer<T>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let result = request.await;
        let now = Timestamp::now();
        match result {
            Ok(output) => {
                tracing::debug!(operation = unit.call.operation(), account = ?unit.account.map(|id| id.to_string()), "answered");
                Answer::Read(now, output)
            }
            Err(error) => {
                let refusal = refusal(&error).in_region(unit.region);
                tracing::debug!(
                    operation = unit.call.operation(),
                    account = ?unit.account.map(|id| id.to_string()),
                    region = ?unit.region.map(RegionName::as_str),
                    cause = %refusal.cause,
                    "{}", refusal.message
                );
                Answer::Refused(now, refusal)
            }
        }
    }

    /// Reads an answer by its meaning; a refusal, or an answer without meaning, leaves a gap.
    pub(super) fn read<T, V>(
        &self,
        unit: &Unit<'_>,
        answer: Answer<T>,
        meaning: impl FnOnce(T) -> Result<V, Malformed>,
    ) -> Option<Observed<V>> {
        match answer {
            Answer::Read(at, output) => match meaning(output) {
                Ok(value) => {
                    self.answered(unit);
                    Some(Observed::new(at, value))
                }
                Err(Malformed(what)) => {
                    self.unanswered(unit, Cause::MalformedAnswer, format!("the answer {what}"));
                    None
                }
            },
            Answer::Refused(_, refusal) => {
                self.unanswered(unit, refusal.cause, refusal.message);
                None
            }
        }
    }

    /// Counts a call that was answered.
    pub(super) fn answered(&self, unit: &Unit<'_>) {
        self.with(|entries| {
            entries.calls.entry(unit.call.operation().to_owned()).or_default().answered += 1;
            entries.endings.observed += 1;
        });
    }

    /// Counts a call that was made and left a gap.
    pub(super) fn unanswered(&self, unit: &Unit<'_>, cause: Cause, message: String) {
        self.with(|entries| {
            entries.calls.entry(unit.call.operation().to_owned()).or_default().unanswered += 1;
            entries.endings.count(&cause, 1);
            entries.gaps.push(unit.gap(cause, message));
        });
    }

    /// Leaves a gap for a call that was not made.
    pub(super) fn not_asked(&self, unit: &Unit<'_>, cause: Cause, message: &str) {
        self.with(|entries| {
            entries.endings.count(&cause, 1);
            entries.gaps.push(unit.gap(cause, message.to_owned()));
        });
    }

    /// Counts questions that were planned and not put, because of a gap that was left already.
    pub(super) fn skipped(&self, questions: usize) {
        self.with(|entries| entries.endings.count(&Cause::NotAttempted, questions as u64));
    }

    /// Closes the ledger: the calls, how the questions ended, and the gaps.
    pub(super) fn close(self) -> (BTreeMap<String, CallCount>, Endings, Vec<Gap>) {
        let entries = self.entries.into_inner().unwrap_or_else(PoisonError::into_inner);
        (entries.calls, entries.endings, entries.gaps)
    }

    fn with<R>(&self, change: impl FnOnce(&mut Entries) -> R) -> R {
        change(&mut self.entries.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// An answer that AWS does not document: what is wrong with it, to follow "the answer".
#[derive(Debug)]
pub(super) struct Malformed(pub(super) String);

impl Malformed {
    /// A required part is missing.
    pub(super) fn lacks(part: &str) -> Self {
        Self(format!("lacks {part}"))
    }
}

impl<T> Answer<T> {
    /// Takes some refusals, told by their error codes, as the answer that AWS documents them to be.
    pub(super) fn or_absent(self, codes: &[&str], absent: impl FnOnce() -> T) -> Self {
        match self {
            Self::Refused(at, refusal) if refusal.is(codes) => Self::Read(at, absent()),
            other => other,
        }
    }
}
