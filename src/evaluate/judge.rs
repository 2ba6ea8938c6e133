//! From a snapshot and rules to a report.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::Value;

use super::report::{AccountStanding, Fingerprint, Gate, Judgement, Outcome, Report, SnapshotIdentity};
use crate::derive::{OpenQuestions, Subject, subjects};
use crate::expr::{Bindings, Evidence, Fact, Gaps, PARAMETERS, Verdict};
use crate::facts::Scope;
use crate::id::AccountId;
use crate::policy::{
    BUCKET_NAMES, BUCKET_TAGS, ParameterValue, Parameters, Policies, Policy, Setting, Severity, declared,
};
use crate::snapshot::{BucketPatterns, Cause, Gap, Snapshot};

/// What is asked of a snapshot.
#[derive(Debug)]
pub struct Question<'a> {
    /// The rules.
    pub policies: &'a Policies,
    /// The pack that chooses among them.
    pub pack: &'a str,
    /// Parameters that were set.
    pub settings: &'a [Setting],
    /// Failures at or above it close the gate; nothing, none do.
    pub fail_on: Option<Severity>,
    /// Whether an incomplete picture may pass the gate.
    pub allow_incomplete: bool,
}

/// A rule that is judged, with its parameters.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The rule.
    pub policy: Arc<Policy>,
    /// Its severity where nothing lowers or raises it.
    pub severity: Option<Severity>,
    /// Its parameters.
    pub parameters: Parameters,
    /// The packs that chose it.
    pub packs: Arc<[String]>,
    facts: Fact,
    written: Arc<BTreeMap<String, Value>>,
    /// The parameters as a fingerprint takes them in: nothing, where they are the defaults.
    told_by: Option<String>,
    title: Arc<str>,
    /// Why it is not about a subject that its condition leaves out.
    condition: Option<Arc<str>>,
    /// What is declared in its stead, where something is.
    declared: Option<Arc<str>>,
}

impl Question<'_> {
    /// The rules that are judged: those of the pack, and all of the user's own; sorted by id.
    pub fn chosen(&self) -> Vec<Chosen> {
        let pack = self.policies.pack(self.pack);
        let in_pack = |id: &str| pack.is_some_and(|pack| pack.rules.contains_key(id));
        self.choose(|policy| in_pack(policy.id.as_str()) || self.policies.is_own(policy.id.as_str()))
    }

    /// All rules that there are, judged or not; sorted by id.
    pub fn all(&self) -> Vec<Chosen> {
        self.choose(|_| true)
    }

    fn choose(&self, wanted: impl Fn(&Policy) -> bool) -> Vec<Chosen> {
        let pack = self.policies.pack(self.pack);
        let of_pack = |id: &str| pack.and_then(|pack| pack.rules.get(id));
        self.policies
            .rules()
            .filter(|policy| wanted(policy))
            .map(|policy| {
                let said = of_pack(policy.id.as_str());
                let mut parameters = policy.defaults();
                parameters.extend(said.map(|said| said.parameters.clone()).unwrap_or_default());
                let set = self.settings.iter().filter(|setting| setting.policy == policy.id);
                parameters.extend(set.map(|setting| (setting.name.clone(), setting.value.clone())));
                let packs = said.map(|_| self.pack.to_owned()).into_iter().collect();
                Chosen::new(policy.clone(), said.and_then(|said| said.severity), parameters, packs)
            })
            .collect()
    }
}

impl Chosen {
    fn new(policy: Arc<Policy>, severity: Option<Severity>, parameters: Parameters, packs: Arc<[String]>) -> Self {
        let facts = Fact::record(parameters.iter().map(|(name, value)| (name.clone(), Some(value.to_fact()))));
        let written =
            parameters.iter().map(|(name, value)| (name.clone(), value.to_json())).collect::<BTreeMap<_, _>>();
        let as_object = || Value::Object(written.iter().map(|(name, value)| (name.clone(), value.clone())).collect());
        let told_by = (parameters != policy.defaults()).then(|| as_object().to_string());
        let title = Arc::from(policy.title.as_str());
        let condition = policy.when.as_ref();
        let condition = condition.map(|when| format!("the rule applies where {}", one_line(when.source())).into());
        let declared = declared(&parameters).map(|text| format!("declared: {text}").into());
        let written = Arc::new(written);
        Self { policy, severity, parameters, packs, facts, written, told_by, title, condition, declared }
    }
}

