use crate::simulator::clients::{of_account, refusal};
use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::operation::describe_trails::DescribeTrailsOutput;
use serde_json::json;
use trailproof::simulator::{Account, AccountState, MemberSelectors, Simulator, Trail, TrailStatus, World};

const MANAGEMENT: &str = "111111111111";
const MEMBER: &str = "222222222222";
const ADMINISTRATOR: &str = "333333333333";
const ORG_TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111111111111:trail/org-trail";

fn world() -> World {
    let mut world = World::with_organization("o-exampleorgid", MANAGEMENT);
    world.accounts.push(Account::new(MEMBER, "payments"));
    world.accounts.push(Account::new(ADMINISTRATOR, "audit"));
    world.organization.as_mut().unwrap().delegate_cloudtrail(ADMINISTRATOR);
    world.trails.push(Trail::new(MANAGEMENT, "org-trail", "us-east-1", "acme-trails").of_organization());
    world.trails.push(Trail::new(MEMBER, "wide", "eu-west-1", "acme-wide").multi_region().with_tag("team", "red"));
    world.trails.push(Trail::new(MEMBER, "narrow", "eu-west-1", "acme-narrow"));
    world
}

fn client(simulator: &Simulator, account: &str, region: &'static str) -> Client {
    Client::new(&of_account(simulator, account, region))
}

fn names(answer: &DescribeTrailsOutput) -> Vec<&str> {
    answer.trail_list().iter().map(|trail| trail.name().unwrap()).collect()
}

#[tokio::test]
async fn shadows_show_multi_region_trails_everywhere() {
    let simulator = Simulator::new(world());
    for (account, region, shadows, expected) in [
        (MEMBER, "eu-west-1", None, &["wide", "narrow", "org-trail"][..]),
        (MEMBER, "us-west-2", Some(true), &["wide", "org-trail"]),
        (MEMBER, "eu-west-1", Some(false), &["wide", "narrow"]),
        (MEMBER, "us-east-1", Some(false), &[]),
        (MANAGEMENT, "us-east-1", Some(false), &["org-trail"]),
        (MANAGEMENT, "eu-west-1", Some(false), &[]),
        (MANAGEMENT, "eu-west-1", None, &["org-trail"]),
    ] {
        let call = client(&simulator, account, region).describe_trails().set_include_shadow_trails(shadows);
        assert_eq!(names(&call.send().await.unwrap()), expected, "{account} {region} {shadows:?}");
    }
}

#[tokio::test]
async fn members_see_the_organizations_trail_under_its_owners_arn() {
    let mut world = world();
    world
        .trails
        .push(Trail { multi_region: false, ..Trail::new(MANAGEMENT, "one", "eu-north-1", "b").of_organization() });
    let simulator = Simulator::new(world);
    let seen = client(&simulator, MEMBER, "us-west-2").describe_trails().send().await.unwrap();
    let trail = &seen.trail_list()[1];
    assert_eq!((trail.trail_arn(), trail.is_organization_trail()), (Some(ORG_TRAIL), Some(true)));
    // One that records a single Region shows there alone.
    let at_home = client(&simulator, MEMBER, "eu-north-1").describe_trails().send().await.unwrap();
    assert_eq!(names(&at_home), ["wide", "org-trail", "one"]);
}

#[tokio::test]
async fn the_organizations_trail_does_not_reach_everybody() {
    let mut world = world();
    world.trails[0].home_region = "me-south-1".to_owned();
    world.account_mut(ADMINISTRATOR).unwrap().opted_in.push("me-south-1".to_owned());
    world
        .accounts
        .push(Account::new("444444444444", "closing").in_state(AccountState::PendingClosure).opted_in("me-south-1"));
    world.accounts.push(Account::new("555555555555", "stranger").outside().opted_in("me-south-1"));
    let simulator = Simulator::new(world);
    for (account, expected) in [(ADMINISTRATOR, 1), (MEMBER, 0), ("444444444444", 0), ("555555555555", 0)] {
        let seen = client(&simulator, account, "us-east-1").describe_trails().send().await.unwrap();
        let seen = seen.trail_list().iter().filter(|trail| trail.name() == Some("org-trail")).count();
        assert_eq!(seen, expected, "{account}");
    }
}

