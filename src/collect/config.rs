//! AWS Config in the Regions that rules' parameters ask for.

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt};

use super::account::REGIONS_AT_ONCE;
use super::call::Call;
use super::ledger::{Ledger, Malformed, Unit};
use super::session::Session;
use super::trail::time;
use crate::id::RegionName;
use crate::snapshot::{ConfigDelivery, ConfigRegion, ConfigurationRecorder, DeliveryChannelStatus, RecorderStatus};

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
    let client = session.config_service(region);
    let unit = |call| Unit::of(call).account(session.account).region(region);
    let mut found = ConfigRegion::default();

    let asked = unit(Call::DescribeConfigurationRecorders);
    let answer = ledger.ask(&asked, client.describe_configuration_recorders().send()).await;
    found.recorders = ledger.read(&asked, answer, |output| {
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
    let answer = ledger.ask(&asked, client.describe_configuration_recorder_status().send()).await;
    found.recorder_status = ledger.read(&asked, answer, |output| {
        let listed = output.configuration_recorders_status;
        let listed = listed.ok_or_else(|| Malformed::lacks("ConfigurationRecordersStatus"))?;
        let own = listed.into_iter().filter(|recorder| is_own(recorder.service_principal.as_deref()));
        own.map(|recorder| {
            Ok(RecorderStatus {
                name: recorder.name.ok_or_else(|| Malformed::lacks("the name of a recorder"))?,
                recording: recorder.recording,
                last_status: recorder.last_status.map(|status| status.as_str().to_owned()),
                last_error_code: recorder.last_error_code.filter(|code| !code.is_empty()),
                last_start_time: time(recorder.last_start_time)?,
            })
        })
        .collect()
    });

    let asked = unit(Call::DescribeDeliveryChannelStatus);
    let answer = ledger.ask(&asked, client.describe_delivery_channel_status().send()).await;
    found.channel_status = ledger.read(&asked, answer, |output| {
        let listed = output.delivery_channels_status.ok_or_else(|| Malformed::lacks("DeliveryChannelsStatus"))?;
        let export = |info: aws_sdk_config::types::ConfigExportDeliveryInfo| ConfigDelivery {
            last_status: info.last_status.map(|status| status.as_str().to_owned()),
            last_error_code: info.last_error_code.filter(|code| !code.is_empty()),
        };
        let stream = |info: aws_sdk_config::types::ConfigStreamDeliveryInfo| ConfigDelivery {
            last_status: info.last_status.map(|status| status.as_str().to_owned()),
            last_error_code: info.last_error_code.filter(|code| !code.is_empty()),
        };
        let channel = |channel: aws_sdk_config::types::DeliveryChannelStatus| {
            Ok(DeliveryChannelStatus {
                name: channel.name.ok_or_else(|| Malformed::lacks("the name of a delivery channel"))?,
                snapshot: channel.config_snapshot_delivery_info.map(export),
                history: channel.config_history_delivery_info.map(export),
                stream: channel.config_stream_delivery_info.map(stream),
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
