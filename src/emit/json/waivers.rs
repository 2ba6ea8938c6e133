//! Waivers in the report: each with how it stands, and those that cover a result.

use schemars::JsonSchema;
use serde::Serialize;

use crate::evaluate::{Outcome, WaiverStanding};
use crate::policy::{Covers, Waiver};

/// A waiver, and what it came to.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct JsonWaiver<'a> {
    /// The rule, where it covers one.
    rule: Option<&'a str>,
    /// The cause of the gaps, where it covers those.
    gap: Option<&'a str>,
    /// Where it holds: all of it must be so.
    scope: JsonScope,
    #[serde(flatten)]
    accepted: Accepted<'a>,
    /// `active`, `expiring`, `expired`, `too-long`, `unmatched`, `open` or `ignored`; only the first two waive.
    state: &'static str,
    /// How many results that fail or are unknown it covers.
    covered: usize,
    /// How many results it waives.
    waived: usize,
    /// How many days are left; negative, where it has expired.
    days_left: i64,
}

/// Where a waiver holds; globs are written as they were given.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonScope {
    arn: Option<String>,
    account: Option<String>,
    ou: Option<String>,
    tag: Option<String>,
    region: Option<String>,
}

/// Who accepted something, why, and until when.
#[derive(Debug, Serialize, JsonSchema)]
struct Accepted<'a> {
    reason: &'a str,
    owner: &'a str,
    ticket: &'a str,
    since: Option<String>,
    /// The last day on which it holds, in UTC.
    expires: String,
    /// The file and the line that hold it.
    file: &'a str,
    line: usize,
}

/// What is waived of a result, and by what.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct JsonWaived<'a> {
    /// What the result is without the waivers: `fail` or `unknown`.
    outcome: &'static str,
    waivers: Vec<Accepted<'a>>,
}

pub(super) fn waiver(standing: &WaiverStanding) -> JsonWaiver<'_> {
    let waiver = &*standing.waiver;
    let scope = &waiver.scope;
    let (rule, gap) = match &waiver.covers {
        Covers::Rule(rule) => (Some(rule.as_str()), None),
        Covers::Gap(cause) => (None, Some(cause.as_str())),
    };
    JsonWaiver {
        rule,
        gap,
        scope: JsonScope {
            arn: scope.arn.as_ref().map(ToString::to_string),
            account: scope.account.map(|id| id.to_string()),
            ou: scope.ou.as_ref().map(ToString::to_string),
            tag: scope.tag.as_ref().map(ToString::to_string),
            region: scope.region.as_ref().map(ToString::to_string),
        },
        accepted: accepted(waiver),
        state: standing.state.as_str(),
        covered: standing.covered,
        waived: standing.waived,
        days_left: standing.days_left,
    }
}

pub(super) fn waived(outcome: &Outcome) -> Option<JsonWaived<'_>> {
    let Outcome::Waived { beneath, waivers } = outcome else { return None };
    Some(JsonWaived { outcome: beneath.as_str(), waivers: waivers.iter().map(|waiver| accepted(waiver)).collect() })
}

fn accepted(waiver: &Waiver) -> Accepted<'_> {
    Accepted {
        reason: &waiver.reason,
        owner: &waiver.owner,
        ticket: &waiver.ticket,
        since: waiver.since.map(|date| date.to_string()),
        expires: waiver.expires.to_string(),
        file: &waiver.file,
        line: waiver.line,
    }
}
