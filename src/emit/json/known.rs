//! What became of the findings of an earlier report, in the report.

use schemars::JsonSchema;
use serde::Serialize;

use crate::evaluate::{EarlierFinding, KnownFindings};

/// What became of the findings of an earlier report.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct JsonKnown<'a> {
    /// When the snapshot of the earlier report was taken.
    taken_at: String,
    /// Findings that were none there.
    new: usize,
    /// Findings that were findings there.
    unchanged: usize,
    /// Findings there that are results here, and fail no more.
    fixed: usize,
    /// Findings there of which nothing is said here: the subject is gone, or the rule is not judged. Sorted.
    gone: Vec<JsonGone<'a>>,
    /// Findings there of which it is not known here whether they are fixed. Sorted.
    unobserved: Vec<JsonGone<'a>>,
}

/// A finding of an earlier report.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonGone<'a> {
    policy: &'a str,
    account: Option<&'a str>,
    resource: Option<&'a str>,
    fingerprint: &'a str,
}

pub(super) fn known(known: &KnownFindings) -> JsonKnown<'_> {
    JsonKnown {
        taken_at: known.taken_at.to_string(),
        new: known.new,
        unchanged: known.unchanged,
        fixed: known.fixed,
        gone: known.gone.iter().map(gone).collect(),
        unobserved: known.unobserved.iter().map(gone).collect(),
    }
}

fn gone(finding: &EarlierFinding) -> JsonGone<'_> {
    JsonGone {
        policy: &finding.policy,
        account: finding.account.as_deref(),
        resource: finding.resource.as_deref(),
        fingerprint: &finding.fingerprint,
    }
}