#[tokio::test]
async fn trails_are_described_by_name_at_home_and_by_arn_from_anywhere() {
    let simulator = Simulator::new(world());
    let wide = "arn:aws:cloudtrail:eu-west-1:222222222222:trail/wide";
    let elsewhere = client(&simulator, MEMBER, "us-west-2");
    let asked = |name: &str| elsewhere.describe_trails().trail_name_list(name).send();
    assert_eq!(names(&asked("wide").await.unwrap()), Vec::<&str>::new());
    assert_eq!(names(&asked(wide).await.unwrap()), ["wide"]);
    assert_eq!(names(&asked(ORG_TRAIL).await.unwrap()), ["org-trail"]);
    assert_eq!(refusal(asked("arn:aws:s3:::x").await).1, "CloudTrailARNInvalidException");
    let home = client(&simulator, MEMBER, "eu-west-1");
    assert_eq!(names(&home.describe_trails().trail_name_list("wide").send().await.unwrap()), ["wide"]);
}

#[tokio::test]
async fn a_name_means_nothing_outside_the_home_region() {
    let simulator = Simulator::new(world());
    let elsewhere = client(&simulator, MEMBER, "us-west-2");
    let message = "Unknown trail: arn:aws:cloudtrail:us-west-2:222222222222:trail/wide for the user: 222222222222";
    let expected = (400, "TrailNotFoundException".to_owned(), message.to_owned());
    assert_eq!(refusal(elsewhere.get_trail().name("wide").send().await), expected);
    assert_eq!(refusal(elsewhere.get_trail_status().name("wide").send().await), expected);
    assert_eq!(refusal(elsewhere.get_event_selectors().trail_name("wide").send().await), expected);
    let by_arn = "arn:aws:cloudtrail:eu-west-1:222222222222:trail/wide";
    let wrong = refusal(elsewhere.get_event_selectors().trail_name(by_arn).send().await);
    assert_eq!(wrong.1, "CloudTrailARNInvalidException");
    let home = client(&simulator, MEMBER, "eu-west-1");
    assert_eq!(home.get_trail().name(by_arn).send().await.unwrap().trail().unwrap().name(), Some("wide"));
}

#[tokio::test]
async fn a_status_is_that_of_one_region() {
    let now = "2026-11-20T18:00:00Z".parse().unwrap();
    let mut world = world();
    let failing = TrailStatus { delivery_error: Some("AccessDenied".into()), ..TrailStatus::logging(now) };
    let trail = world.trail_mut("org-trail").unwrap();
    trail.status = TrailStatus::logging(now);
    trail.status_in.insert("eu-west-1".into(), failing);
    let simulator = Simulator::new(world);
    let member = client(&simulator, MEMBER, "us-west-2").get_trail_status().name(ORG_TRAIL).send().await.unwrap();
    assert_eq!((member.is_logging(), member.latest_delivery_error()), (Some(true), None));
    assert_eq!(member.latest_delivery_time().unwrap().secs(), 1_795_197_600 - 240);
    let other = client(&simulator, MEMBER, "eu-west-1").get_trail_status().name(ORG_TRAIL).send().await.unwrap();
    assert_eq!(other.latest_delivery_error(), Some("AccessDenied"));
    let narrow = "arn:aws:cloudtrail:eu-west-1:222222222222:trail/narrow";
    let elsewhere = client(&simulator, MEMBER, "us-west-2").get_trail_status().name(narrow).send().await;
    assert_eq!(refusal(elsewhere).1, "TrailNotFoundException");
    let foreign = client(&simulator, MANAGEMENT, "eu-west-1").get_trail_status().name(narrow).send().await;
    assert_eq!(refusal(foreign).1, "CloudTrailARNInvalidException");
}

#[tokio::test]
async fn what_members_are_told_of_selectors_is_the_worlds_choice() {
    for (choice, expected) in [
        (MemberSelectors::NotFound, Some("TrailNotFoundException")),
        (MemberSelectors::ArnInvalid, Some("CloudTrailARNInvalidException")),
        (MemberSelectors::Readable, None),
    ] {
        let mut world = world();
        world.member_selectors = choice;
        let simulator = Simulator::new(world);
        let answer = client(&simulator, MEMBER, "us-east-1").get_event_selectors().trail_name(ORG_TRAIL).send().await;
        assert_eq!(answer.err().map(|e| e.into_service_error().meta().code().unwrap().to_owned()).as_deref(), expected);
        let administrator = client(&simulator, ADMINISTRATOR, "us-east-1");
        assert!(administrator.get_event_selectors().trail_name(ORG_TRAIL).send().await.is_ok());
    }
}

