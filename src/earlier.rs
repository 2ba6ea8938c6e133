//! An earlier report, read back from its JSON, and proof that nobody edited it.
//!
//! Readers accept keys that they do not know: they may be added within a version. What they know is held against itself:
//! the identity of each result against what it is of, the order, and the numbers of the summary against the results.

mod check;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::emit::REPORT_SCHEMA;
use crate::evaluate::Fingerprint;
use crate::policy::Severity;
use crate::snapshot::Cause;

/// An earlier report.
#[derive(Debug, Clone, Deserialize)]
pub struct EarlierReport {
    /// The version of the tool that judged, and the rules.
    pub tool: EarlierTool,
    /// The snapshot that was judged.
    pub snapshot: EarlierSnapshot,
    summary: Summary,
    /// The results, sorted by rule, resource and fingerprint.
    pub results: Vec<EarlierResult>,
    gaps: Vec<EarlierGap>,
}

/// What was asked and not answered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct EarlierGap {
    account: Option<String>,
    cause: String,
}

/// What judged an earlier report.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EarlierTool {
    /// The version of the tool.
    pub version: String,
    /// The SHA-256 of all policies and packs.
    pub policies_sha256: String,
}

/// The snapshot that an earlier report is about.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EarlierSnapshot {
    /// When it was taken.
    pub taken_at: Timestamp,
    /// The partition.
    pub partition: String,
    /// The organization's id, where one was listed.
    pub organization: Option<String>,
}

/// A result of an earlier report.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct EarlierResult {
    /// The rule.
    pub policy: String,
    /// Its severity for the subject.
    #[serde(deserialize_with = "severity")]
    pub severity: Severity,
    /// The kind of subject.
    pub scope: String,
    /// The account that owns the subject.
    pub account: Option<String>,
    /// The subject's Region.
    pub region: Option<String>,
    /// The subject's ARN.
    pub resource: Option<String>,
    /// The ARNs of the trails that use the subject.
    pub related: Vec<String>,
    /// The result.
    pub outcome: EarlierOutcome,
    /// What is so, in a sentence.
    pub message: String,
    /// The facts that the rule read.
    pub evidence: Value,
    /// The parameters.
    pub parameters: Map<String, Value>,
    /// The packs that chose the rule.
    #[serde(default)]
    pub packs: Vec<String>,
    /// The identity of the result across runs.
    pub fingerprint: Fingerprint,
}

/// The outcome of an earlier result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EarlierOutcome {
    /// The rule held.
    Pass,
    /// It did not hold.
    Fail,
    /// It was not known whether it held.
    Unknown,
    /// The rule was not about the subject.
    NotApplicable,
    /// It failed or was unknown, and that was accepted.
    Waived,
}

impl EarlierOutcome {
    /// The outcome as reports write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not-applicable",
            Self::Waived => "waived",
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
struct Summary {
    accounts: Accounts,
    outcomes: Outcomes,
    findings: Findings,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Accounts {
    total: usize,
    observed: usize,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
struct Outcomes {
    pass: usize,
    fail: usize,
    unknown: usize,
    not_applicable: usize,
    waived: usize,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
struct Findings {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    info: usize,
}

/// A document that is not a report that this version reads back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EarlierError {
    /// The compressed data ends early or is damaged.
    #[error("the compressed data is damaged or cut short: {0}")]
    Compression(std::io::Error),
    /// It is not JSON.
    #[error("not JSON: {0}")]
    NotJson(serde_json::Error),
    /// It is JSON of another kind.
    #[error("no report: there is no key `schema` that begins with `trailproof.report/`")]
    NotAReport,
    /// It is a report of another version.
    #[error("schema `{found}`, and this version reads `{REPORT_SCHEMA}`: judge the snapshot anew with this version")]
    Version {
        /// The schema found.
        found: String,
    },
    /// It says that it is a report, and some part is not as the schema demands.
    #[error("does not fit the schema `{REPORT_SCHEMA}`: {0}")]
    Shape(serde_json::Error),
    /// It fits the schema, and its parts do not fit each other.
    #[error("was edited after it was written: line {line}: {what}")]
    Edited {
        /// The line, from 1.
        line: usize,
        /// What does not fit what.
        what: String,
    },
}

impl EarlierResult {
    /// Whether it was about a trail that is not among `related` any more, and that an account of `unseen` has: what is
    /// judged without that trail says nothing of it.
    pub fn misses_a_trail(&self, related: &[String], unseen: &BTreeSet<String>) -> bool {
        let owner = |arn: &String| arn.split(':').nth(4).map(str::to_owned);
        let missing = self.related.iter().filter(|arn| !related.contains(arn));
        missing.filter_map(owner).any(|account| unseen.contains(&account))
    }
}

impl EarlierReport {
    /// The accounts that were asked something that was not answered.
    pub fn unseen(&self) -> BTreeSet<String> {
        let refused = self.gaps.iter().filter(|gap| gap.cause != Cause::NotCollected.as_str());
        refused.filter_map(|gap| gap.account.clone()).collect()
    }

    /// How many active accounts were selected, and of how many of them every planned call was answered.
    pub fn accounts(&self) -> (usize, usize) {
        (self.summary.accounts.total, self.summary.accounts.observed)
    }

    /// Findings by severity; those of which there are none are left out.
    pub fn findings(&self) -> BTreeMap<Severity, usize> {
        let Findings { critical, high, medium, low, info } = self.summary.findings;
        let counted = Severity::ALL.into_iter().zip([critical, high, medium, low, info]);
        counted.filter(|(_, count)| *count > 0).collect()
    }

    /// How many results were not known.
    pub fn unknown(&self) -> usize {
        self.summary.outcomes.unknown
    }

    /// Reads a report from JSON, plain or compressed with gzip (told by its first two bytes).
    ///
    /// # Errors
    /// Where it is damaged, not JSON, of another schema, not shaped as the schema demands, or edited by hand.
    pub fn from_document(bytes: &[u8]) -> Result<Self, EarlierError> {
        if bytes.starts_with(&[0x1f, 0x8b]) {
            let mut plain = Vec::new();
            MultiGzDecoder::new(bytes).read_to_end(&mut plain).map_err(EarlierError::Compression)?;
            return Self::from_json(&plain);
        }
        Self::from_json(bytes)
    }

    fn from_json(bytes: &[u8]) -> Result<Self, EarlierError> {
        #[derive(Deserialize)]
        struct Head {
            schema: Option<String>,
        }
        let head: Head = serde_json::from_slice(bytes).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => EarlierError::NotAReport,
            _ => EarlierError::NotJson(error),
        })?;
        match head.schema {
            Some(schema) if schema == REPORT_SCHEMA => {}
            Some(schema) if schema.starts_with("trailproof.report/") => {
                return Err(EarlierError::Version { found: schema.chars().take(60).collect() });
            }
            _ => return Err(EarlierError::NotAReport),
        }
        let report: Self = serde_json::from_slice(bytes).map_err(EarlierError::Shape)?;
        check::check(&report, bytes)?;
        Ok(report)
    }
}

fn severity<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Severity, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}
