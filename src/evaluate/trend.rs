//! How things stood in earlier reports, and stand now: findings by severity and observed accounts, in the order of time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::report::{Outcome, Report};
use crate::earlier::EarlierReport;
use crate::policy::Severity;

/// How things stood in one report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// When its snapshot was taken.
    pub taken_at: Timestamp,
    /// Findings by severity; those of which there are none are left out.
    pub findings: BTreeMap<Severity, usize>,
    /// How many results were not known.
    pub unknown: usize,
    /// How many active accounts were selected.
    pub accounts: usize,
    /// Of how many of them every planned call was answered.
    pub observed: usize,
    /// Whether it was judged by other packs, or by those of another version: then more findings may be of more rules.
    pub by_other_rules: bool,
}

/// A report that is of another organization or partition: its numbers would be those of something else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is of {before}, and this snapshot of {now}")]
pub struct OfAnother {
    before: String,
    now: String,
}

impl Standing {
    /// How many findings there were.
    pub fn total(&self) -> usize {
        self.findings.values().sum()
    }

    fn of(report: &Report) -> Self {
        let mut findings = BTreeMap::new();
        for judgement in report.judgements.iter().filter(|judgement| judgement.outcome == Outcome::Fail) {
            *findings.entry(judgement.severity).or_default() += 1;
        }
        let active = || report.accounts.iter().filter(|account| account.active);
        Self {
            taken_at: report.snapshot.taken_at,
            findings,
            unknown: report.judgements.iter().filter(|one| matches!(one.outcome, Outcome::Unknown { .. })).count(),
            accounts: active().count(),
            observed: active().filter(|account| account.observed).count(),
            by_other_rules: false,
        }
    }
}

/// How things stood in an earlier report, and whose they were: what is kept of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierStanding {
    standing: Standing,
    whose: String,
    policies_sha256: String,
    packs: BTreeSet<String>,
}

impl EarlierStanding {
    /// What is kept of an earlier report.
    pub fn of(earlier: &EarlierReport) -> Self {
        let (accounts, observed) = earlier.accounts();
        Self {
            standing: Standing {
                taken_at: earlier.snapshot.taken_at,
                findings: earlier.findings(),
                unknown: earlier.unknown(),
                accounts,
                observed,
                by_other_rules: false,
            },
            whose: whose(&earlier.snapshot.partition, earlier.snapshot.organization.as_deref()),
            policies_sha256: earlier.tool.policies_sha256.clone(),
            packs: earlier.results.iter().flat_map(|result| result.packs.iter().cloned()).collect(),
        }
    }

    /// How things stood there, seen from a report.
    ///
    /// # Errors
    /// Where it is of another organization.
    pub fn seen_from(&self, report: &Report) -> Result<Standing, OfAnother> {
        let now = whose(report.snapshot.partition.as_str(), report.snapshot.organization.as_deref());
        if self.whose != now {
            return Err(OfAnother { before: self.whose.clone(), now });
        }
        let packs: BTreeSet<&str> =
            report.judgements.iter().flat_map(|judgement| judgement.packs.iter().map(String::as_str)).collect();
        let by_other_rules =
            self.policies_sha256 != report.policies_sha256 || !self.packs.iter().map(String::as_str).eq(packs);
        Ok(Standing { by_other_rules, ..self.standing.clone() })
    }
}

fn whose(partition: &str, organization: Option<&str>) -> String {
    format!("{} in the partition {partition}", organization.unwrap_or("no organization"))
}

/// All standings in the order of time, the report's own among them: one for each snapshot, of which the report's own counts.
pub fn trend(earlier: Vec<Standing>, report: &Report) -> Vec<Standing> {
    let own = Standing::of(report);
    let mut by_time: BTreeMap<Timestamp, Standing> = earlier.into_iter().map(|one| (one.taken_at, one)).collect();
    by_time.insert(own.taken_at, own);
    by_time.into_values().collect()
}
