//! The search for a bucket's owner: a bucket says where it is to anybody, and whose it is to nobody else.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::bucket;
use super::call::Call;
use super::ledger::{Ledger, Unit};
use super::needs::Needs;
use super::session::Sessions;
use crate::id::AccountId;
use crate::snapshot::{Bucket, Cause, Existence, Observed, Owner};
use futures_util::stream::{self, StreamExt};

/// Whom to ask.
#[derive(Debug)]
pub(super) struct Candidates {
    /// Accounts that the user named as owners of log buckets.
    pub(super) named: Vec<AccountId>,
    /// Accounts that are scanned.
    pub(super) scanned: Vec<AccountId>,
    /// Whether the scanned accounts are all active accounts of the organization.
    pub(super) are_all: bool,
}

/// The search, which remembers who owned other buckets.
#[derive(Debug)]
pub(super) struct Search<'a> {
    sessions: &'a Sessions,
    needs: &'a Needs,
    ledger: &'a Ledger,
    candidates: Candidates,
    owners: Mutex<BTreeSet<AccountId>>,
}

/// Accounts asked at once where none of the likely ones lists the bucket.
const ASKED_AT_ONCE: usize = 64;

impl<'a> Search<'a> {
    pub(super) fn new(sessions: &'a Sessions, needs: &'a Needs, ledger: &'a Ledger, candidates: Candidates) -> Self {
        Self { sessions, needs, ledger, candidates, owners: Mutex::default() }
    }

    /// Finds where a bucket is and whose: the accounts of the trails that use it first, then owners of other buckets,
    /// then those that the user named, then all others. Whose it is is asked only where that is needed.
    pub(super) async fn find(&self, mut found: Bucket, users: &BTreeSet<AccountId>) -> Bucket {
        self.locate(&mut found, users).await;
        let missing = matches!(&found.existence, Some(Observed { value: Existence::Missing, .. }));
        if missing || !self.needs.asks(Call::ListBuckets) {
            return found;
        }
        let known = self.owners.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut likely: Vec<AccountId> = Vec::new();
        for id in users.iter().chain(&known).chain(&self.candidates.named) {
            if !likely.contains(id) {
                likely.push(*id);
            }
        }
        let mut unread = false;
        for id in &likely {
            match self.ask(*id, &found).await {
                Some(answer) if answer.value => return self.owned(found, *id, answer),
                Some(_) => {}
                None => unread = true,
            }
        }
        let others = self.candidates.scanned.iter().copied().filter(|id| !likely.contains(id));
        let mut answers = stream::iter(others)
            .map(|id| {
                let found = &found;
                async move { (id, self.ask(id, found).await) }
            })
            .buffered(ASKED_AT_ONCE);
        let mut owner = None;
        while let Some((id, answer)) = answers.next().await {
            match answer {
                Some(answer) if answer.value => {
                    owner = Some((id, answer));
                    break;
                }
                Some(_) => {}
                None => unread = true,
            }
        }
        drop(answers);
        match owner {
            Some((id, answer)) => self.owned(found, id, answer),
            None => self.nowhere(found, unread),
        }
    }

    fn owned(&self, mut found: Bucket, owner: AccountId, answer: Observed<bool>) -> Bucket {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner).insert(owner);
        found.owner = Some(Observed::new(answer.read_at, Owner::Account(owner)));
        found
    }

    fn nowhere(&self, mut found: Bucket, unread: bool) -> Bucket {
        let exists = found.existence.as_ref().map(|existence| existence.read_at);
        let search = Unit::of(Call::ListBuckets).resource(found.name.as_str());
        match exists {
            Some(read_at) if self.candidates.are_all && !unread => {
                let message = "no account of the organization lists this bucket";
                self.ledger.not_asked(&search, Cause::OutsideOrganization, message);
                found.owner = Some(Observed::new(read_at, Owner::OutsideOrganization));
            }
            _ => {
                let message = if self.candidates.are_all {
                    "its owner is not known: no account that could be asked lists it, and some could not be asked"
                } else {
                    "its owner is not known: no scanned account lists it; name the owner with --log-archive"
                };
                self.ledger.not_asked(&search, Cause::NotFoundElsewhere, message);
                let (needs, ledger) = (self.needs, self.ledger);
                bucket::leave_unread(&found.name, None, &Cause::NotFoundElsewhere, message, needs, ledger);
            }
        }
        found
    }

    /// Asks where the bucket is with the first credentials at hand.
    async fn locate(&self, found: &mut Bucket, users: &BTreeSet<AccountId>) {
        for id in users {
            if let Ok(session) = self.sessions.enter(*id, self.ledger).await {
                bucket::find(&session, found, self.ledger).await;
                return;
            }
        }
        bucket::find(self.sessions.caller(), found, self.ledger).await;
    }

    async fn ask(&self, id: AccountId, found: &Bucket) -> Option<Observed<bool>> {
        let session = self.sessions.enter(id, self.ledger).await.ok()?;
        bucket::lists(&session, &found.name, self.ledger).await
    }
}
