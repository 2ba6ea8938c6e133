//! The rules of event buses, and which events they tell somebody of.

use super::sender::Sender;
use super::{Ears, Heard};
use crate::derive::event_pattern::{EventPattern, delivers};
use crate::derive::matching::Matching;
use crate::derive::question::Question;
use crate::event::EventKind;
use crate::id::Arn;
use crate::snapshot::{Cause, EventBus, EventRule};

const RULES: &str = "events:ListRules";
const TARGETS: &str = "events:ListTargetsByRule";

/// What a rule of a bus sends to a target, and the bus before that one, where there is one.
#[derive(Clone, Copy)]
struct Sent<'a> {
    bus: &'a EventBus,
    rule: &'a EventRule,
    target: &'a str,
    before: Option<&'a Arn>,
}

impl<'a> Ears<'a> {
    /// Whether a rule of a bus matches every event of a kind and tells somebody, or sends it to a bus where one does.
    pub(super) fn bus(&mut self, arn: &Arn, kind: &EventKind) -> Heard {
        self.bus_after(arn, kind, None)
    }

    /// The same for a bus that the events were sent to from another one.
    fn bus_after(&mut self, arn: &Arn, kind: &EventKind, sender: Option<&Arn>) -> Heard {
        let bus: Option<&'a EventBus> = self.snapshot.event_buses.iter().find(|bus| bus.arn == *arn);
        let Some((bus, rules)) = bus.and_then(|bus| Some((bus, bus.rules.as_ref()?))) else {
            let question = Question::of(RULES).resource(arn.as_str());
            let question = arn.account().map_or(question, |owner| question.account(owner));
            return Heard::unknown(self.open.why(question), format!("the rules of {arn} could not be read"));
        };
        let ways: Vec<Heard> = rules.value.iter().filter_map(|rule| self.rule(bus, rule, kind, sender)).collect();
        Heard::any(ways, || format!("no enabled rule of the event bus {} matches", place(arn)))
    }

    /// What comes of a rule; nothing where it does not match.
    fn rule(&mut self, bus: &EventBus, rule: &EventRule, kind: &EventKind, sender: Option<&Arn>) -> Option<Heard> {
        let pattern = match rule.pattern.parse::<EventPattern>() {
            Ok(pattern) => pattern.matches_every(kind),
            Err(error) => Matching::undocumented(format!("its pattern cannot be read: {error}")),
        };
        let matching = Matching::all([delivers(&rule.state, kind.sample()), pattern]);
        if matching.known() == Some(false) {
            return None;
        }
        let arn = bus.rule_arn(&rule.name);
        let question = Question::of(TARGETS).resource(&arn);
        let question = bus.arn.account().map_or(question, |owner| question.account(owner));
        let matched = Heard::of(&matching, |why| {
            self.open.leave(question, Cause::Unsupported, &format!("whether the rule {} matches: {why}", rule.name))
        });
        let told = match &rule.targets {
            None => Heard::unknown(self.open.why(question), "its targets could not be read"),
            Some(targets) => {
                let each = |target: &String| self.target(Sent { bus, rule, target, before: sender }, kind);
                let ways: Vec<Heard> = targets.value.iter().map(each).collect();
                Heard::any(ways, || "it sends events nowhere".to_owned())
            }
        };
        let name = format!("rule {} of {}", rule.name, place(&bus.arn));
        Some(matched.and(told).map(|how| match how.starts_with("topic ") || how.starts_with("rule ") {
            true => format!("{name} → {how}"),
            false => format!("{name}: {how}"),
        }))
    }

    fn target(&mut self, sent: Sent<'_>, kind: &EventKind) -> Heard {
        let Ok(arn) = sent.bus.rule_arn(&sent.rule.name).parse::<Arn>() else {
            let why = format!("the ARN of the rule {} cannot be told", sent.rule.name);
            let question = Question::of(TARGETS).resource(sent.bus.arn.as_str());
            return Heard::unknown(self.open.leave(question, Cause::Unsupported, &why), why);
        };
        let sender = Sender::Rule { arn: &arn, role: sent.rule.roles.get(sent.target).map(String::as_str) };
        let next: Option<Arn> = sent.target.parse().ok().filter(EventBus::is_one);
        match (next, sent.before) {
            (Some(next), None) => match self.lets_in(&next, &sender) {
                Heard::No(why) => Heard::No(why),
                let_in => let_in.and(self.bus_after(&next, kind, Some(&sent.bus.arn))),
            },
            (Some(next), Some(first)) => self.third(first, &sent.bus.arn, &next),
            (None, _) => self.audience(sent.target, TARGETS, &sender),
        }
    }

    /// EventBridge does not send events on to a third account, or to a third bus of an account. Of other ways over three
    /// buses, it does not say.
    ///
    /// Source: EventBridge User Guide, "Sending and receiving events between AWS accounts".
    fn third(&mut self, first: &Arn, second: &Arn, third: &Arn) -> Heard {
        let (a, b, c) = (first.account(), second.account(), third.account());
        if (a != b && b != c) || (a == b && b == c) {
            return Heard::no(format!("EventBridge does not send events on to a third bus, {third}"));
        }
        let message = format!("whether EventBridge sends events on to a third bus, {third}, is not documented");
        Heard::unknown(
            self.open.leave(Question::of(TARGETS).resource(third.as_str()), Cause::Unsupported, &message),
            message,
        )
    }
}

pub(super) fn place(arn: &Arn) -> String {
    let account = arn.account().map(|account| account.to_string()).unwrap_or_default();
    let region = arn.region().map(|region| region.to_string()).unwrap_or_default();
    format!("{} of {account} in {region}", arn.resource().trim_start_matches("event-bus/"))
}
