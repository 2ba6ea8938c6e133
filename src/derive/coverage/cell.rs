//! What is recorded in one account and Region.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::derive::selector::Access;
use crate::expr::Gaps;
use crate::id::TrailArn;

/// How much of a class of events is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Every event.
    All,
    /// Some of them.
    Part,
    /// None.
    None,
    /// That is not known.
    Unknown,
}

impl State {
    /// The state as reports have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Part => "part",
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }
}

/// What logging trails record of a class of events.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Covered {
    /// How much of it.
    pub state: State,
    /// The logging trails that record it or a part of it, sorted.
    pub trails: Arc<[TrailArn]>,
    /// Whether there are such trails and the latest delivery of each of them failed.
    pub failing: bool,
    /// What is missing, in words, where the state is [`State::Part`].
    pub missing: Option<Arc<str>>,
    /// Why it is not recorded, or just in part, in words: which trails reach the place, and what they leave out. Where the
    /// state is [`State::None`] or [`State::Part`].
    pub why: Option<Arc<str>>,
    /// Why the state is unknown; empty otherwise.
    pub gaps: Gaps,
    /// What hides whether trails beyond [`Covered::trails`] record it too. It matters to who asks for copies.
    pub beyond: Gaps,
}

/// The reads and the writes of a class of events.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReadWrite {
    /// Events that only read.
    pub read: Covered,
    /// Events that write.
    pub write: Covered,
}

/// What is recorded in an account and Region; many of them share one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Management events but those of KMS and RDS Data.
    pub management: ReadWrite,
    /// Global service events; only in the partition's leader Region.
    pub global: Option<ReadWrite>,
    /// Management events of KMS.
    pub kms: ReadWrite,
    /// Management events of the RDS Data API.
    pub rdsdata: ReadWrite,
    /// Data events, by type of resource.
    pub data: Arc<BTreeMap<String, ReadWrite>>,
}

/// A kind of events that cells tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind<'a> {
    /// Management events but those of KMS and RDS Data.
    Management,
    /// Global service events.
    Global,
    /// Management events of KMS.
    Kms,
    /// Management events of the RDS Data API.
    RdsData,
    /// Data events of a type of resource.
    Data(&'a str),
    /// Network activity events of a source, which no cell has.
    Network(&'a str),
}

impl Covered {
    /// Whether some of it, or all, is known not to be recorded.
    pub fn is_hole(&self) -> bool {
        matches!(self.state, State::None | State::Part)
    }

    /// Why some of it, or all, is not recorded, where that is known.
    pub fn hole(&self) -> Option<String> {
        self.is_hole().then(|| self.why.as_deref().unwrap_or("nothing records it").to_owned())
    }
}

impl ReadWrite {
    /// The part of an access; of [`Access::Both`], the reads.
    pub fn of(&self, access: Access) -> &Covered {
        if access == Access::Write { &self.write } else { &self.read }
    }
}

impl Kind<'_> {
    /// Whether events of the kind are management events of a Region. Global service events are among those of the
    /// leader Region.
    pub fn is_regional_management(self) -> bool {
        matches!(self, Self::Management | Self::Kms | Self::RdsData)
    }
}

impl Cell {
    /// Everything in the cell, in a fixed order.
    pub fn covers(&self) -> impl Iterator<Item = (Kind<'_>, Access, &Covered)> {
        let management = [
            Some((Kind::Management, &self.management)),
            self.global.as_ref().map(|global| (Kind::Global, global)),
            Some((Kind::Kms, &self.kms)),
            Some((Kind::RdsData, &self.rdsdata)),
        ];
        let data = self.data.iter().map(|(name, both)| (Kind::Data(name), both));
        let all = management.into_iter().flatten().chain(data);
        all.flat_map(|(kind, both)| [(kind, Access::Read, &both.read), (kind, Access::Write, &both.write)])
    }

    /// The cell as reports show it: without the reasons, so that cells that look the same are the same.
    pub fn without_reasons(&self) -> Self {
        let both = |both: &ReadWrite| ReadWrite { read: bare(&both.read), write: bare(&both.write) };
        Self {
            management: both(&self.management),
            global: self.global.as_ref().map(both),
            kms: both(&self.kms),
            rdsdata: both(&self.rdsdata),
            data: Arc::new(self.data.iter().map(|(name, data)| (name.clone(), both(data))).collect()),
        }
    }
}

fn bare(covered: &Covered) -> Covered {
    Covered { missing: None, why: None, gaps: Gaps::none(), beyond: Gaps::none(), ..covered.clone() }
}
