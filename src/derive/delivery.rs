//! Whether a trail delivers: what its status says at home, and in its other Regions where that was asked.
//!
//! Source: CloudTrail API Reference, GetTrailStatus: it "returns trail status from a single Region. To return trail status
//! from all Regions, you must call the operation on each Region."

use jiff::{SignedDuration, Timestamp};

use super::question::{OpenQuestions, Question};
use crate::expr::{Age, Gaps, Known, Listed};
use crate::facts::trail::{Regional, Status};
use crate::id::RegionName;
use crate::snapshot::{Cause, Observed, Snapshot, Trail, TrailStatus};

const STATUS: &str = "cloudtrail:GetTrailStatus";

/// The status of a trail in its home Region.
pub(super) fn status(open: &mut OpenQuestions, trail: &Trail, read: &Observed<TrailStatus>) -> Status {
    let status = &read.value;
    Status {
        is_logging: match status.is_logging {
            Some(is_logging) => Known::Is(is_logging),
            None => Known::Gap(open.leave(question(trail), Cause::MalformedAnswer, "the answer lacks IsLogging")),
        },
        latest_delivery_error: status.latest_delivery_error.clone(),
        seconds_since_delivery: age(read, status.latest_delivery_time),
        latest_digest_delivery_error: status.latest_digest_delivery_error.clone(),
        seconds_since_digest_delivery: age(read, status.latest_digest_delivery_time),
        latest_cloudwatch_logs_delivery_error: status.latest_cloud_watch_logs_delivery_error.clone(),
        seconds_since_cloudwatch_logs_delivery: age(read, status.latest_cloud_watch_logs_delivery_time),
        latest_notification_error: status.latest_notification_error.clone(),
        seconds_since_start: age(read, status.start_logging_time),
        seconds_since_stop: age(read, status.stop_logging_time),
    }
}

fn question(trail: &Trail) -> Question<'_> {
    Question::of(STATUS).account(trail.arn.account()).resource(trail.arn.as_str())
}

/// Seconds from a time to when the status was read.
fn age(read: &Observed<TrailStatus>, time: Option<Timestamp>) -> Option<Age> {
    time.map(|time| Age(read.read_at.duration_since(time).as_secs()))
}

/// The statuses of a trail that were read, home first.
fn statuses(trail: &Trail) -> impl Iterator<Item = (&RegionName, &Observed<TrailStatus>)> {
    trail.status.iter().map(|status| (trail.arn.home_region(), status)).chain(&trail.regional_status)
}

/// The errors that statuses have, each with its Regions.
pub(super) fn errors(trail: &Trail, error: impl Fn(&TrailStatus) -> Option<&str>) -> Vec<String> {
    let found = statuses(trail).filter_map(|(region, status)| Some((region, error(&status.value)?.to_owned())));
    folded(found)
}

/// The Regions in which no log file arrived within an hour before the status was read, with how long ago the last one did.
pub(super) fn late(trail: &Trail) -> Vec<String> {
    let hour = SignedDuration::from_hours(1).as_secs();
    let ages = statuses(trail).map(|(region, status)| (region, age(status, status.value.latest_delivery_time)));
    let late = ages.filter(|(_, age)| age.is_none_or(|age| age.0 > hour));
    folded(late.map(|(region, age)| (region, last(age))))
}

/// What is so in several Regions, said once: `eu-west-1, eu-west-2, eu-west-3 and 14 more: AccessDenied`.
fn folded<'a>(found: impl Iterator<Item = (&'a RegionName, String)>) -> Vec<String> {
    const NAMED: usize = 3;
    let mut by_text: Vec<(String, Vec<&RegionName>)> = Vec::new();
    for (region, text) in found {
        match by_text.iter_mut().find(|(known, _)| *known == text) {
            Some((_, regions)) => regions.push(region),
            None => by_text.push((text, vec![region])),
        }
    }
    let said = |(text, regions): (String, Vec<&RegionName>)| {
        let named: Vec<&str> = regions.iter().take(NAMED).map(|region| region.as_str()).collect();
        match regions.len().saturating_sub(NAMED) {
            0 => format!("{}: {text}", named.join(", ")),
            more => format!("{} and {more} more: {text}", named.join(", ")),
        }
    };
    by_text.into_iter().map(said).collect()
}

