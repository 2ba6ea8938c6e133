//! Which events are those of global services, that only trails with `IncludeGlobalServiceEvents` record.
//!
//! Sources: CloudTrail User Guide, "CloudTrail concepts" (global service events: IAM, CloudFront and the global endpoint
//! of STS write them, and since 22 November 2021 in the leader Region; some services' are "logged as occurring in other
//! Regions"; for most services "events are recorded in the Region where the action occurred") and "AWS Management Console
//! sign-in events" (they are global service events); Sign-In User Guide (through a Regional endpoint, a sign-in is recorded
//! in that Region).
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html>
//! <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-aws-console-sign-in-events.html>

use super::event::Event;
use crate::id::RegionName;

/// Whether an event is one of a global service, as far as the documentation says it.
pub(super) fn is_global(event: &Event, leader: Option<&RegionName>) -> Option<bool> {
    let service = event.source.as_deref()?.strip_suffix(".amazonaws.com")?;
    let at_leader = event.region.as_deref().zip(leader).map(|(region, leader)| region == leader.as_str());
    match (service, at_leader) {
        // Whether Insights events about them are global service events is not said.
        ("iam" | "cloudfront" | "signin" | "sts", _) if event.is_insight() => None,
        ("iam" | "cloudfront" | "signin", Some(true)) | ("iam" | "cloudfront", None) => Some(true),
        // A Regional endpoint, as a Region other than the leader's shows it.
        ("sts", Some(false)) => Some(false),
        ("sts" | "signin" | "iam" | "cloudfront", _) => None,
        (other, _) if MAY_BE_GLOBAL.contains(&other) => None,
        _ => Some(false),
    }
}

/// Whether a service writes its management events in the partition's leader Region alone.
pub(crate) fn is_in_leader_region_alone(source: &str) -> bool {
    matches!(source, "iam.amazonaws.com" | "cloudfront.amazonaws.com")
}

/// Services that have one endpoint for a whole partition. Whether CloudTrail takes their events as global service events
/// is said nowhere.
///
/// Source: the endpoint data that AWS publishes with its SDKs (services that are not Regionalized); and Global
/// Accelerator, Billing and Chatbot, whose API is in one Region.
const MAY_BE_GLOBAL: &[&str] = &[
    "account",
    "billing",
    "billingconductor",
    "budgets",
    "ce",
    "chatbot",
    "chime",
    "codecatalyst",
    "globalaccelerator",
    "health",
    "importexport",
    "mturk-requester",
    "networkmanager",
    "notifications-contacts",
    "organizations",
    "route53",
    "savingsplans",
    "shield",
    "support",
    "tax",
    "waf",
];
