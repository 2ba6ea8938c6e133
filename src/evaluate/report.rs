//! The report: what was judged, with what result, and on what evidence.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::baseline::BaselineStanding;
use super::framework::Framework;
use super::known::{KnownFindings, KnownState};
use super::trend::Standing;
use super::waive::WaiverStanding;
use crate::derive::coverage::Row;
use crate::expr::Evidence;
use crate::facts::Scope;
use crate::id::{AccountId, Partition, RegionName};
use crate::policy::{Policy, PolicyId, Severity, Waiver};
use crate::snapshot::{AccountState, Gap, Run, Selection};

/// Everything that one evaluation of a snapshot says.
///
/// A function of the snapshot, the policies and the parameters alone; its parts are sorted.
#[derive(Debug, Clone)]
pub struct Report {
    /// The SHA-256 of all policies and packs, in hexadecimal.
    pub policies_sha256: String,
    /// The packs that chose the rules, as they were named.
    pub packs: Vec<String>,
    /// What some accounts were held to instead, in the order in which it counts.
    pub baselines: Vec<BaselineStanding>,
    /// The snapshot that was judged.
    pub snapshot: SnapshotIdentity,
    /// What was to be scanned.
    pub selection: Selection,
    /// How collecting went.
    pub run: Run,
    /// The accounts that were to be scanned, sorted by id.
    pub accounts: Vec<AccountStanding>,
    /// The rules that were judged, sorted by id.
    pub policies: Vec<JudgedPolicy>,
    /// One for each rule, subject and distinct set of parameters; sorted by rule, resource and parameters.
    pub judgements: Vec<Judgement>,
    /// What it means for the controls of each chosen pack that has some, in the order in which the packs were named.
    pub frameworks: Vec<Framework>,
    /// What was asked and not answered, sorted.
    pub gaps: Vec<Gap>,
    /// Which trails record what: accounts and Regions in which that is the same are one row.
    pub coverage: Vec<Row>,
    /// What was accepted for a while, and how each of it stands, in the order in which it was given.
    pub waivers: Vec<WaiverStanding>,
    /// What became of the findings of an earlier report, where one was given.
    pub known: Option<KnownFindings>,
    /// How things stood in earlier reports and stand in this one, in the order of time; empty, where no earlier one was given.
    pub trend: Vec<Standing>,
    /// How many days old the snapshot was when it was judged, where whoever knows the clock says so: text alone tells.
    pub stale_days: Option<u32>,
    /// What it means for a gate.
    pub gate: Gate,
}

impl Report {
    /// A rule that was judged, by its id.
    pub fn policy(&self, id: &PolicyId) -> Option<&JudgedPolicy> {
        let place = self.policies.binary_search_by(|rule| rule.policy.id.cmp(id)).ok()?;
        self.policies.get(place)
    }
}

/// A rule that was judged.
#[derive(Debug, Clone)]
pub struct JudgedPolicy {
    /// The rule.
    pub policy: Arc<Policy>,
    /// How bad a failure is by the packs and settings of the run; the worst, where it is judged with several sets of
    /// parameters.
    pub severity: Severity,
}

/// Which snapshot a report is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotIdentity {
    /// The SHA-256 of its JSON, in hexadecimal.
    pub sha256: String,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// The partition.
    pub partition: Partition,
    /// The ARN of who took it.
    pub caller: String,
    /// The organization's id, where one was listed.
    pub organization: Option<String>,
    /// The organization's ARN, where one was listed.
    pub organization_arn: Option<String>,
    /// The management account, where an organization was listed.
    pub management_account: Option<AccountId>,
}

/// An account, and whether everything that was asked of it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountStanding {
    /// The account's id.
    pub id: AccountId,
    /// Its name, where it is known.
    pub name: Option<String>,
    /// Its state, where an organization was listed.
    pub state: Option<AccountState>,
    /// Whether it is to be scanned.
    pub active: bool,
    /// Whether everything that was asked of it was answered.
    pub observed: bool,
    /// How many Regions of it were swept.
    pub regions: usize,
}

/// How the reason begins, where something is declared in a rule's stead.
pub(super) const DECLARED: &str = "declared: ";

/// One rule, judged over one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The rule.
    pub policy: PolicyId,
    /// Its severity for this subject.
    pub severity: Severity,
    /// The kind of subject.
    pub scope: Scope,
    /// The account that owns the subject; of a bucket without a known owner, the first trail's that uses it.
    pub account: Option<AccountId>,
    /// The subject's Region; none for accounts and organizations.
    pub region: Option<RegionName>,
    /// The subject's ARN; none only where no organization was listed and a rule is about one.
    pub resource: Option<Arc<str>>,
    /// The ARNs of the trails that use the subject, sorted.
    pub related: Arc<[String]>,
    /// The result.
    pub outcome: Outcome,
    /// How it stands to an earlier report, where one was given and one of both fails.
    pub known: Option<KnownState>,
    /// The baseline that the account is held to, where it is held to one.
    pub baseline: Option<Arc<str>>,
    /// What is so, in a sentence.
    pub message: Arc<str>,
    /// What does not decide, and should be known.
    pub notes: Vec<String>,
    /// The facts that the rule read.
    pub evidence: Evidence,
    /// The parameters, where the rule has any.
    pub parameters: Arc<BTreeMap<String, Value>>,
    /// The packs that chose the rule with these parameters.
    pub packs: Arc<[String]>,
    /// The controls that the rule proves, or a part of each, by the ids of the built-in packs: of those not chosen, too.
    pub controls: Arc<BTreeMap<String, Vec<String>>>,
    /// The identity of the result across runs.
    pub fingerprint: Fingerprint,
}

