//! Equal cells in rows: so that an organization of ten thousand accounts is a few lines.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Row;
use super::cell::Cell;
use crate::id::{AccountId, RegionName};

/// The places of accounts, by the number of their cell.
#[derive(Default)]
pub(super) struct Fold<'a> {
    cells: BTreeMap<Arc<Cell>, u32>,
    list: Vec<Arc<Cell>>,
    rows: BTreeMap<(Vec<&'a RegionName>, u32), Vec<AccountId>>,
}

impl<'a> Fold<'a> {
    /// The number of a cell; equal cells have the same.
    pub(super) fn number(&mut self, cell: Cell) -> u32 {
        if let Some(number) = self.cells.get(&cell) {
            return *number;
        }
        let (number, cell) = (u32::try_from(self.list.len()).unwrap_or(u32::MAX), Arc::new(cell));
        self.cells.insert(Arc::clone(&cell), number);
        self.list.push(cell);
        number
    }

    /// Adds the places that accounts have: Regions, none at all for those that are not known, and the number of their
    /// cell.
    pub(super) fn add(&mut self, accounts: &[AccountId], places: impl IntoIterator<Item = (&'a [RegionName], u32)>) {
        let mut by_cell: BTreeMap<u32, Vec<&'a RegionName>> = BTreeMap::new();
        for (regions, cell) in places {
            by_cell.entry(cell).or_default().extend(regions);
        }
        for (cell, mut regions) in by_cell {
            regions.sort();
            self.rows.entry((regions, cell)).or_default().extend(accounts);
        }
    }

    /// The rows, in the order of their accounts and Regions.
    pub(super) fn rows(self) -> Vec<Row> {
        let list = self.list;
        let mut rows: Vec<Row> = self
            .rows
            .into_iter()
            .map(|((regions, cell), mut accounts)| {
                accounts.sort_unstable();
                Row {
                    accounts,
                    regions: regions.into_iter().cloned().collect(),
                    cell: Arc::clone(&list[cell as usize]),
                }
            })
            .collect();
        rows.sort_by(|a, b| (&a.accounts, &a.regions).cmp(&(&b.accounts, &b.regions)));
        rows
    }
}
