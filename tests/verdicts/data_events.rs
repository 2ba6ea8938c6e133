//! What is recorded beyond management events and objects: functions, tables, Bedrock, and what parameters name.

use std::collections::BTreeMap;

use crate::judge_set;
use crate::simulated::{ARCHIVE, MANAGEMENT, MEMBER, good_world, read};
use serde_json::{Value, json};
use trailproof::evaluate::{Outcome, Report};
use trailproof::simulator::{Denial, PolicyKind, Simulator, Trail, TrailStatus, World};

fn field(field: &str, operator: &str, value: &str) -> Value {
    let mut given = json!({ "Field": field });
    given[operator] = json!([value]);
    given
}

fn selector(fields: &[Value]) -> Value {
    json!({ "FieldSelectors": fields })
}

fn managed() -> Value {
    selector(&[field("eventCategory", "Equals", "Management")])
}

fn data(resource_type: &str, more: &[Value]) -> Value {
    let fields = [field("eventCategory", "Equals", "Data"), field("resources.type", "Equals", resource_type)];
    selector(&[&fields, more].concat())
}

fn network(source: &str, more: &[Value]) -> Value {
    let fields = [field("eventCategory", "Equals", "NetworkActivity"), field("eventSource", "Equals", source)];
    selector(&[&fields, more].concat())
}

/// The good organization, its trail with these advanced selectors.
fn selecting(selectors: &[Value]) -> World {
    let mut world = good_world();
    world.trails[0].advanced_event_selectors = selectors.to_vec();
    world
}

/// What a rule says: by account its outcome, and its message where it fails.
fn of(report: &Report, rule: &str) -> BTreeMap<String, String> {
    let found = report.judgements.iter().filter(|judged| judged.policy.as_str() == rule);
    let said = |outcome: &Outcome, message: &str| match outcome {
        Outcome::Fail => message.to_owned(),
        other => other.as_str().to_owned(),
    };
    found.map(|judged| (judged.account.unwrap().to_string(), said(&judged.outcome, &judged.message))).collect()
}

fn told(world: &World, rule: &str, set: &[&str]) -> BTreeMap<String, String> {
    of(&judge_set(&read(&Simulator::new(world.clone())), "all", set), rule)
}

/// The same for each of the three accounts.
fn all(text: &str) -> BTreeMap<String, String> {
    [MANAGEMENT, ARCHIVE, MEMBER].map(|account| (account.to_owned(), text.to_owned())).into()
}

const TYPES: &str = "data-events-required-types.resource_types=AWS::SQS::Queue,AWS::S3::Object";
const SOURCES: &str = "network-activity-events.event_sources=kms.amazonaws.com";
const BEDROCK: [&str; 8] =
    ["AgentAlias", "AsyncInvoke", "FlowAlias", "Guardrail", "InlineAgent", "KnowledgeBase", "Model", "PromptVersion"];

#[test]
fn functions_and_tables_are_asked_for_as_a_whole() {
    let cases = [
        ("lambda-data-events", "AWS::Lambda::Function", "Lambda function", "arn:aws:lambda:eu-west-1:333333333333:f"),
        ("dynamodb-data-events", "AWS::DynamoDB::Table", "DynamoDB table", "arn:aws:dynamodb:eu-west-1:333333333333:t"),
    ];
    for (rule, resource_type, name, arn) in cases {
        let nobody = format!("{name} events in all 17 Regions: not selected by org-trail");
        assert_eq!(told(&selecting(&[managed()]), rule, &[]), all(&nobody));
        assert_eq!(told(&selecting(&[managed(), data(resource_type, &[])]), rule, &[]), all("pass"));
        let some = data(resource_type, &[field("resources.ARN", "StartsWith", arn)]);
        let some = &told(&selecting(&[managed(), some]), rule, &[])[MEMBER];
        assert!(some.starts_with(&format!("{name} events in all 17 Regions: recorded in part")), "{some}");
        let reads = data(resource_type, &[field("readOnly", "Equals", "true")]);
        let reads = told(&selecting(&[managed(), reads]), rule, &[]);
        let expected = format!("{name} write events in all 17 Regions: org-trail takes reads alone (selector 2)");
        assert_eq!(reads, all(&expected));
    }
}

