//! What rules may say about the events of an account: from the cells of its coverage to what is missing, and why.

mod logs;
mod named;

use std::collections::{BTreeSet, HashMap};

use self::logs::Logs;
use super::coverage::{Coverage, Found, Kind, Line, Row, State, lines};
use super::question::Question;
use super::selector::{Access, Arns, EventClass};
use super::subject::Derivation;
use crate::expr::{Gaps, Known, Shared};
use crate::facts::account::{DataEvents, ManagementEvents, S3DataEvents};
use crate::id::{AccountId, RegionName};
use crate::snapshot::Cause;

/// The type of S3 objects in data events.
const OBJECTS: &str = "AWS::S3::Object";

pub use named::AskedEvents;

/// What is recorded in accounts. Most are in the same rows of the coverage, so that each list of rows is told once.
pub(super) struct Events {
    logs: Logs,
    /// Whether the Region of global services is not to be looked at.
    is_leader_left_out: bool,
}

/// What is recorded of an account's events.
#[derive(Clone)]
pub(super) struct Told {
    pub(super) management: Shared<ManagementEvents>,
    pub(super) objects: Shared<S3DataEvents>,
    pub(super) functions: Shared<DataEvents>,
    pub(super) tables: Shared<DataEvents>,
}

impl Events {
    pub(super) fn of(derivation: &mut Derivation<'_>) -> Self {
        let snapshot = derivation.snapshot;
        let only = &snapshot.selection.regions;
        let leader = snapshot.caller.partition.leader_region();
        Self {
            logs: Logs::of(snapshot, &derivation.coverage, &mut derivation.open),
            is_leader_left_out: leader.is_some_and(|leader| !only.is_empty() && !only.contains(&leader)),
        }
    }

    /// What is recorded of an account's events. `known` is what was told of lists of rows.
    pub(super) fn of_account(
        &self,
        derivation: &mut Derivation<'_>,
        account: AccountId,
        known: &mut HashMap<Vec<u32>, Told>,
    ) -> Told {
        let numbers = derivation.coverage.row_numbers(account);
        // An account without a row has gaps of its own.
        if let Some(told) = known.get(numbers).filter(|_| !numbers.is_empty()) {
            return told.clone();
        }
        let numbers = numbers.to_vec();
        let (coverage, open) = (&derivation.coverage, &mut derivation.open);
        let rows: Vec<&Row> = coverage.account(account).collect();
        // Regions that are not known have gaps of their own.
        let leads = |row: &&Row| row.cell.global.is_some() || row.regions.is_empty();
        let leads_nowhere = !self.is_leader_left_out && !rows.iter().any(leads);
        let (mut unread, mut no_leader) = (Gaps::none(), Gaps::none());
        if rows.is_empty() {
            unread = open.why(Question::of("cloudtrail:DescribeTrails").account(account));
        } else if leads_nowhere {
            let message = "in which of its Regions the events of global services are written is not known";
            no_leader = open.leave(Question::of("account:ListRegions").account(account), Cause::Unsupported, message);
        }
        let all = rows.iter().flat_map(|row| &row.regions).collect();
        let place = Place { coverage, all, unread, no_leader, rows };
        let told = Told {
            management: Shared::new(place.management()),
            objects: Shared::new(place.objects(&self.logs)),
            functions: Shared::new(place.data("AWS::Lambda::Function")),
            tables: Shared::new(place.data("AWS::DynamoDB::Table")),
        };
        known.insert(numbers, told.clone());
        told
    }
}

/// An account's part of the coverage.
struct Place<'a> {
    coverage: &'a Coverage,
    rows: Vec<&'a Row>,
    all: BTreeSet<&'a RegionName>,
    /// Why there are no rows, where there are none: no selected Region is one that the account has.
    unread: Gaps,
    /// Why nothing is known of global service events, where no row has any: their Region is not known.
    no_leader: Gaps,
}

