//! Where in a repository a result stands: a ladder, from the line of infrastructure code that made the resource down to a
//! path that is made of names. Pure: whoever calls has read the files.
//!
//! A rung is taken where it is sure. What two lines may have made is made by none of them, and the next rung is tried.

pub mod cloudformation;
mod infrastructure;
mod inventory;
mod mistake;
mod root;
mod stable;
pub mod terraform;
mod tree;
mod wanted;

use std::collections::BTreeMap;

use crate::evaluate::{Judgement, Report};
use crate::policy::{Policy, PolicyId};

pub use infrastructure::{Infrastructure, Sources};
pub use inventory::Committed;
pub use mistake::Mistake;
pub use root::SourceRoot;

use stable::stable_path;
use wanted::Wanted;

/// How a place was found; the first that is sure is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rung {
    /// The Terraform code that made the resource, as the state says.
    Terraform,
    /// The CloudFormation template that made it, as its stack or its tags say.
    CloudFormation,
    /// The code that holds the resource's `yor_trace` tag.
    Yor,
    /// The only code that names it, by a name that only it has.
    Literal,
    /// The property in the inventory that is committed.
    Inventory,
    /// The user's rule.
    Policy,
    /// A path of the subject's names, which never changes.
    Stable,
}

impl Rung {
    /// The rung as reports write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Terraform => "terraform",
            Self::CloudFormation => "cloudformation",
            Self::Yor => "yor",
            Self::Literal => "literal",
            Self::Inventory => "inventory",
            Self::Policy => "policy",
            Self::Stable => "stable",
        }
    }
}

/// Where a result stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// A path relative to the root of the repository, percent-encoded.
    pub uri: String,
    /// The line, from 1.
    pub line: usize,
    /// How it was found.
    pub rung: Rung,
}

/// The places of the results of one report.
#[derive(Debug, Default)]
pub struct Anchors {
    root: SourceRoot,
    infrastructure: Infrastructure,
    committed: Committed,
    wanted: BTreeMap<PolicyId, Wanted>,
}

impl Anchors {
    /// Anchors by infrastructure code and a committed inventory too.
    pub fn new(root: SourceRoot, infrastructure: Infrastructure, committed: Committed, report: &Report) -> Self {
        let wanted = report.policies.iter().map(|rule| (rule.policy.id.clone(), Wanted::of(&rule.policy)));
        Self { root, infrastructure, committed, wanted: wanted.collect() }
    }

    /// The root of the repository.
    pub fn root(&self) -> &SourceRoot {
        &self.root
    }

    /// The place of a result.
    pub fn place(&self, judgement: &Judgement, policy: &Policy) -> Place {
        let made = self.wanted.get(&policy.id).and_then(|wanted| {
            self.infrastructure
                .place(judgement, wanted)
                .or_else(|| self.committed.place(judgement, wanted, policy.scope))
        });
        made.or_else(|| self.of_policy(policy)).unwrap_or_else(|| Place {
            uri: stable_path(judgement),
            line: 1,
            rung: Rung::Stable,
        })
    }

    /// The place of a result that is about several accounts: none of theirs, for the first may be another tomorrow.
    pub fn place_of_many(&self, policy: &Policy) -> Place {
        self.of_policy(policy).unwrap_or_else(|| Place { uri: "aws/accounts".to_owned(), line: 1, rung: Rung::Stable })
    }

    fn of_policy(&self, policy: &Policy) -> Option<Place> {
        let (path, line) = policy.place()?;
        Some(Place { uri: self.root.relative(path)?, line, rung: Rung::Policy })
    }
}
