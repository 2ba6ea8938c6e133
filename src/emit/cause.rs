//! Failures with one common cause: of accounts that fail a rule for the same reason, such as one trail or the lack of one,
//! a single finding that lists them.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::evaluate::{Judgement, Outcome};
use crate::facts::Scope;
use crate::id::AccountId;

/// A failure, or those of accounts that have one cause.
pub(super) struct Finding<'a> {
    /// The failure; of several, the first account's.
    pub(super) judgement: &'a Judgement,
    /// All that have the cause, in the order of the report.
    pub(super) all: Vec<&'a Judgement>,
    /// What the cause is told by, where several have it.
    cause: String,
}

impl<'a> Finding<'a> {
    /// The accounts, sorted; empty where the finding is one failure.
    pub(super) fn accounts(&self) -> Vec<AccountId> {
        if self.all.len() == 1 {
            return Vec::new();
        }
        let mut accounts: Vec<AccountId> = self.all.iter().filter_map(|judgement| judgement.account).collect();
        accounts.sort_unstable();
        accounts
    }

    /// What tells it from all others in every run: of one failure its own, of several that of rule and cause, so that
    /// accounts may come and go.
    pub(super) fn fingerprint(&self) -> String {
        if self.all.len() == 1 {
            return self.judgement.fingerprint.to_string();
        }
        let mut hash = Sha256::new_with_prefix("trailproof/1\0");
        hash.update(self.judgement.policy.as_str());
        hash.update("\0accounts\0");
        hash.update(&self.cause);
        hex::encode(&hash.finalize()[..8])
    }
}

/// The failures among the judgements of a rule; those of accounts that have one cause are one finding, at the place of the
/// first.
pub(super) fn findings(judgements: &[Judgement]) -> Vec<Finding<'_>> {
    let mut findings: Vec<Finding<'_>> = Vec::new();
    let mut by_cause: BTreeMap<String, usize> = BTreeMap::new();
    for judgement in judgements.iter().filter(|judgement| judgement.outcome == Outcome::Fail) {
        let Some(cause) = cause(judgement) else {
            findings.push(Finding { judgement, all: vec![judgement], cause: String::new() });
            continue;
        };
        match by_cause.get(&cause).and_then(|at| findings.get_mut(*at)) {
            Some(finding) => finding.all.push(judgement),
            None => {
                by_cause.insert(cause.clone(), findings.len());
                findings.push(Finding { judgement, all: vec![judgement], cause });
            }
        }
    }
    findings
}

/// What tells the cause of an account's failure: what was read, but for the account's own id.
fn cause(judgement: &Judgement) -> Option<String> {
    let account = judgement.account.filter(|_| judgement.scope == Scope::Account)?.to_string();
    let read = serde_json::to_string(&judgement.evidence).ok()?;
    let parameters = serde_json::to_string(&*judgement.parameters).ok()?;
    let severity = judgement.severity.as_str();
    Some(format!("{severity}\0{parameters}\0{}", read.replace(&account, "{account}")))
}
