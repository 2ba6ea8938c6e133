//! Service control policies: what they keep from everybody in the accounts that hold logs.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]
#![allow(dead_code, reason = "a part of what tests share")]

#[path = "support/judged.rs"]
mod judged;
#[path = "support/simulated.rs"]
mod simulated;

use judged::{about, outcomes, shown};
use serde_json::{Value, json};
use simulated::{ARCHIVE, BUCKET, MANAGEMENT, MEMBER, good_world};
use trailproof::simulator::{Account, Denial, PolicyKind, ServiceControlPolicy, Trail, TrailStatus, World};

const RULE: &str = "scp-protects-cloudtrail";
const OWNER: &str = "444444444444";

/// The good organization, with an account that has a trail of data events of its own, beneath a unit.
fn world() -> World {
    let mut world = good_world();
    let role = trailproof::simulator::Role::new(simulated::ROLE, MANAGEMENT);
    world.accounts.push(Account::new(OWNER, "shop").in_unit("Workloads/Shop").with_role(role));
    let data = json!({ "ReadWriteType": "All", "IncludeManagementEvents": false,
        "DataResources": [{ "Type": "AWS::S3::Object", "Values": ["arn:aws:s3"] }] });
    let trail = Trail::new(OWNER, "data", "eu-west-1", BUCKET).selecting([data]);
    world.trails.push(trail.with_status(TrailStatus::logging(jiff::Timestamp::now())));
    world
}

const ALL: [&str; 5] = [
    "cloudtrail:StopLogging",
    "cloudtrail:DeleteTrail",
    "cloudtrail:UpdateTrail",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:PutInsightSelectors",
];

fn deny(actions: &[&str]) -> Value {
    json!({ "Sid": "Protect", "Effect": "Deny", "Action": actions, "Resource": "*" })
}

fn with(statement: &Value, target: &str) -> World {
    with_all(&[(statement.clone(), target)])
}

fn with_all(statements: &[(Value, &str)]) -> World {
    let mut world = world();
    let mut organization = world.organization.take().unwrap();
    for (number, (statement, target)) in statements.iter().enumerate() {
        let target = match *target {
            "root" => organization.unit_id(""),
            account if account.parse::<u64>().is_ok() => account.to_owned(),
            unit => organization.unit_id(unit),
        };
        let document = json!({ "Version": "2012-10-17", "Statement": [statement] });
        let policy = ServiceControlPolicy::new(&format!("p-{number}"), "protect", &document).on(target);
        organization = organization.with_policy(policy);
    }
    world.organization = Some(organization);
    world
}

fn outcome(world: World) -> &'static str {
    about(world, RULE, OWNER, &[]).outcome.as_str()
}

fn under(condition: Value) -> World {
    let mut statement = deny(&ALL);
    statement["Condition"] = condition;
    with(&statement, "root")
}

#[test]
fn only_accounts_that_hold_logs_are_judged() {
    let found = outcomes(world(), RULE, &[]);
    let expected = [(MANAGEMENT, "not-applicable"), (ARCHIVE, "fail"), (MEMBER, "not-applicable"), (OWNER, "fail")];
    assert_eq!(found, expected.map(|(id, outcome)| (id.to_owned(), outcome)).into());
    let mut delegated = world();
    delegated.organization.as_mut().unwrap().delegate_cloudtrail(MEMBER);
    assert_eq!(outcomes(delegated, RULE, &[])[MEMBER], "fail");
    let mut stopped = world();
    stopped.trail_mut("data").unwrap().status = TrailStatus::stopped(jiff::Timestamp::now());
    assert_eq!(outcomes(stopped, RULE, &[])[OWNER], "not-applicable");
}

#[test]
fn any_level_of_the_path_may_deny() {
    for level in ["root", "Workloads", "Workloads/Shop", OWNER] {
        assert_eq!(outcome(with(&deny(&ALL), level)), "pass", "{level}");
    }
    assert_eq!(outcome(with(&deny(&ALL), MEMBER)), "fail");
    assert_eq!(outcome(with(&deny(&["cloudtrail:*"]), "root")), "pass");
    let told = shown(&about(with(&deny(&ALL), "Workloads"), RULE, OWNER, &[]));
    assert!(told.contains("of policy p-0 (protect) at unit ou-") && told.contains("trail/data"), "{told}");
    // Together, from two levels.
    let split = with_all(&[(deny(&ALL[..2]), "root"), (deny(&ALL[2..]), OWNER)]);
    assert_eq!(outcome(split), "pass");
    let missing = about(with(&deny(&ALL[1..]), "root"), RULE, OWNER, &[]);
    assert_eq!(missing.outcome.as_str(), "fail");
    assert!(shown(&missing).contains("cloudtrail:StopLogging on arn:aws:cloudtrail:eu-west-1:444444444444:trail/data"));
    let mut elsewhere = deny(&ALL);
    elsewhere["Resource"] = json!("arn:aws:cloudtrail:*:*:trail/aws-controltower-*");
    assert_eq!(outcome(with(&elsewhere, "root")), "fail");
    elsewhere["Resource"] = json!("arn:aws:cloudtrail:*:*:trail/da*");
    assert_eq!(outcome(with(&elsewhere, "root")), "pass");
}

