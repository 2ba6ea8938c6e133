//! What was not read, and what it leaves unknown.

use serde_json::{Value, json};
use trailproof::simulator::{Account, Denial, PolicyKind, World};

use crate::world::{Asked, MEMBER, OTHER, sample_record, world};

fn denied(world: &mut World, account: &str, actions: &str) {
    let found = world.accounts.iter_mut().find(|one| one.id == account).unwrap();
    *found = found.clone().with_denial(Denial::explicit(PolicyKind::ServiceControl, actions));
}

#[test]
fn a_status_that_was_refused_leaves_a_trail_unknown() {
    let mut world = world();
    denied(&mut world, MEMBER, "cloudtrail:GetTrailStatus");
    let answer = Asked::of(world).sample("lambda-invoke");
    answer.says(3, &["unknown functions us-east-2 123456789012", "whether it logs was not read"]);
    assert!(answer.out.contains("cloudtrail:GetTrailStatus in 123456789012 us-east-2: scp: "), "{}", answer.out);
    assert!(answer.out.ends_with("unknown: no trail records it for certain, and 1 of 5 may\n"), "{}", answer.out);
}

#[test]
fn selectors_that_were_refused_leave_a_trail_unknown_unless_it_does_not_log() {
    let mut world = world();
    denied(&mut world, MEMBER, "cloudtrail:GetEventSelectors");
    let answer = Asked::of(world).sample("lambda-invoke");
    answer.says(
        3,
        &[
            "unknown functions us-east-2 123456789012",
            "its event selectors were not read",
            "not recorded stopped us-east-2 123456789012",
            "it does not log",
        ],
    );
    assert!(answer.out.contains("cloudtrail:GetEventSelectors in 123456789012"), "{}", answer.out);
}

#[test]
fn a_trail_without_selectors_of_its_own_has_the_default() {
    let mut world = world();
    denied(&mut world, OTHER, "cloudtrail:GetEventSelectors");
    let mut record = sample_record("kms-decrypt");
    record["recipientAccountId"] = json!(OTHER);
    Asked::of(world).record(&record).says(0, &["recorded search eu-west-1 444455556666 by the default selectors"]);
}

#[test]
fn insights_that_were_refused_leave_insights_events_unknown() {
    let mut world = world();
    world.trails[1].has_insight_selectors = Some(true);
    denied(&mut world, MEMBER, "cloudtrail:GetInsightSelectors");
    world.trails.remove(0);
    let answer = Asked::of(world).sample("insights");
    answer.says(3, &["unknown functions us-east-2 123456789012", "its Insights were not read"]);
    assert!(answer.out.contains("cloudtrail:GetInsightSelectors in 123456789012"), "{}", answer.out);
}

#[test]
fn an_account_that_could_not_be_asked_may_have_trails() {
    let mut world = world();
    denied(&mut world, OTHER, "cloudtrail:DescribeTrails");
    let mut record = sample_record("kms-decrypt");
    record["recipientAccountId"] = json!(OTHER);
    let answer = Asked::of(world.clone()).record(&record);
    answer.says(3, &["unknown trails that could not be seen", "unknown: a trail that could not be seen may record it"]);
    assert!(answer.out.contains("cloudtrail:DescribeTrails in 444455556666"), "{}", answer.out);

    // Whether the organization trail reaches it is as little known.
    record["eventSource"] = json!("ec2.amazonaws.com");
    let answer = Asked::of(world).record(&record);
    answer.says(
        3,
        &[
            "unknown org-trail us-east-1 111122223333 organization trail",
            "whether it reaches the account of the event is not known",
        ],
    );
}

#[test]
fn an_account_that_could_not_be_entered_may_have_trails() {
    let mut world = world();
    world.accounts.push(Account::new("555566667777", "closed-door"));
    let mut record = sample_record("put-event-selectors");
    record["recipientAccountId"] = json!("555566667777");
    let answer = Asked::of(world).record(&record);
    assert_eq!(answer.code, 3);
    assert!(answer.out.contains("sts:AssumeRole in 555566667777: role-missing: "), "{}", answer.out);
}

#[test]
fn a_trail_that_answers_by_halves_is_unknown() {
    for (field, reason) in [
        ("IsMultiRegionTrail", "whether it is multi-Region was not read"),
        ("IsOrganizationTrail", "whether it reaches the account of the event is not known"),
    ] {
        let mut world = world();
        world.trails.truncate(1);
        world.trails[0] = world.trails[0].clone().leaving_out(field);
        let answer = Asked::of(world).sample("put-event-selectors");
        if field == "IsOrganizationTrail" {
            // The member sees it in its Regions, so whether it is one or not, it reaches the member.
            answer.says(0, &["recorded org-trail us-east-1 111122223333 by selector 1 (No keys)"]);
            continue;
        }
        answer.says(3, &["unknown org-trail us-east-1 111122223333 organization trail", reason]);
        assert!(answer.out.contains(&format!("malformed-answer: the answer lacks {field}")), "{}", answer.out);
    }
}

#[test]
fn what_the_record_does_not_say_of_its_place_is_unknown() {
    let mut record = sample_record("put-event-selectors");
    record.as_object_mut().unwrap().remove("recipientAccountId");
    Asked::of(world()).record(&record).says(3, &["the account of the event was not said"]);
    let mut record = sample_record("put-event-selectors");
    record.as_object_mut().unwrap().remove("awsRegion");
    // Multi-Region trails record it wherever it was.
    Asked::of(world()).record(&record).says(0, &["recorded functions us-east-2 123456789012 by selector 1"]);
    let mut single = world();
    single.trails.remove(0);
    single.trails[0].multi_region = false;
    Asked::of(single).record(&record).says(3, &["the Region of the event was not said"]);
}

#[test]
fn the_answer_as_json_names_the_gaps() {
    let mut world = world();
    denied(&mut world, MEMBER, "cloudtrail:GetTrailStatus");
    let asked = Asked::of(world);
    let path = asked.folder.path().join("trace.json");
    let output = format!("json={}", path.display());
    let answer = asked.trace(["tests/trace/lambda-invoke.json", "-o", &output, "-o", "text"]);
    assert_eq!(answer.code, 3);
    let document: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(document["schema"], "trailproof.trace/1");
    assert_eq!((&document["outcome"], &document["unknown"]), (&json!("unknown"), &json!(1)));
    let event = &document["events"][0];
    assert_eq!((&event["name"], &event["account"]), (&json!("Invoke"), &json!(MEMBER)));
    let trail = event["trails"].as_array().unwrap().iter().find(|trail| trail["name"] == "functions").unwrap();
    assert_eq!(trail["outcome"], "unknown");
    assert_eq!(trail["gaps"][0]["operation"], "cloudtrail:GetTrailStatus");
    assert_eq!(trail["gaps"][0]["cause"], "scp");
    assert_eq!(trail["reasons"][0]["text"], "whether it logs was not read");
}
