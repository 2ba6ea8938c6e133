//! What rules may say about the events of an account: from the cells of its coverage to what is missing, and why.

use std::collections::{BTreeSet, HashMap};

use super::coverage::{Coverage, Covered, Found, Kind, Line, Row, State, lines};
use super::question::Question;
use super::selector::{Access, Arns, EventClass, Selectors};
use super::subject::Derivation;
use crate::expr::{Gaps, Known, Shared};
use crate::facts::account::{ManagementEvents, ObjectEvents};
use crate::id::{AccountId, RegionName};
use crate::snapshot::{BasicEventSelector, DataResource, Snapshot};

/// The type of S3 objects in data events.
const OBJECTS: &str = "AWS::S3::Object";

/// What is recorded in accounts: most are in the same rows of the coverage, so that each list of rows is told once.
pub(super) struct Events {
    partition: String,
    logs: Option<Selectors>,
    known: HashMap<Vec<u32>, Told>,
}

/// What is recorded of an account's events.
#[derive(Clone)]
pub(super) struct Told {
    pub(super) management: Shared<ManagementEvents>,
    pub(super) objects: Shared<ObjectEvents>,
}

impl Events {
    pub(super) fn of(derivation: &Derivation<'_>) -> Self {
        let snapshot = derivation.snapshot;
        let logs = log_buckets(snapshot, &derivation.coverage);
        Self { partition: snapshot.caller.partition.to_string(), logs, known: HashMap::new() }
    }

    pub(super) fn of_account(&mut self, derivation: &mut Derivation<'_>, account: AccountId) -> Told {
        let numbers = derivation.coverage.row_numbers(account);
        // An account without a row has gaps of its own.
        if let Some(told) = self.known.get(numbers).filter(|_| !numbers.is_empty()) {
            return told.clone();
        }
        let numbers = numbers.to_vec();
        let coverage = &derivation.coverage;
        let rows: Vec<&Row> = coverage.account(account).collect();
        let place = Place {
            coverage,
            all: rows.iter().flat_map(|row| &row.regions).collect(),
            unread: if rows.is_empty() {
                derivation.open.why(Question::of("cloudtrail:DescribeTrails").account(account))
            } else {
                Gaps::none()
            },
            rows,
        };
        let told = Told {
            management: Shared::new(place.management()),
            objects: Shared::new(place.objects(&self.partition, self.logs.as_ref())),
        };
        self.known.insert(numbers, told.clone());
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
        lines(said, &self.all).iter().map(Line::to_string).collect()
    }

    fn management(&self) -> ManagementEvents {
        ManagementEvents {
            missing: self.missing(),
            excluded: self.excluded(),
            kms_and_rds_data_recorded: self.all_recorded(),
            failing: self.failing(|kind| !matches!(kind, Kind::Data(_))),
            copies: self.copies(),
        }
    }

    fn missing(&self) -> Known<Vec<String>> {
        let (mut said, mut gaps) = (Vec::new(), Gaps::none());
        for found in self.parts().filter(|found| matches!(found.kind, Kind::Management | Kind::Global)) {
            // Global service events are management events: where none of these is recorded, that is said once.
            if found.kind == Kind::Global && is_hole(of(found.row, Kind::Management, found.access)) {
                continue;
            }
            match why(found.covered) {
                Some(why) => said.push((found, why)),
                None => gaps = gaps.union(&found.covered.gaps),
            }
        }
        self.told(said, gaps)
    }

    fn excluded(&self) -> Known<Vec<String>> {
        let (mut said, mut gaps) = (Vec::new(), Gaps::none());
        for found in self.parts().filter(|found| matches!(found.kind, Kind::Kms | Kind::RdsData)) {
            let beside = of(found.row, Kind::Management, found.access);
            match (beside.state, why(found.covered)) {
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
        self.lines(failing.map(|found| (found, self.coverage.failure(found.covered))).collect())
    }

    fn objects(&self, partition: &str, logs: Option<&Selectors>) -> ObjectEvents {
        ObjectEvents {
            reads_missing: self.objects_missing(Access::Read, partition, logs),
            writes_missing: self.objects_missing(Access::Write, partition, logs),
            failing: self.failing(|kind| kind == Kind::Data(OBJECTS)),
        }
    }

    fn objects_missing(&self, access: Access, partition: &str, logs: Option<&Selectors>) -> Known<Vec<String>> {
        let class = EventClass::data(partition, OBJECTS, Arns::All, access);
        let (mut said, mut gaps) = (Vec::new(), Gaps::none());
        let asked = |found: &Found<'_>| found.kind == Kind::Data(OBJECTS) && found.access == access;
        for found in self.parts().filter(asked) {
            let beside = logs.filter(|_| found.covered.state != State::All);
            let beside = beside.map(|logs| self.coverage.beside(&class, logs, found.covered));
            let covered = beside.as_ref().unwrap_or(found.covered);
            match why(covered) {
                Some(why) => said.push((found, why)),
                None => gaps = gaps.union(&covered.gaps),
            }
        }
        self.told(said, gaps)
    }
}

/// The part of a row for a kind of management events that every row has.
fn of<'a>(row: &'a Row, kind: Kind<'_>, access: Access) -> &'a Covered {
    let both = match kind {
        Kind::Kms => &row.cell.kms,
        Kind::RdsData => &row.cell.rdsdata,
        _ => &row.cell.management,
    };
    if access == Access::Write { &both.write } else { &both.read }
}

fn is_hole(covered: &Covered) -> bool {
    matches!(covered.state, State::None | State::Part)
}

/// Why something is not recorded in full, where that is known.
fn why(covered: &Covered) -> Option<String> {
    is_hole(covered).then(|| covered.why.as_deref().unwrap_or("nothing records it").to_owned())
}

/// Selectors that record the objects of those buckets for logs and access logs that some trail's selectors name: leaving
/// such a bucket out keeps a trail from recording deliveries, and hides nobody's work.
fn log_buckets(snapshot: &Snapshot, coverage: &Coverage) -> Option<Selectors> {
    let delivered = snapshot.trails.iter().filter_map(|trail| trail.configuration.value.s3_bucket_name.as_deref());
    let accessed = snapshot.buckets.iter().filter_map(|bucket| bucket.access_logging.as_ref());
    let accessed = accessed.filter_map(|logging| logging.value.target_bucket.as_deref());
    let logs: BTreeSet<&str> = delivered.chain(accessed).collect();
    let start = format!("arn:{}:s3:::", snapshot.caller.partition);
    let named: BTreeSet<&str> = coverage
        .named_arns()
        .filter_map(|arn| Some(arn.strip_prefix(start.as_str())?.split_once('/')?.0))
        .filter(|bucket| logs.contains(bucket))
        .collect();
    let objects = BasicEventSelector {
        read_write_type: Some("All".to_owned()),
        include_management_events: Some(false),
        exclude_management_event_sources: Vec::new(),
        data_resources: vec![DataResource {
            resource_type: Some(OBJECTS.to_owned()),
            values: named.iter().map(|bucket| format!("{start}{bucket}/")).collect(),
        }],
    };
    (!named.is_empty()).then(|| Selectors::new(Some(&[objects]), None))
}