#[test]
fn a_level_that_allows_nothing_of_it_denies_it() {
    let without = |target: &str, statements: &[(Value, &str)]| {
        let mut world = with_all(statements);
        let organization = world.organization.as_mut().unwrap();
        let id = organization.unit_id(target);
        organization.without_full_access.push(id);
        outcome(world)
    };
    let allow = |actions: &[&str]| json!({ "Effect": "Allow", "Action": actions, "Resource": "*" });
    assert_eq!(without("Workloads", &[(allow(&["s3:*"]), "Workloads")]), "pass");
    assert_eq!(without("Workloads", &[(allow(&["cloudtrail:Stop*"]), "Workloads")]), "fail");
    // Organizations keeps one policy at least everywhere: none at all means that the type is not in use.
    assert_eq!(without("Workloads", &[]), "fail");
}

#[test]
fn exceptions_are_bounded() {
    let sparing = |operator: &str, pattern: &str| outcome(under(json!({ operator: { "aws:PrincipalArn": pattern } })));
    for fixed in [
        "arn:aws:iam::444444444444:role/breakglass",
        "arn:aws:iam::*:role/AWSControlTowerExecution",
        "arn:*:iam::*:role/AWSControlTowerExecution",
        "arn:aws:iam::555555555555:role/*",
    ] {
        assert_eq!(sparing("ArnNotLike", fixed), "pass", "{fixed}");
        assert_eq!(sparing("StringNotLike", fixed), "pass", "{fixed}");
    }
    for open in ["arn:aws:iam::*:role/*", "arn:aws:iam::*:role/admin-*", "*", "arn:aws:iam::444444444444:*"] {
        assert_eq!(sparing("ArnNotLike", open), "fail", "{open}");
    }
    let pattern = "arn:aws:iam::*:role/admin-*";
    let spared = || under(json!({ "ArnNotLike": { "aws:PrincipalArn": [pattern, "arn:aws:iam::*:role/fixed"] } }));
    let result = about(spared(), RULE, OWNER, &[]);
    assert!(result.message.contains(pattern) && !result.message.contains("role/fixed"), "{}", result.message);
    let set = format!("{RULE}.exceptions={pattern}");
    assert_eq!(about(spared(), RULE, OWNER, &[&set]).outcome.as_str(), "pass");
}

#[test]
fn conditions_are_decided_or_open_or_unknown() {
    let outcome_of = |condition: Value| outcome(under(condition));
    assert_eq!(outcome_of(json!({ "StringEquals": { "aws:RequestedRegion": "eu-west-1" } })), "pass");
    assert_eq!(outcome_of(json!({ "StringNotEquals": { "aws:RequestedRegion": "eu-west-1" } })), "fail");
    assert_eq!(outcome_of(json!({ "StringEquals": { "aws:PrincipalOrgID": "o-exampleorg" } })), "pass");
    assert_eq!(outcome_of(json!({ "StringEquals": { "aws:PrincipalAccount": MEMBER } })), "fail");
    // Whoever has a second factor is spared.
    assert_eq!(outcome_of(json!({ "BoolIfExists": { "aws:MultiFactorAuthPresent": "false" } })), "fail");
    assert_eq!(outcome_of(json!({ "StringNotEquals": { "aws:PrincipalTag/team": "security" } })), "fail");
    assert_eq!(outcome_of(json!({ "StringEquals": { "aws:ResourceTag/keep": "yes" } })), "unknown");
    assert_eq!(outcome_of(json!({ "StringFoggy": { "aws:PrincipalArn": "x" } })), "unknown");
    // A doubt undoes no proof.
    let mut foggy = deny(&ALL);
    foggy["Condition"] = json!({ "StringFoggy": { "a": "b" } });
    assert_eq!(outcome(with_all(&[(foggy, "root"), (deny(&ALL), "Workloads")])), "pass");
}

#[test]
fn what_was_refused_is_unknown() {
    for action in ["organizations:ListPoliciesForTarget", "organizations:DescribePolicy"] {
        for world in [world(), with(&deny(&ALL), "root")] {
            let mut world = world;
            let denial = Denial::explicit(PolicyKind::Identity, action);
            world.account_mut(MANAGEMENT).unwrap().denials.push(denial);
            let result = about(world, RULE, OWNER, &[]);
            assert_eq!(result.outcome.as_str(), "unknown", "{action}");
            assert!(shown(&result).contains(action), "{}", shown(&result));
        }
    }
}

#[test]
fn deleting_log_files_may_be_denied_by_a_service_control_policy() {
    let judge = |statement: Option<Value>| {
        let mut world = match &statement {
            Some(statement) => with(statement, "root"),
            None => world(),
        };
        world.bucket_mut(BUCKET).unwrap().object_lock = None;
        judged::results(world, "log-bucket-deny-delete", &[]).remove(0)
    };
    assert_eq!(judge(None).outcome.as_str(), "fail");
    let deletes = |resource: &str| json!({ "Sid": "Keep", "Effect": "Deny", "Action": ["s3:DeleteObject", "s3:DeleteObjectVersion"], "Resource": resource });
    let kept = judge(Some(deletes(&format!("arn:aws:s3:::{BUCKET}/*"))));
    assert_eq!(kept.outcome.as_str(), "pass");
    assert!(
        shown(&kept).contains("(\\\"Keep\\\")") && shown(&kept).contains("of policy p-0 (protect) at the root"),
        "{}",
        shown(&kept)
    );
    assert_eq!(judge(Some(deletes("arn:aws:s3:::other/*"))).outcome.as_str(), "fail");
    let mut some = deletes("*");
    some["Action"] = json!("s3:DeleteObject");
    assert_eq!(judge(Some(some)).outcome.as_str(), "fail");
    let mut spared = deletes("*");
    spared["Condition"] = json!({ "ArnNotLike": { "aws:PrincipalArn": "arn:aws:iam::*:role/*" } });
    assert_eq!(judge(Some(spared)).outcome.as_str(), "fail");
}
