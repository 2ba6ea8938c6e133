//! A simulated organization of any size, served on a loopback port by a process of its own.

use std::io::{self, Read};
use std::net::Ipv4Addr;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use tokio::net::TcpListener;
use trailproof::simulator::{
    Account, Bucket, DEMO_ROLE, Effect, Identity, Key, LogGroup, Quota, Role, Simulator, Topic, Trail, TrailStatus,
    Weather, World, log_bucket_policy, trail_key_policy,
};

const MANAGEMENT: &str = "111122223333";
const ARCHIVE: &str = "222233334444";
const BUCKET: &str = "acme-org-cloudtrail-logs";
const TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111122223333:trail/org-trail";
const KEY: &str = "arn:aws:kms:us-east-1:222233334444:key/6f0c5e2a-93b1-4d47-8a52-1be0c7d94f10";
const TOPIC: &str = "arn:aws:sns:us-east-1:111122223333:trail";
const LOG_GROUP: &str = "arn:aws:logs:us-east-1:111122223333:log-group:aws-cloudtrail-logs-org";

/// How many accounts are in each unit.
const IN_A_UNIT: usize = 50;

/// An organization of so many accounts with one organization trail; every tenth member has a trail of its own, into one of
/// a hundred buckets.
fn world(accounts: usize) -> World {
    let now = Timestamp::now();
    let mut world = World::with_organization("o-acmeretail", MANAGEMENT);
    let member = |id: &str, name: &str| Account::new(id, name).with_role(Role::new(DEMO_ROLE, MANAGEMENT));
    world.accounts.push(member(ARCHIVE, "log-archive").in_unit("Security"));
    for number in 0..accounts.saturating_sub(2) {
        let id = format!("{:012}", 300_000_000_000 + number);
        let unit = format!("Workloads/Team {:03}", number / IN_A_UNIT);
        world.accounts.push(member(&id, &format!("account-{number}")).in_unit(&unit));
        if number % 10 == 5 {
            let bucket = format!("acme-team-logs-{:03}", number / 10 % 100);
            world.trails.push(Trail::new(&id, "local", "us-east-1", &bucket).with_status(TrailStatus::logging(now)));
            if world.bucket_mut(&bucket).is_none() {
                world.buckets.push(Bucket::new(&bucket, &id, "us-east-1").versioned());
            }
        }
    }
    let role = Identity::log_role("cloudtrail-to-cloudwatch", LOG_GROUP, Some("o-acmeretail"));
    if let Some(management) = world.account_mut(MANAGEMENT) {
        management.identities.roles.push(role);
    }
    let trail = Trail::new(MANAGEMENT, "org-trail", "us-east-1", BUCKET);
    let trail = trail.of_organization().validated().encrypted_with(KEY).announcing_to(TOPIC).copying_to(LOG_GROUP);
    world.trails.push(trail.with_status(TrailStatus::logging(now)));
    world.keys.push(Key::new(KEY).with_policy(&trail_key_policy(ARCHIVE, TRAIL)));
    world.topics.push(Topic::new(TOPIC));
    world.log_groups.push(LogGroup::new(LOG_GROUP).keeping_days(365));
    let bucket = Bucket::new(BUCKET, ARCHIVE, "us-east-1").versioned().encrypted_with(KEY);
    let bucket = bucket.with_policy(&log_bucket_policy(BUCKET, TRAIL, Some("o-acmeretail")));
    world.buckets.push(bucket.with_lifecycle(json!({ "Rules": [{
        "ID": "seven-years", "Status": "Enabled", "Filter": { "Prefix": "" }, "Expiration": { "Days": 2555 },
    }] })));
    world
}

/// Serves the organization until the standard input ends, with the quotas of AWS that accounts share. The first line says
/// where, and with which keys.
pub(crate) fn serve(accounts: usize, latency: Duration) -> io::Result<()> {
    let weather = if latency.is_zero() { Vec::new() } else { vec![Weather::new(Effect::Latency(latency))] };
    let simulator = Simulator::new(world(accounts))
        .without_log()
        .with_weather(weather)
        .with_quota(Quota::new("organizations:List*ForParent", 5.0, 8.0))
        .with_quota(Quota::new("organizations:ListPoliciesForTarget", 5.0, 8.0))
        .with_quota(Quota::new("organizations:DescribePolicy", 2.0, 2.0))
        .with_quota(Quota::new("sts", 600.0, 600.0));
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (key, secret) = simulator.credentials();
        println!("http://{} {key} {secret}", listener.local_addr()?);
        let over = tokio::task::spawn_blocking(|| io::stdin().read_to_end(&mut Vec::new()));
        simulator.serve(listener, async move { drop(over.await) }).await
    })
}
