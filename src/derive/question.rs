//! Open questions: which gap hides a fact.

mod index;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use self::index::{Index, Left};
use crate::expr::{GapId, Gaps};
use crate::id::{AccountId, RegionName};
use crate::snapshot::{Cause, Gap, Snapshot};

/// A question to AWS, by which the gap that leaves it open is found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    operation: &'a str,
    account: Option<AccountId>,
    region: Option<&'a RegionName>,
    resource: Option<&'a str>,
}

impl<'a> Question<'a> {
    pub(super) fn of(operation: &'a str) -> Self {
        Self { operation, account: None, region: None, resource: None }
    }

    pub(super) fn account(self, account: AccountId) -> Self {
        Self { account: Some(account), ..self }
    }

    pub(super) fn region(self, region: &'a RegionName) -> Self {
        Self { region: Some(region), ..self }
    }

    pub(super) fn resource(self, resource: &'a str) -> Self {
        Self { resource: Some(resource), ..self }
    }
}

/// Of an operation that no rule needed when the snapshot was collected.
const NOT_NEEDED: &str = "no rule that was selected when this was collected needed it: collect again with the --pack, \
                          --policies and --set of this check, or with --everything";

/// Of an operation that was called, but not about this.
const NOT_THERE: &str = "this was not asked: what it is about was not found, or no rule that was selected when this was \
                         collected needed it; collect again with the --pack, --policies and --set of this check, or with \
                         --everything";

/// Of a snapshot that does not say what was called.
const OLDER: &str = "this was not read: an older version collected; collect again";

/// The gaps of a snapshot, found by the question that each leaves open.
///
/// A question that was neither answered nor refused has a gap too: one of cause [`Cause::NotCollected`] is made for
/// it. So absence in a snapshot is never read as an answer.
#[derive(Debug, Clone, Default)]
pub struct OpenQuestions {
    /// What was open before this part of the work began, which others go on from too; nothing where this is no part.
    before: Option<Arc<OpenQuestions>>,
    /// The number of this part; 0, where it is none.
    part: usize,
    gaps: Vec<Gap>,
    /// The gaps of the parts that were joined, from the first on.
    joined: Vec<Vec<Gap>>,
    index: Index,
    entering: HashMap<AccountId, GapId>,
    /// The operations that the rules of the run needed; empty where it is not known.
    asked: BTreeSet<String>,
}

