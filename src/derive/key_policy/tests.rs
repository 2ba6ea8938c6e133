use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::derive::policy_document::Organization;
use crate::id::AccountId;

const TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main";
const ANY_TRAIL: &str = "arn:aws:cloudtrail:*:111122223333:trail/*";

fn judge(text: Option<&str>) -> KeyPolicyVerdict {
    let accounts: BTreeSet<AccountId> = ["111122223333", "222233334444"].iter().map(|id| id.parse().unwrap()).collect();
    let trusted = BTreeSet::from(["777788889999".parse().unwrap()]);
    let organization = Organization { id: Some("o-own"), accounts: &accounts, complete: true };
    let key = "arn:aws:kms:eu-west-1:222233334444:key/1".parse().unwrap();
    let arn = TRAIL.parse().unwrap();
    let trails = [LogTrail {
        arn: &arn,
        prefix: None,
        is_organization: Some(false),
        organization: Some("o-own"),
        validation: Some(true),
        kms_key: None,
    }];
    let policy = text.map(|text| KeyPolicy { document: text.to_owned() });
    let scope = Scope { owner: None, organization, trusted: &trusted };
    key_policy(&KeyPolicyInputs { policy: policy.as_ref(), key: &key, scope, trails: &trails })
}

fn of(statements: &[Value]) -> KeyPolicyVerdict {
    judge(Some(&json!({ "Version": "2012-10-17", "Statement": statements }).to_string()))
}

fn allow(principal: Value, action: Value, condition: Value) -> Value {
    json!({ "Sid": "S", "Effect": "Allow", "Principal": principal, "Action": action, "Resource": "*", "Condition": condition })
}

fn cloudtrail(action: &str, condition: Value) -> Value {
    allow(json!({ "Service": "cloudtrail.amazonaws.com" }), json!(action), condition)
}

/// The policy that CloudTrail's console makes.
fn console() -> Vec<Value> {
    let own = json!({ "StringEquals": { "kms:CallerAccount": "111122223333" },
                      "StringLike": { "kms:EncryptionContext:aws:cloudtrail:arn": ANY_TRAIL } });
    vec![
        allow(
            json!({ "AWS": ["arn:aws:iam::222233334444:root", "arn:aws:iam::222233334444:user/u"] }),
            json!("kms:*"),
            json!({}),
        ),
        cloudtrail(
            "kms:GenerateDataKey*",
            json!({ "StringEquals": { "aws:SourceArn": TRAIL },
                   "StringLike": { "kms:EncryptionContext:aws:cloudtrail:arn": ANY_TRAIL } }),
        ),
        cloudtrail("kms:DescribeKey", json!({ "StringEquals": { "aws:SourceArn": TRAIL } })),
        allow(json!({ "AWS": "*" }), json!(["kms:Decrypt", "kms:ReEncryptFrom"]), own.clone()),
        allow(json!({ "AWS": "*" }), json!("kms:CreateAlias"), own),
    ]
}

#[test]
fn the_policy_of_the_console() {
    let verdict = of(&console());
    assert_eq!(verdict.encrypts[0].1.known(), Some(true), "{:?}", verdict.encrypts);
    assert_eq!(verdict.encryption_is_pinned.known(), Some(true));
    assert_eq!(verdict.is_open.known(), Some(false), "{:?}", verdict.is_open);
    assert_eq!(verdict.notes, []);
}