#[test]
fn basic_selectors_record_all_functions_by_the_beginning_of_their_arns() {
    let basic = |value: &str| {
        let mut world = good_world();
        world.trails[0].event_selectors = vec![json!({ "ReadWriteType": "All", "IncludeManagementEvents": true,
            "DataResources": [{ "Type": "AWS::Lambda::Function", "Values": [value] }] })];
        told(&world, "lambda-data-events", &[])
    };
    assert_eq!(basic("arn:aws:lambda"), all("pass"));
    let one = &basic("arn:aws:lambda:eu-west-1:333333333333:function:one")[MEMBER];
    assert!(one.contains("recorded in part by org-trail"), "{one}");
}

#[test]
fn required_types_are_recorded_in_full_or_named() {
    let rule = "data-events-required-types";
    let queues = data("AWS::SQS::Queue", &[]);
    let objects = |more: &[Value]| data("AWS::S3::Object", more);
    assert_eq!(told(&selecting(&[managed(), queues.clone(), objects(&[])]), rule, &[TYPES]), all("pass"));
    let nothing = "S3 object and AWS::SQS::Queue data events in all 17 Regions: not selected by org-trail";
    assert_eq!(told(&good_world(), rule, &[TYPES]), all(nothing));
    let but = field("resources.ARN", "NotStartsWith", "arn:aws:s3:::example-trail-logs/");
    let but = selecting(&[managed(), queues.clone(), objects(&[but])]);
    assert_eq!(told(&but, rule, &[TYPES]), all("pass"), "the log bucket may be left out");
    let narrowed = [
        field("eventName", "Equals", "SendMessage"),
        field("resources.ARN", "StartsWith", "arn:aws:sqs:eu-west-1:333333333333:q"),
        field("userIdentity.arn", "NotStartsWith", "arn:aws:sts::333333333333:assumed-role/batch"),
        field("sessionCredentialFromConsole", "Equals", "true"),
    ];
    for more in narrowed {
        let queues = data("AWS::SQS::Queue", std::slice::from_ref(&more));
        let said = &told(&selecting(&[managed(), queues, objects(&[])]), rule, &[TYPES])[MEMBER];
        assert!(said.contains("AWS::SQS::Queue data") && said.contains("recorded in part"), "{more}: {said}");
    }
}

#[test]
fn network_activity_is_asked_for_by_source() {
    let rule = "network-activity-events";
    let none = "kms.amazonaws.com network activity events in all 17 Regions: not selected by org-trail";
    assert_eq!(told(&good_world(), rule, &[SOURCES]), all(none));
    assert_eq!(told(&selecting(&[managed(), network("kms.amazonaws.com", &[])]), rule, &[SOURCES]), all("pass"));
    let other = told(&selecting(&[managed(), network("ec2.amazonaws.com", &[])]), rule, &[SOURCES]);
    assert!(other[MEMBER].starts_with("kms.amazonaws.com network activity events in all 17 Regions: "), "{other:?}");
    let refused = network("kms.amazonaws.com", &[field("errorCode", "Equals", "VpceAccessDenied")]);
    let refused = &told(&selecting(&[managed(), refused]), rule, &[SOURCES])[MEMBER];
    assert!(refused.contains("recorded in part by org-trail; missing: "), "{refused}");
}

