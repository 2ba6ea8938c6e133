//! Rules that are to notice changes of trails.

use serde_json::{Value, json};
use trailproof::derive::event_pattern::{ALL_MANAGEMENT_EVENTS, delivers, envelope};
use trailproof::event::{CisAlarm, Place, store_changes, trail_changes};

use super::pattern;

const TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main";

/// What is known of each change of the trail.
fn judged(rule: &Value) -> Vec<(String, Option<bool>)> {
    let pattern = pattern(&rule.to_string());
    let changes = trail_changes(&TRAIL.parse().unwrap());
    changes.iter().map(|event| (event.name().to_owned(), pattern.matches_every(event).known())).collect()
}

fn all(rule: &Value, expected: Option<bool>) {
    for (name, known) in judged(rule) {
        assert_eq!(known, expected, "{name}: {rule}");
    }
}

#[test]
fn rules_that_notice_every_change() {
    let names = ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors", "PutInsightSelectors"];
    let rules = [
        json!({ "source": ["aws.cloudtrail"] }),
        json!({
            "source": ["aws.cloudtrail"],
            "detail-type": ["AWS API Call via CloudTrail"],
            "detail": { "eventSource": ["cloudtrail.amazonaws.com"], "eventName": names },
        }),
        json!({ "detail": { "eventName": names }, "account": ["111122223333"], "region": ["eu-west-1"] }),
        json!({ "account": [{ "prefix": "" }], "id": [{ "exists": true }], "source": ["aws.cloudtrail"] }),
        json!({ "detail": { "eventName": [{ "suffix": "Trail" }, { "prefix": "Put" }, { "wildcard": "Stop*" }] } }),
        json!({ "detail": { "eventName": names, "errorCode": [{ "exists": false }], "readOnly": [false] } }),
        json!({ "detail": { "eventSource": [{ "prefix": "cloudtrail" }], "eventName": [{ "anything-but": { "prefix": "Get" } }] } }),
        json!({ "$or": [{ "detail": { "eventName": names } }, { "source": ["aws.iam"] }] }),
        json!({ "detail": { "requestParameters": {
            "$or": [{ "name": [{ "suffix": "main" }] }, { "trailName": [{ "suffix": "main" }] }] } } }),
    ];
    for rule in rules {
        all(&rule, Some(true));
    }
}

#[test]
fn rules_that_miss_some() {
    let some = json!({ "source": ["aws.cloudtrail"], "detail": { "eventName": ["StopLogging", "DeleteTrail"] } });
    for (name, known) in judged(&some) {
        assert_eq!(known, Some(["StopLogging", "DeleteTrail"].contains(&name.as_str())), "{name}");
    }
    let narrowed = [
        json!({ "source": ["aws.cloudtrail"], "detail": { "userIdentity": { "type": ["Root"] } } }),
        json!({ "source": ["aws.cloudtrail"], "detail": { "userIdentity": { "arn": [{ "anything-but": "arn:aws:iam::111122223333:role/x" }] } } }),
        json!({ "source": ["aws.cloudtrail"], "detail": { "sourceIPAddress": [{ "cidr": "10.0.0.0/8" }] } }),
        json!({ "source": ["aws.cloudtrail"], "detail": { "errorCode": ["AccessDenied"] } }),
        json!({ "source": ["aws.cloudtrail"], "detail": { "userIdentity": { "invokedBy": [{ "exists": false }] } } }),
        json!({ "source": ["aws.cloudtrail"], "account": ["444455556666"] }),
        json!({ "source": ["aws.cloudtrail"], "region": [{ "anything-but": "eu-west-1" }] }),
        json!({ "source": ["aws.cloudtrail"], "detail-type": ["AWS Service Event via CloudTrail"] }),
        json!({ "source": ["aws.s3"] }),
        json!({ "eventName": ["StopLogging"] }),
    ];
    for rule in narrowed {
        all(&rule, Some(false));
    }
}

