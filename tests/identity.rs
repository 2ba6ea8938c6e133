//! Who may change trails and log buckets by IAM, and which policies give all of CloudTrail away.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]
#![allow(dead_code, reason = "a part of what tests share")]

#[path = "support/judged.rs"]
mod judged;
#[path = "support/simulated.rs"]
mod simulated;

use judged::{about, outcomes, results_of, shown};
use serde_json::{Value, json};
use simulated::{ARCHIVE, BUCKET, MANAGEMENT, MEMBER, TRAIL, good_world};
use trailproof::policy::Severity;
use trailproof::simulator::{Denial, Effect, Identity, IdentityPolicy, PolicyKind, Simulator, Weather, World};

const TAMPER: &str = "iam-tamper-principals";
const FULL: &str = "iam-no-cloudtrail-full-access";

fn statement(effect: &str, action: Value, resource: &str) -> Value {
    json!({ "Effect": effect, "Action": action, "Resource": resource })
}

fn policy(statements: Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

fn allow(action: &str) -> Value {
    policy(json!([statement("Allow", json!(action), "*")]))
}

/// The good organization, with a role in an account.
fn with_role(account: &str, role: Identity) -> World {
    let mut world = good_world();
    world.account_mut(account).unwrap().identities.roles.push(role);
    world
}

fn lambda(name: &str) -> Identity {
    Identity::role(name, "lambda.amazonaws.com")
}

fn tampering(world: World) -> &'static str {
    about(world, TAMPER, MANAGEMENT, &[]).outcome.as_str()
}

fn may(document: &Value) -> &'static str {
    tampering(with_role(MANAGEMENT, lambda("pipeline").with_policy("own", document)))
}

#[test]
fn only_accounts_that_hold_logs_are_asked() {
    let found = outcomes(good_world(), TAMPER, &[]);
    assert_eq!((found[MANAGEMENT], found[ARCHIVE], found[MEMBER]), ("pass", "pass", "not-applicable"));
    let mut world = good_world();
    world.organization.as_mut().unwrap().delegate_cloudtrail(MEMBER);
    world.account_mut(MEMBER).unwrap().identities.roles.push(lambda("x").with_policy("own", &allow("cloudtrail:*")));
    let delegated = about(world, TAMPER, MEMBER, &[]);
    assert_eq!(delegated.outcome.as_str(), "fail", "it administers the organization's trail");
    assert!(shown(&delegated).contains(TRAIL));
}

#[test]
fn each_change_of_a_trail_and_of_its_bucket_counts() {
    for action in
        ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors", "PutInsightSelectors", "*", "Stop*"]
    {
        assert_eq!(may(&allow(&format!("cloudtrail:{action}"))), "fail", "{action}");
    }
    for action in ["cloudtrail:Get*", "s3:*", "ec2:*", "cloudtrail:StartLogging"] {
        assert_eq!(may(&allow(action)), "pass", "{action}");
    }
    assert_eq!(may(&policy(json!([statement("Allow", json!("cloudtrail:*"), &format!("{TRAIL}-other"))]))), "pass");
    assert_eq!(may(&policy(json!([{ "Effect": "Allow", "NotAction": "iam:*", "Resource": "*" }]))), "fail");
    let bucket = |action: &str| {
        let role = lambda("pipeline").with_policy("own", &allow(action));
        about(with_role(ARCHIVE, role), TAMPER, ARCHIVE, &[])
    };
    for action in ["s3:DeleteObject", "s3:PutBucketPolicy", "s3:PutLifecycleConfiguration", "s3:*"] {
        assert_eq!(bucket(action).outcome.as_str(), "fail", "{action}");
    }
    assert_eq!(bucket("s3:Get*").outcome.as_str(), "pass");
    assert_eq!(bucket("cloudtrail:StopLogging").outcome.as_str(), "pass", "it has no trail");
    let told = shown(&bucket("s3:DeleteObject"));
    let expected =
        format!("role/pipeline: s3:DeleteObject on arn:aws:s3:::{BUCKET}, by statement 1 of inline policy own");
    assert!(told.contains(&expected), "{told}");
}

