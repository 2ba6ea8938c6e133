use crate::simulator::clients::{READ_EVERYTHING, config, of_account, of_management, of_role, refusal};
use aws_credential_types::Credentials;
use std::time::Duration;
use trailproof::simulator::{Account, Bucket, Denial, PolicyKind, Role, Simulator, Trail, World};

const MEMBER: &str = "222222222222";
const ROLE: &str = "arn:aws:iam::222222222222:role/audit";

fn world(denials: Vec<Denial>) -> World {
    let mut world = World::with_organization("o-exampleorgid", "111111111111");
    let mut member = Account::new(MEMBER, "payments").with_role(Role::new("audit", "111111111111"));
    member.denials = denials;
    world.accounts.push(member);
    world.trails.push(Trail::new(MEMBER, "main", "eu-west-1", "acme-trails"));
    world.buckets.push(Bucket::new("acme-trails", MEMBER, "eu-west-1"));
    world
}

#[tokio::test]
async fn each_kind_of_policy_denies_in_its_own_words() {
    let user = "User: arn:aws:iam::222222222222:user/auditor is not authorized to perform: cloudtrail:DescribeTrails";
    let allows = |kind: &str| format!("{user} because no {kind} allows the cloudtrail:DescribeTrails action");
    let denies = |kind: &str| format!("{user} with an explicit deny in {kind}");
    for (denial, message) in [
        (Denial::implicit(PolicyKind::Identity, "cloudtrail:*"), allows("identity-based policy")),
        (Denial::explicit(PolicyKind::Identity, "cloudtrail:Describe*"), denies("an identity-based policy")),
        (Denial::implicit(PolicyKind::ServiceControl, "*"), allows("service control policy")),
        (Denial::explicit(PolicyKind::ServiceControl, "*"), denies("a service control policy")),
        (Denial::explicit(PolicyKind::ResourceControl, "*"), denies("a resource control policy")),
        (Denial::implicit(PolicyKind::Resource, "*"), allows("resource-based policy")),
        (Denial::implicit(PolicyKind::PermissionsBoundary, "*"), allows("permissions boundary")),
        (Denial::explicit(PolicyKind::PermissionsBoundary, "*"), denies("a permissions boundary")),
        (Denial::implicit(PolicyKind::Session, "*"), allows("session policy")),
    ] {
        let simulator = Simulator::new(world(vec![denial]));
        let cloudtrail = aws_sdk_cloudtrail::Client::new(&of_account(&simulator, MEMBER, "eu-west-1"));
        let answer = refusal(cloudtrail.describe_trails().send().await);
        assert_eq!(answer, (400, "AccessDeniedException".into(), message));
        // No policy keeps one from asking who one is.
        let sts = aws_sdk_sts::Client::new(&of_account(&simulator, MEMBER, "eu-west-1"));
        assert!(sts.get_caller_identity().send().await.is_ok());
    }
}

#[tokio::test]
async fn a_denial_covers_its_region_and_resource_alone() {
    let denials = vec![
        Denial::explicit(PolicyKind::ServiceControl, "cloudtrail:*").in_region("ap-*"),
        Denial::explicit(PolicyKind::Identity, "s3:GetLifecycleConfiguration").on("arn:aws:s3:::acme-*"),
    ];
    let simulator = Simulator::new(world(denials));
    let there = aws_sdk_cloudtrail::Client::new(&of_account(&simulator, MEMBER, "ap-south-1"));
    assert_eq!(refusal(there.describe_trails().send().await).1, "AccessDeniedException");
    let here = of_account(&simulator, MEMBER, "eu-west-1");
    assert!(aws_sdk_cloudtrail::Client::new(&here).describe_trails().send().await.is_ok());
    let s3 = aws_sdk_s3::Client::new(&here);
    let told = "User: arn:aws:iam::222222222222:user/auditor is not authorized to perform: s3:GetLifecycleConfiguration \
                on resource: \"arn:aws:s3:::acme-trails\" with an explicit deny in an identity-based policy";
    let denied = refusal(s3.get_bucket_lifecycle_configuration().bucket("acme-trails").send().await);
    assert_eq!(denied, (403, "AccessDenied".into(), told.into()));
    assert!(s3.get_bucket_acl().bucket("acme-trails").send().await.is_ok());
}

#[tokio::test]
async fn a_denied_head_still_tells_the_region() {
    let simulator = Simulator::new(world(vec![Denial::implicit(PolicyKind::Identity, "s3:ListBucket")]));
    let s3 = aws_sdk_s3::Client::new(&of_account(&simulator, MEMBER, "us-east-1"));
    let error = s3.head_bucket().bucket("acme-trails").send().await.unwrap_err();
    let raw = error.raw_response().unwrap();
    assert_eq!((raw.status().as_u16(), raw.headers().get("x-amz-bucket-region")), (403, Some("eu-west-1")));
}

