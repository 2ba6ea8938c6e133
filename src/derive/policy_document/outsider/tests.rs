use serde_json::{Value, json};

use super::*;
use crate::derive::policy_document::{Grants, Organization, Pattern, PolicyDocument, Right};

const OWNER: &str = "222233334444";
const MEMBER: &str = "111122223333";
const PARTNER: &str = "777788889999";
const STRANGER: &str = "999988887777";

fn ids(ids: &[&str]) -> BTreeSet<AccountId> {
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

/// Those whom one statement that allows reading lets in; `complete` tells whether every account was listed.
fn let_in(principal: Value, condition: Value, complete: bool) -> Vec<Outsider> {
    let statement = json!({ "Sid": "S", "Effect": "Allow", "Principal": principal, "Action": "s3:Get*",
        "Resource": "arn:aws:s3:::b/*", "Condition": condition });
    let document = PolicyDocument::read(&json!({ "Statement": [statement] }).to_string()).unwrap();
    let (accounts, trusted) = (ids(&[OWNER, MEMBER]), ids(&[PARTNER]));
    let organization = Organization { id: Some("o-own"), accounts: &accounts, complete };
    let scope = Scope { owner: OWNER.parse().ok(), organization, trusted: &trusted };
    let rights = [Right { action: "s3:GetObject", on: Pattern::new("arn:aws:s3:::b/*") }];
    Grants::of(&document, &rights, &scope).held.iter().flat_map(|grant| grant.outsiders(&scope)).collect()
}

/// The accounts that are let in, and whether each surely is outside.
fn told(principal: Value, condition: Value) -> Vec<(Option<String>, bool)> {
    let outsiders = let_in(principal, condition, true).into_iter();
    outsiders.map(|found| (found.account.map(|account| account.to_string()), found.doubts.is_empty())).collect()
}

fn account(id: &str) -> (Option<String>, bool) {
    (Some(id.to_owned()), true)
}

#[test]
fn accounts_that_principals_name() {
    let nobody: Vec<(Option<String>, bool)> = Vec::new();
    for own in [OWNER, MEMBER, PARTNER] {
        assert_eq!(told(json!({ "AWS": own }), json!({})), nobody, "{own}");
        assert_eq!(told(json!({ "AWS": format!("arn:aws:iam::{own}:role/r") }), json!({})), nobody, "{own}");
    }
    assert_eq!(told(json!({ "AWS": STRANGER }), json!({})), [account(STRANGER)]);
    assert_eq!(told(json!({ "AWS": format!("arn:aws:iam::{STRANGER}:user/u") }), json!({})), [account(STRANGER)]);
    assert_eq!(told(json!({ "AWS": [STRANGER, MEMBER] }), json!({})), [account(STRANGER)]);
    assert_eq!(told(json!({ "CanonicalUser": "79a5" }), json!({})), [(None, false)], "whose id it is, is not said");
}

#[test]
fn everybody_is_whom_the_conditions_let_through() {
    let only = |key: &str, value: Value| json!({ "StringEquals": { key: value } });
    assert_eq!(told(json!("*"), json!({})), [(None, true)]);
    assert_eq!(told(json!("*"), only("aws:PrincipalOrgID", json!("o-own"))), []);
    assert_eq!(told(json!("*"), only("aws:PrincipalOrgID", json!("o-other"))), [(None, true)]);
    assert_eq!(told(json!("*"), only("aws:PrincipalAccount", json!([MEMBER, PARTNER]))), []);
    let one = only("aws:PrincipalAccount", json!([MEMBER, STRANGER]));
    assert_eq!(told(json!("*"), one), [account(STRANGER)]);
    assert_eq!(told(json!("*"), only("aws:SourceVpce", json!("vpce-1"))), [(None, false)]);
    let lenient = json!({ "StringEqualsIfExists": { "aws:PrincipalOrgID": "o-own" } });
    assert_eq!(told(json!("*"), lenient), [(None, true)], "who has no such key is let through");
}

#[test]
fn services_act_for_accounts() {
    let service = || json!({ "Service": "config.amazonaws.com" });
    let source = |id: &str| json!({ "StringEquals": { "aws:SourceAccount": id } });
    assert_eq!(told(service(), source(MEMBER)), []);
    assert_eq!(told(service(), json!({})), [], "for whomever it acts is `of_whomever`");
    let found = let_in(service(), source(STRANGER), true);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].is_service, found[0].account), (true, STRANGER.parse().ok()));
    assert_eq!(found[0].actions, ["s3:GetObject"]);
}

#[test]
fn a_service_that_acts_for_whomever_is_surely_outside() {
    let text = json!({ "Statement": { "Effect": "Allow", "Principal": { "Service": "ses.amazonaws.com" }, "Action": "s3:*",
        "Resource": "*" } });
    let document = PolicyDocument::read(&text.to_string()).unwrap();
    let (accounts, trusted) = (ids(&[OWNER]), ids(&[]));
    let organization = Organization { id: None, accounts: &accounts, complete: false };
    let scope = Scope { owner: None, organization, trusted: &trusted };
    let rights = [Right { action: "s3:PutObject", on: Pattern::new("arn:aws:s3:::b/*") }];
    let grants = Grants::of(&document, &rights, &scope);
    let found = grants.held[0].of_whomever();
    assert_eq!((found.is_service, found.account, found.doubts), (true, None, Vec::new()));
    assert_eq!(found.reason.to_string(), "statement 1 allows ses.amazonaws.com s3:PutObject");
}

#[test]
fn in_an_organization_that_was_not_read_in_full_a_stranger_may_belong() {
    let found = let_in(json!({ "AWS": STRANGER }), json!({}), false);
    assert_eq!(found[0].account, STRANGER.parse().ok());
    let told = "statement 1 (\"S\") allows 999988887777 s3:GetObject, and the policy does not say whether that is inside the organization";
    let [Doubt::Undecided(reason), Doubt::NotRead(Source::Organization)] = found[0].doubts.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(reason.to_string(), told);
    assert_eq!(let_in(json!({ "AWS": MEMBER }), json!({}), false), []);
}

#[test]
fn who_is_surely_outside_decides_before_who_may_be() {
    let sure = let_in(json!({ "AWS": STRANGER }), json!({}), true);
    let unsure = let_in(json!({ "CanonicalUser": "79a5" }), json!({}), true);
    let hidden = [Doubt::NotRead(Source::BucketAcl)];
    let any = |outsiders: &[Outsider], hidden: &[Doubt]| Outsider::any(outsiders, hidden, "nobody").known();
    assert_eq!(any(&[], &[]), Some(false));
    assert_eq!((any(&unsure, &[]), any(&[], &hidden)), (None, None));
    assert_eq!(any(&[unsure, sure].concat(), &hidden), Some(true));
    assert_eq!(Outsider::any(&[], &[], "nobody").because(), ["nobody"]);
}
