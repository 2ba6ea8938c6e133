//! From a snapshot and rules to a report.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use super::baseline::{Held, Holding};
use super::choose::{Chosen, Question};
use super::exception::Exceptions;
use super::framework::frameworks;
use super::known::{KnownState, compare};
use super::report::{AccountStanding, Fingerprint, Gate, JudgedPolicy, Judgement, Outcome, Report, SnapshotIdentity};
use super::waive::{day_of, waive};
use crate::derive::{Derived, OpenQuestions, Subject, subjects};
use crate::expr::{Bindings, Evidence, Gaps, PARAMETERS, Verdict};
use crate::facts::Scope;
use crate::id::AccountId;
use crate::policy::Policy;
use crate::snapshot::{Cause, Gap, Snapshot};

/// Judges a snapshot, with nothing excepted. `sha256` is that of the snapshot's JSON.
pub fn evaluate(snapshot: &Snapshot, sha256: String, question: &Question<'_>) -> Report {
    evaluate_with(snapshot, sha256, question, &[], &Exceptions::default())
}

/// Judges a snapshot: each account as the first baseline asks that matches it, the rest as `question` asks; but for what is
/// excepted. `sha256` is that of the snapshot's JSON.
pub fn evaluate_with(
    snapshot: &Snapshot,
    sha256: String,
    question: &Question<'_>,
    held: &[Held<'_>],
    exceptions: &Exceptions<'_>,
) -> Report {
    let mut derived = subjects(snapshot);
    let holding = Holding::of(snapshot, question, held);
    let chosen = holding.chosen();
    let own: Vec<Option<Vec<Subject>>> = chosen.iter().map(|rule| own_subjects(rule, snapshot, &mut derived)).collect();
    let tasks: Vec<(&Chosen, &[Subject])> =
        chosen.iter().zip(&own).map(|(rule, own)| (rule, judged_by(rule, own.as_deref(), &derived.subjects))).collect();
    let mut judgements = judge_all(&tasks, &holding, &derived.open);
    // Facts of ten thousand accounts take as long to be given back as the rest of the report to be made.
    let facts = own.into_iter().flatten().chain([std::mem::take(&mut derived.subjects)]).collect();
    let report = || {
        let waivers = waive(snapshot, &mut judgements, exceptions);
        let known = exceptions.known.map(|earlier| compare(earlier, snapshot, &mut judgements));
        let gate = gate(snapshot, &judgements, &holding, day_of(snapshot, exceptions));
        Report {
            policies_sha256: question.policies.sha256().to_owned(),
            packs: holding.packs(),
            baselines: holding.standings(),
            snapshot: identity(snapshot, sha256),
            selection: snapshot.selection.clone(),
            run: snapshot.run.clone(),
            accounts: standings(snapshot),
            frameworks: frameworks(snapshot, &holding, &chosen, &judgements, &mut derived),
            policies: judged(chosen),
            judgements,
            gaps: snapshot.gaps.clone(),
            coverage: derived.coverage.shown(),
            waivers,
            known,
            trend: Vec::new(),
            stale_days: None,
            gate,
        }
    };
    rayon::join(report, || give_back(facts)).0
}

/// Gives the memory of subjects back, in parts at the same time.
fn give_back(subjects: Vec<Vec<Subject>>) {
    subjects.into_par_iter().flatten().for_each(drop);
}

/// The subjects that a rule judges: its own, where it has some, else those of its scope, which are next to each other.
fn judged_by<'a>(rule: &Chosen, own: Option<&'a [Subject]>, all: &'a [Subject]) -> &'a [Subject] {
    let scope = rule.policy.scope;
    let subjects = own.unwrap_or(all);
    let start = subjects.iter().position(|subject| subject.scope == scope).unwrap_or(subjects.len());
    let of_scope = subjects[start..].iter().take_while(|subject| subject.scope == scope).count();
    &subjects[start..start + of_scope]
}

/// Judges each rule over those of its subjects whose account is held to it: by rule, then by resource and fingerprint.
fn judge_all(tasks: &[(&Chosen, &[Subject])], holding: &Holding<'_>, open: &OpenQuestions) -> Vec<Judgement> {
    let mut all: Vec<(&Chosen, &Subject)> = Vec::with_capacity(tasks.iter().map(|(_, subjects)| subjects.len()).sum());
    for (rule, subjects) in tasks {
        let is_held = |subject: &&Subject| holding.number(subject.account) == rule.baseline;
        all.extend(subjects.iter().filter(is_held).map(|subject| (*rule, subject)));
    }
    let judge = |(rule, subject): &(&Chosen, &Subject)| Judgement {
        baseline: holding.name(rule.baseline),
        ..judge(rule, subject, open)
    };
    let mut judgements: Vec<Judgement> = all.par_iter().map(judge).collect();
    sort_within_rules(&mut judgements);
    judgements
}

/// Sorts what is sorted by rule by resource too. Subjects come in the order of their ARNs: little is left to do.
fn sort_within_rules(judgements: &mut [Judgement]) {
    let of_a_rule: Vec<&mut [Judgement]> = judgements.chunk_by_mut(|left, right| left.policy == right.policy).collect();
    of_a_rule.into_par_iter().for_each(|judgements| {
        judgements
            .sort_by(|left, right| (&left.resource, &left.fingerprint).cmp(&(&right.resource, &right.fingerprint)));
    });
}

/// The rules that were judged, each once.
fn judged(chosen: Vec<Chosen>) -> Vec<JudgedPolicy> {
    let mut judged: Vec<JudgedPolicy> = Vec::new();
    for rule in chosen {
        let severity = rule.severity();
        match judged.last_mut().filter(|last| last.policy.id == rule.policy.id) {
            // The worst comes first in the order.
            Some(last) => last.severity = last.severity.min(severity),
            None => judged.push(JudgedPolicy { policy: rule.policy, severity }),
        }
    }
    judged
}

/// The subjects that a rule alone has, for its parameters name them, or what is asked of them; nothing where it judges
/// those that all rules of its scope do.
fn own_subjects(rule: &Chosen, snapshot: &Snapshot, derived: &mut Derived) -> Option<Vec<Subject>> {
    if let Some(reason) = rule.not_given() {
        return Some(vec![Subject::of_none(snapshot, rule.policy.scope, reason)]);
    }
    match rule.policy.scope {
        Scope::Bucket => Some(derived.buckets_named(snapshot, &rule.buckets())),
        _ if rule.allowed_principals().is_some() => {
            rule.allowed_principals().map(|allowed| derived.accounts_allowing(allowed))
        }
        _ => rule.events().map(|events| derived.accounts_asked(snapshot, &events)),
    }
}

fn judge(rule: &Chosen, subject: &Subject, open: &OpenQuestions) -> Judgement {
    let policy = &rule.policy;
    let bindings = Bindings::new().with(subject.scope.variable(), &subject.facts).with(PARAMETERS, &rule.facts);
    let outcome = match &subject.not_applicable {
        Some(reason) => Outcome::NotApplicable { reason: reason.clone() },
        None => outcome(rule, &bindings, open),
    };
    let outcome = match (&rule.declared, outcome) {
        (Some(declared), Outcome::Fail | Outcome::Unknown { .. }) => {
            Outcome::NotApplicable { reason: Arc::clone(declared) }
        }
        (_, outcome) => outcome,
    };
    let find = |name: &str| match name {
        PARAMETERS => Some(&rule.facts),
        _ => Some(&subject.facts).filter(|_| name == subject.scope.variable()),
    };
    let message = match outcome {
        Outcome::Fail => Arc::from(policy.message.render(find)),
        _ => rule.title.clone(),
    };
    let notes = match (&outcome, &policy.notes) {
        (Outcome::Pass | Outcome::Fail | Outcome::Unknown { .. }, Some(notes)) => notes.read(find),
        _ => Vec::new(),
    };
    let evidence = match &outcome {
        Outcome::NotApplicable { .. } if subject.not_applicable.is_some() => Evidence::default(),
        _ => evidence(policy, &bindings),
    };
    Judgement {
        policy: policy.id.clone(),
        severity: rule.severity_for(subject.redundant),
        scope: subject.scope,
        account: subject.account,
        region: subject.region.clone(),
        resource: subject.resource.clone(),
        related: subject.related.clone(),
        outcome,
        known: None,
        baseline: None,
        message,
        notes,
        evidence,
        parameters: rule.written.clone(),
        packs: rule.packs.clone(),
        controls: rule.controls.clone(),
        fingerprint: Fingerprint::new(
            policy.id.as_str(),
            subject.resource.as_deref().unwrap_or(""),
            rule.told_by.as_deref(),
        ),
    }
}

fn outcome(rule: &Chosen, bindings: &Bindings<'_>, open: &OpenQuestions) -> Outcome {
    let policy = &rule.policy;
    if let (Some(when), Some(condition)) = (&policy.when, &rule.condition) {
        match when.evaluate(bindings) {
            Ok(Verdict::True) => {}
            Ok(Verdict::False) => return Outcome::NotApplicable { reason: Arc::clone(condition) },
            Ok(Verdict::Unknown(gaps)) => return unknown(&gaps, open),
            Err(fault) => return broken(policy, &fault.to_string()),
        }
    }
    match policy.assert.evaluate(bindings) {
        Ok(Verdict::True) => Outcome::Pass,
        Ok(Verdict::False) => Outcome::Fail,
        Ok(Verdict::Unknown(gaps)) => unknown(&gaps, open),
        Err(fault) => broken(policy, &fault.to_string()),
    }
}

fn unknown(gaps: &Gaps, open: &OpenQuestions) -> Outcome {
    let mut hidden: Vec<Gap> = gaps.iter().filter_map(|id| open.gap(id).cloned()).collect();
    hidden.sort();
    // Parts of the work that asked the same leave it open each.
    hidden.dedup();
    Outcome::Unknown { gaps: hidden }
}

/// An expression that broke over these facts, by an overflow for example, proves nothing.
fn broken(policy: &Policy, message: &str) -> Outcome {
    let gap = Gap {
        account: None,
        region: None,
        operation: format!("policy:{}", policy.id),
        resource: None,
        cause: Cause::Unsupported,
        message: format!("the rule's expression cannot be worked out over these facts: {message}"),
    };
    Outcome::Unknown { gaps: vec![gap] }
}

fn evidence(policy: &Policy, bindings: &Bindings<'_>) -> Evidence {
    let evidence = policy.assert.evidence(bindings);
    match &policy.when {
        Some(when) => evidence.and(when.evidence(bindings)),
        None => evidence,
    }
}

fn gate(snapshot: &Snapshot, judgements: &[Judgement], holding: &Holding<'_>, as_of: Date) -> Gate {
    let question = holding.question(None);
    let counts = |judgement: &&Judgement| {
        let gate = holding.question(judgement.account).fail_on;
        gate.is_some_and(|gate| judgement.severity.is_at_least(gate))
    };
    let is_new = |judgement: &Judgement| judgement.known.is_none_or(|known| known == KnownState::New);
    let mut failures = judgements.iter().filter(counts).filter(|judgement| judgement.outcome == Outcome::Fail);
    let failed = failures.any(is_new);
    let is_unknown = |judgement: &&Judgement| matches!(judgement.outcome, Outcome::Unknown { .. });
    let mut unknown = judgements.iter().filter(counts).filter(is_unknown).peekable();
    // A part of the accounts may own more than is known, whatever is judged of it.
    let whole = snapshot.selection.shards.is_none();
    // Other rules may count for an account whose baseline is not known.
    let mut open = holding.open_questions().filter(|question| question.fail_on.is_some()).peekable();
    let complete = unknown.peek().is_none() && whole && open.peek().is_none();
    let missed = unknown.any(|judgement| !holding.question(judgement.account).allow_incomplete)
        || open.any(|question| !question.allow_incomplete)
        || (!whole && question.fail_on.is_some() && !question.allow_incomplete);
    let exit_code = match (failed, missed) {
        (true, _) => 1,
        (false, true) => 3,
        (false, false) => 0,
    };
    Gate { fail_on: question.fail_on, as_of, complete, failed, exit_code }
}

pub(super) fn identity(snapshot: &Snapshot, sha256: String) -> SnapshotIdentity {
    let organization = snapshot.organization.as_ref();
    SnapshotIdentity {
        sha256,
        taken_at: snapshot.taken_at,
        partition: snapshot.caller.partition.clone(),
        caller: snapshot.caller.arn.to_string(),
        organization: organization.map(|listed| listed.id.clone()),
        organization_arn: organization.map(|listed| listed.arn.to_string()),
        management_account: organization.map(|listed| listed.management_account),
    }
}

pub(super) fn standings(snapshot: &Snapshot) -> Vec<AccountStanding> {
    // What was not to be asked was not refused.
    let refused = snapshot.gaps.iter().filter(|gap| gap.cause != Cause::NotCollected);
    let refused: BTreeSet<AccountId> = refused.filter_map(|gap| gap.account).collect();
    let standing = |account: &crate::snapshot::Account| AccountStanding {
        id: account.id,
        name: account.name.clone(),
        state: account.state.clone(),
        active: account.is_active(),
        observed: account.is_active() && !refused.contains(&account.id),
        regions: match (&account.listed_trails, &account.regions) {
            (Some(_), Some(regions)) => regions.value.enabled().len(),
            _ => account.sightings.iter().map(|sighting| sighting.regions.len()).sum(),
        },
    };
    snapshot.accounts.iter().map(standing).collect()
}