#[tokio::test]
async fn selectors_are_the_default_the_basic_or_the_advanced() {
    let mut world = world();
    let advanced = json!({ "Name": "all", "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Management"] }] });
    world.trails.push(Trail::new(MEMBER, "advanced", "eu-west-1", "b").selecting_advanced([advanced]));
    let basic = json!({ "ReadWriteType": "WriteOnly", "IncludeManagementEvents": true,
        "DataResources": [{ "Type": "AWS::S3::Object", "Values": ["arn:aws:s3"] }], "ExcludeManagementEventSources": ["kms.amazonaws.com"] });
    world.trails.push(Trail::new(MEMBER, "basic", "eu-west-1", "b").selecting([basic]));
    let simulator = Simulator::new(world);
    let client = client(&simulator, MEMBER, "eu-west-1");
    let of = |name: &'static str| client.get_event_selectors().trail_name(name).send();
    let default = of("wide").await.unwrap();
    assert_eq!(default.event_selectors()[0].read_write_type().unwrap().as_str(), "All");
    let basic = of("basic").await.unwrap();
    assert_eq!(basic.event_selectors()[0].exclude_management_event_sources(), ["kms.amazonaws.com"]);
    let advanced = of("advanced").await.unwrap();
    assert_eq!(advanced.advanced_event_selectors()[0].field_selectors()[0].field(), "eventCategory");
    let described = client.describe_trails().send().await.unwrap();
    let custom: Vec<_> = described.trail_list().iter().map(|t| t.has_custom_event_selectors().unwrap()).collect();
    assert_eq!(custom, [false, false, true, true, false]);
}

#[tokio::test]
async fn insights_are_on_or_not_enabled() {
    let mut world = world();
    world.trail_mut("wide").unwrap().insight_selectors.push(json!({ "InsightType": "ApiCallRateInsight" }));
    let simulator = Simulator::new(world);
    let client = client(&simulator, MEMBER, "eu-west-1");
    assert_eq!(client.get_insight_selectors().trail_name("wide").send().await.unwrap().insight_selectors().len(), 1);
    let off = client.get_insight_selectors().trail_name("narrow").send().await;
    assert_eq!(refusal(off).1, "InsightNotEnabledException");
}

#[tokio::test]
async fn tags_are_the_owners_to_read_at_home() {
    let simulator = Simulator::new(world());
    let wide = "arn:aws:cloudtrail:eu-west-1:222222222222:trail/wide";
    let home = client(&simulator, MEMBER, "eu-west-1");
    let tags = home.list_tags().resource_id_list(wide).send().await.unwrap();
    assert_eq!(tags.resource_tag_list()[0].tags_list()[0].value(), Some("red"));
    let message = "AccountID in ARN is wrong, you can only access resources with AccountID 222222222222.";
    let foreign = home.list_tags().resource_id_list(ORG_TRAIL).send().await;
    assert_eq!(refusal(foreign), (400, "CloudTrailARNInvalidException".into(), message.into()));
    let elsewhere = client(&simulator, MEMBER, "us-west-2").list_tags().resource_id_list(wide).send().await;
    assert_eq!(refusal(elsewhere).1, "CloudTrailARNInvalidException");
}

#[tokio::test]
async fn fields_can_be_left_out() {
    let mut world = world();
    world.trail_mut("narrow").unwrap().left_out.extend(["IsOrganizationTrail".into(), "IsLogging".into()]);
    let simulator = Simulator::new(world);
    let client = client(&simulator, MEMBER, "eu-west-1");
    let trail = client.get_trail().name("narrow").send().await.unwrap().trail.unwrap();
    assert_eq!((trail.is_organization_trail(), trail.is_multi_region_trail()), (None, Some(false)));
    assert_eq!(client.get_trail_status().name("narrow").send().await.unwrap().is_logging(), None);
}

#[tokio::test]
async fn trails_are_listed_from_any_region() {
    let simulator = Simulator::new(world());
    let client = client(&simulator, MEMBER, "sa-east-1");
    let listed = client.list_trails().send().await.unwrap();
    let homes: Vec<_> = listed.trails().iter().map(|trail| trail.home_region().unwrap()).collect();
    assert_eq!(homes, ["eu-west-1", "eu-west-1", "us-east-1"]);
}
