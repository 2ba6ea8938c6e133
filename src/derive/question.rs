//! Open questions: which gap hides a fact.

use std::collections::{BTreeSet, HashMap};

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

/// The gaps of one operation, or of one operation on one resource, in the order in which they were left.
#[derive(Debug, Default)]
struct Left {
    all: Vec<GapId>,
    of_no_account: Vec<GapId>,
    by_account: HashMap<AccountId, Vec<GapId>>,
}

/// The gaps of one operation.
#[derive(Debug, Default)]
struct OfOperation {
    of_no_resource: Left,
    by_resource: HashMap<String, Left>,
    /// That it was not called at all, of whatever account.
    not_called: Option<GapId>,
}

/// The gaps of a snapshot, found by the question that each leaves open.
///
/// A question that was neither answered nor refused has a gap too: one of cause [`Cause::NotCollected`] is made for
/// it. So absence in a snapshot is never read as an answer.
#[derive(Debug)]
pub struct OpenQuestions {
    gaps: Vec<Gap>,
    by_operation: HashMap<String, OfOperation>,
    entering: HashMap<AccountId, GapId>,
    /// The operations that the rules of the run needed; empty where it is not known.
    asked: BTreeSet<String>,
}

impl OpenQuestions {
    /// The open questions of a snapshot.
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let asked = snapshot.selection.operations.iter().cloned().collect();
        let mut open = Self { gaps: Vec::new(), by_operation: HashMap::new(), entering: HashMap::new(), asked };
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
        self.gaps.get(id.0 as usize)
    }

    /// The gap that leaves a question open: that of this very question, else the one that kept us out of the account,
    /// else one that says it was not asked.
    pub(super) fn why(&mut self, question: Question<'_>) -> Gaps {
        if let Some(id) = self.left(question).and_then(|left| self.first(left, question)) {
            return Gaps::one(id);
        }
        if let Some(id) = question.account.and_then(|account| self.entering.get(&account)) {
            return Gaps::one(*id);
        }
        if self.asked.contains(question.operation) {
            return self.leave(question, Cause::NotCollected, NOT_THERE);
        }
        self.not_called(question.operation)
    }

    /// The gap that says that an operation was not called: one for all that it was not asked about.
    fn not_called(&mut self, operation: &str) -> Gaps {
        if let Some(id) = self.by_operation.get(operation).and_then(|left| left.not_called) {
            return Gaps::one(id);
        }
        let message = if self.asked.is_empty() { OLDER } else { NOT_NEEDED };
        let gap = Gap {
            account: None,
            region: None,
            operation: operation.to_owned(),
            resource: None,
            cause: Cause::NotCollected,
            message: message.to_owned(),
        };
        let id = self.number(gap);
        self.by_operation.entry(operation.to_owned()).or_default().not_called = Some(id);
        Gaps::one(id)
    }

    fn left(&self, question: Question<'_>) -> Option<&Left> {
        let left = self.by_operation.get(question.operation)?;
        match question.resource {
            Some(resource) => left.by_resource.get(resource),
            None => Some(&left.of_no_resource),
        }
    }

    /// The first of the gaps that is about the account and the Region of a question.
    fn first(&self, left: &Left, question: Question<'_>) -> Option<GapId> {
        let fits = |id: &&GapId| {
            let gap = &self.gaps[id.0 as usize];
            question.region.is_none() || gap.region.is_none() || gap.region.as_ref() == question.region
        };
        let Some(account) = question.account else { return left.all.iter().find(fits).copied() };
        let of_account = left.by_account.get(&account).and_then(|ids| ids.iter().find(fits));
        of_account.into_iter().chain(left.of_no_account.iter().find(fits)).min().copied()
    }

    /// The gap that an account left of a question that was put to many, or the one that kept us out of it.
    pub(super) fn left_by(&self, account: AccountId, question: Question<'_>) -> Option<Gaps> {
        let left = self.left(question).and_then(|left| left.by_account.get(&account)?.first());
        left.map(|id| Gaps::one(*id)).or_else(|| self.entering(account))
    }

    /// Whether the rules of the run needed an operation.
    pub(super) fn is_asked(&self, operation: &str) -> bool {
        self.asked.contains(operation)
    }

    /// The gap of the first of several questions that one was left for; where none was, that of the first.
    pub(super) fn why_one_of(&mut self, questions: &[Question<'_>]) -> Gaps {
        let left = |question: &&Question<'_>| self.left(**question).is_some_and(|left| !left.all.is_empty());
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

    /// The gap that kept us out of an account, if one did.
    pub(super) fn entering(&self, account: AccountId) -> Option<Gaps> {
        self.entering.get(&account).map(|id| Gaps::one(*id))
    }

    fn push(&mut self, gap: Gap) -> GapId {
        let (operation, resource, account) = (gap.operation.clone(), gap.resource.clone(), gap.account);
        let id = self.number(gap);
        let of_operation = self.by_operation.entry(operation).or_default();
        let left = match resource {
            Some(resource) => of_operation.by_resource.entry(resource).or_default(),
            None => &mut of_operation.of_no_resource,
        };
        left.all.push(id);
        match account {
            Some(account) => left.by_account.entry(account).or_default().push(id),
            None => left.of_no_account.push(id),
        }
        id
    }

    fn number(&mut self, gap: Gap) -> GapId {
        let id = GapId(u32::try_from(self.gaps.len()).unwrap_or(u32::MAX));
        self.gaps.push(gap);
        id
    }
}
