//! Whether a policy lets a principal make a call.

use super::PolicyDocument;
use super::answer::{Answer, Doubt, Place, Reason};
use super::context::{Context, Truth};
use super::grant::surely_about;
use super::pattern::Pattern;
use super::principal::{Principal, Principals};
use super::statement::{Effect, Statement};

/// A call that a principal makes, on every resource of a set.
#[derive(Debug, Clone)]
pub struct PrincipalCall<'a> {
    /// Who makes it: a service in its own name, or an account.
    pub principal: Principal,
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

impl PrincipalCall<'_> {
    /// Whether the document lets the call through. `whose` ends the words for what lacks, such as ` for TRAIL`.
    pub fn answer(&self, document: &PolicyDocument, whose: &str) -> Answer {
        let found = self.allowed(document);
        let (denied, doubts) = self.denied(document);
        if !denied.is_empty() {
            Answer::No(denied)
        } else if found.proven.is_empty() && found.doubts.is_empty() {
            let mut missing = found.near;
            missing.push(Reason::whole(format!("no statement allows {} {}{whose}", self.principal, self.action)));
            Answer::No(missing)
        } else if found.proven.is_empty() {
            Answer::Unknown([found.doubts, doubts].concat())
        } else if doubts.is_empty() {
            Answer::Yes(found.proven)
        } else {
            Answer::Unknown(doubts)
        }
    }

    /// The statements that allow the call.
    pub fn allowed(&self, document: &PolicyDocument) -> Allowed {
        let doubts = document.unreadable(Effect::Allow).map(Doubt::Undecided).collect();
        let mut found = Allowed { doubts, ..Allowed::default() };
        for (place, statement) in document.having(Effect::Allow) {
            let about = surely_about(&statement.principals, Some(&self.principal));
            if about && statement.actions.include(self.action) && statement.resources.meet(self.on) {
                self.weigh(place, statement, &mut found);
            }
        }
        found
    }

    fn weigh(&self, place: &Place, statement: &Statement, found: &mut Allowed) {
        let allows = format!("allows {} {}", self.principal, self.action);
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
        for (place, statement) in document.having(Effect::Deny) {
            let about = statement.actions.include(self.action)
                && statement.resources.meet(self.on)
                && may_be_about(&statement.principals, &self.principal);
            if !about {
                continue;
            }
            let all = surely_about(&statement.principals, Some(&self.principal)) && statement.resources.cover(self.on);
            match (all, self.context.satisfies(statement)) {
                (_, Truth::No) => {}
                (true, Truth::Yes) => {
                    sure.push(Reason::at(place, format!("denies {} {}", self.principal, self.action)));
                }
                _ => {
                    let text = format!("may deny {} {}", self.principal, self.action);
                    unsure.push(Doubt::Undecided(Reason::at(place, text)));
                }
            }
        }
        (sure, unsure)
    }
}

/// Whether a statement that denies may be about a principal: not, where it names others or spares it.
fn may_be_about(principals: &Principals, itself: &Principal) -> bool {
    match principals {
        Principals::Are(principals) => principals.iter().any(|one| {
            *one == Principal::Everyone
                || one == itself
                || !one.is_fixed()
                || (one.account().is_some() && one.account() == itself.account())
        }),
        Principals::AllBut(spared) => !spared.contains(itself) && !spared.contains(&Principal::Everyone),
    }
}
