//! Policies to try, for the tests of properties.

use proptest::prelude::*;
use serde_json::{Value, json};
use trailproof::derive::policy_document::Answer;

/// Any JSON, with the words of policies among its texts.
pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        any::<String>(),
        prop::sample::select(vec![
            "Version",
            "Statement",
            "Sid",
            "Effect",
            "Allow",
            "Deny",
            "Principal",
            "NotPrincipal",
            "AWS",
            "Service",
            "Action",
            "NotAction",
            "Resource",
            "Condition",
            "StringEquals",
            "ForAllValues:ArnLike",
            "aws:SourceArn",
            "*",
            "s3:*",
            "${aws:x}",
            "arn:aws:iam::111122223333:root",
            "10.0.0.0/8",
            "AROAEXAMPLE:*",
            "${",
            "é*?",
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

/// A statement, mostly of a form that can be read.
pub(crate) fn any_statement(effect: &'static str) -> impl Strategy<Value = Value> {
    let principal = prop::sample::select(vec![
        json!("*"),
        json!({"AWS": "*"}),
        json!({"AWS": "arn:aws:iam::111122223333:root"}),
        json!({"AWS": ["444455556666", "arn:aws:iam::999999999999:role/r"]}),
        json!({"Service": "cloudtrail.amazonaws.com"}),
        json!({"Service": ["config.amazonaws.com", "logging.s3.amazonaws.com"]}),
        json!({"Federated": "accounts.google.com"}),
        json!(7),
    ]);
    let action = prop::sample::select(vec![
        json!("*"),
        json!("s3:*"),
        json!("s3:GetObject"),
        json!(["s3:PutObject", "s3:Delete*"]),
        json!("s3:PutBucketPolicy"),
    ]);
    let resource = prop::sample::select(vec![
        json!("*"),
        json!("arn:aws:s3:::b"),
        json!("arn:aws:s3:::b/*"),
        json!(["arn:aws:s3:::b/AWSLogs/*", "arn:aws:s3:::b"]),
    ]);
    let condition = prop::sample::select(vec![
        json!({}),
        json!({"Bool": {"aws:SecureTransport": "false"}}),
        json!({"StringEquals": {"aws:PrincipalOrgID": "o-own"}}),
        json!({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-own"}, "Bool": {"aws:PrincipalIsAWSService": "false"}}),
        json!({"StringLike": {"aws:SourceVpc": "vpc-*"}}),
        json!({"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:111122223333:trail/*"}}),
        json!({"IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}),
        json!({"Unheard": {"of": "this"}}),
    ]);
    (principal, action, resource, condition).prop_map(move |(principal, action, resource, condition)| {
        json!({ "Effect": effect, "Principal": principal, "Action": action, "Resource": resource, "Condition": condition })
    })
}

pub(crate) fn any_statements() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(prop_oneof![any_statement("Allow"), any_statement("Deny")], 0..5)
}

/// How far an answer goes towards yes.
pub(crate) fn rank(answer: &Answer) -> u8 {
    match answer {
        Answer::No(_) => 0,
        Answer::Unknown(_) => 1,
        Answer::Yes(_) => 2,
    }
}
