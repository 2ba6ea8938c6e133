//! Simulated organizations, and ways to read them: in process, or through a socket by the binary.

#![allow(dead_code, reason = "each test crate uses a part of it")]

use std::net::SocketAddr;
use std::process::{Command, Output};
use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use jiff::Timestamp;
use serde_json::json;
use trailproof::collect::{CollectError, Entrance, Needs, Progress, Secret, Settings, collect};
use trailproof::simulator::{
    Account, Bucket, Config, EventBus, EventDataStore, EventRule, Identity, Key, LogGroup, Role, Simulator, Topic,
    Trail, TrailStatus, World, log_bucket_policy, trail_key_policy,
};
use trailproof::snapshot::{Breadth, Selection, Snapshot};

pub(crate) const ROLE: &str = "audit";
pub(crate) const MANAGEMENT: &str = "111111111111";
pub(crate) const ARCHIVE: &str = "222222222222";
pub(crate) const MEMBER: &str = "333333333333";
pub(crate) const BUCKET: &str = "example-trail-logs";
pub(crate) const TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111111111111:trail/org-trail";
pub(crate) const KEY: &str = "arn:aws:kms:us-east-1:222222222222:key/00000000-0000-0000-0000-000000000001";
pub(crate) const TOPIC: &str = "arn:aws:sns:us-east-1:111111111111:trail";
/// The topic that changes of the trail are told to.
pub(crate) const ALERTS: &str = "arn:aws:sns:us-east-1:111111111111:alerts";
pub(crate) const BUS: &str = "arn:aws:events:us-east-1:111111111111:event-bus/default";
pub(crate) const TRAIL_CHANGES: &str = r#"{ "source": ["aws.cloudtrail"], "detail": { "eventSource": ["cloudtrail.amazonaws.com"],
    "eventName": ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors", "PutInsightSelectors"] } }"#;
pub(crate) const LOG_GROUP: &str = "arn:aws:logs:us-east-1:111111111111:log-group:trail";

pub(crate) const STORE: &str =
    "arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/00000000-0000-0000-0000-000000000001";

/// An organization in which every rule passes: one good organization trail, a log archive, one member.
pub(crate) fn good_world() -> World {
    let now = Timestamp::now();
    let mut world = World::with_organization("o-exampleorg", MANAGEMENT);
    for (id, name) in [(ARCHIVE, "log-archive"), (MEMBER, "payments")] {
        world.accounts.push(Account::new(id, name).with_role(Role::new(ROLE, MANAGEMENT)));
    }
    world.config.extend([MANAGEMENT, ARCHIVE, MEMBER].map(|account| Config::recording(account, "us-east-1")));
    let role = Identity::log_role("cloudtrail-to-cloudwatch", LOG_GROUP, Some("o-exampleorg"));
    world.account_mut(MANAGEMENT).unwrap().identities.roles.push(role);
    world.trails.push(good_trail(now));
    world.keys.push(Key::new(KEY).with_policy(&trail_key_policy(ARCHIVE, TRAIL)));
    world.topics.push(Topic::new(TOPIC));
    world.log_groups.push(LogGroup::new(LOG_GROUP));
    world.topics.push(Topic::new(ALERTS).letting("events.amazonaws.com").heard_by("email", "oncall@example.com"));
    world.event_buses.push(EventBus::new(BUS).with_rule(EventRule::new("trail-changes", TRAIL_CHANGES).to(ALERTS)));
    world.event_data_stores.push(EventDataStore::new(STORE, "lake").of_organization().encrypted_with(KEY));
    world.buckets.push(good_bucket());
    world.buckets.push(Bucket::new("example-access-logs", ARCHIVE, "us-east-1"));
    world
}

pub(crate) fn good_trail(now: Timestamp) -> Trail {
    let status = TrailStatus { ..TrailStatus::logging(now) };
    Trail::new(MANAGEMENT, "org-trail", "us-east-1", BUCKET)
        .of_organization()
        .validated()
        .encrypted_with(KEY)
        .announcing_to(TOPIC)
        .copying_to(LOG_GROUP)
        .with_status(status)
}

pub(crate) fn good_bucket() -> Bucket {
    let mut bucket = Bucket::new(BUCKET, ARCHIVE, "us-east-1")
        .versioned()
        .encrypted_with(KEY)
        .with_policy(&log_bucket_policy(BUCKET, TRAIL, Some("o-exampleorg")))
        .logging_to("example-access-logs", "logs/")
        .with_lifecycle(json!({ "Rules": [{
            "ID": "archive", "Status": "Enabled", "Filter": {},
            "Transitions": [{ "Days": 90, "StorageClass": "GLACIER" }], "Expiration": { "Days": 2555 },
        }] }));
    bucket.object_lock = Some(json!({
        "ObjectLockEnabled": "Enabled", "Rule": { "DefaultRetention": { "Mode": "COMPLIANCE", "Years": 1 } },
    }));
    bucket
}

/// The configuration of the management account's caller.
pub(crate) fn base(simulator: &Simulator) -> SdkConfig {
    let (key, secret) = simulator.credentials();
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(key, secret, None, None, "test")))
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .time_source(aws_smithy_async::time::SystemTimeSource::new())
        .build()
}

/// Settings that scan the whole organization.
pub(crate) fn settings() -> Settings {
    Settings {
        selection: Selection {
            breadth: Breadth::Organization,
            role_name: Some(ROLE.to_owned()),
            ..Selection::default()
        },
        needs: Needs::everything(),
        entrance: Some(Entrance { role_name: ROLE.to_owned(), external_id: None, session_name: "test".to_owned() }),
        accounts_at_once: 16,
        ..Settings::default()
    }
}

pub(crate) fn with_external_id(mut settings: Settings, id: &str) -> Settings {
    if let Some(entrance) = &mut settings.entrance {
        entrance.external_id = Some(Secret(id.to_owned()));
    }
    settings
}

/// Reads a simulated organization in process.
pub(crate) fn try_read(simulator: &Simulator, settings: &Settings) -> Result<Snapshot, CollectError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(collect(&base(simulator), simulator.http_client(), settings, Arc::new(Progress::default())))
}

pub(crate) fn read(simulator: &Simulator) -> Snapshot {
    try_read(simulator, &settings()).unwrap()
}

/// A simulator that listens on a loopback port until it is dropped.
pub(crate) struct Served {
    pub(crate) simulator: Simulator,
    pub(crate) address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

pub(crate) fn serve(simulator: Simulator) -> Served {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = simulator.clone();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let shutdown = async {
                let _ = stopped.await;
            };
            serving.serve(listener, shutdown).await.unwrap();
        });
        runtime.shutdown_background();
    });
    Served { simulator, address, stop: Some(stop), thread: Some(thread) }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The binary, in an environment of its own.
pub(crate) fn trailproof() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trailproof"));
    command.env_clear().env("HOME", "/nonexistent").env("AWS_EC2_METADATA_DISABLED", "true");
    command
}

impl Served {
    /// The binary, pointed at this simulator with the management account's credentials.
    pub(crate) fn trailproof(&self) -> Command {
        let (key, secret) = self.simulator.credentials();
        let mut command = trailproof();
        command
            .env("AWS_ENDPOINT_URL", format!("http://{}", self.address))
            .env("AWS_ACCESS_KEY_ID", key)
            .env("AWS_SECRET_ACCESS_KEY", secret)
            .env("AWS_REGION", "us-east-1");
        command
    }
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}
