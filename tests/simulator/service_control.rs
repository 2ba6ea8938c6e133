use crate::simulator::clients::{of_account, of_management, refusal};
use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::PolicyType;
use serde_json::json;
use trailproof::simulator::{Account, ServiceControlPolicy, Simulator, World};

const MEMBER: &str = "222222222222";

fn simulator() -> Simulator {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    world.accounts.push(Account::new(MEMBER, "payments").in_unit("Workloads"));
    let organization = world.organization.take().unwrap();
    let unit = organization.unit_id("Workloads");
    let document = json!({ "Version": "2012-10-17", "Statement": [] });
    let policy = ServiceControlPolicy::new("p-examplepolicy", "protect", &document);
    world.organization = Some(organization.with_policy(policy.on(unit)));
    if let Some(organization) = &mut world.organization {
        organization.without_full_access.push(MEMBER.to_owned());
    }
    Simulator::new(world)
}

async fn attached(client: &Client, target: &str, kind: PolicyType) -> Vec<String> {
    let listed = client.list_policies_for_target().target_id(target).filter(kind).send().await.unwrap();
    listed.policies().iter().map(|policy| policy.id().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn policies_are_attached_to_roots_units_and_accounts() {
    let client = Client::new(&of_management(&simulator(), "us-east-1"));
    let roots = client.list_roots().send().await.unwrap();
    let root = roots.roots()[0].id().unwrap();
    let units = client.list_organizational_units_for_parent().parent_id(root).send().await.unwrap();
    let unit = units.organizational_units()[0].id().unwrap();
    let kind = || PolicyType::ServiceControlPolicy;
    assert_eq!(attached(&client, root, kind()).await, ["p-FullAWSAccess"]);
    assert_eq!(attached(&client, unit, kind()).await, ["p-FullAWSAccess", "p-examplepolicy"]);
    assert_eq!(attached(&client, MEMBER, kind()).await, Vec::<String>::new());
    assert_eq!(attached(&client, unit, PolicyType::TagPolicy).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_policy_has_a_name_and_its_content() {
    let client = Client::new(&of_management(&simulator(), "us-east-1"));
    let policy = client.describe_policy().policy_id("p-FullAWSAccess").send().await.unwrap().policy.unwrap();
    assert_eq!(policy.policy_summary().unwrap().name(), Some("FullAWSAccess"));
    assert!(policy.content().unwrap().contains("\"Allow\""));
    let (_, code, _) = refusal(client.describe_policy().policy_id("p-none").send().await);
    assert_eq!(code, "PolicyNotFoundException");
    let none = client.list_policies_for_target().target_id("ou-none").filter(PolicyType::ServiceControlPolicy);
    assert_eq!(refusal(none.send().await).1, "TargetNotFoundException");
}

#[tokio::test]
async fn a_member_may_not_ask() {
    let client = Client::new(&of_account(&simulator(), MEMBER, "us-east-1"));
    let (_, code, _) = refusal(client.describe_policy().policy_id("p-FullAWSAccess").send().await);
    assert_eq!(code, "AccessDeniedException");
}
