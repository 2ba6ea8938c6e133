//! Who hears of what is sent to an ARN.

use super::sender::Sender;
use super::{Ears, Heard};
use crate::derive::question::Question;
use crate::id::Arn;
use crate::snapshot::{AlertTopic, Cause, Existence};

impl Ears<'_> {
    /// Whether somebody hears of what is sent to an ARN: a topic that takes it, with a confirmed subscription. `operation` is
    /// the call that named the ARN.
    pub(super) fn audience(&mut self, named: &str, operation: &str, sender: &Sender<'_>) -> Heard {
        let arn: Option<Arn> = named.parse().ok();
        let Some(arn) = arn.filter(AlertTopic::is_one) else {
            let message = format!("whether {named} is there and tells anybody is not read");
            let question = Question::of(operation).resource(named);
            return Heard::unknown(self.open.leave(question, Cause::Unsupported, &message), message);
        };
        let topic = self.snapshot.alert_topics.iter().find(|topic| topic.arn == arn);
        let Some((topic, audience)) = topic.and_then(|topic| Some((topic, topic.audience.as_ref()?))) else {
            let question = Question::of("sns:ListSubscriptionsByTopic").resource(named);
            let question = arn.account().map_or(question, |owner| question.account(owner));
            return Heard::unknown(
                self.open.why(question),
                format!("who hears of the topic {named} could not be read"),
            );
        };
        let audience = &audience.value;
        if audience.existence == Existence::Missing {
            return Heard::no(format!("the topic {named} does not exist"));
        }
        match (audience.confirmed.is_empty(), audience.pending) {
            (false, _) => self.takes(topic, sender).and(self.given(topic)),
            (true, 0) => Heard::no(format!("nobody has subscribed to the topic {}", arn.resource())),
            (true, _) => Heard::no(format!("nobody has confirmed a subscription to the topic {}", arn.resource())),
        }
    }
}
