//! The alerts of an earlier run: those whose subjects nobody could look at now are repeated, so that they stay open.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use serde_sarif::sarif;

use crate::evaluate::{Judgement, Outcome, Report};
use crate::id::AccountId;

/// The results of an earlier log of this tool, for GitHub.
#[derive(Debug, Clone)]
pub struct EarlierAlerts {
    category: String,
    alerts: Vec<sarif::Result>,
}

impl EarlierAlerts {
    /// Reads the log of an earlier run.
    ///
    /// # Errors
    /// What is wrong with it, and where: it is not JSON, not a log of this tool, or holds what GitHub would refuse.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let log: Value = serde_json::from_slice(bytes).map_err(|error| format!("not JSON: {error}"))?;
        let run = &log["runs"][0];
        if log["version"] != "2.1.0" || run["tool"]["driver"]["name"] != "trailproof" {
            return Err("it is no SARIF log that trailproof wrote".to_owned());
        }
        let category = run["automationDetails"]["id"].as_str().ok_or("runs[0] has no automationDetails.id")?.to_owned();
        let results = run["results"].as_array().ok_or("runs[0] has no results")?;
        let mut alerts = Vec::new();
        for (number, result) in results.iter().enumerate() {
            let alert = alert(result).map_err(|error| format!("runs[0].results[{number}]: {error}"))?;
            alerts.extend(alert.filter(|alert| alert.rule_id.as_deref() != Some(super::rule::REST)));
        }
        Ok(Self { category, alerts })
    }

    /// Whether it is of the same organization: its alerts stand in this category.
    pub fn is_of(&self, report: &Report) -> bool {
        self.category == super::category(report)
    }

    /// The alerts of what was not observed now; `open` are those that the report has itself.
    pub(super) fn of_unobserved(&self, report: &Report, open: &BTreeSet<String>) -> Vec<sarif::Result> {
        let seen = Seen::of(report);
        let stays = |alert: &&sarif::Result| {
            fingerprint(alert).is_some_and(|print| !open.contains(print) && seen.is_hidden(alert, print))
        };
        self.alerts.iter().filter(stays).map(|alert| carried(alert, report)).collect()
    }
}

/// An alert, if it is one, as typed and as complete as GitHub takes it.
fn alert(value: &Value) -> Result<Option<sarif::Result>, String> {
    let result: sarif::Result = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    if matches!(&result.kind, Some(kind) if *kind != sarif::ResultKind::Fail) || result.suppressions.is_some() {
        return Ok(None);
    }
    if result.rule_id.is_none() || fingerprint(&result).is_none() {
        return Err("it has no ruleId, or no fingerprint".to_owned());
    }
    if result.message.text.as_deref().is_none_or(str::is_empty) {
        return Err("its message has no text".to_owned());
    }
    let first = result.locations.as_ref().and_then(|all| all.first()).and_then(|one| one.physical_location.as_ref());
    let uri = first.and_then(|place| place.artifact_location.as_ref()).and_then(|artifact| artifact.uri.as_deref());
    let is_path = |uri: &str| !uri.is_empty() && !uri.starts_with('/') && !uri.contains([':', ' ', '\\']);
    if !uri.is_some_and(is_path) {
        return Err("its location is not a path beneath the root of a repository".to_owned());
    }
    Ok(Some(result))
}

fn fingerprint(alert: &sarif::Result) -> Option<&str> {
    alert.partial_fingerprints.as_ref()?.get("primaryLocationLineHash").map(String::as_str)
}

/// What was judged now, and who was not observed.
struct Seen<'a> {
    judged: BTreeMap<String, &'a Judgement>,
    of_accounts: BTreeMap<(&'a str, AccountId), &'a Outcome>,
    unobserved: BTreeSet<String>,
    /// The accounts whose baseline is not known: not all that may hold for them was judged.
    open: BTreeSet<String>,
    rules: BTreeSet<&'a str>,
}

impl<'a> Seen<'a> {
    fn of(report: &'a Report) -> Self {
        let print = |judgement: &'a Judgement| (format!("{}:1", judgement.fingerprint), judgement);
        let hidden = report.accounts.iter().filter(|account| account.active && !account.observed);
        let open = report.baselines.iter().flat_map(|baseline| &baseline.open);
        Self {
            judged: report.judgements.iter().map(print).collect(),
            of_accounts: report
                .judgements
                .iter()
                .filter_map(|one| Some(((one.policy.as_str(), one.account?), one.outcome.beneath())))
                .collect(),
            unobserved: hidden.map(|account| account.id.to_string()).collect(),
            open: open.map(ToString::to_string).collect(),
            rules: report.policies.iter().map(|rule| rule.policy.id.as_str()).collect(),
        }
    }

    /// Whether it is not known now if the alert still holds: its result is unknown, or there is none and somebody whom it
    /// is about was not observed.
    fn is_hidden(&self, alert: &sarif::Result, fingerprint: &str) -> bool {
        let rule = alert.rule_id.as_deref().unwrap_or_default();
        if !self.rules.contains(rule) {
            return false;
        }
        if let Some(judgement) = self.judged.get(fingerprint) {
            return matches!(judgement.outcome, Outcome::Unknown { .. });
        }
        let accounts = property(alert, "accounts");
        if !accounts.is_empty() {
            return accounts.iter().any(|account| self.is_open(rule, account));
        }
        let owner = property(alert, "account");
        let users = property(alert, "related");
        let of_users = users.iter().filter_map(|arn| arn.split(':').nth(4));
        owner
            .iter()
            .copied()
            .chain(of_users)
            .any(|account| self.unobserved.contains(account) || self.open.contains(account))
    }

    /// Whether it is not known now what an account's result is.
    fn is_open(&self, rule: &str, account: &str) -> bool {
        let judged = account.parse().ok().and_then(|id: AccountId| self.of_accounts.get(&(rule, id)));
        match judged {
            Some(outcome) => matches!(outcome, Outcome::Unknown { .. }),
            None => self.open.contains(account),
        }
    }
}

/// The texts of a property, of which there may be one, several or none.
fn property<'a>(alert: &'a sarif::Result, name: &str) -> Vec<&'a str> {
    let value = alert.properties.as_ref().and_then(|properties| properties.additional_properties.get(name));
    match value {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The alert as it was, under the rule's number in this log.
fn carried(alert: &sarif::Result, report: &Report) -> sarif::Result {
    let mut alert = alert.clone();
    let index = report.policies.iter().position(|rule| Some(rule.policy.id.as_str()) == alert.rule_id.as_deref());
    alert.rule_index = index.and_then(|index| i64::try_from(index).ok());
    if let Some(properties) = alert.properties.as_mut() {
        properties.additional_properties.insert("carried".to_owned(), Value::Bool(true));
    }
    alert
}