impl Chosen {
    /// The buckets that its parameters name, where it is a rule about those.
    pub fn buckets(&self) -> BucketPatterns {
        let texts = |name: &str| match self.parameters.get(name) {
            Some(ParameterValue::List(texts)) if self.policy.scope == Scope::Bucket => texts.clone(),
            _ => Vec::new(),
        };
        BucketPatterns::new(texts(BUCKET_NAMES), texts(BUCKET_TAGS))
    }
}

/// Judges a snapshot. `sha256` is that of the snapshot's JSON.
pub fn evaluate(snapshot: &Snapshot, sha256: String, question: &Question<'_>) -> Report {
    let mut derived = subjects(snapshot);
    let chosen = question.chosen();
    let named: Vec<Vec<Subject>> = chosen
        .iter()
        .map(|rule| match rule.policy.scope {
            Scope::Bucket => derived.buckets_named(snapshot, &rule.buckets()),
            _ => Vec::new(),
        })
        .collect();
    // By rule, then by subject: subjects come in the order of their ARNs, so the sort has little left to do.
    let mut judgements: Vec<Judgement> = chosen
        .iter()
        .zip(&named)
        .flat_map(|(rule, named)| {
            let subjects = derived.subjects.par_iter().filter(|subject| subject.scope == rule.policy.scope);
            let subjects = subjects.chain(named);
            subjects.map(|subject| judge(rule, subject, &derived.open)).collect::<Vec<_>>()
        })
        .collect();
    judgements.par_sort_by(|left, right| {
        (&left.policy, &left.resource, &left.fingerprint).cmp(&(&right.policy, &right.resource, &right.fingerprint))
    });
    let gate = gate(&judgements, question);
    Report {
        policies_sha256: question.policies.sha256().to_owned(),
        pack: question.pack.to_owned(),
        snapshot: identity(snapshot, sha256),
        selection: snapshot.selection.clone(),
        run: snapshot.run.clone(),
        accounts: standings(snapshot),
        policies: chosen.into_iter().map(|rule| rule.policy).collect(),
        judgements,
        gaps: snapshot.gaps.clone(),
        coverage: derived.coverage.shown(),
        gate,
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
    let severity = rule.severity.filter(|_| policy.severity_if_redundant.is_none() || !subject.redundant);
    Judgement {
        policy: policy.id.clone(),
        severity: severity.unwrap_or_else(|| policy.severity_for(&rule.parameters, subject.redundant)),
        scope: subject.scope,
        account: subject.account,
        region: subject.region.clone(),
        resource: subject.resource.clone(),
        related: subject.related.clone(),
        outcome,
        message,
        notes,
        evidence,
        parameters: rule.written.clone(),
        packs: rule.packs.clone(),
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

fn one_line(source: &str) -> String {
    source.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unknown(gaps: &Gaps, open: &OpenQuestions) -> Outcome {
    let mut hidden: Vec<Gap> = gaps.iter().filter_map(|id| open.gap(id).cloned()).collect();
    hidden.sort();
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

fn gate(judgements: &[Judgement], question: &Question<'_>) -> Gate {
    let counts = |judgement: &&Judgement| question.fail_on.is_some_and(|gate| judgement.severity.is_at_least(gate));
    let failed = judgements.iter().filter(counts).any(|judgement| judgement.outcome == Outcome::Fail);
    let unknown =
        judgements.iter().filter(counts).any(|judgement| matches!(judgement.outcome, Outcome::Unknown { .. }));
    let exit_code = match (failed, unknown && !question.allow_incomplete) {
        (true, _) => 1,
        (false, true) => 3,
        (false, false) => 0,
    };
    Gate { fail_on: question.fail_on, complete: !unknown, failed, exit_code }
}

pub(super) fn identity(snapshot: &Snapshot, sha256: String) -> SnapshotIdentity {
    let organization = snapshot.organization.as_ref();
    SnapshotIdentity {
        sha256,
        taken_at: snapshot.taken_at,
        partition: snapshot.caller.partition.clone(),
        organization: organization.map(|listed| listed.id.clone()),
        organization_arn: organization.map(|listed| listed.arn.to_string()),
        management_account: organization.map(|listed| listed.management_account),
    }
}

pub(super) fn standings(snapshot: &Snapshot) -> Vec<AccountStanding> {
    let refused: BTreeSet<AccountId> = snapshot.gaps.iter().filter_map(|gap| gap.account).collect();
    let standing = |account: &crate::snapshot::Account| AccountStanding {
        id: account.id,
        name: account.name.clone(),
        state: account.state.clone(),
        active: account.is_active(),
        observed: account.is_active() && !refused.contains(&account.id),
        regions: account.sightings.iter().map(|sighting| sighting.regions.len()).sum(),
    };
    snapshot.accounts.iter().map(standing).collect()
}
