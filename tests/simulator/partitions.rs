use crate::simulator::clients::{READ_EVERYTHING, of_account, of_management, of_role_in};
use trailproof::simulator::{Account, Bucket, Role, Simulator, Trail, World};

#[tokio::test]
async fn other_partitions_have_their_own_regions_and_arns() {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    world.partition = "aws-cn".to_owned();
    world.accounts.push(Account::new("222222222222", "payments").with_role(Role::new("audit", "111111111111")));
    world.trails.push(Trail::new("111111111111", "org-trail", "cn-north-1", "acme-trails").of_organization());
    world.buckets.push(Bucket::new("acme-trails", "111111111111", "cn-north-1").versioned());
    let simulator = Simulator::new(world);
    let role = "arn:aws-cn:iam::222222222222:role/audit";
    let member = of_role_in(&simulator, role, READ_EVERYTHING, "cn-north-1", "cn-northwest-1").await;
    let trails = aws_sdk_cloudtrail::Client::new(&member).describe_trails().send().await.unwrap();
    let arn = trails.trail_list()[0].trail_arn();
    assert_eq!(arn, Some("arn:aws-cn:cloudtrail:cn-north-1:111111111111:trail/org-trail"));
    let s3 = aws_sdk_s3::Client::new(&of_management(&simulator, "cn-north-1"));
    assert!(s3.get_bucket_versioning().bucket("acme-trails").send().await.unwrap().status().is_some());
    let organizations = aws_sdk_organizations::Client::new(&of_management(&simulator, "cn-north-1"));
    assert_eq!(organizations.list_accounts().send().await.unwrap().accounts().len(), 2);
    let regions = aws_sdk_account::Client::new(&of_account(&simulator, "222222222222", "cn-north-1"));
    assert_eq!(regions.list_regions().send().await.unwrap().regions().len(), 2);
}
