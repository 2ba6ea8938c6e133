//! Single events: recorded, not recorded because, or unknown because.

use serde_json::json;
use trailproof::derive::selector::{Circumstances, Event, Recorder, Selectors, Verdict};
use trailproof::snapshot::InsightSelectors;

use super::api::{basic, fields};

fn object(name: &str, arn: &str) -> Event {
    Event::from_record(&json!({
        "eventCategory": "Data", "eventSource": "s3.amazonaws.com", "eventName": name, "readOnly": false,
        "eventType": "AwsApiCall", "awsRegion": "us-east-1", "recipientAccountId": "111122223333",
        "userIdentity": { "arn": "arn:aws:iam::111122223333:user/u" },
        "resources": [{ "type": "AWS::S3::Object", "ARN": arn }, { "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::b1" }],
    }))
}

fn call(source: &str, region: &str, account: &str) -> Event {
    Event::from_record(&json!({
        "eventCategory": "Management", "eventSource": source, "eventName": "Do", "readOnly": false,
        "eventType": "AwsApiCall", "awsRegion": region, "recipientAccountId": account,
    }))
}

fn trail() -> Recorder {
    Recorder {
        owner: "111122223333".parse().unwrap(),
        home_region: "eu-west-1".parse().unwrap(),
        leader_region: "us-east-1".parse().ok(),
        is_multi_region: Some(true),
        is_organization: Some(false),
        includes_global: Some(true),
        is_logging: Some(true),
        records_own_deliveries: Some(true),
        selectors: Some(Selectors::default_of_trails()),
        insights: None,
    }
}

fn sign(verdict: &Verdict) -> char {
    match verdict {
        Verdict::Recorded(_) => '+',
        Verdict::NotRecorded(_) => '-',
        Verdict::Unknown(_) => '?',
    }
}

const DATA: (&str, &str, &[&str]) = ("eventCategory", "Equals", &["Data"]);
const OBJECTS: (&str, &str, &[&str]) = ("resources.type", "Equals", &["AWS::S3::Object"]);

#[test]
fn the_reason_names_selector_and_field() {
    let set = fields(&[
        &[("eventCategory", "Equals", &["Management"])],
        &[DATA, OBJECTS, ("resources.ARN", "NotStartsWith", &["arn:aws:s3:::b1/"])],
        &[DATA, OBJECTS, ("readOnly", "Equals", &["true"])],
    ]);
    let Verdict::NotRecorded(reasons) = set.record(&object("PutObject", "arn:aws:s3:::b1/k")) else { panic!() };
    let told: Vec<String> = reasons.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "selector 1: eventCategory is Data; the selector takes `Management`",
            "selector 2: resources.ARN is arn:aws:s3:::b1/k, which the selector leaves out (`arn:aws:s3:::b1/`)",
            "selector 3: readOnly is false; the selector takes `true`",
        ]
    );
    let Verdict::Recorded(reasons) = set.record(&object("PutObject", "arn:aws:s3:::b2/k")) else { panic!() };
    assert_eq!(reasons[0].selector, Some(2));
}

#[test]
fn operators() {
    let ask = |field, operator, values: &[&str], name| {
        sign(&fields(&[&[DATA, OBJECTS, (field, operator, values)]]).record(&object(name, "arn:aws:s3:::b1/k.txt")))
    };
    assert_eq!(ask("eventName", "EndsWith", &["Acl"], "PutObjectAcl"), '+');
    assert_eq!(ask("eventName", "NotEndsWith", &["Acl"], "PutObjectAcl"), '-');
    assert_eq!(ask("eventName", "NotEquals", &["PutObject", "X"], "PutObjectAcl"), '+');
    assert_eq!(ask("eventName", "Equals", &["Put*"], "PutObject"), '-');
    assert_eq!(ask("resources.ARN", "Equals", &["arn:aws:s3:::b1/"], "PutObject"), '-');
    assert_eq!(ask("resources.ARN", "StartsWith", &["arn:aws:s3:::b"], "PutObject"), '+');
    assert_eq!(ask("userIdentity.arn", "StartsWith", &["arn:aws:iam::111122223333:user/"], "PutObject"), '+');
    assert_eq!(ask("sessionCredentialFromConsole", "NotEquals", &["true"], "PutObject"), '+');
    assert_eq!(ask("sessionCredentialFromConsole", "Equals", &["true"], "PutObject"), '-');
    assert_eq!(ask("eventType", "NotEquals", &["AwsServiceEvent"], "PutObject"), '+');
    assert_eq!(ask("eventSource", "Equals", &["s3.amazonaws.com"], "PutObject"), '+');
    assert_eq!(ask("resources.type", "StartsWith", &["AWS::S3"], "PutObject"), '?');
    assert_eq!(ask("requestParameters.x", "Equals", &["1"], "PutObject"), '?');
    assert_eq!(ask("eventName", "Equals", &[""], "PutObject"), '?');
}

