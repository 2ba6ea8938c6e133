//! The role by which a trail writes to its log group: whether it is there, trusts CloudTrail and may write.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use serde_json::{Value, json};
use simulated::{LOG_GROUP, MANAGEMENT, TRAIL, good_world, read};
use trailproof::evaluate::{Judgement, Question, evaluate};
use trailproof::policy::load;
use trailproof::simulator::{Denial, Identity, IdentityPolicy, PolicyKind, Simulator, World};

const ROLE: &str = "cloudtrail-to-cloudwatch";

fn judged(world: World) -> Judgement {
    let policies = load(&[]).policies;
    let question = Question {
        policies: &policies,
        packs: vec!["recommended".into()],
        settings: &[],
        fail_on: None,
        allow_incomplete: false,
    };
    let report = evaluate(&read(&Simulator::new(world)), String::new(), &question);
    let of_rule = |judgement: &Judgement| {
        judgement.policy.as_str() == "log-role-valid" && judgement.resource.as_deref() == Some(TRAIL)
    };
    report.judgements.into_iter().find(of_rule).unwrap()
}

fn outcome(world: World) -> &'static str {
    judged(world).outcome.as_str()
}

fn evidence(world: World) -> String {
    serde_json::to_string(&judged(world).evidence).unwrap()
}

fn with(role: Identity) -> World {
    let mut world = good_world();
    world.account_mut(MANAGEMENT).unwrap().identities.roles = vec![role];
    world
}

