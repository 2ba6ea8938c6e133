//! CloudWatch: the alarms on what metric filters count.
//!
//! It speaks rpcV2Cbor with the codes that it had when it spoke awsQuery.

use super::{Codes, Service, operation_in_path};
use crate::simulator::call::Call;
use crate::simulator::wire::page::page;
use crate::simulator::wire::{Answer, Failure, Protocol};
use crate::simulator::world::{Alarm, Watched, WatchedMetric};
use serde_json::{Value, json};

pub(in crate::simulator) static SERVICE: Service = Service {
    name: "cloudwatch",
    signing_name: "monitoring",
    target: None,
    protocol: Protocol::Cbor,
    codes: Codes { validation: (400, "ValidationError"), broken: (500, "InternalServiceError"), ..Codes::QUERY },
    reads: &[("DescribeAlarms", "cloudwatch:DescribeAlarms")],
    operation: operation_in_path,
    resource: |call| {
        let (partition, region, account) = (&call.index.world.partition, call.region, call.account());
        Some(format!("arn:{partition}:cloudwatch:{region}:{account}:alarm:*"))
    },
    answer,
};

/// When the alarms were made.
const UPDATED: i64 = 1_609_459_200;

/// The caller's alarms of the Region, sorted by name, at most 100 a page: of metrics alone, where no types are named ("If
/// you omit this parameter, only metric alarms are returned", CloudWatch API Reference, DescribeAlarms).
fn answer(call: &Call<'_>) -> Result<Answer, Failure> {
    let parameters = &call.parameters;
    let invalid = |message: &str| call.service.codes.validation(message);
    let (names, prefix) = (parameters.texts("AlarmNames"), parameters.text("AlarmNamePrefix"));
    if !names.is_empty() && prefix.is_some() {
        return Err(invalid("AlarmNames and AlarmNamePrefix cannot both be specified"));
    }
    let size = usize::try_from(parameters.number("MaxRecords").unwrap_or(50)).ok();
    let size = size.filter(|size| (1..=100).contains(size));
    let size = size.ok_or_else(|| invalid("MaxRecords must be between 1 and 100"))?;
    let types = parameters.texts("AlarmTypes");
    let wanted = |alarm: &Alarm| match alarm.watched {
        Watched::Metric(_) => types.is_empty() || types.contains(&"MetricAlarm"),
        Watched::Alarms(_) => types.contains(&"CompositeAlarm"),
    };
    let does = |alarm: &Alarm, start: &str| alarm.actions.iter().any(|action| action.starts_with(start));
    let found: Vec<&Alarm> = call
        .index
        .alarms
        .at(call.account(), call.region)
        .iter()
        .filter(|alarm| wanted(alarm))
        .filter(|alarm| names.is_empty() || names.contains(&alarm.name()))
        .filter(|alarm| prefix.is_none_or(|prefix| alarm.name().starts_with(prefix)))
        .filter(|alarm| parameters.text("ActionPrefix").is_none_or(|start| does(alarm, start)))
        .filter(|_| parameters.text("StateValue").is_none_or(|state| state == "OK"))
        .collect();
    let page = page(&found, parameters.text("NextToken"), size)
        .ok_or_else(|| Failure::new(400, "InvalidNextToken", "The next token is invalid"))?;
    let of_kind = |metric: bool| -> Vec<Value> {
        let kind = |alarm: &&&Alarm| matches!(alarm.watched, Watched::Metric(_)) == metric;
        page.items.iter().filter(kind).map(|alarm| describe(alarm)).collect()
    };
    let mut body = json!({ "MetricAlarms": of_kind(true), "CompositeAlarms": of_kind(false) });
    if let Some(next) = &page.next {
        body["NextToken"] = json!(next);
    }
    Ok(Answer::cbor(&body))
}

fn describe(alarm: &Alarm) -> Value {
    let mut described = json!({
        "AlarmName": alarm.name(),
        "AlarmArn": alarm.arn,
        "AlarmConfigurationUpdatedTimestamp": UPDATED,
        "ActionsEnabled": alarm.actions_enabled,
        "OKActions": [],
        "AlarmActions": alarm.actions,
        "InsufficientDataActions": [],
        "StateValue": "OK",
        "StateReason": "Unchecked: Initial alarm creation",
        "StateUpdatedTimestamp": UPDATED,
    });
    match &alarm.watched {
        Watched::Metric(metric) => of_metric(metric, &mut described),
        Watched::Alarms(rule) => described["AlarmRule"] = json!(rule),
    }
    described
}

fn of_metric(metric: &WatchedMetric, described: &mut Value) {
    let dimensions = metric.dimensions.iter().map(|(name, value)| json!({ "Name": name, "Value": value }));
    described["MetricName"] = json!(metric.name);
    described["Namespace"] = json!(metric.namespace);
    described["Statistic"] = json!(metric.statistic);
    described["Dimensions"] = dimensions.collect();
    described["Period"] = json!(metric.period);
    described["EvaluationPeriods"] = json!(metric.evaluation_periods);
    described["Threshold"] = json!(metric.threshold);
    described["ComparisonOperator"] = json!(metric.comparison);
    if let Some(count) = metric.datapoints_to_alarm {
        described["DatapointsToAlarm"] = json!(count);
    }
    if let Some(treated) = &metric.treat_missing_data {
        described["TreatMissingData"] = json!(treated);
    }
}
