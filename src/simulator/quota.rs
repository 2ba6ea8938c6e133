//! How many requests an account may make, as AWS counts them: per account, Region and service, or some of its operations.

use super::answer::Heard;
use super::glob::covers;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;

/// A token bucket for each account, Region and service.
///
/// ```
/// use trailproof::simulator::{Quota, Simulator, World};
/// // CloudTrail: 10 a second for each account and Region.
/// let world = World::with_organization("o-exampleorgid", "111111111111");
/// let simulator = Simulator::new(world).with_quota(Quota::new("cloudtrail", 10.0, 10.0));
/// # let _ = simulator;
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Quota {
    covered: String,
    per_second: f64,
    burst: f64,
}

impl Quota {
    /// A quota on the services that a pattern covers, or on operations of one: `organizations:List*ForParent`.
    pub fn new(covered: &str, per_second: f64, burst: f64) -> Self {
        Self { covered: covered.to_owned(), per_second, burst }
    }
}

/// What is left for each account, Region and service, and since when.
type Left = Mutex<HashMap<String, (f64, Instant)>>;

/// The quotas and what is left of them.
#[derive(Debug, Default)]
pub(super) struct Meter {
    quotas: Vec<(Quota, Left)>,
}

impl Meter {
    pub(super) fn new(quotas: Vec<Quota>) -> Self {
        Self { quotas: quotas.into_iter().map(|quota| (quota, Mutex::default())).collect() }
    }

    pub(super) fn quotas(&self) -> Vec<Quota> {
        self.quotas.iter().map(|(quota, _)| quota.clone()).collect()
    }

    /// Takes a request off the quotas, or tells that there is nothing left. Time is tokio's, so that a test may stop it.
    pub(super) fn allows(&self, heard: &Heard<'_>) -> bool {
        let operation = format!("{}:{}", heard.service_name, heard.operation);
        let counts = |quota: &Quota| covers(&quota.covered, &heard.service_name) || covers(&quota.covered, &operation);
        self.quotas.iter().filter(|(quota, _)| counts(quota)).all(|(quota, left)| {
            let now = Instant::now();
            let place = format!("{}/{}/{}", heard.account(), heard.region, heard.service_name);
            let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
            let (tokens, since) = left.entry(place).or_insert((quota.burst, now));
            let earned = now.duration_since(*since).as_secs_f64() * quota.per_second;
            *tokens = (*tokens + earned).min(quota.burst);
            *since = now;
            let enough = *tokens >= 1.0;
            if enough {
                *tokens -= 1.0;
            }
            enough
        })
    }
}
