//! Which trails record one event, trail by trail.
//!
//! The trails are asked as [`super::selector`] has it; where the event was, and so which trails it comes before, is
//! said by [`super::coverage`]. What was not read leaves a trail unknown, and so do trails that nobody could see there.

mod delivery;
mod many;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::delivery::Deliveries;
use super::coverage::{Coverage, Reaching, coverage};
use super::question::{OpenQuestions, Question};
use super::selector::{Circumstances, Event, Recorder, Verdict};
use crate::expr::Gaps;
use crate::id::{AccountId, RegionName, TrailArn};
use crate::snapshot::{Cause, Gap, Snapshot, Trail};

pub use many::{TracedEvent, Traces};

/// What was asked of trails, answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Some logging trail records it.
    Recorded,
    /// No trail does.
    NotRecorded,
    /// That is not known.
    Unknown,
}

impl Outcome {
    /// The outcome as reports have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::NotRecorded => "not-recorded",
            Self::Unknown => "unknown",
        }
    }
}

/// What becomes of one event.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// Of all trails together.
    pub outcome: Outcome,
    /// Of each that may be one of the event's account: first those that record it, then those of which it is not known.
    pub trails: Vec<Traced>,
    /// How many others there are: trails of other accounts that are no organization trails. They do not record it.
    pub foreign: usize,
    /// What hides trails that might record it too.
    pub unseen: Gaps,
}

/// What one trail makes of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Traced {
    /// The trail.
    pub arn: TrailArn,
    /// Whether it records it, and why.
    pub verdict: Verdict,
    /// What was not read, and leaves it unknown.
    pub gaps: Gaps,
}

impl Traced {
    /// The outcome without its reasons.
    pub fn outcome(&self) -> Outcome {
        match self.verdict {
            Verdict::Recorded(_) => Outcome::Recorded,
            Verdict::NotRecorded(_) => Outcome::NotRecorded,
            Verdict::Unknown(_) => Outcome::Unknown,
        }
    }
}

/// Asks the trails of a snapshot for events.
#[derive(Debug)]
pub struct Tracer<'a> {
    coverage: Coverage,
    open: OpenQuestions,
    trails: Vec<Candidate<'a>>,
    deliveries: Deliveries<'a>,
    reaching: BTreeMap<(AccountId, Option<RegionName>), Arc<Reaching>>,
}

/// A trail, described or only seen.
#[derive(Debug)]
struct Candidate<'a> {
    arn: TrailArn,
    described: Option<&'a Trail>,
    recorder: Recorder,
}

impl Candidate<'_> {
    /// Whether it is for certain no trail of the event's account: it belongs to another and is no organization trail.
    fn is_foreign(&self, event: &Event) -> bool {
        let account = event.account.as_deref();
        let is_others = account.is_some_and(|account| account != self.recorder.owner.to_string());
        is_others && self.recorder.is_organization == Some(false)
    }
}

impl<'a> Tracer<'a> {
    /// A tracer over a snapshot.
    pub fn new(snapshot: &'a Snapshot) -> Self {
        let mut open = OpenQuestions::of(snapshot);
        let coverage = coverage(snapshot, &mut open);
        let described: BTreeMap<&TrailArn, &Trail> = snapshot.trails.iter().map(|trail| (&trail.arn, trail)).collect();
        let trails = coverage.trails().map(|arn| {
            let described = described.get(arn).copied();
            let recorder = described.map_or_else(|| Recorder::unread(arn), Recorder::of);
            Candidate { arn: arn.clone(), described, recorder }
        });
        let trails = trails.collect();
        Self { trails, deliveries: Deliveries::of(snapshot), coverage, open, reaching: BTreeMap::new() }
    }

    /// What becomes of an event.
    pub fn trace(&mut self, event: &Event) -> Trace {
        let reaching = self.reaching(event);
        let near: Vec<usize> =
            (0..self.trails.len()).filter(|number| !self.trails[*number].is_foreign(event)).collect();
        let foreign = self.trails.len() - near.len();
        let mut trails: Vec<Traced> = near.into_iter().map(|number| self.traced(number, event, &reaching)).collect();
        trails.sort_by_key(|traced| match traced.outcome() {
            Outcome::Recorded => 0,
            Outcome::Unknown => 1,
            Outcome::NotRecorded => 2,
        });
        let is = |outcome| trails.iter().any(|traced| traced.outcome() == outcome);
        let outcome = match (is(Outcome::Recorded), is(Outcome::Unknown) || !reaching.unseen.is_empty()) {
            (true, _) => Outcome::Recorded,
            (false, true) => Outcome::Unknown,
            (false, false) => Outcome::NotRecorded,
        };
        Trace { outcome, trails, foreign, unseen: reaching.unseen.clone() }
    }

