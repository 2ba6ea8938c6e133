//! What the trails of an organization cover: for every active account and every Region that it has, which logging trails
//! record which kinds of events.
//!
//! Trails count that log; whether they deliver is marked. A trail counts where it reaches the account and Region.
//! What could not be read makes a cell unknown, unless trails that are known to reach it record everything anyway.
//! Cells with equal content are folded into rows, so memory grows with what differs.

mod cell;
mod fold;
mod judge;
mod question;
mod questions;
mod reach;
mod reached;
mod recorder;
mod redundant;
mod told;
mod visit;
mod why;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::fold::Fold;
use self::judge::Judge;
use self::reach::{Reach, Reaches};
use self::reached::Reached;
use self::recorder::Recorders;
use self::visit::{Visit, visit};
use super::question::OpenQuestions;
use crate::expr::Known;
use crate::id::{AccountId, RegionName, TrailArn};
use crate::snapshot::{Account, Snapshot};

pub use cell::{Cell, Covered, Kind, ReadWrite, State};
pub use question::{ClassQuestion, Place, Reaching};
pub use questions::Found;
pub use told::{Line, Said, lines};

/// What is recorded where.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// The rows, in the order of their accounts and Regions.
    pub rows: Vec<Row>,
    redundant: BTreeMap<TrailArn, Known<bool>>,
    by_account: BTreeMap<AccountId, Vec<u32>>,
    recorders: Recorders,
    reached: Reached,
}

/// Accounts and Regions in which the same is recorded by the same trails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The accounts, sorted.
    pub accounts: Vec<AccountId>,
    /// The Regions, sorted; none at all where an account did not say which it has.
    pub regions: Vec<RegionName>,
    /// What is recorded in each of them.
    pub cell: Arc<Cell>,
}

/// Works out the coverage of a snapshot; what hides a state is added to the open questions.
pub fn coverage(snapshot: &Snapshot, open: &mut OpenQuestions) -> Coverage {
    let recorders = Recorders::of(snapshot, open);
    let reaches = Reaches::of(snapshot, &recorders, open);
    let partition = &snapshot.caller.partition;
    let leader = partition.leader_region();
    let active: Vec<&Account> = snapshot.accounts.iter().filter(|account| account.is_active()).collect();
    let visits = open.in_parts(&active, |open, accounts| visit(&reaches, &recorders, leader.as_ref(), accounts, open));
    let mut reached = Reached::default();
    let mut own = redundant::Places::new();
    for (account, visit) in visits {
        match visit {
            Visit::Like(model) => reached.add_like(account, model),
            Visit::Places { all, own: of_account } => {
                reached.add(account, all);
                for (id, key) in of_account {
                    own.entry(id).or_default().push(key);
                }
            }
        }
    }
    own.values_mut().for_each(|places| {
        places.sort();
        places.dedup();
    });
    let distinct: Vec<(&Reach, bool)> = reached.distinct().collect();
    let cells = open.in_parts(&distinct, |open, places| {
        let mut judge = Judge::of_cells(&recorders, open, partition.as_str());
        places.iter().map(|(reach, leads)| judge.cell(reach, *leads)).collect()
    });
    let mut fold = Fold::default();
    let cells: Vec<u32> = cells.into_iter().map(|cell| fold.number(cell)).collect();
    for (accounts, places) in reached.groups() {
        fold.add(&accounts, places.map(|(regions, reach)| (regions, cells[reach as usize])));
    }
    let redundant = redundant::redundant(&mut Judge::of_cells(&recorders, open, partition.as_str()), &own);
    Coverage::of(fold.rows(), redundant, recorders, reached)
}

/// The coverage of a snapshot and the gaps that it refers to.
pub fn coverage_of(snapshot: &Snapshot) -> (Coverage, OpenQuestions) {
    let mut open = OpenQuestions::of(snapshot);
    (coverage(snapshot, &mut open), open)
}
