//! Whether a trail records an event: its state, its account, its Region, and then its selectors.

use super::event::Event;
use super::global::is_global;
use super::reason::{Reason, Verdict};
use super::{Selectors, insight};
use crate::id::{AccountId, RegionName, TrailArn};
use crate::snapshot::{InsightSelectors, Trail, TrailConfiguration};

/// A trail as far as it decides which events are recorded. What is not known is `None`.
#[derive(Debug, Clone)]
pub struct Recorder {
    /// The account that owns it.
    pub owner: AccountId,
    /// Its home Region.
    pub home_region: RegionName,
    /// The Region in which the partition's global services write their events.
    pub leader_region: Option<RegionName>,
    /// Whether it records in all Regions.
    pub is_multi_region: Option<bool>,
    /// Whether it records all accounts of its organization.
    pub is_organization: Option<bool>,
    /// Whether it records global service events.
    pub includes_global: Option<bool>,
    /// Whether it logs.
    pub is_logging: Option<bool>,
    /// Whether it records the events of its own deliveries; AWS's default is true.
    pub records_own_deliveries: Option<bool>,
    /// Its selectors.
    pub selectors: Option<Selectors>,
    /// Its Insights.
    pub insights: Option<InsightSelectors>,
}

/// What no record says of an event. `None` where nobody said it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Whether the event's account is in the organization of the trail, and sees the trail.
    pub in_organization: Option<bool>,
    /// Whether a global service wrote the event.
    pub is_global: Option<bool>,
    /// Whether the event is the trail's own delivery of a log file.
    pub is_own_delivery: Option<bool>,
}

impl Recorder {
    /// A trail of a snapshot.
    pub fn of(trail: &Trail) -> Self {
        let configuration = &trail.configuration.value;
        Self {
            owner: trail.arn.account(),
            home_region: trail.arn.home_region().clone(),
            leader_region: trail.arn.arn().partition().and_then(|partition| partition.leader_region()),
            is_multi_region: configuration.is_multi_region_trail,
            is_organization: configuration.is_organization_trail,
            includes_global: configuration.include_global_service_events,
            is_logging: trail.status.as_ref().and_then(|status| status.value.is_logging),
            records_own_deliveries: Some(configuration.recursive_logging.unwrap_or(true)),
            selectors: selectors_of(trail),
            insights: match (&trail.insight_selectors, configuration.has_insight_selectors) {
                (Some(selectors), _) => Some(selectors.value.clone()),
                (None, Some(false)) => Some(InsightSelectors::default()),
                (None, _) => None,
            },
        }
    }

    /// A trail of which nothing but its ARN is known.
    pub(crate) fn unread(arn: &TrailArn) -> Self {
        Self {
            owner: arn.account(),
            home_region: arn.home_region().clone(),
            leader_region: arn.arn().partition().and_then(|partition| partition.leader_region()),
            is_multi_region: None,
            is_organization: None,
            includes_global: None,
            is_logging: None,
            records_own_deliveries: None,
            selectors: None,
            insights: None,
        }
    }

    /// Whether the trail records an event: the first rule that refuses it, or all that is open.
    pub fn records(&self, event: &Event, circumstances: Circumstances) -> Verdict {
        let mut open = Vec::new();
        let rules = [
            self.logs(),
            self.reaches_account(event, circumstances),
            self.reaches_region(event),
            self.takes_global(event, circumstances),
            self.takes_delivery(event, circumstances),
        ];
        for rule in rules {
            match rule {
                Rule::Holds => {}
                Rule::Refuses(text) => return Verdict::NotRecorded(vec![Reason::of_trail(text)]),
                Rule::Open(text) => open.push(Reason::of_trail(text)),
            }
        }
        match self.selected(event) {
            Verdict::Recorded(reasons) if open.is_empty() => Verdict::Recorded(reasons),
            Verdict::Recorded(_) => Verdict::Unknown(open),
            Verdict::Unknown(reasons) => Verdict::Unknown(open.into_iter().chain(reasons).collect()),
            refused @ Verdict::NotRecorded(_) => refused,
        }
    }

    /// Whether what the trail selects takes an event: its event selectors, or its Insights for an Insights event.
    fn selected(&self, event: &Event) -> Verdict {
        match (&self.selectors, event.is_insight()) {
            (Some(selectors), false) => selectors.record(event),
            (None, false) => Verdict::Unknown(vec![Reason::of_trail("its event selectors were not read")]),
            (selectors, true) => insight::records(event, self.insights.as_ref(), selectors.as_ref()),
        }
    }

