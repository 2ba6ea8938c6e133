//! One event bus: its rules and where they send events, from its owner in its Region.

use std::collections::BTreeMap;

use super::call::Call;
use super::ledger::{Answer, Ledger, Malformed, Unit};
use super::needs::Needs;
use super::session::Session;
use crate::id::{Arn, RegionName};
use crate::snapshot::{BusPolicy, EventBus, EventRule, Observed};

/// How EventBridge says that a bus or a rule is not there.
///
/// Source: EventBridge API Reference, ListRules and ListTargetsByRule, "Errors".
const MISSING: &str = "ResourceNotFoundException";

/// A bus of which nothing is known yet.
pub(super) fn unread(arn: Arn) -> EventBus {
    EventBus { arn, policy: None, rules: None }
}

/// The question for the rules of a bus.
pub(super) fn unit(bus: &EventBus) -> Unit<'_> {
    let unit = Unit::of(Call::ListEventRules).resource(bus.arn.as_str());
    bus.arn.account().map_or(unit, |owner| unit.account(owner))
}

/// Reads a bus with its owner's credentials: its rules, and the targets of those that may be for events of CloudTrail.
pub(super) async fn read(session: &Session, bus: &mut EventBus, region: &RegionName, needs: &Needs, ledger: &Ledger) {
    let client = session.events(region);
    let arn = bus.arn.to_string();
    let name = bus.name().to_owned();
    let unit = Unit::of(Call::ListEventRules).account(session.account).region(region).resource(&arn);
    let request = client.list_rules().event_bus_name(&name);
    let ask = async |token| request.clone().set_next_token(token).send().await;
    let pages = ledger.ask(&unit, super::page::by_token(ledger.most_pages, ask, |page| page.next_token())).await;
    if let Answer::Refused(at, refusal) = &pages
        && refusal.is(&[MISSING])
    {
        ledger.answered(&unit);
        bus.rules = Some(Observed::new(*at, Vec::new()));
        return;
    }
    bus.rules = ledger.read(&unit, pages, |pages| {
        let mut rules = Vec::new();
        for page in pages.whole()? {
            for rule in page.rules.ok_or_else(|| Malformed::lacks("Rules"))? {
                // A rule without a pattern has a schedule, and is for no event.
                let Some(pattern) = rule.event_pattern else { continue };
                let name = rule.name.ok_or_else(|| Malformed::lacks("the name of a rule"))?;
                let state = rule.state.ok_or_else(|| Malformed::lacks("the state of a rule"))?;
                rules.push(EventRule {
                    name,
                    state: state.as_str().to_owned(),
                    pattern,
                    targets: None,
                    roles: BTreeMap::new(),
                });
            }
        }
        rules.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(rules)
    });
    if !needs.asks(Call::ListEventTargets) {
        return;
    }
    let places: Vec<String> =
        bus.rules.iter().flat_map(|rules| &rules.value).map(|rule| bus.rule_arn(&rule.name)).collect();
    let rules = bus.rules.iter_mut().flat_map(|rules| &mut rules.value);
    for (rule, arn) in rules.zip(places).filter(|(rule, _)| rule.may_hear_of_cloudtrail()) {
        let unit = Unit::of(Call::ListEventTargets).account(session.account).region(region).resource(&arn);
        let request = client.list_targets_by_rule().event_bus_name(&name).rule(&rule.name);
        let ask = async |token| request.clone().set_next_token(token).send().await;
        let pages = ledger.ask(&unit, super::page::by_token(ledger.most_pages, ask, |page| page.next_token())).await;
        let mut roles = BTreeMap::new();
        rule.targets = ledger.read(&unit, pages, |pages| {
            let mut targets = Vec::new();
            for page in pages.whole()? {
                for target in page.targets.ok_or_else(|| Malformed::lacks("Targets"))? {
                    roles.extend(target.role_arn.map(|role| (target.arn.clone(), role)));
                    targets.push(target.arn);
                }
            }
            targets.sort();
            targets.dedup();
            Ok(targets)
        });
        rule.roles = roles;
    }
}

/// The question for the policy of a bus.
pub(super) fn unit_of_policy(bus: &EventBus) -> Unit<'_> {
    Unit { call: Call::DescribeEventBus, ..unit(bus) }
}

/// Reads whom a bus lets in, with its owner's credentials.
pub(super) async fn read_policy(session: &Session, bus: &mut EventBus, region: &RegionName, ledger: &Ledger) {
    let arn = bus.arn.to_string();
    let unit = Unit::of(Call::DescribeEventBus).account(session.account).region(region).resource(&arn);
    let answer = ledger.ask(&unit, session.events(region).describe_event_bus().name(bus.name()).send()).await;
    if let Answer::Refused(at, refusal) = &answer
        && refusal.is(&[MISSING])
    {
        ledger.answered(&unit);
        bus.policy = Some(Observed::new(*at, BusPolicy { document: None }));
        return;
    }
    bus.policy = ledger.read(&unit, answer, |output| {
        if output.arn.as_deref() != Some(arn.as_str()) {
            return Err(Malformed::lacks("the ARN of the bus"));
        }
        // EventBridge API Reference, DescribeEventBus: the policy is there where the bus has one.
        Ok(BusPolicy { document: output.policy.filter(|text| !text.trim().is_empty()) })
    });
}
