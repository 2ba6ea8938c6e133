//! Key Management Service: the keys that encrypt the trails.

use super::{Codes, Service, operation_in_target};
use crate::simulator::call::Call;
use crate::simulator::permission::{check_resource_policy, denied};
use crate::simulator::wire::{Answer, Failure, Protocol};
use crate::simulator::world::{Key, PolicyKind};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

pub(in crate::simulator) static SERVICE: Service = Service {
    name: "kms",
    signing_name: "kms",
    target: Some("TrentService"),
    protocol: Protocol::Json,
    codes: Codes { broken: (500, "KMSInternalException"), ..Codes::JSON },
    reads: &[
        ("DescribeKey", "kms:DescribeKey"),
        ("GetKeyRotationStatus", "kms:GetKeyRotationStatus"),
        ("GetKeyPolicy", "kms:GetKeyPolicy"),
    ],
    operation: operation_in_target,
    resource: |call| call.parameters.text("KeyId").map(|id| arn(call, id)),
    answer,
};

/// The ARN that a key id, alias name or ARN means to the caller.
fn arn(call: &Call<'_>, id: &str) -> String {
    if id.starts_with("arn:") {
        return id.to_owned();
    }
    let kind = if id.starts_with("alias/") { "" } else { "key/" };
    format!("arn:{}:kms:{}:{}:{kind}{id}", call.index.world.partition, call.region, call.account())
}

fn answer(call: &Call<'_>) -> Result<Answer, Failure> {
    let arn = arn(call, call.required("KeyId")?);
    let key = find(call, &arn)?;
    match call.operation {
        "DescribeKey" => Ok(describe(key)),
        "GetKeyRotationStatus" => rotation(key),
        _ => {
            let name = call.parameters.text("PolicyName").unwrap_or("default");
            if name != "default" {
                return Err(Failure::new(400, "NotFoundException", format!("No such policy exists: {name}")));
            }
            // The policy is the key's own account's to read, whatever it says ("Cross-account use: No", GetKeyPolicy).
            if account_of(&key.arn) != call.account() {
                return Err(denied(call, Some(&key.arn), PolicyKind::Resource, false));
            }
            Ok(Answer::text(json!({ "Policy": key.policy, "PolicyName": name }).to_string()))
        }
    }
}

fn account_of(arn: &str) -> &str {
    arn.split(':').nth(4).unwrap_or("")
}

fn find<'a>(call: &Call<'a>, arn: &str) -> Result<&'a Key, Failure> {
    let not_found = |message: String| Failure::new(400, "NotFoundException", message);
    let region = arn.split(':').nth(3).unwrap_or("");
    if region != call.region {
        return Err(not_found(format!("Invalid arn {region}")));
    }
    let Some(&place) = call.index.key_by_arn.get(arn) else {
        return Err(if account_of(arn) == call.account() {
            not_found(format!("Key '{arn}' does not exist"))
        } else {
            denied(call, Some(arn), PolicyKind::Resource, false)
        });
    };
    let (key, policy) = &call.index.keys[place];
    if account_of(&key.arn) != call.account() {
        check_resource_policy(call, policy.as_ref(), &key.arn)?;
    }
    Ok(key)
}

fn describe(key: &Key) -> Answer {
    let seconds = |time: Timestamp| time.as_duration().as_secs_f64();
    let copy = |arn: &String| json!({ "Arn": arn, "Region": arn.split(':').nth(3) });
    let copies = key.multi_region.as_ref().map(|copies| {
        json!({
            "MultiRegionKeyType": if copies.primary == key.arn { "PRIMARY" } else { "REPLICA" },
            "PrimaryKey": copy(&copies.primary),
            "ReplicaKeys": copies.replicas.iter().map(copy).collect::<Vec<_>>(),
        })
    });
    let algorithms = (key.spec == "SYMMETRIC_DEFAULT").then_some(["SYMMETRIC_DEFAULT"]);
    let imported = key.origin == "EXTERNAL";
    let expires = if key.valid_to.is_some() { "KEY_MATERIAL_EXPIRES" } else { "KEY_MATERIAL_DOES_NOT_EXPIRE" };
    let fields = json!({
        "AWSAccountId": account_of(&key.arn),
        "KeyId": key.arn.rsplit('/').next(),
        "Arn": key.arn,
        "CreationDate": seconds(key.created),
        "Enabled": key.state == "Enabled",
        "Description": "",
        "KeyUsage": key.usage,
        "KeyState": key.state,
        "DeletionDate": key.deletion.map(seconds),
        "ValidTo": key.valid_to.map(seconds),
        "Origin": key.origin,
        "ExpirationModel": imported.then_some(expires),
        "KeyManager": key.manager,
        "CustomerMasterKeySpec": key.spec,
        "KeySpec": key.spec,
        "EncryptionAlgorithms": algorithms,
        "MultiRegion": key.multi_region.is_some(),
        "MultiRegionConfiguration": copies,
    });
    let Value::Object(fields) = fields else { return Answer::default() };
    let present: Map<String, Value> = fields.into_iter().filter(|(_, value)| !value.is_null()).collect();
    Answer::text(json!({ "KeyMetadata": present }).to_string())
}

/// Rotation exists for symmetric keys with material from KMS only, and pauses while a key waits for its deletion
/// (GetKeyRotationStatus).
fn rotation(key: &Key) -> Result<Answer, Failure> {
    if key.spec != "SYMMETRIC_DEFAULT" || key.origin != "AWS_KMS" {
        let message = format!("{} is not supported: its spec is {}, its origin {}", key.arn, key.spec, key.origin);
        return Err(Failure::new(400, "UnsupportedOperationException", message));
    }
    let rotation = key.rotation.filter(|rotation| rotation.enabled && key.state != "PendingDeletion");
    let mut body = json!({ "KeyId": key.arn, "KeyRotationEnabled": rotation.is_some() });
    if let Some(rotation) = rotation {
        body["RotationPeriodInDays"] = json!(rotation.period_days);
    }
    Ok(Answer::text(body.to_string()))
}