    fn logs(&self) -> Rule {
        Rule::needs(self.is_logging, "it does not log", "whether it logs was not read")
    }

    /// Source: CloudTrail User Guide, "Creating a trail for an organization".
    fn reaches_account(&self, event: &Event, circumstances: Circumstances) -> Rule {
        match (&event.account, self.is_organization, circumstances.in_organization) {
            (Some(account), ..) if *account == self.owner.to_string() => Rule::Holds,
            (None, ..) => Rule::Open("the account of the event was not said"),
            (Some(_), Some(false), _) => {
                Rule::Refuses("the event is of another account, and it is no organization trail")
            }
            (Some(_), _, Some(false)) => Rule::Refuses("it does not reach the account of the event"),
            (Some(_), _, Some(true)) => Rule::Holds,
            (Some(_), ..) => Rule::Open("whether it reaches the account of the event is not known"),
        }
    }

    /// Source: CloudTrail User Guide, "Understanding multi-Region trails and opt-in Regions".
    fn reaches_region(&self, event: &Event) -> Rule {
        match (&event.region, self.is_multi_region) {
            (_, Some(true)) => Rule::Holds,
            (Some(region), _) if region == self.home_region.as_str() => Rule::Holds,
            (Some(_), Some(false)) => Rule::Refuses("the event is of another Region, and it is a single-Region trail"),
            (Some(_), None) => Rule::Open("whether it is multi-Region was not read"),
            (None, _) => Rule::Open("the Region of the event was not said"),
        }
    }

    /// Global service events are written in the partition's leader Region; since 22 November 2021 a single-Region trail
    /// has them only there. Source: CloudTrail API Reference, Trail (IncludeGlobalServiceEvents).
    fn takes_global(&self, event: &Event, circumstances: Circumstances) -> Rule {
        let is_global = circumstances.is_global.or_else(|| is_global(event, self.leader_region.as_ref()));
        let at_home = self.leader_region.as_ref() == Some(&self.home_region);
        let refused = "it does not include global service events (IncludeGlobalServiceEvents)";
        match (is_global, self.includes_global, self.is_multi_region) {
            (Some(false), ..) | (_, Some(true), Some(true)) => Rule::Holds,
            (_, Some(true), _) if at_home => Rule::Holds,
            (Some(true), Some(false), _) => Rule::Refuses(refused),
            (Some(true), _, Some(false)) if !at_home && self.leader_region.is_some() => {
                Rule::Refuses("global service events reach a single-Region trail only in the partition's leader Region")
            }
            _ => Rule::Open("whether this is a global service event that it includes is not known"),
        }
    }

    /// Of what CloudTrail itself does, a trail can leave out what it does to deliver that trail. What nobody said to be
    /// done by CloudTrail is not. Source: CloudTrail API Reference, Trail (RecursiveLogging).
    fn takes_delivery(&self, event: &Event, circumstances: Circumstances) -> Rule {
        let is_own = match circumstances.is_own_delivery {
            None if !event.is_by_cloudtrail() => Some(false),
            said => said,
        };
        match (self.records_own_deliveries, is_own) {
            (Some(true), _) | (_, Some(false)) => Rule::Holds,
            (Some(false), Some(true)) => Rule::Refuses("it leaves out its own deliveries (RecursiveLogging)"),
            _ => Rule::Open("whether this is a delivery of its own, which it leaves out, is not known"),
        }
    }
}

/// What one rule says of an event.
enum Rule {
    Holds,
    Refuses(&'static str),
    Open(&'static str),
}

impl Rule {
    fn needs(value: Option<bool>, refused: &'static str, open: &'static str) -> Self {
        match value {
            Some(true) => Self::Holds,
            Some(false) => Self::Refuses(refused),
            None => Self::Open(open),
        }
    }
}

/// The selectors of a trail: those that were read, or the default where it says that it has none of its own.
pub(crate) fn selectors_of(trail: &Trail) -> Option<Selectors> {
    match (&trail.event_selectors, &trail.configuration.value) {
        (Some(selectors), _) => Some(Selectors::of(&selectors.value)),
        (None, TrailConfiguration { has_custom_event_selectors: Some(false), .. }) => {
            Some(Selectors::default_of_trails())
        }
        (None, _) => None,
    }
}
