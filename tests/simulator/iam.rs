use crate::simulator::clients::{of_account, refusal};
use aws_sdk_iam::Client;
use serde_json::json;
use trailproof::simulator::{Account, Denial, Identity, IdentityPolicy, PolicyKind, Role, Simulator, World};

const OWNER: &str = "222222222222";
const POLICY: &str = "arn:aws:iam::222222222222:policy/bound";

fn world() -> World {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    let document =
        json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "*", "Resource": "*" }] });
    let mut owner = Account::new(OWNER, "payments").with_role(Role::new("audit", "111111111111"));
    let role = Identity::role("service/writer", "cloudtrail.amazonaws.com").with_policy("own", &document);
    owner.identities.roles.push(role.attached_to(POLICY).bounded_by(POLICY));
    owner.identities.users = (0..150).map(|number| Identity::new(&format!("user-{number}")).in_group("all")).collect();
    owner.identities.groups.push(Identity::new("all").attached_to(POLICY));
    owner.identities.policies.push(IdentityPolicy::new(POLICY, &document));
    world.accounts.push(owner);
    world
}

/// IAM is in one Region of the partition, whatever the caller's.
fn iam(world: World) -> Client {
    Client::new(&of_account(&Simulator::new(world), OWNER, "eu-west-1"))
}

#[tokio::test]
async fn a_role_has_its_trust_its_policies_and_its_boundary() {
    let iam = iam(world());
    let role = iam.get_role().role_name("writer").send().await.unwrap().role.unwrap();
    assert_eq!((role.arn(), role.path()), ("arn:aws:iam::222222222222:role/service/writer", "/service/"));
    assert!(role.assume_role_policy_document().unwrap().starts_with("%7B%22Version%22"));
    assert_eq!(role.permissions_boundary().unwrap().permissions_boundary_arn(), Some(POLICY));
    let names = iam.list_role_policies().role_name("writer").send().await.unwrap();
    assert_eq!(names.policy_names(), ["own"]);
    let own = iam.get_role_policy().role_name("writer").policy_name("own").send().await.unwrap();
    assert!(own.policy_document().contains("%22Allow%22"));
    let attached = iam.list_attached_role_policies().role_name("writer").send().await.unwrap();
    assert_eq!(attached.attached_policies()[0].policy_arn(), Some(POLICY));
    let policy = iam.get_policy().policy_arn(POLICY).send().await.unwrap().policy.unwrap();
    let version = policy.default_version_id().unwrap();
    let version = iam.get_policy_version().policy_arn(POLICY).version_id(version).send().await.unwrap();
    assert!(version.policy_version().unwrap().document().unwrap().contains("%22Action%22"));
}

#[tokio::test]
async fn what_is_not_there_is_no_such_entity() {
    let iam = iam(world());
    let missing = |(status, code, _): (u16, String, String)| assert_eq!((status, code.as_str()), (404, "NoSuchEntity"));
    missing(refusal(iam.get_role().role_name("nobody").send().await));
    missing(refusal(iam.get_role_policy().role_name("writer").policy_name("none").send().await));
    missing(refusal(iam.get_policy().policy_arn(format!("{POLICY}-not")).send().await));
    missing(refusal(iam.get_policy_version().policy_arn(POLICY).version_id("v9").send().await));
}

#[tokio::test]
async fn everybody_is_listed_page_by_page() {
    let iam = iam(world());
    let mut pages = iam.get_account_authorization_details().into_paginator().send();
    let (mut users, mut roles, mut sizes) = (0, Vec::new(), 0);
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        users += page.user_detail_list().iter().filter(|user| user.group_list() == ["all"]).count();
        roles.extend(page.role_detail_list().iter().map(|role| role.role_name().unwrap().to_owned()));
        assert_eq!(page.is_truncated(), page.marker().is_some());
        sizes += 1;
    }
    assert_eq!((users, sizes), (150, 2));
    assert_eq!(roles, ["audit", "writer"]);
}

#[tokio::test]
async fn a_denial_names_the_role() {
    let mut world = world();
    let denial = Denial::explicit(PolicyKind::ServiceControl, "iam:GetRole").on("*:role/service/writer");
    world.account_mut(OWNER).unwrap().denials.push(denial);
    let (status, code, message) = refusal(iam(world).get_role().role_name("writer").send().await);
    assert_eq!((status, code.as_str()), (403, "AccessDenied"));
    assert!(message.contains("role/service/writer with an explicit deny in a service control policy"), "{message}");
}
