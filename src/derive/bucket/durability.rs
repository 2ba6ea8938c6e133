//! How long a log bucket keeps what is in it.

use super::settings::Settings;
use crate::derive::log_keys::LogKeys;
use crate::derive::question::Question;
use crate::derive::retention::{covers_all, expiry, lock_days};
use crate::expr::{Gaps, Known};
use crate::facts::bucket::{Lifecycle, ObjectLock, Retention, Versioning};
use crate::snapshot::{Cause, MfaDelete, ObjectLockMode, Trail, VersioningStatus};

/// Where each trail writes in the bucket, and to which folders; `unread` stands for Insight selectors that were not read.
pub(super) fn log_keys<'a>(
    trails: &[&'a Trail],
    organization: Option<&str>,
    unread: bool,
) -> Vec<(LogKeys, Vec<&'a str>)> {
    let keys = |trail: &&'a Trail| {
        let configuration = &trail.configuration.value;
        let prefix = configuration.s3_key_prefix.as_deref();
        let keys = LogKeys::new(prefix, trail.arn.account(), configuration.is_organization_trail, organization);
        let mut folders = vec!["CloudTrail/"];
        if configuration.log_file_validation_enabled != Some(false) {
            folders.push("CloudTrail-Digest/");
        }
        if trail.insight_selectors.as_ref().map_or(unread, |insights| !insights.value.types.is_empty()) {
            folders.push("CloudTrail-Insight/");
        }
        (keys, folders)
    };
    trails.iter().map(keys).collect()
}

pub(super) fn versioning(read: &crate::snapshot::Versioning) -> Versioning {
    let status = match read.status {
        VersioningStatus::Enabled => "Enabled",
        VersioningStatus::Suspended => "Suspended",
        VersioningStatus::Off => "Off",
    };
    Versioning { status: status.to_owned(), mfa_delete: read.mfa_delete == MfaDelete::Enabled }
}

pub(super) fn object_lock(read: &crate::snapshot::ObjectLock) -> ObjectLock {
    let mode = read.mode.as_ref().map(|mode| match mode {
        ObjectLockMode::Compliance => "COMPLIANCE".to_owned(),
        ObjectLockMode::Governance => "GOVERNANCE".to_owned(),
        ObjectLockMode::Other(other) => other.clone(),
    });
    ObjectLock { enabled: read.enabled, mode, retention_days: lock_days(read) }
}

fn filtered(rule: &str) -> String {
    format!("the lifecycle rule {rule} lets log files go that have its tags or sizes; whether any has, is not judged")
}

impl Settings<'_> {
    pub(super) fn lifecycle(
        &mut self,
        keys: &[Vec<(LogKeys, Vec<&str>)>; 2],
        trails: &[&Trail],
    ) -> (Known<Lifecycle>, Known<Retention>) {
        let Some(read) = &self.bucket.lifecycle else {
            let gaps = self.why("s3:GetBucketLifecycleConfiguration");
            return (Known::Gap(gaps.clone()), Known::Gap(gaps));
        };
        let covers_all_logs = match keys.each_ref().map(|keys| covers_all(&read.value, keys)) {
            [Some(true), _] => Known::Is(true),
            [_, Some(false)] => Known::Is(false),
            [with, without] if with != without => Known::Gap(self.insights_of(trails)),
            _ => Known::Gap(self.undecided("whether lifecycle rules with a filter by tag or size, or for an organization that was not listed, cover all log files is not decided")),
        };
        let lifecycle = Lifecycle { rules: i64::try_from(read.value.rules.len()).unwrap_or(i64::MAX), covers_all_logs };
        let all: Vec<LogKeys> = keys[0].iter().map(|(keys, _)| keys.clone()).collect();
        let expiry = expiry(&read.value, &all);
        let retention = if expiry.undecided.is_empty() {
            Known::Is(Retention {
                earliest_expiry_days: expiry.earliest_days,
                notes: expiry.filtered.iter().map(|rule| filtered(rule)).collect(),
            })
        } else {
            let rules = expiry.undecided.join(", ");
            Known::Gap(self.undecided(&format!(
                "whether the lifecycle rules {rules} take log files in is not decided: the organization was not listed"
            )))
        };
        (Known::Is(lifecycle), retention)
    }

    /// The gaps that hide which trails write Insights.
    pub(super) fn insights_of(&mut self, trails: &[&Trail]) -> Gaps {
        let unread = trails.iter().filter(|trail| trail.insight_selectors.is_none());
        unread.fold(Gaps::none(), |gaps, trail| {
            let question = Question::of("cloudtrail:GetInsightSelectors").account(trail.arn.account());
            gaps.union(&self.open.why(question.resource(trail.arn.as_str())))
        })
    }

    fn undecided(&mut self, message: &str) -> Gaps {
        let question = Question::of("s3:GetBucketLifecycleConfiguration").resource(self.bucket.name.as_str());
        let question = self.owner.map_or(question, |owner| question.account(owner));
        self.open.leave(question, Cause::Unsupported, message)
    }
}
