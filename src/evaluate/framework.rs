//! Frameworks: what the results mean for the controls of the chosen packs.

use std::collections::{BTreeMap, BTreeSet};

use super::baseline::Holding;
use super::choose::Chosen;
use super::report::{Judgement, Outcome};
use crate::derive::Derived;
use crate::facts::Scope;
use crate::policy::{Edge, Pack, Policies, Standing};
use crate::snapshot::Snapshot;

/// A chosen pack that has controls, and what the results mean for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Framework {
    /// The pack's id.
    pub pack: String,
    /// What it is.
    pub title: String,
    /// The pack's version.
    pub version: u32,
    /// The address of the framework.
    pub source: Option<String>,
    /// The controls, in the framework's order.
    pub controls: Vec<ControlResult>,
}

/// What the results mean for a control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlResult {
    /// The control's id, as the framework writes it.
    pub id: String,
    /// What it demands.
    pub title: String,
    /// How it stands.
    pub status: Status,
    /// Why it stands so, where its rules' results alone do not say.
    pub reason: Option<String>,
    /// The rules that prove it, sorted by id.
    pub rules: Vec<EdgeResult>,
}

/// How a control stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// A rule that it needs fails somewhere.
    Fail,
    /// No rule fails, and it is not known whether all pass.
    Unknown,
    /// No rule fails and all is known, but for what is waived.
    Waived,
    /// All its rules were judged, each passes or is about nothing there, and at least one passes.
    Pass,
    /// Its rules are about nothing that is there.
    NotApplicable,
    /// A human must look: no rule proves it, or its rules, none of which fails, do not prove all of it.
    Manual,
    /// No rule proves it, or one that should was left out.
    NotCovered,
}

impl Status {
    /// All, in the order in which reports count them.
    pub const ALL: [Self; 7] =
        [Self::Fail, Self::Unknown, Self::Waived, Self::Pass, Self::NotApplicable, Self::Manual, Self::NotCovered];

    /// The status as reports write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::Waived => "waived",
            Self::Pass => "pass",
            Self::NotApplicable => "not-applicable",
            Self::Manual => "manual",
            Self::NotCovered => "not-covered",
        }
    }
}

/// A rule of a control, and its results with the parameters that the pack demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EdgeResult {
    /// The rule, and who says that it proves the control.
    pub edge: Edge,
    /// Its results.
    pub counts: Counts,
}

/// Results by outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many pass.
    pub pass: usize,
    /// How many fail.
    pub fail: usize,
    /// How many are not known.
    pub unknown: usize,
    /// How many do not apply.
    pub not_applicable: usize,
    /// How many are waived.
    pub waived: usize,
}

impl Counts {
    fn add(&mut self, outcome: &Outcome) {
        let count = match outcome {
            Outcome::Pass => &mut self.pass,
            Outcome::Fail => &mut self.fail,
            Outcome::Unknown { .. } => &mut self.unknown,
            Outcome::NotApplicable { .. } => &mut self.not_applicable,
            Outcome::Waived { .. } => &mut self.waived,
        };
        *count += 1;
    }
}

/// What the judgements mean for the controls of the chosen packs, each pack once, in the order in which they were named.
pub(super) fn frameworks(
    snapshot: &Snapshot,
    holding: &Holding<'_>,
    chosen: &[Chosen],
    judgements: &[Judgement],
    derived: &mut Derived,
) -> Vec<Framework> {
    let ids = holding.packs();
    let packs = ids.iter().filter_map(|id| holding.question(None).policies.pack(id));
    let packs: Vec<&Pack> = packs.filter(|pack| !pack.controls.is_empty()).collect();
    if packs.is_empty() {
        return Vec::new();
    }
    let mut counts: BTreeMap<(&str, &str), Counts> = BTreeMap::new();
    for judgement in judgements {
        for pack in judgement.packs.iter() {
            counts.entry((pack, judgement.policy.as_str())).or_default().add(&judgement.outcome);
        }
    }
    let results = Results {
        counts,
        scopes: chosen.iter().map(|rule| (rule.policy.id.as_str(), rule.policy.scope)).collect(),
        left_out: left_out(holding, chosen),
        open: packs.iter().map(|pack| (pack.id.as_str(), holding.open_for(&pack.id))).collect(),
        unseen: unseen(snapshot, derived),
    };
    packs.into_iter().map(|pack| results.framework(pack)).collect()
}

/// The rules of packs' controls that are not judged of all accounts that are held to the pack, by pack.
fn left_out<'a>(holding: &Holding<'a>, chosen: &[Chosen]) -> BTreeSet<(&'a str, &'a str)> {
    let mut left_out = BTreeSet::new();
    for (number, question) in holding.questions() {
        let judged = chosen.iter().filter(|rule| rule.baseline == number).map(|rule| rule.policy.id.as_str());
        let judged: BTreeSet<&str> = judged.collect();
        let policies: &'a Policies = question.policies;
        for pack in question.packs.iter().filter_map(|id| policies.pack(id)) {
            let edges = pack.controls.iter().flat_map(|control| &control.edges);
            let missing = edges.map(|edge| edge.rule.as_str()).filter(|rule| !judged.contains(rule));
            left_out.extend(missing.map(|rule| (pack.id.as_str(), rule)));
        }
    }
    left_out
}

