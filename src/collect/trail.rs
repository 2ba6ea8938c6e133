//! One trail: its configuration from the best witness, the rest from its owner at home.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_cloudtrail::operation::get_event_selectors::GetEventSelectorsOutput;
use aws_sdk_cloudtrail::operation::get_insight_selectors::GetInsightSelectorsOutput;
use aws_sdk_cloudtrail::operation::get_trail_status::GetTrailStatusOutput;
use aws_sdk_cloudtrail::operation::list_tags::ListTagsOutput;
use aws_smithy_types::DateTime;
use futures_util::stream::{self, StreamExt};
use jiff::Timestamp;

use super::account::{Description, REGIONS_AT_ONCE};
use super::call::Call;
use super::ledger::{Ledger, Malformed, Unit};
use super::needs::Needs;
use super::session::Session;
use crate::id::{RegionName, TrailArn};
use crate::snapshot::{
    AdvancedEventSelector, BasicEventSelector, Cause, DataResource, EventSelectors, FieldSelector, InsightSelectors,
    Observed, Tags, Trail, TrailStatus, witness,
};

/// The trails that were seen, each once, as the best witness so far describes it: the owner at home, else the owner
/// elsewhere, else the first account and Region that see it. Every account sees an organization trail in every Region:
/// only the best description is kept.
#[derive(Debug, Default)]
pub(super) struct Witnessed(BTreeMap<TrailArn, Description>);

impl Witnessed {
    /// Takes a description, where there is no better one.
    pub(super) fn hear(&mut self, description: Description) {
        match self.0.get(&description.arn) {
            Some(other) if rank(other) <= rank(&description) => {}
            _ => drop(self.0.insert(description.arn.clone(), description)),
        }
    }

    /// Whether anybody described a trail.
    pub(super) fn knows(&self, arn: &TrailArn) -> bool {
        self.0.contains_key(arn)
    }

    /// The trails, with what their descriptions say.
    pub(super) fn into_trails(self) -> Vec<Trail> {
        let trail = |description: Description| Trail {
            arn: description.arn,
            configuration: description.configuration,
            described_by: description.seen_by,
            described_in: description.seen_in,
            status: None,
            regional_status: BTreeMap::new(),
            event_selectors: None,
            insight_selectors: None,
            tags: None,
        };
        self.0.into_values().map(trail).collect()
    }
}

fn rank(description: &Description) -> impl Ord + '_ {
    witness(&description.arn, description.seen_by, &description.seen_in)
}

/// The questions about one trail.
pub(super) const CALLS: [Call; 4] =
    [Call::GetTrailStatus, Call::GetEventSelectors, Call::GetInsightSelectors, Call::ListTrailTags];

/// Reads what only the owner, or the organization's delegated administrator, can say of a trail: always by ARN and at
/// the home Region, the one way on which all sources agree.
pub(super) async fn read(session: &Session, trail: &mut Trail, needs: &Needs, ledger: &Ledger) {
    let home = trail.arn.home_region().clone();
    let client = session.cloudtrail(&home);
    let arn = trail.arn.clone();
    let unit = |call| Unit::of(call).account(session.account).region(&home).resource(arn.as_str());

    let asked = unit(Call::GetTrailStatus);
    let answer = ledger.ask(&asked, client.get_trail_status().name(arn.as_str()).send()).await;
    trail.status = ledger.read(&asked, answer, status);

    let asked = unit(Call::GetEventSelectors);
    let answer = ledger.ask(&asked, client.get_event_selectors().trail_name(arn.as_str()).send()).await;
    trail.event_selectors = ledger.read(&asked, answer, event_selectors);

    trail.insight_selectors = match trail.configuration.value.has_insight_selectors {
        _ if !needs.asks(Call::GetInsightSelectors) => None,
        Some(false) => Some(Observed::new(trail.configuration.read_at, InsightSelectors::default())),
        _ => {
            let asked = unit(Call::GetInsightSelectors);
            let answer = ledger.ask(&asked, client.get_insight_selectors().trail_name(arn.as_str()).send()).await;
            // The exception is how CloudTrail says that Insights are off (API Reference, GetInsightSelectors).
            let answer = answer.or_absent(&["InsightNotEnabledException"], no_insights);
            ledger.read(&asked, answer, insight_selectors)
        }
    };
    if needs.asks(Call::ListTrailTags) {
        trail.tags = tags(session, &client, trail, ledger).await;
    }
}

