//! Waiving: results that a waiver covers become `waived`, and every waiver is told of, with what it came to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::exception::Exceptions;
use super::report::{Judgement, Outcome};
use crate::id::{AccountId, RegionName};
use crate::policy::{Covers, Pattern, Waiver, WaiverScope};
use crate::snapshot::{Account, Gap, Snapshot};

/// A waiver, and what it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaiverStanding {
    /// The waiver.
    pub waiver: Arc<Waiver>,
    /// How it stands.
    pub state: WaiverState,
    /// How many results that fail or are unknown it covers, whether or not it waives them.
    pub covered: usize,
    /// How many results it waives. One that hides behind other gaps too is waived once those are.
    pub waived: usize,
    /// How many days are left; negative, where it has expired.
    pub days_left: i64,
}

/// How a waiver stands; of several that hold, the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WaiverState {
    /// Its last day is over: it waives nothing.
    Expired,
    /// It lives longer than waivers may: it waives nothing.
    TooLong,
    /// It covers nothing: there is no such result, or none that fails or is unknown.
    Unmatched,
    /// It covers nothing that is known: the tags that decide were not read.
    Open,
    /// It waives, and ends soon.
    Expiring,
    /// It waives.
    Active,
    /// It was left aside in this run.
    Ignored,
}

impl WaiverState {
    /// The state as reports write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::TooLong => "too-long",
            Self::Unmatched => "unmatched",
            Self::Open => "open",
            Self::Expiring => "expiring",
            Self::Active => "active",
            Self::Ignored => "ignored",
        }
    }

    /// Whether it waives what it covers.
    pub const fn waives(self) -> bool {
        matches!(self, Self::Expiring | Self::Active)
    }

    /// Whether somebody should look after it.
    pub const fn wants_care(self) -> bool {
        matches!(self, Self::Expired | Self::TooLong | Self::Unmatched | Self::Open | Self::Expiring)
    }
}

/// The day by which waivers are judged: that which was given, else the snapshot's, in UTC.
pub(super) fn day_of(snapshot: &Snapshot, exceptions: &Exceptions<'_>) -> Date {
    exceptions.as_of.unwrap_or_else(|| snapshot.taken_at.to_zoned(TimeZone::UTC).date())
}

/// Waives what waivers cover, and says how each stands, in the order in which they were given.
pub(super) fn waive(
    snapshot: &Snapshot,
    judgements: &mut [Judgement],
    exceptions: &Exceptions<'_>,
) -> Vec<WaiverStanding> {
    if exceptions.waivers.is_empty() {
        return Vec::new();
    }
    let today = day_of(snapshot, exceptions);
    let places = Places::of(snapshot);
    let mut waiving = Waiving {
        places: &places,
        by_rule: BTreeMap::new(),
        of_gaps: Vec::new(),
        may: exceptions.waivers.iter().map(|waiver| may_waive(waiver, today, exceptions)).collect(),
        covered: vec![0; exceptions.waivers.len()],
        waived: vec![0; exceptions.waivers.len()],
        waivers: exceptions.waivers,
    };
    for (index, waiver) in exceptions.waivers.iter().enumerate() {
        match &waiver.covers {
            Covers::Rule(rule) => waiving.by_rule.entry(rule.as_str()).or_default().push(index),
            Covers::Gap(_) => waiving.of_gaps.push(index),
        }
    }
    for judgement in judgements {
        waiving.judge(judgement);
    }
    let Waiving { covered, waived, .. } = waiving;
    let standing = |(index, waiver): (usize, &Arc<Waiver>)| {
        let covered = covered.get(index).copied().unwrap_or_default();
        let waived = waived.get(index).copied().unwrap_or_default();
        let idle = covered == 0 && !snapshot.gaps.iter().any(|gap| places.covers_gap(waiver, gap));
        let idle =
            idle.then(|| if places.may_hold(&waiver.scope) { WaiverState::Open } else { WaiverState::Unmatched });
        let state = state(waiver, today, exceptions, idle);
        WaiverStanding { waiver: Arc::clone(waiver), state, covered, waived, days_left: waiver.days_left(today) }
    };
    exceptions.waivers.iter().enumerate().map(standing).collect()
}

fn may_waive(waiver: &Waiver, today: Date, exceptions: &Exceptions<'_>) -> bool {
    state(waiver, today, exceptions, None).waives()
}

/// How a waiver stands; `idle` is how one that covers nothing does.
fn state(waiver: &Waiver, today: Date, exceptions: &Exceptions<'_>, idle: Option<WaiverState>) -> WaiverState {
    let left = waiver.days_left(today);
    if exceptions.no_waivers {
        return WaiverState::Ignored;
    }
    match (exceptions.longest_days, idle) {
        _ if left < 0 => WaiverState::Expired,
        (Some(longest), _) if waiver.life(today) > i64::from(longest) => WaiverState::TooLong,
        (_, Some(idle)) => idle,
        _ if left <= i64::from(exceptions.reminder_days) => WaiverState::Expiring,
        _ => WaiverState::Active,
    }
}

struct Waiving<'a> {
    waivers: &'a [Arc<Waiver>],
    places: &'a Places<'a>,
    /// The waivers of each rule.
    by_rule: BTreeMap<&'a str, Vec<usize>>,
    of_gaps: Vec<usize>,
    /// Which of them waive what they cover.
    may: Vec<bool>,
    covered: Vec<usize>,
    waived: Vec<usize>,
}

