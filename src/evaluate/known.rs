//! What became of the findings of an earlier report: new, unchanged, fixed; and never fixed where nobody could look.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::judge::standings;
use super::report::{Fingerprint, Judgement, Outcome};
use crate::earlier::{EarlierOutcome, EarlierReport, EarlierResult};
use crate::snapshot::Snapshot;

/// How a result stands to an earlier report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KnownState {
    /// It fails, and did not there; or it is worse now than it was.
    New,
    /// It fails, and did so there.
    Unchanged,
    /// It failed there, and does no more: it passes, or the rule is about it no more.
    Fixed,
}

impl KnownState {
    /// The state as reports write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Unchanged => "unchanged",
            Self::Fixed => "fixed",
        }
    }
}

/// What became of the findings of an earlier report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFindings {
    /// When the snapshot of the earlier report was taken.
    pub taken_at: Timestamp,
    /// How many findings are new.
    pub new: usize,
    /// How many were findings there.
    pub unchanged: usize,
    /// How many findings there fail no more.
    pub fixed: usize,
    /// Findings there of which nothing is said now: the subject is gone, or the rule is not judged. Sorted.
    pub gone: Vec<EarlierFinding>,
    /// Findings there of which it is not known now whether they are fixed. Sorted.
    pub unobserved: Vec<EarlierFinding>,
}

/// A finding of an earlier report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EarlierFinding {
    /// The rule.
    pub policy: String,
    /// The account, as it is written there.
    pub account: Option<String>,
    /// The ARN that was judged.
    pub resource: Option<String>,
    /// The identity of the result.
    pub fingerprint: String,
}

impl EarlierFinding {
    fn of(result: &EarlierResult) -> Self {
        Self {
            policy: result.policy.clone(),
            account: result.account.clone(),
            resource: result.resource.clone(),
            fingerprint: result.fingerprint.to_string(),
        }
    }
}

/// Marks results by an earlier report, and says what became of its findings.
///
/// What was waived there is not known: where its waiver has ended, the finding is new.
pub(super) fn compare(earlier: &EarlierReport, snapshot: &Snapshot, judgements: &mut [Judgement]) -> KnownFindings {
    let failed = earlier.results.iter().filter(|result| result.outcome == EarlierOutcome::Fail);
    let failed: BTreeMap<Fingerprint, &EarlierResult> = failed.map(|result| (result.fingerprint, result)).collect();
    let mut known = KnownFindings {
        taken_at: earlier.snapshot.taken_at,
        new: 0,
        unchanged: 0,
        fixed: 0,
        gone: Vec::new(),
        unobserved: Vec::new(),
    };
    let unobserved = standings(snapshot).into_iter().filter(|account| account.active && !account.observed);
    let unobserved: BTreeSet<String> = unobserved.map(|account| account.id.to_string()).collect();
    let mut seen = BTreeSet::new();
    for judgement in judgements {
        let before = failed.get(&judgement.fingerprint);
        if before.is_some() {
            seen.insert(judgement.fingerprint);
        }
        judgement.known = match (before, &judgement.outcome) {
            // The worst comes first in the order.
            (Some(before), Outcome::Fail) if judgement.severity >= before.severity => Some(KnownState::Unchanged),
            (_, Outcome::Fail) => Some(KnownState::New),
            (Some(before), Outcome::Pass | Outcome::NotApplicable { .. })
                if !before.misses_a_trail(&judgement.related, &unobserved) =>
            {
                Some(KnownState::Fixed)
            }
            (Some(before), Outcome::Pass | Outcome::NotApplicable { .. } | Outcome::Unknown { .. }) => {
                known.unobserved.push(EarlierFinding::of(before));
                None
            }
            _ => None,
        };
        match judgement.known {
            Some(KnownState::New) => known.new += 1,
            Some(KnownState::Unchanged) => known.unchanged += 1,
            Some(KnownState::Fixed) => known.fixed += 1,
            None => {}
        }
    }
    for (_, result) in failed.iter().filter(|(fingerprint, _)| !seen.contains(fingerprint)) {
        match result.account.as_ref().is_some_and(|account| unobserved.contains(account)) {
            true => known.unobserved.push(EarlierFinding::of(result)),
            false => known.gone.push(EarlierFinding::of(result)),
        }
    }
    known.gone.sort();
    known.unobserved.sort();
    known
}
