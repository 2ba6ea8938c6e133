use crate::simulator::clients::{of_account, refusal};
use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::types::EventDataStoreStatus;
use serde_json::json;
use trailproof::simulator::{Account, Denial, EventDataStore, PolicyKind, Simulator, World};

const MANAGEMENT: &str = "111111111111";
const ADMINISTRATOR: &str = "222222222222";
const MEMBER: &str = "333333333333";

fn arn(account: &str, region: &str, id: &str) -> String {
    format!("arn:aws:cloudtrail:{region}:{account}:eventdatastore/{id}")
}

fn world() -> World {
    let mut world = World::with_organization("o-exampleorgid", MANAGEMENT);
    world.organization.as_mut().unwrap().delegate_cloudtrail(ADMINISTRATOR);
    world.accounts.extend([Account::new(ADMINISTRATOR, "audit"), Account::new(MEMBER, "payments")]);
    let policy = json!({ "Statement": [] });
    world.event_data_stores.extend([
        EventDataStore::new(&arn(MANAGEMENT, "eu-west-1", "org"), "org").of_organization().with_policy(&policy),
        EventDataStore::new(&arn(MANAGEMENT, "eu-west-1", "own"), "own"),
        EventDataStore::new(&arn(MEMBER, "eu-west-1", "a"), "a").in_status("PENDING_DELETION").encrypted_with("key"),
        EventDataStore::new(&arn(MEMBER, "us-east-1", "b"), "b"),
    ]);
    world
}

fn client(world: World, account: &str) -> Client {
    Client::new(&of_account(&Simulator::new(world), account, "eu-west-1"))
}

async fn names(client: &Client) -> Vec<String> {
    let pages = client.list_event_data_stores().max_results(1).into_paginator().send().try_collect().await.unwrap();
    let stores = pages.into_iter().flat_map(|page| page.event_data_stores.unwrap());
    stores.map(|store| store.name.unwrap()).collect()
}

#[tokio::test]
async fn an_account_lists_its_own_stores_of_the_region_in_pages() {
    assert_eq!(names(&client(world(), MANAGEMENT)).await, ["org", "own"]);
    assert_eq!(names(&client(world(), MEMBER)).await, ["a"]);
    let refused = client(world(), MEMBER).list_event_data_stores().max_results(0).send().await;
    assert_eq!(refusal(refused).1, "InvalidMaxResultsException");
    let refused = client(world(), MEMBER).list_event_data_stores().next_token("zz").send().await;
    assert_eq!(refusal(refused).1, "InvalidNextTokenException");
}

#[tokio::test]
async fn an_organizations_store_is_seen_by_delegated_administrators_and_by_no_other_member() {
    assert_eq!(names(&client(world(), ADMINISTRATOR)).await, ["org"]);
    let asked = arn(MANAGEMENT, "eu-west-1", "org");
    let got = client(world(), ADMINISTRATOR).get_event_data_store().event_data_store(&asked).send().await.unwrap();
    assert_eq!((got.organization_enabled(), got.event_data_store_arn()), (Some(true), Some(asked.as_str())));
    let refused = client(world(), MEMBER).get_event_data_store().event_data_store(&asked).send().await;
    assert_eq!(refusal(refused).1, "EventDataStoreNotFoundException");
}

#[tokio::test]
async fn a_store_tells_what_it_is() {
    let client = client(world(), MEMBER);
    let got = client.get_event_data_store().event_data_store("a").send().await.unwrap();
    assert_eq!(got.status(), Some(&EventDataStoreStatus::PendingDeletion));
    assert_eq!((got.retention_period(), got.kms_key_id()), (Some(366), Some("key")));
    assert_eq!((got.termination_protection_enabled(), got.multi_region_enabled()), (Some(true), Some(true)));
    assert_eq!(got.advanced_event_selectors()[0].field_selectors()[0].equals(), ["Management"]);
    let elsewhere = client.get_event_data_store().event_data_store("b").send().await;
    assert_eq!(refusal(elsewhere).1, "EventDataStoreNotFoundException");
}

#[tokio::test]
async fn a_policy_is_there_or_is_said_not_to_be() {
    let client = client(world(), MANAGEMENT);
    let ask = |id: &str| client.get_resource_policy().resource_arn(arn(MANAGEMENT, "eu-west-1", id)).send();
    assert_eq!(ask("org").await.unwrap().resource_policy(), Some(r#"{"Statement":[]}"#));
    assert_eq!(refusal(ask("own").await).1, "ResourcePolicyNotFoundException");
    assert_eq!(refusal(ask("gone").await).1, "ResourceNotFoundException");
}

#[tokio::test]
async fn denials_hold_for_a_store() {
    let mut world = world();
    let denial =
        Denial::explicit(PolicyKind::ServiceControl, "cloudtrail:GetEventDataStore").on(&arn(MEMBER, "eu-west-1", "a"));
    world.account_mut(MEMBER).unwrap().denials.push(denial);
    let client = client(world, MEMBER);
    let asked = arn(MEMBER, "eu-west-1", "a");
    let refused = client.get_event_data_store().event_data_store(&asked).send().await;
    assert_eq!(refusal(refused).1, "AccessDeniedException");
    assert_eq!(names(&client).await, ["a"]);
}