impl Waiving<'_> {
    fn judge(&mut self, judgement: &mut Judgement) {
        let waivers = match &judgement.outcome {
            Outcome::Pass | Outcome::NotApplicable { .. } | Outcome::Waived { .. } => return,
            Outcome::Fail => self.of_rule(judgement),
            Outcome::Unknown { gaps } => match self.of_rule(judgement) {
                none if none.is_empty() => self.of_gaps(gaps),
                waivers => waivers,
            },
        };
        if !waivers.is_empty() {
            let beneath = std::mem::replace(&mut judgement.outcome, Outcome::Pass);
            judgement.outcome = Outcome::Waived { beneath: Box::new(beneath), waivers };
        }
    }

    /// The waiver of the rule that waives a result, if one does.
    fn of_rule(&mut self, judgement: &Judgement) -> Vec<Arc<Waiver>> {
        let mut found = None;
        for index in self.by_rule.get(judgement.policy.as_str()).into_iter().flatten().copied() {
            let waiver = &self.waivers[index];
            let place = Place {
                account: judgement.account,
                region: judgement.region.as_ref(),
                resource: judgement.resource.as_deref(),
            };
            if self.places.holds(&waiver.scope, &place) {
                self.covered[index] += 1;
                found = found.or_else(|| self.may[index].then_some(index));
            }
        }
        self.used(found)
    }

    /// The waivers of all gaps that hide a result; none, where one of the gaps is not waived.
    fn of_gaps(&mut self, gaps: &[Gap]) -> Vec<Arc<Waiver>> {
        let mut used = BTreeSet::new();
        let mut all = !gaps.is_empty();
        for gap in gaps {
            let mut waived = false;
            for index in self.of_gaps.iter().copied() {
                if self.places.covers_gap(&self.waivers[index], gap) {
                    used.insert(index);
                    waived |= self.may[index];
                }
            }
            all &= waived;
        }
        used.iter().for_each(|index| self.covered[*index] += 1);
        let used: Vec<usize> = used.into_iter().filter(|index| all && self.may[*index]).collect();
        self.used(used)
    }

    /// The waivers that waive a result, each of which is counted.
    fn used(&mut self, indices: impl IntoIterator<Item = usize>) -> Vec<Arc<Waiver>> {
        let counted = indices.into_iter().inspect(|index| self.waived[*index] += 1);
        counted.map(|index| Arc::clone(&self.waivers[index])).collect()
    }
}

/// What a scope is held against.
struct Place<'a> {
    account: Option<AccountId>,
    region: Option<&'a RegionName>,
    resource: Option<&'a str>,
}

/// What is known of places: which units accounts are beneath, and what tags there are.
struct Places<'a> {
    accounts: BTreeMap<AccountId, &'a Account>,
    /// The tags of resources, as `key=value`, by ARN.
    tags: BTreeMap<&'a str, Vec<String>>,
}

impl<'a> Places<'a> {
    fn of(snapshot: &'a Snapshot) -> Self {
        let written =
            |tags: &BTreeMap<String, String>| tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
        let trails =
            snapshot.trails.iter().filter_map(|trail| Some((trail.arn.as_str(), written(&trail.tags.as_ref()?.value))));
        Self {
            accounts: snapshot.accounts.iter().map(|account| (account.id, account)).collect(),
            tags: trails.collect(),
        }
    }

    /// Whether a waiver of a gap covers one.
    fn covers_gap(&self, waiver: &Waiver, gap: &Gap) -> bool {
        let place = Place { account: gap.account, region: gap.region.as_ref(), resource: gap.resource.as_deref() };
        matches!(&waiver.covers, Covers::Gap(cause) if *cause == gap.cause) && self.holds(&waiver.scope, &place)
    }

    /// Whether all that a scope says is so of a place. What is not known of a place is not so.
    fn holds(&self, scope: &WaiverScope, place: &Place<'_>) -> bool {
        let account = place.account.and_then(|id| self.accounts.get(&id));
        let arn = scope.arn.as_ref().is_none_or(|arn| place.resource.is_some_and(|text| arn.matches(text)));
        let owner = scope.account.is_none_or(|id| place.account == Some(id));
        let region = scope.region.as_ref().is_none_or(|region| place.region == Some(region));
        let unit = scope.ou.as_ref().is_none_or(|unit| account.is_some_and(|account| unit.is_above(account)));
        arn && owner && region && unit && scope.tag.as_ref().is_none_or(|tag| self.is_tagged(place, tag))
    }

    /// Whether a tag that was not read may make a scope hold of something that an account has.
    fn may_hold(&self, scope: &WaiverScope) -> bool {
        let may_be_of = |account: &&&Account| {
            account.is_active()
                && account.tags.is_none()
                && scope.account.is_none_or(|id| id == account.id)
                && scope.ou.as_ref().is_none_or(|unit| unit.is_above(account))
        };
        scope.tag.is_some() && self.accounts.values().any(|account| may_be_of(&account))
    }

    fn is_tagged(&self, place: &Place<'_>, tag: &Pattern) -> bool {
        let account = place.account.and_then(|id| self.accounts.get(&id)).and_then(|account| account.tags.as_ref());
        let of_account = account.into_iter().flat_map(|tags| &tags.value);
        let of_resource = place.resource.and_then(|arn| self.tags.get(arn)).into_iter().flatten();
        of_account.map(|(key, value)| format!("{key}={value}")).any(|text| tag.matches(&text))
            || of_resource.into_iter().any(|text| tag.matches(text))
    }
}
