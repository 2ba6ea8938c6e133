//! CloudTrail Insights: which trails have it over events that they record, and for which accounts that counts.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use serde_json::{Value, json};
use simulated::{ARCHIVE, MANAGEMENT, MEMBER, good_world, read};
use trailproof::evaluate::{Question, evaluate};
use trailproof::policy::load;
use trailproof::simulator::{Denial, PolicyKind, Simulator, Trail, TrailStatus, World};

/// The outcomes of both rules for an account: `enabled`, then `both types`.
fn judged(world: World, account: &str) -> [&'static str; 2] {
    let policies = load(&[]).policies;
    let question = Question {
        policies: &policies,
        packs: vec!["all".into()],
        settings: &[],
        fail_on: None,
        allow_incomplete: false,
    };
    let judgements = evaluate(&read(&Simulator::new(world)), String::new(), &question).judgements;
    ["insights-enabled", "insights-both-types"].map(|rule| {
        let of_rule = |judgement: &&trailproof::evaluate::Judgement| {
            judgement.policy.as_str() == rule && judgement.account.is_some_and(|id| id.to_string() == account)
        };
        judgements.iter().find(of_rule).unwrap().outcome.as_str()
    })
}

const CALLS: &str = "ApiCallRateInsight";
const ERRORS: &str = "ApiErrorRateInsight";

fn of(kind: &str) -> Value {
    json!({ "InsightType": kind })
}

fn with(insights: &[Value]) -> World {
    let mut world = good_world();
    world.trails[0] = world.trails[0].clone().with_insights(insights.to_vec());
    world
}

#[test]
fn the_types_of_the_organizations_trail_count_for_every_account() {
    assert_eq!(judged(with(&[]), MEMBER), ["fail", "not-applicable"]);
    for account in [MANAGEMENT, ARCHIVE, MEMBER] {
        assert_eq!(judged(with(&[of(CALLS), of(ERRORS)]), account), ["pass", "pass"]);
        assert_eq!(judged(with(&[of(ERRORS)]), account), ["pass", "fail"]);
    }
}

#[test]
fn a_type_counts_where_its_events_are_recorded() {
    let select = |kind: &str, management: bool| {
        json!({ "ReadWriteType": kind, "IncludeManagementEvents": management,
            "DataResources": [{ "Type": "AWS::S3::Object", "Values": ["arn:aws:s3"] }] })
    };
    let cases = [
        (select("ReadOnly", true), ["pass", "fail"]),
        (select("WriteOnly", true), ["pass", "pass"]),
        (select("All", false), ["fail", "not-applicable"]),
    ];
    for (selector, expected) in cases {
        let mut world = with(&[of(CALLS), of(ERRORS)]);
        world.trails[0] = world.trails[0].clone().selecting([selector.clone()]);
        assert_eq!(judged(world, MEMBER), expected, "{selector}");
    }
    let over_data = json!({ "InsightType": CALLS, "EventCategories": ["Data"] });
    assert_eq!(judged(with(&[over_data]), MEMBER), ["fail", "not-applicable"]);
    let over_both = json!({ "InsightType": CALLS, "EventCategories": ["Data", "Management"] });
    assert_eq!(judged(with(&[over_both]), MEMBER), ["pass", "fail"]);
}

#[test]
fn trails_of_one_account_count_for_it_alone_and_only_while_they_log() {
    let now = jiff::Timestamp::now();
    let local = Trail::new(MEMBER, "local", "eu-west-1", "example-trail-logs").with_insights([of(ERRORS)]);
    let mut world = with(&[of(CALLS)]);
    world.trails.push(local.clone().with_status(TrailStatus::logging(now)));
    assert_eq!(judged(world.clone(), MEMBER), ["pass", "pass"]);
    assert_eq!(judged(world.clone(), ARCHIVE), ["pass", "fail"]);
    world.trails[1] = local.with_status(TrailStatus::stopped(now));
    assert_eq!(judged(world, MEMBER), ["pass", "fail"]);
}

#[test]
fn what_could_not_be_read_is_unknown() {
    let mut world = with(&[of(CALLS)]);
    let denial = Denial::explicit(PolicyKind::ServiceControl, "cloudtrail:GetInsightSelectors");
    world.account_mut(MANAGEMENT).unwrap().denials.push(denial);
    assert_eq!(judged(world, MEMBER), ["unknown", "unknown"]);
    let new = with(&[of("ApiSentimentInsight")]);
    assert_eq!(judged(new, MEMBER), ["unknown", "unknown"]);
}
