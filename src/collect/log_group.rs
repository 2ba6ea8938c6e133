//! One log group: whether it is there, what it keeps, and its filters, from its owner in its Region.

use aws_sdk_cloudwatchlogs::types;

use super::call::Call;
use super::ledger::{Answer, Ledger, Malformed, Unit};
use super::needs::Needs;
use super::session::Session;
use crate::id::{Arn, RegionName};
use crate::snapshot::{
    Cause, Existence, LogGroup, LogGroupDescription, MetricFilter, MetricTransformation, SubscriptionFilter,
};

const CALLS: [Call; 3] = [Call::DescribeLogGroups, Call::DescribeMetricFilters, Call::DescribeSubscriptionFilters];

/// How CloudWatch Logs says that a log group is not there.
///
/// Source: CloudWatch Logs API Reference, DescribeMetricFilters and DescribeSubscriptionFilters, "Errors".
const MISSING: &str = "ResourceNotFoundException";

/// A log group of which nothing is known yet.
pub(super) fn unread(arn: Arn) -> LogGroup {
    LogGroup { arn, description: None, metric_filters: None, subscription_filters: None }
}

/// Whether anything is to be asked about log groups.
pub(super) fn is_needed(needs: &Needs) -> bool {
    CALLS.into_iter().any(|call| needs.asks(call))
}

/// Leaves a gap for everything that the owner could have said of a log group.
pub(super) fn leave_unread(group: &LogGroup, cause: &Cause, message: &str, needs: &Needs, ledger: &Ledger) {
    for call in CALLS.into_iter().filter(|call| needs.asks(*call)) {
        let unit = Unit::of(call).resource(group.arn.as_str());
        let unit = group.arn.account().map_or(unit, |owner| unit.account(owner));
        ledger.not_asked(&unit, cause.clone(), message);
    }
}

/// Reads a log group with its owner's credentials.
pub(super) async fn read(session: &Session, group: &mut LogGroup, region: &RegionName, needs: &Needs, ledger: &Ledger) {
    let arn = group.arn.to_string();
    let Some(name) = log_group_name(&arn) else {
        // An empty prefix would list every log group, and none of them would be this one.
        let message = "the trail names its log group by an ARN of something else";
        return leave_unread(group, &Cause::MalformedAnswer, message, needs, ledger);
    };
    let one = One { session, client: session.logs(region), arn: &arn, name, region, ledger };
    if needs.asks(Call::DescribeLogGroups) {
        one.describe(group).await;
    }
    if needs.asks(Call::DescribeMetricFilters) {
        one.metric_filters(group).await;
    }
    if needs.asks(Call::DescribeSubscriptionFilters) {
        one.subscription_filters(group).await;
    }
}

struct One<'a> {
    session: &'a Session,
    client: aws_sdk_cloudwatchlogs::Client,
    arn: &'a str,
    name: &'a str,
    region: &'a RegionName,
    ledger: &'a Ledger,
}

