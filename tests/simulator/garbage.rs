use bytes::Bytes;
use proptest::prelude::*;
use trailproof::simulator::{Effect, Request, Simulator, Weather, demo_organization};

const TARGETS: [&str; 12] = [
    "CloudTrail_20131101.DescribeTrails",
    "CloudTrail_20131101.GetTrailStatus",
    "CloudTrail_20131101.ListTags",
    "AWSOrganizationsV20161128.ListChildren",
    "AWSOrganizationsV20161128.ListAccounts",
    "TrentService.DescribeKey",
    "Logs_20140328.DescribeLogGroups",
    "Logs_20140328.DescribeMetricFilters",
    "AWSEvents.ListRules",
    "AWSEvents.ListTargetsByRule",
    "AWSEvents.ListEventBuses",
    "Nothing.AtAll",
];

const SERVICES: [&str; 11] =
    ["cloudtrail", "organizations", "kms", "logs", "sts", "sns", "s3", "account", "iam", "events", "monitoring"];

fn requests() -> impl Strategy<Value = Request> {
    let signed = (
        prop::sample::select(&["AKIASIM0111122223333", "AKIASIM0222233334444", "AKIA", "ASIASIM0000000000001"][..]),
        prop::sample::select(&["us-east-1", "me-south-1", "", "\u{7f}"][..]),
        prop::sample::select(&SERVICES[..]),
    );
    let body = prop_oneof![
        any::<Vec<u8>>(),
        r#"\{"(trailNameList|ResourceIdList)":\["[a-z:/]{0,40}"\],"includeShadowTrails":(true|1)\}"#.prop_map(String::into_bytes),
        r#"\{"(Name|KeyId|NextToken|ParentId|logGroupNamePrefix)":"[a-z0-9:/]{0,40}","MaxResults":-?[0-9]{1,20}\}"#.prop_map(String::into_bytes),
        Just(b"\xbf\x6aAlarmTypes\x9f\x6eCompositeAlarm\xff\x69NextToken\x62zz\xff".to_vec()),
        r#"\{"(EventBusName|Rule|NamePrefix|logGroupName)":"[a-z0-9:/-]{0,40}","Limit":-?[0-9]{1,20}\}"#.prop_map(String::into_bytes),
        "Action=(AssumeRole|GetTopicAttributes|ListSubscriptionsByTopic)&(RoleArn|TopicArn)=[a-z:/%0-9]{0,40}&Policy=.{0,40}".prop_map(String::into_bytes),
    ];
    let path = "(/|/listRegions|/service/GraniteServiceVersion20100801/operation/(DescribeAlarms|PutAlarm)|/v20180820/configuration/publicAccessBlock|/[a-zA-Z0-9%._~-]{1,30}(/[a-z%0-9]*)?)(\\?[a-zA-Z-]{0,20}(=[a-z0-9%-]{0,9})?)?";
    (
        prop::sample::select(&["GET", "POST", "PUT", "HEAD", "DELETE"][..]),
        path,
        signed,
        prop::sample::select(&TARGETS[..]),
        body,
    )
        .prop_filter_map("a request that HTTP allows", |(method, path, (key, region, service), target, body)| {
            let scope =
                format!("AWS4-HMAC-SHA256 Credential={key}/1/{region}/{service}/aws4_request, SignedHeaders=host");
            http::Request::builder()
                .method(method)
                .uri(path)
                .header("authorization", scope)
                .header("x-amz-target", target)
                .body(Bytes::from(body))
                .ok()
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_request_is_too_strange_to_be_answered(request in requests()) {
        let simulator = SIMULATOR.with(Clone::clone);
        prop_assert!(simulator.answer(&request).status().as_u16() >= 200);
        let damaged = DAMAGED.with(Clone::clone);
        prop_assert!(damaged.answer(&request).status().as_u16() >= 200);
    }
}

thread_local! {
    static SIMULATOR: Simulator = Simulator::new(demo_organization(jiff::Timestamp::UNIX_EPOCH)).without_log();
    static DAMAGED: Simulator = SIMULATOR.with(|simulator| simulator.with_weather(vec![
        Weather::new(Effect::LoopingToken),
        Weather::new(Effect::WithoutField("Name".into())),
        Weather::new(Effect::HalfAnswer).every(2),
    ]));
}
