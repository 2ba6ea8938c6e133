//! What the coverage of a snapshot says, without rules: what is missing and why, what one trail alone records, and what
//! more than one does.

use std::collections::{BTreeMap, BTreeSet};

use super::judge::{identity, standings};
use super::report::{AccountStanding, SnapshotIdentity};
use crate::derive::OpenQuestions;
use crate::derive::coverage::{Coverage, Found, Kind, Line, Row, State, coverage_of, lines};
use crate::id::{AccountId, TrailArn};
use crate::snapshot::{Gap, Snapshot};

/// The coverage of a snapshot, and what falls out of it.
///
/// A function of the snapshot alone; its parts are sorted.
#[derive(Debug, Clone)]
pub struct CoverageReport {
    /// The snapshot.
    pub snapshot: SnapshotIdentity,
    /// The accounts that were to be scanned, sorted by id.
    pub accounts: Vec<AccountStanding>,
    /// Which trails record what: accounts and Regions in which that is the same are one row.
    pub rows: Vec<Row>,
    /// Management events that are not recorded in full.
    pub missing: Vec<Remark>,
    /// Data events that are recorded in part.
    pub parts: Vec<Remark>,
    /// What only trails record whose latest delivery failed.
    pub failing: Vec<Remark>,
    /// Management events of which it is not known whether they are recorded.
    pub unknown: Vec<Remark>,
    /// Management events that more than one logging trail records: every copy but the first is billed.
    pub copies: Vec<Remark>,
    /// What single trails record of management events.
    pub sole_covers: Vec<SoleCover>,
    /// What was asked and not answered, sorted.
    pub gaps: Vec<Gap>,
}

/// Something that is said of accounts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// The accounts, sorted.
    pub accounts: Vec<AccountId>,
    /// The events, their Regions, and what is said.
    pub line: Line,
}

/// What one trail alone records of management events: without it, there is a hole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoleCover {
    /// The trail.
    pub trail: TrailArn,
    /// The accounts of which it does.
    pub accounts: usize,
    /// The places, each an account and one of its Regions, in which it does.
    pub places: usize,
}

/// Works out the coverage of a snapshot. `sha256` is that of the snapshot's JSON.
pub fn coverage_report(snapshot: &Snapshot, sha256: String) -> CoverageReport {
    let (coverage, open) = coverage_of(snapshot);
    let is_management = |found: &Found<'_>| !matches!(found.kind, Kind::Data(_)) && !found.is_implied();
    let is_data = |found: &Found<'_>| matches!(found.kind, Kind::Data(_));
    let failure = |found: Found<'_>| coverage.failure(found.covered, found.row.regions.first());
    let failing = |found: Found<'_>| found.covered.failing.then(|| failure(found));
    let copies = |found: Found<'_>| (found.covered.trails.len() > 1).then(|| found.covered.names());
    CoverageReport {
        snapshot: identity(snapshot, sha256),
        accounts: standings(snapshot),
        rows: coverage.shown(),
        missing: remarks(&coverage, |found| found.why().filter(|_| is_management(&found))),
        parts: remarks(&coverage, |found| {
            found.why().filter(|_| is_data(&found) && found.covered.state == State::Part)
        }),
        failing: remarks(&coverage, failing),
        unknown: remarks(&coverage, |found| hidden_by(&open, found).filter(|_| is_management(&found))),
        copies: remarks(&coverage, |found| copies(found).filter(|_| found.kind == Kind::Management)),
        sole_covers: sole_covers(&coverage),
        gaps: snapshot.gaps.clone(),
    }
}

/// What is said of parts of the coverage; accounts of which the same is said stand together.
fn remarks<'c>(coverage: &'c Coverage, say: impl Fn(Found<'c>) -> Option<String>) -> Vec<Remark> {
    let mut by_line: BTreeMap<Line, Vec<AccountId>> = BTreeMap::new();
    for (accounts, rows) in coverage.alike() {
        let all = rows.iter().flat_map(|row| &row.regions).collect();
        let parts = rows.into_iter().flat_map(Row::parts);
        let said: Vec<_> = parts.filter_map(|found| Some((found, say(found)?))).collect();
        for line in lines(said, &all) {
            by_line.entry(line).or_default().extend(&accounts);
        }
    }
    let mut remarks: Vec<Remark> = by_line
        .into_iter()
        .map(|(line, mut accounts)| {
            accounts.sort_unstable();
            Remark { accounts, line }
        })
        .collect();
    remarks.sort();
    remarks
}

/// What hides whether something is recorded: the calls that were refused, and why.
fn hidden_by(open: &OpenQuestions, found: Found<'_>) -> Option<String> {
    if found.covered.state != State::Unknown {
        return None;
    }
    let told: BTreeSet<String> = found
        .covered
        .gaps
        .iter()
        .filter_map(|id| open.gap(id))
        .map(|gap| match gap.cause {
            crate::snapshot::Cause::Unsupported => gap.message.clone(),
            _ => format!("{} ({})", gap.operation, gap.cause),
        })
        .collect();
    Some(told.into_iter().collect::<Vec<_>>().join("; "))
}

fn sole_covers(coverage: &Coverage) -> Vec<SoleCover> {
    let mut found: BTreeMap<&TrailArn, (BTreeSet<AccountId>, usize)> = BTreeMap::new();
    for row in &coverage.rows {
        let alone = row.parts().filter(|found| !matches!(found.kind, Kind::Data(_)) && found.covered.trails.len() == 1);
        let alone: BTreeSet<&TrailArn> = alone.flat_map(|found| found.covered.trails.iter()).collect();
        for trail in alone {
            let (accounts, places) = found.entry(trail).or_default();
            accounts.extend(&row.accounts);
            *places += row.accounts.len() * row.regions.len();
        }
    }
    let told = |(trail, (accounts, places)): (&TrailArn, (BTreeSet<AccountId>, usize))| SoleCover {
        trail: trail.clone(),
        accounts: accounts.len(),
        places,
    };
    found.into_iter().map(told).collect()
}
