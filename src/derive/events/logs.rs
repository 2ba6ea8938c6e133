//! Which buckets hold logs, so that leaving out the events of their objects is no hole.

use std::collections::BTreeSet;

use super::OBJECTS;
use crate::derive::coverage::{Coverage, Covered, State};
use crate::derive::question::{OpenQuestions, Question};
use crate::derive::selector::{EventClass, Selectors};
use crate::expr::{Gaps, Known};
use crate::snapshot::{BasicEventSelector, Bucket, DataResource, Snapshot};

/// The buckets for logs and access logs that some trail's selectors name, as selectors of all their objects: leaving such a
/// bucket out keeps a trail from recording deliveries, and hides nobody's work.
pub(super) struct Logs {
    partition: String,
    /// Those that are known to be such; none where there are none.
    known: Option<Selectors>,
    /// Those that may be such as well, for where the access logs of some bucket go was not read.
    possible: Option<Selectors>,
    /// Why that is not known.
    unread: Gaps,
}

impl Logs {
    pub(super) fn of(snapshot: &Snapshot, coverage: &Coverage, open: &mut OpenQuestions) -> Self {
        let start = format!("arn:{}:s3:::", snapshot.caller.partition);
        let named = coverage.named_arns().filter_map(|arn| Some(arn.strip_prefix(start.as_str())?.split_once('/')?.0));
        let named: BTreeSet<&str> = named.collect();
        let delivered = snapshot.trails.iter().filter_map(|trail| trail.configuration.value.s3_bucket_name.as_deref());
        let accessed = snapshot.buckets.iter().filter_map(|bucket| bucket.access_logging.as_ref());
        let accessed = accessed.filter_map(|logging| logging.value.target_bucket.as_deref());
        let logs: BTreeSet<&str> = delivered.chain(accessed).collect();
        let known: BTreeSet<&str> = named.intersection(&logs).copied().collect();
        let mut unread = Gaps::none();
        if known != named {
            let unasked = |bucket: &&Bucket| bucket.access_logging.is_none() && !bucket.is_missing();
            for bucket in snapshot.buckets.iter().filter(unasked) {
                unread = unread.union(&open.why(Question::of("s3:GetBucketLogging").resource(bucket.name.as_str())));
            }
        }
        let possible = if unread.is_empty() { None } else { objects_of(&start, &named) };
        Self { partition: snapshot.caller.partition.to_string(), known: objects_of(&start, &known), possible, unread }
    }

    pub(super) fn partition(&self) -> &str {
        &self.partition
    }

    /// What is recorded of the events of a class of objects in other buckets; a gap where it is not known whether a bucket
    /// that is left out is one for logs.
    pub(super) fn beside(&self, coverage: &Coverage, class: &EventClass, covered: &Covered) -> Known<Covered> {
        let without = |buckets: &Option<Selectors>| match buckets {
            Some(buckets) => coverage.beside(class, buckets, covered),
            None => covered.clone(),
        };
        let known = without(&self.known);
        if known.state == State::Part && without(&self.possible).state == State::All {
            return Known::Gap(self.unread.clone());
        }
        Known::Is(known)
    }
}

/// Selectors of all objects of some buckets.
fn objects_of(start: &str, buckets: &BTreeSet<&str>) -> Option<Selectors> {
    let objects = BasicEventSelector {
        read_write_type: Some("All".to_owned()),
        include_management_events: Some(false),
        exclude_management_event_sources: Vec::new(),
        data_resources: vec![DataResource {
            resource_type: Some(OBJECTS.to_owned()),
            values: buckets.iter().map(|bucket| format!("{start}{bucket}/")).collect(),
        }],
    };
    (!buckets.is_empty()).then(|| Selectors::new(Some(&[objects]), None))
}
