//! Whether a policy lets a service make a call in its own name.

use super::PolicyDocument;
use super::answer::{Doubt, Place, Reason};
use super::context::{Context, Truth};
use super::grant::surely_about;
use super::pattern::Pattern;
use super::principal::{Kind, Principal, Principals};
use super::statement::{Effect, Statement};

/// A call that a service makes in its own name, on every resource of a set.
#[derive(Debug, Clone)]
pub struct ServiceCall<'a> {
    /// The service's principal, such as `cloudtrail.amazonaws.com`.
    pub service: &'static str,
    /// The action, such as `s3:PutObject`.
    pub action: &'static str,
    /// The resources, of which all must be allowed.
    pub on: &'a Pattern,
    /// What is known of the requests.
    pub context: Context,
}

/// The statements that allow a call.
#[derive(Debug, Clone, Default)]
pub struct Allowed {
    /// Those that surely do.
    pub proven: Vec<Reason>,
    /// Those that perhaps do.
    pub doubts: Vec<Doubt>,
    /// Those that allow something like it.
    pub near: Vec<Reason>,
}

impl ServiceCall<'_> {
    /// The statements that allow the call.
    pub fn allowed(&self, document: &PolicyDocument) -> Allowed {
        let doubts = document.unreadable(Effect::Allow).map(Doubt::Undecided).collect();
        let mut found = Allowed { doubts, ..Allowed::default() };
        let itself = self.principal();
        for (place, statement) in document.having(Effect::Allow) {
            let about = surely_about(&statement.principals, Some(&itself));
            if about && statement.actions.include(self.action) && statement.resources.meet(self.on) {
                self.weigh(place, statement, &mut found);
            }
        }
        found
    }

    fn weigh(&self, place: &Place, statement: &Statement, found: &mut Allowed) {
        let allows = format!("allows {} {}", self.service, self.action);
        match (statement.resources.cover(self.on), self.context.satisfies(statement)) {
            (_, Truth::No) => {
                let only: Vec<String> = statement.conditions.iter().map(super::Condition::describe).collect();
                found.near.push(Reason::at(place, format!("{allows} only where {}", only.join(" and "))));
            }
            (false, _) => found.near.push(Reason::at(place, format!("{allows} on some of the resources only"))),
            (true, Truth::Yes) => found.proven.push(Reason::at(place, allows)),
            (true, Truth::Unknown) => {
                let text = format!("{allows} under conditions of which it is not known whether they hold");
                found.doubts.push(Doubt::Undecided(Reason::at(place, text)));
            }
        }
    }

    /// The statements that surely deny the call, on all of the resources, and those that perhaps do, on some.
    pub fn denied(&self, document: &PolicyDocument) -> (Vec<Reason>, Vec<Doubt>) {
        let mut sure = Vec::new();
        let mut unsure: Vec<Doubt> = document.unreadable(Effect::Deny).map(Doubt::Undecided).collect();
        let itself = self.principal();
        for (place, statement) in document.having(Effect::Deny) {
            let about = statement.actions.include(self.action)
                && statement.resources.meet(self.on)
                && may_be_about(&statement.principals, &itself);
            if !about {
                continue;
            }
            let all = surely_about(&statement.principals, Some(&itself)) && statement.resources.cover(self.on);
            match (all, self.context.satisfies(statement)) {
                (_, Truth::No) => {}
                (true, Truth::Yes) => {
                    sure.push(Reason::at(place, format!("denies {} {}", self.service, self.action)));
                }
                _ => {
                    let text = format!("may deny {} {}", self.service, self.action);
                    unsure.push(Doubt::Undecided(Reason::at(place, text)));
                }
            }
        }
        (sure, unsure)
    }

    fn principal(&self) -> Principal {
        Principal::Named(Kind::Service, self.service.into())
    }
}

/// Whether a statement that denies may be about a service: not, where it names others or spares it.
fn may_be_about(principals: &Principals, itself: &Principal) -> bool {
    match principals {
        Principals::Are(principals) => {
            principals.iter().any(|one| *one == Principal::Everyone || one == itself || !one.is_fixed())
        }
        Principals::AllBut(spared) => !spared.contains(itself) && !spared.contains(&Principal::Everyone),
    }
}
