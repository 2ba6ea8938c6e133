//! How a bucket is set up: the questions, to its owner and in its Region.

use aws_sdk_s3::operation::{
    get_bucket_encryption::GetBucketEncryptionOutput,
    get_bucket_lifecycle_configuration::GetBucketLifecycleConfigurationOutput,
    get_bucket_ownership_controls::GetBucketOwnershipControlsOutput, get_bucket_policy::GetBucketPolicyOutput,
    get_bucket_policy_status::GetBucketPolicyStatusOutput,
    get_object_lock_configuration::GetObjectLockConfigurationOutput,
    get_public_access_block::GetPublicAccessBlockOutput,
};
use aws_sdk_s3::types::{
    BucketVersioningStatus, ExpirationStatus, LifecycleRule as SdkRule, LifecycleRuleFilter, MfaDeleteStatus,
    ObjectLockEnabled, ObjectLockRetentionMode, Payer,
};

use super::super::call::Call;
use super::super::ledger::{Answer, Ledger, Malformed, Unit};
use super::super::needs::Needs;
use super::super::session::Session;
use super::super::trail::time;
use super::{Head, head};
use crate::id::{BucketName, RegionName};
use crate::snapshot::{
    AccessLogging, Acl, AclGrant, Bucket, BucketPolicy, Encryption, Existence, Expiration, Lifecycle, LifecycleFilter,
    LifecycleRule, MfaDelete, NoncurrentExpiration, ObjectLock, ObjectLockMode, Observed, OwnershipControls,
    PolicyStatus, PublicAccessBlock, Tags, Transition, Versioning, VersioningStatus,
};

/// The questions, in the order in which they are put.
pub(super) const CALLS: [Call; 12] = [
    Call::GetBucketPolicy,
    Call::GetBucketAcl,
    Call::GetBucketOwnershipControls,
    Call::GetBucketPublicAccessBlock,
    Call::GetBucketVersioning,
    Call::GetBucketLifecycleConfiguration,
    Call::GetBucketEncryption,
    Call::GetBucketLogging,
    Call::GetObjectLockConfiguration,
    Call::GetBucketPolicyStatus,
    Call::GetBucketRequestPayment,
    Call::GetBucketReplication,
];

/// Reads the configuration of a bucket with its owner's credentials, as far as it is needed.
pub(in super::super) async fn read(
    session: &Session,
    bucket: &mut Bucket,
    region: &RegionName,
    needs: &Needs,
    ledger: &Ledger,
) {
    let asker = Asker { client: session.s3(region), session, region, name: bucket.name.clone(), needs, ledger };
    bucket.policy = asker.policy().await;
    bucket.acl = asker.acl().await;
    bucket.ownership_controls = asker.ownership_controls().await;
    bucket.public_access_block = asker.public_access_block().await;
    bucket.versioning = asker.versioning().await;
    bucket.lifecycle = asker.lifecycle().await;
    bucket.encryption = asker.encryption().await;
    bucket.object_lock = asker.object_lock().await;
    bucket.access_logging = asker.access_logging().await;
    bucket.policy_status = asker.policy_status().await;
    bucket.payer = asker.payer().await;
    bucket.replication = asker.replication().await;
}

pub(super) struct Asker<'a> {
    pub(super) client: aws_sdk_s3::Client,
    pub(super) session: &'a Session,
    pub(super) region: &'a RegionName,
    pub(super) name: BucketName,
    needs: &'a Needs,
    pub(super) ledger: &'a Ledger,
}

