//! Comparing: what changed between two reports, or two snapshots, in verdicts and in configuration. Pure.
//!
//! What cannot be seen any more is told apart from what is gone, and a lost permission is no fix.

mod configuration;
mod verdict;

use jiff::Timestamp;
use serde_json::Value;

use crate::earlier::{EarlierOutcome, EarlierReport};
use crate::policy::Severity;
use crate::snapshot::Snapshot;

use configuration::configuration;
use verdict::verdicts;

/// What changed between two reports or snapshots.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The older one.
    pub old: Side,
    /// The newer one.
    pub new: Side,
    /// What changed in verdicts; sorted by account, resource and rule.
    pub verdicts: Vec<VerdictChange>,
    /// What changed in configuration; sorted by account, subject and path. Of two reports, in the facts that rules read.
    pub configuration: Vec<SettingChange>,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// When its snapshot was taken.
    pub taken_at: Timestamp,
    /// The organization, where one was listed.
    pub organization: Option<String>,
    /// The SHA-256 of the policies and packs that it was judged by.
    pub policies_sha256: String,
    /// The version of the tool that judged it.
    pub tool_version: String,
}

/// A verdict that changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct VerdictChange {
    /// The account that owns the subject.
    pub account: Option<String>,
    /// The subject's ARN.
    pub resource: Option<String>,
    /// The rule.
    pub policy: String,
    /// The identity of the result.
    pub fingerprint: String,
    /// What kind of change it is.
    pub kind: VerdictKind,
    /// What it was; nothing, where it was not judged.
    pub before: Option<Verdict>,
    /// What it is; nothing, where it is not judged.
    pub after: Option<Verdict>,
}

/// A verdict.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Verdict {
    /// The outcome.
    pub outcome: EarlierOutcome,
    /// How bad a failure is.
    pub severity: Severity,
    /// What is so, in a sentence.
    pub message: String,
}

/// What kind of change of a verdict it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VerdictKind {
    /// It fails, and did not.
    New,
    /// It fails and failed, and is worse, better, or about something else.
    Changed,
    /// It was known, and is not known any more, or its account cannot be seen.
    Unobserved,
    /// It was not known, and is now.
    Observed,
    /// It failed, and passes or applies no more.
    Fixed,
    /// It was waived or is, and the other side says else.
    Waived,
    /// It is judged, and was not; it does not fail.
    Appeared,
    /// It was judged, and is no more: the subject is gone, or the rule is not selected.
    Gone,
    /// It passed or did not apply, and now the other of both.
    Other,
}

impl VerdictKind {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 9] = [
        Self::New,
        Self::Changed,
        Self::Unobserved,
        Self::Observed,
        Self::Fixed,
        Self::Waived,
        Self::Appeared,
        Self::Gone,
        Self::Other,
    ];

    /// The kind as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unobserved => "unobserved",
            Self::Observed => "observed",
            Self::Fixed => "fixed",
            Self::Waived => "waived",
            Self::Appeared => "appeared",
            Self::Gone => "gone",
            Self::Other => "other",
        }
    }
}

/// Something that is set otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingChange {
    /// The account that it belongs to, where that is known.
    pub account: Option<String>,
    /// What it is of: an ARN, the name of a bucket, or an account.
    pub subject: String,
    /// Where in it, such as `configuration.is_multi_region_trail`; nothing, where it is the whole.
    pub path: String,
    /// What kind of change it is.
    pub kind: SettingKind,
    /// What it was.
    pub before: Option<Value>,
    /// What it is.
    pub after: Option<Value>,
}

/// What kind of change of a setting it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SettingKind {
    /// It is there, and was not.
    Added,
    /// It was there, and is not.
    Removed,
    /// It is another.
    Changed,
    /// It was read, and could not be, or was not, read again.
    Unobserved,
    /// It was not read, and is now.
    Observed,
}

impl SettingKind {
    /// The kind as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Unobserved => "unobserved",
            Self::Observed => "observed",
        }
    }
}

impl Difference {
    /// What changed between two reports.
    pub fn of_reports(old: &EarlierReport, new: &EarlierReport) -> Self {
        let (verdicts, configuration) = verdicts(old, new);
        Self { old: side(old), new: side(new), verdicts, configuration }
    }

    /// What changed between two snapshots, each with its report.
    ///
    /// # Errors
    /// Where a snapshot cannot be written as JSON.
    pub fn of_snapshots(
        old: (&Snapshot, &EarlierReport),
        new: (&Snapshot, &EarlierReport),
    ) -> serde_json::Result<Self> {
        let (verdicts, _) = verdicts(old.1, new.1);
        let configuration = configuration(old.0, new.0)?;
        Ok(Self { old: side(old.1), new: side(new.1), verdicts, configuration })
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.verdicts.is_empty() && self.configuration.is_empty()
    }

    /// Whether the two were judged by other rules, or by another version.
    pub fn is_by_other_rules(&self) -> bool {
        self.old.policies_sha256 != self.new.policies_sha256 || self.old.tool_version != self.new.tool_version
    }

    /// How many verdicts changed in a way.
    pub fn count(&self, kind: VerdictKind) -> usize {
        self.verdicts.iter().filter(|change| change.kind == kind).count()
    }
}

fn side(report: &EarlierReport) -> Side {
    Side {
        taken_at: report.snapshot.taken_at,
        organization: report.snapshot.organization.clone(),
        policies_sha256: report.tool.policies_sha256.clone(),
        tool_version: report.tool.version.clone(),
    }
}
