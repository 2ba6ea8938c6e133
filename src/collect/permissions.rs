//! What a run must be allowed to do: the actions of its calls, and on what.

use std::collections::BTreeSet;

use super::call::{Asker, Call, CallDeclaration};
use super::needs::Needs;
use crate::id::Partition;

/// The action that enters a member; all others read.
pub const ENTERING_ACTION: &str = "sts:AssumeRole";

/// Whose permissions they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// The role in every account that is scanned.
    Member,
    /// Whoever runs the scan: it lists the organization, enters the members, and reads its own account itself.
    Caller,
}

/// The permissions of a run.
///
/// ```
/// use trailproof::collect::{Holder, Needs, Permissions};
///
/// let permissions = Permissions::of(&Needs::everything(), Holder::Member, "trailproof-audit", "aws".parse().unwrap());
/// assert!(permissions.actions().any(|action| action == "cloudtrail:DescribeTrails"));
/// assert!(!permissions.actions().any(|action| action == "sts:AssumeRole"));
/// ```
#[derive(Debug, Clone)]
pub struct Permissions {
    actions: BTreeSet<&'static str>,
    holder: Holder,
    role_name: String,
    partition: Partition,
}

impl Permissions {
    /// What the reads take, for a role of that name.
    pub fn of(needs: &Needs, holder: Holder, role_name: &str, partition: Partition) -> Self {
        let held = |asker: Asker| asker == Asker::Member || holder == Holder::Caller;
        // "No permissions are required to perform this operation": STS API Reference, GetCallerIdentity.
        let calls = needs.calls().filter(|declared| held(declared.asker) && declared.call != Call::GetCallerIdentity);
        let actions = calls.flat_map(CallDeclaration::actions).collect();
        Self { actions, holder, role_name: role_name.to_owned(), partition }
    }

    /// Whose they are.
    pub fn holder(&self) -> Holder {
        self.holder
    }

    /// The name of the members' role.
    pub fn role_name(&self) -> &str {
        &self.role_name
    }

    /// The IAM actions, sorted; `sts:AssumeRole` is limited to the role, all others read on every resource.
    pub fn actions(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.actions.iter().copied()
    }

    /// The actions that are allowed on every resource.
    pub fn reads(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.actions().filter(|action| *action != ENTERING_ACTION)
    }

    /// The ARN pattern of the members' roles, where they are entered.
    pub fn entered_roles(&self) -> Option<String> {
        let Self { partition, role_name, .. } = self;
        let role = role_name.trim_start_matches('/');
        self.actions.contains(ENTERING_ACTION).then(|| format!("arn:{partition}:iam::*:role/{role}"))
    }
}
