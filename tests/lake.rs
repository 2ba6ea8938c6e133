//! CloudTrail Lake: which event data stores are found, how each is judged, and what is said where they could not be read.

#![allow(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "support/simulated.rs"]
mod simulated;

use std::collections::BTreeSet;

use serde_json::{Value, json};
use simulated::{ARCHIVE, MANAGEMENT, MEMBER, STORE, good_world, read, settings, try_read};
use trailproof::evaluate::{Judgement, Outcome, Question, evaluate};
use trailproof::policy::load;
use trailproof::simulator::{Denial, Effect, EventDataStore, PolicyKind, Simulator, Weather, World};
use trailproof::snapshot::{Cause, Snapshot};

const TEAM: &str = "arn:aws:cloudtrail:eu-west-1:333333333333:eventdatastore/team";

fn judged(snapshot: &Snapshot) -> Vec<Judgement> {
    let policies = load(&[]).policies;
    let question = Question {
        policies: &policies,
        packs: vec!["recommended".into()],
        settings: &[],
        fail_on: None,
        allow_incomplete: false,
    };
    let judgements = evaluate(snapshot, String::new(), &question).judgements;
    judgements.into_iter().filter(|judgement| judgement.policy.as_str().starts_with("eds-")).collect()
}

/// What is not passed about stores: `rule outcome severity`.
fn not_passed(snapshot: &Snapshot, arn: &str) -> BTreeSet<String> {
    let of_store = judged(snapshot).into_iter().filter(|judgement| judgement.resource.as_deref() == Some(arn));
    let open = of_store.filter(|judgement| judgement.outcome != Outcome::Pass);
    open.map(|judgement| format!("{} {} {}", judgement.policy, judgement.outcome.as_str(), judgement.severity.as_str()))
        .collect()
}

fn set(expected: &[&str]) -> BTreeSet<String> {
    expected.iter().map(|text| (*text).to_owned()).collect()
}

fn with(change: impl Fn(&mut EventDataStore)) -> BTreeSet<String> {
    let mut world = good_world();
    change(&mut world.event_data_stores[0]);
    not_passed(&read(&Simulator::new(world)), STORE)
}

fn select(fields: Value) -> Value {
    json!({ "FieldSelectors": fields })
}

#[test]
fn each_defect_is_found_by_its_rule_alone() {
    assert_eq!(with(|_| {}), set(&[]));
    assert_eq!(with(|store| store.status = "STOPPED_INGESTION".into()), set(&["eds-ingesting fail high"]));
    assert_eq!(with(|store| store.status = "PENDING_DELETION".into()), set(&["eds-ingesting fail high"]));
    assert_eq!(with(|store| store.termination_protection = false), set(&["eds-termination-protection fail high"]));
    assert_eq!(with(|store| store.retention_days = 364), set(&["eds-retention fail medium"]));
    assert_eq!(with(|store| store.retention_days = 365), set(&[]));
    assert_eq!(with(|store| store.organization = false), set(&["eds-organization-enabled fail medium"]));
    assert_eq!(with(|store| store.multi_region = false), set(&["eds-multi-region fail medium"]));
    assert_eq!(with(|store| store.kms_key = None), set(&["eds-cmk-encryption fail low"]));
}

