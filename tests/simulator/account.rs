use crate::simulator::clients::{of_account, of_management, refusal};
use aws_sdk_account::types::RegionOptStatus;
use trailproof::simulator::{Account, Simulator, World};

fn simulator() -> Simulator {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    world.accounts.push(Account::new("222222222222", "payments").opted_in("me-south-1"));
    Simulator::new(world)
}

#[tokio::test]
async fn regions_have_their_status() {
    let client = aws_sdk_account::Client::new(&of_account(&simulator(), "222222222222", "eu-west-1"));
    let regions = client.list_regions().send().await.unwrap();
    let with = |status: RegionOptStatus| {
        let regions = regions.regions().iter().filter(move |region| region.region_opt_status() == Some(&status));
        regions.filter_map(|region| region.region_name()).collect::<Vec<_>>()
    };
    assert_eq!(with(RegionOptStatus::EnabledByDefault).len(), 17);
    assert_eq!(with(RegionOptStatus::Enabled), ["me-south-1"]);
    assert_eq!(with(RegionOptStatus::Disabled).len(), 11);
    assert_eq!(regions.next_token(), None);
}

#[tokio::test]
async fn regions_come_in_pages_and_by_status() {
    let client = aws_sdk_account::Client::new(&of_account(&simulator(), "222222222222", "eu-west-1"));
    let first = client.list_regions().max_results(20).send().await.unwrap();
    let second = client.list_regions().max_results(20).set_next_token(first.next_token).send().await.unwrap();
    assert_eq!((second.regions().len(), second.next_token()), (9, None));
    let enabled = client.list_regions().region_opt_status_contains(RegionOptStatus::Enabled).send().await.unwrap();
    assert_eq!(enabled.regions().len(), 1);
    assert_eq!(refusal(client.list_regions().max_results(51).send().await).1, "ValidationException");
}

#[tokio::test]
async fn only_the_management_account_asks_about_others() {
    let simulator = simulator();
    let management = aws_sdk_account::Client::new(&of_management(&simulator, "us-east-1"));
    let other = management.list_regions().account_id("222222222222").send().await.unwrap();
    assert_eq!(other.regions().iter().filter(|r| r.region_opt_status() == Some(&RegionOptStatus::Enabled)).count(), 1);
    let (status, code, message) = refusal(management.list_regions().account_id("111111111111").send().await);
    assert_eq!((status, code.as_str()), (403, "AccessDeniedException"));
    assert!(message.contains("standalone context"), "{message}");
    let member = aws_sdk_account::Client::new(&of_account(&simulator, "222222222222", "us-east-1"));
    assert_eq!(refusal(member.list_regions().account_id("222222222222").send().await).1, "AccessDeniedException");
}