#[test]
fn what_is_not_certain_of_the_envelope_is_open() {
    all(&json!({ "source": ["aws.cloudtrail"], "resources": [{ "prefix": "arn:" }] }), Some(false));
    let place = Place { leader: "us-east-1".parse().ok(), ..Place::default() };
    let failed = CisAlarm::ALL.iter().find(|alarm| alarm.id == "alarm-console-auth-failure").unwrap().events(&place);
    // The two guides spell the detail type in two ways.
    let sign_in =
        json!({ "detail-type": ["AWS Console Sign In via CloudTrail"], "detail": { "eventName": ["ConsoleLogin"] } });
    assert_eq!(pattern(&sign_in.to_string()).matches_every(&failed[0]).known(), None);
    let by_source = json!({ "source": ["aws.signin"], "detail": { "eventName": ["ConsoleLogin"] } });
    assert_eq!(pattern(&by_source.to_string()).matches_every(&failed[0]).known(), Some(true));
    assert_eq!(envelope(failed[0].sample()), None);
    assert_eq!(envelope(&json!({ "eventSource": "monitoring.amazonaws.com", "eventType": "AwsApiCall" })), None);
    // Whatever the root user does comes from many services, and no one source is proven to be theirs.
    let root = CisAlarm::ALL.iter().find(|alarm| alarm.id == "alarm-root-usage").unwrap().events(&place);
    let rule = json!({ "source": ["aws.iam"], "detail": { "userIdentity": { "type": ["Root"] } } });
    assert_eq!(pattern(&rule.to_string()).matches_every(&root[0]).known(), None);
    let rule = json!({ "detail": { "userIdentity": { "type": ["Root"], "invokedBy": [{ "exists": false }] } } });
    assert_eq!(pattern(&rule.to_string()).matches_every(&root[0]).known(), Some(true));
}

#[test]
fn the_envelope_repeats_the_record() {
    for event in trail_changes(&TRAIL.parse().unwrap()) {
        for sample in event.samples() {
            let enveloped = envelope(&sample).unwrap();
            assert_eq!(enveloped["account"], "111122223333");
            assert_eq!(enveloped["region"], "eu-west-1");
            assert_eq!(enveloped["time"], sample["eventTime"]);
            assert_eq!(enveloped["detail"], sample);
            let rule = pattern(r#"{ "source": ["aws.cloudtrail"], "detail-type": ["AWS API Call via CloudTrail"] }"#);
            assert_eq!(rule.matches(&enveloped).known(), Some(true));
        }
    }
}

#[test]
fn changes_are_given_to_every_enabled_rule_and_reads_to_few() {
    let store = "arn:aws:cloudtrail:eu-west-1:111122223333:eventdatastore/EXAMPLE".parse().unwrap();
    for event in trail_changes(&TRAIL.parse().unwrap()).iter().chain(&store_changes(&store)) {
        assert_eq!(delivers("ENABLED", event.sample()).known(), Some(true));
        assert_eq!(delivers(ALL_MANAGEMENT_EVENTS, event.sample()).known(), Some(true));
        assert_eq!(delivers("DISABLED", event.sample()).known(), Some(false));
        assert_eq!(delivers("PAUSED", event.sample()).known(), None);
    }
    let read = json!({ "eventCategory": "Management", "readOnly": true });
    assert_eq!(delivers("ENABLED", &read).known(), Some(false));
    assert_eq!(delivers("ENABLED", &json!({ "eventCategory": "Management" })).known(), None);
    assert_eq!(delivers("ENABLED", &json!({ "eventCategory": "Data", "readOnly": true })).known(), Some(true));
    assert_eq!(delivers("ENABLED", &json!({ "eventCategory": "Insight" })).known(), None);
}

#[test]
fn reasons_name_what_decided() {
    let because = |rule: Value| {
        let changes = trail_changes(&TRAIL.parse().unwrap());
        pattern(&rule.to_string()).matches_every(&changes[0]).because()
    };
    assert_eq!(
        because(json!({ "detail": { "eventName": ["StopLogging"] } })),
        "detail.eventName is \"DeleteTrail\", none of [\"StopLogging\"]"
    );
    assert_eq!(
        because(json!({ "detail": { "userIdentity": { "type": ["Root"] } } })),
        "detail.userIdentity.type is \"AssumedRole\", none of [\"Root\"]"
    );
    assert_eq!(because(json!({ "eventName": ["DeleteTrail"] })), "the event has no eventName");
}
