//! What is denied, and what that takes back.

use serde_json::{Value, json};

use super::{allow, deny, own};

#[test]
fn a_deny_wins_only_where_it_surely_applies() {
    let open = allow(json!("*"), "s3:*", json!({}));
    let stranger = allow(json!({ "AWS": "999999999999" }), "s3:*", json!({}));
    let fence = json!({ "StringNotEquals": { "aws:PrincipalOrgID": "o-own" } });
    let fence_but_services = json!({ "StringNotEqualsIfExists": { "aws:PrincipalOrgID": "o-own" }, "BoolIfExists": { "aws:PrincipalIsAWSService": "false" } });
    let cases = [
        (&stranger, deny(json!("*"), json!("s3:*"), json!({})), false),
        (&stranger, deny(json!({ "AWS": "arn:aws:iam::999999999999:root" }), json!("s3:*"), json!({})), false),
        (&stranger, deny(json!({ "AWS": "arn:aws:iam::999999999999:role/r" }), json!("s3:*"), json!({})), true),
        (&stranger, deny(json!("*"), json!("s3:*"), fence.clone()), false),
        (&stranger, deny(json!("*"), json!("s3:*"), fence_but_services.clone()), false),
        (&stranger, deny(json!("*"), json!("s3:*"), json!({ "Bool": { "aws:SecureTransport": "false" } })), true),
        (&stranger, deny(json!("*"), json!("s3:Get*"), json!({})), true),
        (&open, deny(json!("*"), json!("s3:*"), json!({})), false),
        (&open, deny(json!("*"), json!("s3:*"), fence), false),
        (&open, deny(json!("*"), json!("s3:*"), fence_but_services), false),
        (
            &open,
            deny(json!("*"), json!("s3:*"), json!({ "StringNotEquals": { "aws:PrincipalOrgID": "o-other" } })),
            true,
        ),
        (&open, deny(json!({ "AWS": "999999999999" }), json!("s3:*"), json!({})), true),
    ];
    for (allow, deny, open) in cases {
        let verdict = own(&[allow.clone(), deny.clone()]);
        assert_eq!(verdict.outsiders_have_access.known(), Some(open), "{deny}");
    }
}

#[test]
fn denies_for_everybody() {
    let insecure = || json!({ "Bool": { "aws:SecureTransport": "false" } });
    let everyone = || json!("*");
    let transport = |statement: Value| own(&[statement]).denies_insecure_transport.known();
    assert_eq!(transport(deny(everyone(), json!("s3:*"), insecure())), Some(true));
    assert_eq!(transport(deny(json!({ "AWS": ["*"] }), json!("*"), insecure())), Some(true));
    assert_eq!(transport(deny(everyone(), json!("s3:GetObject"), insecure())), Some(false));
    assert_eq!(transport(deny(json!({ "AWS": "111122223333" }), json!("s3:*"), insecure())), Some(false));
    assert_eq!(
        transport(deny(everyone(), json!("s3:*"), json!({ "Bool": { "aws:SecureTransport": "true" } }))),
        Some(false)
    );
    assert_eq!(
        transport(
            json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::logs-bucket/*", "Condition": insecure() })
        ),
        Some(false)
    );
    assert_eq!(transport(json!({ "Effect": "Deny", "Principal": "*" })), None);

    let both = || json!(["s3:DeleteObject", "s3:DeleteObjectVersion"]);
    let deletes = |statement: Value| own(&[statement]).denies_deletes.known();
    assert_eq!(deletes(deny(everyone(), both(), json!({}))), Some(true));
    assert_eq!(deletes(deny(everyone(), json!("s3:Delete*"), json!({}))), Some(true));
    assert_eq!(deletes(deny(everyone(), json!("s3:DeleteObject"), json!({}))), Some(false));
    let sparing = |arn: &str| json!({ "ArnNotEquals": { "aws:PrincipalArn": arn } });
    assert_eq!(deletes(deny(everyone(), both(), sparing("arn:aws:iam::222233334444:role/breakglass"))), Some(true));
    assert_eq!(deletes(deny(everyone(), both(), sparing("arn:aws:iam::*:role/breakglass"))), Some(false));
    assert_eq!(
        deletes(deny(everyone(), both(), json!({ "BoolIfExists": { "aws:MultiFactorAuthPresent": "false" } }))),
        Some(false)
    );
    assert_eq!(deletes(deny(json!({ "AWS": "222233334444" }), both(), json!({}))), Some(false));
    assert_eq!(
        deletes(
            json!({ "Effect": "Deny", "NotPrincipal": { "AWS": "arn:aws:iam::222233334444:role/b" }, "Action": both(), "Resource": "*" })
        ),
        Some(true)
    );
    assert_eq!(
        deletes(
            json!({ "Effect": "Deny", "Principal": "*", "Action": both(), "Resource": "arn:aws:s3:::logs-bucket/AWSLogs/*" })
        ),
        Some(true)
    );
    assert_eq!(
        deletes(
            json!({ "Effect": "Deny", "Principal": "*", "Action": both(), "Resource": "arn:aws:s3:::logs-bucket/AWSLogs/999999999999/*" })
        ),
        Some(false)
    );
}
