//! Who hears of events: changes of trails, and those of the alarms of the CIS benchmark.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;
mod notice {
    mod alarms;
    mod links;
    mod tamper;
}

use simulated::{BUS, LOG_GROUP, read};
use trailproof::evaluate::{Judgement, Question, Report, evaluate};
use trailproof::policy::{Setting, load};
use trailproof::simulator::{Alarm, EventRule, MetricFilter, Simulator, Watched, WatchedMetric, World};

/// What the rules say of a world, with parameters set as `RULE.PARAM=VALUE`.
fn report(world: World, set: &[&str]) -> Report {
    let policies = load(&[]).policies;
    let settings: Vec<Setting> = set.iter().map(|text| Setting::parse(text, &policies).unwrap()).collect();
    let packs = vec!["all".to_owned()];
    let question = Question { policies: &policies, packs, settings: &settings, fail_on: None, allow_incomplete: false };
    evaluate(&read(&Simulator::new(world)), String::new(), &question)
}

/// What a rule says of a log group, or of the organization.
fn of<'r>(report: &'r Report, rule: &str) -> &'r Judgement {
    let mut found = report.judgements.iter().filter(|judgement| judgement.policy.as_str() == rule);
    let judgement = found.next().unwrap();
    assert!(found.next().is_none(), "{rule} is said of more than one thing");
    judgement
}

/// The rules of the world's event bus.
fn rules(world: &mut World) -> &mut Vec<EventRule> {
    &mut world.event_buses.iter_mut().find(|bus| bus.arn == BUS).unwrap().rules
}

/// A filter of the trail's log group that counts in a metric of its name, and an alarm on it.
fn watch(world: &mut World, name: &str, pattern: &str, topic: &str) {
    let filter = MetricFilter::new(name, pattern, "CIS", name);
    let group = world.log_groups.iter_mut().find(|group| group.arn == LOG_GROUP).unwrap();
    group.metric_filters.push(filter);
    let (place, _) = LOG_GROUP.split_once(":log-group:").unwrap();
    let arn = format!("{}:alarm:{name}", place.replace(":logs:", ":cloudwatch:"));
    world.alarms.push(Alarm::on_metric(&arn, "CIS", name).telling(topic));
}

/// The only metric that an alarm watches.
fn metric(alarm: &mut Alarm) -> &mut WatchedMetric {
    match &mut alarm.watched {
        Watched::Metric(metric) => metric,
        Watched::Alarms(rule) => panic!("{rule}"),
    }
}
