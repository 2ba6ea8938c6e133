//! The alarms on what a filter counts, and what they do when they go off.

use super::filter::{Demand, Filters};
use super::sender::Sender;
use super::threshold::{can_go_off, goes_off_with_one};
use super::{Ears, Heard};
use crate::derive::matching::Matching;
use crate::derive::question::Question;
use crate::expr::{Gaps, Known, Listed};
use crate::facts::log_group::WatchingAlarm;
use crate::id::{AccountId, RegionName};
use crate::snapshot::{Alarm, Cause, MetricTransformation, Watched, WatchedMetric};

const ALARMS: &str = "cloudwatch:DescribeAlarms";

/// The account and Region that metrics and alarms are in.
pub(super) type Spot<'a> = (AccountId, &'a RegionName);

impl<'a> Ears<'a> {
    /// The alarms of a place that were read; the gaps where they were not.
    fn alarms(&mut self, (account, region): Spot<'_>) -> Result<&'a [Alarm], Gaps> {
        let mut listings = self.snapshot.alarms.iter();
        match listings.find(|listing| listing.account == account && listing.region == *region) {
            Some(listing) => Ok(&listing.alarms.value),
            None => Err(self.open.why(Question::of(ALARMS).account(account).region(region))),
        }
    }

    /// Whether an alarm on a filter's metric goes off, and somebody hears of it.
    pub(super) fn alarmed(&mut self, spot: Spot<'_>, counted: &MetricTransformation, demand: Demand) -> Heard {
        let metric = format!("{}/{}", counted.namespace, counted.metric);
        if !counted.dimensions.is_empty() {
            let each = counted.dimensions.join(", ");
            return Heard::no(format!("the metric {metric} is another one for each {each}: no alarm sees every event"));
        }
        let alarms = match self.alarms(spot) {
            Ok(alarms) => alarms,
            Err(gaps) => return Heard::unknown(gaps, "the alarms could not be read"),
        };
        let ways: Vec<Heard> = alarms
            .iter()
            .filter_map(|alarm| {
                let sees = self.sees(spot, alarm, counted, demand)?;
                let name = &alarm.name;
                let sees = sees.map(|why| format!("alarm {name}: {why}"));
                // Of an alarm that tells nobody it does not matter what it watches.
                Some(match self.tells(spot, alarms, alarm) {
                    Heard::No(why) => Heard::No(why),
                    told => sees.and(told),
                })
            })
            .collect();
        Heard::any(ways, || format!("no alarm of {} in {} watches the metric {metric}", spot.0, spot.1))
    }

    /// Whether an alarm goes off with what a filter counts; nothing where it watches something else.
    fn sees(&mut self, spot: Spot<'_>, alarm: &Alarm, counted: &MetricTransformation, demand: Demand) -> Option<Heard> {
        let matching = match &alarm.watched {
            Watched::Metric(metric) if is_of(metric, counted) => match (metric.dimensions.is_empty(), demand) {
                (false, _) => {
                    Matching::fails(format!("it watches a part of the metric, by {}", metric.dimensions.join(", ")))
                }
                (true, Demand::OneEvent) => goes_off_with_one(metric, &counted.value),
                (true, Demand::AnyAlarm) => Matching::Yes,
            },
            Watched::Expression(metrics) if metrics.contains(&(counted.namespace.clone(), counted.metric.clone())) => {
                Matching::undocumented("it watches what an expression makes of the metric, which is not worked out")
            }
            _ => return None,
        };
        Some(Heard::of(&matching, |why| self.doubt(spot, alarm, why)))
    }

    fn doubt(&mut self, (account, region): Spot<'_>, alarm: &Alarm, why: &str) -> Gaps {
        let question = Question::of(ALARMS).account(account).region(region).resource(&alarm.name);
        self.open.leave(question, Cause::Unsupported, &format!("alarm {}: {why}", alarm.name))
    }

    /// Whether somebody hears of an alarm that goes off: by its own actions, or by those of an alarm on it.
    fn tells(&mut self, spot: Spot<'_>, alarms: &[Alarm], alarm: &Alarm) -> Heard {
        let mut ways = vec![self.acts(spot, alarm)];
        for above in alarms.iter().filter(|above| above.name != alarm.name) {
            let Watched::Alarms(rule) = &above.watched else { continue };
            let certain = match follows(rule, &alarm.name) {
                Some(true) => Heard::Yes(Vec::new()),
                Some(false) => continue,
                None => match self.acts(spot, above) {
                    Heard::No(_) => continue,
                    _ => {
                        let why = format!("when its rule goes off is not worked out: {rule}");
                        Heard::unknown(self.doubt(spot, above, &why), format!("alarm {}: {why}", above.name))
                    }
                },
            };
            let name = &alarm.name;
            ways.push(certain.and(self.acts(spot, above)).map(|how| match how.starts_with("alarm ") {
                true => format!("alarm {name} → {how}"),
                false => how,
            }));
        }
        Heard::any(ways, String::new)
    }

    /// Whether somebody hears of the actions of an alarm.
    fn acts(&mut self, spot: Spot<'_>, alarm: &Alarm) -> Heard {
        let name = &alarm.name;
        if alarm.actions.is_empty() {
            return Heard::no(format!("alarm {name} does nothing when it goes off"));
        }
        if !alarm.actions_enabled {
            return Heard::no(format!("alarm {name} has its actions disabled"));
        }
        let partition = self.snapshot.caller.partition.as_str();
        let arn = format!("arn:{partition}:cloudwatch:{}:{}:alarm:{name}", spot.1, spot.0);
        let Ok(arn) = arn.parse() else {
            let why = format!("the ARN of the alarm {name} cannot be told");
            return Heard::unknown(self.doubt(spot, alarm, &why), why);
        };
        let sender = Sender::Alarm { arn: &arn };
        let ways: Vec<Heard> = alarm.actions.iter().map(|action| self.audience(action, ALARMS, &sender)).collect();
        Heard::any(ways, String::new).map(|how| format!("alarm {name} → {how}"))
    }

    /// Whether an alarm can go off and does something then, and if not, why.
    fn is_actionable(&mut self, spot: Spot<'_>, alarms: &[Alarm], alarm: &Alarm, value: &str) -> Heard {
        let acts = |alarm: &Alarm| alarm.actions_enabled && !alarm.actions.is_empty();
        let above = |above: &Alarm| match &above.watched {
            Watched::Alarms(rule) => acts(above) && follows(rule, &alarm.name) != Some(false),
            _ => false,
        };
        let does = if acts(alarm) || alarms.iter().any(above) {
            Heard::Yes(Vec::new())
        } else if alarm.actions.is_empty() {
            Heard::no("it does nothing when it goes off")
        } else {
            Heard::no("its actions are disabled")
        };
        let matching = match &alarm.watched {
            Watched::Metric(metric) => can_go_off(metric, value),
            Watched::Expression(_) | Watched::Alarms(_) => Matching::Yes,
        };
        does.and(Heard::of(&matching, |why| self.doubt(spot, alarm, why)))
    }
}

fn is_of(metric: &WatchedMetric, counted: &MetricTransformation) -> bool {
    metric.namespace == counted.namespace && metric.name == counted.metric
}

/// Whether the rule of an alarm on alarms goes off whenever the alarm with a name does: so where it is one of several, any of
/// which is enough; not where it does not name it. Nothing where that is not worked out.
///
/// Source: CloudWatch API Reference, PutCompositeAlarm (AlarmRule).
fn follows(rule: &str, name: &str) -> Option<bool> {
    let mut named = false;
    for term in rule.split(" OR ") {
        let inner = term.trim().trim_matches(['(', ' ']).strip_prefix("ALARM")?.trim_start();
        let inner = inner.strip_prefix('(').unwrap_or(inner).trim_end_matches(')').trim();
        let inner = inner.trim_matches(['"', '\'']);
        if inner.is_empty() || inner.contains(['(', ')', '"', '\'', ' ']) && inner != name {
            return if rule.contains(name) { None } else { Some(false) };
        }
        // Alarms are named by their names or by their ARNs.
        named |= inner == name || inner.rsplit_once(":alarm:").is_some_and(|(_, alarm)| alarm == name);
    }
    Some(named)
}

/// The alarms on what filters count that notice events of the benchmark or changes of trails: whether each can go off and
/// does something then.
pub(in crate::derive) fn watching(ears: &mut Ears<'_>, filters: &Filters<'_>) -> Listed<WatchingAlarm> {
    let mut listed = Listed::complete(Vec::new());
    let spot = filters.spot();
    if let Some(gaps) = filters.unread() {
        listed.unread = gaps.clone();
        return listed;
    }
    let relevant = filters.relevant();
    if relevant.is_empty() {
        return listed;
    }
    let alarms = match ears.alarms(spot) {
        Ok(alarms) => alarms,
        Err(gaps) => {
            listed.unread = gaps;
            return listed;
        }
    };
    for alarm in alarms {
        let counted = relevant.iter().flat_map(|filter| &filter.transformations).find(|counted| match &alarm.watched {
            Watched::Metric(metric) => is_of(metric, counted),
            Watched::Expression(metrics) => metrics.contains(&(counted.namespace.clone(), counted.metric.clone())),
            Watched::Alarms(_) => false,
        });
        let Some(counted) = counted else { continue };
        let actionable = ears.is_actionable(spot, alarms, alarm, &counted.value);
        let is_actionable: Known<bool> = actionable.known();
        let (_, problems) = actionable.told();
        listed.found.push(WatchingAlarm { name: alarm.name.clone(), is_actionable, problems });
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::follows;

    #[test]
    fn a_rule_of_alternatives_follows_each() {
        let arn = "ALARM(arn:aws:cloudwatch:us-east-1:111122223333:alarm:tamper)";
        let cases = [
            ("ALARM(tamper)", Some(true)),
            ("ALARM(\"tamper\")", Some(true)),
            (arn, Some(true)),
            ("ALARM(\"other\") OR ALARM(\"tamper\")", Some(true)),
            ("(ALARM(other) OR ALARM(tamper))", Some(true)),
            ("ALARM(\"other\")", Some(false)),
            ("ALARM(tamper-2)", Some(false)),
            ("ALARM(tamper) AND ALARM(other)", None),
            ("NOT ALARM(tamper)", None),
            ("(ALARM(tamper)) AND NOT ALARM(\"quiet\")", None),
            ("OK(tamper)", None),
        ];
        for (rule, expected) in cases {
            assert_eq!(follows(rule, "tamper"), expected, "{rule}");
        }
    }
}
