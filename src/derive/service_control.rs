//! What the service control policies of an organization deny to everybody in an account.
//!
//! Source: Organizations User Guide, "SCP evaluation": along the path from the root to the account, every level must allow
//! what is to be possible, and no level may deny it. Service-linked roles and the management account are not bound.

use super::permission::{NamedPolicy, Wish};
use super::policy_document::{Condition, Effect, Pattern, Place, PolicyDocument, Quantifier, Statement, Test, Truth};
use crate::id::AccountId;

/// The root, an organizational unit or the account, with the policies that are attached to it.
#[derive(Debug, Clone)]
pub struct Level {
    /// What it is, in words, such as `the root` or `unit ou-ab12-11111111`.
    pub name: String,
    /// Its policies.
    pub policies: Vec<NamedPolicy>,
    /// Whether all of them could be read.
    pub complete: bool,
}

/// What the levels above an account, and its own, say of a wish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Control {
    /// Nobody in the account can, but for some.
    Denied {
        /// By which statement, or for want of one.
        by: String,
        /// Whom or what it spares without bounds: patterns of principals as the policy writes them, and other conditions in
        /// words. Sorted.
        spares: Vec<String>,
    },
    /// Somebody may: what nearly denies it, and why it does not.
    Open(Vec<String>),
    /// It hangs on what could not be decided: why. Empty, where policies could not be read.
    Undecided(Vec<String>),
}

/// How far a statement that denies goes.
enum Reach {
    /// It does not apply.
    None,
    /// It applies to everybody but these.
    All(Vec<String>),
    /// It applies, to whom is not known.
    Undecided(String),
}

/// What the levels say of a wish of the principals of an account.
pub fn control(levels: &[Level], wish: &Wish, account: AccountId) -> Control {
    let (mut best, mut near, mut doubts): (Option<(Vec<String>, String)>, _, _) = (None, Vec::new(), Vec::new());
    for level in levels {
        if let Some(by) = denied_by_silence(level, wish) {
            return Control::Denied { by, spares: Vec::new() };
        }
        for policy in &level.policies {
            let document = match &policy.document {
                Ok(document) => document,
                Err(why) => {
                    doubts.push(format!("{} at {} cannot be read: {why}", policy.name, level.name));
                    continue;
                }
            };
            let unread = document.unreadable(Effect::Deny);
            doubts.extend(unread.map(|reason| format!("{reason} in {} at {}", policy.name, level.name)));
            for (place, statement) in document.having(Effect::Deny) {
                let at = Told { place, policy, level, wish };
                if !statement.actions.include(wish.action) || !statement.resources.meet(&wish.on) {
                    continue;
                }
                if !statement.resources.cover(&wish.on) {
                    near.push(at.told("denies", " on some of the resources only"));
                    continue;
                }
                match reach(statement, wish, account) {
                    Reach::None => {}
                    Reach::Undecided(why) => doubts.push(at.told("denies", &format!(" where {why}"))),
                    Reach::All(spares) => {
                        let by = at.told("denies", "");
                        // Of several, the one that spares least is the one that binds.
                        if best.as_ref().is_none_or(|(least, _)| spares.len() < least.len()) {
                            best = Some((spares, by));
                        }
                    }
                }
            }
        }
    }
    match best {
        Some((spares, by)) if spares.is_empty() => Control::Denied { by, spares },
        _ if !doubts.is_empty() || levels.iter().any(|level| !level.complete) => Control::Undecided(doubts),
        Some((spares, by)) => Control::Denied { by, spares },
        None => Control::Open(near),
    }
}

/// A statement in words.
struct Told<'a> {
    place: &'a Place,
    policy: &'a NamedPolicy,
    level: &'a Level,
    wish: &'a Wish,
}

impl Told<'_> {
    fn told(&self, verb: &str, more: &str) -> String {
        format!("{} of {} at {} {verb} {}{more}", self.place, self.policy.name, self.level.name, self.wish.action)
    }
}

/// That no policy of a level allows it, where that is so. A level without any policy denies nothing: Organizations keeps
/// at least one attached to each while this type of policy is in use, so that there it is not.
///
/// Source: Organizations User Guide, "Service control policies (SCPs)", "Testing effects of SCPs" and "Attaching and
/// detaching SCPs".
fn denied_by_silence(level: &Level, wish: &Wish) -> Option<String> {
    let may_allow = |document: &PolicyDocument| {
        let mut allowing = document.having(Effect::Allow);
        document.unreadable(Effect::Allow).next().is_some()
            || allowing.any(|(_, statement)| {
                statement.actions.include(wish.action)
                    && statement.resources.meet(&wish.on)
                    && wish.context.satisfies(statement) != Truth::No
            })
    };
    let silent = level.complete
        && !level.policies.is_empty()
        && level.policies.iter().all(|policy| policy.document.as_ref().is_ok_and(|document| !may_allow(document)));
    silent.then(|| format!("no policy at {} allows {}", level.name, wish.action))
}

/// Whom a statement spares, by its conditions.
fn reach(statement: &Statement, wish: &Wish, account: AccountId) -> Reach {
    let mut spares = Vec::new();
    for condition in &statement.conditions {
        match wish.context.holds(condition) {
            Truth::Yes => {}
            Truth::No => return Reach::None,
            Truth::Unknown if spares_principals(condition) => {
                spares.extend(condition.values.iter().filter(|value| !is_fixed(value, account)).cloned());
            }
            // Tags and such of the very resource may be the same for every request.
            Truth::Unknown if condition.key.starts_with("aws:resource") => {
                return Reach::Undecided(condition.describe());
            }
            Truth::Unknown => spares.push(format!("requests by the condition {}", condition.describe())),
        }
    }
    spares.sort();
    spares.dedup();
    Reach::All(spares)
}

/// Whether a condition only spares principals by their ARNs.
fn spares_principals(condition: &Condition) -> bool {
    let operator = condition.operator;
    condition.key == "aws:principalarn"
        && operator.negated
        && operator.quantifier != Some(Quantifier::Any)
        && matches!(operator.test, Test::Arn | Test::Like | Test::Equals)
}

/// Whether the pattern of a principal stands for one of the account at most. Everybody whom the policy binds is of the
/// account, so that the partition and the account may be left open.
fn is_fixed(pattern: &str, account: AccountId) -> bool {
    let fields: Vec<&str> = pattern.splitn(6, ':').collect();
    let ["arn", _, "iam", "", of, principal] = fields.as_slice() else { return false };
    let own = Pattern::new(of).meets(&Pattern::exact(&account.to_string()));
    !own || Pattern::new(principal).is_fixed()
}
