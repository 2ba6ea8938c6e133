//! Public access: cited test vectors, our own for newer keys, and what must hold for every policy.

#![allow(clippy::unwrap_used)] // Helpers of tests, where clippy does not see that they are.

#[path = "public_access/policies.rs"]
mod policies;
#[path = "public_access/statements.rs"]
mod statements;
#[path = "public_access/vectors.rs"]
mod vectors;

use serde_json::{Value, json};
use trailproof::derive::policy_document::{Answer, Doubt, Source};
use trailproof::derive::public_access::{PublicAccess, PublicInputs, disagreement, public_access};
use trailproof::snapshot::{Acl, AclGrant, BucketPolicy, OwnershipControls, PublicAccessBlock};

/// The verdict on a bucket with nothing but a policy.
fn with_policy(policy: &str) -> PublicAccess {
    public_access(&PublicInputs {
        policy: Some(&BucketPolicy { document: Some(policy.to_owned()) }),
        acl: Some(&Acl { grants: vec![], owner_canonical_id: None }),
        ownership: Some(&OwnershipControls::default()),
        bucket_block: Some(&PublicAccessBlock::default()),
        account_block: Some(&PublicAccessBlock::default()),
    })
}

/// The verdict on one statement that allows reading.
fn with_statement(principal: &Value, condition: &Value) -> Answer {
    let statement = json!({ "Sid": "S", "Effect": "Allow", "Principal": principal, "Action": "s3:GetObject",
                            "Resource": "arn:aws:s3:::b/*", "Condition": condition });
    with_policy(&json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string()).policy
}

fn policy(statements: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": {statements}}}"#)
}

const OPEN: &str = r#"{"Sid": "Pub", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}"#;