#[test]
fn bedrock_is_recorded_by_management_and_data_events() {
    let rule = "bedrock-events";
    let types: Vec<Value> = BEDROCK.iter().map(|name| data(&format!("AWS::Bedrock::{name}"), &[])).collect();
    assert_eq!(told(&selecting(&[&[managed()], &types[..]].concat()), rule, &[]), all("pass"));
    let few = told(&selecting(&[&[managed()], &types[1..]].concat()), rule, &[]);
    let expected = "Not recorded of Bedrock's data events: AWS::Bedrock::AgentAlias data events in all 17 Regions: not \
                    selected by org-trail; of management events: nothing";
    assert_eq!(few, all(expected));
    assert_eq!(told(&selecting(&types), rule, &[])[MEMBER].matches("read and write events").count(), 1);
    let set = ["bedrock-events.resource_types=AWS::Bedrock::Model"];
    let model = selecting(&[managed(), data("AWS::Bedrock::Model", &[])]);
    assert_eq!(told(&model, rule, &set), all("pass"), "the types are a parameter");
}

#[test]
fn a_parameter_that_is_not_given_is_said_once() {
    let report = judge_set(&read(&Simulator::new(good_world())), "all", &["bedrock-events.resource_types= , "]);
    for (rule, reason) in [
        ("data-events-required-types", "no type of resources is named"),
        ("network-activity-events", "no source of network activity events is named"),
        ("bedrock-events", "no type of Bedrock resources is named"),
    ] {
        let judged: Vec<_> = report.judgements.iter().filter(|judged| judged.policy.as_str() == rule).collect();
        assert_eq!(judged.len(), 1, "{rule}");
        assert_eq!(judged[0].outcome, Outcome::NotApplicable { reason: reason.into() });
        assert_eq!(judged[0].account.unwrap().to_string(), MANAGEMENT);
    }
}

#[test]
fn what_could_not_be_read_is_unknown() {
    let mut world = selecting(&[managed()]);
    let denial = Denial::explicit(PolicyKind::ServiceControl, "cloudtrail:GetEventSelectors");
    world.account_mut(MANAGEMENT).unwrap().denials.push(denial);
    for rule in ["lambda-data-events", "dynamodb-data-events", "bedrock-events", "data-events-required-types"] {
        assert_eq!(told(&world, rule, &[TYPES]), all("unknown"), "{rule}");
    }
    assert_eq!(told(&world, "network-activity-events", &[SOURCES]), all("unknown"));
    let mut world = good_world();
    let now = jiff::Timestamp::now();
    world.account_mut(MEMBER).unwrap().awaits_organization_trails = true;
    let denial = Denial::explicit(PolicyKind::ServiceControl, "cloudtrail:*").in_region("eu-west-1");
    world.account_mut(MEMBER).unwrap().denials.push(denial);
    let everything = [managed(), data("AWS::SQS::Queue", &[]), data("AWS::S3::Object", &[])];
    world.trails[0].advanced_event_selectors = everything.to_vec();
    let seen = told(&world, "data-events-required-types", &[TYPES]);
    assert_eq!(seen[MANAGEMENT], "pass");
    assert!(
        seen[MEMBER].starts_with("S3 object and AWS::SQS::Queue data events in all Regions but eu-west-1: no logging")
    );
    let own = Trail::new(MEMBER, "own", "us-east-1", "own").multi_region().with_status(TrailStatus::logging(now));
    world.trails.push(own.selecting_advanced(everything));
    let seen = told(&world, "data-events-required-types", &[TYPES]);
    assert_eq!(seen, all("pass"), "a trail of all Regions covers the one that could not be read");
}

#[test]
fn a_trail_that_does_not_deliver_is_noted() {
    let mut world = selecting(&[managed(), network("kms.amazonaws.com", &[]), data("AWS::Lambda::Function", &[])]);
    world.trails[0].status.delivery_error = Some("AccessDenied".to_owned());
    let report = judge_set(&read(&Simulator::new(world)), "all", &[SOURCES]);
    for (rule, events) in [
        ("network-activity-events", "kms.amazonaws.com network activity events"),
        ("lambda-data-events", "Lambda function events"),
    ] {
        let judged = report.judgements.iter().find(|judged| judged.policy.as_str() == rule).unwrap();
        let note = format!(
            "{events} in all 17 Regions: recorded only by org-trail (AccessDenied), whose latest delivery failed"
        );
        assert_eq!((judged.outcome.as_str(), &judged.notes[..]), ("pass", &[note][..]));
    }
}
