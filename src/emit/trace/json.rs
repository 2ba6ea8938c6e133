//! What becomes of events as JSON, schema `trailproof.trace/1`.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::super::json::{JsonGap, gap};
use crate::derive::selector::{EventResource, Reason};
use crate::derive::trace::{Outcome, Traced, TracedEvent, Traces};
use crate::expr::Gaps;

/// The schema of the traces that this version writes.
pub const TRACE_SCHEMA: &str = "trailproof.trace/1";

/// What becomes of events, as it is written. Every key is always there, null where there is nothing.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JsonTraces<'a> {
    /// Always [`TRACE_SCHEMA`].
    schema: &'static str,
    tool: Tool,
    snapshot: Snapshot<'a>,
    /// The worst of the events: `not-recorded`, then `unknown`, then `recorded`.
    outcome: &'static str,
    recorded: usize,
    not_recorded: usize,
    unknown: usize,
    events: Vec<JsonEvent<'a>>,
}

/// The tool that answered.
#[derive(Debug, Serialize, JsonSchema)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

/// The snapshot whose trails were asked.
#[derive(Debug, Serialize, JsonSchema)]
struct Snapshot<'a> {
    sha256: &'a str,
    taken_at: String,
    partition: String,
    organization: Option<&'a str>,
}

/// An event and what becomes of it.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonEvent<'a> {
    id: Option<&'a str>,
    time: Option<&'a str>,
    source: Option<&'a str>,
    name: Option<&'a str>,
    category: Option<&'a str>,
    read_only: Option<bool>,
    account: Option<&'a str>,
    region: Option<&'a str>,
    resources: Vec<JsonResource<'a>>,
    /// `recorded`, `not-recorded` or `unknown`.
    outcome: &'static str,
    /// The trails that may be of the account.
    trails: Vec<JsonTraced<'a>>,
    /// How many trails beside these there are: of other accounts, and no organization trails.
    other_trails: usize,
    /// What hides trails that might record it.
    unseen: Vec<JsonGap<'a>>,
}

/// What an event is done to.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonResource<'a> {
    r#type: Option<&'a str>,
    arn: Option<&'a str>,
    arn_prefix: Option<&'a str>,
}

/// What one trail makes of an event.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonTraced<'a> {
    trail: &'a str,
    name: &'a str,
    account: String,
    home_region: &'a str,
    is_organization: Option<bool>,
    outcome: &'static str,
    reasons: Vec<JsonReason<'a>>,
    /// What was not read, and leaves it unknown.
    gaps: Vec<JsonGap<'a>>,
    /// Why the latest delivery of the trail failed, where it did.
    delivery_error: Option<&'a str>,
}

/// A reason, with the selector and the field that it rests on.
#[derive(Debug, Serialize, JsonSchema)]
struct JsonReason<'a> {
    /// The number of the selector, the first being 1.
    selector: Option<usize>,
    selector_name: Option<&'a str>,
    field: Option<&'a str>,
    text: &'a str,
}

/// Writes what becomes of events as JSON.
///
/// # Errors
/// Where the writer fails.
pub fn write_trace_json(traces: &Traces<'_>, snapshot_sha256: &str, writer: &mut dyn Write) -> io::Result<()> {
    let snapshot = traces.snapshot;
    let document = JsonTraces {
        schema: TRACE_SCHEMA,
        tool: Tool { name: "trailproof", version: env!("CARGO_PKG_VERSION") },
        snapshot: Snapshot {
            sha256: snapshot_sha256,
            taken_at: snapshot.taken_at.to_string(),
            partition: snapshot.caller.partition.to_string(),
            organization: snapshot.organization.as_ref().map(|organization| organization.id.as_str()),
        },
        outcome: traces.outcome().as_str(),
        recorded: traces.count(Outcome::Recorded),
        not_recorded: traces.count(Outcome::NotRecorded),
        unknown: traces.count(Outcome::Unknown),
        events: traces.events.iter().map(|event| json_event(traces, event)).collect(),
    };
    serde_json::to_writer_pretty(&mut *writer, &document)?;
    writer.write_all(b"\n")
}

fn json_event<'a>(traces: &'a Traces<'_>, traced: &'a TracedEvent) -> JsonEvent<'a> {
    let event = &traced.event;
    JsonEvent {
        id: traced.id.as_deref(),
        time: traced.time.as_deref(),
        source: event.source.as_deref(),
        name: event.name.as_deref(),
        category: event.category.as_deref(),
        read_only: event.read_only,
        account: event.account.as_deref(),
        region: event.region.as_deref(),
        resources: event.resources.iter().map(resource).collect(),
        outcome: traced.trace.outcome.as_str(),
        trails: traced.trace.trails.iter().map(|trail| json_traced(traces, trail)).collect(),
        other_trails: traced.trace.foreign,
        unseen: gaps(traces, &traced.trace.unseen),
    }
}

fn resource(resource: &EventResource) -> JsonResource<'_> {
    JsonResource {
        r#type: resource.resource_type.as_deref(),
        arn: resource.arn.as_deref(),
        arn_prefix: resource.arn_prefix.as_deref(),
    }
}

fn json_traced<'a>(traces: &'a Traces<'_>, trail: &'a Traced) -> JsonTraced<'a> {
    let reason = |reason: &'a Reason| JsonReason {
        selector: reason.selector,
        selector_name: reason.selector.and_then(|number| traces.selector_name(&trail.arn, number)),
        field: reason.field.as_deref(),
        text: &reason.text,
    };
    JsonTraced {
        trail: trail.arn.as_str(),
        name: trail.arn.name(),
        account: trail.arn.account().to_string(),
        home_region: trail.arn.home_region().as_str(),
        is_organization: traces.is_organization(&trail.arn),
        outcome: trail.outcome().as_str(),
        reasons: trail.verdict.reasons().iter().map(reason).collect(),
        gaps: gaps(traces, &trail.gaps),
        delivery_error: traces.delivery_error(&trail.arn),
    }
}

fn gaps<'a>(traces: &'a Traces<'_>, gaps: &Gaps) -> Vec<JsonGap<'a>> {
    traces.gaps(gaps).into_iter().map(gap).collect()
}
