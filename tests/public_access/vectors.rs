//! The cited vectors of `vectors.json`.

use serde_json::Value;
use trailproof::derive::public_access::{PublicInputs, public_access};
use trailproof::snapshot::{Acl, AclGrant, BucketPolicy, OwnershipControls, PublicAccessBlock};

/// Vectors that we answer otherwise, and why.
const OTHERWISE: [(&str, &str); 1] = [(
    "c20-kms-key",
    "The vector is of the guide's text of 2023. The present one no longer lists \
     s3:x-amz-server-side-encryption-aws-kms-key-id, so whether it still counts is unknown.",
)];

fn block(flags: &Value) -> PublicAccessBlock {
    PublicAccessBlock {
        block_public_acls: flags["BlockPublicAcls"].as_bool().unwrap(),
        ignore_public_acls: flags["IgnorePublicAcls"].as_bool().unwrap(),
        block_public_policy: flags["BlockPublicPolicy"].as_bool().unwrap(),
        restrict_public_buckets: flags["RestrictPublicBuckets"].as_bool().unwrap(),
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn acl(grants: &Value) -> Acl {
    let grants = grants.as_array().unwrap().iter().map(|grant| AclGrant {
        permission: text(&grant["Permission"]).unwrap(),
        group: text(&grant["Grantee"]["URI"]),
        canonical_id: text(&grant["Grantee"]["ID"]),
    });
    Acl { grants: grants.collect(), owner_canonical_id: None }
}

#[test]
fn vectors() {
    let vectors: Value = serde_json::from_str(include_str!("vectors.json")).unwrap();
    let vectors = vectors["vectors"].as_array().unwrap();
    let mut wrong = Vec::new();
    for vector in vectors {
        let id = vector["id"].as_str().unwrap();
        let policy = &vector["policy"];
        let access = public_access(&PublicInputs {
            policy: Some(&BucketPolicy { document: (!policy.is_null()).then(|| policy.to_string()) }),
            acl: Some(&acl(&vector["acl_grants"])),
            ownership: Some(&OwnershipControls { object_ownership: text(&vector["object_ownership"]) }),
            bucket_block: Some(&block(&vector["bucket_bpa"])),
            account_block: Some(&block(&vector["account_bpa"])),
        });
        let expect = &vector["expect"];
        // A vector has null where there is no policy, "unknown" where the guide leaves it open.
        let of_policy = if policy.is_null() { Some(false) } else { expect["policy_is_public"].as_bool() };
        let expected = [of_policy, expect["acl_is_public"].as_bool(), expect["effective_public"].as_bool()];
        let ours = [access.policy.known(), access.acl.known(), access.public.known()];
        if OTHERWISE.iter().any(|(other, _)| *other == id) {
            assert_eq!(ours[0], None, "{id}");
        } else if ours != expected {
            wrong.push(format!("{id}: {ours:?}, not {expected:?}: {:?}", access.public.because()));
        }
    }
    assert!(vectors.len() >= 40, "{}", vectors.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
