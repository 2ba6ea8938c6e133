//! What rules may say about the events of an account: from the cells of its coverage to what is missing, and why.

use std::collections::{BTreeSet, HashMap};

use super::coverage::{Coverage, Found, Kind, Line, Row, State, lines};
use super::question::{OpenQuestions, Question};
use super::selector::{Access, Arns, EventClass, Selectors};
use super::subject::Derivation;
use crate::expr::{Gaps, Known, Shared};
use crate::facts::account::{ManagementEvents, S3DataEvents};
use crate::id::{AccountId, RegionName};
use crate::snapshot::{BasicEventSelector, Bucket, DataResource, Snapshot};

/// The type of S3 objects in data events.
const OBJECTS: &str = "AWS::S3::Object";

/// What is recorded in accounts: most are in the same rows of the coverage, so that each list of rows is told once.
pub(super) struct Events {
    logs: Logs,
    known: HashMap<Vec<u32>, Told>,
}

/// What is recorded of an account's events.
#[derive(Clone)]
pub(super) struct Told {
    pub(super) management: Shared<ManagementEvents>,
    pub(super) objects: Shared<S3DataEvents>,
}

impl Events {
    pub(super) fn of(derivation: &mut Derivation<'_>) -> Self {
        let logs = Logs::of(derivation.snapshot, &derivation.coverage, &mut derivation.open);
        Self { logs, known: HashMap::new() }
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
        let told =
            Told { management: Shared::new(place.management()), objects: Shared::new(place.objects(&self.logs)) };
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
        if said.is_empty() {
            return Vec::new();
        }
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

    fn objects(&self, logs: &Logs) -> S3DataEvents {
        S3DataEvents {
            reads_missing: self.objects_missing(Access::Read, logs),
            writes_missing: self.objects_missing(Access::Write, logs),
            failing: self.failing(|kind| kind == Kind::Data(OBJECTS)),
        }
    }

    fn objects_missing(&self, access: Access, logs: &Logs) -> Known<Vec<String>> {
        let class = EventClass::data(&logs.partition, OBJECTS, Arns::All, access);
        let (mut said, mut gaps) = (Vec::new(), Gaps::none());
        let asked = |found: &Found<'_>| found.kind == Kind::Data(OBJECTS) && found.access == access;
        for found in self.parts().filter(asked) {
            let without = |buckets: &Option<Selectors>| match buckets {
                Some(buckets) => self.coverage.beside(&class, buckets, found.covered),
                None => found.covered.clone(),
            };
            let covered = without(&logs.known);
            if covered.state == State::Part && without(&logs.possible).state == State::All {
                gaps = gaps.union(&logs.unread);
                continue;
            }
            match (Found { covered: &covered, ..found }).why() {
                Some(why) => said.push((found, why)),
                None => gaps = gaps.union(&covered.gaps),
            }
        }
        self.told(said, gaps)
    }
}

/// The buckets for logs and access logs that some trail's selectors name, as selectors of all their objects: leaving such a
/// bucket out keeps a trail from recording deliveries, and hides nobody's work.
struct Logs {
    partition: String,
    /// Those that are known to be such; none where there are none.
    known: Option<Selectors>,
    /// Those that may be such as well, for where the access logs of some bucket go was not read.
    possible: Option<Selectors>,
    /// Why that is not known.
    unread: Gaps,
}

impl Logs {
    fn of(snapshot: &Snapshot, coverage: &Coverage, open: &mut OpenQuestions) -> Self {
        let start = format!("arn:{}:s3:::", snapshot.caller.partition);
        let named = coverage.named_arns().filter_map(|arn| Some(arn.strip_prefix(start.as_str())?.split_once('/')?.0));
        let named: BTreeSet<&str> = named.collect();
        let delivered = snapshot.trails.iter().filter_map(|trail| trail.configuration.value.s3_bucket_name.as_deref());
        let accessed = snapshot.buckets.iter().filter_map(|bucket| bucket.access_logging.as_ref());
        let accessed = accessed.filter_map(|logging| logging.value.target_bucket.as_deref());
        let logs: BTreeSet<&str> = delivered.chain(accessed).collect();
        let known: BTreeSet<&str> = named.intersection(&logs).copied().collect();
        let mut unread = Gaps::none();
        if known != named {
            let unasked = |bucket: &&Bucket| bucket.access_logging.is_none() && !bucket.is_missing();
            for bucket in snapshot.buckets.iter().filter(unasked) {
                unread = unread.union(&open.why(Question::of("s3:GetBucketLogging").resource(bucket.name.as_str())));
            }
        }
        let possible = if unread.is_empty() { None } else { objects_of(&start, &named) };
        Self { partition: snapshot.caller.partition.to_string(), known: objects_of(&start, &known), possible, unread }
    }
}

/// Selectors of all objects of some buckets.
fn objects_of(start: &str, buckets: &BTreeSet<&str>) -> Option<Selectors> {
    let objects = BasicEventSelector {
        read_write_type: Some("All".to_owned()),
        include_management_events: Some(false),
        exclude_management_event_sources: Vec::new(),
        data_resources: vec![DataResource {
            resource_type: Some(OBJECTS.to_owned()),
            values: buckets.iter().map(|bucket| format!("{start}{bucket}/")).collect(),
        }],
    };
    (!buckets.is_empty()).then(|| Selectors::new(Some(&[objects]), None))
}
