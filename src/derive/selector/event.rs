//! One event, and which clauses it satisfies.

use super::clause::{Clause, Constraint, Field};
use super::reason::{Reason, Verdict};
use super::text::{Truth, Value};

/// How CloudTrail names itself where it is who acts.
const CLOUDTRAIL: &str = "cloudtrail.amazonaws.com";

/// An event: a CloudTrail record, or as much as somebody says of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// Whether this is all that the event has: what is not here is absent from the record. Else it was not said.
    pub is_complete: bool,
    /// `Management`, `Data`, `NetworkActivity` or `Insight`.
    pub category: Option<String>,
    /// Whether it reads only.
    pub read_only: Option<bool>,
    /// Such as `s3.amazonaws.com`.
    pub source: Option<String>,
    /// Such as `PutObject`.
    pub name: Option<String>,
    /// Such as `AwsApiCall`.
    pub event_type: Option<String>,
    /// Why it was refused, such as `VpceAccessDenied`.
    pub error_code: Option<String>,
    /// The VPC endpoint that it came through.
    pub vpc_endpoint: Option<String>,
    /// Who did it.
    pub user_arn: Option<String>,
    /// The AWS service that did it, where one did, such as `cloudtrail.amazonaws.com`.
    pub invoked_by: Option<String>,
    /// The type of an Insights event, such as `ApiCallRateInsight`.
    pub insight_type: Option<String>,
    /// Whether it was done in a console session: `true`, or nothing.
    pub console_session: Option<String>,
    /// What it was done to.
    pub resources: Vec<EventResource>,
    /// The Region of the event.
    pub region: Option<String>,
    /// The account whose copy of the event this is.
    pub account: Option<String>,
}

/// A resource of an event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventResource {
    /// Such as `AWS::S3::Object`.
    pub resource_type: Option<String>,
    /// Its ARN.
    pub arn: Option<String>,
    /// The beginning of the ARNs that it stands for: `DeleteObjects` and `HeadBucket` name a bucket's objects so.
    pub arn_prefix: Option<String>,
}

impl Event {
    fn value<'a>(&'a self, field: &Field) -> Value<'a> {
        let text = match field {
            Field::Category => return said(self.category.as_deref()),
            Field::ReadOnly => return said(self.read_only.map(|read| if read { "true" } else { "false" })),
            Field::EventSource => return said(self.source.as_deref()),
            Field::EventName => return said(self.name.as_deref()),
            Field::EventType => return said(self.event_type.as_deref()),
            Field::ErrorCode => &self.error_code,
            Field::VpcEndpoint => &self.vpc_endpoint,
            Field::UserArn => &self.user_arn,
            Field::ConsoleSession => &self.console_session,
            Field::ResourceType | Field::ResourceArn | Field::Other(_) => &None,
        };
        self.of(text.as_deref())
    }

    /// Whether it is an Insights event: those are selected by type, not by event selectors.
    pub(crate) fn is_insight(&self) -> bool {
        self.category.as_deref() == Some("Insight")
    }

    /// Whether CloudTrail itself did it.
    pub(crate) fn is_by_cloudtrail(&self) -> bool {
        self.invoked_by.as_deref() == Some(CLOUDTRAIL)
    }

    fn of<'a>(&self, text: Option<&'a str>) -> Value<'a> {
        text.map_or(self.nothing(), Value::Text)
    }

    fn nothing(&self) -> Value<'static> {
        if self.is_complete { Value::Absent } else { Value::NotSaid }
    }

    fn arn<'a>(&self, resource: &'a EventResource) -> Value<'a> {
        match (&resource.arn, &resource.arn_prefix) {
            (Some(arn), _) => Value::Text(arn),
            (None, Some(prefix)) => Value::Prefix(prefix),
            (None, None) => self.nothing(),
        }
    }
}

/// A field that every event has, though a record may lack it: an older one, or one of a service that leaves it out. What a
/// selector made of the event is then not to be seen. Source: CloudTrail User Guide, "CloudTrail record contents" (Since,
/// Optional; `readOnly` is there "only when it applies").
fn said(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::NotSaid, Value::Text)
}

/// What one constraint makes of an event, and the value that decided.
type Finding<'a> = (Truth, &'a Constraint, Value<'a>);

/// Whether some clauses record an event.
pub(super) fn verdict<'a>(clauses: impl IntoIterator<Item = &'a Clause>, event: &Event) -> Verdict {
    let (mut refused, mut open) = (Vec::new(), Vec::new());
    for clause in clauses {
        let (truth, reason) = judge(clause, event);
        match truth {
            Truth::Yes => return Verdict::Recorded(vec![reason]),
            Truth::Unknown => open.push(reason),
            Truth::No => refused.push(reason),
        }
    }
    if !open.is_empty() {
        return Verdict::Unknown(open);
    }
    if refused.is_empty() {
        refused.push(Reason::of_trail("no selector selects anything"));
    }
    Verdict::NotRecorded(refused)
}

/// Whether a clause holds for an event: not, where one constraint does not; unknown, where one is unknown.
fn judge(clause: &Clause, event: &Event) -> (Truth, Reason) {
    let findings = clause.constraints.iter().map(|constraint| match constraint.field {
        Field::ResourceType | Field::ResourceArn => resource(clause, constraint, event),
        _ => {
            let value = event.value(&constraint.field);
            (constraint.holds(value), constraint, value)
        }
    });
    match findings.min_by_key(|(truth, ..)| *truth) {
        Some((truth, constraint, value)) if truth != Truth::Yes => {
            (truth, constraint.reason(clause.selector, value, truth))
        }
        _ => (Truth::Yes, Reason::of_selector(clause.selector, None, "every field holds")),
    }
}

/// Type and ARN speak of the same resource of the event.
fn resource<'a>(clause: &'a Clause, constraint: &'a Constraint, event: &'a Event) -> Finding<'a> {
    let of_type = |resource: &EventResource| {
        let types = clause.constraints.iter().filter(|other| other.field == Field::ResourceType);
        types.map(|other| other.holds(event.of(resource.resource_type.as_deref()))).min().unwrap_or(Truth::Yes)
    };
    let by_type = constraint.field == Field::ResourceType;
    let mut findings: Vec<Finding<'a>> = event
        .resources
        .iter()
        .filter(|resource| by_type || of_type(resource) != Truth::No)
        .map(|resource| {
            let value = if by_type { event.of(resource.resource_type.as_deref()) } else { event.arn(resource) };
            (documented(constraint, value), constraint, value)
        })
        .collect();
    findings.sort_by_key(|(truth, ..)| *truth);
    match (findings.first(), findings.last()) {
        (Some(least), Some(most)) if least.0 == most.0 => *least,
        (Some(_), Some(most)) if by_type || !constraint.set.deselects() => *most,
        // One of several resources is left out and another is not: what then happens is not documented.
        (Some(least), Some(_)) => (Truth::Unknown, constraint, least.2),
        // No resource of the type: the type says no. No resource at all: it says whether that is known.
        _ if !event.resources.is_empty() && !by_type => (Truth::Yes, constraint, Value::Absent),
        _ => (documented(constraint, event.nothing()), constraint, event.nothing()),
    }
}

/// A resource without an ARN cannot be told by it; what then happens is not documented.
/// Source: CloudTrail API Reference, AdvancedFieldSelector.
fn documented(constraint: &Constraint, value: Value<'_>) -> Truth {
    let without_arn = constraint.field == Field::ResourceArn && value == Value::Absent;
    if without_arn { Truth::Unknown } else { constraint.holds(value) }
}
