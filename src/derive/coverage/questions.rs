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

impl Found<'_> {
    /// Why some of it is not recorded, where that is known.
    pub fn why(&self) -> Option<String> {
        self.covered.hole()
    }

    /// Whether the same is to be said of the management events of the place: global service events are among them.
    pub fn is_implied(&self) -> bool {
        let beside = self.row.cell.management.of(self.access);
        self.kind == Kind::Global && self.covered.state != State::All && self.covered.state == beside.state
    }
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
        self.row_numbers(account).iter().filter_map(|number| self.rows.get(*number as usize))
    }

    /// The places in [`Coverage::rows`] of the rows that an account is in.
    pub(in crate::derive) fn row_numbers(&self, account: AccountId) -> &[u32] {
        self.by_account.get(&account).map_or(&[][..], Vec::as_slice)
    }

    /// What is recorded in an account and Region; nothing where it has no such Region, or is not active.
    pub fn cell(&self, account: AccountId, region: &RegionName) -> Option<&Arc<Cell>> {
        self.account(account).find(|row| row.regions.binary_search(region).is_ok()).map(|row| &row.cell)
    }

    /// An account that sees the same trails in the same Regions and has the same Regions, where one was found that was
    /// read whole and owns no trail, as this one.
    pub(in crate::derive) fn model(&self, account: AccountId) -> Option<AccountId> {
        self.reached.model(account)
    }

    /// Accounts that are in the same rows, with these rows; in the order of the rows.
    pub fn alike(&self) -> impl Iterator<Item = (Vec<AccountId>, Vec<&Row>)> {
        let mut groups: BTreeMap<&[u32], Vec<AccountId>> = BTreeMap::new();
        for (account, rows) in &self.by_account {
            groups.entry(rows).or_default().push(*account);
        }
        let rows = |numbers: &[u32]| numbers.iter().filter_map(|number| self.rows.get(*number as usize)).collect();
        groups.into_iter().map(move |(numbers, accounts)| (accounts, rows(numbers)))
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
        let mut groups: BTreeMap<&[u32], Vec<AccountId>> = BTreeMap::new();
        for (account, rows) in &self.by_account {
            groups.entry(rows).or_default().push(*account);
        }
        for (rows, accounts) in groups {
            let places = rows.iter().map(|row| (self.rows[*row as usize].regions.as_slice(), numbers[*row as usize]));
            fold.add(&accounts, places);
        }
        fold.rows()
    }
}
