//! Copies of log files, over whole runs.

use crate::judge;
use crate::simulated::{ARCHIVE, BUCKET, MEMBER, good_world, read};
use serde_json::{Value, json};
use trailproof::evaluate::Outcome;
use trailproof::simulator::{Account, Bucket, Denial, PolicyKind, Simulator, World};

fn rule(destination: Value) -> Value {
    json!({ "ID": "all", "Status": "Enabled", "Priority": 1, "Filter": {},
        "SourceSelectionCriteria": { "SseKmsEncryptedObjects": { "Status": "Enabled" } },
        "DeleteMarkerReplication": { "Status": "Disabled" }, "Destination": destination })
}

fn to(name: &str) -> Value {
    json!({ "Bucket": format!("arn:aws:s3:::{name}"), "EncryptionConfiguration": { "ReplicaKmsKeyID": "alias/copies" } })
}

/// A log bucket that is copied by rules: `near` and `far` are the archive's own, `members` is another account's and
/// `strangers` of another organization.
fn copied(rules: &[Value]) -> World {
    let mut world = good_world();
    world.accounts.push(Account::new("999999999999", "vendor").outside());
    world.buckets[0].replication = Some(json!({ "Role": "arn:aws:iam::222222222222:role/copy", "Rules": rules }));
    for (name, owner, region) in [
        ("near-copies", ARCHIVE, "us-east-1"),
        ("far-copies", ARCHIVE, "eu-west-1"),
        ("members-copies", MEMBER, "us-east-1"),
        ("strangers-copies", "999999999999", "us-east-1"),
    ] {
        world.buckets.push(Bucket::new(name, owner, region).versioned());
    }
    world
}

/// The outcome of the log bucket, and why.
fn judged(world: World) -> (String, String) {
    let report = judge(&read(&Simulator::new(world)), "all");
    let of_rule = |judgement: &&trailproof::evaluate::Judgement| judgement.policy.as_str() == "log-bucket-replication";
    let judgement = report.judgements.iter().find(of_rule).unwrap();
    let said = match &judgement.outcome {
        Outcome::Fail => judgement.message.to_string(),
        _ => judgement.notes.join("; "),
    };
    (judgement.outcome.as_str().to_owned(), said)
}

fn fails(because: &str) -> (String, String) {
    ("fail".to_owned(), format!("{BUCKET} does not copy all log files away: {because}"))
}

#[test]
fn copies_lie_in_another_region_or_account() {
    let pass = ("pass".to_owned(), String::new());
    for away in ["far-copies", "members-copies", "strangers-copies"] {
        assert_eq!(judged(copied(&[rule(to(away))])), pass, "{away}");
    }
    let mut named = to("members-copies");
    named["Account"] = json!(MEMBER);
    assert_eq!(judged(copied(&[rule(named)])), pass);
    let both = |files: &str, rest: &str| format!("the rule all copies {files} of org-trail to {rest}");
    let near = "near-copies, in the same Region and account";
    let expected = [both("CloudTrail/", near), both("CloudTrail-Digest/", near)].join(", ");
    assert_eq!(judged(copied(&[rule(to("near-copies"))])), fails(&expected));
    let gone = "no-copies, which does not exist";
    let expected = [both("CloudTrail/", gone), both("CloudTrail-Digest/", gone)].join(", ");
    assert_eq!(judged(copied(&[rule(to("no-copies"))])), fails(&expected));
}

#[test]
fn what_rules_leave_out_is_named() {
    let none =
        "no enabled rule is for CloudTrail/ of org-trail, no enabled rule is for CloudTrail-Digest/ of org-trail";
    assert_eq!(judged(good_world()), fails(none));
    assert_eq!(judged(copied(&[])), fails(none));
    let mut off = rule(to("far-copies"));
    off["Status"] = json!("Disabled");
    assert_eq!(judged(copied(&[off])), fails(none));
    let mut plain = rule(to("far-copies"));
    plain.as_object_mut().unwrap().remove("SourceSelectionCriteria");
    let encrypted = "the rule all leaves out what KMS keys encrypt, such as CloudTrail/ of org-trail";
    assert_eq!(judged(copied(std::slice::from_ref(&plain))), fails(encrypted));
    let mut world = copied(&[plain]);
    world.trails[0].kms_key = None;
    assert_eq!(judged(world).0, "pass", "no key encrypts what it writes");
    let mut part = rule(to("far-copies"));
    part["Filter"] = json!({ "Prefix": format!("AWSLogs/o-exampleorg/{MEMBER}/") });
    let parts = ["CloudTrail/", "CloudTrail-Digest/"]
        .map(|files| format!("the rule all is for a part of {files} of org-trail alone"));
    assert_eq!(judged(copied(&[part])), fails(&parts.join(", ")));
}

#[test]
fn several_rules_may_do_it_together_and_delete_markers_are_noted() {
    let mut near = rule(to("near-copies"));
    near["ID"] = json!("near");
    near["Priority"] = json!(2);
    let mut far = rule(to("far-copies"));
    far["DeleteMarkerReplication"]["Status"] = json!("Enabled");
    let noted = ("pass".to_owned(), "the rule all copies delete markers too".to_owned());
    assert_eq!(judged(copied(&[near, far])), noted);
    let mut tagged = rule(to("far-copies"));
    tagged["Filter"] = json!({ "Tag": { "Key": "copy", "Value": "yes" } });
    assert_eq!(judged(copied(&[tagged])).0, "unknown");
}

#[test]
fn what_could_not_be_read_is_unknown() {
    for (action, destination, expected) in [
        ("s3:GetReplicationConfiguration", "far-copies", "unknown"),
        ("s3:GetReplicationConfiguration", "members-copies", "unknown"),
        ("s3:ListBucket", "members-copies", "pass"),
    ] {
        let mut world = copied(&[rule(to(destination))]);
        let archive = world.accounts.iter_mut().find(|account| account.id == ARCHIVE).unwrap();
        *archive = archive.clone().with_denial(Denial::explicit(PolicyKind::Identity, action));
        assert_eq!(judged(world).0, expected, "{action} {destination}");
    }
}
