//! A fifth of all requests throttled, whatever their rate: the same results, and not much later.

use std::sync::Arc;
use std::time::Duration;

use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep};
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use serde_json::Value;
use trailproof::collect::{Needs, Pace, Progress, Settings, collect};
use trailproof::simulator::{Account, Effect, Role, Simulator, Weather};

use super::judged::timeless;
use crate::frayed::frayed_world;
use crate::simulated::{MANAGEMENT, ROLE, base, settings};
use crate::virtual_time::Clock;

/// How long an answer takes: a request within a continent.
const LATENCY: Duration = Duration::from_millis(50);

/// A client of a simulator whose answers take their time.
#[derive(Debug, Clone)]
struct Far {
    simulator: Simulator,
    clock: Clock,
}

impl HttpClient for Far {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Far {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let far = self.clone();
        HttpConnectorFuture::new(async move {
            far.clock.sleep(LATENCY).await;
            HttpConnector::call(&far.simulator, request).await
        })
    }
}

/// What is read, how long it takes, and how much of it was throttled.
fn read(simulator: &Simulator) -> (Value, Duration, u64, u64) {
    let clock = Clock::new();
    let base = base(simulator)
        .into_builder()
        .sleep_impl(SharedAsyncSleep::new(clock.clone()))
        .time_source(SharedTimeSource::new(clock.clone()))
        .build();
    // As the binary does where nothing else is said.
    let pace = Pace { max_rps: None, max_requests: Some(256), polite: true };
    let needs = Needs::everything();
    let settings = Settings { pace, needs, accounts_at_once: 64, ..settings() };
    let far = SharedHttpClient::new(Far { simulator: simulator.clone(), clock: clock.clone() });
    let snapshot = clock.run(collect(&base, far, &settings, Arc::new(Progress::default()))).unwrap();
    (timeless(&snapshot), clock.passed(), snapshot.run.requests, snapshot.run.throttles)
}

#[test]
fn a_fifth_of_all_requests_throttled_changes_nothing_and_is_over_in_bounded_time() {
    let mut world = frayed_world();
    for number in 0..200_u64 {
        let id = format!("{:012}", 600_000_000_000 + number * 7_919);
        world.accounts.push(Account::new(&id, &id).with_role(Role::new(ROLE, MANAGEMENT)));
    }
    let fair = Simulator::new(world).without_log();
    let (expected, usual, requests, none) = read(&fair);
    assert_eq!(none, 0);
    for seed in 1..=4 {
        let throttled = fair.with_weather(vec![Weather::new(Effect::Throttle).percent(20, seed)]).without_log();
        // The SDK's pauses are by chance: the same one in every run.
        fastrand::seed(seed);
        let (found, passed, all, throttles) = read(&throttled);
        assert!(throttles * 6 > all && throttles * 4 < all, "{throttles} of {all}");
        assert!(found == expected, "seed {seed}: something else was read");
        println!(
            "{usual:?} for {requests} requests in fair weather, {passed:?} for {all}, {throttles} of them throttled"
        );
        // Parts of the run that follow on each other wait for their unluckiest call each: that weighs less the larger it is.
        assert!(passed <= usual * 2, "{usual:?} in fair weather, {passed:?} with {throttles} of {all} throttled");
    }
}
