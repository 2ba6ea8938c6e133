//! The metric filters of a log group, and which events they raise an alarm for.

use super::alarm::Spot;
use super::{Ears, Heard};
use crate::derive::matching::Matching;
use crate::derive::metric_filter::FilterPattern;
use crate::derive::question::Question;
use crate::event::EventKind;
use crate::expr::Gaps;
use crate::id::{AccountId, RegionName};
use crate::snapshot::{Cause, LogGroup, MetricFilter};

const FILTERS: &str = "logs:DescribeMetricFilters";

/// What sets an alarm off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::derive) enum Demand {
    /// One event must.
    OneEvent,
    /// Any number of events may.
    AnyAlarm,
}

/// The metric filters of a log group, their patterns read.
pub(in crate::derive) struct Filters<'a> {
    group: &'a LogGroup,
    account: AccountId,
    region: RegionName,
    filters: Vec<(&'a MetricFilter, Result<FilterPattern, String>)>,
    /// Why the filters are not known, where they are not.
    unread: Option<Gaps>,
    relevant: Vec<bool>,
}

impl<'a> Filters<'a> {
    /// Those of a log group; nothing where its ARN names no account and Region.
    pub(in crate::derive) fn of(ears: &mut Ears<'_>, group: &'a LogGroup) -> Option<Self> {
        let (account, region) = (group.arn.account()?, group.arn.region()?);
        let unread = group
            .metric_filters
            .is_none()
            .then(|| ears.open.why(Question::of(FILTERS).account(account).resource(group.arn.as_str())));
        let listed = group.metric_filters.iter().flat_map(|filters| &filters.value);
        let filters: Vec<_> = listed
            .map(|filter| {
                (filter, filter.pattern.parse().map_err(|error| format!("its pattern cannot be read: {error}")))
            })
            .collect();
        let relevant = vec![false; filters.len()];
        Some(Self { group, account, region, filters, unread, relevant })
    }

    pub(super) fn spot(&self) -> Spot<'_> {
        (self.account, &self.region)
    }

    /// The filters that were found to match all of some kinds of events that were asked for.
    pub(super) fn relevant(&self) -> Vec<&'a MetricFilter> {
        let marked = self.filters.iter().zip(&self.relevant).filter(|(_, relevant)| **relevant);
        marked.map(|((filter, _), _)| *filter).collect()
    }

    /// Whether some filter matches every event of all these kinds, and raises an alarm that somebody hears.
    pub(in crate::derive) fn hear(&mut self, ears: &mut Ears<'_>, kinds: &[EventKind], demand: Demand) -> Heard {
        if let Some(gaps) = &self.unread {
            return Heard::unknown(gaps.clone(), "the metric filters could not be read");
        }
        let (mut ways, mut nearest) = (Vec::new(), 1);
        for at in 0..self.filters.len() {
            let judged: Vec<Matching> = kinds.iter().map(|kind| self.matches(at, kind)).collect();
            let noticed = judged.iter().filter(|matching| matching.known() != Some(false)).count();
            self.relevant[at] |= judged.iter().all(|matching| matching.known() == Some(true));
            if noticed < nearest {
                continue;
            }
            // What is nearest to noticing all of it is all that is worth telling.
            if noticed > nearest {
                ways.retain(|way: &Heard| !way.is_no());
                nearest = noticed;
            }
            let matched = self.matched(ears, at, kinds, &judged);
            let filter = self.filters[at].0;
            let alarmed = if matched.is_no() {
                Heard::Yes(Vec::new())
            } else {
                let ways: Vec<Heard> = filter
                    .transformations
                    .iter()
                    .map(|counted| {
                        let metric = format!("metric {}/{}", counted.namespace, counted.metric);
                        ears.alarmed(self.spot(), counted, demand).map(|how| match how.starts_with("alarm ") {
                            true => format!("{metric} → {how}"),
                            false => how,
                        })
                    })
                    .collect();
                Heard::any(ways, || "it counts in no metric".to_owned())
            };
            let name = &filter.name;
            ways.push(matched.and(alarmed).map(|how| format!("filter {name}: {how}")));
        }
        Heard::any(ways, || match (self.filters.len(), demand) {
            (0, _) => format!("the log group {} has no metric filter", self.group.name()),
            // Which event it is is told beside it.
            (_, Demand::OneEvent) => format!("no metric filter of {} matches", self.group.name()),
            (_, Demand::AnyAlarm) => format!("no metric filter of {} matches {}", self.group.name(), names(kinds)),
        })
    }

    /// Takes the filters that match all these kinds of events for relevant.
    pub(in crate::derive) fn mark(&mut self, kinds: &[EventKind]) {
        for at in 0..self.filters.len() {
            let all = kinds.iter().all(|kind| self.matches(at, kind).known() == Some(true));
            self.relevant[at] |= all && !kinds.is_empty();
        }
    }

    /// What hides the filters, where they are not known.
    pub(super) fn unread(&self) -> Option<&Gaps> {
        self.unread.as_ref()
    }

    fn matches(&self, at: usize, kind: &EventKind) -> Matching {
        let (filter, pattern) = &self.filters[at];
        let matching = match pattern {
            Ok(pattern) => pattern.matches_every(kind),
            Err(message) => Matching::undocumented(message.clone()),
        };
        let narrowed = match (&filter.field_selection, filter.on_transformed_logs) {
            (Some(criteria), _) => Matching::undocumented(format!("it is for some sources alone: {criteria}")),
            (None, true) => Matching::undocumented("it looks at what a transformer makes of the events"),
            (None, false) => Matching::Yes,
        };
        Matching::all([matching, narrowed])
    }

    /// Whether a filter matches all the kinds; if not, which it misses.
    fn matched(&self, ears: &mut Ears<'_>, at: usize, kinds: &[EventKind], judged: &[Matching]) -> Heard {
        let missed: Vec<&EventKind> = kinds
            .iter()
            .zip(judged)
            .filter(|(_, matching)| matching.known() == Some(false))
            .map(|(kind, _)| kind)
            .collect();
        let all = Matching::all(judged.iter().cloned());
        let open = Question::of(FILTERS).account(self.account).region(&self.region).resource(self.group.arn.as_str());
        let name = &self.filters[at].0.name;
        match &all {
            Matching::No(_) => {
                let first = judged.iter().find(|matching| matching.known() == Some(false));
                let because = first.map(Matching::because).unwrap_or_default();
                Heard::no(format!("it misses {} ({because})", names(missed)))
            }
            _ => Heard::of(&all, |why| {
                ears.open.leave(open, Cause::Unsupported, &format!("whether the metric filter {name} matches: {why}"))
            }),
        }
    }
}

/// The names of kinds of events in a list, each once, and the first few where they are many.
pub(super) fn names<'k>(kinds: impl IntoIterator<Item = &'k EventKind>) -> String {
    const SHOWN: usize = 6;
    let mut names: Vec<&str> = Vec::new();
    for kind in kinds {
        if !names.contains(&kind.name()) {
            names.push(kind.name());
        }
    }
    let more = names.len().saturating_sub(SHOWN);
    names.truncate(SHOWN);
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("{}{rest}", names.join(", "))
}
