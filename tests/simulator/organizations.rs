use crate::simulator::clients::{of_account, of_management, refusal};
use aws_sdk_organizations::Client;
use aws_sdk_organizations::types::{AccountState, AccountStatus, ChildType};
use trailproof::simulator::{Account, AccountState as State, Simulator, World};

const MEMBER: &str = "200000000001";

/// Forty-five accounts: the management account, and members in units.
fn world() -> World {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    for number in 1..=44 {
        let unit = if number % 2 == 0 { "Workloads/Production" } else { "Workloads/Development" };
        world.accounts.push(Account::new(format!("{}", 200_000_000_000_u64 + number), "member").in_unit(unit));
    }
    world.account_mut(MEMBER).unwrap().tags.push(("team".into(), "red".into()));
    world.account_mut("200000000002").unwrap().state = State::PendingClosure;
    world.account_mut("200000000004").unwrap().state = State::Closed;
    world.accounts.push(Account::new("999999999999", "stranger").outside());
    world.organization.as_mut().unwrap().empty_units.push("Sandbox".into());
    world.organization.as_mut().unwrap().delegate_cloudtrail("200000000003");
    world
}

fn management(simulator: &Simulator) -> Client {
    Client::new(&of_management(simulator, "eu-west-1"))
}

#[tokio::test]
async fn accounts_come_twenty_a_page() {
    let simulator = Simulator::new(world());
    let client = management(&simulator);
    let mut pages = client.list_accounts().into_paginator().send();
    let mut sizes = Vec::new();
    let mut ids = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        sizes.push(page.accounts().len());
        ids.extend(page.accounts().iter().map(|account| account.id().unwrap().to_owned()));
    }
    assert_eq!(sizes, [20, 20, 5]);
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), ids.contains(&"999999999999".to_owned())), (45, false));
    assert_eq!(refusal(client.list_accounts().max_results(21).send().await).1, "InvalidInputException");
    assert_eq!(refusal(client.list_accounts().next_token("made up").send().await).1, "InvalidInputException");
}

#[tokio::test]
async fn an_account_has_a_state_and_the_older_status() {
    let client = management(&Simulator::new(world()));
    for (id, state, status) in [
        (MEMBER, AccountState::Active, AccountStatus::Active),
        ("200000000002", AccountState::PendingClosure, AccountStatus::PendingClosure),
        ("200000000004", AccountState::Closed, AccountStatus::Suspended),
    ] {
        let account = client.describe_account().account_id(id).send().await.unwrap().account.unwrap();
        assert_eq!(account.state(), Some(&state));
        assert_eq!(account.status(), Some(&status));
        assert_eq!(
            account.arn(),
            Some(format!("arn:aws:organizations::111111111111:account/o-exampleorgid/{id}").as_str())
        );
    }
    let missing = client.describe_account().account_id("999999999999").send().await;
    assert_eq!(refusal(missing).1, "AccountNotFoundException");
}

#[tokio::test]
async fn units_hold_units_and_accounts() {
    let client = management(&Simulator::new(world()));
    let roots = client.list_roots().send().await.unwrap();
    let root = roots.roots()[0].id().unwrap();
    let units = client.list_organizational_units_for_parent().parent_id(root).send().await.unwrap();
    let names: Vec<_> = units.organizational_units().iter().map(|unit| unit.name().unwrap()).collect();
    assert_eq!(names, ["Sandbox", "Workloads"]);
    let workloads = units.organizational_units()[1].id().unwrap();
    let below =
        client.list_children().parent_id(workloads).child_type(ChildType::OrganizationalUnit).send().await.unwrap();
    assert_eq!(below.children().len(), 2);
    let development = below.children()[0].id().unwrap();
    let described = client.describe_organizational_unit().organizational_unit_id(development).send().await.unwrap();
    assert_eq!(described.organizational_unit().unwrap().name(), Some("Development"));
    let first = client.list_accounts_for_parent().parent_id(development).send().await.unwrap();
    let rest = client.list_accounts_for_parent().parent_id(development).set_next_token(first.next_token.clone());
    assert_eq!((first.accounts().len(), rest.send().await.unwrap().accounts().len()), (20, 2));
    let parents = client.list_parents().child_id(MEMBER).send().await.unwrap();
    assert_eq!(parents.parents()[0].id(), Some(development));
    let above = client.list_parents().child_id(workloads).send().await.unwrap();
    assert_eq!(above.parents()[0].id(), Some(root));
    let in_root = client.list_children().parent_id(root).child_type(ChildType::Account).send().await.unwrap();
    assert_eq!(in_root.children()[0].id(), Some("111111111111"));
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let client = management(&Simulator::new(world()));
    let unit = "ou-ab12-00000000";
    assert_eq!(refusal(client.list_accounts_for_parent().parent_id(unit).send().await).1, "ParentNotFoundException");
    assert_eq!(refusal(client.list_parents().child_id(unit).send().await).1, "ChildNotFoundException");
    let described = client.describe_organizational_unit().organizational_unit_id(unit).send().await;
    assert_eq!(refusal(described).1, "OrganizationalUnitNotFoundException");
    assert_eq!(refusal(client.list_tags_for_resource().resource_id(unit).send().await).1, "TargetNotFoundException");
}

#[tokio::test]
async fn the_organization_tells_who_acts_for_it() {
    let simulator = Simulator::new(world());
    let client = management(&simulator);
    let organization = client.describe_organization().send().await.unwrap().organization.unwrap();
    assert_eq!(organization.master_account_id(), Some("111111111111"));
    assert_eq!(organization.arn(), Some("arn:aws:organizations::111111111111:organization/o-exampleorgid"));
    let service = "cloudtrail.amazonaws.com";
    let delegated = client.list_delegated_administrators().service_principal(service).send().await.unwrap();
    assert_eq!(delegated.delegated_administrators()[0].id(), Some("200000000003"));
    let none = client.list_delegated_administrators().service_principal("config.amazonaws.com").send().await.unwrap();
    assert_eq!(none.delegated_administrators().len(), 0);
    let trusted = client.list_aws_service_access_for_organization().send().await.unwrap();
    let trusted: Vec<_> = trusted.enabled_service_principals().iter().map(|s| s.service_principal().unwrap()).collect();
    assert_eq!(trusted, ["account.amazonaws.com", "cloudtrail.amazonaws.com"]);
    let tags = client.list_tags_for_resource().resource_id(MEMBER).send().await.unwrap();
    assert_eq!((tags.tags()[0].key(), tags.tags()[0].value()), ("team", "red"));
}

#[tokio::test]
async fn members_may_not_list_but_delegated_administrators_may() {
    let simulator = Simulator::new(world());
    let of = |account: &str| Client::new(&of_account(&simulator, account, "us-east-1"));
    let expected = (400, "AccessDeniedException".into(), "You don't have permissions to access this resource.".into());
    assert_eq!(refusal(of(MEMBER).list_accounts().send().await), expected);
    assert!(of(MEMBER).describe_organization().send().await.is_ok());
    assert_eq!(of("200000000003").list_accounts().send().await.unwrap().accounts().len(), 20);
    let outside = of("999999999999");
    assert_eq!(refusal(outside.describe_organization().send().await).1, "AWSOrganizationsNotInUseException");
}