#[test]
fn conditions_that_fix_a_value() {
    let cases = [
        (json!({"StringEquals": {"aws:SourceOrgID": "o-exampleorgid"}}), Some(false)),
        (json!({"StringEquals": {"AWS:PRINCIPALORGID": "o-exampleorgid"}}), Some(false)),
        (json!({"StringEquals": {"aws:PrincipalAccount": ["111122223333", "444455556666"]}}), Some(false)),
        (json!({"StringEquals": {"aws:SourceAccount": "111122223333"}}), Some(false)),
        (json!({"StringNotEquals": {"aws:SourceAccount": "111122223333"}}), Some(true)),
        (json!({"StringEquals": {"aws:SourceVpce": "vpce-${aws:username}"}}), Some(true)),
        (json!({"StringEquals": {"aws:SourceVpce": "vpce-*"}}), None),
        (json!({"StringLike": {"aws:SourceVpce": ["vpce-1", "vpce-?"]}}), Some(true)),
        (json!({"ForAnyValue:StringEquals": {"aws:PrincipalOrgPaths": "o-a/r-b/ou-c/"}}), Some(false)),
        (json!({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-a/r-b/ou-c/*"}}), None),
        (json!({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-*/r-b/*"}}), Some(true)),
        (json!({"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-a/r-b/"}}), Some(true)),
        (
            json!({"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-a/r-b/"}, "Null": {"aws:PrincipalOrgPaths": "false"}}),
            None,
        ),
        (json!({"StringEquals": {"aws:VpceOrgID": "o-exampleorgid"}}), None),
        (json!({"StringLike": {"aws:VpceOrgID": "o-*"}}), Some(true)),
        (json!({"Bool": {"aws:PrincipalIsAWSService": "true"}}), Some(true)),
        (json!({"StringEquals": {"aws:PrincipalServiceName": "cloudtrail.amazonaws.com"}}), None),
        (json!({"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:eu-west-1:111122223333:trail/t"}}), Some(false)),
        (json!({"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:111122223333:trail/*"}}), None),
        (json!({"ArnLike": {"aws:SourceArn": "arn:aws:cloudtrail:*:*:trail/*"}}), Some(true)),
        (json!({"ArnLike": {"s3:DataAccessPointArn": "arn:aws:s3:*:111122223333:accesspoint/*"}}), None),
        (json!({"StringLike": {"s3:DataAccessPointArn": "arn:aws:s3:eu-west-1:*:accesspoint/*"}}), Some(true)),
        (json!({"StringEquals": {"aws:userid": "AIDAEXAMPLEID"}}), Some(false)),
        (json!({"StringLike": {"aws:userid": "*:session"}}), Some(true)),
        (json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}), Some(false)),
        (json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/7"}}), Some(true)),
        (json!({"IpAddress": {"aws:SourceIp": "nowhere"}}), None),
        (json!({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), Some(true)),
        (json!({"IpAddressIfExists": {"aws:SourceIp": "203.0.113.0/24"}}), Some(true)),
        (json!({"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/24"}}), Some(true)),
        (json!({"StringEquals": {"aws:PrincipalTag/team": "audit"}}), Some(true)),
        (json!({"StringEquals": {"aws:NewKey": "x"}}), Some(true)),
        (json!({"StringIs": {"aws:SourceVpc": "vpc-1"}}), None),
    ];
    for (condition, expected) in cases {
        assert_eq!(with_statement(&json!("*"), &condition).known(), expected, "{condition}");
    }
}

#[test]
fn principals() {
    let cases = [
        (json!({"AWS": "111122223333"}), Some(false)),
        (json!({"AWS": "arn:aws-cn:sts::111122223333:assumed-role/r/s"}), Some(false)),
        (json!({"AWS": "AROAEXAMPLE0EXAMPLE0"}), Some(false)),
        (json!({"AWS": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}), Some(false)),
        (json!({"AWS": "arn:aws:iam::111122223333:role/*"}), Some(true)),
        (json!({"AWS": "somebody"}), None),
        (json!({"AWS": ["arn:aws:iam::111122223333:root", "*"]}), Some(true)),
        (json!({"Service": "cloudtrail.amazonaws.com"}), Some(false)),
        (json!({"Service": "*"}), Some(true)),
        (json!({"Service": "cloudtrail.amazonaws.com", "AWS": "*"}), Some(true)),
        (json!({"CanonicalUser": "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}), Some(false)),
        (json!({"Federated": "cognito-identity.amazonaws.com"}), Some(true)),
        (json!({"Federated": "arn:aws:iam::111122223333:saml-provider/idp"}), None),
        (json!({"Robot": "x"}), None),
    ];
    for (principal, expected) in cases {
        assert_eq!(with_statement(&principal, &json!({})).known(), expected, "{principal}");
    }
}

#[test]
fn the_statement_that_makes_it_public_is_named() {
    let access = with_policy(&policy(&format!(r#"[7, {OPEN}]"#)));
    let Answer::Yes(reasons) = access.public else { panic!("not public") };
    assert_eq!(reasons[0].to_string(), "statement 2 (\"Pub\") allows * without a condition");
    let answer = with_statement(&json!("*"), &json!({"Bool": {"aws:SecureTransport": "true"}}));
    assert_eq!(answer.because(), ["statement 1 (\"S\") allows * with only aws:SecureTransport true as a condition"]);
}

#[test]
fn what_was_not_read_is_unknown_unless_it_does_not_matter() {
    let nothing = public_access(&PublicInputs::default());
    let Answer::Unknown(doubts) = &nothing.public else { panic!("known") };
    for source in [Source::BucketPolicy, Source::BucketAcl, Source::BucketBlock, Source::AccountBlock] {
        assert!(doubts.contains(&Doubt::NotRead(source)), "{source:?}");
    }
    // Block Public Access of one level closes everything, whatever could not be read.
    let closed =
        PublicAccessBlock { ignore_public_acls: true, restrict_public_buckets: true, ..PublicAccessBlock::default() };
    let access = public_access(&PublicInputs { account_block: Some(&closed), ..PublicInputs::default() });
    assert_eq!(access.public.known(), Some(false));
    // One open door is enough, whatever could not be read.
    let acl = Acl {
        grants: vec![AclGrant {
            permission: "READ".into(),
            group: Some("http://acs.amazonaws.com/groups/global/AllUsers".into()),
            canonical_id: None,
        }],
        owner_canonical_id: None,
    };
    let access = public_access(&PublicInputs { acl: Some(&acl), ..PublicInputs::default() });
    assert_eq!(access.public.because(), ["the ACL grants READ to AllUsers"]);
}

#[test]
fn groups_that_are_not_known_are_not_guessed() {
    let group = |uri: &str| {
        let grant = AclGrant { permission: "WRITE".into(), group: Some(uri.into()), canonical_id: None };
        public_access(&PublicInputs {
            acl: Some(&Acl { grants: vec![grant], owner_canonical_id: None }),
            ..PublicInputs::default()
        })
        .acl
        .known()
    };
    assert_eq!(group("http://acs.amazonaws.com/groups/s3/LogDelivery"), Some(false));
    assert_eq!(group("http://acs.amazonaws.com/groups/global/AuthenticatedUsers"), Some(true));
    assert_eq!(group("http://acs.amazonaws.com/groups/global/Everybody"), None);
}

#[test]
fn malformed_policies_are_unknown() {
    for text in ["", "{", "[]", r#"{"Statement": "x"}"#, &policy("[7]"), &policy(r#"[{"Effect": "Allow"}]"#)] {
        assert_eq!(with_policy(text).policy.known(), None, "{text}");
    }
    // A statement that denies makes nothing public, whatever else it says.
    assert_eq!(with_policy(&policy(r#"[{"Effect": "Deny", "Nonsense": 1}]"#)).policy.known(), Some(false));
    assert_eq!(with_policy(&policy("[]")).policy.known(), Some(false));
}

#[test]
fn objects_may_be_public_where_nothing_rules_it_out() {
    assert_eq!(with_policy(&policy("[]")).notes.len(), 1);
    let owned = OwnershipControls { object_ownership: Some("BucketOwnerEnforced".into()) };
    let access = public_access(&PublicInputs { ownership: Some(&owned), ..PublicInputs::default() });
    assert_eq!(access.notes, []);
}

#[test]
fn a_disagreement_with_s3_is_a_note() {
    let ours = with_policy(&policy(OPEN)).policy;
    assert_eq!(disagreement(&ours, Some(true)), None);
    assert_eq!(disagreement(&ours, None), None);
    let note = disagreement(&ours, Some(false)).unwrap();
    assert!(note.contains("S3 itself calls the policy not public") && note.contains("\"Pub\""), "{note}");
    assert_eq!(disagreement(&Answer::not_read(Source::BucketPolicy), Some(true)), None);
}
