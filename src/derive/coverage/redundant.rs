//! Whether a trail is redundant: every cell that it gives, a logging organization trail gives too.

use std::collections::BTreeMap;

use super::judge::Judge;
use super::reach::{Key, Reach};
use super::recorder::TrailId;
use crate::derive::question::Question;
use crate::derive::selector::Answer;
use crate::expr::{Gaps, Known};
use crate::id::TrailArn;
use crate::snapshot::Cause;

/// The places that each trail reaches in its own account.
pub(super) type Places = BTreeMap<TrailId, Vec<Key>>;

/// What is known of the redundancy of every trail that is no organization trail.
pub(super) fn redundant(judge: &mut Judge<'_>, places: &Places) -> BTreeMap<TrailArn, Known<bool>> {
    let mut all = BTreeMap::new();
    for (id, places) in places {
        let trail = judge.recorders.get(*id);
        if trail.is_organization == Some(false) {
            all.insert(trail.arn.clone(), of_trail(judge, *id, places));
        }
    }
    all
}

fn of_trail(judge: &mut Judge<'_>, id: TrailId, places: &[Key]) -> Known<bool> {
    let mut gaps = Gaps::none();
    for (reach, is_leader) in places {
        match in_place(judge, id, reach, *is_leader) {
            Known::Is(false) => return Known::Is(false),
            Known::Is(true) => {}
            Known::Gap(more) => gaps = gaps.union(&more),
        }
    }
    if gaps.is_empty() { Known::Is(!places.is_empty()) } else { Known::Gap(gaps) }
}

fn in_place(judge: &mut Judge<'_>, id: TrailId, reach: &Reach, is_leader: bool) -> Known<bool> {
    let recorders = judge.recorders;
    let (mut organization, mut hidden) = (Vec::new(), reach.unseen.clone());
    for other in reach.trails.iter().copied().filter(|other| *other != id) {
        let trail = recorders.get(other);
        match (trail.is_organization, &trail.logs, &trail.selectors) {
            (Some(true), Known::Is(true), Known::Is(_)) => organization.push(other),
            (Some(true), Known::Is(true), Known::Gap(gaps)) | (Some(true), Known::Gap(gaps), _) => {
                hidden = hidden.union(gaps);
            }
            _ => {}
        }
    }
    let trail = recorders.get(id);
    let fallback = || if hidden.is_empty() { Known::Is(false) } else { Known::Gap(hidden.clone()) };
    if organization.is_empty() {
        return fallback();
    }
    // A trail that does not log gives nothing: beside an organization trail it is a leftover.
    if trail.logs == Known::Is(false) {
        return Known::Is(true);
    }
    if let Known::Gap(gaps) = &trail.selectors {
        return Known::Gap(gaps.clone());
    }
    let mut gaps = Gaps::none();
    for class in judge.classes() {
        match gives_too(judge, id, &organization, class) {
            Known::Is(true) => {}
            Known::Is(false) => return fallback(),
            Known::Gap(more) => gaps = gaps.union(&more),
        }
    }
    if is_leader && trail.global != Known::Is(false) && !gives_global(judge, id, &organization) {
        return fallback();
    }
    if gaps.is_empty() { Known::Is(true) } else { Known::Gap(gaps) }
}

/// Whether organization trails record all that a trail records of a class.
fn gives_too(judge: &mut Judge<'_>, id: TrailId, organization: &[TrailId], class: usize) -> Known<bool> {
    let (own, theirs) = (judge.alone(id, class), judge.together(organization, class));
    let selectors = |id: TrailId| judge.recorders.get(id).selectors.known();
    let alike = organization.iter().any(|other| selectors(*other) == selectors(id));
    match (own, theirs) {
        (Answer::None, _) | (_, Answer::All) => Known::Is(true),
        _ if alike => Known::Is(true),
        (Answer::All, Answer::Part(_) | Answer::None) | (Answer::Part(_), Answer::None) => Known::Is(false),
        (Answer::Unknown(why), _) | (_, Answer::Unknown(why)) => Known::Gap(judge.undocumented(id, why)),
        (Answer::Part(_), Answer::Part(_)) => {
            let arn = judge.recorders.get(id).arn.clone();
            let question = Question::of("cloudtrail:GetEventSelectors").account(arn.account()).resource(arn.as_str());
            let why = "whether an organization trail records the same part of the data events is not decided";
            Known::Gap(judge.open.leave(question, Cause::Unsupported, why))
        }
    }
}

fn gives_global(judge: &mut Judge<'_>, id: TrailId, organization: &[TrailId]) -> bool {
    let including: Vec<TrailId> =
        organization.iter().copied().filter(|other| judge.recorders.get(*other).global == Known::Is(true)).collect();
    [0, 1]
        .into_iter()
        .all(|class| judge.alone(id, class) == Answer::None || judge.together(&including, class) == Answer::All)
}
