use crate::simulator::clients::of_account;
use aws_sdk_cloudwatchlogs::Client;
use trailproof::simulator::{Account, LogGroup, Simulator, World};

#[tokio::test]
async fn log_groups_are_found_by_prefix_and_in_pages() {
    let mut world = World::with_account(Account::new("222222222222", "payments"));
    for number in 0..60 {
        let arn = format!("arn:aws:logs:eu-west-1:222222222222:log-group:/trails/{number:02}");
        world.log_groups.push(LogGroup::new(&arn).keeping_days(30));
    }
    world.log_groups.push(LogGroup::new("arn:aws:logs:eu-west-1:222222222222:log-group:/other"));
    world.log_groups.push(LogGroup::new("arn:aws:logs:us-east-1:222222222222:log-group:/trails/elsewhere"));
    let logs = Client::new(&of_account(&Simulator::new(world), "222222222222", "eu-west-1"));
    let all = logs.describe_log_groups().send().await.unwrap();
    assert_eq!((all.log_groups().len(), all.log_groups()[0].log_group_name()), (50, Some("/other")));
    assert_eq!(all.log_groups()[0].retention_in_days(), None);
    let pages = logs.describe_log_groups().log_group_name_prefix("/trails/").into_paginator().send();
    let groups: Vec<_> =
        pages.try_collect().await.unwrap().into_iter().flat_map(|page| page.log_groups.unwrap()).collect();
    assert_eq!(groups.len(), 60);
    assert_eq!(groups[59].retention_in_days(), Some(30));
    assert_eq!(groups[59].arn(), Some("arn:aws:logs:eu-west-1:222222222222:log-group:/trails/59:*"));
    assert_eq!(groups[59].log_group_arn(), Some("arn:aws:logs:eu-west-1:222222222222:log-group:/trails/59"));
    let none = logs.describe_log_groups().log_group_name_prefix("/gone").send().await.unwrap();
    assert_eq!(none.log_groups().len(), 0);
}