#[test]
fn selectors_of_stores_are_read_by_their_meaning() {
    let management = json!({ "Field": "eventCategory", "Equals": ["Management"] });
    let cases = [
        (vec![select(json!([management.clone()]))], None),
        (vec![select(json!([management.clone(), { "Field": "readOnly", "Equals": ["false"] }]))], Some("fail")),
        (
            vec![
                select(json!([management.clone(), { "Field": "readOnly", "Equals": ["false"] }])),
                select(json!([management.clone(), { "Field": "readOnly", "Equals": ["true"] }])),
            ],
            None,
        ),
        (
            vec![select(json!([management.clone(), { "Field": "eventSource", "NotEquals": ["kms.amazonaws.com"] }]))],
            Some("fail"),
        ),
        (
            vec![select(json!([management.clone(), { "Field": "eventSource", "NotStartsWith": ["iam."] }]))],
            Some("fail"),
        ),
        (
            vec![select(json!([management.clone(), { "Field": "eventName", "NotEquals": ["StopLogging"] }]))],
            Some("fail"),
        ),
        (
            vec![select(json!([management.clone(), { "Field": "userIdentity.arn", "NotEndsWith": [":role/admin"] }]))],
            Some("fail"),
        ),
        (
            vec![select(
                json!([management.clone(), { "Field": "sessionCredentialFromConsole", "NotEquals": ["true"] }]),
            )],
            Some("fail"),
        ),
        (
            vec![select(json!([management.clone(), { "Field": "recipientAccountId", "Equals": ["1"] }]))],
            Some("unknown"),
        ),
        (vec![select(json!([{ "Field": "eventCategory", "Equals": ["ConfigurationItem"] }]))], Some("not-applicable")),
        (
            vec![select(json!([{ "Field": "eventCategory", "Equals": ["Data"] },
                { "Field": "resources.type", "Equals": ["AWS::S3::Object"] }]))],
            Some("not-applicable"),
        ),
    ];
    for (selectors, expected) in cases {
        let shown = format!("{selectors:?}");
        let found = with(|store| store.advanced_event_selectors.clone_from(&selectors));
        let of_rule: Vec<&String> =
            found.iter().filter(|text| text.starts_with("eds-selectors-not-narrowed")).collect();
        let expected: Vec<String> =
            expected.iter().map(|outcome| format!("eds-selectors-not-narrowed {outcome} medium")).collect();
        assert_eq!(of_rule, expected.iter().collect::<Vec<_>>(), "{shown}");
    }
}

#[test]
fn policies_let_nobody_outside_in() {
    let statement = |principal: Value, condition: Value| {
        json!({ "Version": "2012-10-17", "Statement": [{ "Sid": "Query", "Effect": "Allow", "Principal": principal,
            "Action": ["cloudtrail:StartQuery", "cloudtrail:GetQueryResults"], "Resource": STORE, "Condition": condition }] })
    };
    let fails = "eds-resource-policy fail medium";
    let cases = [
        (statement(json!({ "AWS": ARCHIVE }), json!({})), None),
        (statement(json!({ "AWS": "arn:aws:iam::999999999999:root" }), json!({})), Some(fails)),
        (statement(json!("*"), json!({})), Some(fails)),
        (statement(json!("*"), json!({ "StringEquals": { "aws:PrincipalOrgID": "o-exampleorg" } })), None),
        (statement(json!({ "Service": "cloudtrail.amazonaws.com" }), json!({})), Some(fails)),
        (
            statement(
                json!({ "Service": "cloudtrail.amazonaws.com" }),
                json!({ "StringEquals": { "aws:SourceAccount": MANAGEMENT } }),
            ),
            None,
        ),
        (json!({ "Statement": [{ "Effect": "Allow" }] }), Some("eds-resource-policy unknown medium")),
    ];
    for (policy, expected) in cases {
        let found = with(|store| store.policy = Some(policy.to_string()));
        assert_eq!(found, set(expected.as_slice()), "{policy}");
    }
}

/// A member's own store beside one of the organization that takes in as much and more.
#[test]
fn leftovers_beside_a_good_store_do_not_shout() {
    let team = |world: &mut World| {
        world.event_data_stores.push(EventDataStore::new(TEAM, "team"));
        world.event_data_stores[1].multi_region = false;
    };
    let mut world = good_world();
    team(&mut world);
    let redundant =
        ["eds-cmk-encryption fail info", "eds-multi-region fail info", "eds-organization-enabled fail info"];
    assert_eq!(not_passed(&read(&Simulator::new(world.clone())), TEAM), set(&redundant));
    let alone = ["eds-cmk-encryption fail low", "eds-multi-region fail medium", "eds-organization-enabled fail medium"];
    world.event_data_stores[0].status = "STOPPED_INGESTION".into();
    assert_eq!(not_passed(&read(&Simulator::new(world.clone())), TEAM), set(&alone));
    world.event_data_stores.remove(0);
    assert_eq!(not_passed(&read(&Simulator::new(world)), TEAM), set(&alone));
    let mut world = good_world();
    team(&mut world);
    world.event_data_stores[1].advanced_event_selectors.push(select(json!([
        { "Field": "eventCategory", "Equals": ["Data"] }, { "Field": "resources.type", "Equals": ["AWS::S3::Object"] },
    ])));
    assert_eq!(not_passed(&read(&Simulator::new(world)), TEAM), set(&alone));
}

