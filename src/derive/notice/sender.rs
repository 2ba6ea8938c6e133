//! What sends to topics and buses, and what is known of its requests.

use crate::derive::policy_document::{
    Answer, Context, Doubt, Pattern, PolicyDocument, Principal, PrincipalCall, Value,
};
use crate::id::Arn;

/// What sends.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sender<'a> {
    /// A rule of EventBridge, in EventBridge's own name or by a role.
    Rule {
        /// The rule's ARN.
        arn: &'a Arn,
        /// The role's ARN.
        role: Option<&'a str>,
    },
    /// An alarm of CloudWatch.
    Alarm {
        /// The alarm's ARN.
        arn: &'a Arn,
    },
}

impl Sender<'_> {
    /// Its ARN.
    pub(super) fn arn(&self) -> &Arn {
        match self {
            Self::Rule { arn, .. } | Self::Alarm { arn } => arn,
        }
    }

    /// The service in whose name it sends.
    pub(super) fn service(&self) -> &'static str {
        match self {
            Self::Rule { .. } => "events.amazonaws.com",
            Self::Alarm { .. } => "cloudwatch.amazonaws.com",
        }
    }

    /// Whether a policy lets the service do something for it; it must, whatever is open about the request.
    pub(super) fn is_let(&self, document: &PolicyDocument, action: &'static str, on: &Pattern) -> Answer {
        let answers: Vec<Answer> = self
            .contexts()
            .into_iter()
            .map(|context| {
                let principal = Principal::service(self.service());
                PrincipalCall { principal, action, on, context }.answer(document, &format!(" for {}", self.arn()))
            })
            .collect();
        every(answers)
    }

    /// What may be known of a request: every possibility.
    ///
    /// Sources: CloudWatch alarms say for which alarm and account ("Example cases for Amazon SNS access control", and the
    /// policy that SNS makes a topic with, which is enough for alarms of the topic's account in the CloudWatch User Guide,
    /// "Setting up Amazon SNS notifications"). Of rules, the EventBridge User Guide says that `Condition` cannot be used in
    /// the policy of a topic, and the SNS Developer Guide the same of keys: that they say for which rule is not to be relied
    /// on, and that they do not is no proof either. `aws:SourceOwner` is not theirs: the policy that SNS makes a topic
    /// with must be added to for EventBridge ("Using resource-based policies for Amazon EventBridge").
    fn contexts(&self) -> Vec<Context> {
        let service = Context::service(self.service())
            .is("aws:SecureTransport", "true")
            .with("aws:SourceVpc", Value::Absent)
            .with("aws:SourceVpce", Value::Absent);
        let arn = self.arn();
        let account = arn.account().map(|account| account.to_string()).unwrap_or_default();
        let named = service.clone().is("aws:SourceArn", arn.as_str()).is("aws:SourceAccount", &account);
        match self {
            Self::Alarm { .. } => vec![named.is("aws:SourceOwner", &account)],
            Self::Rule { .. } => {
                let unnamed = ["aws:SourceArn", "aws:SourceAccount", "aws:SourceOrgID", "aws:SourceOrgPaths"]
                    .into_iter()
                    .fold(service, |context, key| context.with(key, Value::Absent));
                [named, unnamed].map(|context| context.with("aws:SourceOwner", Value::Absent)).into()
            }
        }
    }
}

/// The answer, where it is the same whichever possibility holds.
fn every(answers: Vec<Answer>) -> Answer {
    let mut first: Option<Answer> = None;
    let mut doubts: Vec<Doubt> = Vec::new();
    let (mut yes, mut no) = (false, false);
    for answer in answers {
        match &answer {
            Answer::Yes(_) => yes = true,
            Answer::No(_) => no = true,
            Answer::Unknown(more) => doubts.extend(more.iter().cloned()),
        }
        first.get_or_insert(answer);
    }
    if doubts.is_empty() && yes && no {
        let text = "its conditions name the rule or its account, and AWS does not say that EventBridge does";
        doubts.push(Doubt::Undecided(crate::derive::policy_document::Reason::whole(text)));
    }
    match first {
        Some(answer) if doubts.is_empty() => answer,
        _ => Answer::Unknown(doubts),
    }
}