/// Reads the status of a multi-Region trail in its other Regions, by its ARN: "to get the status of a shadow trail you
/// must specify its ARN" (CloudTrail API Reference, GetTrailStatus).
pub(super) async fn read_elsewhere(
    session: &Session,
    trail: &mut Trail,
    regions: BTreeSet<RegionName>,
    ledger: &Ledger,
) {
    let arn = trail.arn.clone();
    let arn = arn.as_str();
    let answers: Vec<(RegionName, Option<Observed<TrailStatus>>)> = stream::iter(regions)
        .map(|region| async move {
            let client = session.cloudtrail(&region);
            let unit = Unit::of(Call::GetRegionalTrailStatus).account(session.account).region(&region).resource(arn);
            let answer = ledger.ask(&unit, client.get_trail_status().name(arn).send()).await;
            let read = ledger.read(&unit, answer, status);
            (region, read)
        })
        .buffered(REGIONS_AT_ONCE)
        .collect()
        .await;
    trail.regional_status = answers.into_iter().filter_map(|(region, status)| Some((region, status?))).collect();
}

/// Tags are the owner's alone: others get `CloudTrailARNInvalidException`.
async fn tags(
    session: &Session,
    client: &aws_sdk_cloudtrail::Client,
    trail: &Trail,
    ledger: &Ledger,
) -> Option<Observed<Tags>> {
    let home = trail.arn.home_region();
    let asked = Unit::of(Call::ListTrailTags).account(session.account).region(home).resource(trail.arn.as_str());
    if session.account != trail.arn.account() {
        ledger.not_asked(&asked, Cause::NotFoundElsewhere, "only the trail's owner can list its tags");
        return None;
    }
    let request = client.list_tags().resource_id_list(trail.arn.as_str()).into_paginator();
    let pages = ledger.ask(&asked, super::page::all(ledger.most_pages, request.send(), |page| page.next_token())).await;
    ledger.read(&asked, pages, |pages| own_tags(trail, pages.whole()?))
}

/// The tags of the trail that was asked about. CloudTrail answers with a row for each resource asked about, and a list
/// of tags in it; neither is documented to be left out where there are no tags (API Reference, ListTags, ResourceTag).
/// A tag's value may be absent (API Reference, Tag).
fn own_tags(trail: &Trail, pages: Vec<ListTagsOutput>) -> Result<Tags, Malformed> {
    let mut own = None;
    for page in pages {
        for resource in page.resource_tag_list.ok_or_else(|| Malformed::lacks("ResourceTagList"))? {
            if resource.resource_id.as_deref() != Some(trail.arn.as_str()) {
                return Err(Malformed("is about another resource".to_owned()));
            }
            let listed = resource.tags_list.ok_or_else(|| Malformed::lacks("TagsList"))?;
            let tags = own.get_or_insert_with(Tags::new);
            tags.extend(listed.into_iter().map(|tag| (tag.key, tag.value.unwrap_or_default())));
        }
    }
    own.ok_or_else(|| Malformed::lacks("the trail's row in ResourceTagList"))
}

/// A time of the SDK as ours.
pub(super) fn time(given: Option<DateTime>) -> Result<Option<Timestamp>, Malformed> {
    let Some(given) = given else { return Ok(None) };
    let nanoseconds = i32::try_from(given.subsec_nanos()).unwrap_or(0);
    match Timestamp::new(given.secs(), nanoseconds) {
        Ok(read) => Ok(Some(read)),
        Err(_) => Err(Malformed("holds a time that is none".to_owned())),
    }
}

fn status(output: GetTrailStatusOutput) -> Result<TrailStatus, Malformed> {
    if output.is_logging.is_none() {
        return Err(Malformed::lacks("IsLogging"));
    }
    let error = |text: Option<String>| text.filter(|text| !text.is_empty());
    Ok(TrailStatus {
        is_logging: output.is_logging,
        latest_delivery_error: error(output.latest_delivery_error),
        latest_delivery_time: time(output.latest_delivery_time)?,
        latest_notification_error: error(output.latest_notification_error),
        latest_notification_time: time(output.latest_notification_time)?,
        latest_cloud_watch_logs_delivery_error: error(output.latest_cloud_watch_logs_delivery_error),
        latest_cloud_watch_logs_delivery_time: time(output.latest_cloud_watch_logs_delivery_time)?,
        latest_digest_delivery_error: error(output.latest_digest_delivery_error),
        latest_digest_delivery_time: time(output.latest_digest_delivery_time)?,
        start_logging_time: time(output.start_logging_time)?,
        stop_logging_time: time(output.stop_logging_time)?,
    })
}

