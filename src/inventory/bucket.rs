//! What the inventory says of a bucket.

use serde_json::{Value, json};

use super::{Properties, read};
use crate::snapshot::Bucket;

/// The properties of a bucket. Every field of it is decided on here: none is forgotten.
pub(super) fn properties(bucket: &Bucket) -> serde_json::Result<Properties> {
    let Bucket {
        name,
        existence,
        owner,
        region,
        policy,
        acl,
        public_access_block,
        ownership_controls,
        versioning,
        lifecycle,
        encryption,
        access_logging,
        object_lock,
        policy_status,
        payer,
        replication,
    } = bucket;
    let properties = [
        ("name", json!(name)),
        ("existence", read(existence.as_ref())?),
        ("owner", read(owner.as_ref())?),
        ("region", json!(region)),
        ("policy", document(read(policy.as_ref())?)),
        ("acl", read(acl.as_ref())?),
        ("public_access_block", read(public_access_block.as_ref())?),
        ("ownership_controls", read(ownership_controls.as_ref())?),
        ("versioning", read(versioning.as_ref())?),
        ("lifecycle", read(lifecycle.as_ref())?),
        ("encryption", read(encryption.as_ref())?),
        ("access_logging", read(access_logging.as_ref())?),
        ("object_lock", read(object_lock.as_ref())?),
        ("policy_status", read(policy_status.as_ref())?),
        ("payer", read(payer.as_ref())?),
        ("replication", read(replication.as_ref())?),
    ];
    Ok(properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// A policy as what it says, instead of the text that says it: a statement that changes is a line that changes. What is no
/// JSON stays a text.
fn document(policy: Value) -> Value {
    let Value::Object(answer) = policy else { return policy };
    let Some(Value::String(text)) = answer.get("document") else { return Value::Null };
    match serde_json::from_str::<Value>(text) {
        Ok(mut document) => {
            sort_sets(&mut document);
            document
        }
        Err(_) => Value::String(text.clone()),
    }
}

/// Sorts lists of texts: of actions, resources, principals and values the order means nothing, and AWS does not keep that of
/// principals (IAM User Guide, "AWS JSON policy elements: Principal").
fn sort_sets(value: &mut Value) {
    match value {
        Value::Array(elements) if elements.iter().all(Value::is_string) => {
            elements.sort_by(|left, right| left.as_str().cmp(&right.as_str()));
        }
        Value::Array(elements) => elements.iter_mut().for_each(sort_sets),
        Value::Object(entries) => entries.values_mut().for_each(sort_sets),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_what_it_says() {
        let answer = |text: &str| json!({ "document": text });
        let one = answer(r#"{"Statement":[{"Sid":"b","Action":["s3:Put","s3:Get"]},{"Sid":"a"}]}"#);
        let document = document(one);
        assert_eq!(document["Statement"][0]["Action"], json!(["s3:Get", "s3:Put"]));
        assert_eq!(document["Statement"][1]["Sid"], "a");
        assert_eq!(super::document(json!({})), Value::Null);
        assert_eq!(super::document(answer("{half")), "{half");
        assert_eq!(super::document(super::super::NOT_READ.into()), super::super::NOT_READ);
    }
}
