//! The ledger: every call is entered here, with what became of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::Future;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use jiff::Timestamp;

use super::Settings;
use super::answers::{AnswerLog, Answers};
use super::bucket::Head;
use super::call::Call;
use super::classify::{Refusal, refusal};
use super::journal::{Conversation, Exchange, Journal, Recorded, question};
use super::once::Once;
use super::patience::Patience;
use crate::id::{AccountId, RegionName};
use crate::snapshot::{CallCount, Cause, Endings, Gap, ManagedPolicy, Observed, Place, Reused, ReusedUnits};

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

/// What a ledger says in the end.
#[derive(Debug)]
pub(super) struct Closed {
    pub(super) calls: BTreeMap<String, CallCount>,
    pub(super) endings: Endings,
    pub(super) gaps: Vec<Gap>,
    pub(super) reused: BTreeMap<String, Reused>,
}

/// The calls of a run and the gaps that they left.
#[derive(Debug)]
pub(super) struct Ledger {
    entries: Mutex<Entries>,
    /// The most pages that are taken of one listing.
    pub(super) most_pages: usize,
    journal: Option<Arc<Journal>>,
    /// Where all that is asked is kept, whatever becomes of it.
    answers: Option<Arc<AnswerLog>>,
    /// What was kept by an earlier run: nothing else is asked.
    replay: Option<Arc<Answers>>,
    /// Who asks, and by which role members are entered: the journal's answers to others are none to us.
    asker: OnceLock<String>,
    /// Whether there is a bucket, as an account was told in a Region.
    pub(super) heads: Once<Head>,
    /// Whether an account lists a bucket as its own.
    pub(super) listings: Once<Result<Observed<bool>, Box<Gap>>>,
    /// The managed policies of an account's roles.
    pub(super) policies: Once<Result<Observed<ManagedPolicy>, Box<Gap>>>,
}

#[derive(Debug, Default)]
struct Entries {
    calls: BTreeMap<String, CallCount>,
    endings: Endings,
    gaps: Vec<Gap>,
    /// What was heard of questions that were put, until it is known whether it answers them.
    heard: HashMap<String, Heard>,
    reused: BTreeMap<String, Found>,
}

/// What the journal answered of an operation.
#[derive(Debug, Default)]
struct Found {
    questions: u64,
    places: BTreeMap<Option<AccountId>, BTreeSet<Place>>,
    oldest: Option<Timestamp>,
}

impl Found {
    fn take(&mut self, unit: &Unit<'_>, read_at: Timestamp) {
        self.questions += 1;
        let place = Place { region: unit.region.cloned(), resource: unit.resource.map(str::to_owned) };
        self.places.entry(unit.account).or_default().insert(place);
        self.oldest = Some(self.oldest.map_or(read_at, |oldest| oldest.min(read_at)));
    }

    /// The same, with accounts told together that were asked the same.
    fn folded(self) -> Reused {
        let accounts = self.places.keys().copied().flatten().collect();
        let mut alike: BTreeMap<BTreeSet<Place>, Vec<AccountId>> = BTreeMap::new();
        for (account, places) in self.places {
            alike.entry(places).or_default().extend(account);
        }
        let mut units: Vec<ReusedUnits> = alike
            .into_iter()
            .map(|(places, accounts)| ReusedUnits { accounts, places: places.into_iter().collect() })
            .collect();
        units.sort();
        Reused { questions: self.questions, accounts, oldest: self.oldest, units }
    }
}

/// What was heard of a question.
#[derive(Debug)]
struct Heard {
    read_at: Timestamp,
    answers: Vec<Recorded>,
    over_the_wire: bool,
}

impl Ledger {
    /// A ledger that keeps answers where the settings say, and finds them there.
    pub(super) fn of(settings: &Settings) -> Self {
        let (journal, answers, replay) = (settings.journal.clone(), settings.answers.clone(), settings.replay.clone());
        Self { journal, answers, replay, ..Self::new(settings.patience) }
    }

    /// A ledger that keeps nothing.
    pub(super) fn new(patience: Patience) -> Self {
        Self {
            entries: Mutex::default(),
            most_pages: patience.most_pages,
            journal: None,
            answers: None,
            replay: None,
            asker: OnceLock::new(),
            heads: Once::default(),
            listings: Once::default(),
            policies: Once::default(),
        }
    }

    /// Learns who asks: until then, nothing is kept or found.
    pub(super) fn asked_by(&self, asker: String) {
        let _ = self.asker.set(asker);
    }

    fn question(&self, unit: &Unit<'_>) -> Option<String> {
        question(self.asker.get()?, unit)
    }

