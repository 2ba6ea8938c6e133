//! One account: its Regions, and which trails it sees in each.

use std::collections::BTreeMap;

use aws_sdk_account::types::RegionOptStatus;
use aws_sdk_cloudtrail::types::Trail as SdkTrail;
use jiff::Timestamp;

use super::call::Call;
use super::ledger::{Ledger, Malformed, Unit};
use super::session::Session;
use super::sweep::Sweep;
use crate::id::{AccountId, Arn, BucketName, Partition, RegionName, TrailArn};
use crate::snapshot::{Observed, Regions, Sighting, TrailConfiguration};

/// At most this many Regions of one account are asked at once, far below what CloudTrail allows an account.
pub(super) const REGIONS_AT_ONCE: usize = 4;

/// The Regions of an account.
pub(super) async fn regions(session: &Session, ledger: &Ledger) -> Option<Observed<Regions>> {
    let client = session.account_management(&session.first_region);
    let unit = Unit::of(Call::ListRegions).account(session.account);
    let pages = ledger
        .ask(
            &unit,
            super::page::all(
                ledger.most_pages,
                client.list_regions().max_results(50).into_paginator().send(),
                |page| page.next_token(),
            ),
        )
        .await;
    ledger.read(&unit, pages, |pages| {
        let mut read = Regions::default();
        for page in pages.whole()? {
            for region in page.regions.ok_or_else(|| Malformed::lacks("Regions"))? {
                let name: Option<RegionName> = region.region_name().and_then(|name| name.parse().ok());
                let (Some(name), Some(status)) = (name, region.region_opt_status) else {
                    return Err(Malformed::lacks("the name or status of a Region"));
                };
                match status {
                    RegionOptStatus::EnabledByDefault => read.enabled_by_default.push(name),
                    RegionOptStatus::Enabled => read.opted_in.push(name),
                    RegionOptStatus::Disabled => {}
                    RegionOptStatus::Enabling | RegionOptStatus::Disabling => read.changing.push(name),
                    other => return Err(Malformed(format!("gives {name} the unknown status {}", other.as_str()))),
                }
            }
        }
        if read.enabled_by_default.is_empty() {
            return Err(Malformed("names no Region that is enabled by default".to_owned()));
        }
        for list in [&mut read.enabled_by_default, &mut read.opted_in, &mut read.changing] {
            list.sort();
            list.dedup();
        }
        Ok(read)
    })
}

/// A trail as one account sees it in one Region.
#[derive(Debug, Clone)]
pub(super) struct Description {
    pub(super) arn: TrailArn,
    pub(super) seen_by: AccountId,
    pub(super) seen_in: RegionName,
    pub(super) configuration: Observed<TrailConfiguration>,
}

/// What an account said of the trails that it sees in each Region, or nothing.
pub(super) type Seen = Vec<(RegionName, Option<Observed<Vec<Description>>>)>;

/// Which trails an account sees in which Regions, and how it describes them.
pub(super) fn sightings(answers: Seen) -> (Vec<Sighting>, Vec<Description>) {
    let mut folded: BTreeMap<Vec<TrailArn>, (Vec<RegionName>, Timestamp)> = BTreeMap::new();
    let mut descriptions = Vec::new();
    for (region, answer) in answers {
        let Some(seen) = answer else { continue };
        let mut arns: Vec<TrailArn> = seen.value.iter().map(|description| description.arn.clone()).collect();
        arns.sort();
        let entry = folded.entry(arns).or_insert_with(|| (Vec::new(), seen.read_at));
        entry.0.push(region);
        entry.1 = entry.1.min(seen.read_at);
        descriptions.extend(seen.value);
    }
    let mut sightings: Vec<Sighting> = folded
        .into_iter()
        .map(|(trails, (mut regions, read_at))| {
            regions.sort();
            Sighting { regions, trails, read_at }
        })
        .collect();
    sightings.sort_by(|a, b| a.regions.cmp(&b.regions));
    (sightings, descriptions)
}