fn policy(statements: &Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

fn allowing(action: &str, resource: &str) -> Value {
    policy(&json!([{ "Effect": "Allow", "Action": action, "Resource": resource }]))
}

fn trusting() -> Identity {
    Identity::role(ROLE, "cloudtrail.amazonaws.com")
}

#[test]
fn the_role_that_the_console_makes_is_good() {
    assert_eq!(outcome(good_world()), "pass");
    let told = evidence(good_world());
    assert!(told.contains("of inline policy to-cloudwatch allows logs:PutLogEvents"), "{told}");
    assert!(told.contains("allows cloudtrail.amazonaws.com sts:AssumeRole in the trust policy"), "{told}");
}

#[test]
fn a_role_must_be_there_and_trust_cloudtrail() {
    let mut world = good_world();
    world.account_mut(MANAGEMENT).unwrap().identities.roles.clear();
    assert_eq!(outcome(world), "fail");
    let same_name_elsewhere = Identity::log_role(&format!("moved/{ROLE}"), LOG_GROUP, Some("o-exampleorg"));
    assert_eq!(outcome(with(same_name_elsewhere)), "fail");

    let everything = allowing("logs:*", "*");
    let of_lambda = Identity::role(ROLE, "lambda.amazonaws.com").with_policy("all", &everything);
    assert_eq!(outcome(with(of_lambda)), "fail");
    let trust = |statements: Value| {
        let trust = Some(policy(&statements).to_string());
        outcome(with(Identity { trust, ..trusting().with_policy("all", &everything) }))
    };
    let assume = |more: Value| {
        let mut statement = json!({ "Effect": "Allow", "Principal": { "Service": "cloudtrail.amazonaws.com" },
            "Action": "sts:AssumeRole" });
        statement.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        statement
    };
    assert_eq!(trust(json!([assume(json!({}))])), "pass");
    let for_arn = |arn: &str| assume(json!({ "Condition": { "StringEquals": { "aws:SourceArn": arn } } }));
    assert_eq!(trust(json!([for_arn(TRAIL)])), "pass");
    assert_eq!(trust(json!([for_arn(&TRAIL.replace("org-trail", "other"))])), "fail");
    let odd = assume(json!({ "Condition": { "StringEquals": { "aws:PrincipalTag/x": "y" } } }));
    assert_eq!(trust(json!([odd])), "unknown");
    let denied = json!({ "Effect": "Deny", "Principal": "*", "Action": "sts:*" });
    assert_eq!(trust(json!([assume(json!({})), denied])), "fail");
}

#[test]
fn it_must_write_to_the_log_streams_of_all_accounts() {
    let by = |document: &Value| outcome(with(trusting().with_policy("write", document)));
    assert_eq!(by(&allowing("logs:*", "*")), "pass");
    assert_eq!(by(&allowing("logs:*", &format!("{LOG_GROUP}:*"))), "pass");
    assert_eq!(by(&allowing("logs:*", &format!("{LOG_GROUP}:log-stream:*"))), "pass");
    assert_eq!(by(&allowing("logs:PutLogEvents", "*")), "fail", "streams cannot be created");
    assert_eq!(by(&allowing("logs:*", LOG_GROUP)), "fail", "a log group is none of its streams");
    assert_eq!(by(&allowing("logs:*", &format!("{LOG_GROUP}-other:*"))), "fail");
    // For the account alone, not for the organization.
    assert_eq!(outcome(with(Identity::log_role(ROLE, LOG_GROUP, None))), "fail");
    let mut alone = with(Identity::log_role(ROLE, LOG_GROUP, None));
    alone.trails[0].organization = false;
    assert_eq!(outcome(alone), "pass");
}

#[test]
fn denials_conditions_and_boundaries_count() {
    let deny = json!({ "Effect": "Deny", "Action": "logs:*", "Resource": "*" });
    let both = policy(&json!([{ "Effect": "Allow", "Action": "*", "Resource": "*" }, deny]));
    assert_eq!(outcome(with(trusting().with_policy("write", &both))), "fail");
    let under = |operator: &str, key: &str, value: &str| {
        let mut document = allowing("logs:*", "*");
        document["Statement"][0]["Condition"] = json!({ operator: { key: value } });
        outcome(with(trusting().with_policy("write", &document)))
    };
    assert_eq!(under("StringEquals", "aws:RequestedRegion", "us-east-1"), "pass");
    assert_eq!(under("StringEquals", "aws:RequestedRegion", "eu-west-1"), "fail");
    assert_eq!(under("StringEquals", "aws:PrincipalTag/x", "y"), "unknown");

    let arn = format!("arn:aws:iam::{MANAGEMENT}:policy/bound");
    let bounded = |document: &Value| {
        let role = Identity::log_role(ROLE, LOG_GROUP, Some("o-exampleorg")).bounded_by(&arn);
        let mut world = with(role);
        world.account_mut(MANAGEMENT).unwrap().identities.policies = vec![IdentityPolicy::new(&arn, document)];
        world
    };
    assert_eq!(outcome(bounded(&allowing("*", "*"))), "pass");
    assert_eq!(outcome(bounded(&allowing("s3:*", "*"))), "fail");
    assert!(evidence(bounded(&allowing("s3:*", "*"))).contains("the permissions boundary does not allow"));

    let managed = "arn:aws:iam::aws:policy/CloudWatchLogsFullAccess";
    let mut world = with(trusting().attached_to(managed));
    world.account_mut(MANAGEMENT).unwrap().identities.policies =
        vec![IdentityPolicy::new(managed, &allowing("logs:*", "*"))];
    assert_eq!(outcome(world), "pass");
}

#[test]
fn each_call_that_is_refused_leaves_it_open() {
    let arn = format!("arn:aws:iam::{MANAGEMENT}:policy/more");
    for action in [
        "iam:GetRole",
        "iam:ListRolePolicies",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
    ] {
        let role = Identity::log_role(ROLE, LOG_GROUP, Some("o-exampleorg")).attached_to(&arn);
        let mut world = with(role);
        let management = world.account_mut(MANAGEMENT).unwrap();
        management.identities.policies = vec![IdentityPolicy::new(&arn, &allowing("s3:*", "*"))];
        management.denials.push(Denial::implicit(PolicyKind::Identity, action));
        let judgement = judged(world);
        let told = format!("{:?}", judgement.outcome);
        assert_eq!(judgement.outcome.as_str(), "unknown", "{action}");
        assert!(told.contains(action), "{action}: {told}");
    }
}
