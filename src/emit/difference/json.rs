//! What changed as JSON, schema `trailproof.diff/1`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::compare::{Difference, SettingChange, Side, Verdict, VerdictChange, VerdictKind};

/// The schema of the differences that this version writes.
pub const DIFFERENCE_SCHEMA: &str = "trailproof.diff/1";

/// What changed, as it is written. Every key is always there, null where there is nothing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JsonDifference<'a> {
    /// Always [`DIFFERENCE_SCHEMA`].
    schema: &'static str,
    old: JsonSide<'a>,
    new: JsonSide<'a>,
    /// Whether nothing changed.
    same: bool,
    /// Verdicts that changed, by kind.
    summary: BTreeMap<&'static str, usize>,
    /// Sorted by account, resource and rule.
    verdicts: Vec<JsonVerdictChange<'a>>,
    /// Sorted by account, subject and path.
    configuration: Vec<JsonSettingChange<'a>>,
}

/// One side of the comparison.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonSide<'a> {
    taken_at: String,
    organization: Option<&'a str>,
    policies_sha256: &'a str,
    tool_version: &'a str,
}

/// A verdict that changed.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonVerdictChange<'a> {
    account: Option<&'a str>,
    resource: Option<&'a str>,
    policy: &'a str,
    fingerprint: &'a str,
    /// `new`, `changed`, `unobserved`, `observed`, `fixed`, `waived`, `appeared`, `gone` or `other`.
    change: &'static str,
    /// Nothing, where it was not judged.
    before: Option<JsonVerdict<'a>>,
    /// Nothing, where it is not judged.
    after: Option<JsonVerdict<'a>>,
}

/// A verdict.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonVerdict<'a> {
    outcome: &'static str,
    severity: &'static str,
    message: &'a str,
}

/// Something that is set otherwise.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonSettingChange<'a> {
    account: Option<&'a str>,
    /// An ARN, the name of a bucket, or an account.
    subject: &'a str,
    /// Where in it; empty, where it is the whole.
    path: &'a str,
    /// `added`, `removed`, `changed`, `unobserved` or `observed`.
    change: &'static str,
    before: Option<&'a Value>,
    after: Option<&'a Value>,
}

/// Writes what changed as JSON.
///
/// # Errors
/// Where the writer fails.
pub fn write_difference_json(difference: &Difference, writer: &mut dyn Write) -> io::Result<()> {
    let document = JsonDifference {
        schema: DIFFERENCE_SCHEMA,
        old: side(&difference.old),
        new: side(&difference.new),
        same: difference.is_empty(),
        summary: VerdictKind::ALL.into_iter().map(|kind| (kind.as_str(), difference.count(kind))).collect(),
        verdicts: difference.verdicts.iter().map(change).collect(),
        configuration: difference.configuration.iter().map(setting).collect(),
    };
    serde_json::to_writer_pretty(&mut *writer, &document)?;
    writer.write_all(b"\n")
}

fn side(side: &Side) -> JsonSide<'_> {
    JsonSide {
        taken_at: side.taken_at.to_string(),
        organization: side.organization.as_deref(),
        policies_sha256: &side.policies_sha256,
        tool_version: &side.tool_version,
    }
}

fn change(change: &VerdictChange) -> JsonVerdictChange<'_> {
    JsonVerdictChange {
        account: change.account.as_deref(),
        resource: change.resource.as_deref(),
        policy: &change.policy,
        fingerprint: &change.fingerprint,
        change: change.kind.as_str(),
        before: change.before.as_ref().map(verdict),
        after: change.after.as_ref().map(verdict),
    }
}

fn verdict(verdict: &Verdict) -> JsonVerdict<'_> {
    JsonVerdict { outcome: verdict.outcome.as_str(), severity: verdict.severity.as_str(), message: &verdict.message }
}

fn setting(change: &SettingChange) -> JsonSettingChange<'_> {
    JsonSettingChange {
        account: change.account.as_deref(),
        subject: &change.subject,
        path: &change.path,
        change: change.kind.as_str(),
        before: change.before.as_ref(),
        after: change.after.as_ref(),
    }
}
