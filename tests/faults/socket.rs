//! A part of the matrix over a socket, where connections break as connections do.

use std::sync::Arc;
use std::time::{Duration, Instant};

use trailproof::collect::{CALLS, Network, Patience, Progress, Settings, collect};
use trailproof::simulator::Simulator;

use super::fault::faults;
use super::judged::timeless;
use crate::simulated::{MEMBER, base, good_world, serve, settings};

/// Of each protocol one call.
const CALLED: [&str; 4] = ["cloudtrail:DescribeTrails", "s3:ListBuckets", "account:ListRegions", "sts:AssumeRole"];

#[test]
fn faults_over_a_socket_are_what_they_are_in_process() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut patient = Settings {
        patience: Patience {
            call: Duration::from_secs(6),
            attempt: Duration::from_secs(2),
            attempts: 2,
            pause: Duration::from_millis(50),
            largest_answer: super::fault::HUGE - 1,
            most_pages: super::fault::MOST_PAGES,
            ..Patience::default()
        },
        ..settings()
    };
    patient.selection.regions = vec!["us-east-1".parse().unwrap()];
    let simulator = Simulator::new(good_world());
    let read = |simulator: Simulator| {
        let served = serve(simulator);
        let base = base(&served.simulator).into_builder().endpoint_url(format!("http://{}", served.address)).build();
        runtime.block_on(collect(&base, Network::default().client(), &patient, Arc::new(Progress::default()))).unwrap()
    };
    let fair = timeless(&read(simulator.clone()));
    for call in
        CALLS.iter().filter(|declared| CALLED.contains(&declared.operation) && declared.source == declared.operation)
    {
        let account = if call.operation == "sts:AssumeRole" { "111111111111" } else { MEMBER };
        let account = if call.operation == "s3:ListBuckets" { "222222222222" } else { account };
        for fault in faults() {
            let begun = Instant::now();
            let snapshot = read(simulator.with_weather(vec![fault.weather(call, account)]));
            assert!(begun.elapsed() < Duration::from_secs(30), "{} {}", call.operation, fault.name);
            let place = format!("{} {}: {:?}", call.operation, fault.name, snapshot.gaps);
            let own = snapshot.gaps.iter().filter(|gap| gap.operation == call.operation);
            let causes: Vec<&str> = own.map(|gap| gap.cause.as_str()).collect();
            if causes.is_empty() {
                assert!(timeless(&snapshot) == fair || fault.misleads, "{place}");
            } else {
                let known = ["not-found-elsewhere", "unreachable", "throttled"];
                let told = |cause: &&str| fault.causes.contains(cause) || fault.misleads || known.contains(cause);
                assert!(causes.iter().all(told), "{place}");
            }
        }
    }
}
