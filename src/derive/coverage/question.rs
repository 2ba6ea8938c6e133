//! Questions that no cell answers: one class of events, in one account and Region.

use std::collections::BTreeSet;

use super::Coverage;
use super::cell::{Covered, State};
use super::judge::Judge;
use super::reach::Reach;
use super::why::{Why, listed};
use crate::derive::question::{OpenQuestions, Question};
use crate::derive::selector::{Answer, EventClass, Selectors, covers};
use crate::expr::Gaps;
use crate::id::{AccountId, RegionName, TrailArn};
use crate::snapshot::Cause;

/// A question about a class of events in one place.
#[derive(Debug, Clone, Copy)]
pub struct ClassQuestion<'a> {
    /// The class, such as reads of the objects of one bucket ([`EventClass::objects`]).
    pub class: &'a EventClass,
    /// The account whose copy of the events is asked for; of data events, the owner of the resource: a trail sees the
    /// copies of its own accounts alone.
    pub account: AccountId,
    /// The Region of the events; of data events, that of the resource.
    pub region: &'a RegionName,
    /// Trails that do not count, such as those that deliver to the bucket that is asked about.
    pub without: &'a [&'a TrailArn],
}

/// The trails that reach a place, whatever they record, and whether they log or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reaching {
    /// Those that are known to.
    pub trails: BTreeSet<TrailArn>,
    /// What hides others; empty where all are known.
    pub unseen: Gaps,
}

/// Regions of some accounts in which the same is recorded of classes of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place<'a> {
    /// The Regions, sorted; none at all where an account did not say which it has.
    pub regions: &'a [RegionName],
    /// What is recorded of each class, in the order of the question.
    pub covered: Vec<Covered>,
}

impl Coverage {
    /// Every trail of the snapshot, in the order of their ARNs: those too that an account sees and nobody described.
    pub fn trails(&self) -> impl Iterator<Item = &TrailArn> {
        self.recorders.list.iter().map(|recorder| &recorder.arn)
    }

    /// The trails that reach an account in a Region, or, where the Region is not known, in any of its Regions.
    pub fn reaching(&self, account: AccountId, region: Option<&RegionName>, open: &mut OpenQuestions) -> Reaching {
        let named = |reach: &Reach| reach.trails.iter().map(|id| self.recorders.get(*id).arn.clone()).collect();
        if self.reached.account(account).next().is_none() {
            let question = Question::of("cloudtrail:DescribeTrails").account(account);
            let message = "the snapshot holds nothing of this account: it is not in it, or not active";
            let unseen = open.leave(question, Cause::NotCollected, message);
            return Reaching { trails: BTreeSet::new(), unseen };
        }
        if let Some(region) = region {
            let reach = self.reach_at(account, region, open);
            return Reaching { trails: named(&reach), unseen: reach.unseen };
        }
        let all = self.reached.account(account).map(|(_, reach)| self.reached.reach(reach));
        all.fold(Reaching::default(), |mut all, reach| {
            all.trails.append(&mut named(reach));
            Reaching { unseen: all.unseen.union(&reach.unseen), ..all }
        })
    }

    /// What logging trails that reach an account and Region record of a class of events, and which trails do.
    ///
    /// `unknown` carries its gaps: trails that may reach the place and were not seen, and trails of which something was
    /// not read, as far as they may change the answer. A place that was not looked at is unknown too, unless multi-Region
    /// trails that reach the account elsewhere record all of it.
    ///
    /// Classes of management events of global services are asked in the partition's leader Region; whether trails include
    /// them is in [`super::Cell::global`], not here.
    pub fn of_class(&self, question: &ClassQuestion<'_>, open: &mut OpenQuestions) -> Covered {
        let reach = self.reach_of(question, open);
        Judge::of_classes(&self.recorders, open, vec![question.class.clone()]).covered(&reach, 0)
    }

    /// What is recorded of classes of events in every account and Region. Accounts that have the same Regions, which the
    /// same trails reach, stand together.
    pub fn everywhere(
        &self,
        classes: &[EventClass],
        open: &mut OpenQuestions,
    ) -> Vec<(Vec<AccountId>, Vec<Place<'_>>)> {
        let distinct: Vec<(&Reach, bool)> = self.reached.distinct().collect();
        let covered: Vec<Vec<Covered>> = open.in_parts(&distinct, |open, reaches| {
            let mut judge = Judge::of_classes(&self.recorders, open, classes.to_vec());
            let mut cover = |reach| judge.classes().map(|class| judge.covered(reach, class)).collect();
            reaches.iter().map(|(reach, _)| cover(reach)).collect()
        });
        let place = |(regions, reach)| Place { regions, covered: covered[reach as usize].clone() };
        self.reached.groups().map(|(accounts, places)| (accounts, places.map(place).collect())).collect()
    }