impl<'a> Place<'a> {
    fn parts(&self) -> impl Iterator<Item = Found<'a>> {
        self.rows.iter().copied().flat_map(Row::parts)
    }

    /// Lines where there are any: they are proof enough. Else nothing, or what hides whether there are some.
    fn told(&self, said: Vec<(Found<'a>, String)>, gaps: Gaps) -> Known<Vec<String>> {
        let gaps = gaps.union(&self.unread);
        if said.is_empty() && !gaps.is_empty() {
            return Known::Gap(gaps);
        }
        Known::Is(self.lines(said))
    }

    fn lines(&self, said: Vec<(Found<'a>, String)>) -> Vec<String> {
        if said.is_empty() {
            return Vec::new();
        }
        lines(said, &self.all).iter().map(Line::to_string).collect()
    }

    fn management(&self) -> ManagementEvents {
        ManagementEvents {
            missing: self.missing(&[Kind::Management, Kind::Global], self.no_leader.clone()),
            missing_in_regions: self.missing(&[Kind::Management], Gaps::none()),
            excluded: self.excluded(),
            kms_and_rds_data_recorded: self.all_recorded(),
            failing: self.failing(|kind| !matches!(kind, Kind::Data(_))),
            copies: self.copies(),
        }
    }

    /// What is not recorded of some kinds of events.
    fn missing(&self, kinds: &[Kind<'_>], mut gaps: Gaps) -> Known<Vec<String>> {
        let mut said = Vec::new();
        for found in self.parts().filter(|found| kinds.contains(&found.kind)) {
            if found.is_implied() {
                continue;
            }
            match found.why() {
                Some(why) => said.push((found, why)),
                None => gaps = gaps.union(&found.covered.gaps),
            }
        }
        self.told(said, gaps)
    }

    fn excluded(&self) -> Known<Vec<String>> {
        let (mut said, mut gaps) = (Vec::new(), Gaps::none());
        for found in self.parts().filter(|found| matches!(found.kind, Kind::Kms | Kind::RdsData)) {
            let beside = found.row.cell.management.of(found.access);
            match (beside.state, found.why()) {
                (State::All, Some(why)) => said.push((found, why)),
                (State::Unknown, Some(_)) => gaps = gaps.union(&beside.gaps),
                (State::All | State::Unknown, None) => gaps = gaps.union(&found.covered.gaps),
                (State::None | State::Part, _) => {}
            }
        }
        self.told(said, gaps)
    }

    fn all_recorded(&self) -> Known<bool> {
        let mut gaps = self.unread.clone();
        for found in self.parts().filter(|found| matches!(found.kind, Kind::Kms | Kind::RdsData)) {
            match found.covered.state {
                State::None | State::Part => return Known::Is(false),
                _ => gaps = gaps.union(&found.covered.gaps),
            }
        }
        if gaps.is_empty() { Known::Is(true) } else { Known::Gap(gaps) }
    }

    fn copies(&self) -> Known<Vec<String>> {
        let (mut said, mut gaps) = (Vec::new(), Gaps::none());
        for found in self.parts().filter(|found| found.kind == Kind::Management) {
            match found.covered.trails.len() {
                0 | 1 => gaps = gaps.union(&found.covered.gaps).union(&found.covered.beyond),
                _ => said.push((found, found.covered.names())),
            }
        }
        self.told(said, gaps)
    }

    fn failing(&self, asked: impl Fn(Kind<'_>) -> bool) -> Vec<String> {
        let failing = self.parts().filter(|found| found.covered.failing && asked(found.kind));
        let told = |found: Found<'a>| (found, self.coverage.failure(found.covered, found.row.regions.first()));
        self.lines(failing.map(told).collect())
    }

    /// What is recorded of the data events of a type of resource that every cell tells.
    fn data(&self, resource_type: &str) -> DataEvents {
        let kind = Kind::Data(resource_type);
        DataEvents { missing: self.missing(&[kind], Gaps::none()), failing: self.failing(|other| other == kind) }
    }

    fn objects(&self, logs: &Logs) -> S3DataEvents {
        S3DataEvents {
            reads_missing: self.objects_missing(Access::Read, logs),
            writes_missing: self.objects_missing(Access::Write, logs),
            failing: self.failing(|kind| kind == Kind::Data(OBJECTS)),
        }
    }

    fn objects_missing(&self, access: Access, logs: &Logs) -> Known<Vec<String>> {
        let class = EventClass::data(logs.partition(), OBJECTS, Arns::All, access);
        let (mut said, mut gaps) = (Vec::new(), Gaps::none());
        let asked = |found: &Found<'_>| found.kind == Kind::Data(OBJECTS) && found.access == access;
        for found in self.parts().filter(asked) {
            let covered = match logs.beside(self.coverage, &class, found.covered) {
                Known::Is(covered) => covered,
                Known::Gap(unread) => {
                    gaps = gaps.union(&unread);
                    continue;
                }
            };
            match (Found { covered: &covered, ..found }).why() {
                Some(why) => said.push((found, why)),
                None => gaps = gaps.union(&covered.gaps),
            }
        }
        self.told(said, gaps)
    }
}