fn last(age: Option<Age>) -> String {
    age.map_or_else(|| "never delivered".to_owned(), |age| format!("last delivery {} before", age.roughly()))
}

/// What the status says in the Regions beside the home, where that was asked of a trail that logs in several.
pub(super) fn other_regions(open: &mut OpenQuestions, snapshot: &Snapshot, trail: &Trail) -> Option<Listed<Regional>> {
    let is_multi_region = trail.configuration.value.is_multi_region_trail;
    let stopped = trail.status.as_ref().is_some_and(|status| status.value.is_logging == Some(false));
    if !snapshot.selection.deep || is_multi_region == Some(false) || stopped {
        return None;
    }
    let mut listed = Listed::complete(Vec::new());
    if is_multi_region.is_none() {
        let question =
            Question::of("cloudtrail:DescribeTrails").account(trail.described_by).resource(trail.arn.as_str());
        listed.unread = open.leave(question, Cause::MalformedAnswer, "the answer lacks IsMultiRegionTrail");
        return Some(listed);
    }
    let Some(_) = &trail.status else {
        listed.unread = open.why(question(trail));
        return Some(listed);
    };
    let owner = snapshot.account(trail.arn.account());
    if let Some(owner) = owner.filter(|owner| owner.regions.is_none()) {
        listed.unread = open.why(Question::of("account:ListRegions").account(owner.id));
    }
    for region in trail.other_regions(&snapshot.accounts, &snapshot.selection.regions) {
        match trail.regional_status.get(&region) {
            Some(status) => listed.found.push(regional(open, trail, region, status)),
            None => listed.unread = listed.unread.union(&open.why(question(trail).region(&region))),
        }
    }
    Some(listed)
}

fn regional(open: &mut OpenQuestions, trail: &Trail, region: RegionName, read: &Observed<TrailStatus>) -> Regional {
    let status = &read.value;
    let mut name = format!("{region}: {}", last(age(read, status.latest_delivery_time)));
    if let Some(age) = age(read, status.latest_digest_delivery_time) {
        name.push_str(&format!(", digest {} before", age.roughly()));
    }
    if let Some(error) = &status.latest_delivery_error {
        name.push_str(&format!(", error {error}"));
    }
    Regional {
        name,
        latest_delivery_error: status.latest_delivery_error.clone(),
        seconds_since_delivery: age(read, status.latest_delivery_time),
        is_quiet: match is_quiet(trail, read) {
            Some(is_quiet) => Known::Is(is_quiet),
            None => Known::Gap(undecided(open, trail, &region)),
        },
        latest_cloudwatch_logs_delivery_error: status.latest_cloud_watch_logs_delivery_error.clone(),
        latest_notification_error: status.latest_notification_error.clone(),
        region,
    }
}

/// Whether a Region has nothing to deliver, and could: a digest of the last six hours says so. None where no digest can.
///
/// Source: CloudTrail User Guide, "CloudTrail digest file structure", "Empty digest files": a digest file is delivered even
/// when there has been no API activity in the hour that it represents.
fn is_quiet(trail: &Trail, read: &Observed<TrailStatus>) -> Option<bool> {
    let status = &read.value;
    if status.latest_delivery_error.is_some() || status.latest_digest_delivery_error.is_some() {
        return Some(false);
    }
    let six_hours = SignedDuration::from_hours(6).as_secs();
    match age(read, status.latest_digest_delivery_time) {
        Some(age) if age.0 <= six_hours => Some(true),
        _ if trail.configuration.value.log_file_validation_enabled == Some(true) => Some(false),
        _ => None,
    }
}

fn undecided(open: &mut OpenQuestions, trail: &Trail, region: &RegionName) -> Gaps {
    let message = "whether nothing happened in this Region or nothing arrives from it is not known: without log file \
                   validation there are no digests, which would tell";
    open.leave(question(trail).region(region), Cause::Unsupported, message)
}
