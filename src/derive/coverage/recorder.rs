//! The trails of a snapshot, as far as they decide what is covered.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::derive::question::{OpenQuestions, Question};
use crate::derive::selector::{self, Selectors};
use crate::expr::{Gaps, Known};
use crate::id::{AccountId, RegionName, TrailArn};
use crate::snapshot::{Cause, Snapshot, Trail, TrailConfiguration, TrailStatus};

/// The place of a trail in [`Recorders::list`]: in the order of their ARNs.
pub(super) type TrailId = u32;

/// One trail.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recorder {
    pub(super) arn: TrailArn,
    pub(super) logs: Known<bool>,
    /// The number of its selectors among all that differ.
    pub(super) selectors: Known<u32>,
    failures: Failures,
    pub(super) is_organization: Option<bool>,
    pub(super) is_multi_region: Option<bool>,
    /// Whether it records global service events.
    pub(super) global: Known<bool>,
}

/// All trails, and the selectors that differ.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Recorders {
    pub(super) list: Vec<Recorder>,
    pub(super) selectors: Vec<Selectors>,
    by_arn: HashMap<TrailArn, TrailId>,
    by_owner: HashMap<AccountId, Vec<TrailId>>,
}

impl Recorders {
    pub(super) fn of(snapshot: &Snapshot, open: &mut OpenQuestions) -> Self {
        let mut all = Self::default();
        let mut numbers = HashMap::new();
        let mut trails: Vec<&Trail> = snapshot.trails.iter().collect();
        trails.sort_by(|a, b| a.arn.cmp(&b.arn));
        let known: HashSet<&TrailArn> = trails.iter().map(|trail| &trail.arn).collect();
        let sightings = snapshot.accounts.iter().flat_map(|account| &account.sightings);
        let mut seen: Vec<&[TrailArn]> = sightings.map(|sighting| &*sighting.trails).collect();
        seen.dedup();
        let unknown = seen.into_iter().flatten().filter(|arn| !known.contains(arn)).map(|arn| (arn, None));
        let mut arns: Vec<(&TrailArn, Option<&Trail>)> =
            trails.iter().map(|trail| (&trail.arn, Some(*trail))).collect();
        arns.extend(unknown);
        arns.sort_by_key(|(arn, _)| *arn);
        arns.dedup_by_key(|(arn, _)| *arn);
        for (arn, trail) in arns {
            let recorder = Recorder {
                arn: arn.clone(),
                logs: logs(open, arn, trail),
                selectors: all.selectors(open, &mut numbers, arn, trail),
                failures: trail.map(Failures::of).unwrap_or_default(),
                is_organization: trail.and_then(|trail| trail.configuration.value.is_organization_trail),
                is_multi_region: trail.and_then(|trail| trail.configuration.value.is_multi_region_trail),
                global: global(open, arn, trail.map(|trail| &trail.configuration.value)),
            };
            let id = TrailId::try_from(all.list.len()).unwrap_or(TrailId::MAX);
            all.by_arn.insert(arn.clone(), id);
            all.by_owner.entry(arn.account()).or_default().push(id);
            all.list.push(recorder);
        }
        all
    }

    fn selectors(
        &mut self,
        open: &mut OpenQuestions,
        numbers: &mut HashMap<Selectors, u32>,
        arn: &TrailArn,
        trail: Option<&Trail>,
    ) -> Known<u32> {
        let Some(selectors) = trail.and_then(selector::selectors_of) else {
            return Known::Gap(open.why(question("cloudtrail:GetEventSelectors", arn)));
        };
        if let Some(number) = numbers.get(&selectors) {
            return Known::Is(*number);
        }
        let number = u32::try_from(self.selectors.len()).unwrap_or(u32::MAX);
        numbers.insert(selectors.clone(), number);
        self.selectors.push(selectors);
        Known::Is(number)
    }

    pub(super) fn get(&self, id: TrailId) -> &Recorder {
        &self.list[id as usize]
    }

    pub(super) fn named(&self, arn: &TrailArn) -> Option<TrailId> {
        self.by_arn.get(arn).copied()
    }

    /// Those of some trails whose latest delivery from a Region failed.
    pub(super) fn failing_in(&self, region: &RegionName, trails: &[TrailId]) -> Vec<TrailId> {
        trails.iter().copied().filter(|id| self.get(*id).failure_in(region).is_some()).collect()
    }

    /// The trails that an account owns.
    pub(super) fn owned_by(&self, account: AccountId) -> &[TrailId] {
        self.by_owner.get(&account).map_or(&[], Vec::as_slice)
    }
}

impl Recorder {
    /// The error of the latest delivery from a Region; none where that went well.
    pub(super) fn failure_in(&self, region: &RegionName) -> Option<&str> {
        self.failures.elsewhere.get(region).unwrap_or(&self.failures.at_home).as_deref()
    }

    /// Whether the trail is for certain not there outside its home Region.
    pub(super) fn stays_home(&self, region: &RegionName) -> bool {
        self.is_multi_region == Some(false) && self.arn.home_region() != region
    }
}

fn question<'a>(operation: &'a str, arn: &'a TrailArn) -> Question<'a> {
    Question::of(operation).account(arn.account()).resource(arn.as_str())
}

fn logs(open: &mut OpenQuestions, arn: &TrailArn, trail: Option<&Trail>) -> Known<bool> {
    let question = question("cloudtrail:GetTrailStatus", arn);
    match trail.and_then(|trail| trail.status.as_ref()) {
        Some(status) => match status.value.is_logging {
            Some(is_logging) => Known::Is(is_logging),
            None => Known::Gap(open.leave(question, Cause::MalformedAnswer, "the answer lacks IsLogging")),
        },
        None => Known::Gap(open.why(question)),
    }
}

/// The errors of the latest deliveries of a trail; none where they went well.
#[derive(Debug, Clone, Default, PartialEq)]
struct Failures {
    /// As its home Region says, for all Regions that were not asked.
    at_home: Option<String>,
    /// As other Regions say, where they were asked and say otherwise.
    elsewhere: BTreeMap<RegionName, Option<String>>,
}

impl Failures {
    fn of(trail: &Trail) -> Self {
        let error = |status: &TrailStatus| status.latest_delivery_error.clone().filter(|error| !error.is_empty());
        let at_home = trail.status.as_ref().and_then(|status| error(&status.value));
        let others = trail.regional_status.iter().map(|(region, status)| (region.clone(), error(&status.value)));
        Self { elsewhere: others.filter(|(_, error)| *error != at_home).collect(), at_home }
    }
}

/// Whether a trail that reaches the leader Region records the events of global services there: it needs the flag, and to
/// be multi-Region or at home there; whether it is one of the two, its reach says.
///
/// Source: CloudTrail API Reference, Trail (IncludeGlobalServiceEvents).
fn global(open: &mut OpenQuestions, arn: &TrailArn, configuration: Option<&TrailConfiguration>) -> Known<bool> {
    match configuration.and_then(|configuration| configuration.include_global_service_events) {
        Some(flag) => Known::Is(flag),
        None => {
            let question = question("cloudtrail:DescribeTrails", arn);
            Known::Gap(open.leave(question, Cause::MalformedAnswer, "the answer lacks IncludeGlobalServiceEvents"))
        }
    }
}

/// The gap of a trail whose selectors hold what AWS does not document.
pub(super) fn undocumented(open: &mut OpenQuestions, arn: &TrailArn, why: &str) -> Gaps {
    open.leave(question("cloudtrail:GetEventSelectors", arn), Cause::Unsupported, why)
}
