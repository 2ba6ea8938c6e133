//! When an alarm on a metric goes off.
//!
//! Source: CloudWatch User Guide, "Using Amazon CloudWatch alarms" and "Evaluating an alarm" ("M out of N"); CloudWatch API
//! Reference, MetricAlarm.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html>

use crate::derive::matching::Matching;
use crate::snapshot::WatchedMetric;

/// Whether one event, which adds `value` to the metric, sets the alarm off.
pub(super) fn goes_off_with_one(metric: &WatchedMetric, value: &str) -> Matching {
    let needed = metric.datapoints_to_alarm.unwrap_or(metric.evaluation_periods);
    let lasts = Matching::or_fails(needed <= 1, || format!("it takes {needed} periods, and one event is in one"));
    let statistic = metric.statistic.as_deref().unwrap_or("a percentile");
    let reached = match statistic {
        "Sum" | "Maximum" => compared(metric, value, "one event"),
        "SampleCount" => compared(metric, "1", "one event"),
        _ => match compared(metric, value, "one event") {
            // What else is in the period can dilute it.
            Matching::Yes => {
                Matching::undocumented(format!("what {statistic} makes of one event depends on the others"))
            }
            other => other,
        },
    };
    Matching::all([lasts, reached])
}

/// Whether any number of events, each of which adds `value` to the metric, sets the alarm off.
pub(super) fn can_go_off(metric: &WatchedMetric, value: &str) -> Matching {
    match (metric.statistic.as_deref(), number(value)) {
        (Some("SampleCount"), _) => compared(metric, "inf", "any number of events"),
        (Some("Sum"), Some(value)) if value > 0.0 => compared(metric, "inf", "any number of events"),
        (Some("Sum"), Some(_)) => Matching::fails(format!("an event adds {value} to the metric")),
        _ => compared(metric, value, "an event"),
    }
}

fn number(value: &str) -> Option<f64> {
    value.trim().parse().ok()
}

/// Whether a value of the metric is beyond the threshold, upwards.
fn compared(metric: &WatchedMetric, value: &str, whose: &str) -> Matching {
    let Some(threshold) = metric.threshold else {
        return Matching::undocumented("it compares with a band of expected values");
    };
    let over = match metric.comparison.as_str() {
        "GreaterThanThreshold" => |value: f64, threshold: f64| value > threshold,
        "GreaterThanOrEqualToThreshold" => |value: f64, threshold: f64| value >= threshold,
        "LessThanThreshold" | "LessThanOrEqualToThreshold" => {
            return Matching::fails("it goes off when there are few events");
        }
        other => return Matching::undocumented(format!("the comparison {other} is not known")),
    };
    let Some(reached) = number(value) else {
        return Matching::undocumented(format!("what an event adds to the metric is in its field {value}"));
    };
    Matching::or_fails(over(reached, threshold), || {
        let sign = if metric.comparison == "GreaterThanThreshold" { ">" } else { "≥" };
        format!("{whose} does not reach its threshold {sign} {threshold}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(statistic: &str, comparison: &str, threshold: f64) -> WatchedMetric {
        WatchedMetric {
            namespace: "CIS".to_owned(),
            name: "tamper".to_owned(),
            dimensions: Vec::new(),
            statistic: Some(statistic.to_owned()).filter(|statistic| !statistic.is_empty()),
            evaluation_periods: 1,
            datapoints_to_alarm: None,
            threshold: Some(threshold),
            comparison: comparison.to_owned(),
        }
    }

    #[test]
    fn one_event_or_many() {
        const MORE: &str = "GreaterThanThreshold";
        const AS_MUCH: &str = "GreaterThanOrEqualToThreshold";
        let cases = [
            (metric("Sum", AS_MUCH, 1.0), "1", Some(true), Some(true)),
            (metric("Sum", MORE, 1.0), "1", Some(false), Some(true)),
            (metric("Sum", MORE, 0.0), "1", Some(true), Some(true)),
            (metric("Sum", AS_MUCH, 5.0), "1", Some(false), Some(true)),
            (metric("Sum", AS_MUCH, 1.0), "0", Some(false), Some(false)),
            (metric("Sum", AS_MUCH, 1.0), "$.size", None, None),
            (metric("SampleCount", AS_MUCH, 1.0), "$.size", Some(true), Some(true)),
            (metric("Maximum", AS_MUCH, 2.0), "1", Some(false), Some(false)),
            (metric("Average", AS_MUCH, 1.0), "1", None, Some(true)),
            (metric("Average", AS_MUCH, 2.0), "1", Some(false), Some(false)),
            (metric("", AS_MUCH, 1.0), "1", None, Some(true)),
            (metric("Sum", "LessThanThreshold", 1.0), "1", Some(false), Some(false)),
            (metric("Sum", "GreaterThanUpperThreshold", 1.0), "1", None, None),
        ];
        for (metric, value, one, many) in cases {
            assert_eq!(goes_off_with_one(&metric, value).known(), one, "{metric:?} {value}");
            assert_eq!(can_go_off(&metric, value).known(), many, "{metric:?} {value}");
        }
        let lasting = WatchedMetric { evaluation_periods: 3, ..metric("Sum", AS_MUCH, 1.0) };
        assert_eq!(goes_off_with_one(&lasting, "1").known(), Some(false));
        let sudden = WatchedMetric { datapoints_to_alarm: Some(1), ..lasting };
        assert_eq!(goes_off_with_one(&sudden, "1").known(), Some(true));
        assert_eq!(can_go_off(&WatchedMetric { threshold: None, ..sudden }, "1").known(), None);
    }
}
