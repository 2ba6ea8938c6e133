//! Questions that no cell answers: one class of events, in one account and Region.

use super::Coverage;
use super::cell::Covered;
use super::judge::Judge;
use super::reach::Reach;
use crate::derive::question::{OpenQuestions, Question};
use crate::derive::selector::EventClass;
use crate::expr::Gaps;
use crate::id::{AccountId, RegionName, TrailArn};

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

impl Coverage {
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

    fn reach_of(&self, question: &ClassQuestion<'_>, open: &mut OpenQuestions) -> Reach {
        let mut places = self.reached.account(question.account);
        let place = places.find(|(regions, _)| regions.binary_search(question.region).is_ok());
        let mut reach = match place {
            Some((_, reach)) => self.reached.reach(reach).clone(),
            None => self.reach_beyond(question.account, question.region, open),
        };
        reach.trails.retain(|id| !question.without.contains(&&self.recorders.get(*id).arn));
        reach
    }

    /// Who reaches a Region that was not looked at: for certain, the multi-Region trails that reach the account elsewhere.
    fn reach_beyond(&self, account: AccountId, region: &RegionName, open: &mut OpenQuestions) -> Reach {
        let reaches = self.reached.account(account).map(|(_, reach)| self.reached.reach(reach));
        let is_multi = |id: &u32| self.recorders.get(*id).is_multi_region == Some(true);
        let mut trails: Vec<u32> = reaches.flat_map(|reach| reach.trails.iter().copied()).filter(is_multi).collect();
        trails.sort_unstable();
        trails.dedup();
        let unseen: Gaps = open.why(Question::of("cloudtrail:DescribeTrails").account(account).region(region));
        Reach { trails, unseen }
    }
}
