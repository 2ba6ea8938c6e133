//! What the policies of an identity let it do: those that stand in it or are attached to it, and the one that bounds
//! them.
//!
//! Source: IAM User Guide, "Policy evaluation logic": something must allow it, the permissions boundary too where there is
//! one, and no Deny of any of them may apply. What policies of resources, of sessions and of the organization add or take
//! away is not weighed here.

use std::sync::Arc;

use super::policy_document::{
    Answer, Condition, Context, Doubt, Effect, Pattern, Place, PolicyDocument, Reason, Statement, Truth, Unreadable,
};

/// A policy by its name, as evidence calls it.
#[derive(Debug, Clone)]
pub struct NamedPolicy {
    /// Such as `inline policy to-cloudwatch` or `policy arn:aws:iam::aws:policy/AdministratorAccess`.
    pub name: String,
    /// What it says.
    pub document: Result<PolicyDocument, Unreadable>,
}

/// An action on every resource of a set, in requests of which some things are known.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The action, such as `logs:PutLogEvents`.
    pub action: &'static str,
    /// The resources.
    pub on: Pattern,
    /// What is known of the requests.
    pub context: Arc<Context>,
}

/// What statements say of a wish.
#[derive(Debug, Clone, Default)]
pub(super) struct Weighed {
    /// Those that surely apply to all of it.
    pub(super) sure: Vec<Reason>,
    /// Those that perhaps apply, or apply to a part.
    pub(super) perhaps: Vec<Reason>,
    /// Those that could not be read and perhaps apply.
    pub(super) unread: Vec<Reason>,
}

impl NamedPolicy {
    /// A policy of an identity, an account or an organizational unit.
    pub fn of_identity(name: String, text: &str) -> Self {
        Self { name, document: PolicyDocument::of_identity(text) }
    }

    fn at(&self, place: &Place, text: &str) -> Reason {
        Reason::whole(format!("{place} of {} {text}", self.name))
    }

    /// What the statements of an effect say of a wish.
    pub(super) fn weigh(&self, effect: Effect, wish: &Wish, found: &mut Weighed) {
        let verb = if effect == Effect::Allow { "allows" } else { "denies" };
        let document = match &self.document {
            Ok(document) => document,
            Err(why) => return found.unread.push(Reason::whole(format!("{} cannot be read: {why}", self.name))),
        };
        let unread = document.unreadable(effect);
        found.unread.extend(unread.map(|reason| Reason::whole(format!("{reason} ({})", self.name))));
        for (place, statement) in document.having(effect) {
            if !statement.actions.include(wish.action) || !statement.resources.meet(&wish.on) {
                continue;
            }
            let text = format!("{verb} {}", wish.action);
            match (statement.resources.cover(&wish.on), wish.context.satisfies(statement)) {
                (_, Truth::No) => {}
                (true, Truth::Yes) => found.sure.push(self.at(place, &text)),
                (false, Truth::Yes) => {
                    found.perhaps.push(self.at(place, &format!("{text} on some of the resources only")));
                }
                (_, Truth::Unknown) => {
                    found.perhaps.push(self.at(place, &format!("{text} where {}", conditions(statement))));
                }
            }
        }
    }
}

/// The conditions of a statement in words.
pub(super) fn conditions(statement: &Statement) -> String {
    let all: Vec<String> = statement.conditions.iter().map(Condition::describe).collect();
    all.join(" and ")
}

/// What the statements of an effect in some policies say of a wish.
pub(super) fn weighed<'a>(policies: impl IntoIterator<Item = &'a NamedPolicy>, effect: Effect, wish: &Wish) -> Weighed {
    let mut found = Weighed::default();
    policies.into_iter().for_each(|policy| policy.weigh(effect, wish, &mut found));
    found
}

/// Whether an identity surely can do something, as far as its own policies and its boundary go.
pub fn can(policies: &[NamedPolicy], boundary: Option<&NamedPolicy>, wish: &Wish) -> Answer {
    let denied = weighed(policies.iter().chain(boundary), Effect::Deny, wish);
    if !denied.sure.is_empty() {
        return Answer::No(denied.sure);
    }
    let mut doubts: Vec<Doubt> = undecided(denied.perhaps).chain(undecided(denied.unread)).collect();
    let mut reasons = Vec::new();
    let within = boundary.map(|boundary| (std::slice::from_ref(boundary), "the permissions boundary"));
    for (allowing, whose) in [(policies, "no policy of the role")].into_iter().chain(within) {
        let allowed = weighed(allowing, Effect::Allow, wish);
        if !allowed.sure.is_empty() {
            reasons.extend(allowed.sure);
        } else if !allowed.unread.is_empty() || allowed.perhaps.iter().any(is_conditional) {
            doubts.extend(undecided(allowed.unread).chain(undecided(allowed.perhaps)));
        } else {
            let not = if whose.starts_with("no ") { "allows" } else { "does not allow" };
            let mut missing = vec![Reason::whole(format!("{whose} {not} {} on {}", wish.action, wish.on.as_text()))];
            missing.extend(allowed.perhaps);
            return Answer::No(missing);
        }
    }
    if doubts.is_empty() { Answer::Yes(reasons) } else { Answer::Unknown(doubts) }
}

/// Whether a statement that perhaps applies hangs on a condition; else it is about other resources too few.
fn is_conditional(reason: &Reason) -> bool {
    reason.text.contains(" where ")
}

fn undecided(reasons: Vec<Reason>) -> impl Iterator<Item = Doubt> {
    reasons.into_iter().map(Doubt::Undecided)
}