    fn reach_of(&self, question: &ClassQuestion<'_>, open: &mut OpenQuestions) -> Reach {
        let mut reach = self.reach_at(question.account, question.region, open);
        reach.trails.retain(|id| !question.without.contains(&&self.recorders.get(*id).arn));
        reach
    }

    fn reach_at(&self, account: AccountId, region: &RegionName, open: &mut OpenQuestions) -> Reach {
        let mut places = self.reached.account(account);
        match places.find(|(regions, _)| regions.binary_search(region).is_ok()) {
            Some((_, reach)) => self.reached.reach(reach).clone(),
            None => self.reach_beyond(account, region, open),
        }
    }

    /// Who reaches a Region that was not looked at: for certain, the multi-Region trails that reach the account elsewhere.
    fn reach_beyond(&self, account: AccountId, region: &RegionName, open: &mut OpenQuestions) -> Reach {
        let reaches = self.reached.account(account).map(|(_, reach)| self.reached.reach(reach));
        let is_multi = |id: &u32| self.recorders.get(*id).is_multi_region == Some(true);
        let mut trails: Vec<u32> = reaches.flat_map(|reach| reach.trails.iter().copied()).filter(is_multi).collect();
        trails.sort_unstable();
        trails.dedup();
        let unseen: Gaps = open.why(Question::of("cloudtrail:DescribeTrails").account(account).region(region));
        Reach { failing: self.recorders.failing_in(region, &trails), trails, unseen }
    }

    /// What is recorded of the events of a class that `beside` does not select, where `covered` is what is recorded of all.
    pub(in crate::derive) fn beside(&self, class: &EventClass, beside: &Selectors, covered: &Covered) -> Covered {
        let ids: Vec<u32> = covered.trails.iter().filter_map(|arn| self.recorders.named(arn)).collect();
        let numbers = ids.iter().filter_map(|id| self.recorders.get(*id).selectors.known());
        let selectors = numbers.map(|number| &self.recorders.selectors[*number as usize]);
        if covered.trails.is_empty() {
            return covered.clone();
        }
        match (covers(selectors.chain([beside]), class), covered.state) {
            (Answer::All, _) => {
                Covered { state: State::All, missing: None, why: None, gaps: Gaps::none(), ..covered.clone() }
            }
            (Answer::Part(missing), State::Part) => {
                let why = Why { recorders: &self.recorders, trails: &ids, givers: &ids, class, is_global: false };
                Covered { why: Some(why.part(&missing).into()), missing: Some(missing.into()), ..covered.clone() }
            }
            _ => covered.clone(),
        }
    }

    /// The ARNs, and beginnings of ARNs, that selectors of trails name.
    pub(in crate::derive) fn named_arns(&self) -> impl Iterator<Item = &str> {
        self.recorders.selectors.iter().flat_map(Selectors::arns)
    }

    /// What is to say of events in a Region that only trails record whose latest delivery failed.
    pub fn failure(&self, covered: &Covered, region: Option<&RegionName>) -> String {
        let told = covered.trails.iter().map(|arn| {
            let trail = self.recorders.named(arn).map(|id| self.recorders.get(id));
            match trail.and_then(|trail| trail.failure_in(region.unwrap_or(trail.arn.home_region()))) {
                Some(error) => format!("{} ({error})", arn.name()),
                None => arn.name().to_owned(),
            }
        });
        let told: Vec<String> = told.collect();
        let told: Vec<&str> = told.iter().map(String::as_str).collect();
        let latest = if told.len() == 1 { "whose latest delivery failed" } else { "whose latest deliveries failed" };
        format!("recorded only by {}, {latest}", listed(&told))
    }
}

impl Covered {
    /// The names of its trails in a sentence, sorted.
    pub fn names(&self) -> String {
        let mut names: Vec<&str> = self.trails.iter().map(TrailArn::name).collect();
        names.sort_unstable();
        listed(&names)
    }
}
