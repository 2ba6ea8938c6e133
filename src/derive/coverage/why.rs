//! Why a class of events is not recorded in full somewhere, in words: what stands behind a hole.

use std::collections::{BTreeMap, HashMap};

use super::recorder::{Recorder, Recorders, TrailId};
use crate::derive::selector::{EventClass, Refusal};
use crate::expr::Known;

/// What is said where no trail that logs reaches a place.
pub(super) const NOBODY: &str = "no logging trail reaches it";
/// How many trails are named.
const NAMED: usize = 3;

/// What selectors, by their number, ask for that no event of one class has: worked out once.
pub(super) type Refusals = HashMap<u32, Vec<(usize, Refusal)>>;

/// Why the trails that reach a place record nothing, or just a part, of a class there.
pub(super) struct Why<'a> {
    pub(super) recorders: &'a Recorders,
    /// The trails that reach the place.
    pub(super) trails: &'a [TrailId],
    /// Those of them that record a part.
    pub(super) givers: &'a [TrailId],
    pub(super) class: &'a EventClass,
    /// Whether global service events are asked for.
    pub(super) is_global: bool,
}

impl Why<'_> {
    /// Why just a part is recorded, by what is missing.
    pub(super) fn part(&self, missing: &str) -> String {
        let givers: Vec<&str> = self.givers.iter().map(|id| self.recorders.get(*id).arn.name()).collect();
        format!("recorded in part by {}; missing: {missing}", listed(&givers))
    }

    /// Why nothing is recorded.
    pub(super) fn nothing(&self, refusals: &mut Refusals) -> String {
        let all = || self.trails.iter().map(|id| self.recorders.get(*id));
        let (stopped, logging): (Vec<&Recorder>, Vec<&Recorder>) =
            all().partition(|trail| trail.logs == Known::Is(false));
        let stopped: Vec<&str> = stopped.iter().map(|trail| trail.arn.name()).collect();
        if logging.is_empty() {
            return match stopped.len() {
                0 => NOBODY.to_owned(),
                1 => format!("{NOBODY} ({} is stopped)", listed(&stopped)),
                _ => format!("{NOBODY} ({} are stopped)", listed(&stopped)),
            };
        }
        let mut not_selected = Vec::new();
        let mut said = Vec::new();
        for trail in logging {
            match self.refused(trail, refusals) {
                Some(words) => said.push(words),
                None => not_selected.push(trail.arn.name()),
            }
        }
        said.extend((!not_selected.is_empty()).then(|| format!("not selected by {}", listed(&not_selected))));
        let more = said.len().saturating_sub(NAMED);
        said.truncate(NAMED);
        said.extend((more > 0).then(|| format!("and {more} more")));
        said.join("; ")
    }

    /// Why a trail that may log records nothing of the class; nothing to tell where none of its selectors is about it.
    fn refused(&self, trail: &Recorder, refusals: &mut Refusals) -> Option<String> {
        let name = trail.arn.name();
        if self.is_global && trail.global == Known::Is(false) {
            return Some(format!("left out by {name} (IncludeGlobalServiceEvents is false)"));
        }
        let number = *trail.selectors.known()?;
        let refusals = refusals.entry(number);
        let refusals = refusals.or_insert_with(|| self.recorders.selectors[number as usize].refusals(self.class));
        let mut by_refusal: BTreeMap<&Refusal, Vec<String>> = BTreeMap::new();
        for (number, refusal) in refusals {
            by_refusal.entry(refusal).or_default().push(number.to_string());
        }
        let told = by_refusal.iter().map(|(refusal, numbers)| {
            let word = if numbers.len() == 1 { "selector" } else { "selectors" };
            let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
            let place = format!("{word} {}", listed(&numbers));
            match refusal {
                Refusal::Source => format!("excluded by {name} ({place})"),
                Refusal::ReadsAlone => format!("{name} takes reads alone ({place})"),
                Refusal::WritesAlone => format!("{name} takes writes alone ({place})"),
                Refusal::Other(Some(field)) => format!("{name} takes others by {field} ({place})"),
                Refusal::Other(None) => format!("{name} takes none of them ({place})"),
            }
        });
        let told: Vec<String> = told.collect();
        (!told.is_empty()).then(|| told.join(", "))
    }
}

/// Names in a sentence; the first few of them.
pub(super) fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        _ if names.len() > NAMED => format!("{} and {} more", names[..NAMED].join(", "), names.len() - NAMED),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