impl Judgement {
    /// What is declared in the rule's stead, by whom and when, where that answers it.
    pub fn declared(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::NotApplicable { reason } => reason.strip_prefix(DECLARED),
            _ => None,
        }
    }
}

/// What tells a result from all others, and is the same in every run: of the rule, the resource, and the parameters
/// where they are not the defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// The first eight bytes of a SHA-256 over the format's version, the rule, the resource, and the parameters as JSON.
    pub(crate) fn new(policy: &str, resource: &str, parameters: Option<&str>) -> Self {
        let mut hash = Sha256::new_with_prefix("trailproof/1\0");
        hash.update(policy);
        hash.update("\0");
        hash.update(resource);
        if let Some(parameters) = parameters {
            hash.update("\0");
            hash.update(parameters);
        }
        let first = hash.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
        Self(first)
    }
}

impl FromStr for Fingerprint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_hex = text.len() == 16 && text.bytes().all(|letter| matches!(letter, b'0'..=b'9' | b'a'..=b'f'));
        match u64::from_str_radix(text, 16) {
            Ok(number) if is_hex => Ok(Self(number)),
            _ => Err("a fingerprint is sixteen hexadecimal digits".to_owned()),
        }
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The result of judging a rule. There is no default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The rule holds, and that was read.
    Pass,
    /// The rule does not hold, and that was read.
    Fail,
    /// The rule is not about this subject.
    NotApplicable {
        /// Why.
        reason: Arc<str>,
    },
    /// It is not known whether the rule holds.
    Unknown {
        /// What would have to be answered.
        gaps: Vec<Gap>,
    },
    /// It fails, or is unknown, and somebody accepted that for a while.
    Waived {
        /// What it is without the waivers.
        beneath: Box<Outcome>,
        /// The waivers: one of the rule, or those of all gaps that hide it.
        waivers: Vec<Arc<Waiver>>,
    },
}

impl Outcome {
    /// The outcome as reports write it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::NotApplicable { .. } => "not-applicable",
            Self::Unknown { .. } => "unknown",
            Self::Waived { .. } => "waived",
        }
    }

    /// What it is without waivers.
    pub fn beneath(&self) -> &Self {
        match self {
            Self::Waived { beneath, .. } => beneath,
            other => other,
        }
    }

    /// The waivers that cover it.
    pub fn waivers(&self) -> &[Arc<Waiver>] {
        match self {
            Self::Waived { waivers, .. } => waivers,
            _ => &[],
        }
    }

    /// Why it is neither pass nor fail.
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Pass | Self::Fail => None,
            Self::NotApplicable { reason } => Some(reason.to_string()),
            Self::Unknown { gaps } => Some(gaps.iter().map(in_words).collect::<Vec<_>>().join("; ")),
            Self::Waived { beneath, waivers } => {
                let waived: Vec<String> = waivers.iter().map(|waiver| accepted(waiver)).collect();
                Some(format!("{} beneath; {}", beneath.as_str(), waived.join("; ")))
            }
        }
    }
}

/// A waiver in words: until when, by whom, where that was decided, and why.
fn accepted(waiver: &Waiver) -> String {
    format!("waived until {} by {} ({}): {}", waiver.expires, waiver.owner, waiver.ticket, waiver.reason)
}

/// A gap in words: what was asked, and why it was not answered.
fn in_words(gap: &Gap) -> String {
    let mut place = String::new();
    for part in
        [gap.account.map(|id| id.to_string()), gap.region.as_ref().map(ToString::to_string)].into_iter().flatten()
    {
        place.push(if place.is_empty() { ' ' } else { '/' });
        place.push_str(&part);
    }
    let about = gap.resource.as_ref().map(|resource| format!(" on {resource}")).unwrap_or_default();
    format!(
        "{}{about}{}{place}: {}: {}",
        gap.operation,
        if place.is_empty() { "" } else { " in" },
        gap.cause,
        gap.message
    )
}

/// What a report means for a gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gate {
    /// Failures at or above it close the gate; nothing, none do.
    pub fail_on: Option<Severity>,
    /// The day by which waivers were judged, in UTC.
    pub as_of: Date,
    /// Whether no result at or above it is unknown, and it is known to what each account is held.
    pub complete: bool,
    /// Whether some result at or above it is a failure.
    pub failed: bool,
    /// The exit code.
    pub exit_code: u8,
}