fn event_selectors(output: GetEventSelectorsOutput) -> Result<EventSelectors, Malformed> {
    let basic = output.event_selectors.unwrap_or_default();
    let advanced = output.advanced_event_selectors.unwrap_or_default();
    match (basic.is_empty(), advanced.is_empty()) {
        (true, true) => Err(Malformed("holds no selector of either kind".to_owned())),
        (false, false) => Err(Malformed("holds selectors of both kinds".to_owned())),
        (false, true) => Ok(EventSelectors::Basic(basic.into_iter().map(basic_selector).collect())),
        (true, false) => {
            let read = advanced.into_iter().map(advanced_selector).collect::<Result<Vec<_>, _>>()?;
            Ok(EventSelectors::Advanced(read))
        }
    }
}

fn basic_selector(given: aws_sdk_cloudtrail::types::EventSelector) -> BasicEventSelector {
    let resource = |given: aws_sdk_cloudtrail::types::DataResource| DataResource {
        resource_type: given.r#type,
        values: given.values.unwrap_or_default(),
    };
    // Absent and empty is the same (API Reference, EventSelector): by default no source is excluded, and no data recorded.
    BasicEventSelector {
        read_write_type: given.read_write_type.map(|kind| kind.as_str().to_owned()),
        include_management_events: given.include_management_events,
        exclude_management_event_sources: given.exclude_management_event_sources.unwrap_or_default(),
        data_resources: given.data_resources.unwrap_or_default().into_iter().map(resource).collect(),
    }
}

/// An advanced selector of a trail or an event data store, as it was given.
pub(super) fn advanced_selector(
    given: aws_sdk_cloudtrail::types::AdvancedEventSelector,
) -> Result<AdvancedEventSelector, Malformed> {
    if given.field_selectors.is_empty() || given.field_selectors.iter().any(|field| field.field.is_empty()) {
        return Err(Malformed("holds an advanced selector without fields".to_owned()));
    }
    // Each operator may be left out (API Reference, AdvancedFieldSelector); one without any selects nothing that is documented.
    let field = |given: aws_sdk_cloudtrail::types::AdvancedFieldSelector| FieldSelector {
        field: given.field,
        equals: given.equals.unwrap_or_default(),
        starts_with: given.starts_with.unwrap_or_default(),
        ends_with: given.ends_with.unwrap_or_default(),
        not_equals: given.not_equals.unwrap_or_default(),
        not_starts_with: given.not_starts_with.unwrap_or_default(),
        not_ends_with: given.not_ends_with.unwrap_or_default(),
    };
    let field_selectors: Vec<FieldSelector> = given.field_selectors.into_iter().map(field).collect();
    if field_selectors.iter().any(|field| field.operators().all(<[String]>::is_empty)) {
        return Err(Malformed("holds a field selector without an operator".to_owned()));
    }
    Ok(AdvancedEventSelector { name: given.name, field_selectors })
}

fn no_insights() -> GetInsightSelectorsOutput {
    GetInsightSelectorsOutput::builder().set_insight_selectors(Some(Vec::new())).build()
}

fn insight_selectors(output: GetInsightSelectorsOutput) -> Result<InsightSelectors, Malformed> {
    let mut read = InsightSelectors::default();
    for selector in output.insight_selectors.ok_or_else(|| Malformed::lacks("InsightSelectors"))? {
        let kind = selector.insight_type.ok_or_else(|| Malformed::lacks("an insight type"))?;
        // It need not be there (API Reference, InsightSelector): which events are meant then is for those who judge.
        let categories = selector.event_categories.unwrap_or_default();
        let categories = categories.iter().map(|category| category.as_str().to_owned()).collect();
        read.types.insert(kind.as_str().to_owned(), categories);
    }
    Ok(read)
}