/// The operations that list what is judged beside accounts and organizations. The trails lead to all else.
const LISTS_STORES: &str = "cloudtrail:ListEventDataStores";

/// What may be there and was not seen.
struct Unseen {
    trails: usize,
    stores: usize,
}

fn unseen(snapshot: &Snapshot, derived: &mut Derived) -> Unseen {
    let stores: BTreeSet<_> =
        snapshot.gaps.iter().filter(|gap| gap.operation == LISTS_STORES).map(|gap| gap.account).collect();
    Unseen { trails: derived.accounts_with_unseen_trails(snapshot), stores: stores.len() }
}

struct Results<'a> {
    /// By pack and rule.
    counts: BTreeMap<(&'a str, &'a str), Counts>,
    /// The rules that were judged.
    scopes: BTreeMap<&'a str, Scope>,
    /// The rules that are not judged of all, by pack.
    left_out: BTreeSet<(&'a str, &'a str)>,
    /// How many accounts may be held to it, by pack.
    open: BTreeMap<&'a str, usize>,
    unseen: Unseen,
}

impl Results<'_> {
    fn framework(&self, pack: &Pack) -> Framework {
        let result = |control: &crate::policy::Control| {
            let (status, reason) = match &control.standing {
                Standing::Manual(why) => (Status::Manual, Some(why.clone())),
                Standing::NotCovered(why) => (Status::NotCovered, Some(why.clone())),
                Standing::Rules => self.status(&pack.id, &control.edges),
                Standing::Partly(why) => match self.status(&pack.id, &control.edges) {
                    (Status::Pass | Status::NotApplicable, _) => (Status::Manual, Some(why.clone())),
                    decided => decided,
                },
            };
            let counts = |edge: &Edge| EdgeResult { edge: edge.clone(), counts: self.counts(&pack.id, edge) };
            ControlResult {
                id: control.id.clone(),
                title: control.title.clone(),
                status,
                reason,
                rules: control.edges.iter().map(counts).collect(),
            }
        };
        Framework {
            pack: pack.id.clone(),
            title: pack.title.clone(),
            version: pack.version,
            source: pack.source.clone(),
            controls: pack.controls.iter().map(result).collect(),
        }
    }

    fn counts(&self, pack: &str, edge: &Edge) -> Counts {
        self.counts.get(&(pack, edge.rule.as_str())).copied().unwrap_or_default()
    }

    /// How a control stands by its rules, and why, where their results alone do not say.
    fn status(&self, pack: &str, edges: &[Edge]) -> (Status, Option<String>) {
        let counts: Vec<Counts> = edges.iter().map(|edge| self.counts(pack, edge)).collect();
        if counts.iter().any(|counts| counts.fail > 0) {
            return (Status::Fail, None);
        }
        let is_left_out = |rule: &&str| self.left_out.contains(&(pack, *rule));
        let left_out: Vec<&str> = edges.iter().map(|edge| edge.rule.as_str()).filter(is_left_out).collect();
        if !left_out.is_empty() {
            return (Status::NotCovered, Some(format!("left out: {}", left_out.join(", "))));
        }
        if counts.iter().any(|counts| counts.unknown > 0) {
            return (Status::Unknown, None);
        }
        if let Some(open) = self.open.get(pack).filter(|open| **open > 0) {
            let accounts = if *open == 1 { "one account is".to_owned() } else { format!("{open} accounts are") };
            return (Status::Unknown, Some(format!("whether {accounts} held to it is not known: tags were not read")));
        }
        if let Some(reason) = edges.iter().find_map(|edge| self.unseen(&edge.rule)) {
            return (Status::Unknown, Some(reason));
        }
        if counts.iter().any(|counts| counts.waived > 0) {
            return (Status::Waived, None);
        }
        match counts.iter().any(|counts| counts.pass > 0) {
            true => (Status::Pass, None),
            false => (Status::NotApplicable, None),
        }
    }

    /// Why a rule may have subjects that nobody saw. Accounts and the organization are judged whether or not they could be
    /// entered; what else is judged was found by what they list.
    fn unseen(&self, rule: &str) -> Option<String> {
        let (what, accounts) = match self.scopes.get(rule)? {
            Scope::Organization | Scope::Account | Scope::Bucket => return None,
            Scope::EventDataStore => ("event data stores", self.unseen.stores),
            _ => ("trails", self.unseen.trails),
        };
        let of = match accounts {
            0 => return None,
            1 => "one account".to_owned(),
            many => format!("{many} accounts"),
        };
        Some(format!("not all {what} of {of} could be listed, so that `{rule}` may fail where nobody looked"))
    }
}