impl One<'_> {
    fn unit(&self, call: Call) -> Unit<'_> {
        Unit::of(call).account(self.session.account).region(self.region).resource(self.arn)
    }

    /// Whether it exists, and how long it keeps events.
    async fn describe(&self, group: &mut LogGroup) {
        let unit = self.unit(Call::DescribeLogGroups);
        let request = self.client.describe_log_groups().log_group_name_prefix(self.name).into_paginator();
        let pages = self
            .ledger
            .ask(&unit, super::page::all(self.ledger.most_pages, request.send(), |page| page.next_token()))
            .await;
        group.description = self.ledger.read(&unit, pages, |pages| {
            for page in pages.whole()? {
                for listed in page.log_groups.ok_or_else(|| Malformed::lacks("logGroups"))? {
                    let listed_name =
                        listed.log_group_name.ok_or_else(|| Malformed::lacks("the name of a log group"))?;
                    if listed_name == self.name {
                        return Ok(LogGroupDescription {
                            existence: Existence::Present,
                            retention_in_days: listed.retention_in_days,
                            kms_key_id: listed.kms_key_id,
                            class: listed.log_group_class.map(|class| class.as_str().to_owned()),
                        });
                    }
                }
            }
            Ok(LogGroupDescription {
                existence: Existence::Missing,
                retention_in_days: None,
                kms_key_id: None,
                class: None,
            })
        });
    }

    async fn metric_filters(&self, group: &mut LogGroup) {
        let unit = self.unit(Call::DescribeMetricFilters);
        let request = self.client.describe_metric_filters().log_group_name(self.name).into_paginator();
        let pages = self
            .ledger
            .ask(&unit, super::page::all(self.ledger.most_pages, request.send(), |page| page.next_token()))
            .await;
        group.metric_filters = match missing(&pages) {
            Some(none) => self.ledger.read(&unit, none, |()| Ok(Vec::new())),
            None => self.ledger.read(&unit, pages, |pages| {
                let mut filters = Vec::new();
                for page in pages.whole()? {
                    for filter in page.metric_filters.ok_or_else(|| Malformed::lacks("metricFilters"))? {
                        filters.push(metric_filter(filter)?);
                    }
                }
                filters.sort_by(|a, b| a.name.cmp(&b.name));
                Ok(filters)
            }),
        };
    }

    async fn subscription_filters(&self, group: &mut LogGroup) {
        let unit = self.unit(Call::DescribeSubscriptionFilters);
        let request = self.client.describe_subscription_filters().log_group_name(self.name).into_paginator();
        let pages = self
            .ledger
            .ask(&unit, super::page::all(self.ledger.most_pages, request.send(), |page| page.next_token()))
            .await;
        group.subscription_filters = match missing(&pages) {
            Some(none) => self.ledger.read(&unit, none, |()| Ok(Vec::new())),
            None => self.ledger.read(&unit, pages, |pages| {
                let mut filters = Vec::new();
                for page in pages.whole()? {
                    for filter in page.subscription_filters.ok_or_else(|| Malformed::lacks("subscriptionFilters"))? {
                        filters.push(subscription_filter(filter)?);
                    }
                }
                filters.sort_by(|a, b| a.name.cmp(&b.name));
                Ok(filters)
            }),
        };
    }
}

/// The answer that the log group is not there, and so has no filters, where it is that.
fn missing<T>(answer: &Answer<T>) -> Option<Answer<()>> {
    match answer {
        Answer::Refused(at, refusal) if refusal.is(&[MISSING]) => Some(Answer::Read(*at, ())),
        _ => None,
    }
}

fn metric_filter(filter: types::MetricFilter) -> Result<MetricFilter, Malformed> {
    // Dimensions may be left out, of a transformation and of a filter (API Reference, MetricTransformation, MetricFilter).
    let transformation = |given: types::MetricTransformation| {
        let mut dimensions: Vec<String> = given.dimensions.unwrap_or_default().into_keys().collect();
        dimensions.sort();
        MetricTransformation {
            namespace: given.metric_namespace,
            metric: given.metric_name,
            value: given.metric_value,
            dimensions,
        }
    };
    let given = filter.metric_transformations.ok_or_else(|| Malformed::lacks("the metric of a filter"))?;
    let mut transformations: Vec<MetricTransformation> = given.into_iter().map(transformation).collect();
    for field in filter.emit_system_field_dimensions.unwrap_or_default() {
        transformations.iter_mut().for_each(|transformation| transformation.dimensions.push(field.clone()));
    }
    Ok(MetricFilter {
        name: filter.filter_name.ok_or_else(|| Malformed::lacks("the name of a metric filter"))?,
        pattern: filter.filter_pattern.ok_or_else(|| Malformed::lacks("the pattern of a metric filter"))?,
        transformations,
        on_transformed_logs: filter.apply_on_transformed_logs,
        field_selection: filter.field_selection_criteria.filter(|text| !text.trim().is_empty()),
    })
}

fn subscription_filter(filter: types::SubscriptionFilter) -> Result<SubscriptionFilter, Malformed> {
    let destination = filter.destination_arn.ok_or_else(|| Malformed::lacks("the destination of a filter"))?;
    Ok(SubscriptionFilter {
        name: filter.filter_name.ok_or_else(|| Malformed::lacks("the name of a subscription filter"))?,
        pattern: filter.filter_pattern.ok_or_else(|| Malformed::lacks("the pattern of a subscription filter"))?,
        destination,
    })
}

/// Whether an ARN is a log group's.
pub(super) fn is_one(arn: &str) -> bool {
    log_group_name(arn).is_some()
}

/// The name in a log group's ARN.
fn log_group_name(arn: &str) -> Option<&str> {
    let (kind, name) = arn.splitn(6, ':').nth(5)?.split_once(':')?;
    let name = name.trim_end_matches(":*");
    (kind == "log-group" && !name.is_empty()).then_some(name)
}