    /// Makes a call and takes down when it was answered.
    pub(super) async fn ask<T, E>(
        &self,
        unit: &Unit<'_>,
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Answer<T>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        // The future of a call is large, and would be here several times over.
        let (result, now) = self.put(unit, Box::pin(request)).await;
        match result {
            Ok(output) => {
                tracing::debug!(operation = unit.call.operation(), account = ?unit.account.map(|id| id.to_string()), "answered");
                Answer::Read(now, output)
            }
            Err(refusal) => {
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

    /// Puts a question to the journal, and then to AWS; the answer, and when it was read.
    async fn put<T, E>(
        &self,
        unit: &Unit<'_>,
        request: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> (Result<T, Refusal>, Timestamp)
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let refused = |error: SdkError<E, HttpResponse>| refusal(&error).in_region(unit.region);
        if let Some(replay) = &self.replay {
            let (result, read_at) = replay.answer(unit, request).await;
            return (result.and_then(|result| result.map_err(refused)), read_at);
        }
        let journal = self.journal.as_ref().and_then(|journal| Some((journal, self.question(unit)?)));
        if journal.is_none() && self.answers.is_none() {
            return (request.await.map_err(refused), Timestamp::now());
        }
        let asked_before = self.answers.as_ref().map_or(0, |log| log.ask(unit));
        let found = journal.as_ref().and_then(|(journal, question)| journal.find(question));
        let told_at = found.as_ref().map(|(read_at, _)| *read_at);
        let exchange = Exchange::new(found.map(|(_, answers)| answers).unwrap_or_default());
        let result = exchange.of(request).await;
        let conversation = exchange.close();
        let read_at = told_at.filter(|_| !conversation.over_the_wire).unwrap_or_else(Timestamp::now);
        let came = !matches!(&result, Err(error) if error.raw_response().is_none());
        let result = result.map_err(refused);
        if let Some(log) = &self.answers {
            log.keep(unit, (asked_before, read_at), &conversation, result.as_ref().err(), came);
        }
        if let Some((_, question)) = journal {
            let Conversation { answers, over_the_wire, last: _ } = conversation;
            self.with(|entries| entries.heard.insert(question, Heard { read_at, answers, over_the_wire }));
        }
        (result, read_at)
    }

    /// Keeps what was heard of a question that is answered; forgets it where it is not.
    fn settle(&self, unit: &Unit<'_>, answered: bool) {
        let Some(journal) = &self.journal else { return };
        let Some(question) = self.question(unit) else { return };
        let Some(heard) = self.with(|entries| entries.heard.remove(&question)).filter(|_| answered) else { return };
        if heard.over_the_wire {
            return journal.keep(question, heard.read_at, heard.answers);
        }
        self.with(|entries| {
            entries.reused.entry(unit.call.operation().to_owned()).or_default().take(unit, heard.read_at);
        });
    }

    /// Reads an answer by its meaning; a refusal, or an answer without meaning, leaves a gap.
    pub(super) fn read<T, V>(
        &self,
        unit: &Unit<'_>,
        answer: Answer<T>,
        meaning: impl FnOnce(T) -> Result<V, Malformed>,
    ) -> Option<Observed<V>> {
        self.read_or_gap(unit, answer, meaning).map_err(|gap| self.leave(*gap)).ok()
    }

    /// Reads an answer as [`Self::read`] does, and hands the gap over instead of leaving it, where it is seen only later
    /// whether a question stays open.
    pub(super) fn read_or_gap<T, V>(
        &self,
        unit: &Unit<'_>,
        answer: Answer<T>,
        meaning: impl FnOnce(T) -> Result<V, Malformed>,
    ) -> Result<Observed<V>, Box<Gap>> {
        let (cause, message) = match answer {
            Answer::Read(at, output) => match meaning(output) {
                Ok(value) => {
                    self.answered(unit);
                    return Ok(Observed::new(at, value));
                }
                Err(Malformed(what)) => (Cause::MalformedAnswer, format!("the answer {what}")),
            },
            Answer::Refused(_, refusal) => (refusal.cause, refusal.message),
        };
        self.refused(unit, &cause);
        Err(Box::new(unit.gap(cause, message)))
    }

    /// Counts a call that was refused: what that means is for those who asked.
    pub(super) fn refused(&self, unit: &Unit<'_>, cause: &Cause) {
        self.settle(unit, false);
        self.with(|entries| {
            entries.calls.entry(unit.call.operation().to_owned()).or_default().unanswered += 1;
            entries.endings.count(cause, 1);
        });
    }

    /// Leaves a gap.
    pub(super) fn leave(&self, gap: Gap) {
        self.with(|entries| entries.gaps.push(gap));
    }

    /// Counts a call that was answered.
    pub(super) fn answered(&self, unit: &Unit<'_>) {
        self.settle(unit, true);
        self.with(|entries| {
            entries.calls.entry(unit.call.operation().to_owned()).or_default().answered += 1;
            entries.endings.observed += 1;
        });
    }

    /// Counts a call that was made and left a gap.
    pub(super) fn unanswered(&self, unit: &Unit<'_>, cause: Cause, message: String) {
        self.refused(unit, &cause);
        self.leave(unit.gap(cause, message));
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

    /// Closes the ledger.
    pub(super) fn close(self) -> Closed {
        let entries = self.entries.into_inner().unwrap_or_else(PoisonError::into_inner);
        let Entries { calls, endings, gaps, reused, heard: _ } = entries;
        let reused = reused.into_iter().map(|(operation, found)| (operation, found.folded())).collect();
        Closed { calls, endings, gaps, reused }
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
