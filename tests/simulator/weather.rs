use crate::simulator::clients::{of_account, of_management, refusal};
use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::error::SdkError;
use aws_smithy_types::retry::RetryConfig;
use std::time::Duration;
use trailproof::simulator::{Account, Bucket, Effect, Quota, Simulator, Trail, Weather, World};

const ACCOUNT: &str = "111111111111";

fn world() -> World {
    let mut world = World::with_organization("o-exampleorgid", ACCOUNT);
    world.accounts.push(Account::new("222222222222", "payments"));
    world.trails.push(Trail::new(ACCOUNT, "main", "us-east-1", "acme-trails").multi_region());
    world.buckets.push(Bucket::new("acme-trails", ACCOUNT, "us-east-1"));
    world
}

fn under(rule: Weather) -> Simulator {
    Simulator::new(world()).with_weather(vec![rule])
}

fn client(simulator: &Simulator) -> Client {
    Client::new(&of_management(simulator, "us-east-1"))
}

#[tokio::test]
async fn throttling_is_in_each_services_words() {
    let simulator = under(Weather::new(Effect::Throttle));
    let config = of_management(&simulator, "us-east-1");
    let cloudtrail = refusal(client(&simulator).describe_trails().send().await);
    assert_eq!((cloudtrail.0, cloudtrail.1.as_str()), (400, "ThrottlingException"));
    let organizations = refusal(aws_sdk_organizations::Client::new(&config).list_accounts().send().await);
    assert_eq!(organizations.1, "TooManyRequestsException");
    let account = refusal(aws_sdk_account::Client::new(&config).list_regions().send().await);
    assert_eq!((account.0, account.1.as_str()), (429, "TooManyRequestsException"));
    let s3 = refusal(aws_sdk_s3::Client::new(&config).list_buckets().send().await);
    assert_eq!((s3.0, s3.1.as_str()), (503, "SlowDown"));
    let sts = refusal(aws_sdk_sts::Client::new(&config).get_caller_identity().send().await);
    assert_eq!(sts.1, "Throttling");
}

#[tokio::test]
async fn rules_match_and_count() {
    let rule = Weather::new(Effect::Status(503)).on("cloudtrail", "Describe*").in_region("us-*").first(2).each_place();
    let simulator = under(rule);
    let in_region = |account: &str, region| Client::new(&of_account(&simulator, account, region));
    for (account, region, expected) in [
        (ACCOUNT, "us-east-1", false),
        (ACCOUNT, "eu-west-1", true),
        (ACCOUNT, "us-east-1", false),
        (ACCOUNT, "us-east-1", true),
        ("222222222222", "us-east-1", false),
    ] {
        assert_eq!(in_region(account, region).describe_trails().send().await.is_ok(), expected, "{account} {region}");
    }
    assert!(client(&simulator).list_trails().send().await.is_ok());
}

#[tokio::test]
async fn a_client_that_tries_again_gets_through() {
    let simulator = under(Weather::new(Effect::Throttle).on("cloudtrail", "*").first(2));
    let retry = RetryConfig::standard().with_max_attempts(4).with_initial_backoff(Duration::from_millis(1));
    let config = aws_sdk_cloudtrail::config::Builder::from(&of_management(&simulator, "us-east-1")).retry_config(retry);
    assert!(Client::from_conf(config.build()).describe_trails().send().await.is_ok());
    let statuses: Vec<_> = simulator.requests().into_iter().map(|record| record.status).collect();
    assert_eq!(statuses, [400, 400, 200]);
}

#[tokio::test]
async fn errors_can_be_worded_by_hand() {
    let simulator = under(Weather::new(Effect::Deny("no, because".into())));
    let expected = (400, "AccessDeniedException".into(), "no, because".into());
    assert_eq!(refusal(client(&simulator).describe_trails().send().await), expected);
    let skewed =
        Effect::Refuse { status: 403, code: "InvalidSignatureException".into(), message: "Signature expired".into() };
    let expected = (403, "InvalidSignatureException".into(), "Signature expired".into());
    assert_eq!(refusal(client(&under(Weather::new(skewed))).describe_trails().send().await), expected);
}

