//! Any text as the policy of a bucket and of a key: no answer may panic.

#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use trailproof::derive::bucket_policy::{BucketPolicyInputs, LogTrail, bucket_policy};
use trailproof::derive::key_policy::{KeyPolicyInputs, key_policy};
use trailproof::derive::policy_document::{Organization, Scope};
use trailproof::derive::public_access::{PublicInputs, public_access};
use trailproof::snapshot::{BucketPolicy, KeyPolicy};

fuzz_target!(|text: &str| {
    let account = "111122223333".parse().expect("an account");
    let (accounts, trusted) = (BTreeSet::from([account]), BTreeSet::new());
    let organization = Organization { id: Some("o-own"), accounts: &accounts, complete: true };
    let scope = Scope { owner: Some(account), organization, trusted: &trusted };
    let arn = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main".parse().expect("a trail");
    let trails = [LogTrail {
        arn: &arn,
        prefix: Some("logs"),
        is_organization: None,
        organization: None,
        validation: Some(true),
        kms_key: Some("arn:aws:kms:eu-west-1:111122223333:key/1"),
    }];

    let policy = BucketPolicy { document: Some(text.to_owned()) };
    public_access(&PublicInputs { policy: Some(&policy), ..PublicInputs::default() });
    let (bucket, partition) = ("logs-bucket".parse().expect("a bucket"), "aws".parse().expect("a partition"));
    bucket_policy(&BucketPolicyInputs {
        policy: Some(&policy),
        bucket: &bucket,
        partition: &partition,
        scope,
        trails: &trails,
    });

    let policy = KeyPolicy { document: text.to_owned() };
    let key = "arn:aws:kms:eu-west-1:111122223333:key/1".parse().expect("a key");
    key_policy(&KeyPolicyInputs { policy: Some(&policy), key: &key, scope, trails: &trails });
});
