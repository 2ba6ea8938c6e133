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
mod why;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::fold::Fold;
use self::judge::Judge;
use self::reach::Reaches;
use self::reached::Reached;
use self::recorder::Recorders;
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

/// How many kinds of accounts are told from each other at a glance; what is of no such kind is looked at in full.
const MODELS: usize = 32;

/// Works out the coverage of a snapshot; what hides a state is added to the open questions.
pub fn coverage(snapshot: &Snapshot, open: &mut OpenQuestions) -> Coverage {
    let recorders = Recorders::of(snapshot, open);
    let reaches = Reaches::of(snapshot, &recorders, open);
    let leader = snapshot.caller.partition.leader_region();
    let mut reached = Reached::default();
    let mut own = redundant::Places::new();
    let mut models: Vec<&Account> = Vec::new();
    for account in snapshot.accounts.iter().filter(|account| account.is_active()) {
        if let Some(model) = models.iter().find(|model| reaches.are_alike(model, account)) {
            reached.add_like(account.id, model.id);
            continue;
        }
        let owned = recorders.owned_by(account.id);
        let mut places = Vec::new();
        for (region, reach) in reaches.places(account, open) {
            let key = (reach, region.is_some() && region == leader.as_ref());
            for id in owned.iter().filter(|id| key.0.trails.contains(id)) {
                own.entry(*id).or_default().push(key.clone());
            }
            places.push((region, key));
        }
        let is_plain = owned.is_empty() && places.iter().all(|(_, (reach, _))| reach.unseen.is_empty());
        if is_plain && models.len() < MODELS {
            models.push(account);
        }
        reached.add(account.id, places);
    }
    own.values_mut().for_each(|places| {
        places.sort();
        places.dedup();
    });
    let mut judge = Judge::of_cells(&recorders, open, snapshot.caller.partition.as_str());
    let mut fold = Fold::default();
    let cells: Vec<u32> = reached.distinct().map(|(reach, leads)| fold.number(judge.cell(reach, leads))).collect();
    for (accounts, places) in reached.groups() {
        fold.add(&accounts, places.map(|(regions, reach)| (regions, cells[reach as usize])));
    }
    let redundant = redundant::redundant(&mut judge, &own);
    Coverage::of(fold.rows(), redundant, recorders, reached)
}

/// The coverage of a snapshot and the gaps that it refers to.
pub fn coverage_of(snapshot: &Snapshot) -> (Coverage, OpenQuestions) {
    let mut open = OpenQuestions::of(snapshot);
    (coverage(snapshot, &mut open), open)
}
