//! A large synthetic snapshot, with all that a scan for any built-in rule reads of it.

use trailproof::collect::Needs;
use trailproof::evaluate::Question;
use trailproof::policy::load;
use trailproof::snapshot::Snapshot;

const REGIONS: [&str; 17] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];
const AT: &str = "2026-01-01T00:00:00Z";

/// The snapshot of an organization of so many accounts; `benches/evaluate.rs` says what is in it.
pub(crate) fn snapshot(accounts: usize) -> Snapshot {
    let organization_trails: Vec<String> = (0..3).map(|number| trail_arn(0, &format!("org-{number}"))).collect();
    let mut trails: Vec<serde_json::Value> =
        organization_trails.iter().map(|arn| trail(arn, 0, "org-logs", true)).collect();
    let mut listed = Vec::new();
    for number in 0..accounts {
        let mut seen = organization_trails.clone();
        if number % 10 == 5 {
            let arn = trail_arn(number, "local");
            trails.push(trail(&arn, number, &format!("logs-{:03}", number / 10 % 500), false));
            seen.push(arn);
        }
        seen.sort();
        listed.push(account(number, &seen));
    }
    trails.sort_by_key(|trail| trail["arn"].to_string());
    let buckets = (0..500.min(accounts / 10)).map(|number| bucket(&format!("logs-{number:03}"), number));
    let keys = (0..100.min(accounts / 100)).map(key);
    let document = serde_json::json!({
        "schema": "trailproof.snapshot/1", "tool_version": "0", "taken_at": AT,
        "caller": { "arn": "arn:aws:iam::100000000000:user/x", "account": id(0), "partition": "aws" },
        "selection": { "breadth": "organization", "operations": operations() },
        "organization": {
            "id": "o-large", "arn": "arn:aws:organizations::100000000000:organization/o-large",
            "management_account": id(0), "read_at": AT, "accounts_total": accounts,
            "trusted_services": { "read_at": AT, "value": ["cloudtrail.amazonaws.com"] },
            "delegated_administrators": { "read_at": AT, "value": [{ "account": id(1) }] },
        },
        "accounts": listed, "trails": trails,
        "buckets": buckets.chain([bucket("org-logs", 1)]).collect::<Vec<_>>(),
        "keys": keys.collect::<Vec<_>>(), "topics": [], "log_groups": [], "gaps": [],
        "run": { "started_at": AT, "finished_at": AT, "calls": {}, "requests": 0, "throttles": 0 },
    });
    let mut snapshot: Snapshot = serde_json::from_value(document).unwrap();
    snapshot.sort();
    snapshot
}

/// What is called for all built-in rules.
fn operations() -> Vec<String> {
    let policies = load(&[]).policies;
    let packs = vec!["all".into()];
    let question = Question { policies: &policies, packs, settings: &[], fail_on: None, allow_incomplete: true };
    Needs::of(&question.chosen()).operations()
}

fn id(number: usize) -> String {
    format!("{:012}", 100_000_000_000 + number)
}

fn trail_arn(number: usize, name: &str) -> String {
    format!("arn:aws:cloudtrail:us-east-1:{}:trail/{name}", id(number))
}

fn account(number: usize, seen: &[String]) -> serde_json::Value {
    serde_json::json!({
        "id": id(number), "name": format!("account-{number}"), "state": "ACTIVE", "ou_path": "/Workloads/Production",
        "ou_ids": ["r-1", "ou-1"],
        "regions": { "read_at": AT, "value": { "enabled_by_default": REGIONS } },
        "sightings": [{ "regions": REGIONS, "trails": seen, "read_at": AT }],
        "event_data_stores": [{ "regions": REGIONS, "stores": [], "read_at": AT }],
        "config": { "us-east-1": { "recorders": { "read_at": AT, "value": [] } } },
        "authorization": { "read_at": AT, "value": { "roles": [{ "arn": format!("arn:aws:iam::{}:role/audit", id(number)) }] } },
    })
}

