//! Parts of an account's coverage in sentences: what is missing, in which Regions, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::Found;
use super::cell::Kind;
use super::why::NOBODY;
use crate::derive::selector::Access;
use crate::id::RegionName;

/// What something is said of: events in Regions of an account.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// The kind of events.
    pub kind: Kind<'a>,
    /// Reads, writes or both.
    pub access: Access,
    /// The Regions, sorted.
    pub regions: &'a [RegionName],
}

impl<'a> From<Found<'a>> for Said<'a> {
    fn from(found: Found<'a>) -> Self {
        Self { kind: found.kind, access: found.access, regions: &found.row.regions }
    }
}

/// Events, the Regions of an account that something is said of them in, and what is said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The events in words, such as `write events` or `KMS and RDS Data events`.
    pub events: String,
    /// The Regions, sorted.
    pub regions: Vec<RegionName>,
    /// The Regions of the account that are not among them, sorted.
    pub others: Vec<RegionName>,
    /// What is said.
    pub what: String,
}

/// Kinds of events, each with reads, writes or both.
type Kinds<'a> = BTreeMap<Kind<'a>, BTreeSet<Access>>;

/// Brings what is said of parts of one account's coverage into lines: Regions of which the same is said stand together,
/// and so do reads and writes, and kinds of events. `all` are the Regions of the account.
pub fn lines<'a, S: Into<Said<'a>>>(
    said: impl IntoIterator<Item = (S, String)>,
    all: &BTreeSet<&RegionName>,
) -> Vec<Line> {
    let each = said.into_iter().map(|(said, what)| (said.into(), what));
    let mut each: Vec<(Said<'a>, String)> = each.collect();
    each.sort_by(|(one, what), (other, why)| (one.kind, one.access, what).cmp(&(other.kind, other.access, why)));
    let mut placed: Vec<(Vec<&'a RegionName>, &str, Said<'a>)> = Vec::new();
    for same in
        each.chunk_by(|(one, what), (other, why)| (one.kind, one.access, what) == (other.kind, other.access, why))
    {
        let mut regions: Vec<&RegionName> = same.iter().flat_map(|(said, _)| said.regions).collect();
        if same.len() > 1 {
            regions.sort();
            regions.dedup();
        }
        placed.extend(same.first().map(|(said, what)| (regions, what.as_str(), *said)));
    }
    placed.sort_by(|(one, what, _), (other, why, _)| (one, what).cmp(&(other, why)));
    let same_place = placed.chunk_by(|(one, what, _), (other, why, _)| (one, what) == (other, why));
    let mut found: Vec<(Kinds<'a>, Line)> = same_place.filter_map(|same| line(same, all)).collect();
    found.sort();
    found.into_iter().map(|(_, line)| line).collect()
}

/// The line of what is said of the same Regions in the same words.
fn line<'a>(same: &[(Vec<&'a RegionName>, &str, Said<'a>)], all: &BTreeSet<&RegionName>) -> Option<(Kinds<'a>, Line)> {
    let (regions, what, _) = same.first()?;
    let mut kinds = Kinds::new();
    for (_, _, said) in same {
        kinds.entry(said.kind).or_default().insert(said.access);
    }
    let others = all.iter().filter(|region| !regions.contains(region)).map(|region| (*region).clone()).collect();
    let regions = regions.iter().copied().cloned().collect();
    let line = Line { events: events(&kinds), regions, others, what: (*what).to_owned() };
    Some((kinds, line))
}

/// Kinds of events in words.
fn events(kinds: &Kinds<'_>) -> String {
    let accesses: BTreeSet<&BTreeSet<Access>> = kinds.values().collect();
    let alike = accesses.first().filter(|_| accesses.len() == 1);
    let regional = [Kind::Management, Kind::Kms, Kind::RdsData];
    match alike {
        Some(accesses) if kinds.keys().copied().eq(regional) => format!("management{} events", access(accesses)),
        Some(accesses) if kinds.len() > 1 && !kinds.contains_key(&Kind::Management) => {
            let names: Vec<String> = kinds.keys().map(|kind| name(*kind)).collect();
            format!("{}{} events", joined(&names), access(accesses))
        }
        _ => {
            let each = kinds.iter().map(|(kind, accesses)| match kind {
                Kind::Management if accesses.len() == 2 => "read and write events".to_owned(),
                Kind::Management => format!("{} events", access(accesses).trim_start()),
                _ => format!("{}{} events", name(*kind), access(accesses)),
            });
            joined(&each.collect::<Vec<_>>())
        }
    }
}

/// The only access of some, in a word; nothing where it is both.
fn access(accesses: &BTreeSet<Access>) -> &'static str {
    match (accesses.len(), accesses.first()) {
        (1, Some(Access::Read)) => " read",
        (1, Some(Access::Write)) => " write",
        _ => "",
    }
}

fn name(kind: Kind<'_>) -> String {
    match kind {
        Kind::Management => "management".to_owned(),
        Kind::Global => "global service".to_owned(),
        Kind::Kms => "KMS".to_owned(),
        Kind::RdsData => "RDS Data".to_owned(),
        Kind::Data("AWS::S3::Object") => "S3 object".to_owned(),
        Kind::Data("AWS::Lambda::Function") => "Lambda function".to_owned(),
        Kind::Data("AWS::DynamoDB::Table") => "DynamoDB table".to_owned(),
        Kind::Data(other) => format!("{other} data"),
        Kind::Network(source) => format!("{source} network activity"),
    }
}

/// Words in a sentence.
fn joined<T: AsRef<str>>(words: &[T]) -> String {
    match words {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

impl Line {
    /// The Regions in words: by name, or as all but a few.
    pub fn place(&self) -> String {
        let names = |regions: &[RegionName]| joined(&regions.iter().map(RegionName::as_str).collect::<Vec<_>>());
        match (self.regions.len(), self.others.len()) {
            (0, _) => "Regions that are not known".to_owned(),
            (count @ 2.., 0) => format!("all {count} Regions"),
            (count, few @ 1..=3) if count > 2 * few => format!("all Regions but {}", names(&self.others)),
            _ => names(&self.regions),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}: ", self.events, self.place())?;
        match self.what.strip_prefix(NOBODY) {
            Some(rest) if self.regions.len() > 1 => write!(f, "no logging trail reaches them{rest}"),
            _ => f.write_str(&self.what),
        }
    }
}
