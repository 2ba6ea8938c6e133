//! What changed in verdicts, result by result; and in the facts that rules read, where nothing else is known.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{SettingChange, SettingKind, Verdict, VerdictChange, VerdictKind};
use crate::earlier::{EarlierOutcome, EarlierReport, EarlierResult};
use crate::evaluate::Fingerprint;

/// Compares the results of two reports.
pub(super) fn verdicts(old: &EarlierReport, new: &EarlierReport) -> (Vec<VerdictChange>, Vec<SettingChange>) {
    let unseen = new.unseen();
    let by_fingerprint = |report: &'_ EarlierReport| -> BTreeMap<Fingerprint, usize> {
        report.results.iter().enumerate().map(|(index, result)| (result.fingerprint, index)).collect()
    };
    let (before, after) = (by_fingerprint(old), by_fingerprint(new));
    let all: BTreeSet<Fingerprint> = before.keys().chain(after.keys()).copied().collect();
    let mut changes = Vec::new();
    let mut facts: BTreeMap<(Option<String>, String, String), SettingChange> = BTreeMap::new();
    for fingerprint in all {
        let before = before.get(&fingerprint).map(|index| &old.results[*index]);
        let after = after.get(&fingerprint).map(|index| &new.results[*index]);
        let Some(of) = after.or(before) else { continue };
        if let Some(kind) = kind(before, after, &unseen) {
            changes.push(VerdictChange {
                account: of.account.clone(),
                resource: of.resource.clone(),
                policy: of.policy.clone(),
                fingerprint: fingerprint.to_string(),
                kind,
                before: before.map(verdict),
                after: after.map(verdict),
            });
        }
        if let (Some(before), Some(after)) = (before, after) {
            for change in facts_of(before, after) {
                facts.insert((change.account.clone(), change.subject.clone(), change.path.clone()), change);
            }
        }
    }
    changes.sort();
    (changes, facts.into_values().collect())
}

fn verdict(result: &EarlierResult) -> Verdict {
    Verdict { outcome: result.outcome, severity: result.severity, message: result.message.clone() }
}

/// What kind of change it is; nothing, where it is none. `unseen` are accounts of which something could not be read.
fn kind(
    before: Option<&EarlierResult>,
    after: Option<&EarlierResult>,
    unseen: &BTreeSet<String>,
) -> Option<VerdictKind> {
    use EarlierOutcome::{Fail, NotApplicable, Pass, Unknown, Waived};
    let (before, after) = match (before, after) {
        (Some(before), Some(after)) => (before, after),
        (None, Some(after)) if after.outcome == Fail => return Some(VerdictKind::New),
        (None, _) => return Some(VerdictKind::Appeared),
        (Some(before), None) if before.account.as_ref().is_some_and(|account| unseen.contains(account)) => {
            return Some(VerdictKind::Unobserved);
        }
        (Some(_), None) => return Some(VerdictKind::Gone),
    };
    match (before.outcome, after.outcome) {
        (Fail, Fail) => {
            let same = before.severity == after.severity && before.message == after.message;
            (!same).then_some(VerdictKind::Changed)
        }
        (one, other) if one == other => None,
        (Waived, _) | (_, Waived) => Some(VerdictKind::Waived),
        (_, Fail) => Some(VerdictKind::New),
        (_, Unknown) => Some(VerdictKind::Unobserved),
        (Unknown, Pass | NotApplicable) => Some(VerdictKind::Observed),
        (Fail, Pass | NotApplicable) if before.misses_a_trail(&after.related, unseen) => Some(VerdictKind::Unobserved),
        (Fail, Pass | NotApplicable) => Some(VerdictKind::Fixed),
        _ => Some(VerdictKind::Other),
    }
}

/// The facts of a result that changed.
fn facts_of(before: &EarlierResult, after: &EarlierResult) -> Vec<SettingChange> {
    let (Some(old), Some(new)) = (before.evidence.as_object(), after.evidence.as_object()) else { return Vec::new() };
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changed = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    changed
        .map(|name| {
            let (was, is) = (old.get(name), new.get(name));
            SettingChange {
                account: after.account.clone(),
                subject: after.resource.clone().unwrap_or_default(),
                path: name.clone(),
                kind: match (was, is) {
                    (Some(was), Some(is)) if is_gap(is) && !is_gap(was) => SettingKind::Unobserved,
                    (Some(was), Some(is)) if is_gap(was) && !is_gap(is) => SettingKind::Observed,
                    (Some(_), Some(_)) => SettingKind::Changed,
                    (None, _) => SettingKind::Added,
                    (Some(_), None) => SettingKind::Removed,
                },
                before: was.cloned(),
                after: is.cloned(),
            }
        })
        .collect()
}

/// Whether a fact could not be read: reports show nothing in its place.
fn is_gap(value: &Value) -> bool {
    value.is_null()
}
