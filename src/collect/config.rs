//! AWS Config in the Regions that rules' parameters ask for.

use std::collections::BTreeMap;

use aws_smithy_types::DateTime;
use futures_util::stream::{self, StreamExt};
use serde::Deserialize;

use super::account::REGIONS_AT_ONCE;
use super::call::Call;
use super::direct::{self, Nothing, Rest};
use super::ledger::{Ledger, Malformed, Unit};
use super::session::Session;
use super::trail::time;
use crate::id::RegionName;
use crate::snapshot::{ConfigDelivery, ConfigRegion, ConfigurationRecorder, DeliveryChannelStatus, RecorderStatus};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Recorders {
    #[serde(flatten)]
    _rest: Rest,
    configuration_recorders: Option<Vec<Recorder>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recorder {
    #[serde(flatten)]
    _rest: Rest,
    name: Option<String>,
    service_principal: Option<String>,
    recording_group: Option<RecordingGroup>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecordingGroup {
    #[serde(flatten)]
    _rest: Rest,
    /// False where it is left out: the default in AWS's model of the service, and a default need not be sent (Smithy
    /// specification, "default trait").
    #[serde(default)]
    all_supported: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Recordings {
    #[serde(flatten)]
    _rest: Rest,
    configuration_recorders_status: Option<Vec<Recording>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recording {
    #[serde(flatten)]
    _rest: Rest,
    name: Option<String>,
    service_principal: Option<String>,
    /// False where it is left out, as `all_supported`.
    #[serde(default)]
    recording: bool,
    last_status: Option<String>,
    last_error_code: Option<String>,
    /// In seconds since 1970.
    last_start_time: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Channels {
    #[serde(flatten)]
    _rest: Rest,
    delivery_channels_status: Option<Vec<Channel>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Channel {
    #[serde(flatten)]
    _rest: Rest,
    name: Option<String>,
    config_snapshot_delivery_info: Option<Delivery>,
    config_history_delivery_info: Option<Delivery>,
    config_stream_delivery_info: Option<Delivery>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delivery {
    #[serde(flatten)]
    _rest: Rest,
    last_status: Option<String>,
    last_error_code: Option<String>,
}

impl From<Delivery> for ConfigDelivery {
    fn from(told: Delivery) -> Self {
        Self { last_status: told.last_status, last_error_code: told.last_error_code.filter(|code| !code.is_empty()) }
    }
}

/// Reads AWS Config in some Regions of an account.
pub(super) async fn read(
    session: &Session,
    regions: Vec<RegionName>,
    ledger: &Ledger,
) -> BTreeMap<RegionName, ConfigRegion> {
    stream::iter(regions)
        .map(|region| async move {
            let read = read_region(session, &region, ledger).await;
            (region, read)
        })
        .buffer_unordered(REGIONS_AT_ONCE)
        .collect()
        .await
}

async fn read_region(session: &Session, region: &RegionName, ledger: &Ledger) -> ConfigRegion {
    let client = session.direct(&direct::CONFIG, region);
    let unit = |call| Unit::of(call).account(session.account).region(region);
    let mut found = ConfigRegion::default();

    let asked = unit(Call::DescribeConfigurationRecorders);
    let answer = ledger.ask(&asked, client.ask(Call::DescribeConfigurationRecorders, &Nothing {})).await;
    found.recorders = ledger.read(&asked, answer, |output: Recorders| {
        let listed = output.configuration_recorders.ok_or_else(|| Malformed::lacks("ConfigurationRecorders"))?;
        let own = listed.into_iter().filter(|recorder| is_own(recorder.service_principal.as_deref()));
        own.map(|recorder| {
            let name = recorder.name.ok_or_else(|| Malformed::lacks("the name of a recorder"))?;
            let all_supported = recorder.recording_group.is_some_and(|group| group.all_supported);
            Ok(ConfigurationRecorder { name, all_supported })
        })
        .collect()
    });
    if found.recorders.as_ref().is_some_and(|recorders| recorders.value.is_empty()) {
        return found;
    }

    let asked = unit(Call::DescribeConfigurationRecorderStatus);
    let answer = ledger.ask(&asked, client.ask(Call::DescribeConfigurationRecorderStatus, &Nothing {})).await;
    found.recorder_status = ledger.read(&asked, answer, |output: Recordings| {
        let listed = output.configuration_recorders_status;
        let listed = listed.ok_or_else(|| Malformed::lacks("ConfigurationRecordersStatus"))?;
        let own = listed.into_iter().filter(|recorder| is_own(recorder.service_principal.as_deref()));
        own.map(|recorder| {
            Ok(RecorderStatus {
                name: recorder.name.ok_or_else(|| Malformed::lacks("the name of a recorder"))?,
                recording: recorder.recording,
                last_status: recorder.last_status,
                last_error_code: recorder.last_error_code.filter(|code| !code.is_empty()),
                last_start_time: time(recorder.last_start_time.map(DateTime::from_secs_f64))?,
            })
        })
        .collect()
    });

    let asked = unit(Call::DescribeDeliveryChannelStatus);
    let answer = ledger.ask(&asked, client.ask(Call::DescribeDeliveryChannelStatus, &Nothing {})).await;
    found.channel_status = ledger.read(&asked, answer, |output: Channels| {
        let listed = output.delivery_channels_status.ok_or_else(|| Malformed::lacks("DeliveryChannelsStatus"))?;
        let channel = |channel: Channel| {
            Ok(DeliveryChannelStatus {
                name: channel.name.ok_or_else(|| Malformed::lacks("the name of a delivery channel"))?,
                snapshot: channel.config_snapshot_delivery_info.map(ConfigDelivery::from),
                history: channel.config_history_delivery_info.map(ConfigDelivery::from),
                stream: channel.config_stream_delivery_info.map(ConfigDelivery::from),
            })
        };
        listed.into_iter().map(channel).collect()
    });
    found
}

/// Whether a recorder is the customer's: one that a service keeps for itself names the service.
///
/// Source: AWS Config API Reference, ConfigurationRecorder (servicePrincipal).
fn is_own(service: Option<&str>) -> bool {
    service.is_none_or(str::is_empty)
}