#[test]
fn nothing_read_nothing_there_and_nonsense() {
    for (text, encrypts) in [
        (None, None),
        (Some("<"), None),
        (Some(r#"{"Statement": [7]}"#), None),
        (Some(r#"{"Statement": []}"#), Some(false)),
    ] {
        let verdict = judge(text);
        assert_eq!(verdict.encrypts[0].1.known(), encrypts, "{text:?}");
        assert_eq!(verdict.is_open.known(), encrypts, "{text:?}");
        assert_eq!(verdict.encryption_is_pinned.known().is_none(), encrypts.is_none(), "{text:?}");
    }
}

#[test]
fn what_cloudtrail_may() {
    let cases = [
        // condition of GenerateDataKey*, may encrypt, pinned
        (json!({ "StringEquals": { "aws:SourceArn": TRAIL } }), Some(true), Some(true)),
        (json!({ "StringLike": { "kms:EncryptionContext:aws:cloudtrail:arn": ANY_TRAIL } }), Some(true), Some(true)),
        (json!({}), Some(true), Some(false)),
        (
            json!({ "StringLike": { "kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:*:trail/*" } }),
            Some(true),
            Some(false),
        ),
        (json!({ "StringEqualsIfExists": { "aws:SourceArn": TRAIL } }), Some(true), Some(false)),
        (
            json!({ "StringEquals": { "aws:SourceArn": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/other" } }),
            Some(false),
            Some(true),
        ),
        (json!({ "StringEquals": { "aws:PrincipalOrgID": "o-own" } }), Some(false), Some(false)),
        (json!({ "Unheard": {} }), None, None),
    ];
    for (condition, encrypts, pinned) in cases {
        let verdict = of(&[cloudtrail("kms:GenerateDataKey*", condition.clone())]);
        assert_eq!(verdict.encrypts[0].1.known(), encrypts, "{condition}");
        assert_eq!(verdict.encryption_is_pinned.known(), pinned, "{condition}");
    }
    let refused = json!({ "Effect": "Deny", "Principal": "*", "Action": "kms:Generate*", "Resource": "*" });
    assert_eq!(of(&[console(), vec![refused]].concat()).encrypts[0].1.known(), Some(false));
    let verdict = of(&[cloudtrail("kms:GenerateDataKey*", json!({}))]);
    assert!(verdict.notes[0].to_string().contains("kms:DescribeKey"), "{:?}", verdict.notes);
}

#[test]
fn to_whom_the_key_is_open() {
    let outside = || json!({ "AWS": "arn:aws:iam::999999999999:root" });
    let config = || json!({ "Service": "config.amazonaws.com" });
    let cases = [
        (allow(json!({ "AWS": "222233334444" }), json!("kms:*"), json!({})), Some(false)),
        (allow(json!({ "AWS": "111122223333" }), json!("kms:Decrypt"), json!({})), Some(false)),
        (allow(json!({ "AWS": "777788889999" }), json!("kms:Decrypt"), json!({})), Some(false)),
        (allow(outside(), json!("kms:Decrypt"), json!({})), Some(true)),
        (allow(outside(), json!("kms:CreateGrant"), json!({})), Some(true)),
        (allow(outside(), json!("kms:Encrypt"), json!({})), Some(false)),
        (allow(json!("*"), json!("kms:ScheduleKeyDeletion"), json!({})), Some(true)),
        (
            allow(
                json!("*"),
                json!("kms:Decrypt"),
                json!({ "StringEquals": { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }),
            ),
            Some(true),
        ),
        (
            allow(
                json!("*"),
                json!("kms:Decrypt"),
                json!({ "StringLike": { "kms:EncryptionContext:aws:cloudtrail:arn": ANY_TRAIL } }),
            ),
            Some(true),
        ),
        (
            allow(json!("*"), json!("kms:Decrypt"), json!({ "StringEquals": { "kms:CallerAccount": "999999999999" } })),
            Some(true),
        ),
        (
            allow(json!("*"), json!("kms:Decrypt"), json!({ "StringEquals": { "aws:PrincipalOrgID": "o-own" } })),
            Some(false),
        ),
        (allow(json!("*"), json!("kms:Decrypt"), json!({ "StringEquals": { "aws:SourceVpce": "vpce-1" } })), None),
        (allow(config(), json!("kms:Decrypt"), json!({})), Some(false)),
        (allow(config(), json!("kms:PutKeyPolicy"), json!({})), Some(true)),
        (
            json!({ "Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "arn:aws:kms:eu-west-1:222233334444:key/2" }),
            Some(false),
        ),
        (json!({ "Effect": "Allow" }), None),
    ];
    for (statement, expected) in cases {
        assert_eq!(of(std::slice::from_ref(&statement)).is_open.known(), expected, "{statement}");
    }
    let named = of(&[allow(outside(), json!("kms:Decrypt"), json!({}))]).is_open.because();
    assert_eq!(named, ["statement 1 (\"S\") allows arn:aws:iam::999999999999:root kms:Decrypt"]);
}

/// A rule may trust an account to decrypt, and nobody to take over.
#[test]
fn who_holds_what() {
    let stranger = || json!({ "AWS": "arn:aws:iam::999999999999:root" });
    let held = |statement: Value| {
        let verdict = of(&[statement]);
        let outsider = verdict.outsiders[0].clone();
        (outsider.account.map(|account| account.to_string()), administers(&outsider.actions))
    };
    let account = Some("999999999999".to_owned());
    assert_eq!(held(allow(stranger(), json!("kms:Decrypt"), json!({}))), (account.clone(), false));
    assert_eq!(held(allow(stranger(), json!("kms:*"), json!({}))), (account.clone(), true));
    let bound = json!({ "StringEquals": { "kms:CallerAccount": "999999999999" } });
    assert_eq!(held(allow(json!("*"), json!("kms:Decrypt"), bound)), (account, false));
    assert_eq!(held(allow(json!("*"), json!("kms:Decrypt"), json!({}))), (None, false));
}
