//! Whether an event is one of what CloudTrail does to deliver a trail.
//!
//! Source: CloudTrail API Reference, Trail (`RecursiveLogging`: whether a trail records events that CloudTrail generates
//! when it delivers to the trail's destinations). CloudTrail puts log files and digests into the bucket, and the record
//! of that names CloudTrail as who asked.

use crate::derive::log_keys::{LogKeys, Reach};
use crate::derive::selector::Event;
use crate::id::TrailArn;
use crate::snapshot::Snapshot;

/// Where each trail delivers.
#[derive(Debug)]
pub(super) struct Deliveries<'a>(Vec<(&'a TrailArn, Option<&'a str>, LogKeys)>);

impl<'a> Deliveries<'a> {
    pub(super) fn of(snapshot: &'a Snapshot) -> Self {
        let organization = snapshot.organization.as_ref().map(|organization| organization.id.as_str());
        let deliveries = snapshot.trails.iter().map(|trail| {
            let configuration = &trail.configuration.value;
            let prefix = configuration.s3_key_prefix.as_deref();
            let keys = LogKeys::new(prefix, trail.arn.account(), configuration.is_organization_trail, organization);
            (&trail.arn, configuration.s3_bucket_name.as_deref(), keys)
        });
        Self(deliveries.collect())
    }

    /// Whether CloudTrail delivered this trail by what the event says; nothing where that is not to be seen. An event
    /// that CloudTrail did not make is no delivery, and is not asked for.
    pub(super) fn is_own(&self, trail: &TrailArn, event: &Event) -> Option<bool> {
        let (bucket, key) = object_put_by_cloudtrail(event)?;
        let goes_there = |to: &Option<&str>, keys: &LogKeys| match to {
            Some(to) if *to == bucket => match keys.reach_of(key) {
                Reach::Some => Some(true),
                Reach::None => Some(false),
                Reach::All | Reach::Undecided => None,
            },
            Some(_) => Some(false),
            None => None,
        };
        let own = self.0.iter().find(|(arn, ..)| *arn == trail).and_then(|(_, to, keys)| goes_there(to, keys));
        // Trails of one account with one prefix write beneath the same keys.
        let is_shared = self.0.iter().any(|(arn, to, keys)| *arn != trail && goes_there(to, keys) != Some(false));
        own.filter(|is_own| !is_own || !is_shared)
    }
}

/// The bucket and key of an object that CloudTrail wrote.
fn object_put_by_cloudtrail(event: &Event) -> Option<(&str, &str)> {
    if !event.is_by_cloudtrail() || event.name.as_deref() != Some("PutObject") {
        return None;
    }
    let object = event.resources.iter().find(|one| one.resource_type.as_deref() == Some("AWS::S3::Object"))?;
    object.arn.as_deref()?.splitn(6, ':').nth(5)?.split_once('/')
}
