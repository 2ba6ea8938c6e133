//! Whether CloudTrail can deliver, and for whom.

use serde_json::{Value, json};
use trailproof::derive::bucket_policy::{BucketPolicyInputs, LogTrail};

use super::{KEY, ORGANIZATION, OWN, deny, document, guide, judge, own, put};

#[test]
fn paths() {
    let pinned = || json!({ "StringEquals": { "aws:SourceArn": OWN } });
    let cases = [
        (put("AWSLogs/111122223333/*", pinned()), Some(true)),
        (put("*", json!({})), Some(true)),
        (put("AWSLogs/*/CloudTrail*", json!({})), Some(true)),
        (put("AWSLogs/111122223333/CloudTrail/*", pinned()), Some(false)),
        (put("AWSLogs/999999999999/*", pinned()), Some(false)),
        (put("logs/AWSLogs/111122223333/*", pinned()), Some(false)),
        (put("AWSLogs/111122223333", pinned()), Some(false)),
        (put("AWSLogs/111122223333/*", json!({ "StringEquals": { "aws:SourceArn": ORGANIZATION } })), Some(false)),
        (put("AWSLogs/111122223333/*", json!({ "StringEquals": { "aws:PrincipalOrgID": "o-own" } })), Some(false)),
        (put("AWSLogs/111122223333/*", json!({ "IpAddress": { "aws:SourceIp": "203.0.113.0/24" } })), None),
    ];
    for (statement, expected) in cases {
        let verdict = own(std::slice::from_ref(&statement));
        assert_eq!(verdict.deliveries[0].path_fits.known(), expected, "{statement}");
    }
    let organization =
        |keys: &str| judge(Some(&document(&[put(keys, json!({}))])), ORGANIZATION, |_, _| {}).deliveries[0].clone();
    assert_eq!(organization("logs/AWSLogs/o-own/*").path_fits.known(), Some(true));
    assert_eq!(organization("logs/AWSLogs/o-own/*").notes.len(), 1);
    assert_eq!(organization("logs/AWSLogs/111122223333/*").path_fits.known(), Some(false));
    assert_eq!(organization("AWSLogs/o-own/*").path_fits.known(), Some(false));
    // Where it is not known of which organization it is, only what fits every one of them is proven.
    let of_some = |keys: &str| {
        judge(Some(&document(&[put(keys, json!({}))])), ORGANIZATION, |_, trail| trail.organization = None).deliveries
            [0]
        .path_fits
        .known()
    };
    assert_eq!((of_some("logs/AWSLogs/*"), of_some("logs/AWSLogs/o-own/*")), (Some(true), None));
}

#[test]
fn denies_that_stop_cloudtrail() {
    let cases = [
        (json!({ "StringNotEquals": { "aws:PrincipalOrgID": "o-own" } }), Some(false)),
        (
            json!({ "StringNotEquals": { "aws:PrincipalOrgID": "o-own" }, "Bool": { "aws:PrincipalIsAWSService": "false" } }),
            Some(true),
        ),
        (json!({ "ArnNotLike": { "aws:PrincipalArn": "arn:aws:iam::222233334444:role/admin" } }), Some(false)),
        (json!({ "NumericLessThan": { "s3:TlsVersion": "1.2" } }), Some(true)),
        (json!({ "NumericLessThan": { "s3:TlsVersion": 1.3 } }), None),
        (json!({ "StringNotEquals": { "aws:SourceVpce": "vpce-1" } }), Some(false)),
        (json!({ "NotIpAddress": { "aws:SourceIp": "203.0.113.0/24" } }), None),
    ];
    for (condition, expected) in cases {
        let verdict = own(&[guide(), vec![deny(json!("*"), json!("s3:*"), condition.clone())]].concat());
        assert_eq!(verdict.deliveries[0].path_fits.known(), expected, "{condition}");
    }
}

#[test]
fn digests() {
    let only_kms = deny(
        json!("*"),
        json!("s3:PutObject"),
        json!({ "StringNotEquals": { "s3:x-amz-server-side-encryption": "aws:kms" } }),
    );
    let only_aes = deny(
        json!("*"),
        json!("s3:PutObject"),
        json!({ "StringNotEquals": { "s3:x-amz-server-side-encryption": "AES256" } }),
    );
    let judged = |deny: &Value, key: Option<&str>, validation: Option<bool>| {
        let text = document(&[guide(), vec![deny.clone()]].concat());
        let change = |_: &mut BucketPolicyInputs<'_>, trail: &mut LogTrail<'_>| {
            (trail.kms_key, trail.validation) = (key.map(|_| KEY), validation);
        };
        judge(Some(&text), OWN, change).deliveries[0].clone()
    };
    let passes = |deny, key, validation| judged(deny, key, validation).digests_pass.known();
    assert_eq!(passes(&only_kms, None, Some(true)), Some(false));
    assert_eq!(passes(&only_kms, None, Some(false)), Some(true));
    assert_eq!(passes(&only_kms, None, None), None);
    assert_eq!(passes(&only_aes, None, Some(true)), Some(true));
    // AWS's pages say either of the digests of a trail with a key: a note where those that follow it would pass.
    let with_key = judged(&only_kms, Some(KEY), Some(true));
    assert_eq!(with_key.digests_pass.known(), Some(false));
    assert!(with_key.digest_note.unwrap().text.contains("AWS's pages differ"));
    assert_eq!(judged(&only_kms, None, Some(true)).digest_note, None);
    let none_at_all = deny(json!("*"), json!("s3:PutObject"), json!({}));
    assert_eq!(judged(&none_at_all, Some(KEY), Some(true)).digest_note, None);
}

