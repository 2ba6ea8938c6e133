//! What is asked of a snapshot: which rules, with which parameters and severities.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use super::report::DECLARED;
use crate::derive::AskedEvents;
use crate::expr::Fact;
use crate::facts::Scope;
use crate::policy::{
    ALLOWED_PRINCIPALS, BUCKET_NAMES, BUCKET_TAGS, CONFIG_REGIONS, Change, EVENT_SOURCES, PackRule, ParameterValue,
    Parameters, Policies, Policy, RESOURCE_TYPES, Setting, Severity, declared,
};
use crate::snapshot::{BucketPatterns, ConfigRegions};

/// What is asked of a snapshot.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// The rules.
    pub policies: &'a Policies,
    /// The packs that choose among them.
    pub packs: Vec<String>,
    /// What was set beside the packs. Of two that set the same, the later one counts.
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
    /// Its parameters.
    pub parameters: Parameters,
    /// The packs that chose it with these parameters, as they were named.
    pub packs: Arc<[String]>,
    /// The severity that packs or settings gave it.
    severity: Option<Severity>,
    /// The baseline whose accounts it judges, by its number; nothing, those that are held to none.
    pub(super) baseline: Option<usize>,
    pub(super) controls: Arc<BTreeMap<String, Vec<String>>>,
    pub(super) facts: Fact,
    pub(super) written: Arc<BTreeMap<String, Value>>,
    /// The parameters as a fingerprint takes them in: nothing, where they are the defaults.
    pub(super) told_by: Option<String>,
    pub(super) title: Arc<str>,
    /// Why it is not about a subject that its condition leaves out.
    pub(super) condition: Option<Arc<str>>,
    /// What is declared in its stead, where something is.
    pub(super) declared: Option<Arc<str>>,
}

impl Question<'_> {
    /// The rules that are judged: those of the packs, and all of the user's own, without those that are left out. Each is
    /// there once for every distinct set of parameters; sorted by id, then by parameters.
    pub fn chosen(&self) -> Vec<Chosen> {
        self.choose(|_| false)
    }

    /// All rules that there are, judged or not; sorted as [`Question::chosen`].
    pub fn all(&self) -> Vec<Chosen> {
        self.choose(|_| true)
    }

    fn choose(&self, anyway: impl Fn(&Policy) -> bool) -> Vec<Chosen> {
        let mut chosen = Vec::new();
        for policy in self.policies.rules() {
            let said = self.said(policy.id.as_str());
            let own = self.policies.is_own(policy.id.as_str());
            if self.is_disabled(policy) && !anyway(policy) || said.is_empty() && !own && !anyway(policy) {
                continue;
            }
            chosen.extend(self.with_parameters(policy, &said));
        }
        chosen
    }

    /// What the packs say of a rule, each pack once.
    fn said(&self, rule: &str) -> Vec<(&str, &PackRule)> {
        let mut seen = BTreeSet::new();
        let packs = self.packs.iter().filter(|id| seen.insert(id.as_str()));
        packs.filter_map(|id| Some((id.as_str(), self.policies.pack(id)?.rules.get(rule)?))).collect()
    }

    /// Whether a rule is left out.
    pub(super) fn is_disabled(&self, policy: &Policy) -> bool {
        let set = self.settings.iter().rev().filter(|setting| setting.policy == policy.id);
        let mut disabled = set.filter_map(|setting| match setting.change {
            Change::Disabled(disabled) => Some(disabled),
            _ => None,
        });
        disabled.next().unwrap_or(false)
    }

    /// A rule, once for every distinct set of parameters that packs demand of it.
    fn with_parameters(&self, policy: &Arc<Policy>, said: &[(&str, &PackRule)]) -> Vec<Chosen> {
        let set: Vec<&Change> =
            self.settings.iter().filter(|setting| setting.policy == policy.id).map(|setting| &setting.change).collect();
        let unsaid = PackRule::default();
        let mut sets: BTreeMap<Parameters, (Vec<String>, Vec<Option<Severity>>)> = BTreeMap::new();
        let mut take = |pack: Option<&str>, said: &PackRule| {
            let mut parameters = policy.defaults();
            parameters.extend(said.parameters.clone());
            for change in &set {
                if let Change::Parameter { name, value } = change {
                    parameters.insert(name.clone(), value.clone());
                }
            }
            let (packs, severities) = sets.entry(parameters).or_default();
            packs.extend(pack.map(str::to_owned));
            severities.push(said.severity);
        };
        match said {
            [] => take(None, &unsaid),
            said => said.iter().for_each(|(pack, said)| take(Some(pack), said)),
        }
        let given = set.iter().rev().find_map(|change| match change {
            Change::Severity(severity) => Some(*severity),
            _ => None,
        });
        let controls = Arc::new(self.policies.controls(policy.id.as_str()));
        let chosen = sets.into_iter().map(|(parameters, (packs, severities))| {
            let severity = given.or_else(|| highest(policy, &parameters, &severities));
            Chosen::new(policy.clone(), severity, parameters, packs.into(), controls.clone())
        });
        chosen.collect()
    }
}

