//! The search for a bucket's owner: a bucket says where it is to anybody, and whose it is to nobody else.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use super::bucket;
use super::call::Call;
use super::ledger::{Ledger, Unit};
use super::needs::Needs;
use super::session::Sessions;
use crate::id::{AccountId, BucketName};
use crate::snapshot::{Bucket, Cause, Existence, Gap, Observed, Owner};
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
    /// How many are asked at once where none of the likely ones lists the bucket.
    pub(super) at_once: usize,
}

/// The search, which remembers who owned other buckets.
#[derive(Debug)]
pub(super) struct Search<'a> {
    sessions: &'a Sessions,
    needs: &'a Needs,
    ledger: &'a Ledger,
    candidates: &'a Candidates,
    owners: Mutex<BTreeSet<AccountId>>,
}

/// The most that are asked at once.
pub(super) const ASKED_AT_ONCE: usize = 64;

impl<'a> Search<'a> {
    pub(super) fn new(
        sessions: &'a Sessions,
        needs: &'a Needs,
        ledger: &'a Ledger,
        candidates: &'a Candidates,
    ) -> Self {
        Self { sessions, needs, ledger, candidates, owners: Mutex::default() }
    }

    /// Finds where a bucket is and whose: the accounts of the trails that use it first, then the account that its name
    /// names, owners of other buckets and those that the user named, then all others. Whose it is is asked only where that
    /// is needed.
    pub(super) async fn find(&self, mut found: Bucket, users: &BTreeSet<AccountId>) -> Bucket {
        self.locate(&mut found, users).await;
        let missing = matches!(&found.existence, Some(Observed { value: Existence::Missing, .. }));
        if missing || !self.needs.asks(Call::ListBuckets) {
            return found;
        }
        let known = self.owners.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let likely = likely(&found.name, users, &known, self.candidates);
        let others: Vec<AccountId> =
            self.candidates.scanned.iter().copied().filter(|id| !likely.contains(id)).collect();
        let one_by_one = likely.iter().map(std::slice::from_ref);
        let mut unread = Unread::default();
        for asked in one_by_one.chain(others.chunks(self.candidates.at_once)) {
            let asked = asked.iter().map(|id| self.ask(*id, &found));
            let answers: Vec<_> = stream::iter(asked).buffered(self.candidates.at_once).collect().await;
            for (id, answer) in answers {
                match answer {
                    Ok(answer) if answer.value => return self.owned(found, id, answer),
                    Ok(_) => {}
                    Err(gap) => unread.add(gap),
                }
            }
        }
        self.nowhere(found, unread)
    }

    fn owned(&self, mut found: Bucket, owner: AccountId, answer: Observed<bool>) -> Bucket {
        self.owners.lock().unwrap_or_else(PoisonError::into_inner).insert(owner);
        found.owner = Some(Observed::new(answer.read_at, Owner::Account(owner)));
        found
    }

    /// A refusal leaves a gap only here: where the owner was found, the question that it left open is answered.
    fn nowhere(&self, mut found: Bucket, unread: Unread) -> Bucket {
        let Unread { any: unread, gaps } = unread;
        gaps.into_iter().for_each(|gap| self.ledger.leave(gap));
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

    async fn ask(&self, id: AccountId, found: &Bucket) -> (AccountId, Result<Observed<bool>, Option<Box<Gap>>>) {
        let answer = match self.sessions.enter(id, self.ledger).await {
            Ok(session) => bucket::lists(&session, &found.name, self.ledger).await.map_err(Some),
            Err(_) => Err(None),
        };
        (id, answer)
    }
}

/// The accounts that probably own a bucket, in the order in which they are asked, one after another: users of the bucket,
/// the account that its name names, owners of other buckets, and those that the user named.
pub(super) fn likely(
    bucket: &BucketName,
    users: &BTreeSet<AccountId>,
    known: &BTreeSet<AccountId>,
    candidates: &Candidates,
) -> Vec<AccountId> {
    let in_name = accounts_in(bucket.as_str()).filter(|id| candidates.scanned.contains(id));
    let mut likely: Vec<AccountId> = Vec::new();
    for id in users.iter().copied().chain(in_name).chain(known.iter().copied()).chain(candidates.named.iter().copied())
    {
        if !likely.contains(&id) {
            likely.push(id);
        }
    }
    likely
}

/// What stayed open in a search.
#[derive(Debug, Default)]
struct Unread {
    any: bool,
    gaps: Vec<Gap>,
}

impl Unread {
    /// Takes down that an account did not answer; that it could not be entered has a gap already.
    fn add(&mut self, gap: Option<Box<Gap>>) {
        self.any = true;
        self.gaps.extend(gap.map(|gap| *gap));
    }
}

/// The account ids in a name: many buckets have their owner's, such as `aws-controltower-logs-111122223333-eu-west-1`.
fn accounts_in(name: &str) -> impl Iterator<Item = AccountId> {
    name.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_name_accounts() {
        let named = |name| accounts_in(name).map(|id| id.to_string()).collect::<Vec<_>>();
        assert_eq!(named("aws-controltower-logs-111122223333-eu-west-1"), ["111122223333"]);
        assert_eq!(named("logs-1111222233334"), [""; 0]);
    }
}
