//! Which gaps were left of what: by operation, resource and account.

use std::collections::HashMap;

use super::Question;
use crate::expr::GapId;
use crate::id::AccountId;
use crate::snapshot::Gap;

/// The gaps of one operation, or of one operation on one resource, in the order in which they were left.
#[derive(Debug, Clone, Default)]
pub(super) struct Left {
    all: Vec<GapId>,
    of_no_account: Vec<GapId>,
    by_account: HashMap<AccountId, Vec<GapId>>,
}

impl Left {
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Those that an account left.
    pub(super) fn by(&self, account: AccountId) -> &[GapId] {
        self.by_account.get(&account).map_or(&[], Vec::as_slice)
    }

    /// The first that fits, of an account or of none in particular; of any, where no account is asked about.
    pub(super) fn about(&self, account: Option<AccountId>, fits: impl Fn(&&GapId) -> bool) -> Option<GapId> {
        let Some(account) = account else { return self.all.iter().find(fits).copied() };
        let of_account = self.by(account).iter().find(&fits);
        of_account.into_iter().chain(self.of_no_account.iter().find(&fits)).min().copied()
    }

    fn add(&mut self, account: Option<AccountId>, id: GapId) {
        self.all.push(id);
        match account {
            Some(account) => self.by_account.entry(account).or_default().push(id),
            None => self.of_no_account.push(id),
        }
    }
}

/// The gaps of one operation.
#[derive(Debug, Clone, Default)]
struct OfOperation {
    of_no_resource: Left,
    by_resource: HashMap<String, Left>,
    /// That it was not called at all, of whatever account.
    not_called: Option<GapId>,
}

/// Gaps by what they are about.
#[derive(Debug, Clone, Default)]
pub(super) struct Index(HashMap<String, OfOperation>);

impl Index {
    fn of_operation(&mut self, operation: &str) -> &mut OfOperation {
        self.0.entry(operation.to_owned()).or_default()
    }

    /// The gaps that were left of what a question is about.
    pub(super) fn left(&self, question: &Question<'_>) -> Option<&Left> {
        let left = self.0.get(question.operation)?;
        match question.resource {
            Some(resource) => left.by_resource.get(resource),
            None => Some(&left.of_no_resource),
        }
    }

    /// Whether questions find a gap.
    pub(super) fn finds(&self, gap: &Gap, id: GapId) -> bool {
        let question = Question { resource: gap.resource.as_deref(), ..Question::of(&gap.operation) };
        self.left(&question).is_some_and(|left| left.all.binary_search(&id).is_ok())
    }

    pub(super) fn not_called(&self, operation: &str) -> Option<GapId> {
        self.0.get(operation)?.not_called
    }

    pub(super) fn set_not_called(&mut self, operation: &str, id: GapId) {
        self.of_operation(operation).not_called = Some(id);
    }

    pub(super) fn add(&mut self, gap: &Gap, id: GapId) {
        let of_operation = self.of_operation(&gap.operation);
        let left = match &gap.resource {
            Some(resource) => of_operation.by_resource.entry(resource.clone()).or_default(),
            None => &mut of_operation.of_no_resource,
        };
        left.add(gap.account, id);
    }
}
