//! What falls out of coverage: holes, sole covers, copies, redundant trails.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cell::{Cell, Covered, Kind, State};
use super::fold::Fold;
use super::reached::Reached;
use super::recorder::Recorders;
use super::{Coverage, Row};
use crate::derive::selector::Access;
use crate::expr::Known;
use crate::id::{AccountId, RegionName, TrailArn};

/// A part of a row.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The row.
    pub row: &'a Row,
    /// The kind of events.
    pub kind: Kind<'a>,
    /// Reads or writes.
    pub access: Access,
    /// What is recorded of them.
    pub covered: &'a Covered,
}

impl Row {
    /// Everything in the row.
    pub fn parts(&self) -> impl Iterator<Item = Found<'_>> {
        self.cell.covers().map(move |(kind, access, covered)| Found { row: self, kind, access, covered })
    }
}

impl Coverage {
    pub(super) fn of(
        rows: Vec<Row>,
        redundant: BTreeMap<TrailArn, Known<bool>>,
        recorders: Recorders,
        reached: Reached,
    ) -> Self {
        let mut by_account: BTreeMap<AccountId, Vec<u32>> = BTreeMap::new();
        for (number, row) in (0..).zip(&rows) {
            for account in &row.accounts {
                by_account.entry(*account).or_default().push(number);
            }
        }
        Self { rows, redundant, by_account, recorders, reached }
    }

    /// The rows that an account is in.
    pub fn account(&self, account: AccountId) -> impl Iterator<Item = &Row> {
        let numbers = self.by_account.get(&account).map_or(&[][..], Vec::as_slice);
        numbers.iter().filter_map(|number| self.rows.get(*number as usize))
    }

    /// What is recorded in an account and Region; nothing where it has no such Region, or is not active.
    pub fn cell(&self, account: AccountId, region: &RegionName) -> Option<&Arc<Cell>> {
        self.account(account).find(|row| row.regions.binary_search(region).is_ok()).map(|row| &row.cell)
    }

    /// Everything, row by row.
    pub fn parts(&self) -> impl Iterator<Item = Found<'_>> {
        self.rows.iter().flat_map(Row::parts)
    }

    /// What is not recorded in full, or not known to be.
    pub fn holes(&self) -> impl Iterator<Item = Found<'_>> {
        self.parts().filter(|found| found.covered.state != State::All)
    }

    /// What one trail alone records: without it, there is a hole.
    pub fn sole_covers(&self) -> impl Iterator<Item = Found<'_>> {
        self.parts().filter(|found| found.covered.trails.len() == 1)
    }

    /// Management events that more than one logging trail records: every copy but the first is paid for.
    pub fn duplicates(&self) -> impl Iterator<Item = Found<'_>> {
        self.parts().filter(|found| found.kind.is_regional_management() && found.covered.trails.len() > 1)
    }

    /// Whether every cell that a trail gives is also given by a logging organization trail. An organization trail is
    /// never redundant, and neither is a trail that reaches no active account.
    pub fn is_redundant(&self, trail: &TrailArn) -> Known<bool> {
        self.redundant.get(trail).cloned().unwrap_or(Known::Is(false))
    }

    /// The rows as reports show them: without reasons, and folded again.
    pub fn shown(&self) -> Vec<Row> {
        let mut fold = Fold::default();
        let numbers: Vec<u32> = self.rows.iter().map(|row| fold.number(row.cell.without_reasons())).collect();
        for (account, rows) in &self.by_account {
            let places = rows.iter().map(|row| (self.rows[*row as usize].regions.as_slice(), numbers[*row as usize]));
            fold.add(*account, places);
        }
        fold.rows()
    }
}
