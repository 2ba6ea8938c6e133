//! What is not there: an answer only where AWS documents it, and else a gap.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trailproof::simulator::{
    Alarm, Effect, Identity, IdentityPolicy, LogGroup, MetricFilter, Simulator, Trail, TrailStatus, Weather, World,
};
use trailproof::snapshot::Snapshot;

use super::judged::{Rules, read};
use crate::frayed::frayed_world;
use crate::simulated::{ARCHIVE, BUCKET, LOG_GROUP, MANAGEMENT, MEMBER, good_world};

fn without(operation: &str, field: &str) -> Vec<Weather> {
    let (service, name) = operation.split_once(':').unwrap();
    vec![Weather::new(Effect::WithoutField(field.to_owned())).on(service, name)]
}

/// Whether an operation was not answered, for an answer that is none of AWS's.
fn is_malformed(snapshot: &Snapshot, operation: &str) -> bool {
    snapshot.gaps.iter().any(|gap| gap.operation == operation && gap.cause.as_str() == "malformed-answer")
}

fn outcome(simulator: &Simulator, rules: &Rules, rule: &str, account: &str) -> String {
    let snapshot = read(simulator, &rules.reading()).0.unwrap();
    let results = rules.judge(&snapshot);
    let of_account = |key: &str, result: &trailproof::evaluate::Judgement| {
        key.starts_with(&format!("{rule} ")) && result.account.is_some_and(|id| id.to_string() == account)
    };
    let found = results.iter().find(|(key, (_, result))| of_account(key, result));
    found.map_or_else(|| "none".to_owned(), |(_, (_, result))| result.outcome.as_str().to_owned())
}

fn may_do_anything() -> Value {
    json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] })
}

/// Somebody in the log archive who may delete the logs, by each way that IAM has.
fn deleters() -> BTreeMap<&'static str, World> {
    let attached = format!("arn:aws:iam::{ARCHIVE}:policy/anything");
    let role = || Identity::role("pipeline", "lambda.amazonaws.com");
    let with = |change: &dyn Fn(&mut trailproof::simulator::Identities)| {
        let mut world = good_world();
        change(&mut world.account_mut(ARCHIVE).unwrap().identities);
        world
    };
    let policy = || IdentityPolicy::new(&attached, &may_do_anything());
    [
        ("a role's own policy", with(&|all| all.roles.push(role().with_policy("own", &may_do_anything())))),
        (
            "a policy attached to a role",
            with(&|all| {
                all.policies.push(policy());
                all.roles.push(role().attached_to(&attached));
            }),
        ),
        (
            "a policy attached to a user",
            with(&|all| {
                all.policies.push(policy());
                all.users.push(Identity::new("jo").attached_to(&attached));
            }),
        ),
        (
            "a group's own policy",
            with(&|all| {
                all.groups.push(Identity::new("team").with_policy("own", &may_do_anything()));
                all.users.push(Identity::new("jo").in_group("team"));
            }),
        ),
    ]
    .into()
}

#[test]
fn whoever_may_delete_the_logs_is_not_cleared_by_what_is_missing_of_iam() {
    let declared = trailproof::collect::Call::GetAuthorizationDetails.declaration();
    let rules = Rules::resting_on(declared);
    let rule = "iam-tamper-principals";
    for (way, world) in deleters() {
        let simulator = Simulator::new(world).without_log();
        assert_eq!(outcome(&simulator, &rules, rule, ARCHIVE), "fail", "{way}");
        for field in [
            "UserDetailList",
            "GroupDetailList",
            "RoleDetailList",
            "Policies",
            "RolePolicyList",
            "GroupPolicyList",
            "AttachedManagedPolicies",
            "GroupList",
            "PolicyName",
            "PolicyDocument",
            "PolicyArn",
            "PolicyVersionList",
            "Document",
            "DefaultVersionId",
            "Arn",
        ] {
            let simulator = simulator.with_weather(without("iam:GetAccountAuthorizationDetails", field)).without_log();
            let found = outcome(&simulator, &rules, rule, ARCHIVE);
            assert!(["fail", "unknown"].contains(&found.as_str()), "{way}, without {field}: {found}");
        }
    }
}

#[test]
fn a_bucket_that_is_found_by_its_tags_has_some() {
    let rules = Rules::resting_on(trailproof::collect::Call::GetResources.declaration());
    let simulator = Simulator::new(frayed_world()).with_weather(without("tag:GetResources", "Tags"));
    assert!(is_malformed(&read(&simulator, &rules.reading()).0.unwrap(), "tag:GetResources"));
}

#[test]
fn a_field_selector_has_an_operator() {
    let mut world = good_world();
    let selectors = json!({ "Name": "most", "FieldSelectors": [
        { "Field": "eventCategory", "Equals": ["Management"] },
        { "Field": "eventSource", "NotEquals": ["kms.amazonaws.com"] },
    ] });
    let trail =
        Trail::new(MEMBER, "narrow", "eu-west-1", BUCKET).with_status(TrailStatus::logging(jiff::Timestamp::now()));
    world.trails.push(trail.selecting_advanced([selectors]));
    let rules = Rules::resting_on(trailproof::collect::Call::GetEventSelectors.declaration());
    let simulator = Simulator::new(world);
    for field in ["Equals", "NotEquals", "Field", "FieldSelectors"] {
        let simulator = simulator.with_weather(without("cloudtrail:GetEventSelectors", field));
        assert!(
            is_malformed(&read(&simulator, &rules.reading()).0.unwrap(), "cloudtrail:GetEventSelectors"),
            "{field}"
        );
    }
}

#[test]
fn an_alarm_is_on_something() {
    let mut world = good_world();
    let counted = MetricFilter::new("changes", r#"{ $.eventName = "StopLogging" }"#, "Trails", "Changes");
    world.log_groups = vec![LogGroup::new(LOG_GROUP).with_metric_filter(counted)];
    let alarm = format!("arn:aws:cloudwatch:us-east-1:{MANAGEMENT}:alarm:changes");
    world.alarms.push(Alarm::on_metric(&alarm, "Trails", "Changes"));
    let rules = Rules::resting_on(trailproof::collect::Call::DescribeAlarms.declaration());
    let simulator = Simulator::new(world);
    let fair = read(&simulator, &rules.reading()).0.unwrap();
    assert!(!is_malformed(&fair, "cloudwatch:DescribeAlarms"));
    for field in ["MetricName", "Namespace", "AlarmName", "ActionsEnabled", "ComparisonOperator", "EvaluationPeriods"] {
        let simulator = simulator.with_weather(without("cloudwatch:DescribeAlarms", field));
        assert!(is_malformed(&read(&simulator, &rules.reading()).0.unwrap(), "cloudwatch:DescribeAlarms"), "{field}");
    }
}