impl OpenQuestions {
    /// The open questions of a snapshot.
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let asked = snapshot.selection.operations.iter().cloned().collect();
        let mut open = Self { asked, ..Self::default() };
        for gap in &snapshot.gaps {
            let id = open.push(gap.clone());
            if let (Some(account), "sts:AssumeRole") = (gap.account, gap.operation.as_str()) {
                open.entering.insert(account, id);
            }
        }
        open
    }

    /// A gap by its id.
    pub fn gap(&self, id: GapId) -> Option<&Gap> {
        let (part, place) = (id.0 >> PLACE_BITS, id.0 & ((1 << PLACE_BITS) - 1));
        let (part, place) = (usize::try_from(part).ok()?, usize::try_from(place).ok()?);
        match &self.before {
            _ if part == self.part => self.gaps.get(place),
            Some(before) => before.gap(id),
            None => self.joined.get(part.checked_sub(1)?)?.get(place),
        }
    }

    /// As many parts of the work as are wanted, each of which leaves its own questions open, until they are joined.
    pub(super) fn parts(&mut self, wanted: usize) -> (Arc<Self>, Vec<Self>) {
        let before = Arc::new(std::mem::take(self));
        let part = |number| Self {
            before: Some(Arc::clone(&before)),
            part: before.joined.len() + 1 + number,
            ..Self::default()
        };
        let parts = (0..wanted).map(part).collect();
        (before, parts)
    }

    /// What was open before the parts, and what each of them left open, in their order.
    pub(super) fn join(before: Arc<Self>, parts: Vec<Self>) -> Self {
        let left: Vec<(Vec<Gap>, Index)> = parts.into_iter().map(|part| (part.gaps, part.index)).collect();
        let mut joined = Arc::unwrap_or_clone(before);
        for (gaps, index) in left {
            let part = joined.joined.len() + 1;
            for (place, gap) in gaps.iter().enumerate() {
                let id = numbered(part, place);
                if index.not_called(&gap.operation) == Some(id) {
                    joined.index.set_not_called(&gap.operation, id);
                } else if index.finds(gap, id) {
                    joined.index.add(gap, id);
                }
            }
            joined.joined.push(gaps);
        }
        joined
    }

    /// This part of the work and what it goes on from, oldest first.
    fn layers(&self) -> impl Iterator<Item = &Self> {
        self.before.as_deref().into_iter().chain([self])
    }

    fn asked(&self) -> &BTreeSet<String> {
        self.before.as_ref().map_or(&self.asked, |before| &before.asked)
    }

    /// The gap that leaves a question open: that of this very question, else the one that kept us out of the account,
    /// else one that says it was not asked.
    pub(super) fn why(&mut self, question: Question<'_>) -> Gaps {
        if let Some(gaps) = self.left(question) {
            return gaps;
        }
        if self.asked().contains(question.operation) {
            return self.leave(question, Cause::NotCollected, NOT_THERE);
        }
        self.not_called(question.operation)
    }

    /// The gap that was left of a question: of this very one, else the one that kept us out of the account. Nothing, where
    /// it was not asked.
    pub(super) fn left(&self, question: Question<'_>) -> Option<Gaps> {
        let first = self.layers().find_map(|layer| self.first(layer.index.left(&question)?, question));
        first.map(Gaps::one).or_else(|| self.entering(question.account?))
    }

    /// The gap that says that an operation was not called: one for all that it was not asked about.
    fn not_called(&mut self, operation: &str) -> Gaps {
        if let Some(id) = self.layers().find_map(|layer| layer.index.not_called(operation)) {
            return Gaps::one(id);
        }
        let message = if self.asked().is_empty() { OLDER } else { NOT_NEEDED };
        let gap = Gap {
            account: None,
            region: None,
            operation: operation.to_owned(),
            resource: None,
            cause: Cause::NotCollected,
            message: message.to_owned(),
        };
        let id = self.number(gap);
        self.index.set_not_called(operation, id);
        Gaps::one(id)
    }

    /// The first of the gaps that is about the account and the Region of a question.
    fn first(&self, left: &Left, question: Question<'_>) -> Option<GapId> {
        let fits = |id: &&GapId| {
            let region = self.gap(**id).and_then(|gap| gap.region.as_ref());
            question.region.is_none() || region.is_none() || region == question.region
        };
        left.about(question.account, fits)
    }

    /// The gap that an account left of a question that was put to many, or the one that kept us out of it.
    pub(super) fn left_by(&self, account: AccountId, question: Question<'_>) -> Option<Gaps> {
        let left = self.layers().find_map(|layer| layer.index.left(&question)?.by(account).first().copied());
        left.map(Gaps::one).or_else(|| self.entering(account))
    }

    /// Whether the rules of the run needed an operation.
    pub(super) fn is_asked(&self, operation: &str) -> bool {
        self.asked().contains(operation)
    }

    /// The gap of the first of several questions that one was left for; where none was, that of the first.
    pub(super) fn why_one_of(&mut self, questions: &[Question<'_>]) -> Gaps {
        let left = |question: &&Question<'_>| {
            self.layers().any(|layer| layer.index.left(question).is_some_and(|left| !left.is_empty()))
        };
        match questions.iter().find(left).or(questions.first()) {
            Some(question) => self.why(*question),
            None => Gaps::none(),
        }
    }

    /// A gap that no call left: what cannot be worked out from what was read.
    pub(super) fn leave(&mut self, question: Question<'_>, cause: Cause, message: &str) -> Gaps {
        let gap = Gap {
            account: question.account,
            region: question.region.cloned(),
            operation: question.operation.to_owned(),
            resource: question.resource.map(str::to_owned),
            cause,
            message: message.to_owned(),
        };
        Gaps::one(self.push(gap))
    }

    /// A gap that hides the same of many things. No question finds it: what is asked of one of them has a gap of its own.
    pub(super) fn leave_for_many(&mut self, operation: &str, cause: Cause, message: &str) -> Gaps {
        let (operation, message) = (operation.to_owned(), message.to_owned());
        Gaps::one(self.number(Gap { account: None, region: None, operation, resource: None, cause, message }))
    }

    /// The gap that kept us out of an account, if one did.
    pub(super) fn entering(&self, account: AccountId) -> Option<Gaps> {
        self.layers().find_map(|layer| layer.entering.get(&account)).map(|id| Gaps::one(*id))
    }

    fn push(&mut self, gap: Gap) -> GapId {
        let id = self.next();
        self.index.add(&gap, id);
        self.number(gap)
    }

    fn number(&mut self, gap: Gap) -> GapId {
        let id = self.next();
        self.gaps.push(gap);
        id
    }

    /// The id of the gap that is left next.
    fn next(&self) -> GapId {
        numbered(self.part, self.gaps.len())
    }
}

/// How many bits of an id are the place of a gap within its part.
const PLACE_BITS: u32 = 32;

fn numbered(part: usize, place: usize) -> GapId {
    GapId((part as u64) << PLACE_BITS | place as u64)
}

#[cfg(test)]
mod tests;
