use crate::simulator::clients::{of_account, refusal};
use aws_sdk_config::Client;
use aws_sdk_config::types::{DeliveryStatus, RecorderStatus};
use trailproof::simulator::{Account, Config, Denial, PolicyKind, Simulator, World};

const OWNER: &str = "222222222222";

fn world() -> World {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    world.accounts.push(Account::new(OWNER, "payments"));
    world.config.push(Config::recording("111111111111", "eu-west-1").stopped());
    world.config.push(Config::recording(OWNER, "eu-west-1").failing("AccessDenied"));
    world.config.push(Config { channel: None, ..Config::recording(OWNER, "us-east-1") });
    world
}

fn client(world: World, region: &'static str) -> Client {
    Client::new(&of_account(&Simulator::new(world), OWNER, region))
}

#[tokio::test]
async fn the_recorder_of_the_region_is_told() {
    let client = client(world(), "eu-west-1");
    let recorders = client.describe_configuration_recorders().send().await.unwrap();
    let [recorder] = recorders.configuration_recorders() else { panic!("{recorders:?}") };
    assert_eq!((recorder.name(), recorder.service_principal()), (Some("default"), None));
    assert!(recorder.recording_group().unwrap().all_supported());
    let status = client.describe_configuration_recorder_status().send().await.unwrap();
    let [status] = status.configuration_recorders_status() else { panic!("{status:?}") };
    assert_eq!((status.recording(), status.last_status()), (true, Some(&RecorderStatus::Success)));
    assert_eq!(status.last_start_time().map(|time| time.secs()), Some(1_609_459_200));
}

#[tokio::test]
async fn the_channel_tells_each_kind_of_delivery() {
    let told = client(world(), "eu-west-1").describe_delivery_channel_status().send().await.unwrap();
    let [channel] = told.delivery_channels_status() else { panic!("{told:?}") };
    let history = channel.config_history_delivery_info().unwrap();
    assert_eq!(history.last_status(), Some(&DeliveryStatus::Failure));
    assert_eq!(history.last_error_code(), Some("AccessDenied"));
    let stream = channel.config_stream_delivery_info().unwrap();
    assert_eq!((stream.last_status(), stream.last_error_code()), (Some(&DeliveryStatus::NotApplicable), None));
    let none = client(world(), "us-east-1").describe_delivery_channel_status().send().await.unwrap();
    assert_eq!(none.delivery_channels_status.unwrap(), []);
}

#[tokio::test]
async fn a_region_without_a_recorder_lists_none() {
    let client = client(world(), "eu-central-1");
    assert_eq!(client.describe_configuration_recorders().send().await.unwrap().configuration_recorders.unwrap(), []);
    let status = client.describe_configuration_recorder_status().send().await.unwrap();
    assert_eq!(status.configuration_recorders_status.unwrap(), []);
    let refused = refusal(client.describe_configuration_recorders().configuration_recorder_names("x").send().await);
    assert_eq!(refused.1, "NoSuchConfigurationRecorderException");
    let refused = refusal(client.describe_delivery_channel_status().delivery_channel_names("x").send().await);
    assert_eq!(refused.1, "NoSuchDeliveryChannelException");
}

#[tokio::test]
async fn denials_hold_and_writes_are_refused() {
    let mut world = world();
    let denial = Denial::explicit(PolicyKind::ServiceControl, "config:DescribeConfigurationRecorder*");
    world.account_mut(OWNER).unwrap().denials.push(denial);
    let client = client(world, "eu-west-1");
    let (status, code, message) = refusal(client.describe_configuration_recorder_status().send().await);
    assert_eq!((status, code.as_str()), (400, "AccessDeniedException"));
    assert!(message.contains("service control policy"), "{message}");
    assert!(client.describe_delivery_channel_status().send().await.is_ok());
    let refused = refusal(client.stop_configuration_recorder().configuration_recorder_name("default").send().await);
    assert_eq!(refused.0, 403);
}
