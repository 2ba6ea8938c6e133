//! The faults.

use trailproof::collect::CallDeclaration;
use trailproof::simulator::{Effect, Weather};

/// Something that goes wrong with a call.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    effect: Effect,
    /// It passes after so many requests at each place.
    passes_after: Option<u64>,
    /// The causes that a gap it leaves may have; none, where it must leave none.
    pub(crate) causes: &'static [&'static str],
    /// Whether answers under it say something else than they would: they may be read, and must prove nothing.
    pub(crate) misleads: bool,
}

impl Fault {
    const fn new(name: &'static str, effect: Effect, causes: &'static [&'static str]) -> Self {
        Self { name, effect, passes_after: None, causes, misleads: false }
    }

    /// The weather of the fault, on one call in one account.
    pub(crate) fn weather(&self, call: &CallDeclaration, account: &str) -> Weather {
        let (service, operation) = named(call);
        let weather = Weather::new(self.effect.clone()).on(service, operation).in_account(account);
        match self.passes_after {
            Some(count) => weather.first(count).each_place(),
            None => weather,
        }
    }
}

/// Service and operation of a call.
pub(crate) fn named(call: &CallDeclaration) -> (&'static str, &'static str) {
    call.operation.split_once(':').unwrap()
}

/// In the words of IAM User Guide, "Access denied error message examples".
fn denied(by: &str) -> Effect {
    Effect::Deny(format!(
        "User: arn:aws:sts::1:assumed-role/audit/x is not authorized to perform: x on resource: y {by}"
    ))
}

fn refused(status: u16, code: &str, message: &str) -> Effect {
    Effect::Refuse { status, code: code.to_owned(), message: message.to_owned() }
}

/// Larger than what the runs of these tests take for an answer.
pub(crate) const HUGE: usize = 3 << 18;

/// More pages than the frayed organization has of anything.
pub(crate) const MOST_PAGES: usize = 25;

/// All faults, in the order of the page.
pub(crate) fn faults() -> Vec<Fault> {
    let gone = &["unreachable"];
    vec![
        Fault::new(
            "denied by an identity policy",
            denied("because no identity-based policy allows the x action"),
            &["identity-policy"],
        ),
        Fault::new(
            "denied by a service control policy",
            denied("with an explicit deny in a service control policy"),
            &["scp"],
        ),
        Fault::new(
            "denied by a resource control policy",
            denied("with an explicit deny in a resource control policy"),
            &["resource-policy"],
        ),
        Fault::new(
            "denied by a resource's policy",
            denied("because no resource-based policy allows the x action"),
            &["resource-policy"],
        ),
        Fault::new(
            "denied by a permissions boundary",
            denied("because no permissions boundary allows the x action"),
            &["permission-boundary"],
        ),
        Fault::new(
            "denied by a session policy",
            denied("because no session policy allows the x action"),
            &["session-policy"],
        ),
        Fault::new("denied without a reason", denied(""), &["unclassified", "role-missing"]),
        Fault::new("throttled for ever", Effect::Throttle, &["throttled"]),
        Fault { passes_after: Some(3), ..Fault::new("throttled three times", Effect::Throttle, &[]) },
        Fault::new("status 500", Effect::Status(500), gone),
        Fault::new("status 503", Effect::Status(503), gone),
        Fault::new("connection refused", Effect::ConnectionRefused, gone),
        Fault::new("reset before the answer", Effect::ResetBeforeAnswer, gone),
        Fault::new("reset in the answer", Effect::ResetInBody, &["unreachable", "malformed-answer"]),
        Fault::new("never answers", Effect::NeverAnswers, &["timeout"]),
        Fault { misleads: true, ..Fault::new("half an answer", Effect::HalfAnswer, &["malformed-answer"]) },
        Fault::new("another content type", Effect::ContentType("text/html".to_owned()), &["malformed-answer"]),
        Fault::new("neither JSON nor XML", Effect::MalformedBody, &["malformed-answer"]),
        Fault::new(
            "a page of HTML",
            Effect::RawBody("<html><body>Sign in</body></html>".to_owned()),
            &["malformed-answer"],
        ),
        Fault {
            misleads: true,
            ..Fault::new("an empty body", Effect::EmptyBody, &["malformed-answer", "unclassified"])
        },
        Fault::new("a huge body", Effect::HugeBody(HUGE), &["malformed-answer", "unreachable"]),
        Fault {
            misleads: true,
            ..Fault::new(
                "redirected in a circle",
                Effect::RedirectLoop("eu-west-1".to_owned(), "eu-west-2".to_owned()),
                &["not-found-elsewhere"],
            )
        },
        Fault::new("page tokens in a circle", Effect::LoopingToken, &["malformed-answer"]),
        Fault::new("always another page", Effect::EndlessTokens, &["malformed-answer"]),
        Fault { misleads: true, ..Fault::new("unknown words", Effect::UnknownWords, &["malformed-answer"]) },
        Fault::new(
            "credentials expired",
            refused(400, "ExpiredTokenException", "The security token included in the request is expired"),
            &["expired-token"],
        ),
        Fault::new(
            "clocks differ",
            refused(
                403,
                "RequestTimeTooSkewed",
                "The difference between the request time and the server's time is too large.",
            ),
            &["clock-skew"],
        ),
        Fault::new("an error never heard of", refused(418, "NeverHeardOf", "no"), &["unclassified"]),
    ]
}
