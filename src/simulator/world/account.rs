use super::{Denial, Identities, Identity};
use jiff::Timestamp;
use std::fmt::Display;

/// The state of an account in its organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AccountState {
    /// Invited or created, not yet usable.
    PendingActivation,
    /// In use.
    #[default]
    Active,
    /// Suspended by AWS, or closed and within its 90 days.
    Suspended,
    /// Being closed.
    PendingClosure,
    /// Closed.
    Closed,
}

impl AccountState {
    /// The word that Organizations uses for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PendingActivation => "PENDING_ACTIVATION",
            Self::Active => "ACTIVE",
            Self::Suspended => "SUSPENDED",
            Self::PendingClosure => "PENDING_CLOSURE",
            Self::Closed => "CLOSED",
        }
    }

    /// The older `Status`, which knows three words.
    pub(in crate::simulator) fn status(self) -> &'static str {
        match self {
            Self::PendingActivation | Self::Active => "ACTIVE",
            Self::Suspended | Self::Closed => "SUSPENDED",
            Self::PendingClosure => "PENDING_CLOSURE",
        }
    }
}

/// The four switches of Block Public Access, for a bucket or an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicAccessBlock {
    /// Refuse new public ACLs.
    pub block_public_acls: bool,
    /// Ignore the public ACLs there are.
    pub ignore_public_acls: bool,
    /// Refuse new public policies.
    pub block_public_policy: bool,
    /// Keep everyone but the account and AWS services out of buckets with a public policy.
    pub restrict_public_buckets: bool,
}

impl PublicAccessBlock {
    /// All four on.
    pub const ALL: Self = Self::every(true);
    /// All four off.
    pub const NONE: Self = Self::every(false);

    const fn every(on: bool) -> Self {
        Self { block_public_acls: on, ignore_public_acls: on, block_public_policy: on, restrict_public_buckets: on }
    }
}

/// A role that may be assumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// The name, with its path if it has one: `trailproof-audit`, `aws-reserved/x`.
    pub name: String,
    /// Who is let in: account ids, ARNs of principals, or `*`.
    pub trusts: Vec<String>,
    /// The external id that the caller must name.
    pub external_id: Option<String>,
}

impl Role {
    /// A role that lets in every principal of one account.
    pub fn new(name: &str, trusted_account: impl Display) -> Self {
        Self { name: name.to_owned(), trusts: vec![trusted_account.to_string()], external_id: None }
    }

    /// The role, letting in another account too.
    #[must_use]
    pub fn and_trusting(mut self, principal: impl Display) -> Self {
        self.trusts.push(principal.to_string());
        self
    }

    /// The role, wanting an external id.
    #[must_use]
    pub fn with_external_id(mut self, id: &str) -> Self {
        self.external_id = Some(id.to_owned());
        self
    }
}

/// An account, inside the organization or outside.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// The twelve digits.
    pub id: String,
    /// The name in the organization.
    pub name: String,
    /// The address of its root user.
    pub email: String,
    /// Its state.
    pub state: AccountState,
    /// When it joined.
    pub joined: Timestamp,
    /// Whether it is in the organization.
    pub member: bool,
    /// The path of the unit that holds it, such as `Workloads/Production`; empty for the root.
    pub unit: String,
    /// Its tags.
    pub tags: Vec<(String, String)>,
    /// The Regions that it opted in to.
    pub opted_in: Vec<String>,
    /// Its roles.
    pub roles: Vec<Role>,
    /// Its users, groups and policies, and its other roles.
    pub identities: Identities,
    /// What its principals are not allowed.
    pub denials: Vec<Denial>,
    /// Whether CloudTrail has yet to bring the organization's trails to it, as just after it joined.
    pub awaits_organization_trails: bool,
    /// Block Public Access of the whole account, if it was ever set.
    pub public_access_block: Option<PublicAccessBlock>,
}

impl Account {
    /// An active member in the organization's root, which owns nothing and has no role.
    pub fn new(id: impl Display, name: &str) -> Self {
        Self {
            id: id.to_string(),
            name: name.to_owned(),
            email: format!("aws+{name}@example.com"),
            state: AccountState::Active,
            joined: Timestamp::from_second(1_577_836_800).unwrap_or(Timestamp::UNIX_EPOCH),
            member: true,
            unit: String::new(),
            tags: Vec::new(),
            opted_in: Vec::new(),
            roles: Vec::new(),
            identities: Identities::default(),
            denials: Vec::new(),
            awaits_organization_trails: false,
            public_access_block: None,
        }
    }

    /// The account, in a unit.
    #[must_use]
    pub fn in_unit(mut self, path: &str) -> Self {
        self.unit = path.to_owned();
        self
    }

    /// The account, outside the organization.
    #[must_use]
    pub fn outside(mut self) -> Self {
        self.member = false;
        self
    }

    /// The account, in a state.
    #[must_use]
    pub fn in_state(mut self, state: AccountState) -> Self {
        self.state = state;
        self
    }

    /// The account, with a tag.
    #[must_use]
    pub fn with_tag(mut self, key: &str, value: &str) -> Self {
        self.tags.push((key.to_owned(), value.to_owned()));
        self
    }

    /// The account, opted in to a Region.
    #[must_use]
    pub fn opted_in(mut self, region: impl Display) -> Self {
        self.opted_in.push(region.to_string());
        self
    }

    /// The account, with a role.
    #[must_use]
    pub fn with_role(mut self, role: Role) -> Self {
        self.roles.push(role);
        self
    }

    /// The account, with a role that nobody assumes here.
    #[must_use]
    pub fn with_identity(mut self, role: Identity) -> Self {
        self.identities.roles.push(role);
        self
    }

    /// The account, with something denied to its principals.
    #[must_use]
    pub fn with_denial(mut self, denial: Denial) -> Self {
        self.denials.push(denial);
        self
    }

    /// The account, to which the organization's trails have not come yet.
    #[must_use]
    pub fn awaiting_organization_trails(mut self) -> Self {
        self.awaits_organization_trails = true;
        self
    }

    /// The account, with its own Block Public Access.
    #[must_use]
    pub fn with_public_access_block(mut self, block: PublicAccessBlock) -> Self {
        self.public_access_block = Some(block);
        self
    }
}