#[tokio::test]
async fn a_session_may_do_what_its_policy_allows_and_no_more() {
    let simulator = Simulator::new(world(Vec::new()));
    let policy = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":["cloudtrail:Describe*","s3:GetEncryptionConfiguration"],"Resource":"*"},
        {"Effect":"Deny","Action":"cloudtrail:DescribeX","Resource":"*"}]}"#;
    let session = of_role(&simulator, ROLE, policy, "eu-west-1").await;
    let cloudtrail = aws_sdk_cloudtrail::Client::new(&session);
    assert!(cloudtrail.describe_trails().send().await.is_ok());
    let told = "User: arn:aws:sts::222222222222:assumed-role/audit/test is not authorized to perform: cloudtrail:GetTrailStatus on \
                resource: arn:aws:cloudtrail:eu-west-1:222222222222:trail/main because no session policy allows the cloudtrail:GetTrailStatus action";
    let denied = refusal(cloudtrail.get_trail_status().name("main").send().await);
    assert_eq!(denied, (400, "AccessDeniedException".into(), told.into()));
    let s3 = aws_sdk_s3::Client::new(&session);
    assert!(s3.get_bucket_encryption().bucket("acme-trails").send().await.is_ok());
    assert_eq!(refusal(s3.get_bucket_policy().bucket("acme-trails").send().await).0, 403);
    assert_eq!(refusal(s3.list_buckets().send().await).0, 403);
}

#[tokio::test]
async fn a_session_ends() {
    let simulator = Simulator::new(world(Vec::new()));
    let session = of_role(&simulator, ROLE, READ_EVERYTHING, "eu-west-1").await;
    let cloudtrail = aws_sdk_cloudtrail::Client::new(&session);
    assert!(cloudtrail.describe_trails().send().await.is_ok());
    simulator.advance(Duration::from_secs(3_601));
    let told = "The security token included in the request is expired";
    assert_eq!(refusal(cloudtrail.describe_trails().send().await), (400, "ExpiredTokenException".into(), told.into()));
    let s3 = aws_sdk_s3::Client::new(&session);
    assert_eq!(refusal(s3.list_buckets().send().await).1, "ExpiredToken");
}

#[tokio::test]
async fn unknown_keys_and_disabled_regions_invalidate_the_token_in_each_services_words() {
    let simulator = Simulator::new(world(Vec::new()));
    let unknown = config(&simulator, Credentials::new("AKIAUNKNOWN", "x", None, None, "test"), "eu-west-1");
    let disabled = of_account(&simulator, MEMBER, "me-south-1");
    let stolen =
        config(&simulator, Credentials::new("ASIASIM0000000000001", "x", Some("y".into()), None, "test"), "eu-west-1");
    let _session = of_role(&simulator, ROLE, READ_EVERYTHING, "eu-west-1").await;
    let told = "The security token included in the request is invalid.".to_owned();
    for config in [unknown, disabled, stolen] {
        let cloudtrail = refusal(aws_sdk_cloudtrail::Client::new(&config).describe_trails().send().await);
        assert_eq!(cloudtrail, (400, "UnrecognizedClientException".into(), told.clone()));
        let sns = refusal(aws_sdk_sns::Client::new(&config).get_topic_attributes().topic_arn("x").send().await);
        assert_eq!(sns, (403, "InvalidClientTokenId".into(), told.clone()));
        let s3 = refusal(aws_sdk_s3::Client::new(&config).list_buckets().send().await);
        assert_eq!(s3, (403, "InvalidAccessKeyId".into(), told.clone()));
    }
}

#[tokio::test]
async fn whatever_is_not_a_read_is_refused_and_recorded() {
    let simulator = Simulator::new(world(Vec::new())).without_log();
    let config = of_account(&simulator, MEMBER, "eu-west-1");
    let told = "the simulator refuses every operation that is not a read";
    let s3 = aws_sdk_s3::Client::new(&config);
    let kms = aws_sdk_kms::Client::new(&config);
    let refusals = [
        refusal(aws_sdk_cloudtrail::Client::new(&config).stop_logging().name("main").send().await),
        refusal(s3.put_bucket_policy().bucket("acme-trails").policy("{}").send().await),
        refusal(s3.delete_bucket().bucket("acme-trails").send().await),
        refusal(s3.get_object().bucket("acme-trails").key("AWSLogs/x").send().await),
        refusal(kms.schedule_key_deletion().key_id("1").send().await),
        refusal(aws_sdk_sns::Client::new(&config).create_topic().name("x").send().await),
    ];
    for answer in refusals {
        assert_eq!(answer, (403, "AccessDenied".into(), told.into()));
    }
    let refused = simulator.refused_writes();
    let names: Vec<_> = refused.iter().map(|record| format!("{}:{}", record.service, record.operation)).collect();
    assert_eq!(
        names,
        [
            "cloudtrail:StopLogging",
            "s3:PUTBucket?policy",
            "s3:DELETEBucket",
            "s3:GETObject?x-id",
            "kms:ScheduleKeyDeletion",
            "sns:CreateTopic"
        ]
    );
    assert_eq!(
        (refused[0].account.as_str(), refused[0].region.as_str(), refused[0].status),
        (MEMBER, "eu-west-1", 403)
    );
    assert!(simulator.requests().is_empty());
}

#[tokio::test]
async fn requests_are_recorded_in_order() {
    let simulator = Simulator::new(world(Vec::new()));
    let config = of_management(&simulator, "us-east-1");
    aws_sdk_organizations::Client::new(&config).describe_organization().send().await.unwrap();
    aws_sdk_cloudtrail::Client::new(&config).get_trail().name("absent").send().await.unwrap_err();
    let records = simulator.requests();
    let shown: Vec<_> =
        records.iter().map(|r| (r.account.as_str(), r.service.as_str(), r.operation.as_str(), r.status)).collect();
    assert_eq!(
        shown,
        [
            ("111111111111", "organizations", "DescribeOrganization", 200),
            ("111111111111", "cloudtrail", "GetTrail", 400),
        ]
    );
    assert_eq!(records[1].resource, r#"{"Name":"absent"}"#);
}
