use crate::simulator::clients::of_account;
use trailproof::simulator::{Account, Simulator, Trail, World};

#[tokio::test]
async fn members_see_the_organizations_trail_under_its_owners_arn() {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    world.accounts.push(Account::new("222222222222", "payments"));
    world.trails.push(Trail::new("111111111111", "org-trail", "us-east-1", "acme-trails").of_organization());
    let simulator = Simulator::new(world);
    let member = aws_sdk_cloudtrail::Client::new(&of_account(&simulator, "222222222222", "eu-west-1"));
    let trails = member.describe_trails().send().await.unwrap();
    let arns: Vec<_> = trails.trail_list().iter().filter_map(|trail| trail.trail_arn()).collect();
    assert_eq!(arns, ["arn:aws:cloudtrail:us-east-1:111111111111:trail/org-trail"]);
    assert_eq!(simulator.requests()[0].operation, "DescribeTrails");
}
