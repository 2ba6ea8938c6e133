//! EventBridge: the buses of an account, their rules, and where those send events.

use super::{Codes, Service, operation_in_target};
use crate::simulator::call::Call;
use crate::simulator::wire::page::{Page, page};
use crate::simulator::wire::{Answer, Failure, Protocol};
use crate::simulator::world::{EventBus, EventRule};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

pub(in crate::simulator) static SERVICE: Service = Service {
    name: "events",
    signing_name: "events",
    target: Some("AWSEvents"),
    protocol: Protocol::Json,
    codes: Codes::JSON,
    reads: &[
        ("DescribeEventBus", "events:DescribeEventBus"),
        ("ListEventBuses", "events:ListEventBuses"),
        ("ListRules", "events:ListRules"),
        ("ListTargetsByRule", "events:ListTargetsByRule"),
    ],
    operation: operation_in_target,
    // Source: Service Authorization Reference, "Amazon EventBridge": of these, DescribeEventBus and
    // ListTargetsByRule alone know resources.
    resource: |call| match call.operation {
        "DescribeEventBus" => {
            let named = call.parameters.text("Name").unwrap_or("default");
            let name = named.split_once(":event-bus/").map_or(named, |(_, name)| name);
            Some(arn_of(call, "event-bus", name))
        }
        "ListTargetsByRule" => {
            let rule = call.parameters.text("Rule").unwrap_or("");
            Some(arn_of(call, "rule", &rule_path(bus_name(call), rule)))
        }
        _ => None,
    },
    answer,
};

fn answer(call: &Call<'_>) -> Result<Answer, Failure> {
    match call.operation {
        "DescribeEventBus" => described(call),
        "ListEventBuses" => buses(call),
        "ListRules" => rules(call),
        _ => targets(call),
    }
}

fn arn_of(call: &Call<'_>, kind: &str, path: &str) -> String {
    format!("arn:{}:events:{}:{}:{kind}/{path}", call.index.world.partition, call.region, call.account())
}

/// What stands for a rule in its ARN.
fn rule_path(bus: &str, rule: &str) -> String {
    if bus == "default" { rule.to_owned() } else { format!("{bus}/{rule}") }
}

/// The name of the bus that is asked, whether it is named by name or by ARN: "If you omit this, the default event bus is
/// used".
fn bus_name<'a>(call: &'a Call<'_>) -> &'a str {
    let named = call.parameters.text("EventBusName").unwrap_or("default");
    named.split_once(":event-bus/").map_or(named, |(_, name)| name)
}

/// The caller's bus with a name: `default` is always there.
fn bus<'a>(call: &Call<'a>, name: &str) -> Result<Cow<'a, EventBus>, Failure> {
    let found = call.index.event_buses.at(call.account(), call.region).iter().find(|bus| bus.name() == name);
    match found {
        Some(bus) => Ok(Cow::Borrowed(bus)),
        None if name == "default" => Ok(Cow::Owned(EventBus::new(&arn_of(call, "event-bus", "default")))),
        None => Err(missing(format!("Event bus {name} does not exist."))),
    }
}

fn missing(message: String) -> Failure {
    Failure::new(400, "ResourceNotFoundException", message)
}

/// One page of a list, at most 100 long.
fn listed<'a, T>(call: &Call<'_>, items: &'a [T]) -> Result<Page<'a, T>, Failure> {
    let invalid = |message: &str| call.service.codes.validation(message);
    let size = usize::try_from(call.parameters.number("Limit").unwrap_or(100)).ok();
    let size =
        size.filter(|size| (1..=100).contains(size)).ok_or_else(|| invalid("Limit must be between 1 and 100"))?;
    page(items, call.parameters.text("NextToken"), size).ok_or_else(|| invalid("The token is invalid."))
}

fn body(name: &str, items: Vec<Value>, next: Option<String>) -> Answer {
    let mut body = json!({ name: items });
    if let Some(next) = next {
        body["NextToken"] = json!(next);
    }
    Answer::text(body.to_string())
}

fn without_nulls(value: Value) -> Value {
    let Value::Object(fields) = value else { return value };
    Value::Object(fields.into_iter().filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
}

fn starts(call: &Call<'_>, name: &str) -> bool {
    call.parameters.text("NamePrefix").is_none_or(|prefix| name.starts_with(prefix))
}

fn buses(call: &Call<'_>) -> Result<Answer, Failure> {
    let own = call.index.event_buses.at(call.account(), call.region);
    let mut all: Vec<Cow<'_, EventBus>> = vec![bus(call, "default")?];
    all.extend(own.iter().filter(|bus| bus.name() != "default").map(Cow::Borrowed));
    all.retain(|bus| starts(call, bus.name()));
    let page = listed(call, &all)?;
    let described =
        page.items.iter().map(|bus| without_nulls(json!({ "Name": bus.name(), "Arn": bus.arn, "Policy": bus.policy })));
    Ok(body("EventBuses", described.collect(), page.next))
}

/// "By default, the default event bus": of a bus without a policy, the answer has none.
fn described(call: &Call<'_>) -> Result<Answer, Failure> {
    let named = call.parameters.text("Name").unwrap_or("default");
    let bus = bus(call, named.split_once(":event-bus/").map_or(named, |(_, name)| name))?;
    let body = without_nulls(json!({ "Name": bus.name(), "Arn": bus.arn, "Policy": bus.policy }));
    Ok(Answer::text(body.to_string()))
}

fn rules(call: &Call<'_>) -> Result<Answer, Failure> {
    let bus = bus(call, bus_name(call))?;
    let mut rules: Vec<&EventRule> = bus.rules.iter().filter(|rule| starts(call, &rule.name)).collect();
    rules.sort_by(|a, b| a.name.cmp(&b.name));
    let page = listed(call, &rules)?;
    let described = page.items.iter().map(|rule| {
        without_nulls(json!({
            "Name": rule.name,
            "Arn": arn_of(call, "rule", &rule_path(bus.name(), &rule.name)),
            "EventPattern": rule.pattern,
            "ScheduleExpression": rule.pattern.is_none().then_some("rate(1 hour)"),
            "State": rule.state,
            "ManagedBy": rule.managed_by,
            "EventBusName": bus.name(),
        }))
    });
    Ok(body("Rules", described.collect(), page.next))
}

fn targets(call: &Call<'_>) -> Result<Answer, Failure> {
    let name = call.required("Rule")?;
    let bus = bus(call, bus_name(call))?;
    let rule = bus.rules.iter().find(|rule| rule.name == name);
    let rule = rule.ok_or_else(|| missing(format!("Rule {name} does not exist on EventBus {}.", bus.name())))?;
    let page = listed(call, &rule.targets)?;
    let described = page
        .items
        .iter()
        .map(|target| without_nulls(json!({ "Id": target.id, "Arn": target.arn, "RoleArn": target.role })));
    Ok(body("Targets", described.collect(), page.next))
}
