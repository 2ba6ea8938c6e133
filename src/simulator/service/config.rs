//! AWS Config: the customer's recorder and delivery channel of a Region, and how they do.

use super::{Codes, Service, operation_in_target};
use crate::simulator::call::Call;
use crate::simulator::wire::{Answer, Failure, Protocol};
use crate::simulator::world::{Config, ConfigChannel, ConfigRecorder};
use serde_json::{Map, Value, json};

pub(in crate::simulator) static SERVICE: Service = Service {
    name: "config",
    signing_name: "config",
    target: Some("StarlingDoveService"),
    protocol: Protocol::Json,
    codes: Codes::JSON,
    reads: &[
        ("DescribeConfigurationRecorders", "config:DescribeConfigurationRecorders"),
        ("DescribeConfigurationRecorderStatus", "config:DescribeConfigurationRecorderStatus"),
        ("DescribeDeliveryChannelStatus", "config:DescribeDeliveryChannelStatus"),
    ],
    operation: operation_in_target,
    // Source: Service Authorization Reference, "AWS Config": reads of the status of channels know no resources, and those
    // of recorders are asked without naming one.
    resource: |_| None,
    answer,
};

fn answer(call: &Call<'_>) -> Result<Answer, Failure> {
    let own = |config: &&Config| config.account == call.account() && config.region == call.region;
    let config = call.index.world.config.iter().find(own);
    let recorder = config.and_then(|config| config.recorder.as_ref());
    let body = match call.operation {
        "DescribeDeliveryChannelStatus" => {
            let channel = config.and_then(|config| config.channel.as_ref());
            let channel = named(call, "DeliveryChannelNames", channel, |channel| &channel.name)?;
            json!({ "DeliveryChannelsStatus": channel.map(of_channel).into_iter().collect::<Vec<_>>() })
        }
        "DescribeConfigurationRecorderStatus" => {
            let recorder = named(call, "ConfigurationRecorderNames", recorder, |recorder| &recorder.name)?;
            json!({ "ConfigurationRecordersStatus": recorder.map(status).into_iter().collect::<Vec<_>>() })
        }
        _ => {
            let recorder = named(call, "ConfigurationRecorderNames", recorder, |recorder| &recorder.name)?;
            let described = recorder.map(|recorder| describe(call, recorder));
            json!({ "ConfigurationRecorders": described.into_iter().collect::<Vec<_>>() })
        }
    };
    Ok(Answer::text(body.to_string()))
}

/// The one thing that there is, unless others are asked for by name.
fn named<'a, T>(
    call: &Call<'_>,
    parameter: &str,
    found: Option<&'a T>,
    name: impl Fn(&T) -> &String,
) -> Result<Option<&'a T>, Failure> {
    let names = call.parameters.texts(parameter);
    match names.iter().find(|asked| found.is_none_or(|found| name(found) != *asked)) {
        None => Ok(found),
        Some(missing) if parameter == "DeliveryChannelNames" => {
            let message = format!("Cannot find delivery channel with specified name '{missing}'.");
            Err(Failure::new(400, "NoSuchDeliveryChannelException", message))
        }
        Some(missing) => {
            let message = format!("Cannot find configuration recorder with the specified name '{missing}'.");
            Err(Failure::new(400, "NoSuchConfigurationRecorderException", message))
        }
    }
}

fn describe(call: &Call<'_>, recorder: &ConfigRecorder) -> Value {
    let (partition, region, account) = (&call.index.world.partition, call.region, call.account());
    let role = "aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig";
    json!({
        "arn": format!("arn:{partition}:config:{region}:{account}:configuration-recorder/{}/a1b2c3d4", recorder.name),
        "name": recorder.name,
        "roleARN": format!("arn:{partition}:iam::{account}:role/{role}"),
        "recordingGroup": {
            "allSupported": recorder.all_supported,
            "includeGlobalResourceTypes": recorder.all_supported,
            "resourceTypes": [],
        },
        "recordingMode": { "recordingFrequency": "CONTINUOUS" },
        "recordingScope": "PAID",
    })
}

fn status(recorder: &ConfigRecorder) -> Value {
    without_null(json!({
        "name": recorder.name,
        "lastStartTime": recorder.started.as_second(),
        "lastStopTime": (!recorder.recording).then(|| recorder.started.as_second()),
        "recording": recorder.recording,
        "lastStatus": recorder.last_status,
        "lastErrorCode": recorder.last_error_code,
        "lastStatusChangeTime": recorder.started.as_second(),
    }))
}

fn of_channel(channel: &ConfigChannel) -> Value {
    let delivery = |told: &Option<(String, Option<String>)>| match told {
        Some((status, code)) => without_null(json!({ "lastStatus": status, "lastErrorCode": code })),
        None => json!({}),
    };
    json!({
        "name": channel.name,
        "configSnapshotDeliveryInfo": delivery(&channel.snapshot),
        "configHistoryDeliveryInfo": delivery(&channel.history),
        "configStreamDeliveryInfo": delivery(&channel.stream),
    })
}

fn without_null(fields: Value) -> Value {
    let Value::Object(fields) = fields else { return Value::Null };
    Value::Object(fields.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
}
