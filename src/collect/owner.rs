//! The search for a bucket's owner: a bucket says where it is to anybody, and whose it is to nobody else.

use std::collections::BTreeSet;

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

/// The search.
#[derive(Debug)]
pub(super) struct Search<'a> {
    sessions: &'a Sessions,
    needs: &'a Needs,
    ledger: &'a Ledger,
    candidates: &'a Candidates,
}

/// A bucket that is looked for.
struct Sought {
    found: Bucket,
    /// Whether nothing is left to ask.
    is_over: bool,
    asked: Vec<AccountId>,
    unread: Unread,
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
        Self { sessions, needs, ledger, candidates }
    }

    /// Finds where each of these buckets is and whose, by the accounts of the trails that use it. Whose it is is asked only
    /// where that is needed: of the accounts that are near it, for all buckets side by side; then, for one bucket after the
    /// other, of the owners of others and those that the user named; then of all others.
    pub(super) async fn find(&self, buckets: Vec<(Bucket, BTreeSet<AccountId>)>, at_once: usize) -> Vec<Bucket> {
        let near = stream::iter(buckets).map(|(bucket, users)| self.find_near(bucket, users)).buffered(at_once);
        let sought: Vec<Sought> = near.collect().await;
        let mut owners: BTreeSet<AccountId> = sought.iter().filter_map(|sought| owner(&sought.found)).collect();
        let mut found = Vec::with_capacity(sought.len());
        for sought in sought {
            let bucket = if sought.is_over { sought.found } else { self.find_far(sought, &owners).await };
            owners.extend(owner(&bucket));
            found.push(bucket);
        }
        found
    }

    async fn find_near(&self, mut found: Bucket, users: BTreeSet<AccountId>) -> Sought {
        self.locate(&mut found, &users).await;
        let missing = matches!(&found.existence, Some(Observed { value: Existence::Missing, .. }));
        let is_over = missing || !self.needs.asks(Call::ListBuckets);
        let asked = if is_over { Vec::new() } else { near(&found.name, &users, self.candidates) };
        let mut sought = Sought { found, is_over, asked: Vec::new(), unread: Unread::default() };
        for id in asked {
            self.ask_some(&mut sought, &[id]).await;
            if sought.is_over {
                break;
            }
        }
        sought
    }

    async fn find_far(&self, mut sought: Sought, owners: &BTreeSet<AccountId>) -> Bucket {
        let likely = far(&sought.asked, owners, self.candidates);
        let is_other = |id: &AccountId| !sought.asked.contains(id) && !likely.contains(id);
        let others: Vec<AccountId> = self.candidates.scanned.iter().copied().filter(is_other).collect();
        let one_by_one = likely.iter().map(std::slice::from_ref);
        for asked in one_by_one.chain(others.chunks(self.candidates.at_once)) {
            self.ask_some(&mut sought, asked).await;
            if sought.is_over {
                return sought.found;
            }
        }
        self.nowhere(sought.found, sought.unread)
    }

    /// Asks some accounts at once whether a bucket is theirs.
    async fn ask_some(&self, sought: &mut Sought, asked: &[AccountId]) {
        let questions = asked.iter().map(|id| self.ask(*id, &sought.found));
        let answers: Vec<_> = stream::iter(questions).buffered(self.candidates.at_once).collect().await;
        for (id, answer) in answers {
            sought.asked.push(id);
            match answer {
                Ok(answer) if answer.value => {
                    sought.found.owner = Some(Observed::new(answer.read_at, Owner::Account(id)));
                    sought.is_over = true;
                    return;
                }
                Ok(_) => {}
                Err(gap) => sought.unread.add(gap),
            }
        }
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

/// The account that is known to own a bucket.
fn owner(bucket: &Bucket) -> Option<AccountId> {
    match &bucket.owner {
        Some(Observed { value: Owner::Account(owner), .. }) => Some(*owner),
        _ => None,
    }
}

/// The accounts that probably own a bucket, whatever else is known, in the order in which they are asked: its users, and the
/// account that its name names.
pub(super) fn near(bucket: &BucketName, users: &BTreeSet<AccountId>, candidates: &Candidates) -> Vec<AccountId> {
    let in_name = accounts_in(bucket.as_str()).filter(|id| candidates.scanned.contains(id));
    distinct(users.iter().copied().chain(in_name), &[])
}

/// The accounts that are asked next, one after another: owners of other buckets, and those that the user named.
pub(super) fn far(asked: &[AccountId], owners: &BTreeSet<AccountId>, candidates: &Candidates) -> Vec<AccountId> {
    distinct(owners.iter().copied().chain(candidates.named.iter().copied()), asked)
}

fn distinct(ids: impl Iterator<Item = AccountId>, asked: &[AccountId]) -> Vec<AccountId> {
    let mut distinct: Vec<AccountId> = Vec::new();
    for id in ids {
        if !asked.contains(&id) && !distinct.contains(&id) {
            distinct.push(id);
        }
    }
    distinct
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
