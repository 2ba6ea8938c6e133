//! Where a bucket's objects are copied to: its rules, and the buckets that these name.

use std::collections::BTreeSet;

use aws_sdk_s3::operation::get_bucket_replication::GetBucketReplicationOutput;
use aws_sdk_s3::types::{
    DeleteMarkerReplicationStatus, ReplicationRule as SdkRule, ReplicationRuleStatus, SseKmsEncryptedObjectsStatus,
};

use super::super::call::Call;
use super::super::ledger::{Answer, Malformed};
use super::configuration::Asker;
use super::{Located, lists, locate};
use crate::id::BucketName;
use crate::snapshot::{Observed, Replication, ReplicationDestination, ReplicationRule, Tags};

impl Asker<'_> {
    pub(super) async fn replication(&self) -> Option<Observed<Replication>> {
        let unit = self.unit(Call::GetBucketReplication)?;
        let request = self.client.get_bucket_replication().bucket(self.name.as_str());
        let answer = self.ledger.ask(&unit, request.send()).await;
        let none = ["ReplicationConfigurationNotFoundError"];
        let absent = matches!(&answer, Answer::Refused(_, refusal) if refusal.is(&none));
        let answer = answer.or_absent(&none, || GetBucketReplicationOutput::builder().build());
        let mut read = self.ledger.read(&unit, answer, |output| replication(output, absent))?;
        let enabled = || read.value.rules.iter().filter(|rule| rule.enabled);
        let names: BTreeSet<BucketName> = enabled().map(|rule| rule.destination.clone()).collect();
        let mut destinations = Vec::new();
        for name in names {
            let unnamed = enabled().any(|rule| rule.destination == name && rule.destination_account.is_none());
            destinations.push(self.destination(name, unnamed).await);
        }
        read.value.destinations = destinations;
        Some(read)
    }

    /// Where a bucket is that is copied to and, where that tells nothing and no rule names its owner, whether it is
    /// another's.
    async fn destination(&self, name: BucketName, owner_is_unnamed: bool) -> ReplicationDestination {
        let Located { existence, region } = locate(self.session, &name, self.ledger).await;
        let is_near = region.as_ref() == Some(self.region);
        let has_same_owner = match owner_is_unnamed && is_near {
            true => match lists(self.session, &name, self.ledger).await {
                Ok(listed) => Some(listed.value),
                Err(gap) => {
                    self.ledger.leave(*gap);
                    None
                }
            },
            false => None,
        };
        ReplicationDestination { name, existence: existence.map(|read| read.value), region, has_same_owner }
    }
}

fn replication(output: GetBucketReplicationOutput, absent: bool) -> Result<Replication, Malformed> {
    let rules = match output.replication_configuration {
        Some(configuration) => configuration.rules,
        None if absent => Vec::new(),
        None => return Err(Malformed::lacks("the configuration")),
    };
    Ok(Replication { rules: rules.into_iter().map(rule).collect::<Result<_, _>>()?, destinations: Vec::new() })
}

fn rule(given: SdkRule) -> Result<ReplicationRule, Malformed> {
    let enabled = match given.status {
        ReplicationRuleStatus::Enabled => true,
        ReplicationRuleStatus::Disabled => false,
        other => return Err(Malformed(format!("holds a rule of the unknown status {}", other.as_str()))),
    };
    #[allow(deprecated, reason = "rules of the first version carry their prefix here, and are still in force")]
    let mut prefix = given.prefix;
    let mut tags = Tags::new();
    if let Some(filter) = given.filter {
        prefix = filter.prefix.or(prefix);
        tags.extend(filter.tag.map(|tag| (tag.key, tag.value)));
        if let Some(and) = filter.and {
            prefix = and.prefix.or(prefix);
            tags.extend(and.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)));
        }
    }
    let destination = given.destination.ok_or_else(|| Malformed::lacks("the destination of a rule"))?;
    let destination_account = match destination.account {
        Some(account) => Some(account.parse().map_err(|_| Malformed::lacks("the account id of a destination"))?),
        None => None,
    };
    let encrypted = given.source_selection_criteria.and_then(|criteria| criteria.sse_kms_encrypted_objects);
    let markers = given.delete_marker_replication.and_then(|markers| markers.status);
    Ok(ReplicationRule {
        id: given.id,
        enabled,
        priority: given.priority,
        prefix: prefix.filter(|prefix| !prefix.is_empty()),
        tags,
        // Objects that KMS encrypts are left out unless a rule says otherwise (S3 User Guide, "Replicating encrypted
        // objects").
        takes_kms_objects: match encrypted.map(|chosen| chosen.status) {
            None | Some(SseKmsEncryptedObjectsStatus::Disabled) => false,
            Some(SseKmsEncryptedObjectsStatus::Enabled) => true,
            Some(other) => return Err(Malformed(format!("holds the unknown status {}", other.as_str()))),
        },
        copies_delete_markers: markers == Some(DeleteMarkerReplicationStatus::Enabled),
        destination: named(&destination.bucket)?,
        destination_account,
    })
}

/// The bucket of an ARN such as `arn:aws:s3:::name`.
fn named(arn: &str) -> Result<BucketName, Malformed> {
    let name = arn.split_once(":s3:::").and_then(|(_, name)| name.parse().ok());
    name.ok_or_else(|| Malformed::lacks("the ARN of the destination's bucket"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_is_a_bucket() {
        assert_eq!(named("arn:aws-us-gov:s3:::copies").unwrap().as_str(), "copies");
        for odd in ["copies", "arn:aws:s3:::", "arn:aws:s3-outposts:us-east-1:111122223333:outpost/op-1/bucket/b"] {
            assert!(named(odd).is_err(), "{odd}");
        }
    }
}
