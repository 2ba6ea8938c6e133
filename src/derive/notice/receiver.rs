//! Whether a bus takes what a rule of another bus sends to it.

use super::bus::place;
use super::sender::Sender;
use super::{Ears, Heard};
use crate::derive::policy_document::{
    Answer, Context, Kind, Pattern, PolicyDocument, Principal, PrincipalCall, Reason,
};
use crate::derive::question::Question;
use crate::id::Arn;
use crate::snapshot::Cause;

const POLICY: &str = "events:DescribeEventBus";
const PUT: &str = "events:PutEvents";

impl Ears<'_> {
    /// Whether the policy of a bus lets a rule send events to it.
    ///
    /// Sources: EventBridge User Guide, "Permissions for event buses": a bus takes events of its own account alone, unless its
    /// policy lets others in, which may name the account, and the rule by `aws:SourceArn`; "Sending and receiving events
    /// between AWS accounts". A sender that is let in as one of an organization needs a role (EventBridge API Reference,
    /// PutPermission), and what a role may do is not read.
    pub(super) fn lets_in(&mut self, next: &Arn, sender: &Sender<'_>) -> Heard {
        let bus = self.snapshot.event_buses.iter().find(|bus| bus.arn == *next);
        let asked = Question::of(POLICY).resource(next.as_str());
        let asked = next.account().map_or(asked, |owner| asked.account(owner));
        let name = place(next);
        let Some(policy) = bus.and_then(|bus| bus.policy.as_ref()) else {
            return Heard::unknown(
                self.open.why(asked),
                format!("the policy of the event bus {name} could not be read"),
            );
        };
        let role = match sender {
            Sender::Rule { role, .. } => *role,
            Sender::Alarm { .. } => None,
        };
        let answer = match policy.value.document.as_deref().map(PolicyDocument::read) {
            Some(Ok(document)) => is_let(&document, next, sender.arn(), role),
            Some(Err(why)) => Answer::undecided(Reason::whole(format!("it cannot be read: {why}"))),
            None => Answer::No(vec![Reason::whole("it has none")]),
        };
        let because = answer.because().join(" and ");
        let own = sender.arn().account() == next.account();
        let doubt = match (answer, role) {
            // Its own account's rules may be let in by their roles.
            (Answer::No(_), None) if own => {
                format!(
                    "whether events of its own account come to the event bus {name} without a role and a policy is not documented"
                )
            }
            (Answer::No(_), _) if !own => {
                let account = sender.arn().account().map(|account| account.to_string()).unwrap_or_default();
                return Heard::no(format!(
                    "the policy of the event bus {name} does not let {account} send events: {because}"
                ));
            }
            (_, Some(role)) => format!("whether the role {role} may send events to the event bus {name} is not read"),
            (Answer::Yes(_), None) => return Heard::Yes(Vec::new()),
            (_, None) => format!("whether the policy of the event bus {name} lets the rule send events: {because}"),
        };
        Heard::unknown(self.open.leave(asked, Cause::Unsupported, &doubt), doubt)
    }
}

/// Whether the policy of a bus lets the account of a rule, or the role by which it sends, put events.
fn is_let(document: &PolicyDocument, bus: &Arn, rule: &Arn, role: Option<&str>) -> Answer {
    let account = rule.account().map(|account| account.to_string()).unwrap_or_default();
    let context = Context::default()
        .is("aws:SecureTransport", "true")
        .is("aws:PrincipalAccount", &account)
        .is("aws:SourceArn", rule.as_str())
        .is("aws:SourceAccount", &account);
    let principal = Principal::Named(Kind::Aws, role.map_or(account, str::to_owned));
    let on = Pattern::exact(bus.as_str());
    PrincipalCall { principal, action: PUT, on: &on, context }.answer(document, "")
}
