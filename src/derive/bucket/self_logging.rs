//! Which trails record what CloudTrail puts into their bucket for them.
//!
//! Sources: CloudTrail API Reference, Trail (`RecursiveLogging`: whether the trail records events that CloudTrail generates
//! when it delivers to the trail's destinations, true by default) and CloudTrail User Guide, "Logging data events" (a log
//! file that is delivered makes a data event, where the trail's own bucket is selected). The owner of a bucket receives the
//! data events of its objects, in the bucket's Region.
//! <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Trail.html>

use crate::derive::coverage::Reaching;
use crate::derive::log_keys::LogKeys;
use crate::derive::question::{OpenQuestions, Question};
use crate::derive::selector::{Answer, EventClass, Recorder};
use crate::derive::subject::Derivation;
use crate::expr::{Gaps, Known, Listed};
use crate::id::AccountId;
use crate::snapshot::{Bucket, Cause, Trail};

pub(super) fn trails(
    derivation: &mut Derivation<'_>,
    bucket: &Bucket,
    owner: Option<AccountId>,
    trails: &[&Trail],
) -> Listed<String> {
    let mut listed = Listed::complete(Vec::new());
    for trail in trails {
        match records_itself(derivation, bucket, owner, trail) {
            Known::Is(true) => listed.found.push(trail.arn.to_string()),
            Known::Is(false) => {}
            Known::Gap(gaps) => listed.unread = listed.unread.union(&gaps),
        }
    }
    listed
}

/// Whether a trail records its own deliveries: it logs, it does not leave them out, it selects them, and it reaches the
/// place where they are made.
fn records_itself(
    derivation: &mut Derivation<'_>,
    bucket: &Bucket,
    owner: Option<AccountId>,
    trail: &Trail,
) -> Known<bool> {
    let recorder = Recorder::of(trail);
    if recorder.is_logging == Some(false) || recorder.records_own_deliveries == Some(false) {
        return Known::Is(false);
    }
    let selected = selects_itself(derivation, bucket, trail, &recorder);
    if selected == Known::Is(false) {
        return selected;
    }
    let there = is_there(derivation, bucket, owner, &recorder, trail);
    if there == Known::Is(false) {
        return there;
    }
    let status = match recorder.is_logging {
        Some(_) => Known::Is(true),
        None => Known::Gap(derivation.open.why(of_trail("cloudtrail:GetTrailStatus", trail))),
    };
    let unread = [selected, there, status].into_iter().filter_map(|known| match known {
        Known::Is(_) => None,
        Known::Gap(gaps) => Some(gaps),
    });
    let unread = unread.fold(Gaps::none(), |all, gaps| all.union(&gaps));
    if unread.is_empty() { Known::Is(true) } else { Known::Gap(unread) }
}

/// Whether its selectors take what CloudTrail puts beneath its keys, or a part of it.
fn selects_itself(derivation: &mut Derivation<'_>, bucket: &Bucket, trail: &Trail, recorder: &Recorder) -> Known<bool> {
    let question = of_trail("cloudtrail:GetEventSelectors", trail);
    let Some(selectors) = &recorder.selectors else { return Known::Gap(derivation.open.why(question)) };
    let configuration = &trail.configuration.value;
    let organization = derivation.snapshot.organization.as_ref().map(|listed| listed.id.as_str());
    let prefix = configuration.s3_key_prefix.as_deref();
    let keys = LogKeys::new(prefix, trail.arn.account(), configuration.is_organization_trail, organization);
    let (beginning, is_own) = keys.beginning();
    let partition = derivation.snapshot.caller.partition.as_str();
    let class = EventClass::deliveries(partition, &format!("arn:{partition}:s3:::{}/{beginning}", bucket.name));
    let doubt = match selectors.cover(&class) {
        Answer::All => return Known::Is(true),
        Answer::Part(_) if is_own => return Known::Is(true),
        Answer::None => return Known::Is(false),
        Answer::Part(_) => "which of the keys beneath AWSLogs/ are this trail's is not known".to_owned(),
        Answer::Unknown(why) => why,
    };
    Known::Gap(derivation.open.leave(question, Cause::Unsupported, &doubt))
}

/// Whether the trail is there where the bucket's owner receives the events of its objects.
fn is_there(
    derivation: &mut Derivation<'_>,
    bucket: &Bucket,
    owner: Option<AccountId>,
    recorder: &Recorder,
    trail: &Trail,
) -> Known<bool> {
    let Derivation { open, coverage, .. } = derivation;
    let of_bucket = |operation| Question::of(operation).resource(bucket.name.as_str());
    let Some(owner) = owner else { return Known::Gap(open.why(of_bucket("s3:GetBucketAcl"))) };
    if owner != recorder.owner && recorder.is_organization == Some(false) {
        return Known::Is(false);
    }
    let Some(region) = &bucket.region else {
        return Known::Gap(open.why(of_bucket("s3:HeadBucket").account(owner)));
    };
    if recorder.is_multi_region == Some(false) && *region != recorder.home_region {
        return Known::Is(false);
    }
    let Reaching { trails, unseen } = coverage.reaching(owner, Some(region), open);
    match (trails.contains(&trail.arn), recorder.is_multi_region) {
        (true, _) => Known::Is(true),
        (false, None) => Known::Gap(multi_region_unread(open, trail)),
        (false, _) if unseen.is_empty() => Known::Is(false),
        (false, _) => Known::Gap(unseen),
    }
}

fn multi_region_unread(open: &mut OpenQuestions, trail: &Trail) -> Gaps {
    let question = of_trail("cloudtrail:DescribeTrails", trail);
    open.leave(question, Cause::MalformedAnswer, "the answer lacks IsMultiRegionTrail")
}

fn of_trail<'a>(operation: &'a str, trail: &'a Trail) -> Question<'a> {
    Question::of(operation).account(trail.arn.account()).resource(trail.arn.as_str())
}