impl Asker<'_> {
    /// A question about the bucket; none where nobody needs the answer.
    pub(super) fn unit(&self, call: Call) -> Option<Unit<'_>> {
        let unit = Unit::of(call).account(self.session.account).region(self.region).resource(self.name.as_str());
        self.needs.asks(call).then_some(unit)
    }

    async fn policy(&self) -> Option<Observed<BucketPolicy>> {
        let unit = self.unit(Call::GetBucketPolicy)?;
        let answer = self.ledger.ask(&unit, self.client.get_bucket_policy().bucket(self.name.as_str()).send()).await;
        let none = || GetBucketPolicyOutput::builder().build();
        let absent = matches!(&answer, Answer::Refused(_, refusal) if refusal.is(&["NoSuchBucketPolicy"]));
        self.ledger.read(&unit, answer.or_absent(&["NoSuchBucketPolicy"], none), |output| {
            match output.policy.filter(|text| !text.trim().is_empty()) {
                None if !absent => Err(Malformed::lacks("the policy")),
                document => Ok(BucketPolicy { document }),
            }
        })
    }

    async fn acl(&self) -> Option<Observed<Acl>> {
        let unit = self.unit(Call::GetBucketAcl)?;
        let answer = self.ledger.ask(&unit, self.client.get_bucket_acl().bucket(self.name.as_str()).send()).await;
        self.ledger.read(&unit, answer, |output| acl(output.grants, output.owner.and_then(|owner| owner.id)))
    }

    async fn policy_status(&self) -> Option<Observed<PolicyStatus>> {
        let unit = self.unit(Call::GetBucketPolicyStatus)?;
        let request = self.client.get_bucket_policy_status().bucket(self.name.as_str());
        let answer = self.ledger.ask(&unit, request.send()).await;
        let none = || GetBucketPolicyStatusOutput::builder().build();
        let absent = matches!(&answer, Answer::Refused(_, refusal) if refusal.is(&["NoSuchBucketPolicy"]));
        self.ledger.read(&unit, answer.or_absent(&["NoSuchBucketPolicy"], none), |output| {
            match output.policy_status.and_then(|status| status.is_public) {
                None if !absent => Err(Malformed::lacks("IsPublic")),
                is_public => Ok(PolicyStatus { is_public }),
            }
        })
    }

    async fn payer(&self) -> Option<Observed<String>> {
        let unit = self.unit(Call::GetBucketRequestPayment)?;
        let request = self.client.get_bucket_request_payment().bucket(self.name.as_str());
        let answer = self.ledger.ask(&unit, request.send()).await;
        self.ledger.read(&unit, answer, |output| match output.payer {
            Some(payer @ (Payer::BucketOwner | Payer::Requester)) => Ok(payer.as_str().to_owned()),
            Some(other) => Err(Malformed(format!("holds the unknown payer {}", other.as_str()))),
            None => Err(Malformed::lacks("Payer")),
        })
    }

    async fn ownership_controls(&self) -> Option<Observed<OwnershipControls>> {
        let unit = self.unit(Call::GetBucketOwnershipControls)?;
        let request = self.client.get_bucket_ownership_controls().bucket(self.name.as_str());
        let answer = self.ledger.ask(&unit, request.send()).await;
        let none = || GetBucketOwnershipControlsOutput::builder().build();
        let absent = matches!(&answer, Answer::Refused(_, refusal) if refusal.is(&["OwnershipControlsNotFoundError"]));
        self.ledger.read(&unit, answer.or_absent(&["OwnershipControlsNotFoundError"], none), |output| {
            let rule = output.ownership_controls.and_then(|controls| controls.rules.into_iter().next());
            match rule.map(|rule| rule.object_ownership.as_str().to_owned()) {
                None if !absent => Err(Malformed::lacks("the rule")),
                object_ownership => Ok(OwnershipControls { object_ownership }),
            }
        })
    }

    async fn public_access_block(&self) -> Option<Observed<PublicAccessBlock>> {
        let unit = self.unit(Call::GetBucketPublicAccessBlock)?;
        let request = self.client.get_public_access_block().bucket(self.name.as_str());
        let answer = self.ledger.ask(&unit, request.send()).await;
        let answer = answer.or_absent(&["NoSuchPublicAccessBlockConfiguration"], || {
            let off = aws_sdk_s3::types::PublicAccessBlockConfiguration::builder().build();
            GetPublicAccessBlockOutput::builder().public_access_block_configuration(off).build()
        });
        self.ledger.read(&unit, answer, public_access_block)
    }

    async fn versioning(&self) -> Option<Observed<Versioning>> {
        let unit = self.unit(Call::GetBucketVersioning)?;
        let request = self.client.get_bucket_versioning().bucket(self.name.as_str());
        let answer = self.ledger.ask(&unit, request.send()).await;
        self.ledger.read(&unit, answer, |output| versioning(output.status, output.mfa_delete))
    }

    async fn lifecycle(&self) -> Option<Observed<Lifecycle>> {
        let unit = self.unit(Call::GetBucketLifecycleConfiguration)?;
        let request = self.client.get_bucket_lifecycle_configuration().bucket(self.name.as_str());
        let answer = self.ledger.ask(&unit, request.send()).await;
        let answer = answer.or_absent(&["NoSuchLifecycleConfiguration"], || {
            GetBucketLifecycleConfigurationOutput::builder().set_rules(Some(Vec::new())).build()
        });
        self.ledger.read(&unit, answer, |output| {
            let rules = output.rules.ok_or_else(|| Malformed::lacks("the rules"))?;
            Ok(Lifecycle { rules: rules.into_iter().map(rule).collect::<Result<_, _>>()? })
        })
    }

    async fn encryption(&self) -> Option<Observed<Encryption>> {
        let unit = self.unit(Call::GetBucketEncryption)?;
        let request = self.client.get_bucket_encryption().bucket(self.name.as_str());
        let answer = self.ledger.ask(&unit, request.send()).await;
        let none = ["ServerSideEncryptionConfigurationNotFoundError"];
        let absent = matches!(&answer, Answer::Refused(_, refusal) if refusal.is(&none));
        let answer = answer.or_absent(&none, || GetBucketEncryptionOutput::builder().build());
        self.ledger.read(&unit, answer, |output| encryption(output, absent))
    }

    async fn object_lock(&self) -> Option<Observed<ObjectLock>> {
        let unit = self.unit(Call::GetObjectLockConfiguration)?;
        let request = self.client.get_object_lock_configuration().bucket(self.name.as_str());
        let answer = self.ledger.ask(&unit, request.send()).await;
        let none = ["ObjectLockConfigurationNotFoundError"];
        let absent = matches!(&answer, Answer::Refused(_, refusal) if refusal.is(&none));
        let answer = answer.or_absent(&none, || GetObjectLockConfigurationOutput::builder().build());
        self.ledger.read(&unit, answer, |output| object_lock(output, absent))
    }

    async fn access_logging(&self) -> Option<Observed<AccessLogging>> {
        let unit = self.unit(Call::GetBucketLogging)?;
        let request = self.client.get_bucket_logging().bucket(self.name.as_str());
        let answer = self.ledger.ask(&unit, request.send()).await;
        let mut read = self.ledger.read(&unit, answer, |output| {
            let Some(enabled) = output.logging_enabled else { return Ok(AccessLogging::default()) };
            if enabled.target_bucket.is_empty() {
                return Err(Malformed::lacks("the target bucket"));
            }
            let target_prefix = Some(enabled.target_prefix).filter(|prefix| !prefix.is_empty());
            Ok(AccessLogging { target_bucket: Some(enabled.target_bucket), target_prefix, target_existence: None })
        })?;
        if let Some(target) = &read.value.target_bucket {
            read.value.target_existence = self.existence(target).await;
        }
        Some(read)
    }

    /// The target of server access logs must be in the same Region and account, so it is looked for there.
    async fn existence(&self, target: &str) -> Option<Existence> {
        if target == self.name.as_str() {
            return Some(Existence::Present);
        }
        match head(self.session, self.region, target, self.ledger).await {
            Head::Present(..) => Some(Existence::Present),
            Head::Missing(_) => Some(Existence::Missing),
            // One that the account may not see is not the account's own, or is closed to us: which, is not told.
            Head::Closed(_, _, refusal) | Head::Refused(refusal) => {
                let unit = Unit::of(Call::HeadBucket).account(self.session.account).region(self.region);
                self.ledger.not_asked(&unit.resource(target), refusal.cause, &refusal.message);
                None
            }
        }
    }
}

