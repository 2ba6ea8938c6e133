//! Pace: ceilings that are never exceeded, and quotas that are used politely.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use simulated::{MANAGEMENT, ROLE, base, code, good_world, serve, settings, stderr, trailproof};
use trailproof::collect::{Pace, Progress, Settings, collect};
use trailproof::simulator::{Account, Effect, Quota, Role, Simulator, Weather, World};
use trailproof::snapshot::Snapshot;

/// A client that takes down when requests go out, and how many are under way.
#[derive(Debug, Clone)]
struct Recorder {
    inner: SharedHttpClient,
    seen: Arc<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    times: Mutex<Vec<Instant>>,
    under_way: AtomicUsize,
    most: AtomicUsize,
}

#[derive(Debug)]
struct RecordingConnector {
    inner: SharedHttpConnector,
    seen: Arc<Seen>,
}

impl HttpClient for Recorder {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        SharedHttpConnector::new(RecordingConnector { inner, seen: self.seen.clone() })
    }
}

impl HttpConnector for RecordingConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.seen.times.lock().unwrap().push(Instant::now());
        let now = self.seen.under_way.fetch_add(1, Ordering::SeqCst) + 1;
        self.seen.most.fetch_max(now, Ordering::SeqCst);
        let (answer, seen) = (self.inner.call(request), self.seen.clone());
        HttpConnectorFuture::new(async move {
            tokio::time::sleep(Duration::from_millis(5)).await;
            let answer = answer.await;
            seen.under_way.fetch_sub(1, Ordering::SeqCst);
            answer
        })
    }
}

fn read(simulator: &Simulator, pace: Pace, accounts_at_once: usize) -> (Snapshot, Arc<Seen>) {
    let seen = Arc::new(Seen::default());
    let client = SharedHttpClient::new(Recorder { inner: simulator.http_client(), seen: seen.clone() });
    let settings = Settings { pace, accounts_at_once, ..settings() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let base = base(simulator);
    let read = collect(&base, client, &settings, Arc::new(Progress::default()));
    (runtime.block_on(read).unwrap(), seen)
}

fn world_of(accounts: u64) -> World {
    let mut world = good_world();
    for number in 0..accounts {
        let id = format!("{:012}", 600_000_000_000 + number);
        world.accounts.push(Account::new(&id, &id).with_role(Role::new(ROLE, MANAGEMENT)));
    }
    world
}

/// Retries count: a part of the requests is throttled.
#[test]
fn no_more_requests_a_second_than_the_user_allows() {
    let throttled =
        Weather::new(Effect::Throttle).on("cloudtrail", "DescribeTrails").in_region("eu-*").first(1).each_place();
    let simulator = Simulator::new(world_of(10)).with_weather(vec![throttled]);
    let rate = 200;
    let (snapshot, seen) = read(&simulator, Pace { max_rps: Some(rate), ..Pace::default() }, 16);
    assert_eq!(snapshot.gaps, []);
    let mut times = seen.times.lock().unwrap().clone();
    times.sort();
    assert!(times.len() > 400, "{}", times.len());
    let a_second = |from: Instant| {
        times.iter().filter(|at| **at >= from && at.duration_since(from) < Duration::from_secs(1)).count()
    };
    let most = times.iter().map(|from| a_second(*from)).max().unwrap();
    // One more, as both ends of a second are in it; and one for the moment between the gate and the record.
    assert!(most <= rate as usize + 2, "{most}");
    assert!(most > rate as usize / 4, "it is a ceiling, and not a brake: {most}");
}

#[test]
fn no_more_requests_under_way_than_the_user_allows() {
    for most in [1, 3, 20] {
        let simulator = Simulator::new(world_of(10));
        let (snapshot, seen) = read(&simulator, Pace { max_requests: Some(most), ..Pace::default() }, 16);
        assert_eq!(snapshot.gaps, []);
        assert_eq!(seen.most.load(Ordering::SeqCst), most);
    }
}

/// A quota of STS that all accounts share, far below what is asked of it: the run slows down, and is whole.
#[test]
fn a_shared_quota_slows_a_run_down_and_fails_nothing() {
    const ACCOUNTS: u64 = 60;
    let limited = Simulator::new(world_of(ACCOUNTS)).with_quota(Quota::new("sts", 25.0, 5.0));
    let (hasty, _) = read(&Simulator::new(world_of(ACCOUNTS)), Pace::default(), 64);
    let (polite, _) = read(&limited, Pace { polite: true, ..Pace::default() }, 64);
    assert_eq!(polite.gaps, []);
    assert_eq!(polite.accounts.len(), hasty.accounts.len());
    let throttles = polite.run.throttles;
    assert!(throttles > 0 && throttles < ACCOUNTS, "{throttles}: each account is throttled less than once");
}

#[test]
fn the_ceilings_are_options() {
    let folder = tempfile::tempdir().unwrap();
    let served = serve(Simulator::new(good_world()));
    let began = Instant::now();
    let mut command = served.trailproof();
    command.args(["collect", "--role-name", ROLE, "--max-rps", "100", "--max-concurrency", "2", "-o"]);
    let output = command.arg(folder.path().join("s.json")).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let requests = served.simulator.requests().len();
    assert!(
        began.elapsed() >= Duration::from_millis(10) * (requests as u32 - 1),
        "{requests} in {:?}",
        began.elapsed()
    );
    for arguments in [["--max-rps", "0"], ["--max-concurrency", "0"]] {
        let output = trailproof().arg("scan").args(arguments).output().unwrap();
        assert_eq!(code(&output), 2, "{}", stderr(&output));
    }
}
