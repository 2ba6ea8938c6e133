//! Runs that last longer than the sessions by which accounts are read.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep};
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use trailproof::collect::{Journal, Progress, Settings, collect};
use trailproof::simulator::{Account, Effect, Role, Simulator, Weather};

use super::judged::{read, read_by, timeless};
use crate::simulated::{ARCHIVE, MANAGEMENT, ROLE, base, good_world, settings};
use crate::virtual_time::Clock;

/// A client of a simulator that takes its time, in which the simulator's clock goes on.
#[derive(Debug, Clone)]
struct Slow {
    simulator: Simulator,
    clock: Clock,
    told: Arc<Mutex<Duration>>,
    pace: Duration,
}

impl HttpClient for Slow {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Slow {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let slow = self.clone();
        HttpConnectorFuture::new(async move {
            slow.clock.sleep(slow.pace).await;
            {
                let (mut told, now) = (slow.told.lock().unwrap(), slow.clock.passed());
                slow.simulator.advance(now.saturating_sub(*told));
                *told = now;
            }
            HttpConnector::call(&slow.simulator, request).await
        })
    }
}

#[test]
fn a_run_that_lasts_longer_than_a_session_renews_it() {
    let mut world = good_world();
    for number in 10..26 {
        let id = format!("4000000000{number}");
        world.accounts.push(Account::new(&id, &id).with_role(Role::new(ROLE, MANAGEMENT)));
    }
    let simulator = Simulator::new(world);
    let clock = Clock::new();
    let slow = Slow {
        simulator: simulator.clone(),
        clock: clock.clone(),
        told: Arc::default(),
        pace: Duration::from_secs(28),
    };
    let base = base(&simulator)
        .into_builder()
        .sleep_impl(SharedAsyncSleep::new(clock.clone()))
        .time_source(SharedTimeSource::new(clock.clone()))
        .build();
    let mut settings = settings();
    settings.accounts_at_once = 1;
    let read = collect(&base, SharedHttpClient::new(slow), &settings, Arc::new(Progress::default()));
    let snapshot = clock.run(read).unwrap();
    assert_eq!(snapshot.gaps, []);
    assert!(clock.passed() > Duration::from_secs(3600), "{:?}", clock.passed());
    let entered = simulator.requests().iter().filter(|request| request.operation == "AssumeRole").count();
    assert!(entered > 18, "{entered}: each of 18 members is entered, and some once more");
    assert!(
        simulator.requests().iter().all(|request| request.service == "s3" || request.status != 403),
        "a session was used that had run out"
    );
}

fn entries(simulator: &Simulator) -> usize {
    simulator.requests().iter().filter(|request| request.operation == "AssumeRole").count()
}

/// AWS may end a session before its time, or tell the time otherwise than this machine.
#[test]
fn a_session_that_is_called_expired_is_renewed_on_the_spot_and_once() {
    let simulator = Simulator::new(good_world());
    let expected = timeless(&read(&simulator, &settings()).0.unwrap());
    let entered = entries(&simulator);
    let refused = Effect::Refuse {
        status: 400,
        code: "ExpiredTokenException".to_owned(),
        message: "The security token included in the request is expired".to_owned(),
    };
    for (service, operation) in [
        ("account", "ListRegions"),
        ("cloudtrail", "DescribeTrails"),
        ("s3", "GetBucketPolicy"),
        ("kms", "DescribeKey"),
    ] {
        let of_member = |weather: Weather| weather.on(service, operation).in_account(ARCHIVE);
        let once = simulator.with_weather(vec![of_member(Weather::new(refused.clone())).first(1)]);
        let snapshot = read(&once, &settings()).0.unwrap();
        assert_eq!(timeless(&snapshot), expected, "{service}:{operation}");
        assert_eq!(entries(&once), entered + 1, "{service}:{operation}");
        let always = simulator.with_weather(vec![of_member(Weather::new(refused.clone()))]);
        let snapshot = read(&always, &settings()).0.unwrap();
        let causes: Vec<&str> = snapshot
            .gaps
            .iter()
            .filter(|gap| gap.operation == format!("{service}:{operation}"))
            .map(|gap| gap.cause.as_str())
            .collect();
        assert!(!causes.is_empty() && causes.iter().all(|cause| *cause == "expired-token"), "{causes:?}");
        assert_eq!(entries(&always), entered + 1, "it is new, and called expired: something else is wrong");
    }
}

/// The simulator's clock leaps, as this machine's does where it slept: all sessions are over, and nobody here knows it.
#[test]
fn sessions_that_end_all_at_once_are_all_renewed() {
    let simulator = Simulator::new(good_world());
    let expected = timeless(&read(&simulator, &settings()).0.unwrap());
    let leaping = simulator.with_weather(Vec::new());
    let client = Leaping { simulator: leaping.clone(), requests: Arc::default() };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let journaled = Settings { journal: Some(Arc::new(Journal::begin(&path).unwrap())), ..settings() };
    let snapshot = read_by(&leaping, SharedHttpClient::new(client), &journaled).0.unwrap();
    assert_eq!(timeless(&snapshot), expected);
    assert!(entries(&leaping) > entries(&simulator));
    let kept = std::fs::read_to_string(&path).unwrap();
    assert!(kept.contains("DescribeTrails") || kept.len() > 10_000);
    for secret in ["SecretAccessKey", "SessionToken"] {
        assert!(!kept.contains(secret), "the journal holds {secret}");
    }
}

/// A client of a simulator whose clock leaps by two hours after some requests.
#[derive(Debug, Clone)]
struct Leaping {
    simulator: Simulator,
    requests: Arc<AtomicUsize>,
}

impl HttpClient for Leaping {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Leaping {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if self.requests.fetch_add(1, Ordering::SeqCst) == 40 {
            self.simulator.advance(Duration::from_secs(7_200));
        }
        HttpConnector::call(&self.simulator, request)
    }
}
