//! Packs that include others: their rules come together, and no pack includes itself.

use std::collections::BTreeMap;
use std::ops::Range;

use super::load::Policies;
use super::pack::{Pack, PackRule};
use super::read::nearest;
use super::severity::Severity;

/// Deeper than packs are made, and shallow enough for every stack.
const DEEPEST: usize = 32;

/// Something wrong with what a pack includes.
pub(super) struct BadInclude {
    /// The pack that includes.
    pub(super) pack: String,
    /// Where it says so, in its file.
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// Gives every pack the rules of those that it includes. What a pack says itself of a rule counts; where those that it
/// includes differ, the highest severity does, and parameters that differ are a mistake.
///
/// `broken` are packs whose files have mistakes: they are there, and who includes them is not at fault.
pub(super) fn resolve(packs: &BTreeMap<String, Pack>, broken: &[String], policies: &Policies) -> Resolved {
    let mut walk = Walk { packs, broken, policies, done: BTreeMap::new(), path: Vec::new(), bad: Vec::new() };
    for id in packs.keys() {
        walk.enter(id);
    }
    Resolved { rules: walk.done, bad: walk.bad }
}

/// What including came to.
pub(super) struct Resolved {
    /// The rules of every pack, by the pack's id.
    pub(super) rules: BTreeMap<String, BTreeMap<String, PackRule>>,
    pub(super) bad: Vec<BadInclude>,
}

struct Walk<'a> {
    packs: &'a BTreeMap<String, Pack>,
    broken: &'a [String],
    policies: &'a Policies,
    done: BTreeMap<String, BTreeMap<String, PackRule>>,
    /// The packs that lead to the one that is looked at, that one included.
    path: Vec<String>,
    bad: Vec<BadInclude>,
}

impl Walk<'_> {
    fn enter(&mut self, id: &str) {
        let Some(pack) = self.packs.get(id).filter(|_| !self.done.contains_key(id)) else { return };
        self.path.push(id.to_owned());
        let mut whole = Whole { rules: BTreeMap::new(), pack, policies: self.policies };
        for (included, range) in &pack.includes {
            if let Err((message, help)) = self.include(included, &mut whole) {
                self.bad.push(BadInclude { pack: id.to_owned(), range: range.clone(), message, help });
            }
        }
        self.path.pop();
        self.done.insert(id.to_owned(), whole.finish());
    }

    fn include(&mut self, included: &str, whole: &mut Whole<'_>) -> Result<(), (String, Option<String>)> {
        if let Some(start) = self.path.iter().position(|earlier| earlier == included) {
            let circle: Vec<&str> = self.path.iter().skip(start).map(String::as_str).chain([included]).collect();
            return Err((format!("packs in a circle: {}", circle.join(" includes ")), None));
        }
        if self.path.len() >= DEEPEST {
            return Err((format!("packs include each other {DEEPEST} deep"), None));
        }
        if !self.packs.contains_key(included) {
            if self.broken.iter().any(|broken| broken == included) {
                return Ok(());
            }
            let near = nearest(included, self.packs.keys().map(String::as_str));
            let help = near.map(|near| format!("did you mean `{near}`?"));
            return Err((format!("there is no pack `{included}`"), help));
        }
        self.enter(included);
        let differing = self.done.get(included).map(|rules| whole.take(rules)).unwrap_or_default();
        if differing.is_empty() {
            return Ok(());
        }
        let message = format!("the packs included here differ on the parameters of {}", differing.join(", "));
        Err((message, Some("say under `rules` of this pack which `parameters` count".to_owned())))
    }
}

/// The rules of a pack while what it includes comes in.
struct Whole<'a> {
    rules: BTreeMap<String, PackRule>,
    pack: &'a Pack,
    policies: &'a Policies,
}

impl Whole<'_> {
    /// Takes rules in; answers with those whose parameters differ from what is there, and of which the pack says none.
    fn take(&mut self, rules: &BTreeMap<String, PackRule>) -> Vec<String> {
        let mut differing = Vec::new();
        for (id, rule) in rules {
            let Some(there) = self.rules.get_mut(id) else {
                self.rules.insert(id.clone(), rule.clone());
                continue;
            };
            let own = self.policies.get(id).map(|policy| policy.severity);
            there.severity = highest(there.severity, rule.severity, own);
            let settled = self.pack.rules.get(id).is_some_and(|said| !said.parameters.is_empty());
            if there.parameters != rule.parameters && !settled {
                differing.push(id.clone());
            }
        }
        differing
    }

    fn finish(self) -> BTreeMap<String, PackRule> {
        let mut rules = self.rules;
        for (id, said) in &self.pack.rules {
            let there = rules.entry(id.clone()).or_default();
            there.severity = said.severity.or(there.severity);
            there.parameters.extend(said.parameters.clone());
        }
        rules
    }
}

/// The higher of two severities; nothing stands for the rule's own.
fn highest(left: Option<Severity>, right: Option<Severity>, own: Option<Severity>) -> Option<Severity> {
    // The worst comes first in the order.
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (None, None) => None,
        (Some(said), None) | (None, Some(said)) => Some(said).filter(|said| own.is_none_or(|own| *said < own)),
    }
}
