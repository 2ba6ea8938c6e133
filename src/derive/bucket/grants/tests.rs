use std::collections::BTreeSet;

use jiff::Timestamp;

use super::*;
use crate::derive::policy_document::Organization;
use crate::snapshot::OwnershipControls;

const OWNER: &str = "222233334444";
const STRANGER: &str = "999988887777";
const OWN_ID: &str = "own-canonical-id";

fn read<T>(value: T) -> Option<Observed<T>> {
    Some(Observed::new(Timestamp::UNIX_EPOCH, value))
}

/// A bucket of an account, with the account's canonical id and further grants.
fn bucket(owner: &str, canonical_id: &str, grants: &[(&str, &str)]) -> Bucket {
    let grant = |(permission, grantee): &(&str, &str)| AclGrant {
        permission: (*permission).to_owned(),
        group: grantee.starts_with("http").then(|| (*grantee).to_owned()),
        canonical_id: (!grantee.starts_with("http") && !grantee.is_empty()).then(|| (*grantee).to_owned()),
    };
    let own = ("FULL_CONTROL", canonical_id);
    let grants = std::iter::once(&own).chain(grants).map(grant).collect();
    let given = serde_json::json!({ "name": format!("b-{canonical_id}") });
    Bucket {
        owner: read(Owner::Account(owner.parse().unwrap())),
        acl: read(Acl { grants, owner_canonical_id: Some(canonical_id.to_owned()) }),
        ..serde_json::from_value(given).unwrap()
    }
}

/// Whom the ACL of a bucket lets in, beside a stranger's bucket that was read.
fn by(bucket: &Bucket) -> ByAcl {
    let (accounts, trusted) = (BTreeSet::from([OWNER.parse().unwrap()]), BTreeSet::new());
    let organization = Organization { id: Some("o-own"), accounts: &accounts, complete: true };
    let scope = Scope { owner: OWNER.parse().ok(), organization, trusted: &trusted };
    let others = [self::bucket(STRANGER, "stranger-id", &[]), self::bucket(OWNER, OWN_ID, &[])];
    ByAcl::of(bucket, &others, &scope)
}

fn given(permission: &str, grantee: &str) -> ByAcl {
    by(&bucket(OWNER, OWN_ID, &[(permission, grantee)]))
}

const EVERYONE: &str = "http://acs.amazonaws.com/groups/global/AllUsers";

/// Who is outside, in words, and whether surely.
fn told(found: &ByAcl) -> Vec<(String, bool)> {
    found.outsiders.iter().map(|one| (one.reason.to_string(), one.doubts.is_empty())).collect()
}

#[test]
fn the_owners_own_grant_lets_nobody_in() {
    let found = by(&bucket(OWNER, OWN_ID, &[]));
    assert_eq!((told(&found), found.writers, found.unread), (vec![], vec![], vec![]));
}

#[test]
fn groups_and_accounts() {
    let cases = [
        ("READ", EVERYONE, "the ACL grants READ to AllUsers", true),
        (
            "WRITE",
            "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
            "the ACL grants WRITE to AuthenticatedUsers",
            true,
        ),
        ("READ_ACP", "stranger-id", "the ACL grants READ_ACP to account 999988887777", true),
        ("READ", "79a5", "the ACL grants READ to canonical user 79a5, whose account is not known", false),
        (
            "READ",
            "http://acs.amazonaws.com/groups/new",
            "the ACL grants READ to a group that is not known: http://acs.amazonaws.com/groups/new",
            false,
        ),
        ("READ", "", "the ACL grants READ to a grantee that is not named", false),
    ];
    for (permission, grantee, words, surely) in cases {
        assert_eq!(told(&given(permission, grantee)), [(words.to_owned(), surely)]);
    }
    assert_eq!(given("READ", "stranger-id").outsiders[0].account, STRANGER.parse().ok());
}

#[test]
fn who_writes_is_told_whoever_it_is() {
    let writers = |permission: &str, grantee: &str| given(permission, grantee).writers;
    assert_eq!(writers("WRITE", EVERYONE), ["the ACL grants WRITE to AllUsers"]);
    assert_eq!(writers("FULL_CONTROL", "stranger-id"), ["the ACL grants FULL_CONTROL to account 999988887777"]);
    for permission in ["READ", "READ_ACP", "WRITE_ACP"] {
        assert_eq!(writers(permission, EVERYONE), [""; 0], "{permission}");
    }
}

#[test]
fn deliveries_of_access_logs_write_and_are_no_outsiders() {
    for (grantee, whom) in [(ACCESS_LOGS, "S3"), (CLOUDFRONT[0], "CloudFront"), (CLOUDFRONT[1], "CloudFront")] {
        let found = given("WRITE", grantee);
        assert_eq!(found.writers, [format!("the ACL grants WRITE to {whom}'s delivery of access logs")]);
        assert_eq!(told(&found), []);
        assert_eq!(given("READ_ACP", grantee).writers, [""; 0]);
    }
}

#[test]
fn where_objects_belong_to_the_owner_an_acl_has_no_effect() {
    let mut enforced = bucket(OWNER, OWN_ID, &[("FULL_CONTROL", EVERYONE)]);
    let controls = |ownership: &str| read(OwnershipControls { object_ownership: Some(ownership.to_owned()) });
    enforced.ownership_controls = controls("BucketOwnerEnforced");
    assert_eq!(told(&by(&enforced)), []);
    enforced.acl = None;
    assert_eq!(by(&enforced).unread, [], "it need not be read");
    enforced.ownership_controls = controls("BucketOwnerPreferred");
    assert_eq!(by(&enforced).unread, [Doubt::NotRead(Source::BucketAcl)]);
}