#[test]
fn denials_boundaries_and_conditions_count() {
    let but = |deny: Value| may(&policy(json!([statement("Allow", json!("*"), "*"), deny])));
    let of_cloudtrail = json!(["cloudtrail:*"]);
    assert_eq!(but(statement("Deny", of_cloudtrail.clone(), "*")), "pass");
    assert_eq!(but(statement("Deny", json!(["cloudtrail:StopLogging"]), "*")), "fail");
    let mut unless = statement("Deny", of_cloudtrail, "*");
    unless["Condition"] = json!({ "BoolIfExists": { "aws:MultiFactorAuthPresent": "false" } });
    assert_eq!(but(unless), "fail", "whoever has a second factor may");
    let mut only = statement("Allow", json!("cloudtrail:*"), "*");
    only["Condition"] = json!({ "IpAddress": { "aws:SourceIp": "10.0.0.0/8" } });
    let told =
        about(with_role(MANAGEMENT, lambda("x").with_policy("own", &policy(json!([only])))), TAMPER, MANAGEMENT, &[]);
    assert_eq!(told.outcome.as_str(), "fail");
    assert!(told.message.contains("where aws:SourceIp 10.0.0.0/8"), "{}", told.message);
    let mut elsewhere = statement("Allow", json!("cloudtrail:*"), "*");
    elsewhere["Condition"] = json!({ "StringEquals": { "aws:RequestedRegion": "eu-west-1" } });
    assert_eq!(may(&policy(json!([elsewhere]))), "pass");

    let arn = format!("arn:aws:iam::{MANAGEMENT}:policy/bound");
    let bounded = |document: &Value| {
        let mut world = with_role(MANAGEMENT, lambda("x").with_policy("own", &allow("*")).bounded_by(&arn));
        world.account_mut(MANAGEMENT).unwrap().identities.policies = vec![IdentityPolicy::new(&arn, document)];
        tampering(world)
    };
    assert_eq!(bounded(&allow("s3:*")), "pass");
    assert_eq!(bounded(&allow("cloudtrail:StopLogging")), "fail");
    let world = with_role(MANAGEMENT, lambda("x").with_policy("own", &allow("*")).bounded_by(&arn));
    assert_eq!(tampering(world), "unknown", "the boundary was not listed");
    assert_eq!(may(&policy(json!([{ "Effect": "Foggy", "Action": "*", "Resource": "*" }]))), "unknown");
}

#[test]
fn users_have_what_their_groups_have() {
    let managed = "arn:aws:iam::aws:policy/AdministratorAccess";
    let mut world = good_world();
    let identities = &mut world.account_mut(MANAGEMENT).unwrap().identities;
    identities.users = vec![Identity::new("anna").in_group("admins"), Identity::new("bruno")];
    identities.groups = vec![Identity::new("admins").attached_to(managed)];
    identities.policies = vec![IdentityPolicy::new(managed, &allow("*"))];
    let result = about(world, TAMPER, MANAGEMENT, &[]);
    assert!(result.message.contains(":user/anna") && !result.message.contains("bruno"), "{}", result.message);
    assert!(shown(&result).contains(&format!("statement 1 of policy {managed}")));
    // A service-linked role is AWS's own.
    let linked = lambda("aws-service-role/cloudtrail.amazonaws.com/AWSServiceRoleForCloudTrail");
    assert_eq!(tampering(with_role(MANAGEMENT, linked.with_policy("own", &allow("*")))), "pass");
}

#[test]
fn expected_principals_are_left_out_and_others_then_weigh() {
    let world = || {
        let mut world = with_role(MANAGEMENT, lambda("ops/admin-1").with_policy("own", &allow("*")));
        let more = lambda("pipeline").with_policy("own", &allow("cloudtrail:*"));
        world.account_mut(MANAGEMENT).unwrap().identities.roles.push(more);
        world
    };
    let judge = |set: &[&str]| about(world(), TAMPER, MANAGEMENT, set);
    assert_eq!(judge(&[]).severity, Severity::Info);
    let some = judge(&["iam-tamper-principals.allowed_principals=arn:aws:iam::*:role/ops/admin-?"]);
    assert_eq!((some.severity, some.outcome.as_str()), (Severity::High, "fail"));
    assert!(some.message.contains("pipeline") && !some.message.contains("admin-1"), "{}", some.message);
    let all = judge(&["iam-tamper-principals.allowed_principals=*:role/ops/*,*:role/pipeline"]);
    assert_eq!(all.outcome.as_str(), "pass");
}

