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

/// The gaps of a snapshot, found by the question that each leaves open.
///
/// A question that was neither answered nor refused has a gap too: one of cause [`Cause::NotCollected`] is made for
/// it. So absence in a snapshot is never read as an answer.
#[derive(Debug)]
pub struct OpenQuestions {
    gaps: Vec<Gap>,
    by_question: HashMap<(String, Option<String>), Vec<GapId>>,
    entering: HashMap<AccountId, GapId>,
    /// The operations that the rules of the run needed; empty where it is not known.
    asked: BTreeSet<String>,
}

impl OpenQuestions {
    /// The open questions of a snapshot.
    pub(super) fn of(snapshot: &Snapshot) -> Self {
        let asked = snapshot.selection.operations.iter().cloned().collect();
        let mut open = Self { gaps: Vec::new(), by_question: HashMap::new(), entering: HashMap::new(), asked };
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
        if let Some(left) = self.left(question) {
            return left;
        }
        let message = if self.asked.is_empty() {
            OLDER
        } else if self.is_asked(question.operation) {
            NOT_THERE
        } else {
            NOT_NEEDED
        };
        self.leave(question, Cause::NotCollected, message)
    }

    /// The gap that a question left: that of this very question, else the one that kept us out of the account.
    pub(super) fn left(&self, question: Question<'_>) -> Option<Gaps> {
        let key = (question.operation.to_owned(), question.resource.map(str::to_owned));
        let fits = |id: &&GapId| {
            let gap = &self.gaps[id.0 as usize];
            let account = question.account.is_none() || gap.account.is_none() || gap.account == question.account;
            let region = question.region.is_none() || gap.region.is_none() || gap.region.as_ref() == question.region;
            account && region
        };
        if let Some(id) = self.by_question.get(&key).and_then(|ids| ids.iter().find(fits)) {
            return Some(Gaps::one(*id));
        }
        question.account.and_then(|account| self.entering.get(&account)).map(|id| Gaps::one(*id))
    }

    /// The gap that an account left of a question that was put to many, or the one that kept us out of it.
    pub(super) fn left_by(&self, account: AccountId, question: Question<'_>) -> Option<Gaps> {
        let key = (question.operation.to_owned(), question.resource.map(str::to_owned));
        let by_it = |id: &&GapId| self.gaps[id.0 as usize].account == Some(account);
        let left = self.by_question.get(&key).and_then(|ids| ids.iter().find(by_it));
        left.map(|id| Gaps::one(*id)).or_else(|| self.entering(account))
    }

    /// Whether the rules of the run needed an operation.
    pub(super) fn is_asked(&self, operation: &str) -> bool {
        self.asked.contains(operation)
    }

    /// The gap of the first of several questions that one was left for; where none was, that of the first.
    pub(super) fn why_one_of(&mut self, questions: &[Question<'_>]) -> Gaps {
        let left = |question: &&Question<'_>| {
            let key = (question.operation.to_owned(), question.resource.map(str::to_owned));
            self.by_question.contains_key(&key)
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

    /// The gap that kept us out of an account, if one did.
    pub(super) fn entering(&self, account: AccountId) -> Option<Gaps> {
        self.entering.get(&account).map(|id| Gaps::one(*id))
    }

    fn push(&mut self, gap: Gap) -> GapId {
        let id = GapId(u32::try_from(self.gaps.len()).unwrap_or(u32::MAX));
        self.by_question.entry((gap.operation.clone(), gap.resource.clone())).or_default().push(id);
        self.gaps.push(gap);
        id
    }
}
