//! Collecting from the simulated organization through the SDK's real clients.

use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use trailproof::collect::{Entrance, Progress, Settings, collect};
use trailproof::simulator::{DEMO_ROLE, Simulator, demo_organization};
use trailproof::snapshot::{Breadth, Selection, Snapshot};

fn base(simulator: &Simulator) -> SdkConfig {
    let (key, secret) = simulator.credentials();
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(key, secret, None, None, "test")))
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(aws_smithy_async::time::SystemTimeSource::new())
        .build()
}

async fn scan(simulator: &Simulator) -> Snapshot {
    let settings = Settings {
        selection: Selection {
            breadth: Breadth::Organization,
            role_name: Some(DEMO_ROLE.into()),
            ..Selection::default()
        },
        entrance: Some(Entrance { role_name: DEMO_ROLE.into(), external_id: None, session_name: "test".into() }),
        accounts_at_once: 16,
    };
    let progress = Arc::new(Progress::default());
    collect(&base(simulator), simulator.http_client(), &settings, progress).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_organization_is_read() {
    let simulator = Simulator::new(demo_organization(jiff::Timestamp::now()));
    let snapshot = scan(&simulator).await;
    snapshot.write_json(&mut std::fs::File::create("/tmp/snap.json").unwrap()).unwrap();
    assert!(simulator.refused_writes().is_empty(), "{:?}", simulator.refused_writes());
}