    /// Gaps by their ids.
    pub fn gaps(&self, gaps: &Gaps) -> Vec<&Gap> {
        gaps.iter().filter_map(|id| self.open.gap(id)).collect()
    }

    /// The trails that reach the account of an event in its Region.
    fn reaching(&mut self, event: &Event) -> Arc<Reaching> {
        let region: Option<RegionName> = event.region.as_deref().and_then(|region| region.parse().ok());
        match event.account.as_deref().and_then(|account| account.parse().ok()) {
            Some(account) => self.reaching_at(account, region),
            None => Arc::default(),
        }
    }

    fn reaching_at(&mut self, account: AccountId, region: Option<RegionName>) -> Arc<Reaching> {
        let (coverage, open) = (&self.coverage, &mut self.open);
        let key = (account, region);
        if let Some(known) = self.reaching.get(&key) {
            return Arc::clone(known);
        }
        let found = Arc::new(coverage.reaching(key.0, key.1.as_ref(), open));
        self.reaching.insert(key, Arc::clone(&found));
        found
    }

    fn traced(&mut self, number: usize, event: &Event, reaching: &Arc<Reaching>) -> Traced {
        let owner = self.trails[number].recorder.owner;
        let account = event.account.as_deref();
        let is_own = account == Some(owner.to_string().as_str());
        let at = if is_own { Arc::clone(reaching) } else { self.where_it_is(number, event, reaching) };
        let candidate = &self.trails[number];
        let circumstances = Circumstances {
            in_organization: match (account, at.trails.contains(&candidate.arn), at.unseen.is_empty()) {
                (None, ..) => None,
                (_, true, _) => Some(true),
                (_, false, seen) => seen.then_some(false),
            },
            is_own_delivery: self.deliveries.is_own(&candidate.arn, event),
            is_global: None,
        };
        let verdict = candidate.recorder.records(event, circumstances);
        let arn = candidate.arn.clone();
        let gaps = match verdict {
            Verdict::Unknown(_) => {
                let may_reach = !is_own && circumstances.in_organization.is_none();
                let unread = self.unread(number, event);
                if may_reach { unread.union(&at.unseen) } else { unread }
            }
            _ => Gaps::none(),
        };
        Traced { arn, verdict, gaps }
    }

    /// Where it shows whether an account has a trail: in the Region of the event, but the home Region of a trail that is
    /// in no other.
    fn where_it_is(&mut self, number: usize, event: &Event, reaching: &Arc<Reaching>) -> Arc<Reaching> {
        let Recorder { is_multi_region, home_region, .. } = &self.trails[number].recorder;
        let stays_home = *is_multi_region == Some(false) && event.region.as_deref() != Some(home_region.as_str());
        let home = home_region.clone();
        match event.account.as_deref().and_then(|account| account.parse().ok()) {
            Some(account) if stays_home => self.reaching_at(account, Some(home)),
            _ => Arc::clone(reaching),
        }
    }

    /// What of a trail was not read, as far as it bears on an event.
    fn unread(&mut self, number: usize, event: &Event) -> Gaps {
        let Candidate { arn, described, recorder } = &self.trails[number];
        let question = |operation| Question::of(operation).account(arn.account()).resource(arn.as_str());
        let mut gaps = Gaps::none();
        if recorder.is_logging.is_none() {
            let question = question("cloudtrail:GetTrailStatus");
            gaps = gaps.union(&match described.and_then(|trail| trail.status.as_ref()) {
                Some(_) => self.open.leave(question, Cause::MalformedAnswer, "the answer lacks IsLogging"),
                None => self.open.why(question),
            });
        }
        if recorder.selectors.is_none() {
            gaps = gaps.union(&self.open.why(question("cloudtrail:GetEventSelectors")));
        }
        if recorder.insights.is_none() && event.is_insight() {
            gaps = gaps.union(&self.open.why(question("cloudtrail:GetInsightSelectors")));
        }
        let flags = [
            ("IsMultiRegionTrail", recorder.is_multi_region),
            ("IsOrganizationTrail", recorder.is_organization),
            ("IncludeGlobalServiceEvents", recorder.includes_global),
        ];
        let lacking: Vec<&str> = flags.iter().filter(|(_, flag)| flag.is_none()).map(|(name, _)| *name).collect();
        if described.is_none() {
            gaps = gaps.union(&self.open.why(question("cloudtrail:DescribeTrails")));
        } else if !lacking.is_empty() {
            let message = format!("the answer lacks {}", lacking.join(" and "));
            let question = question("cloudtrail:DescribeTrails");
            gaps = gaps.union(&self.open.leave(question, Cause::MalformedAnswer, &message));
        }
        gaps
    }
}
