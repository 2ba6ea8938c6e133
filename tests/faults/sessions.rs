//! Runs that last longer than the sessions by which accounts are read.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep};
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use trailproof::collect::{Progress, collect};
use trailproof::simulator::{Account, Role, Simulator};

use crate::simulated::{MANAGEMENT, ROLE, base, good_world, settings};
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
    for number in 0..6 {
        let id = format!("40000000000{number}");
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
    assert!(entered > 8, "{entered}");
    assert!(
        simulator.requests().iter().all(|request| request.service == "s3" || request.status != 403),
        "a session was used that had run out"
    );
}