#[test]
fn a_template_that_says_less_leaves_more_open() {
    let template = Event { category: Some("Data".into()), name: Some("PutObject".into()), ..Event::default() };
    assert_eq!(sign(&fields(&[&[DATA, OBJECTS]]).record(&template)), '?');
    assert_eq!(sign(&Selectors::default_of_trails().record(&template)), '-');
}

#[test]
fn records_of_odd_shape_are_open_not_absent() {
    let odd =
        [json!(null), json!([]), json!({ "eventCategory": 5 }), json!({ "eventName": {}, "eventCategory": "Data" })];
    for record in odd {
        let event = Event::from_record(&record);
        let set = fields(&[&[DATA, OBJECTS, ("eventName", "Equals", &["PutObject"])]]);
        assert_eq!(sign(&set.record(&event)), '?', "{record}");
    }
    let old =
        Event::from_record(&json!({ "managementEvent": true, "readOnly": "true", "eventSource": "ec2.amazonaws.com" }));
    assert_eq!(sign(&basic(json!([{ "ReadWriteType": "ReadOnly" }])).record(&old)), '+');
}

#[test]
fn the_trail_comes_before_its_selectors() {
    let ask = |trail: &Recorder, event: &Event, circumstances| sign(&trail.records(event, circumstances));
    let plain = Circumstances::default();
    let event = call("ec2.amazonaws.com", "us-west-2", "111122223333");
    assert_eq!(ask(&trail(), &event, plain), '+');
    assert_eq!(ask(&Recorder { is_logging: Some(false), ..trail() }, &event, plain), '-');
    assert_eq!(ask(&Recorder { is_logging: None, ..trail() }, &event, plain), '?');
    assert_eq!(ask(&Recorder { is_multi_region: Some(false), ..trail() }, &event, plain), '-');
    assert_eq!(ask(&Recorder { is_multi_region: None, ..trail() }, &event, plain), '?');
    assert_eq!(ask(&Recorder { selectors: None, ..trail() }, &event, plain), '?');
    assert_eq!(ask(&Recorder { selectors: None, is_logging: Some(false), ..trail() }, &event, plain), '-');
    let member = call("ec2.amazonaws.com", "us-west-2", "444455556666");
    let organization = Recorder { is_organization: Some(true), ..trail() };
    assert_eq!(ask(&trail(), &member, plain), '-');
    assert_eq!(ask(&organization, &member, plain), '?');
    assert_eq!(ask(&organization, &member, Circumstances { in_organization: Some(true), ..plain }), '+');
    assert_eq!(ask(&organization, &member, Circumstances { in_organization: Some(false), ..plain }), '-');
}

#[test]
fn global_service_events() {
    let event = call("iam.amazonaws.com", "us-east-1", "111122223333");
    let ask = |home: &str, multi, flag, event: &Event| {
        let trail = Recorder {
            home_region: home.parse().unwrap(),
            is_multi_region: Some(multi),
            includes_global: flag,
            ..trail()
        };
        sign(&trail.records(event, Circumstances::default()))
    };
    assert_eq!(ask("us-east-1", false, Some(true), &event), '+');
    assert_eq!(ask("us-east-1", false, Some(false), &event), '-');
    assert_eq!(ask("us-east-1", false, None, &event), '?');
    assert_eq!(ask("eu-west-1", false, Some(true), &event), '-');
    assert_eq!(ask("eu-west-1", true, Some(true), &event), '+');
    assert_eq!(ask("eu-west-1", true, Some(false), &event), '-');
    assert_eq!(ask("us-east-1", false, Some(false), &call("ec2.amazonaws.com", "us-east-1", "111122223333")), '+');
    assert_eq!(ask("us-east-1", false, Some(false), &call("sts.amazonaws.com", "us-east-1", "111122223333")), '?');
}

#[test]
fn sign_in_and_sts_are_global_where_that_is_documented() {
    let trail = Recorder { is_multi_region: Some(false), includes_global: Some(false), ..trail() };
    let ask = |source: &str, region: &str| {
        let trail = Recorder { home_region: region.parse().unwrap(), ..trail.clone() };
        sign(&trail.records(&call(source, region, "111122223333"), Circumstances::default()))
    };
    assert_eq!(ask("signin.amazonaws.com", "us-east-1"), '-');
    assert_eq!(ask("signin.amazonaws.com", "us-east-2"), '?');
    assert_eq!(ask("sts.amazonaws.com", "us-east-1"), '?');
    assert_eq!(ask("sts.amazonaws.com", "eu-west-1"), '+');
    assert_eq!(ask("organizations.amazonaws.com", "us-east-1"), '?');
    assert_eq!(ask("kms.amazonaws.com", "us-east-1"), '+');
}

