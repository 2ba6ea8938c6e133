//! The edges: trails of members, each with something that happened to it.

use super::accounts::VENDOR;
use crate::simulator::world::documents::{deliver, deny_insecure_transport, trail_key_policy};
use crate::simulator::world::{Bucket, EventDataStore, Identity, Key, LogGroup, Topic, Trail, TrailStatus, World};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

pub(super) fn add(world: &mut World, now: Timestamp) {
    silenced_trails(world, now);
    broken_deliveries(world, now);
    weak_buckets(world, now);
    weak_keys(world, now);
    forgotten_lake(world);
}

fn days_before(now: Timestamp, days: i64) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(24 * days)).unwrap_or(now)
}

/// What a trail without topic and log group reports.
fn logging(now: Timestamp) -> TrailStatus {
    TrailStatus { notified: None, log_group_delivered: None, ..TrailStatus::logging(now) }
}

/// A private, versioned log bucket that lets one trail deliver.
fn bucket(name: &str, trail: &Trail) -> Bucket {
    let (arn, account) = (trail.arn("aws"), &trail.account);
    Bucket::new(name, account, &trail.home_region).versioned().with_policy(
        &json!({ "Version": "2012-10-17", "Statement": [
        deliver("AWSCloudTrailAclCheck", "s3:GetBucketAcl", "", &arn, name),
        deliver("AWSCloudTrailWrite", "s3:PutObject", &format!("/AWSLogs/{account}/*"), &arn, name),
        deny_insecure_transport(name),
    ] }),
    )
}

fn add_with_bucket(world: &mut World, trail: Trail) {
    world.buckets.push(bucket(&trail.bucket, &trail));
    world.trails.push(trail);
}

/// Trails that record less than their owners think.
fn silenced_trails(world: &mut World, now: Timestamp) {
    // All that the account has while it waits for the organization's trail: one Region, unsigned, unencrypted, unversioned.
    let legacy = Trail::new("504627953240", "legacy-trail", "eu-west-1", "acme-legacy-trail-logs");
    let mut old = Bucket::old("acme-legacy-trail-logs", "504627953240", "eu-west-1");
    old.policy = bucket(&old.name, &legacy).policy;
    world.buckets.push(old);
    world.trails.push(legacy.with_status(TrailStatus { digest_delivered: None, ..logging(now) }));

    // Cheap above all: no reads, and nothing of the keys.
    let lab = Trail::new("503516842139", "lab-trail", "eu-west-1", "acme-lab-trail-logs").multi_region().validated();
    let lab = lab.selecting([json!({ "ReadWriteType": "WriteOnly", "IncludeManagementEvents": true,
        "ExcludeManagementEventSources": ["kms.amazonaws.com"], "DataResources": [] })]);
    add_with_bucket(world, lab.with_status(logging(now)));

    // Stopped "for a moment" to debug a bill.
    let stopped =
        TrailStatus { notified: None, log_group_delivered: None, ..TrailStatus::stopped(days_before(now, 41)) };
    let debug =
        Trail::new("402386117294", "orders-debug", "eu-central-1", "acme-orders-dev-trail").multi_region().validated();
    add_with_bucket(world, debug.with_status(stopped));

    // One Region, and the global services' events left to others.
    let mut edge = Trail::new("555566667777", "network-edge", "us-east-1", "acme-network-edge-trail").validated();
    edge.global_events = false;
    add_with_bucket(world, edge.with_status(logging(now)));
}