fn acl(grants: Option<Vec<aws_sdk_s3::types::Grant>>, owner: Option<String>) -> Result<Acl, Malformed> {
    let mut read = Vec::new();
    for grant in grants.ok_or_else(|| Malformed::lacks("the grants"))? {
        let (Some(permission), Some(grantee)) = (grant.permission, grant.grantee) else {
            return Err(Malformed::lacks("the permission or grantee of a grant"));
        };
        read.push(AclGrant {
            permission: permission.as_str().to_owned(),
            group: grantee.uri,
            canonical_id: grantee.id,
        });
    }
    Ok(Acl { grants: read, owner_canonical_id: owner })
}

/// A flag that is not given is off: see [`super::account_public_access_block`].
fn public_access_block(output: GetPublicAccessBlockOutput) -> Result<PublicAccessBlock, Malformed> {
    let read = output.public_access_block_configuration.ok_or_else(|| Malformed::lacks("the configuration"))?;
    Ok(PublicAccessBlock {
        block_public_acls: read.block_public_acls.unwrap_or(false),
        ignore_public_acls: read.ignore_public_acls.unwrap_or(false),
        block_public_policy: read.block_public_policy.unwrap_or(false),
        restrict_public_buckets: read.restrict_public_buckets.unwrap_or(false),
    })
}

fn versioning(status: Option<BucketVersioningStatus>, mfa: Option<MfaDeleteStatus>) -> Result<Versioning, Malformed> {
    let status = match status {
        None => VersioningStatus::Off,
        Some(BucketVersioningStatus::Enabled) => VersioningStatus::Enabled,
        Some(BucketVersioningStatus::Suspended) => VersioningStatus::Suspended,
        Some(other) => return Err(Malformed(format!("holds the unknown status {}", other.as_str()))),
    };
    let mfa_delete = match mfa {
        None | Some(MfaDeleteStatus::Disabled) => MfaDelete::Disabled,
        Some(MfaDeleteStatus::Enabled) => MfaDelete::Enabled,
        Some(other) => return Err(Malformed(format!("holds the unknown MFA delete status {}", other.as_str()))),
    };
    Ok(Versioning { status, mfa_delete })
}