/// What denies all digests stops the path; what denies some, or goes by encryption, does not.
#[test]
fn denials_of_digests_alone() {
    let judged = |keys: &str, condition: Value, validation: Option<bool>| {
        let stop = json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Condition": condition,
                           "Resource": format!("arn:aws:s3:::logs-bucket/{keys}") });
        let text = document(&[guide(), vec![stop]].concat());
        let delivery = judge(Some(&text), OWN, |_, trail| trail.validation = validation).deliveries[0].clone();
        (delivery.path_fits.known(), delivery.digests_pass.known())
    };
    let on = Some(true);
    for keys in ["*/CloudTrail-Digest/*", "AWSLogs/*/CloudTrail-Digest/*", "AWSLogs/111122223333/CloudTrail-Digest*"] {
        assert_eq!(judged(keys, json!({}), on), (Some(false), Some(false)), "{keys}");
        assert_eq!(judged(keys, json!({}), Some(false)), (Some(true), Some(true)), "{keys}");
        assert_eq!(judged(keys, json!({}), None), (None, None), "{keys}");
        let encrypted = json!({ "StringNotEquals": { "s3:x-amz-server-side-encryption": "aws:kms" } });
        assert_eq!(judged(keys, encrypted, on), (Some(true), Some(false)), "{keys}");
    }
    assert_eq!(judged("*/CloudTrail-Digest/eu-west-1/*", json!({}), on), (Some(true), None));
    assert_eq!(judged("AWSLogs/*/CloudTrail-Insight/*", json!({}), on), (Some(true), Some(true)));
    assert_eq!(judged("AWSLogs/*/CloudTrail/*", json!({}), on), (Some(false), Some(true)));
    assert_eq!(judged("AWSLogs/*/CloudTrail/eu-west-1/*", json!({}), on), (None, Some(true)));
}

/// Where it is not known whether a trail is the organization's, a Deny on one of its folders decides nothing.
#[test]
fn digests_of_a_trail_of_which_kind_is_not_known() {
    let of_kind = |kind: Option<bool>, keys: &str| {
        let stop = json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
                           "Resource": format!("arn:aws:s3:::logs-bucket/{keys}") });
        judge(Some(&document(&[stop])), OWN, |_, trail| trail.is_organization = kind).deliveries[0].digests_pass.known()
    };
    assert_eq!(of_kind(Some(false), "AWSLogs/111122223333/*"), Some(false));
    assert_eq!(of_kind(Some(true), "AWSLogs/111122223333/*"), Some(true));
    assert_eq!(of_kind(None, "AWSLogs/111122223333/*"), None);
    assert_eq!(of_kind(None, "AWSLogs/*"), Some(false));
}

#[test]
fn pins_of_the_put() {
    let cases = [
        (json!({}), Some(false)),
        (json!({ "StringEquals": { "aws:PrincipalOrgID": "o-own" } }), Some(false)),
        (json!({ "ArnLike": { "aws:SourceArn": "arn:aws:cloudtrail:*:111122223333:trail/*" } }), Some(true)),
        (
            json!({ "ArnLike": { "aws:SourceArn": ["arn:aws:cloudtrail:*:111122223333:trail/*", "arn:aws:cloudtrail:*:*:trail/*"] } }),
            Some(false),
        ),
        (json!({ "StringEquals": { "aws:SourceAccount": "111122223333" } }), Some(true)),
        (json!({ "StringLike": { "aws:SourceAccount": "*" } }), Some(false)),
        (json!({ "StringEquals": { "aws:SourceOrgID": "o-own" } }), Some(true)),
        (json!({ "StringEqualsIfExists": { "aws:SourceOrgID": "o-own" } }), Some(false)),
        (json!({ "ForAnyValue:StringLike": { "aws:SourceOrgPaths": "o-own/r-1/*" } }), Some(true)),
        (json!({ "Unheard": { "of": "this" } }), None),
    ];
    for (condition, expected) in cases {
        let verdict = own(&[put("AWSLogs/111122223333/*", condition.clone())]);
        assert_eq!(verdict.put_is_pinned.known(), expected, "{condition}");
    }
}