fn trail(arn: &str, number: usize, bucket: &str, organization: bool) -> serde_json::Value {
    let mut configuration = serde_json::json!({
        "s3_bucket_name": bucket, "include_global_service_events": true, "is_multi_region_trail": organization,
        "is_organization_trail": organization, "log_file_validation_enabled": number.is_multiple_of(2),
        "has_custom_event_selectors": false, "has_insight_selectors": false,
    });
    if number % 100 == 5 {
        configuration["kms_key_id"] = key_arn(number / 100).into();
    }
    serde_json::json!({
        "arn": arn, "described_by": id(number), "described_in": "us-east-1",
        "configuration": { "read_at": AT, "value": configuration },
        "status": { "read_at": AT, "value": { "is_logging": true, "latest_delivery_time": AT } },
        "event_selectors": { "read_at": AT, "value": { "basic": [{ "read_write_type": "All", "include_management_events": true }] } },
        "insight_selectors": { "read_at": AT, "value": { "types": {} } }, "tags": { "read_at": AT, "value": {} },
    })
}

fn bucket(name: &str, number: usize) -> serde_json::Value {
    serde_json::json!({
        "name": name, "region": "us-east-1",
        "existence": { "read_at": AT, "value": "present" },
        "owner": { "read_at": AT, "value": { "account": id(number * 10 + 5) } },
        "versioning": { "read_at": AT, "value": { "status": "enabled", "mfa_delete": "disabled" } },
        "lifecycle": { "read_at": AT, "value": { "rules": [{ "status": "Enabled", "expiration": { "days": 400 } }] } },
        "encryption": { "read_at": AT, "value": { "algorithm": "AES256" } },
        "access_logging": { "read_at": AT, "value": {} },
        "object_lock": { "read_at": AT, "value": { "enabled": false } },
        "policy": { "read_at": AT, "value": { "document": bucket_policy(name) } },
        "acl": { "read_at": AT, "value": { "grants": [{ "permission": "FULL_CONTROL", "canonical_id": "own" }], "owner_canonical_id": "own" } },
        "ownership_controls": { "read_at": AT, "value": { "object_ownership": "BucketOwnerEnforced" } },
        "public_access_block": { "read_at": AT, "value": {
            "block_public_acls": true, "ignore_public_acls": true, "block_public_policy": true, "restrict_public_buckets": true,
        } },
        "policy_status": { "read_at": AT, "value": { "is_public": false } },
        "payer": { "read_at": AT, "value": "BucketOwner" },
        "replication": { "read_at": AT, "value": { "rules": [], "destinations": [] } },
    })
}

/// What CloudTrail's guide gives, and that requests without TLS are denied.
fn bucket_policy(name: &str) -> String {
    let whole = [format!("arn:aws:s3:::{name}"), format!("arn:aws:s3:::{name}/*")];
    let trails = serde_json::json!({ "StringLike": { "aws:SourceArn": "arn:aws:cloudtrail:us-east-1:*:trail/*" } });
    let service = serde_json::json!({ "Service": "cloudtrail.amazonaws.com" });
    let insecure = serde_json::json!({ "Bool": { "aws:SecureTransport": "false" } });
    serde_json::json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": service, "Action": "s3:GetBucketAcl", "Resource": whole[0], "Condition": trails },
        { "Effect": "Allow", "Principal": service, "Action": "s3:PutObject", "Resource": whole[1], "Condition": trails },
        { "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": whole, "Condition": insecure },
    ] })
    .to_string()
}

fn key_policy(number: usize) -> String {
    let owner = serde_json::json!({ "AWS": format!("arn:aws:iam::{}:root", id(number * 100 + 5)) });
    let trail = serde_json::json!({ "StringEquals": { "aws:SourceArn": trail_arn(number * 100 + 5, "local") } });
    let service = serde_json::json!({ "Service": "cloudtrail.amazonaws.com" });
    serde_json::json!({ "Version": "2012-10-17", "Statement": [
        { "Effect": "Allow", "Principal": owner, "Action": "kms:*", "Resource": "*" },
        { "Effect": "Allow", "Principal": service, "Action": "kms:GenerateDataKey*", "Resource": "*", "Condition": trail },
        { "Effect": "Allow", "Principal": service, "Action": "kms:DescribeKey", "Resource": "*", "Condition": trail },
    ] })
    .to_string()
}

fn key_arn(number: usize) -> String {
    format!("arn:aws:kms:us-east-1:{}:key/{number}", id(number * 100 + 5))
}

fn key(number: usize) -> serde_json::Value {
    serde_json::json!({
        "arn": key_arn(number),
        "description": { "read_at": AT, "value": { "state": "Enabled", "origin": "AWS_KMS", "spec": "SYMMETRIC_DEFAULT" } },
        "rotation": { "read_at": AT, "value": { "enabled": true } },
        "policy": { "read_at": AT, "value": { "document": key_policy(number) } },
    })
}
