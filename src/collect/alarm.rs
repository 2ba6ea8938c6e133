//! The alarms of an account's Region on some metrics, and the alarms on those.

use std::collections::BTreeSet;

use aws_sdk_cloudwatch::types::{AlarmType, CompositeAlarm, MetricAlarm};

use super::call::Call;
use super::ledger::{Ledger, Malformed, Unit};
use super::session::Session;
use crate::id::RegionName;
use crate::snapshot::{Alarm, AlarmListing, Watched, WatchedMetric};

/// The most alarms that CloudWatch lists at once (CloudWatch API Reference, DescribeAlarms).
const PAGE: i32 = 100;

/// A metric, by its namespace and name.
pub(super) type Metric = (String, String);

/// The question for the alarms of an account's Region.
pub(super) fn unit(account: crate::id::AccountId, region: &RegionName) -> Unit<'_> {
    Unit::of(Call::DescribeAlarms).account(account).region(region)
}

/// The alarms that watch one of the metrics, or an alarm that does; nothing where they could not be listed.
pub(super) async fn read(
    session: &Session,
    region: &RegionName,
    metrics: &BTreeSet<Metric>,
    ledger: &Ledger,
) -> Option<AlarmListing> {
    let unit = unit(session.account, region);
    let request = session.cloudwatch(region).describe_alarms().max_records(PAGE);
    let request = request.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm).into_paginator();
    let pages = ledger.ask(&unit, super::page::all(ledger.most_pages, request.send(), |page| page.next_token())).await;
    let alarms = ledger.read(&unit, pages, |pages| {
        let mut all = Vec::new();
        for page in pages.whole()? {
            // Neither list is documented to be there where it is empty (API Reference, DescribeAlarms): fewer alarms prove less.
            for alarm in page.metric_alarms.unwrap_or_default() {
                all.push(of_metric(alarm)?);
            }
            for alarm in page.composite_alarms.unwrap_or_default() {
                all.push(of_alarms(alarm)?);
            }
        }
        Ok(about(metrics, all))
    })?;
    Some(AlarmListing { account: session.account, region: region.clone(), alarms })
}

/// Those alarms that watch one of the metrics, and those that name such an alarm in their rule, sorted by name.
fn about(metrics: &BTreeSet<Metric>, alarms: Vec<Alarm>) -> Vec<Alarm> {
    let watches = |alarm: &Alarm| match &alarm.watched {
        Watched::Metric(metric) => metrics.contains(&(metric.namespace.clone(), metric.name.clone())),
        Watched::Expression(watched) => watched.iter().any(|metric| metrics.contains(metric)),
        Watched::Alarms(_) => false,
    };
    let (mut kept, mut rest): (Vec<Alarm>, Vec<Alarm>) = alarms.into_iter().partition(watches);
    loop {
        let names = |alarm: &Alarm| match &alarm.watched {
            Watched::Alarms(rule) => kept.iter().any(|kept| rule.contains(&kept.name)),
            _ => false,
        };
        let (found, others): (Vec<Alarm>, Vec<Alarm>) = rest.into_iter().partition(names);
        rest = others;
        if found.is_empty() {
            kept.sort_by(|a, b| a.name.cmp(&b.name));
            return kept;
        }
        kept.extend(found);
    }
}

fn of_metric(given: MetricAlarm) -> Result<Alarm, Malformed> {
    let name = given.alarm_name.ok_or_else(|| Malformed::lacks("the name of an alarm"))?;
    let lacks = |part: &str| Malformed(format!("lacks {part} of the alarm {name}"));
    let watched = match (given.namespace, given.metric_name) {
        (Some(namespace), Some(metric)) => {
            // Those of a metric without dimensions may be left out (API Reference, MetricAlarm); a name may not (Dimension).
            let dimensions = given.dimensions.unwrap_or_default().into_iter();
            let dimensions: Option<Vec<String>> = dimensions.map(|dimension| dimension.name).collect();
            let mut dimensions = dimensions.ok_or_else(|| lacks("the name of a dimension"))?;
            dimensions.sort();
            Watched::Metric(WatchedMetric {
                namespace,
                name: metric,
                dimensions,
                statistic: given.statistic.map(|statistic| statistic.as_str().to_owned()),
                evaluation_periods: given.evaluation_periods.ok_or_else(|| lacks("EvaluationPeriods"))?,
                datapoints_to_alarm: given.datapoints_to_alarm,
                threshold: given.threshold,
                comparison: given.comparison_operator.ok_or_else(|| lacks("ComparisonOperator"))?.as_str().to_owned(),
            })
        }
        _ => {
            // An alarm is on a metric or on an expression over some (API Reference, MetricAlarm).
            let queries =
                given.metrics.filter(|queries| !queries.is_empty()).ok_or_else(|| lacks("the metric"))?.into_iter();
            let metrics = queries.filter_map(|query| query.metric_stat?.metric);
            Watched::Expression(metrics.filter_map(|metric| Some((metric.namespace?, metric.metric_name?))).collect())
        }
    };
    Ok(Alarm {
        actions_enabled: given.actions_enabled.ok_or_else(|| lacks("ActionsEnabled"))?,
        // Without any, nobody is told: that proves nothing more.
        actions: given.alarm_actions.unwrap_or_default(),
        watched,
        name,
    })
}

fn of_alarms(given: CompositeAlarm) -> Result<Alarm, Malformed> {
    let name = given.alarm_name.ok_or_else(|| Malformed::lacks("the name of an alarm"))?;
    let lacks = |part: &str| Malformed(format!("lacks {part} of the alarm {name}"));
    Ok(Alarm {
        actions_enabled: given.actions_enabled.ok_or_else(|| lacks("ActionsEnabled"))?,
        // What suppresses the actions is an alarm too: then the rule says when they are done only in part.
        watched: Watched::Alarms(match given.actions_suppressor {
            Some(suppressor) => {
                format!("({}) AND NOT ALARM({suppressor:?})", given.alarm_rule.ok_or_else(|| lacks("AlarmRule"))?)
            }
            None => given.alarm_rule.ok_or_else(|| lacks("AlarmRule"))?,
        }),
        actions: given.alarm_actions.unwrap_or_default(),
        name,
    })
}