#[test]
fn policies_that_allow_all_of_cloudtrail_are_found_wherever_they_are() {
    let full = |document: &Value| {
        let mut world = good_world();
        let arn = format!("arn:aws:iam::{MEMBER}:policy/trails");
        world.account_mut(MEMBER).unwrap().identities.policies = vec![IdentityPolicy::new(&arn, document)];
        about(world, FULL, MEMBER, &[])
    };
    assert_eq!(about(good_world(), FULL, MEMBER, &[]).outcome.as_str(), "pass");
    for action in ["cloudtrail:*", "*", "CloudTrail:*", "cloud*"] {
        assert_eq!(full(&allow(action)).outcome.as_str(), "fail", "{action}: attached or not");
    }
    assert_eq!(full(&allow("cloudtrail:Get*")).outcome.as_str(), "pass");
    assert_eq!(full(&policy(json!([statement("Deny", json!("cloudtrail:*"), "*")]))).outcome.as_str(), "pass");
    assert_eq!(full(&policy(json!([{ "Effect": "Foggy" }]))).outcome.as_str(), "unknown");
    let inline = with_role(MEMBER, lambda("x").with_policy("own", &allow("cloudtrail:*")));
    assert!(about(inline, FULL, MEMBER, &[]).message.contains("inline policy own of arn:aws:iam::333333333333:role/x"));

    let managed = "arn:aws:iam::aws:policy/AWSCloudTrail_FullAccess";
    let mut world = with_role(MEMBER, lambda("x").attached_to(managed));
    world.account_mut(MEMBER).unwrap().identities.policies = vec![IdentityPolicy::new(managed, &allow("cloudtrail:*"))];
    let attached = about(world, FULL, MEMBER, &[]);
    assert_eq!(attached.outcome.as_str(), "fail");
    assert!(attached.message.contains(&format!("{managed} is attached to")), "{}", attached.message);
    let administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
    let mut world = with_role(MEMBER, lambda("x").attached_to(administrator));
    world.account_mut(MEMBER).unwrap().identities.policies = vec![IdentityPolicy::new(administrator, &allow("*"))];
    assert_eq!(about(world, FULL, MEMBER, &[]).outcome.as_str(), "pass", "AWS's own, and not CloudTrail's");
}

#[test]
fn a_listing_of_many_pages_is_read_to_its_end_and_a_refused_one_is_unknown() {
    let mut world = good_world();
    let identities = &mut world.account_mut(MANAGEMENT).unwrap().identities;
    identities.users = (0..250).map(|number| Identity::new(&format!("user-{number}"))).collect();
    identities.users.push(Identity::new("last").with_policy("own", &allow("cloudtrail:*")));
    let mut refused = world.clone();
    assert!(about(world, TAMPER, MANAGEMENT, &[]).message.contains("user/last"));
    let denial = Denial::explicit(PolicyKind::ServiceControl, "iam:GetAccountAuthorizationDetails");
    refused.account_mut(MANAGEMENT).unwrap().denials.push(denial);
    assert_eq!(tampering(refused.clone()), "unknown");
    assert_eq!(about(refused, FULL, MANAGEMENT, &[]).outcome.as_str(), "unknown");
}

/// That a list is not in the answer proves nothing: only its being empty does.
#[test]
fn without_a_list_of_policies_nothing_passes() {
    let giving = lambda("pipeline").with_policy("own", &allow("cloudtrail:*"));
    for list in ["AttachedManagedPolicies", "RolePolicyList"] {
        let simulator = Simulator::new(with_role(MEMBER, giving.clone())).with_weather(vec![
            Weather::new(Effect::WithoutField(list.to_owned())).on("iam", "GetAccountAuthorizationDetails"),
        ]);
        for result in results_of(&simulator, FULL, &[]) {
            assert_eq!(result.outcome.as_str(), "unknown", "{list}: {}", shown(&result));
        }
    }
}