/// Trails whose deliveries do not all arrive.
fn broken_deliveries(world: &mut World, now: Timestamp) {
    // Somebody rewrote the bucket's policy three days ago and forgot CloudTrail.
    let catalog =
        Trail::new("304410938275", "catalog-audit", "eu-west-1", "acme-catalog-prod-audit").multi_region().validated();
    let denied = TrailStatus {
        delivered: Some(days_before(now, 3)),
        delivery_error: Some("AccessDenied".to_owned()),
        digest_delivered: Some(days_before(now, 3)),
        digest_error: Some("AccessDenied".to_owned()),
        ..logging(now)
    };
    world.buckets.push(Bucket::new(&catalog.bucket, "304410938275", "eu-west-1").versioned().with_policy(
        &json!({ "Version": "2012-10-17", "Statement": [deny_insecure_transport("acme-catalog-prod-audit")] }),
    ));
    world.trails.push(catalog.with_status(denied));

    // The bucket was deleted with the rest of a project.
    let gone = TrailStatus {
        delivered: Some(days_before(now, 12)),
        delivery_error: Some("NoSuchBucket".to_owned()),
        ..logging(now)
    };
    let gone = TrailStatus { digest_delivered: gone.delivered, digest_error: gone.delivery_error.clone(), ..gone };
    world.trails.push(
        Trail::new("306674829103", "crm-trail", "eu-west-2", "acme-crm-trail-logs")
            .multi_region()
            .validated()
            .with_status(gone),
    );

    // A vendor's onboarding page said to.
    let mut drop_box = Bucket::new("loghost-ingest-eu", VENDOR, "eu-west-1");
    drop_box.policy = bucket("loghost-ingest-eu", &Trail::new(VENDOR, "any", "eu-west-1", "loghost-ingest-eu")).policy;
    world.buckets.push(drop_box);
    world.trails.push(
        Trail::new("406748291653", "ml-lab-trail", "eu-west-1", "loghost-ingest-eu")
            .multi_region()
            .validated()
            .with_status(logging(now)),
    );

    topics_and_log_groups(world, now);
}

fn topics_and_log_groups(world: &mut World, now: Timestamp) {
    // The topic went away with the team that listened.
    let silent = TrailStatus {
        notified: Some(days_before(now, 60)),
        notification_error: Some("NotFound".to_owned()),
        ..logging(now)
    };
    let checkout = Trail::new("303947702318", "checkout-trail", "eu-west-1", "acme-checkout-prod-trail")
        .multi_region()
        .validated();
    add_with_bucket(
        world,
        checkout.announcing_to("arn:aws:sns:eu-west-1:303947702318:checkout-trail-delivered").with_status(silent),
    );

    // A clean-up of unused log groups took one that was used.
    let search_group = "arn:aws:logs:eu-west-1:305583361940:log-group:/cloudtrail/search";
    let unheard = TrailStatus {
        log_group_delivered: Some(days_before(now, 20)),
        log_group_error: Some("ResourceNotFoundException".to_owned()),
        ..logging(now)
    };
    let search =
        Trail::new("305583361940", "search-trail", "eu-west-1", "acme-search-prod-trail").multi_region().validated();
    add_log_role(world, "305583361940", search_group);
    add_with_bucket(world, search.copying_to(search_group).with_status(unheard));

    // The log group was made anew under another name, and its role was forgotten: nothing has come for nine days.
    let payments_group = "arn:aws:logs:eu-central-1:301120484701:log-group:/cloudtrail/payments";
    let stale = TrailStatus { log_group_delivered: Some(days_before(now, 9)), ..TrailStatus::logging(now) };
    let topic = "arn:aws:sns:eu-central-1:301120484701:payments-trail-delivered";
    let payments = Trail::new("301120484701", "payments-trail", "eu-central-1", "acme-payments-prod-trail")
        .multi_region()
        .validated();
    add_log_role(world, "301120484701", &payments_group.replace("/cloudtrail/payments", "payments-trail"));
    world.log_groups.push(LogGroup::new(payments_group).keeping_days(365));
    world.topics.push(Topic::new(topic).heard_by("email", "payments-oncall@example.com"));
    add_with_bucket(world, payments.copying_to(payments_group).announcing_to(topic).with_status(stale));
}