#[test]
fn a_store_is_one_however_many_accounts_list_it() {
    let mut world = good_world();
    world.organization.as_mut().unwrap().delegate_cloudtrail(MEMBER);
    let simulator = Simulator::new(world.clone());
    let snapshot = read(&simulator);
    let arns: Vec<&str> = snapshot.event_data_stores.iter().map(|store| store.arn.as_str()).collect();
    assert_eq!(arns, [STORE]);
    assert_eq!(snapshot.event_data_stores[0].listed_by.to_string(), MANAGEMENT);
    let asked = |operation: &str| simulator.requests().iter().filter(|record| record.operation == operation).count();
    assert_eq!((asked("GetEventDataStore"), asked("GetResourcePolicy")), (1, 1));
    let lists = |account: &str| {
        let account = snapshot.account(account.parse().unwrap()).unwrap();
        account.event_data_stores.iter().filter(|sighting| !sighting.stores.is_empty()).count()
    };
    assert_eq!((lists(MANAGEMENT), lists(MEMBER), lists(ARCHIVE)), (1, 1, 0));
}

#[test]
fn what_could_not_be_read_is_unknown_and_stays_one_store() {
    for (denied, expected) in [
        ("cloudtrail:GetResourcePolicy", vec!["eds-resource-policy unknown medium"]),
        (
            "cloudtrail:GetEventDataStore",
            vec![
                "eds-cmk-encryption unknown low",
                "eds-ingesting unknown high",
                "eds-multi-region unknown medium",
                "eds-organization-enabled unknown medium",
                "eds-retention unknown medium",
                "eds-selectors-not-narrowed unknown medium",
                "eds-termination-protection unknown high",
            ],
        ),
    ] {
        let mut world = good_world();
        let denial = Denial::explicit(PolicyKind::ServiceControl, denied);
        world.account_mut(MANAGEMENT).unwrap().denials.push(denial);
        let snapshot = read(&Simulator::new(world));
        assert_eq!(not_passed(&snapshot, STORE), set(&expected));
        assert!(snapshot.gaps.iter().any(|gap| gap.operation == denied && gap.cause == Cause::Scp));
    }
    let lacking = with(|store| store.left_out.push("RetentionPeriod".into()));
    assert_eq!(lacking, set(&["eds-retention unknown medium"]));
}

/// Where there are no stores there is nothing to say, and a Region that knows no stores is no gap.
#[test]
fn without_stores_nothing_is_judged() {
    let mut world = good_world();
    world.event_data_stores.clear();
    let snapshot = read(&Simulator::new(world.clone()));
    assert_eq!(judged(&snapshot).len(), 0);
    let unsupported = Effect::Refuse {
        status: 400,
        code: "UnsupportedOperationException".to_owned(),
        message: "Not supported here.".to_owned(),
    };
    let weather = Weather::new(unsupported).on("cloudtrail", "ListEventDataStores");
    let simulator = Simulator::new(world.clone()).with_weather(vec![weather]);
    assert_eq!(read(&simulator).gaps, []);
    let weather = Weather::new(Effect::Deny("explicit deny in a service control policy".to_owned()));
    let simulator = Simulator::new(world).with_weather(vec![weather.on("cloudtrail", "ListEventDataStores")]);
    let refused = try_read(&simulator, &settings()).unwrap();
    assert!(refused.gaps.iter().all(|gap| gap.operation == "cloudtrail:ListEventDataStores"));
    assert_eq!(refused.gaps.len(), 3 * 17);
}