/// How an account describes the trails that it sees in a Region, shadows of others' among them, or those that are named.
pub(super) async fn describe(
    sweep: &Sweep,
    account: AccountId,
    region: &RegionName,
    named: Option<Vec<String>>,
    ledger: &Ledger,
) -> Option<Observed<Vec<Description>>> {
    let unit = Unit::of(Call::DescribeTrails).account(account).region(region);
    let answer = ledger.ask(&unit, sweep.describe_trails(region, named)).await;
    let mut read = ledger.read(&unit, answer, |output| {
        let listed = output.trail_list.ok_or_else(|| Malformed::lacks("trailList"))?;
        if !super::page::all_differ(listed.iter().filter_map(|trail| trail.trail_arn.as_deref())) {
            return Err(Malformed("names a trail twice".to_owned()));
        }
        listed.into_iter().map(|trail| description(trail, account, region)).collect::<Result<Vec<_>, _>>()
    })?;
    for description in &mut read.value {
        description.configuration.read_at = read.read_at;
    }
    Some(read)
}

fn description(trail: SdkTrail, seen_by: AccountId, seen_in: &RegionName) -> Result<Description, Malformed> {
    let arn: TrailArn = match trail.trail_arn.as_deref().map(str::parse) {
        Some(Ok(arn)) => arn,
        _ => return Err(Malformed::lacks("the ARN of a trail")),
    };
    if trail.s3_bucket_name.as_deref().is_none_or(|name| name.parse::<BucketName>().is_err()) {
        return Err(Malformed(format!("lacks the bucket of the trail {}", arn.name())));
    }
    let named = [&trail.kms_key_id, &trail.sns_topic_arn, &trail.cloud_watch_logs_log_group_arn];
    for text in named.into_iter().flatten().filter(|text| !text.is_empty()) {
        if text.parse::<Arn>().is_err() {
            return Err(Malformed(format!("names a key, topic or log group of the trail {} by no ARN", arn.name())));
        }
    }
    if trail.home_region.as_deref().is_some_and(|home| home != arn.home_region().as_str()) {
        return Err(Malformed(format!("gives the trail {} a home Region other than its ARN's", arn.name())));
    }
    let text = |text: Option<String>| text.filter(|text| !text.is_empty());
    let configuration = TrailConfiguration {
        s3_bucket_name: trail.s3_bucket_name,
        s3_key_prefix: text(trail.s3_key_prefix),
        sns_topic_arn: text(trail.sns_topic_arn),
        include_global_service_events: trail.include_global_service_events,
        is_multi_region_trail: trail.is_multi_region_trail,
        is_organization_trail: trail.is_organization_trail,
        log_file_validation_enabled: trail.log_file_validation_enabled,
        cloud_watch_logs_log_group_arn: text(trail.cloud_watch_logs_log_group_arn),
        cloud_watch_logs_role_arn: text(trail.cloud_watch_logs_role_arn),
        kms_key_id: text(trail.kms_key_id),
        has_custom_event_selectors: trail.has_custom_event_selectors,
        has_insight_selectors: trail.has_insight_selectors,
        recursive_logging: trail.recursive_logging,
    };
    let configuration = Observed::new(Timestamp::UNIX_EPOCH, configuration);
    Ok(Description { arn, seen_by, seen_in: seen_in.clone(), configuration })
}

/// Regions that every account of a partition has: asked where an account does not say which ones it has.
///
/// Source: AWS Account Management Reference Guide, "Specify which AWS Regions your account can use".
pub(super) fn default_regions(partition: &Partition) -> Vec<RegionName> {
    let names: &[&str] = match partition.as_str() {
        "aws" => &[
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
        ],
        "aws-cn" => &["cn-north-1", "cn-northwest-1"],
        "aws-us-gov" => &["us-gov-east-1", "us-gov-west-1"],
        _ => &[],
    };
    let known = names.iter().filter_map(|name| name.parse().ok());
    if names.is_empty() { partition.leader_region().into_iter().collect() } else { known.collect() }
}