#[test]
fn what_every_event_has_is_not_absent_where_a_record_lacks_it() {
    let record = json!({
        "eventSource": "ec2.amazonaws.com", "eventName": "RunInstances", "awsRegion": "us-east-1",
        "recipientAccountId": "111122223333", "managementEvent": true,
    });
    let event = Event::from_record(&record);
    assert_eq!(sign(&basic(json!([{ "ReadWriteType": "WriteOnly" }])).record(&event)), '?');
    assert_eq!(sign(&basic(json!([{ "ReadWriteType": "All" }])).record(&event)), '+');
    let management = ("eventCategory", "Equals", &["Management"] as &[&str]);
    let typed = fields(&[&[management, ("eventType", "NotEquals", &["AwsServiceEvent"])]]);
    assert_eq!(sign(&typed.record(&event)), '?');
    let refused = fields(&[&[management, ("errorCode", "Equals", &["AccessDenied"])]]);
    assert_ne!(sign(&refused.record(&event)), '+');
    let old = json!({ "eventName": "PutObject", "managementEvent": false, "readOnly": false });
    assert_eq!(sign(&Selectors::default_of_trails().record(&Event::from_record(&old))), '-');
}

fn insight_event(kind: &str) -> Event {
    Event::from_record(&json!({
        "eventCategory": "Insight", "eventType": "AwsCloudTrailInsight", "eventSource": "ec2.amazonaws.com",
        "eventName": "RunInstances", "awsRegion": "us-east-1", "recipientAccountId": "111122223333",
        "insightDetails": { "insightType": kind, "state": "Start" },
    }))
}

#[test]
fn insights_events_are_recorded_by_type() {
    let with = |types: &[(&str, &[&str])]| {
        let types = types
            .iter()
            .map(|(name, over)| ((*name).to_owned(), over.iter().map(|category| (*category).to_owned()).collect()));
        Some(InsightSelectors { types: types.collect() })
    };
    let ask = |insights, selectors, kind: &str| {
        let trail = Recorder { insights, selectors: Some(selectors), ..trail() };
        sign(&trail.records(&insight_event(kind), Circumstances::default()))
    };
    let all = Selectors::default_of_trails;
    let reads = || basic(json!([{ "ReadWriteType": "ReadOnly" }]));
    assert_eq!(ask(None, all(), "ApiCallRateInsight"), '?');
    assert_eq!(ask(with(&[]), all(), "ApiCallRateInsight"), '-');
    assert_eq!(ask(with(&[("ApiErrorRateInsight", &[])]), all(), "ApiCallRateInsight"), '-');
    assert_eq!(ask(with(&[("ApiCallRateInsight", &[])]), all(), "ApiCallRateInsight"), '+');
    assert_eq!(ask(with(&[("ApiCallRateInsight", &["Management"])]), all(), "ApiCallRateInsight"), '+');
    assert_eq!(ask(with(&[("ApiCallRateInsight", &["Data"])]), all(), "ApiCallRateInsight"), '?');
    assert_eq!(ask(with(&[("ApiCallRateInsight", &[])]), reads(), "ApiCallRateInsight"), '-');
    assert_eq!(ask(with(&[("ApiErrorRateInsight", &[])]), reads(), "ApiErrorRateInsight"), '+');
    assert_eq!(ask(with(&[("ApiCallRateInsight", &["Management", "Data"])]), reads(), "ApiCallRateInsight"), '?');
    assert_eq!(ask(with(&[("NewInsight", &[])]), all(), "NewInsight"), '?');
}

#[test]
fn a_trail_may_leave_out_what_cloudtrail_does_to_deliver_it() {
    let mut event = object("PutObject", "arn:aws:s3:::b1/AWSLogs/x.gz");
    let objects = fields(&[&[DATA, OBJECTS]]);
    let ask = |event: &Event, own, recursive| {
        let trail = Recorder { records_own_deliveries: recursive, selectors: Some(objects.clone()), ..trail() };
        sign(&trail.records(event, Circumstances { is_own_delivery: own, ..Circumstances::default() }))
    };
    assert_eq!(ask(&event, None, Some(false)), '+');
    event.invoked_by = Some("cloudtrail.amazonaws.com".to_owned());
    assert_eq!(ask(&event, None, Some(false)), '?');
    assert_eq!(ask(&event, Some(true), Some(false)), '-');
    assert_eq!(ask(&event, Some(false), Some(false)), '+');
    assert_eq!(ask(&event, None, Some(true)), '+');
    assert_eq!(ask(&event, None, None), '?');
}