#[tokio::test]
async fn connections_fail_as_connections_do() {
    for effect in [Effect::ConnectionRefused, Effect::ResetBeforeAnswer] {
        let simulator = under(Weather::new(effect));
        let error = client(&simulator).describe_trails().send().await.unwrap_err();
        assert!(matches!(&error, SdkError::DispatchFailure(failure) if failure.is_io()), "{error:?}");
        assert_eq!(simulator.requests()[0].status, 0);
    }
    let error = client(&under(Weather::new(Effect::ResetInBody))).describe_trails().send().await.unwrap_err();
    assert!(error.as_service_error().is_none(), "{error:?}");
}

#[tokio::test]
async fn answers_can_be_late_or_never_come() {
    let simulator = under(Weather::new(Effect::Latency(Duration::from_millis(30))));
    let start = tokio::time::Instant::now();
    client(&simulator).describe_trails().send().await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(30));
    let simulator = under(Weather::new(Effect::NeverAnswers));
    let cloudtrail = client(&simulator);
    let answer = tokio::time::timeout(Duration::from_millis(50), cloudtrail.describe_trails().send());
    assert!(answer.await.is_err());
}

#[tokio::test]
async fn bodies_can_be_damaged() {
    for (effect, parses) in [
        (Effect::HalfAnswer, false),
        (Effect::MalformedBody, false),
        (Effect::RawBody("<html>captive portal</html>".into()), false),
        (Effect::HugeBody(1 << 20), true),
        (Effect::ContentType("text/html".into()), true),
    ] {
        let answer = client(&under(Weather::new(effect.clone()))).describe_trails().send().await;
        assert_eq!(answer.is_ok(), parses, "{effect:?}");
    }
    // The SDK takes no body for an answer without fields: whoever reads it must notice.
    let empty = client(&under(Weather::new(Effect::EmptyBody))).describe_trails().send().await.unwrap();
    assert!(empty.trail_list.is_none());
    let arnless = client(&under(Weather::new(Effect::WithoutField("TrailARN".into())))).describe_trails().send().await;
    assert_eq!(arnless.unwrap().trail_list()[0].trail_arn(), None);
    let simulator = under(Weather::new(Effect::WithoutField("IsPublic".into())));
    let s3 = aws_sdk_s3::Client::new(&of_management(&simulator, "us-east-1"));
    assert!(s3.get_bucket_versioning().bucket("acme-trails").send().await.is_ok());
}

#[tokio::test]
async fn pages_can_loop() {
    let simulator = under(Weather::new(Effect::LoopingToken));
    let config = of_management(&simulator, "us-east-1");
    let organizations = aws_sdk_organizations::Client::new(&config);
    let first = organizations.list_accounts().send().await.unwrap();
    let second = organizations.list_accounts().set_next_token(first.next_token.clone()).send().await.unwrap();
    assert_eq!((&first.accounts, &first.next_token), (&second.accounts, &second.next_token));
    let s3 = aws_sdk_s3::Client::new(&config);
    let first = s3.list_buckets().max_buckets(1).send().await.unwrap();
    assert!(first.continuation_token().is_some());
}

#[tokio::test]
async fn redirects_can_loop() {
    let simulator = under(Weather::new(Effect::RedirectLoop("eu-west-1".into(), "eu-west-2".into())).on("s3", "*"));
    for (asked, told) in [("us-east-1", "eu-west-1"), ("eu-west-1", "eu-west-2"), ("eu-west-2", "eu-west-1")] {
        let s3 = aws_sdk_s3::Client::new(&of_management(&simulator, asked));
        let error = s3.head_bucket().bucket("acme-trails").send().await.unwrap_err();
        assert_eq!(error.raw_response().unwrap().headers().get("x-amz-bucket-region"), Some(told));
    }
}

#[tokio::test]
async fn a_quota_fills_up_with_time() {
    let simulator = Simulator::new(world()).with_quota(Quota::new("cloudtrail", 10.0, 2.0));
    let cloudtrail = client(&simulator);
    let mut answers = Vec::new();
    for _ in 0..3 {
        answers.push(cloudtrail.describe_trails().send().await.is_ok());
    }
    assert_eq!(answers, [true, true, false]);
    tokio::time::sleep(Duration::from_millis(120)).await;
    assert!(cloudtrail.describe_trails().send().await.is_ok());
    // Another Region has a quota of its own.
    let other = Client::new(&of_management(&simulator, "eu-west-1"));
    assert!(other.describe_trails().send().await.is_ok());
}