/// The role of an account's trail, which may write to a log group.
fn add_log_role(world: &mut World, account: &str, log_group: &str) {
    if let Some(account) = world.account_mut(account) {
        account.identities.roles.push(Identity::log_role("cloudtrail-to-cloudwatch", log_group, None));
    }
}

/// Buckets that lose the logs or show them.
fn weak_buckets(world: &mut World, now: Timestamp) {
    // A template for build artefacts, with its lifecycle, was used for the logs.
    let catalog = Trail::new("403491552807", "catalog-dev-trail", "eu-west-1", "acme-catalog-dev-trail")
        .multi_region()
        .validated();
    let short = bucket(&catalog.bucket, &catalog).with_lifecycle(json!({ "Rules": [{ "ID": "artefacts",
        "Status": "Enabled", "Filter": { "Prefix": "" }, "Expiration": { "Days": 30 },
        "NoncurrentVersionExpiration": { "NoncurrentDays": 7 } }] }));
    world.buckets.push(short);
    world.trails.push(catalog.with_status(logging(now)));

    // TLS was taken for a lock.
    let website =
        Trail::new("308862047531", "website-trail", "eu-west-1", "acme-website-logs").multi_region().validated();
    let arn = website.arn("aws");
    let shown = Bucket::old("acme-website-logs", "308862047531", "eu-west-1").versioned();
    world.buckets.push(shown.with_policy(&json!({ "Version": "2012-10-17", "Statement": [
        deliver("AWSCloudTrailAclCheck", "s3:GetBucketAcl", "", &arn, "acme-website-logs"),
        deliver("AWSCloudTrailWrite", "s3:PutObject", "/AWSLogs/308862047531/*", &arn, "acme-website-logs"),
        { "Sid": "Pub", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::acme-website-logs/*", "Condition": { "Bool": { "aws:SecureTransport": "true" } } },
    ] })));
    world.trails.push(website.with_status(logging(now)));
}

/// Keys that lock the logs up for good, or never change.
fn weak_keys(world: &mut World, now: Timestamp) {
    // In nine days nobody will read these logs again.
    let dying = "arn:aws:kms:eu-central-1:307719254486:key/0d9b6a1e-5c42-4f7e-b1a8-7e2f90c3d615";
    let deletion = now.checked_add(SignedDuration::from_hours(24 * 9)).unwrap_or(now);
    let trail = "arn:aws:cloudtrail:eu-central-1:307719254486:trail/billing-trail";
    world.keys.push(Key::new(dying).with_policy(&trail_key_policy("307719254486", trail)).deleted_at(deletion));
    let billing = Trail::new("307719254486", "billing-trail", "eu-central-1", "acme-billing-prod-trail")
        .multi_region()
        .validated();
    add_with_bucket(world, billing.encrypted_with(dying).with_status(logging(now)));

    let unturned = "arn:aws:kms:eu-west-1:302238915526:key/b48f2c70-1d36-49ae-9c05-e83a6d7f2b94";
    let trail = "arn:aws:cloudtrail:eu-west-1:302238915526:trail/orders-trail";
    world.keys.push(Key::new(unturned).with_policy(&trail_key_policy("302238915526", trail)).unrotated());
    let orders =
        Trail::new("302238915526", "orders-trail", "eu-west-1", "acme-orders-prod-trail").multi_region().validated();
    add_with_bucket(world, orders.encrypted_with(unturned).with_status(logging(now)));
}

/// A trial of CloudTrail Lake that was stopped to save money, and that its makers still query.
fn forgotten_lake(world: &mut World) {
    let arn = "arn:aws:cloudtrail:eu-west-1:404527768341:eventdatastore/5b0e7f1c-2a64-4d38-9c17-84f2d6b3a905";
    let mut trial = EventDataStore::new(arn, "lake-trial").in_status("STOPPED_INGESTION");
    trial.termination_protection = false;
    trial.retention_days = 90;
    world.event_data_stores.push(trial);
}
