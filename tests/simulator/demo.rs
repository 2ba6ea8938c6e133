use crate::simulator::clients::{READ_EVERYTHING, of_role, refusal};
use trailproof::simulator::{DEMO_ROLE, Simulator, demo_organization};

#[tokio::test]
async fn the_demo_is_what_its_stories_tell() {
    let now = "2026-11-20T18:00:00Z".parse().unwrap();
    let world = demo_organization(now);
    let buckets: Vec<_> = world.buckets.iter().map(|bucket| bucket.name.clone()).collect();
    let without_bucket: Vec<_> =
        world.trails.iter().filter(|t| !buckets.contains(&t.bucket)).map(|t| t.name.clone()).collect();
    assert_eq!(without_bucket, ["crm-trail"]);
    assert_eq!(world.trails.len(), 15);
    let simulator = Simulator::new(world);
    let role = |account: &str| format!("arn:aws:iam::{account}:role/{DEMO_ROLE}");

    let log_archive = of_role(&simulator, &role("222233334444"), READ_EVERYTHING, "us-east-1").await;
    let s3 = aws_sdk_s3::Client::new(&log_archive);
    let policy = s3.get_bucket_policy_status().bucket("acme-org-cloudtrail-logs").send().await.unwrap();
    assert_eq!(policy.policy_status().unwrap().is_public(), Some(false));

    let website = of_role(&simulator, &role("308862047531"), READ_EVERYTHING, "eu-west-1").await;
    let s3 = aws_sdk_s3::Client::new(&website);
    let policy = s3.get_bucket_policy_status().bucket("acme-website-logs").send().await.unwrap();
    assert_eq!(policy.policy_status().unwrap().is_public(), Some(true));

    // The delegated administrator's role is let in as well, and two Regions of one account are shut by the organization.
    let customers = of_role(&simulator, &role("306674829103"), READ_EVERYTHING, "sa-east-1").await;
    let (_, _, message) = refusal(aws_sdk_cloudtrail::Client::new(&customers).describe_trails().send().await);
    assert!(message.ends_with("with an explicit deny in a service control policy"), "{message}");
}

#[test]
fn the_demo_is_the_same_every_time() {
    let now = "2026-11-20T18:00:00Z".parse().unwrap();
    assert_eq!(demo_organization(now), demo_organization(now));
}
