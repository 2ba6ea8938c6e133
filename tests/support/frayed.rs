//! An organization about which there is something to say everywhere.

use trailproof::simulator::{
    Account, Alarm, AthenaTable, Bucket, EventBus, EventRule, Identity, IdentityPolicy, Key, LogGroup, MetricFilter,
    Trail, TrailStatus, World,
};

use crate::simulated::{BUCKET, LOG_GROUP, MANAGEMENT, MEMBER, TOPIC, good_world};

/// An organization in which there is something to say about everything: trails of members beside the organization's,
/// buckets with and without an owner, keys in every state, destinations that are gone.
pub(crate) fn frayed_world() -> World {
    let now = jiff::Timestamp::now();
    let mut world = good_world();
    world.accounts.push(Account::new("444444444444", "closed-door"));
    world.accounts.push(Account::new("999999999999", "vendor").outside());
    let local = |name: &str, bucket: &str| {
        Trail::new(MEMBER, name, "eu-west-1", bucket).validated().with_status(TrailStatus::logging(now))
    };
    let insights = serde_json::json!({ "InsightType": "ApiCallRateInsight" });
    let data = serde_json::json!({ "ReadWriteType": "All", "IncludeManagementEvents": false,
        "DataResources": [{ "Type": "AWS::S3::Object", "Values": [format!("arn:aws:s3:::{BUCKET}/")] }] });
    let key = |id: &str| format!("arn:aws:kms:eu-west-1:{MEMBER}:key/00000000-0000-0000-0000-00000000000{id}");
    world.trails.extend([
        local("to-nowhere", "gone-bucket").encrypted_with(&key("7")),
        local("to-stranger", "stranger-bucket").encrypted_with(&key("8")).selecting([data]),
        local("to-own", "own-bucket").encrypted_with(&key("9")),
        local("with-insights", "other-bucket").with_insights([insights]),
        Trail::new(MANAGEMENT, "beside", "us-east-1", "management-bucket").with_status(TrailStatus::stopped(now)),
    ]);
    // All that a trail without Insights writes.
    let rule = |folder: &str| {
        let prefix = format!("AWSLogs/{MEMBER}/{folder}/");
        serde_json::json!({ "ID": folder, "Status": "Enabled", "Filter": { "Prefix": prefix }, "Expiration": { "Days": 400 } })
    };
    let lifecycle = serde_json::json!({ "Rules": [rule("CloudTrail"), rule("CloudTrail-Digest")] });
    let copy = |destination: &str| {
        serde_json::json!({ "ID": destination, "Status": "Enabled", "Priority": 1, "Filter": {},
            "Destination": { "Bucket": format!("arn:aws:s3:::{destination}") } })
    };
    let copies = |destinations: &[&str]| {
        let rules: Vec<_> = destinations.iter().map(|destination| copy(destination)).collect();
        Some(serde_json::json!({ "Role": "arn:aws:iam::333333333333:role/copy", "Rules": rules }))
    };
    world.buckets.extend([
        Bucket::new("stranger-bucket", "999999999999", "eu-west-1"),
        Bucket::old("own-bucket", MEMBER, "eu-west-1").with_lifecycle(lifecycle.clone()).logging_to("own-bucket", ""),
        Bucket::new("other-bucket", MEMBER, "eu-west-1").with_lifecycle(lifecycle).with_tag("class", "secret"),
        Bucket::new("management-bucket", MANAGEMENT, "us-east-1").logging_to("no-such-bucket", ""),
    ]);
    let anything = serde_json::json!({ "Version": "2012-10-17",
        "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } });
    let policy = format!("arn:aws:iam::{MANAGEMENT}:policy/bound");
    if let Some(management) = world.account_mut(MANAGEMENT) {
        management.identities.policies.push(IdentityPolicy::new(&policy, &anything));
        let role = management.identities.roles.remove(0);
        management.identities.roles.push(role.attached_to(&policy).bounded_by(&policy));
    }
    // Of each way to be allowed something one, and no other, so that each counts.
    if let Some(member) = world.account_mut(MEMBER) {
        member.tags.push(("env".to_owned(), "prod".to_owned()));
        let pipeline = Identity::role("pipeline", "lambda.amazonaws.com");
        member.identities.roles.push(pipeline.with_policy("own", &anything));
    }
    let counted = MetricFilter::new("changes", r#"{ $.eventName = "StopLogging" }"#, "Trails", "Changes");
    world.log_groups = vec![LogGroup::new(LOG_GROUP).with_metric_filter(counted)];
    let alarm = format!("arn:aws:cloudwatch:us-east-1:{MANAGEMENT}:alarm:changes");
    world.alarms.push(Alarm::on_metric(&alarm, "Trails", "Changes").telling(TOPIC));
    let stopped = r#"{ "detail": { "eventName": ["StopLogging"] } }"#;
    world.athena_tables.push(AthenaTable::new(MEMBER, "eu-west-1", "trails", "s3://own-bucket/AWSLogs/"));
    world.config.retain(|config| config.account != MEMBER);
    let other = format!("arn:aws:events:us-east-1:{MEMBER}:event-bus/default");
    world.event_buses[0].rules.push(EventRule::new("stopped", stopped).to(TOPIC).to(&other));
    world.event_buses.push(EventBus::new(&other));
    world.keys.extend([Key::new(&key("8")).unrotated(), Key::new(&key("9"))]);
    for bucket in &mut world.buckets {
        match bucket.name.as_str() {
            "own-bucket" => bucket.replication = copies(&["other-bucket", "no-such-bucket"]),
            "other-bucket" => bucket.replication = copies(&["stranger-bucket", BUCKET]),
            _ => {}
        }
    }
    world
}