/// The highest of what packs say; nothing where none says more than the rule itself.
fn highest(policy: &Policy, parameters: &Parameters, said: &[Option<Severity>]) -> Option<Severity> {
    // The worst comes first in the order.
    let highest = said.iter().copied().flatten().min()?;
    let some_say_nothing = said.contains(&None);
    (!some_say_nothing || highest < policy.severity_for(parameters, false)).then_some(highest)
}

impl Chosen {
    fn new(
        policy: Arc<Policy>,
        severity: Option<Severity>,
        parameters: Parameters,
        packs: Arc<[String]>,
        controls: Arc<BTreeMap<String, Vec<String>>>,
    ) -> Self {
        let facts = Fact::record(parameters.iter().map(|(name, value)| (name.clone(), Some(value.to_fact()))));
        let written =
            parameters.iter().map(|(name, value)| (name.clone(), value.to_json())).collect::<BTreeMap<_, _>>();
        let as_object = || Value::Object(written.iter().map(|(name, value)| (name.clone(), value.clone())).collect());
        let told_by = (parameters != policy.defaults()).then(|| as_object().to_string());
        let title = Arc::from(policy.title.as_str());
        let condition = policy.when.as_ref();
        let condition = condition.map(|when| format!("the rule applies where {}", one_line(when.source())).into());
        let declared = declared(&parameters).map(|text| format!("{DECLARED}{text}").into());
        let written = Arc::new(written);
        let baseline = None;
        Self {
            policy,
            parameters,
            packs,
            severity,
            baseline,
            controls,
            facts,
            written,
            told_by,
            title,
            condition,
            declared,
        }
    }

    /// The same, judged of the accounts of a baseline.
    pub(super) fn of_baseline(self, baseline: Option<usize>) -> Self {
        Self { baseline, ..self }
    }

    /// How bad a failure is where nothing is redundant.
    pub fn severity(&self) -> Severity {
        self.severity_for(false)
    }

    /// How bad a failure is. What packs or settings say does not count for what serves redundant trails alone, where the
    /// rule has a severity for that.
    pub(super) fn severity_for(&self, redundant: bool) -> Severity {
        let said = self.severity.filter(|_| self.policy.severity_if_redundant.is_none() || !redundant);
        said.unwrap_or_else(|| self.policy.severity_for(&self.parameters, redundant))
    }

    /// The buckets that its parameters name, where it is a rule about those.
    pub fn buckets(&self) -> BucketPatterns {
        let texts = |name: &str| match self.parameters.get(name) {
            Some(ParameterValue::List(texts)) if self.policy.scope == Scope::Bucket => texts.clone(),
            _ => Vec::new(),
        };
        BucketPatterns::new(texts(BUCKET_NAMES), texts(BUCKET_TAGS))
    }

    /// The Regions of AWS Config that its parameters ask for; all, where none does.
    pub fn config_regions(&self) -> ConfigRegions {
        match self.parameters.get(CONFIG_REGIONS) {
            Some(ParameterValue::List(named)) => ConfigRegions::new(named.iter().cloned()),
            _ => ConfigRegions::new(["all".to_owned()]),
        }
    }

    /// The events that its parameters name, where it is a rule about accounts and they name some.
    pub(super) fn events(&self) -> Option<AskedEvents> {
        let texts = |name: &str| match self.parameters.get(name) {
            Some(ParameterValue::List(texts)) => texts.clone(),
            _ => Vec::new(),
        };
        let asked = AskedEvents::new(texts(RESOURCE_TYPES), texts(EVENT_SOURCES));
        Some(asked).filter(|asked| self.policy.scope == Scope::Account && !asked.is_empty())
    }

    /// The patterns of principals that its parameters allow to change trails, where it is a rule about accounts and there
    /// are some.
    pub(super) fn allowed_principals(&self) -> Option<&[String]> {
        match self.parameters.get(ALLOWED_PRINCIPALS) {
            Some(given @ ParameterValue::List(patterns)) if self.policy.scope == Scope::Account => {
                given.is_given().then_some(patterns.as_slice())
            }
            _ => None,
        }
    }

    /// What is missing, in words, where a parameter that it lives from is empty: it then applies to nothing.
    pub fn not_given(&self) -> Option<&str> {
        self.policy.not_given(&self.parameters)
    }
}

fn one_line(source: &str) -> String {
    source.split_whitespace().collect::<Vec<_>>().join(" ")
}