fn encryption(output: GetBucketEncryptionOutput, absent: bool) -> Result<Encryption, Malformed> {
    if absent {
        return Ok(Encryption::default());
    }
    let configuration =
        output.server_side_encryption_configuration.ok_or_else(|| Malformed::lacks("the configuration"))?;
    let default = configuration.rules.into_iter().find_map(|rule| rule.apply_server_side_encryption_by_default);
    let default = default.ok_or_else(|| Malformed::lacks("the default"))?;
    Ok(Encryption { algorithm: Some(default.sse_algorithm.as_str().to_owned()), kms_key_id: default.kms_master_key_id })
}

fn object_lock(output: GetObjectLockConfigurationOutput, absent: bool) -> Result<ObjectLock, Malformed> {
    let mut read = ObjectLock { enabled: false, mode: None, days: None, years: None };
    if absent {
        return Ok(read);
    }
    let configuration = output.object_lock_configuration.ok_or_else(|| Malformed::lacks("the configuration"))?;
    match configuration.object_lock_enabled {
        Some(ObjectLockEnabled::Enabled) => read.enabled = true,
        _ => return Err(Malformed::lacks("ObjectLockEnabled")),
    }
    if let Some(retention) = configuration.rule.and_then(|rule| rule.default_retention) {
        read.mode = retention.mode.map(|mode| match mode {
            ObjectLockRetentionMode::Compliance => ObjectLockMode::Compliance,
            ObjectLockRetentionMode::Governance => ObjectLockMode::Governance,
            other => ObjectLockMode::Other(other.as_str().to_owned()),
        });
        (read.days, read.years) = (retention.days, retention.years);
    }
    Ok(read)
}

fn rule(given: SdkRule) -> Result<LifecycleRule, Malformed> {
    let status = match given.status {
        ExpirationStatus::Enabled | ExpirationStatus::Disabled => given.status.as_str().to_owned(),
        other => return Err(Malformed(format!("holds a rule of the unknown status {}", other.as_str()))),
    };
    #[allow(deprecated, reason = "old rules carry their prefix here, and are still in force")]
    let old_prefix = given.prefix;
    let filter = match (given.filter, old_prefix) {
        (Some(given), _) => Some(filter(given)),
        (None, Some(prefix)) => Some(LifecycleFilter { prefix: Some(prefix), ..LifecycleFilter::default() }),
        // "You must specify Filter if the rule does not contain a Prefix element": S3 API Reference, LifecycleRule.
        (None, None) => return Err(Malformed::lacks("the filter of a lifecycle rule")),
    };
    let expiration = match given.expiration {
        Some(given) => Some(Expiration {
            days: given.days,
            date: time(given.date)?,
            expired_object_delete_marker: given.expired_object_delete_marker,
        }),
        None => None,
    };
    let noncurrent_expiration = given.noncurrent_version_expiration.map(|given| NoncurrentExpiration {
        days: given.noncurrent_days,
        newer_versions_kept: given.newer_noncurrent_versions,
    });
    let mut transitions = Vec::new();
    // A list in XML has no element of its own here: without transitions there is nothing (API Reference, LifecycleRule).
    for given in given.transitions.unwrap_or_default() {
        let storage_class = given.storage_class.map(|class| class.as_str().to_owned());
        transitions.push(Transition { days: given.days, date: time(given.date)?, storage_class });
    }
    let noncurrent_transitions = given.noncurrent_version_transitions.unwrap_or_default().into_iter().map(|given| {
        let storage_class = given.storage_class.map(|class| class.as_str().to_owned());
        Transition { days: given.noncurrent_days, date: None, storage_class }
    });
    Ok(LifecycleRule {
        id: given.id,
        status,
        filter,
        expiration,
        noncurrent_expiration,
        transitions,
        noncurrent_transitions: noncurrent_transitions.collect(),
        abort_incomplete_upload_days: given
            .abort_incomplete_multipart_upload
            .and_then(|abort| abort.days_after_initiation),
    })
}

fn filter(given: LifecycleRuleFilter) -> LifecycleFilter {
    let mut read = LifecycleFilter {
        prefix: given.prefix,
        tags: Tags::new(),
        size_greater_than: given.object_size_greater_than,
        size_less_than: given.object_size_less_than,
    };
    read.tags.extend(given.tag.map(|tag| (tag.key, tag.value)));
    if let Some(and) = given.and {
        read.prefix = and.prefix.or(read.prefix);
        read.tags.extend(and.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)));
        read.size_greater_than = and.object_size_greater_than.or(read.size_greater_than);
        read.size_less_than = and.object_size_less_than.or(read.size_less_than);
    }
    read
}
