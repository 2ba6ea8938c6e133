//! What is missing in the places of an account: the end of its row in the table of coverage.

use std::collections::BTreeSet;

use super::Sign;
use crate::derive::coverage::{Kind, Row, State};
use crate::derive::selector::Access;
use crate::id::RegionName;

/// What is missing in the places of an account, and in which Regions.
#[derive(Default)]
pub(super) struct Missing<'a> {
    regions: BTreeSet<&'a RegionName>,
    nothing: BTreeSet<&'a RegionName>,
    holes: BTreeSet<&'a RegionName>,
    events: BTreeSet<(Kind<'a>, Access)>,
    failing: BTreeSet<&'a RegionName>,
    unknown: BTreeSet<&'a RegionName>,
    unknown_regions: bool,
}

impl<'a> Missing<'a> {
    /// Takes a row down; what its places are shown as.
    pub(super) fn take(&mut self, row: &'a Row) -> Sign {
        let parts = || row.cell.covers().filter(|(kind, ..)| !matches!(kind, Kind::Data(_)));
        let any = |state: State| parts().any(|(.., covered)| covered.state == state);
        let recorded = any(State::All) || any(State::Part);
        let (holes, unknown) = (any(State::None) || any(State::Part), any(State::Unknown));
        let failing = parts().any(|(.., covered)| covered.failing);
        let sign = match (recorded, holes, unknown) {
            (true, true, _) => Sign::Part,
            (false, _, false) => Sign::None,
            (_, _, true) => Sign::Unknown,
            (true, false, false) if failing => Sign::Part,
            (true, false, false) => Sign::Full,
        };
        self.regions.extend(&row.regions);
        let told = [
            (sign == Sign::None, &mut self.nothing),
            (failing, &mut self.failing),
            (unknown, &mut self.unknown),
            (sign == Sign::Part && holes, &mut self.holes),
        ];
        for (_, regions) in told.into_iter().filter(|(is_so, _)| *is_so) {
            regions.extend(&row.regions);
        }
        self.unknown_regions |= row.regions.is_empty();
        if sign == Sign::Part && holes {
            let found = parts().filter(|(.., covered)| covered.is_hole()).map(|(kind, access, _)| (kind, access));
            self.events.extend(found);
        }
        sign
    }

    pub(super) fn in_words(&self) -> String {
        let events = self.events();
        let missing = match events.as_slice() {
            [first @ .., last] if !first.is_empty() => format!("{} and {last} missing", first.join(", ")),
            _ => format!("{} missing", events.concat()),
        };
        let nothing = if self.nothing.len() == self.regions.len() { "nothing recorded" } else { "nothing" };
        let found = [
            (nothing, &self.nothing),
            (missing.as_str(), &self.holes),
            ("delivery fails", &self.failing),
            ("not known", &self.unknown),
        ];
        let found = found.into_iter().filter(|(_, regions)| !regions.is_empty());
        let words: Vec<String> = found.map(|(words, regions)| format!("{words}{}", self.place(regions))).collect();
        match words.is_empty() && self.unknown_regions {
            true => "which Regions it has is not known".to_owned(),
            false => words.join(", "),
        }
    }

    /// Where something is missing, unless everywhere.
    fn place(&self, regions: &BTreeSet<&RegionName>) -> String {
        match (regions.len(), regions.first()) {
            (count, _) if count == self.regions.len() => String::new(),
            (1, Some(only)) => format!(" in {only}"),
            (count, _) => format!(" in {count} of {} Regions", self.regions.len()),
        }
    }

    /// The events that are missing: reads and writes as such, and of the other kinds what they do not imply.
    fn events(&self) -> Vec<String> {
        let missing = |kind, access| self.events.contains(&(kind, access));
        let general = |access| missing(Kind::Management, access);
        let mut events = Vec::new();
        for (access, word) in [(Access::Read, "reads"), (Access::Write, "writes")] {
            events.extend(general(access).then(|| word.to_owned()));
        }
        for (kind, word) in [(Kind::Global, "global"), (Kind::Kms, "KMS"), (Kind::RdsData, "RDS Data")] {
            let [read, write] = [Access::Read, Access::Write].map(|access| missing(kind, access) && !general(access));
            let whole = missing(kind, Access::Read) && missing(kind, Access::Write);
            events.extend(match (read, write) {
                (false, false) => None,
                _ if whole => Some(word.to_owned()),
                (true, _) => Some(format!("{word} reads")),
                (false, _) => Some(format!("{word} writes")),
            });
        }
        events
    }
}
